package transport_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// shop is a server that answers in good time up to some number of calls at
// once and fails beyond it.
type shop struct {
	mu             sync.Mutex
	strength, busy int
	most, failures int
}

func (s *shop) answer() transport.Settlement {
	s.mu.Lock()
	s.busy++
	s.most = max(s.most, s.busy)
	failed := s.busy > s.strength
	if failed {
		s.failures++
	}
	s.mu.Unlock()
	time.Sleep(100 * time.Millisecond)
	s.mu.Lock()
	s.busy--
	s.mu.Unlock()
	return transport.Settlement{Sent: true, Failed: failed}
}

func TestPoliteFindsWhatAShopBears(t *testing.T) {
	t.Parallel()
	tests := []struct {
		strength       int
		atLeast, below float64 // calls per second
		failures       int
	}{
		{strength: 100, atLeast: 130, below: 161, failures: 0},
		{strength: 6, atLeast: 50, below: 71, failures: 40},
		{strength: 1, atLeast: 9, below: 20, failures: 60},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			b, err := transport.NewPolite(transport.PoliteConfig{})
			if err != nil {
				t.Fatal(err)
			}
			s := &shop{strength: tt.strength}
			start := time.Now()
			var all sync.WaitGroup
			for range 32 {
				all.Go(func() {
					for range 30 {
						p, err := b.Reserve(t.Context(), 0)
						if err != nil {
							t.Error(err)
							return
						}
						p.Settle(s.answer())
					}
				})
			}
			all.Wait()
			if perSecond := 960 / time.Since(start).Seconds(); perSecond < tt.atLeast || perSecond > tt.below {
				t.Errorf("strength %d: %.1f calls per second", tt.strength, perSecond)
			}
			if s.most > 16 || s.failures > tt.failures {
				t.Errorf("strength %d: %d at once, %d failures", tt.strength, s.most, s.failures)
			}
		})
	}
}

func TestPolitePaceAndRefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, err := transport.NewPolite(transport.PoliteConfig{Rate: 2, Burst: 4})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for range 24 {
			drain(t, b, 1)
		}
		if took := time.Since(start).Round(time.Millisecond); took != 10*time.Second {
			t.Errorf("24 calls at 2 per second with a burst of 4 took %s", took)
		}
		before := b.Concurrency()
		p, err := b.Reserve(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		p.Settle(transport.Settlement{Refused: true, Wait: 7 * time.Second})
		refused := time.Now()
		drain(t, b, 1)
		if waited := time.Since(refused); waited != 7*time.Second || b.Concurrency() != before/2 {
			t.Errorf("waited %s, concurrency %d after %d", waited, b.Concurrency(), before)
		}
		for _, cfg := range []transport.PoliteConfig{{Concurrency: -1}, {Concurrency: 4, MaxConcurrency: 2}, {Rate: -1}, {Burst: -1}} {
			if _, err := transport.NewPolite(cfg); !errors.Is(err, catalog.ErrInvalid) {
				t.Errorf("%+v: %v", cfg, err)
			}
		}
	})
}
