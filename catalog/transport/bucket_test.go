package transport_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

func TestBucketKeepsToTheBudgetAndUsesIt(t *testing.T) {
	t.Parallel()
	spread := func(r *rand.Rand) (float64, float64) {
		requested := 10 + float64(r.IntN(590))
		return requested, requested * (0.3 + 0.7*r.Float64())
	}
	tests := []struct {
		name           string
		capacity, rate float64 // the platform's
		level          float64
		load           load
		atMost         float64 // of the minimum
	}{
		{"REST, one goroutine", 40, 2, 40, load{workers: 1, calls: 200, cost: fixed(1, 1), trip: even(30 * time.Millisecond)}, 1.02},
		{"REST, 32 goroutines", 40, 2, 40, load{workers: 32, calls: 200, cost: fixed(1, 1), trip: even(30 * time.Millisecond), observes: true}, 1.02},
		{"REST, 32 goroutines, blind", 40, 2, 40, load{workers: 32, calls: 200, cost: fixed(1, 1), trip: jittery(200 * time.Millisecond)}, 1.02},
		{"GraphQL, pages", 2000, 100, 2000, load{workers: 32, calls: 100, cost: fixed(252, 252), trip: even(50 * time.Millisecond), observes: true}, 1.02},
		{"GraphQL, refunds", 2000, 100, 2000, load{workers: 32, calls: 300, cost: spread, trip: jittery(300 * time.Millisecond), observes: true}, 1.05},
		{"GraphQL, empty after a restart", 2000, 100, 0, load{workers: 32, calls: 100, cost: fixed(252, 200), trip: even(50 * time.Millisecond), observes: true}, 1.02},
		{"GraphQL, plan larger than configured", 20000, 1000, 20000, load{workers: 32, calls: 400, cost: fixed(500, 500), trip: jittery(100 * time.Millisecond), observes: true}, 1.02},
		{"GraphQL, plan smaller than configured", 1000, 50, 1000, load{workers: 32, calls: 100, cost: fixed(100, 100), trip: jittery(100 * time.Millisecond), observes: true}, 1.02},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				platform := newLedger(tt.capacity, tt.rate, tt.level)
				b := bucket(t, 2000, 100)
				if tt.capacity == 40 {
					b = bucket(t, 40, 2)
				}
				took := tt.load.run(t, b, platform)
				// The last calls need their whole requested cost on hand.
				least := (platform.charged - tt.level) / tt.rate
				if ratio := took.Seconds() / least; ratio > tt.atMost {
					t.Errorf("took %s, %.4f of the least possible %.1f s", took, ratio, least)
				}
				allowed := 0
				if tt.level == 0 {
					allowed = 1 // nobody could know before the first answer
				}
				if platform.refused > allowed || platform.calls != tt.load.calls {
					t.Errorf("refused %d, allowed %d; %d calls of %d", platform.refused, allowed, platform.calls, tt.load.calls)
				}
			})
		})
	}
}

// Whatever the costs, latencies and order of answers, no call is throttled
// unless somebody else spends the store's budget.
func TestBucketOverRandomSchedules(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 99))
			rate := 1 + 100*r.Float64()
			capacity := rate * (5 + 30*r.Float64())
			most := 0.02 + 0.9*r.Float64()
			platform := newLedger(capacity, rate, capacity)
			l := load{
				seed: seed, workers: 1 + r.IntN(40), calls: 200, observes: seed%2 == 0,
				trip: jittery(time.Duration(1 + r.Int64N(int64(5*time.Second)))),
				cost: func(r *rand.Rand) (float64, float64) {
					requested := capacity * most * r.Float64()
					return requested, requested * r.Float64()
				},
			}
			took := l.run(t, bucket(t, capacity, rate), platform)
			if platform.refused > 0 {
				t.Errorf("seed %d: %d throttles, capacity %g, rate %g, %+v, took %s", seed, platform.refused, capacity, rate, l, took)
			}
		})
	}
}

func TestBucketRecoversFromAThief(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		platform := newLedger(2000, 100, 2000)
		ctx, stop := context.WithCancel(t.Context())
		var stolen float64
		var thief sync.WaitGroup
		thief.Go(func() {
			for ctx.Err() == nil {
				time.Sleep(2 * time.Second)
				platform.steal(100)
				stolen += 100
			}
		})
		l := load{workers: 32, calls: 200, cost: fixed(252, 252), trip: jittery(200 * time.Millisecond), observes: true}
		took := l.run(t, bucket(t, 2000, 100), platform)
		stop()
		thief.Wait()
		if platform.calls != 200 {
			t.Errorf("%d calls of 200", platform.calls)
		}
		if least := (platform.charged + stolen - 2000) / 100; took.Seconds() > 1.05*least {
			t.Errorf("took %s, the least is %.1f s", took, least)
		}
		if platform.refused > 30 { // without what is kept on hand for the thief: 190
			t.Errorf("%d throttles", platform.refused)
		}
	})
}

func TestBucketServesInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bucket(t, 10, 1)
		drain(t, b, 10)
		var order []int
		var all sync.WaitGroup
		cancelled, cancel := context.WithCancel(t.Context())
		for i, cost := range []float64{8, 1, 5, 1} {
			ctx := t.Context()
			if i == 2 {
				ctx = cancelled
			}
			all.Go(func() {
				p, err := b.Reserve(ctx, cost)
				if err != nil {
					if i != 2 || !errors.Is(err, context.Canceled) {
						t.Errorf("%d: %v", i, err)
					}
					return
				}
				order = append(order, i)
				p.Settle(transport.Settlement{Charged: cost})
			})
			synctest.Wait()
		}
		start := time.Now()
		time.Sleep(time.Second)
		cancel()
		all.Wait()
		if len(order) != 3 || order[0] != 0 || order[1] != 1 || order[2] != 3 {
			t.Errorf("served in order %v", order)
		}
		if took := time.Since(start); took > 10020*time.Millisecond {
			t.Errorf("10 points at 1 per second took %s", took)
		}
	})
}

// A cancelled head of the queue hands its turn on at once.
func TestBucketCancelledHead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bucket(t, 10, 1)
		drain(t, b, 9)
		var all sync.WaitGroup
		late, stop := context.WithCancel(t.Context())
		all.Go(func() {
			if _, err := b.Reserve(late, 10); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		synctest.Wait()
		start := time.Now()
		all.Go(func() {
			p, err := b.Reserve(t.Context(), 1)
			if err != nil {
				t.Error(err)
				return
			}
			p.Settle(transport.Settlement{Charged: 1})
			if waited := time.Since(start); waited != 2*time.Second {
				t.Errorf("waited %s behind a head that was cancelled after 2 s", waited)
			}
		})
		time.Sleep(2 * time.Second)
		stop()
		all.Wait()
		if b.Idle() != 0 {
			t.Errorf("idle for %s", b.Idle())
		}
		time.Sleep(time.Minute)
		if b.Idle() != time.Minute {
			t.Errorf("idle for %s after a minute", b.Idle())
		}
	})
}

func TestBucketRefusesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bucket(t, 10, 1)
		for _, cost := range []float64{10.5, -1} {
			if _, err := b.Reserve(t.Context(), cost); !errors.Is(err, catalog.ErrInvalid) {
				t.Errorf("cost %g: %v", cost, err)
			}
		}
		drain(t, b, 10)
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		start := time.Now()
		_, err := b.Reserve(ctx, 5)
		e, _ := errors.AsType[*catalog.Error](err)
		if !errors.Is(err, catalog.ErrRateLimited) || !errors.Is(err, context.DeadlineExceeded) || e.RetryAfter.Round(time.Millisecond) != 5*time.Second {
			t.Errorf("%v", err)
		}
		if time.Since(start) != 0 {
			t.Errorf("slept %s", time.Since(start))
		}
		p, err := b.Reserve(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		p.Settle(transport.Settlement{})
		p.Settle(transport.Settlement{Charged: 5}) // a second settlement does nothing
		if got := b.Level(); got < 1 || got > 1.02 {
			t.Errorf("level %g after a call that was not sent", got)
		}
		for _, cfg := range []transport.BucketConfig{{}, {Capacity: 1}, {Capacity: 1, RestoreRate: -1}, {Capacity: 1, RestoreRate: 1, Margin: 1}} {
			if _, err := transport.NewBucket(cfg); !errors.Is(err, catalog.ErrInvalid) {
				t.Errorf("%+v: %v", cfg, err)
			}
		}
	})
}
