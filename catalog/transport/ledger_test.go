package transport_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog/transport"
)

// ledger is a platform's bucket: it admits by the requested cost and charges
// the actual one.
type ledger struct {
	mu             sync.Mutex
	capacity, rate float64
	level          float64
	at             time.Time
	calls, refused int
	charged        float64
}

func newLedger(capacity, rate, level float64) *ledger {
	return &ledger{capacity: capacity, rate: rate, level: level, at: time.Now()}
}

func (l *ledger) refill() {
	now := time.Now()
	l.level = min(l.capacity, l.level+now.Sub(l.at).Seconds()*l.rate)
	l.at = now
}

func (l *ledger) charge(requested, actual float64) transport.Settlement {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refill()
	s := transport.Settlement{Observed: &transport.Observed{Capacity: l.capacity, RestoreRate: l.rate}}
	if l.level < requested {
		l.refused++
		s.Refused = true
		s.Wait = time.Duration((requested - l.level) / l.rate * float64(time.Second))
	} else {
		l.calls++
		l.level -= actual
		l.charged += actual
		s.Charged = actual
	}
	s.Observed.Available = l.level
	return s
}

func (l *ledger) steal(points float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refill()
	l.level = max(0, l.level-points)
}

// latency gives one way of a call's trip.
type latency func(*rand.Rand) time.Duration

func even(d time.Duration) latency { return func(*rand.Rand) time.Duration { return d } }
func jittery(most time.Duration) latency {
	return func(r *rand.Rand) time.Duration { return time.Duration(r.Int64N(int64(most))) }
}

type load struct {
	seed     uint64
	workers  int
	calls    int
	cost     func(*rand.Rand) (requested, actual float64)
	trip     latency
	observes bool
}

// run makes the load's calls and returns how long they took.
func (l load) run(t *testing.T, b transport.Budget, platform *ledger) time.Duration {
	t.Helper()
	start := time.Now()
	var (
		all  sync.WaitGroup
		mu   sync.Mutex
		left = l.calls
	)
	for w := range l.workers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(l.seed, uint64(w)))
			for {
				mu.Lock()
				left--
				done := left < 0
				mu.Unlock()
				if done {
					return
				}
				requested, actual := l.cost(r)
				for {
					p, err := b.Reserve(t.Context(), requested)
					if err != nil {
						t.Error(err)
						return
					}
					time.Sleep(l.trip(r))
					s := platform.charge(requested, actual)
					time.Sleep(l.trip(r))
					if !l.observes {
						s.Observed = nil
					}
					p.Settle(s)
					if !s.Refused {
						break
					}
				}
			}
		})
	}
	all.Wait()
	return time.Since(start)
}

func fixed(requested, actual float64) func(*rand.Rand) (float64, float64) {
	return func(*rand.Rand) (float64, float64) { return requested, actual }
}

func bucket(t *testing.T, capacity, rate float64) *transport.Bucket {
	t.Helper()
	b, err := transport.NewBucket(transport.BucketConfig{Capacity: capacity, RestoreRate: rate})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func drain(t *testing.T, b transport.Budget, cost float64) {
	t.Helper()
	p, err := b.Reserve(t.Context(), cost)
	if err != nil {
		t.Fatal(err)
	}
	p.Settle(transport.Settlement{Charged: cost})
}
