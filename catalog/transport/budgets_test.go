package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

func TestBudgetsKeepOnePerKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		made := map[string]int{}
		b := &transport.Budgets{New: func(key string) transport.Budget { made[key]++; return bucket(t, 10, 1) }, IdleAfter: time.Minute}
		kept := b.Get("a")
		drain(t, kept, 9)
		start := time.Now()
		drain(t, b.Get("a"), 5) // the same bucket: waits
		if waited := time.Since(start); waited < 4*time.Second {
			t.Errorf("waited %s: the key has more than one bucket", waited)
		}
		p, err := b.Get("busy").Reserve(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if b.Len() != 1 {
			t.Errorf("%d remembered, want the busy one", b.Len())
		}
		p.Settle(transport.Settlement{Charged: 1})
		p.Settle(transport.Settlement{Charged: 1})
		if b.Len() != 1 {
			t.Errorf("%d remembered, want the one just used", b.Len())
		}
		drain(t, kept, 1) // a kept value outlives what is remembered
		if made["a"] != 2 || made["busy"] != 1 {
			t.Errorf("made %v", made)
		}
	})
}

func TestBudgetsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &transport.Budgets{New: func(string) transport.Budget { return bucket(t, 10, 1) }, Max: 100}
		for i := range 1000 {
			drain(t, b.Get(fmt.Sprint(i)), 1)
		}
		if b.Len() != 100 {
			t.Errorf("%d remembered", b.Len())
		}
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := b.Get("x").Reserve(cancelled, 1); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// However Get, Reserve and forgetting interleave, no key ever has two budgets
// in use.
func TestBudgetsConcurrently(t *testing.T) {
	t.Parallel()
	b := &transport.Budgets{Max: 1, New: func(string) transport.Budget { return &exclusive{} }}
	var all sync.WaitGroup
	var inUse [3]atomic.Pointer[exclusivePermit]
	for range 16 {
		all.Go(func() {
			for i := range 300 {
				key := i % len(inUse)
				p, err := b.Get(fmt.Sprint(key)).Reserve(t.Context(), 1)
				if err != nil {
					t.Error(err)
					return
				}
				mine := new(exclusivePermit)
				if !inUse[key].CompareAndSwap(nil, mine) {
					t.Error("two budgets for one key")
				}
				inUse[key].Store(nil)
				p.Settle(transport.Settlement{})
			}
		})
	}
	all.Wait()
}

// exclusive is a budget that lets one call go at a time.
type exclusive struct{ mu sync.Mutex }

type exclusivePermit struct{ b *exclusive }

func (e *exclusive) Reserve(context.Context, float64) (transport.Permit, error) {
	e.mu.Lock()
	return exclusivePermit{e}, nil
}

func (p exclusivePermit) Settle(transport.Settlement) { p.b.mu.Unlock() }

func TestChain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wide, narrow := bucket(t, 10, 1), bucket(t, 5, 1)
		c := transport.Chain(wide, nil, narrow)
		p, err := c.Reserve(t.Context(), 4)
		if err != nil {
			t.Fatal(err)
		}
		p.Settle(transport.Settlement{Charged: 4, Observed: &transport.Observed{Available: 2}})
		if wide.Level() != 6 || narrow.Level() != 2 {
			t.Errorf("levels %g and %g, want 6 and the observed 2", wide.Level(), narrow.Level())
		}
		if _, err := c.Reserve(t.Context(), 6); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := c.Reserve(ctx, 5); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if got := wide.Level(); got < 7 || got > 7.02 {
			t.Errorf("level %g: what was reserved did not go back", got)
		}
		if transport.Chain(nil, wide) != transport.Budget(wide) {
			t.Error("a chain of one is not the one")
		}
		p, err = transport.Chain().Reserve(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		p.Settle(transport.Settlement{Charged: 1})
	})
}

// The client tells the budget what the platform said, and only then.
func TestClientSettles(t *testing.T) {
	t.Parallel()
	own := &transport.Settlement{Charged: 2, Observed: &transport.Observed{Available: 50}}
	tests := []struct {
		name   string
		answer func(*http.Request) (*http.Response, error)
		want   transport.Settlement
	}{
		{"accepted", says(200, "{}"), transport.Settlement{Sent: true, Charged: 5}},
		{"with the platform's account", says(299, "{}"), transport.Settlement{Sent: true, Charged: 2, Observed: own.Observed}},
		{"not found", says(404, "{}"), transport.Settlement{Sent: true, Charged: 5}},
		{"throttled", says(429, "", "Retry-After", "3"), transport.Settlement{Sent: true, Refused: true, Wait: 3 * time.Second}},
		{"throttled for long", says(429, "", "Retry-After", "7200"), transport.Settlement{Sent: true, Refused: true, Wait: time.Minute}},
		{"server error", says(503, ""), transport.Settlement{Sent: true, Charged: 5, Failed: true}},
		{"lost", breaks(errors.New("cut")), transport.Settlement{Sent: true, Charged: 5, Failed: true}},
	}
	for _, tt := range tests {
		var got []transport.Settlement
		req := get(t)
		req.Cost, req.Budget = 5, budgetFunc(func(s transport.Settlement) { got = append(got, s) })
		c := client(t, transport.Config{Transport: wire(tt.answer), Attempts: 1, Classify: func(r *transport.Response) transport.Verdict {
			if r.Status == 299 {
				return transport.Verdict{Settlement: own}
			}
			return transport.ByStatus(r)
		}})
		_, _ = c.Do(t.Context(), req)
		if len(got) != 1 || got[0] != tt.want {
			t.Errorf("%s: settled %+v, want %+v", tt.name, got, tt.want)
		}
	}
	t.Run("nothing sent", func(t *testing.T) {
		t.Parallel()
		var got []transport.Settlement
		req := get(t)
		req.Cost, req.Budget = 5, budgetFunc(func(s transport.Settlement) { got = append(got, s) })
		req.Credential = catalog.StaticToken("")
		_, _ = client(t, transport.Config{Transport: wire(says(200, ""))}).Do(t.Context(), req)
		tr, _ := refusingDialer(1)
		req.Credential = nil
		_, _ = client(t, transport.Config{Transport: tr, Attempts: 1}).Do(t.Context(), req)
		if len(got) != 2 || got[0] != (transport.Settlement{}) || got[1] != (transport.Settlement{Failed: true}) {
			t.Errorf("settled %+v", got)
		}
	})
	t.Run("panic", func(t *testing.T) {
		t.Parallel()
		settled := 0
		req := get(t)
		req.Budget = budgetFunc(func(transport.Settlement) { settled++ })
		defer func() {
			if recover() == nil || settled != 1 {
				t.Errorf("settled %d times", settled)
			}
		}()
		c := client(t, transport.Config{Transport: wire(says(200, "")), Classify: func(*transport.Response) transport.Verdict { panic("bad classifier") }})
		_, _ = c.Do(t.Context(), req)
	})
}

// budgetFunc never waits and reports how its permits are settled.
type budgetFunc func(transport.Settlement)

func (f budgetFunc) Reserve(context.Context, float64) (transport.Permit, error) { return f, nil }
func (f budgetFunc) Settle(s transport.Settlement)                              { f(s) }
