package auth_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// journal is a Journal in memory that outlives providers, as a disk does.
type journal struct {
	mu      sync.Mutex
	answers map[string]auth.Answer
	down    bool
	reads   int
}

func (j *journal) Append(_ context.Context, a auth.Answer) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.down {
		return errDown
	}
	if j.answers == nil {
		j.answers = map[string]auth.Answer{}
	}
	j.answers[a.Account] = a
	return nil
}

func (j *journal) Find(_ context.Context, account string) (auth.Answer, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.reads++
	if a, ok := j.answers[account]; ok {
		return a, nil
	}
	return auth.Answer{}, &catalog.Error{Kind: catalog.ErrNotFound}
}

func (j *journal) Remove(_ context.Context, account, attempt string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.answers[account].Attempt == attempt {
		delete(j.answers, account)
	}
	return nil
}

func (j *journal) left() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.answers)
}

// house is a provider with all that belongs to it; another house over the same
// store is another process.
type house struct {
	*auth.Provider
	platform *platform
	mu       sync.Mutex
	told     []auth.Refresh
}

func newHouse(p *platform, s *store, accounts catalog.Accounts, j auth.Journal) *house {
	h := &house{platform: p}
	h.Provider = auth.NewProvider(auth.ProviderConfig{Store: s, Accounts: accounts, Journal: j, OnRefresh: func(r auth.Refresh) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.told = append(h.told, r)
	}})
	return h
}

func (h *house) source(t testing.TB) catalog.CredentialSource {
	t.Helper()
	s, err := h.CredentialSource(adapter{platform: h.platform}, account)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// heard reports an error unless the host was told of these errors, nil for a
// success, since it was asked last.
func (h *house) heard(t testing.TB, want ...error) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.told) != len(want) {
		t.Errorf("told %d times, want %d: %+v", len(h.told), len(want), h.told)
	}
	for i := range min(len(want), len(h.told)) {
		if got := h.told[i]; got.Account.ID != id || want[i] == nil && got.Err != nil || want[i] != nil && !errors.Is(got.Err, want[i]) {
			t.Errorf("told of %q: %v, want %v", got.Account.ID, got.Err, want[i])
		}
	}
	h.told = nil
}

func swapFails(op string, _ int) fault {
	if op == "CompareAndSwap" {
		return fails
	}
	return works
}

// The store fails from the moment the answer is there, and then the process
// dies: the next one finds the answer.
func TestJournalHealsALostAnswer(t *testing.T) {
	t.Parallel()
	for title, lasts := range map[string]time.Duration{"dead token": 0, "living token": time.Hour} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s, j := &platform{policy: once}, due(t, lasts).with(swapFails), &journal{}
				first := newHouse(p, s, nil, j)
				got, err := first.source(t).Credential(t.Context())
				if lasts == 0 {
					wantKind(t, got, err, catalog.ErrUnavailable)
				} else {
					want(t, got, err, "0")
				}
				time.Sleep(time.Minute) // until it gives up for now
				if j.left() != 1 {
					t.Fatal("nothing is in the journal")
				}
				s.with(nil)
				next := newHouse(p, s, nil, j)
				got, err = next.source(t).Credential(t.Context())
				want(t, got, err, "1")
				next.heard(t, nil)
				s.holds(t, got)
				if j.left() != 0 || p.calls() != 1 {
					t.Errorf("%d answers are left, %d calls", j.left(), p.calls())
				}
			})
		})
	}
}

// A host that cancelled the refresh, to have the token sent once more, gets the
// answer instead.
func TestJournalHealsACancelledRefresh(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s, j := &platform{policy: once}, due(t, 0).with(swapFails), &journal{}
		got, err := newHouse(p, s, nil, j).source(t).Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable)
		s.with(nil)
		if err := s.CancelRefresh(t.Context(), id, s.record(t).Refresh.Attempt); err != nil {
			t.Fatal(err)
		}
		got, err = newHouse(p, s, nil, j).source(t).Credential(t.Context())
		want(t, got, err, "1")
		if p.calls() != 1 {
			t.Errorf("%d calls", p.calls())
		}
	})
}

// What was replaced meanwhile is not brought back.
func TestOldAnswerIsForgotten(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s, j := &platform{policy: once}, due(t, 0).with(swapFails), &journal{}
		got, err := newHouse(p, s, nil, j).source(t).Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable)
		s.with(nil)
		s.put(t, pair("granted", 48*time.Hour))
		next := newHouse(p, s, nil, j).source(t)
		got, err = next.Credential(t.Context())
		want(t, got, err, "granted")
		if j.left() != 0 {
			t.Error("the old answer is left")
		}
	})
}

func TestJournalIsReadOnce(t *testing.T) {
	inTime(t, func(t *testing.T) {
		j := &journal{}
		source := newHouse(&platform{policy: auth.Policy{SingleUse: true}}, due(t, 0), nil, j).source(t)
		for range 5 {
			_, err := source.Credential(t.Context())
			if err != nil {
				t.Error(err)
			}
			time.Sleep(life)
		}
		if j.reads != 1 || j.left() != 0 {
			t.Errorf("read %d times, %d answers are left", j.reads, j.left())
		}
	})
}

// A store that still fails does not keep a living token back.
func TestJournalAndALivingToken(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s, j := &platform{policy: once}, due(t, time.Hour).with(swapFails), &journal{}
		got, err := newHouse(p, s, nil, j).source(t).Credential(t.Context())
		want(t, got, err, "0")
		time.Sleep(time.Minute)
		next := newHouse(p, s, nil, j).source(t)
		got, err = next.Credential(t.Context())
		want(t, got, err, "0")
		s.with(nil)
		time.Sleep(time.Minute)
		got, err = next.Credential(t.Context())
		want(t, got, err, "1")
		if p.calls() != 1 {
			t.Errorf("%d calls", p.calls())
		}
	})
}

// A journal that fails is told and changes nothing else.
func TestJournalThatFails(t *testing.T) {
	inTime(t, func(t *testing.T) {
		h := newHouse(&platform{policy: once}, due(t, 0), nil, &journal{down: true})
		got, err := h.source(t).Credential(t.Context())
		want(t, got, err, "1")
		if len(h.told) != 1 || !errors.Is(h.told[0].JournalErr, errDown) {
			t.Errorf("told %+v", h.told)
		}
	})
}
