package catalog

import (
	"container/list"
	"context"
	"crypto/rand"
	"sync"
	"time"
)

// MemoryDeduperConfig tunes a MemoryDeduper; zero fields mean the defaults.
type MemoryDeduperConfig struct {
	// Keep is how long a confirmed key is remembered; 0 = 72 hours, longer
	// than any platform redelivers.
	Keep time.Duration
	// MaxKeys bounds the memory, at about 200 bytes a key; 0 = 1,000,000. When
	// it is reached the key confirmed longest ago is forgotten; when all keys
	// are live claims, Claim fails.
	MaxKeys int
	// Now is the clock; nil = time.Now.
	Now func() time.Time
}

// MemoryDeduper is a Deduper within one process: after a restart every key is
// new again. It is safe for concurrent use.
type MemoryDeduper struct {
	config MemoryDeduperConfig
	mu     sync.Mutex
	keys   map[string]*dedupeEntry
	// done holds confirmed entries, longest ago first: the order in which they
	// expire and, when full, are forgotten.
	done list.List
	// held is a time before which no lease ends, so that a full deduper does
	// not look through all its claims at every call; zero when unknown.
	held time.Time
}

type dedupeEntry struct {
	key   string
	owner string
	until time.Time     // end of the lease, or of the memory of a confirmed key
	done  *list.Element // nil while claimed
}

// NewMemoryDeduper makes a deduper.
func NewMemoryDeduper(config MemoryDeduperConfig) *MemoryDeduper {
	if config.Keep <= 0 {
		config.Keep = 72 * time.Hour
	}
	if config.MaxKeys <= 0 {
		config.MaxKeys = 1_000_000
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	return &MemoryDeduper{config: config, keys: make(map[string]*dedupeEntry)}
}

// Claim implements Deduper.
func (d *MemoryDeduper) Claim(ctx context.Context, key string, lease time.Duration) (Claim, error) {
	if err := ctx.Err(); err != nil {
		return Claim{}, err
	}
	if key == "" || lease <= 0 {
		return Claim{}, &Error{Op: "claim event", Kind: ErrInvalid, Message: "the key is empty or the lease is not positive"}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.config.Now()
	d.expire(now)
	if e := d.keys[key]; e != nil && now.Before(e.until) {
		state := ClaimBusy
		if e.done != nil {
			state = ClaimDone
		}
		return Claim{Key: key, State: state, Until: e.until}, nil
	}
	if !d.makeRoom(key, now) {
		return Claim{}, &Error{Op: "claim event", Kind: ErrUnavailable, Message: "the deduper is full of live claims", Hint: "answer the platform with 503 so that it sends again, or raise MaxKeys"}
	}
	e := &dedupeEntry{key: key, owner: rand.Text(), until: now.Add(lease)}
	d.keys[key] = e
	if e.until.Before(d.held) {
		d.held = e.until
	}
	return Claim{Key: key, State: ClaimGranted, Owner: e.owner, Until: e.until}, nil
}

// expire forgets confirmed keys whose time is over.
func (d *MemoryDeduper) expire(now time.Time) {
	for front := d.done.Front(); front != nil; front = d.done.Front() {
		e := front.Value.(*dedupeEntry)
		if now.Before(e.until) {
			return
		}
		d.drop(e)
	}
}

func (d *MemoryDeduper) drop(e *dedupeEntry) {
	if e.done != nil {
		d.done.Remove(e.done)
	}
	delete(d.keys, e.key)
}

// makeRoom makes sure that one more key fits.
func (d *MemoryDeduper) makeRoom(key string, now time.Time) bool {
	if _, known := d.keys[key]; known || len(d.keys) < d.config.MaxKeys {
		return true
	}
	if front := d.done.Front(); front != nil {
		d.drop(front.Value.(*dedupeEntry))
		return true
	}
	if now.Before(d.held) {
		return false
	}
	// All are claims: those whose holders died may go.
	d.held = time.Time{}
	for _, e := range d.keys {
		if !now.Before(e.until) {
			d.drop(e)
		} else if d.held.IsZero() || e.until.Before(d.held) {
			d.held = e.until
		}
	}
	return len(d.keys) < d.config.MaxKeys
}

// Confirm implements Deduper.
func (d *MemoryDeduper) Confirm(ctx context.Context, claim Claim) error {
	return d.finish(ctx, "confirm event", claim, func(e *dedupeEntry) error {
		if e.done == nil {
			e.until = d.config.Now().Add(d.config.Keep)
			e.done = d.done.PushBack(e)
		}
		return nil
	})
}

// Release implements Deduper.
func (d *MemoryDeduper) Release(ctx context.Context, claim Claim) error {
	return d.finish(ctx, "release event", claim, func(e *dedupeEntry) error {
		if e.done != nil {
			return claimLost("release event")
		}
		d.drop(e)
		return nil
	})
}

func claimLost(op string) error {
	return &Error{Op: op, Kind: ErrConflict, Message: "the claim was lost: its lease ended and somebody else may have taken it"}
}

func (d *MemoryDeduper) finish(ctx context.Context, op string, claim Claim, do func(*dedupeEntry) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.keys[claim.Key]
	if e == nil || claim.Owner == "" || e.owner != claim.Owner {
		return claimLost(op)
	}
	return do(e)
}

var _ Deduper = (*MemoryDeduper)(nil)
