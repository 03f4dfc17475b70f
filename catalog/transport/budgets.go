package transport

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// Budgets keeps one budget per key, such as one per app and store, so that
// every engine opened for a store shares its budget. Budgets are made on
// demand and forgotten when idle. Fields are set before the first use; the
// methods are safe for concurrent use.
type Budgets struct {
	// New makes the budget for a key. Required.
	New func(key string) Budget
	// IdleAfter is how long a budget that nobody uses is remembered; 0 means 15
	// minutes. It must be longer than the budget takes to fill up.
	IdleAfter time.Duration
	// Max is how many budgets are remembered; 0 means 10,000. Beyond it the one
	// unused for longest is forgotten early. Budgets in use do not count.
	Max int

	mu      sync.Mutex
	entries map[string]*keyed
	unused  list.List // of *keyed, the latest used first
}

// keyed is a remembered budget.
type keyed struct {
	key    string
	budget Budget
	users  int           // calls waiting or in flight
	idle   *list.Element // in unused; nil while there are users
	since  time.Time     // when the last user left
}

// Get returns the budget for key. The value may be kept for ever: it stands
// for the key, not for what is remembered of it now.
func (b *Budgets) Get(key string) Budget { return &budgetOf{b, key} }

// Len is how many budgets are remembered now.
func (b *Budgets) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget(time.Now())
	return len(b.entries)
}

type budgetOf struct {
	budgets *Budgets
	key     string
}

// Reserve implements Budget.
func (h *budgetOf) Reserve(ctx context.Context, cost float64) (Permit, error) {
	k := h.budgets.enter(h.key)
	p, err := k.budget.Reserve(ctx, cost)
	if err != nil {
		h.budgets.leave(k)
		return nil, err
	}
	return &keyedPermit{Permit: p, leave: sync.OnceFunc(func() { h.budgets.leave(k) })}, nil
}

type keyedPermit struct {
	Permit
	leave func()
}

func (p *keyedPermit) Settle(s Settlement) {
	p.Permit.Settle(s)
	p.leave()
}

func (b *Budgets) enter(key string) *keyed {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := b.entries[key]
	if k == nil {
		b.forget(time.Now())
		if b.entries == nil {
			b.entries = map[string]*keyed{}
		}
		k = &keyed{key: key, budget: b.New(key)}
		b.entries[key] = k
	}
	if k.idle != nil {
		b.unused.Remove(k.idle)
		k.idle = nil
	}
	k.users++
	return k
}

func (b *Budgets) leave(k *keyed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if k.users--; k.users == 0 {
		k.since = time.Now()
		k.idle = b.unused.PushFront(k)
		b.forget(k.since)
	}
}

// forget drops what was unused for long, and the oldest of too many.
func (b *Budgets) forget(now time.Time) {
	idleAfter, most := b.IdleAfter, b.Max
	if idleAfter <= 0 {
		idleAfter = 15 * time.Minute
	}
	if most <= 0 {
		most = 10_000
	}
	for e := b.unused.Back(); e != nil; e = b.unused.Back() {
		k := e.Value.(*keyed)
		if b.unused.Len() <= most && now.Sub(k.since) < idleAfter {
			return
		}
		b.unused.Remove(e)
		delete(b.entries, k.key)
	}
}
