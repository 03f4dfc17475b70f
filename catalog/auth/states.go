package auth

import (
	"context"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
)

// States keeps what an install flow must remember between two requests, such
// as which browser started it: each entry can be taken once, and only until it
// expires. Implementations are safe for concurrent use, by several processes
// where they claim so, keep values encrypted and keys hashed where they are
// durable, and return ctx's error when it has ended.
type States interface {
	// Put keeps a value under a key until the time. A key that is kept
	// already is ErrConflict; an empty key, or a time that has passed, is
	// ErrInvalid. A store that is full of live entries is ErrUnavailable.
	Put(ctx context.Context, key string, value catalog.Secret, until time.Time) error
	// Take removes the entry and returns its value. One that is absent, has
	// been taken or has expired is ErrNotFound, without telling which: of many
	// that take at once, one gets it.
	Take(ctx context.Context, key string) (catalog.Secret, error)
}

// MemoryStates keeps states in memory: flows under way are lost with the
// process, and another process cannot end them. The zero value is ready. It is
// safe for concurrent use.
type MemoryStates struct {
	// Limit is how many live entries are kept; 0 = 100,000.
	Limit int
	// Now is the clock; nil = time.Now.
	Now func() time.Time

	mu      sync.Mutex
	entries map[string]stateEntry
	swept   time.Time
}

type stateEntry struct {
	value catalog.Secret
	until time.Time
}

// Put implements States.
func (m *MemoryStates) Put(ctx context.Context, key string, value catalog.Secret, until time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	now := m.now()
	if key == "" || !until.After(now) {
		return stateError("keep state", catalog.ErrInvalid, "a state needs a key and a time to come")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep(now)
	if e, ok := m.entries[key]; ok && e.until.After(now) {
		return stateError("keep state", catalog.ErrConflict, "the key is in use")
	}
	limit := m.Limit
	if limit <= 0 {
		limit = 100_000
	}
	if len(m.entries) >= limit {
		return stateError("keep state", catalog.ErrUnavailable, "too many flows are under way")
	}
	if m.entries == nil {
		m.entries = map[string]stateEntry{}
	}
	m.entries[key] = stateEntry{value, until}
	return nil
}

// Take implements States.
func (m *MemoryStates) Take(ctx context.Context, key string) (catalog.Secret, error) {
	if err := ctx.Err(); err != nil {
		return catalog.Secret{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[key]
	delete(m.entries, key)
	if !ok || !e.until.After(m.now()) {
		return catalog.Secret{}, stateError("take state", catalog.ErrNotFound, "the state is unknown, was used or has expired")
	}
	return e.value, nil
}

func (m *MemoryStates) now() time.Time {
	if m.Now != nil {
		return m.Now()
	}
	return time.Now()
}

// sweep drops what has expired, at most once a second.
func (m *MemoryStates) sweep(now time.Time) {
	if now.Sub(m.swept) < time.Second {
		return
	}
	m.swept = now
	for key, e := range m.entries {
		if !e.until.After(now) {
			delete(m.entries, key)
		}
	}
}

func stateError(op string, kind catalog.Kind, message string) error {
	return &catalog.Error{Op: op, Kind: kind, Message: message}
}
