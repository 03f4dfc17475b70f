package webhook

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// cache remembers what was looked up, failures to find it included, for a
// time and up to a number. Callers that miss the same key wait for one of them.
type cache[V any] struct {
	max int

	mu     sync.Mutex
	byKey  map[string]*list.Element
	recent list.List // of *cached[V], least recently loaded first
}

type cached[V any] struct {
	key    string
	loaded chan struct{} // closed when the rest is there
	value  V
	err    error
	at     time.Time
	until  time.Time
}

func newCache[V any](limit int) *cache[V] {
	return &cache[V]{max: limit, byKey: make(map[string]*list.Element)}
}

// get returns the value, from memory where it is younger than both its own
// time and maxAge. load says how long its answer may be kept; an error is
// never kept.
func (c *cache[V]) get(ctx context.Context, key string, maxAge time.Duration, load func(context.Context) (V, time.Duration, error)) (V, time.Time, error) {
	for {
		entry, mine := c.entry(key, maxAge)
		if mine {
			c.fill(ctx, entry, load)
			return entry.value, entry.at, entry.err
		}
		select {
		case <-entry.loaded:
			ended := errors.Is(entry.err, context.Canceled) || errors.Is(entry.err, context.DeadlineExceeded)
			if !ended || ctx.Err() != nil {
				return entry.value, entry.at, entry.err
			}
			// The other caller's context ended, not ours.
		case <-ctx.Done():
			var none V
			return none, time.Time{}, ctx.Err()
		}
	}
}

// entry returns the entry of a key, and whether the caller has to load it.
func (c *cache[V]) entry(key string, maxAge time.Duration) (*cached[V], bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if e := c.byKey[key]; e != nil {
		entry := e.Value.(*cached[V])
		select {
		case <-entry.loaded:
			if now.Before(entry.until) && now.Sub(entry.at) < maxAge {
				return entry, false
			}
			c.drop(e)
		default:
			return entry, false
		}
	}
	if c.recent.Len() >= c.max {
		c.drop(c.recent.Front())
	}
	entry := &cached[V]{key: key, loaded: make(chan struct{})}
	c.byKey[key] = c.recent.PushBack(entry)
	return entry, true
}

func (c *cache[V]) drop(e *list.Element) {
	delete(c.byKey, e.Value.(*cached[V]).key)
	c.recent.Remove(e)
}

func (c *cache[V]) fill(ctx context.Context, entry *cached[V], load func(context.Context) (V, time.Duration, error)) {
	keep := time.Duration(0)
	err := contain(func() (err error) {
		entry.value, keep, err = load(ctx)
		return err
	})
	entry.at = time.Now()
	entry.err, entry.until = err, entry.at.Add(keep)
	if err != nil {
		c.mu.Lock()
		if e := c.byKey[entry.key]; e != nil && e.Value.(*cached[V]) == entry {
			c.drop(e)
		}
		c.mu.Unlock()
	}
	close(entry.loaded)
}

// forget makes the next get load.
func (c *cache[V]) forget(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.byKey[key]; e != nil {
		c.drop(e)
	}
}
