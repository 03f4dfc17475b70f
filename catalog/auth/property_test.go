package auth_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// bazaar is a platform that punishes: a refresh revokes the access token it
// replaces, a refresh token that comes twice revokes everything.
type bazaar struct {
	auth.Policy

	mu      sync.Mutex
	rand    *rand.Rand
	calm    bool
	n       int
	alive   map[string]string // access tokens by the refresh token they came with
	used    map[string]bool
	reused  []string
	lost    int
	refused int
}

func (b *bazaar) RefreshPolicy() auth.Policy { return b.Policy }

// grant gives a new pair, as an install does. Other pairs stay alive.
func (b *bazaar) grant() catalog.Credential {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.issue()
}

func (b *bazaar) issue() catalog.Credential {
	b.n++
	c := pair(fmt.Sprint(b.n), time.Duration(1+b.rand.IntN(8))*time.Minute)
	b.alive[c.RefreshToken.Reveal()] = c.AccessToken.Reveal()
	return c
}

func (b *bazaar) works(c catalog.Credential) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.alive[c.RefreshToken.Reveal()] == c.AccessToken.Reveal() && !c.Expired(time.Now(), 0)
}

func (b *bazaar) chance(percent int) bool { return !b.calm && b.rand.IntN(100) < percent }

func (b *bazaar) RefreshCredential(ctx context.Context, _ catalog.Account, used catalog.Credential) (catalog.Credential, error) {
	token := used.RefreshToken.Reveal()
	b.mu.Lock()
	wait, unsent, slow := time.Duration(b.rand.IntN(3000))*time.Millisecond, b.chance(10), b.chance(5)
	b.mu.Unlock()
	time.Sleep(wait)
	if unsent {
		return catalog.Credential{}, unavailable()
	}
	b.mu.Lock()
	if token == "" || b.used[token] || b.alive[token] == "" {
		b.reused = append(b.reused, token)
		clear(b.alive)
		b.mu.Unlock()
		return catalog.Credential{}, refused()
	}
	b.used[token] = true
	delete(b.alive, token)
	fresh, loses, kind := b.issue(), b.chance(8), b.rand.IntN(4)
	if slow || loses {
		b.lost++
	}
	b.mu.Unlock()
	switch {
	case slow:
		<-ctx.Done()
		return catalog.Credential{}, ctx.Err()
	case loses && kind == 0:
		return catalog.Credential{}, &catalog.Error{Kind: catalog.ErrBadAnswer}
	case loses && kind == 1:
		panic(token)
	case loses:
		return catalog.Credential{}, lostAnswer()
	}
	return fresh, nil
}

// history knows when each credential was in the store.
type history struct {
	store
	mu    sync.Mutex
	order map[string]int // by access token: which it was to be stored
}

func (h *history) CompareAndSwap(ctx context.Context, account string, version int64, next catalog.Credential) (int64, error) {
	got, err := h.store.CompareAndSwap(ctx, account, version, next)
	h.note()
	return got, err
}

func (h *history) note() {
	h.mu.Lock()
	defer h.mu.Unlock()
	stored, err := h.MemoryCredentials.Load(context.Background(), id)
	if token := stored.Credential.AccessToken.Reveal(); err == nil && h.order[token] == 0 {
		h.order[token] = len(h.order) + 1
	}
}

func (h *history) place(c catalog.Credential) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.order[c.AccessToken.Reveal()]
}

// Three processes, twenty calls each at random times, with everything failing
// at random: no refresh token comes twice, nothing unstored is handed out, no
// source goes back to what was replaced, and in the end, once a merchant who
// must connect again has done so, all have the credential that works.
func TestRandomInterleavings(t *testing.T) {
	t.Parallel()
	var lost, refused, refreshed, reconnects int
	for seed := range uint64(400) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inTimeAlone(t, func(t *testing.T) {
				b, again := interleave(t, seed)
				lost, refreshed = lost+b.lost, refreshed+len(b.used)
				if again {
					reconnects++
				}
				refused += b.refused
			})
		})
	}
	if lost == 0 || refreshed < 400 || refused == 0 || reconnects == 0 {
		t.Errorf("%d refreshes, %d of them lost, %d refusals, %d reconnects: the test reaches too little", refreshed, lost, refused, reconnects)
	}
}

func interleave(t *testing.T, seed uint64) (b *bazaar, reconnected bool) {
	random := rand.New(rand.NewPCG(seed, 1))
	b = &bazaar{Policy: auth.Policy{SingleUse: true, Ahead: time.Duration(random.IntN(5)) * time.Minute}, rand: rand.New(rand.NewPCG(seed, 2)),
		alive: make(map[string]string), used: make(map[string]bool)}
	h := &history{order: make(map[string]int)}
	h.store.put(t, b.grant())
	h.note()
	faults, faulty := rand.New(rand.NewPCG(seed, 3)), int(seed%4)*8
	h.with(func(op string, _ int) fault {
		switch n := faults.IntN(100); {
		case n >= faulty:
			return works
		case n == 0:
			return panics
		case n == 1:
			return hangs
		case n%3 == 0 && op != "Load":
			return loses
		}
		return fails
	})
	var all sync.WaitGroup
	var sources []*auth.Source
	for process := range 3 {
		source := auth.NewSource(account, h, b)
		sources = append(sources, source)
		for caller := range 4 {
			mine := rand.New(rand.NewPCG(seed, uint64(100+10*process+caller)))
			all.Go(func() {
				for range 5 {
					time.Sleep(time.Duration(mine.IntN(240)) * time.Second)
					call(t, b, h, source, mine)
				}
			})
		}
	}
	if after := time.Duration(random.IntN(1200)) * time.Second; seed%5 == 0 { // the merchant installs again
		all.Go(func() {
			time.Sleep(after)
			h.store.put(t, b.grant())
			h.note()
		})
	}
	all.Wait()

	h.with(nil) // calm: everything works from here on
	b.mu.Lock()
	b.calm = true
	b.mu.Unlock()
	time.Sleep(time.Hour)
	var err error
	for range 2 { // the second time round each knows what the others found
		for _, source := range sources {
			err = settle(t, b, source)
		}
	}
	if errors.Is(err, catalog.ErrReauthorize) {
		reconnected = true
		if b.lost == 0 {
			t.Errorf("no answer was lost, and the merchant must connect again: %v", err)
		}
		h.store.put(t, b.grant())
	} else if err != nil {
		t.Errorf("in the end: %v", err)
	}
	for i, source := range append(sources, auth.NewSource(account, h, b)) {
		if err := settle(t, b, source); err != nil {
			t.Errorf("source %d in the end: %v", i, err)
		}
	}
	time.Sleep(time.Minute) // a refresh ahead of time may be under way
	if h.record(t).Refresh != nil {
		t.Errorf("the intent %+v is left on record", h.record(t).Refresh)
	}
	if len(b.reused) > 0 {
		t.Errorf("refresh tokens that came twice: %q", b.reused)
	}
	return b, reconnected
}

// settle gets a credential that works.
func settle(t *testing.T, b *bazaar, source *auth.Source) error {
	got, err := source.Credential(t.Context())
	if err == nil && !b.works(got) {
		got, err = source.Refresh(t.Context(), got)
	}
	if err == nil && !b.works(got) {
		return fmt.Errorf("%q does not work", name(got))
	}
	return err
}

// call is what an engine does with a source: it asks for the credential, and
// once for another if the platform refuses it.
func call(t *testing.T, b *bazaar, h *history, source *auth.Source, random *rand.Rand) {
	ctx := t.Context()
	if random.IntN(5) == 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(random.IntN(2000))*time.Millisecond)
		defer cancel()
	}
	check := func(got catalog.Credential, err error) bool {
		if err == nil && h.place(got) == 0 {
			t.Errorf("%q was handed out before it was stored", name(got))
		}
		if err != nil && (!got.IsZero() || catalog.KindOf(err) == "" && ctx.Err() == nil) {
			t.Errorf("%q beside %v", name(got), err)
		}
		return err == nil
	}
	used, err := source.Credential(ctx)
	if !check(used, err) || b.works(used) {
		return
	}
	b.mu.Lock()
	b.refused++
	b.mu.Unlock()
	got, err := source.Refresh(ctx, used)
	if check(got, err) && h.place(got) <= h.place(used) {
		t.Errorf("for %q, which the platform refused, the caller has the older %q", name(used), name(got))
	}
	later, err := source.Credential(ctx)
	if check(later, err) && h.place(later) < h.place(got) {
		t.Errorf("after %q the source hands out the older %q", name(got), name(later))
	}
}
