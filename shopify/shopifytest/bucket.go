package shopifytest

import (
	"sync"
	"time"
)

// Ledger says what the rate limiter saw of the app on this shop. Points are
// cost points.
type Ledger struct {
	Requests        int       // GraphQL requests that reached the limiter
	Answered        int       // of these, the ones that ran
	Throttled       int       // of these, the ones refused
	PointsRequested float64   // what the answered ones asked for
	PointsCharged   float64   // what they really cost
	Available       float64   // in the bucket now
	Capacity        float64   // of the bucket
	Restore         float64   // points per second
	Started         time.Time // when the bucket was last full by definition: its start or the last reset
}

// bucket is the leaky bucket of one app on one shop.
type bucket struct {
	mu       sync.Mutex
	now      func() time.Time
	free     bool
	level    float64
	last     time.Time
	capacity float64
	restore  float64
	ledger   Ledger
}

func newBucket(b Bucket, free bool, now func() time.Time) *bucket {
	t := now()
	return &bucket{now: now, free: free, level: b.Capacity, last: t, capacity: b.Capacity, restore: b.Restore,
		ledger: Ledger{Started: t}}
}

// refill is called with mu held.
func (b *bucket) refill() {
	t := b.now()
	if d := t.Sub(b.last); d > 0 {
		b.level = min(b.capacity, b.level+d.Seconds()*b.restore)
		b.last = t
	}
}

// admit reserves the requested cost, or says that it is not there.
func (b *bucket) admit(requested int) (ok bool, available float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill()
	b.ledger.Requests++
	if !b.free && b.level < float64(requested) {
		b.ledger.Throttled++
		return false, b.level
	}
	b.level -= float64(requested)
	return true, b.level
}

// cancel gives a reservation back and counts the request as throttled.
func (b *bucket) cancel(requested int) (available float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.level = min(b.capacity, b.level+float64(requested))
	b.ledger.Throttled++
	return b.level
}

// charge replaces the reservation by the actual cost.
func (b *bucket) charge(requested, actual int) (available float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill()
	b.level = min(b.capacity, b.level+float64(requested-actual))
	if b.free {
		b.level = max(0, b.level)
	}
	b.ledger.Answered++
	b.ledger.PointsRequested += float64(requested)
	b.ledger.PointsCharged += float64(actual)
	return b.level
}

// Ledger returns the limiter's books as of now.
func (s *Server) Ledger() Ledger {
	b := s.bucket
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill()
	l := b.ledger
	l.Available, l.Capacity, l.Restore = b.level, b.capacity, b.restore
	return l
}

// ResetLedger starts new books with a full bucket.
func (s *Server) ResetLedger() {
	b := s.bucket
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last = b.now()
	b.level = b.capacity
	b.ledger = Ledger{Started: b.last}
}

// SetBucket changes the limit while the server runs, as the platform may:
// the level is cut to the new capacity.
func (s *Server) SetBucket(to Bucket) {
	b := s.bucket
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill()
	if to.Capacity > 0 {
		b.capacity = to.Capacity
	}
	if to.Restore > 0 {
		b.restore = to.Restore
	}
	b.level = min(b.level, b.capacity)
}
