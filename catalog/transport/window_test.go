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

// clock is a platform's fixed window: limit calls per period, then leak calls
// per second until the window ends.
type clock struct {
	mu             sync.Mutex
	limit, leak    float64
	period         time.Duration
	end            time.Time // of the window
	used           float64
	leaked         time.Time
	calls, refused int
	silent         bool // sends no headers
}

func (c *clock) answer(cost float64) transport.Settlement {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	for !now.Before(c.end) {
		c.end, c.used = c.end.Add(c.period), 0
	}
	s := transport.Settlement{Charged: cost}
	switch {
	case c.used+cost <= c.limit:
		c.used += cost
		c.calls++
	case c.leak > 0 && now.Sub(c.leaked).Seconds() >= 1/c.leak:
		c.leaked = now
		c.calls++
	default:
		c.refused++
		s = transport.Settlement{Refused: true}
	}
	if !c.silent {
		s.Observed = &transport.Observed{Available: max(0, c.limit-c.used), Capacity: c.limit, ResetIn: c.end.Sub(now)}
	}
	return s
}

func TestWindowKeepsToTheHeaders(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		cfg     transport.WindowConfig
		clock   *clock
		phase   time.Duration // how long the platform's window still runs at the start
		used    float64       // what is gone of it
		calls   int
		trip    latency
		refused int           // at most
		within  time.Duration // the whole run
	}{
		{"BigCommerce", transport.WindowConfig{Limit: 150, Period: 30 * time.Second}, &clock{limit: 150, period: 30 * time.Second},
			30 * time.Second, 0, 1000, even(50 * time.Millisecond), 0, 181 * time.Second},
		{"BigCommerce, begun before us", transport.WindowConfig{Limit: 150, Period: 30 * time.Second}, &clock{limit: 150, period: 30 * time.Second},
			7 * time.Second, 100, 600, jittery(200 * time.Millisecond), 0, 99 * time.Second},
		{"BigCommerce, spent before us", transport.WindowConfig{Limit: 150, Period: 30 * time.Second}, &clock{limit: 150, period: 30 * time.Second},
			7 * time.Second, 150, 450, jittery(200 * time.Millisecond), 1, 69 * time.Second},
		{"larger plan", transport.WindowConfig{Limit: 60, Period: 30 * time.Second}, &clock{limit: 450, period: 30 * time.Second},
			20 * time.Second, 0, 1800, jittery(200 * time.Millisecond), 0, 112 * time.Second},
		{"shorter window than configured", transport.WindowConfig{Limit: 150, Period: 30 * time.Second}, &clock{limit: 25, period: 5 * time.Second},
			3 * time.Second, 0, 250, jittery(200 * time.Millisecond), 0, 49 * time.Second},
		{"longer window than configured", transport.WindowConfig{Limit: 150, Period: 30 * time.Second}, &clock{limit: 1000, period: time.Hour},
			time.Hour / 2, 0, 1500, jittery(200 * time.Millisecond), 0, time.Hour/2 + 10*time.Second},
		{"no headers", transport.WindowConfig{Limit: 150, Period: 30 * time.Second}, &clock{limit: 150, period: 30 * time.Second, silent: true},
			30 * time.Second, 0, 600, even(20 * time.Millisecond), 0, 92 * time.Second},
		{"Salla", transport.WindowConfig{Limit: 120, Period: time.Minute, SlowRate: 1, Slack: 50 * time.Millisecond}, &clock{limit: 120, leak: 1, period: time.Minute},
			time.Minute, 0, 500, even(50 * time.Millisecond), 0, 157 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, err := transport.NewWindow(tt.cfg)
				if err != nil {
					t.Fatal(err)
				}
				platform := tt.clock
				platform.end, platform.used = time.Now().Add(tt.phase), tt.used
				start := time.Now()
				spend(t, w, 32, tt.calls, tt.trip, platform.answer)
				took := time.Since(start)
				if platform.calls != tt.calls || platform.refused > tt.refused {
					t.Errorf("%d calls of %d, %d refused of at most %d", platform.calls, tt.calls, platform.refused, tt.refused)
				}
				if took > tt.within {
					t.Errorf("took %s, want at most %s", took, tt.within)
				}
			})
		})
	}
}

// spend makes calls of cost 1 until none is left, repeating the refused.
func spend(t *testing.T, b transport.Budget, workers, calls int, trip latency, answer func(float64) transport.Settlement) {
	t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	for w := range workers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(7, uint64(w)))
			for {
				mu.Lock()
				calls--
				done := calls < 0
				mu.Unlock()
				if done {
					return
				}
				for refused := true; refused; {
					p, err := b.Reserve(t.Context(), 1)
					if err != nil {
						t.Error(err)
						return
					}
					time.Sleep(trip(r))
					s := answer(1)
					time.Sleep(trip(r))
					p.Settle(s)
					refused = s.Refused
				}
			}
		})
	}
	all.Wait()
}

func TestWindowOverRandomSchedules(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 5))
			limit := float64(5 + r.IntN(300))
			period := time.Duration(5+r.IntN(60)) * time.Second
			w, err := transport.NewWindow(transport.WindowConfig{Limit: limit, Period: period})
			if err != nil {
				t.Fatal(err)
			}
			platform := &clock{limit: limit, period: period, end: time.Now().Add(time.Duration(1 + r.Int64N(int64(period))))}
			platform.used = float64(r.IntN(int(limit)))
			spend(t, w, 1+r.IntN(40), int(limit)*4, jittery(time.Duration(1+r.Int64N(int64(2*time.Second)))), platform.answer)
			if platform.refused > 0 {
				t.Errorf("seed %d: %d refused, limit %g, period %s", seed, platform.refused, limit, period)
			}
		})
	}
}

func TestWindowWaitsOutARefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, err := transport.NewWindow(transport.WindowConfig{Limit: 10, Period: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		drain(t, w, 1)
		p, err := w.Reserve(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		p.Settle(transport.Settlement{Refused: true, Wait: 20 * time.Second})
		short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		if _, err := w.Reserve(short, 1); !errors.Is(err, catalog.ErrRateLimited) || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 0 {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		drain(t, w, 1)
		if time.Since(start) != 20*time.Second {
			t.Errorf("waited %s", time.Since(start))
		}
		if _, err := w.Reserve(t.Context(), 11); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%v", err)
		}
		for _, cfg := range []transport.WindowConfig{{}, {Limit: 1}, {Limit: 1, Period: 1, Margin: 1}, {Limit: 1, Period: 1, SlowRate: -1}, {Limit: 1, Period: 1, Slack: -1}} {
			if _, err := transport.NewWindow(cfg); !errors.Is(err, catalog.ErrInvalid) {
				t.Errorf("%+v: %v", cfg, err)
			}
		}
	})
}
