package magento

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"
)

const lookupsLast = 10 * time.Minute

// remembered keeps what was read, and has it read once however many ask. The
// zero value is ready.
type remembered[K comparable, V any] struct {
	last  time.Duration // how long; 0 = lookupsLast
	mu    sync.Mutex
	found map[K]found[V]
	under map[K]*reading[V]
}

var errUnread = errors.New("the look-up ended without a result")

type found[V any] struct {
	value V
	read  time.Time
}

type reading[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// get returns what is remembered of the key, or reads it.
func (m *remembered[K, V]) get(ctx context.Context, key K, read func(context.Context, K) (V, error)) (V, error) {
	m.mu.Lock()
	if f, ok := m.found[key]; ok && time.Since(f.read) < cmp.Or(m.last, lookupsLast) {
		m.mu.Unlock()
		return f.value, nil
	}
	r, under := m.under[key]
	if !under {
		r = &reading[V]{done: make(chan struct{})}
		if m.under == nil {
			m.under = map[K]*reading[V]{}
		}
		m.under[key] = r
	}
	m.mu.Unlock()
	if under {
		select {
		case <-r.done:
		case <-ctx.Done():
			var none V
			return none, ctx.Err()
		}
		if r.err != nil && ctx.Err() == nil { // whoever read may have been called off
			return read(ctx, key)
		}
		return r.value, r.err
	}
	defer func() {
		if r.err == nil {
			m.keep(key, r.value)
		}
		m.mu.Lock()
		delete(m.under, key)
		m.mu.Unlock()
		close(r.done)
	}()
	r.err = errUnread // also when read ends its goroutine
	r.value, r.err = read(ctx, key)
	return r.value, r.err
}

// known returns what is remembered of the key.
func (m *remembered[K, V]) known(key K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.found[key]
	return f.value, ok && time.Since(f.read) < cmp.Or(m.last, lookupsLast)
}

// keep remembers what was read in another way.
func (m *remembered[K, V]) keep(key K, value V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found == nil {
		m.found = map[K]found[V]{}
	}
	m.found[key] = found[V]{value, time.Now()}
}

// forget has the key read anew.
func (m *remembered[K, V]) forget(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.found, key)
}
