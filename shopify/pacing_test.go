package shopify_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// errands sends calls of very different cost from many goroutines, turn by
// turn to the given engines, and returns how many failed.
func errands(t *testing.T, goroutines, each int, engines ...catalog.Engine) (failures int) {
	t.Helper()
	products, err := catalog.Collect(engines[0].Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{Limit: 20}}))
	if err != nil {
		t.Fatal(err)
	}
	orders, err := catalog.Collect(engines[0].Orders(t.Context(), catalog.OrderQuery{ListOptions: catalog.ListOptions{Limit: 20}}))
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var wait sync.WaitGroup
	for g := range goroutines {
		wait.Go(func() {
			engine := engines[g%len(engines)]
			for i := range each {
				var err error
				switch (g + i) % 4 {
				case 0:
					_, err = engine.Product(t.Context(), products[(g+i)%20].ID)
				case 1:
					_, err = engine.Order(t.Context(), orders[(g+i)%20].ID)
				case 2:
					_, err = engine.Shop(t.Context())
				case 3:
					query := catalog.CustomerQuery{ListOptions: catalog.ListOptions{Limit: 50}}
					_, err = catalog.Collect(engine.Customers(t.Context(), query))
				}
				if err != nil {
					t.Error(err)
					mu.Lock()
					failures++
					mu.Unlock()
				}
			}
		})
	}
	wait.Wait()
	return failures
}

func TestManyGoroutinesAreNeverThrottled(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{Bucket: shopifytest.Bucket{Capacity: 1000, Restore: 8000}})
	failures := errands(t, 32, 12, open(t, server))
	if l := server.Ledger(); l.Throttled != 0 || failures != 0 {
		t.Errorf("%d throttled of %d requests, %d failures; want none", l.Throttled, l.Requests, failures)
	}
}

func TestEnginesOfOneStoreShareABudget(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{Bucket: shopifytest.Bucket{Capacity: 1000, Restore: 8000}})
	app, err := shopify.New(shopify.Config{Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	var engines []catalog.Engine
	for range 2 {
		engine, err := app.Open(catalog.Account{Store: server.Shop()}, catalog.StaticToken(server.Token()))
		if err != nil {
			t.Fatal(err)
		}
		engines = append(engines, engine)
	}
	failures := errands(t, 32, 8, engines...)
	if l := server.Ledger(); l.Throttled != 0 || failures != 0 {
		t.Errorf("%d throttled of %d requests, %d failures; want none", l.Throttled, l.Requests, failures)
	}
}

// Another program with the same app spends points too; only it can cause a
// throttled answer, and that one is repeated.
func TestForeignSpenderIsSurvived(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{Bucket: shopifytest.Bucket{Capacity: 4000, Restore: 8000}})
	engine, foreign := open(t, server), open(t, server) // two adapters: two ideas of the bucket
	var wait sync.WaitGroup
	wait.Go(func() { errands(t, 8, 12, foreign) })
	if failures := errands(t, 8, 12, engine); failures != 0 {
		t.Errorf("%d calls failed beside a foreign spender", failures)
	}
	wait.Wait()
}

func TestThrottledAnswerIsRepeated(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Shop", Throttle: true, Times: 2})
	if _, err := open(t, server).Shop(t.Context()); err != nil {
		t.Error(err)
	}
	server.Inject(shopifytest.Fault{Operation: "Shop", Throttle: true, Times: -1})
	_, err := openWith(t, server, shopify.Config{Attempts: 1}, catalog.StaticToken(server.Token())).Shop(t.Context())
	if !errors.Is(err, catalog.ErrRateLimited) {
		t.Errorf("with one attempt: %v, want ErrRateLimited", err)
	}
}

// waits lists everything a call can wait for. Each is set up so that the wait
// would last for ever, or for minutes, without the context.
var waits = map[string]func(t testing.TB) (*shopifytest.Server, shopifytest.Fault){
	"the budget": func(t testing.TB) (*shopifytest.Server, shopifytest.Fault) {
		return shopifytest.NewServer(&shopifytest.Config{Bucket: shopifytest.Bucket{Capacity: 700, Restore: 0.001}}), shopifytest.Fault{Operation: "none"}
	},
	"the answer": func(t testing.TB) (*shopifytest.Server, shopifytest.Fault) {
		return shopifytest.NewServer(nil), shopifytest.Fault{Operation: "Products", Times: -1, Delay: time.Hour}
	},
	"the next attempt": func(t testing.TB) (*shopifytest.Server, shopifytest.Fault) {
		fault := shopifytest.RetryAfter("50")
		fault.Operation, fault.Times = "Products", -1
		return shopifytest.NewServer(nil), fault
	},
}

// interrupt starts a list that has to wait, cancels its context and returns
// how long the call took to notice.
func interrupt(t testing.TB, what string) time.Duration {
	server, fault := waits[what](t)
	defer server.Close()
	app, err := shopify.New(shopify.Config{Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := app.Open(catalog.Account{Store: server.Shop()}, catalog.StaticToken(server.Token()))
	if err != nil {
		t.Fatal(err)
	}
	server.Inject(fault)
	ctx, cancel := context.WithCancel(t.Context())
	var cancelled time.Time
	timer := time.AfterFunc(300*time.Millisecond, func() { cancelled = time.Now(); cancel() })
	defer timer.Stop()
	_, err = catalog.Collect(engine.Products(ctx, catalog.ProductQuery{}))
	took := time.Since(cancelled)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("waiting for %s: %v, want the context's error", what, err)
	}
	return took
}

func TestCancelledContextEndsAnyWait(t *testing.T) {
	t.Parallel()
	for what := range waits {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			t.Logf("ended after %v", interrupt(t, what))
		})
	}
}

// BenchmarkCancel prints how long after the cancellation a waiting call
// returns.
func BenchmarkCancel(b *testing.B) {
	for what := range waits {
		b.Run(what, func(b *testing.B) {
			var worst time.Duration
			for b.Loop() {
				worst = max(worst, interrupt(b, what))
			}
			b.ReportMetric(float64(worst.Microseconds())/1000, "worst-ms")
		})
	}
}

// BenchmarkStandardPlan sends a store's worth of calls from 32 goroutines
// against the real-time bucket of the standard plan and prints the wall time
// over the least possible: what the server charged, less what the bucket held,
// over the refill rate. Run it with -benchtime 1x; it takes over a minute.
func BenchmarkStandardPlan(b *testing.B) {
	for b.Loop() {
		server := shopifytest.NewServer(&shopifytest.Config{Orders: 500})
		app, err := shopify.New(shopify.Config{Transport: server.Transport()})
		if err != nil {
			b.Fatal(err)
		}
		engine, err := app.Open(catalog.Account{Store: server.Shop()}, catalog.StaticToken(server.Token()))
		if err != nil {
			b.Fatal(err)
		}
		ids := server.Orders()
		var wait sync.WaitGroup
		start := time.Now()
		for g := range 32 {
			wait.Go(func() {
				for i := range 14 {
					if _, err := engine.Order(b.Context(), gidOf(ids[g*14+i].ID)); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wait.Wait()
		wall := time.Since(start)
		l := server.Ledger()
		least := (l.PointsCharged - l.Capacity) / l.Restore
		b.ReportMetric(float64(l.Throttled), "throttled")
		b.ReportMetric(float64(l.Answered), "answered")
		b.ReportMetric(l.PointsCharged, "points")
		b.ReportMetric(wall.Seconds()/least, "wall/least")
		server.Close()
	}
}
