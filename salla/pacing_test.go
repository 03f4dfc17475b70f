package salla_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// inBubble carries requests to a server without a socket, so that time can be
// that of a synctest bubble.
type inBubble struct {
	server  *sallatest.Server
	latency time.Duration
}

func (b inBubble) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case <-time.After(b.latency):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	w := httptest.NewRecorder()
	in := r.Clone(r.Context())
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "192.0.2.1:1"
	if in.Body == nil {
		in.Body = http.NoBody
	}
	b.server.ServeHTTP(w, in)
	return w.Result(), nil
}

// spend makes calls from many goroutines.
func spend(ctx context.Context, t *testing.T, goroutines, calls int, call func(ctx context.Context, n int) error) {
	t.Helper()
	var wg sync.WaitGroup
	work := make(chan int)
	for range goroutines {
		wg.Go(func() {
			for n := range work {
				if err := call(ctx, n); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range calls {
		work <- n
	}
	close(work)
	wg.Wait()
}

func TestKeepsToThePlanOfEachStore(t *testing.T) {
	t.Parallel()
	for plan, perMinute := range map[string]int{sallatest.PlanPlus: 120, sallatest.PlanPro: 360, sallatest.PlanSpecial: 720} {
		t.Run(plan, func(t *testing.T) {
			t.Parallel()
			server := newServer(t, sallatest.Config{Plan: plan, Clock: time.Now, Products: 10, Orders: -1, Customers: -1})
			const calls = 2000
			synctest.Test(t, func(t *testing.T) {
				adapter, err := salla.New(salla.Config{Transport: inBubble{server, 80 * time.Millisecond}})
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				spend(t.Context(), t, 32, calls, func(ctx context.Context, _ int) error {
					_, err := openStore(t, adapter, server.Store).Shop(ctx) // an engine each: they share the window
					return err
				})
				took := time.Since(start)
				if l := server.Ledger(); l.Throttled != 0 || l.Answered != calls {
					t.Errorf("ledger %+v", l)
				}
				// What the plan gives, and one a second once that is spent.
				best := time.Duration(float64(calls-perMinute) / float64(perMinute+50) * float64(time.Minute))
				if took > best+best/10+time.Minute {
					t.Errorf("%d calls took %s, about %s would do", calls, took, best)
				}
			})
		})
	}
}

func TestCustomersOfAllStoresShareOneBudget(t *testing.T) {
	t.Parallel()
	server := newServer(t, sallatest.Config{Plan: sallatest.PlanSpecial, Clock: time.Now, Products: -1, Orders: -1, Customers: 20})
	second := server.AddStore(&sallatest.Config{Plan: sallatest.PlanSpecial, Products: -1, Orders: -1, Customers: 20})
	synctest.Test(t, func(t *testing.T) {
		budget := customersWindow(t, 500, 10*time.Minute+2*time.Second)
		var engines []catalog.Engine
		for _, store := range []*sallatest.Store{server.Store, second} { // an adapter each, as in two apps
			adapter, err := salla.New(salla.Config{CustomersBudget: budget, Transport: inBubble{server, 50 * time.Millisecond}})
			if err != nil {
				t.Fatal(err)
			}
			engines = append(engines, openStore(t, adapter, store))
		}
		start := time.Now()
		spend(t.Context(), t, 16, 1200, func(ctx context.Context, n int) error {
			for _, err := range engines[n%2].Customers(ctx, catalog.CustomerQuery{ListOptions: catalog.ListOptions{Limit: 1}}) {
				return err
			}
			return nil
		})
		if l := server.CustomersLedger(); l.Throttled != 0 || l.Answered != 1200 {
			t.Errorf("ledger %+v", l)
		}
		if took := time.Since(start); took < 20*time.Minute || took > 24*time.Minute {
			t.Errorf("it took %s", took)
		}
		// Other calls do not wait for the customers' budget.
		start = time.Now()
		if _, err := engines[0].Shop(t.Context()); err != nil || time.Since(start) > 3*time.Second {
			t.Errorf("a call elsewhere took %s, %v", time.Since(start), err)
		}
	})
}

// Real time, a short window: nothing is throttled over sockets either.
func TestKeepsToAShortWindow(t *testing.T) {
	t.Parallel()
	server := newServer(t, sallatest.Config{Products: 10, Orders: -1, Customers: -1, PerMinute: 60, Window: 2 * time.Second})
	engine := openStore(t, newAdapter(t, server, salla.Config{}), server.Store)
	spend(t.Context(), t, 32, 150, func(ctx context.Context, _ int) error {
		_, err := engine.Shop(ctx)
		return err
	})
	if l := server.Ledger(); l.Throttled != 0 || l.Answered != 150 {
		t.Errorf("ledger %+v", l)
	}
}

func TestWaitsAsLongAsA429Asks(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sallatest.Fault{
		"seconds": sallatest.Throttle("2"), "decimal seconds": sallatest.Throttle("2.0"), "no header": sallatest.Throttle(""),
		"HTML": sallatest.ThrottleHTML("1"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newServer(t, sallatest.Config{Clock: time.Now, Products: -1, Orders: -1, Customers: -1})
			server.Inject(fault)
			synctest.Test(t, func(t *testing.T) {
				adapter, err := salla.New(salla.Config{Transport: inBubble{server, time.Millisecond}})
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				if _, err := openStore(t, adapter, server.Store).Shop(t.Context()); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); strings.Contains(name, "seconds") && took < 2*time.Second || took > time.Minute {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestAWaitForTheBudgetEndsWithTheContext(t *testing.T) {
	t.Parallel()
	server := newServer(t, sallatest.Config{Clock: time.Now, Products: -1, Orders: -1, Customers: -1})
	synctest.Test(t, func(t *testing.T) {
		adapter, err := salla.New(salla.Config{Transport: inBubble{server, time.Millisecond}})
		if err != nil {
			t.Fatal(err)
		}
		engine := openStore(t, adapter, server.Store)
		server.Inject(sallatest.Throttle("25"))
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err = engine.Shop(ctx)
		if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, catalog.ErrRateLimited) || time.Since(start) > 3*time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}
