package bigcommerce_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// inBubble carries requests to a server without a socket, so that time can be
// that of a synctest bubble. It counts how many are under way.
type inBubble struct {
	server  *bigcommercetest.Server
	latency time.Duration

	mu        sync.Mutex
	now, most int
}

func (b *inBubble) RoundTrip(r *http.Request) (*http.Response, error) {
	b.mu.Lock()
	b.now++
	b.most = max(b.most, b.now)
	b.mu.Unlock()
	defer func() { b.mu.Lock(); b.now--; b.mu.Unlock() }()
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

// shops makes calls from many goroutines, each through an engine of its own.
func shops(ctx context.Context, t *testing.T, adapter *bigcommerce.Adapter, store *bigcommercetest.Store, calls int) {
	t.Helper()
	work := make(chan int, calls)
	for n := range calls {
		work <- n
	}
	close(work)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for range work {
				if _, err := openStore(t, adapter, store).Shop(ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// The window of 30 seconds is the store's: all engines of it share it, never
// meet its end, and waste next to nothing of it.
func TestWindowOfThirtySeconds(t *testing.T) {
	t.Parallel()
	for plan, quota := range map[string]int{bigcommercetest.PlanStandard: 150, bigcommercetest.PlanPro: 450} {
		t.Run(plan, func(t *testing.T) {
			t.Parallel()
			server := newServer(t, bigcommercetest.Config{Plan: plan, Clock: time.Now, Products: -1, Orders: -1, Customers: -1})
			synctest.Test(t, func(t *testing.T) {
				wire := &inBubble{server: server, latency: 80 * time.Millisecond}
				adapter, err := bigcommerce.New(bigcommerce.Config{Transport: wire})
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				const windows = 6
				shops(t.Context(), t, adapter, server.Store, windows*quota)
				took := time.Since(start)
				if l := server.Ledger(); l.Throttled+l.Crowded != 0 || l.Answered != windows*quota {
					t.Errorf("ledger %+v", l)
				}
				last := time.Duration(quota/3+1) * 80 * time.Millisecond // the last window's calls, three at once
				if best := (windows-1)*30*time.Second + last; took > best+best/50 {
					t.Errorf("it took %s, %s would do", took, best)
				}
				if wire.most > 3 {
					t.Errorf("%d calls at once", wire.most)
				}
			})
		})
	}
}

// The quota is shared with other apps: what they take is seen in the headers.
func TestOtherAppsSpendTheQuotaToo(t *testing.T) {
	t.Parallel()
	server := newServer(t, bigcommercetest.Config{Clock: time.Now, Products: -1, Orders: -1, Customers: -1})
	synctest.Test(t, func(t *testing.T) {
		wire := &inBubble{server: server, latency: 50 * time.Millisecond}
		ours, err1 := bigcommerce.New(bigcommerce.Config{Transport: wire})
		others, err2 := bigcommerce.New(bigcommerce.Config{Transport: wire})
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		shops(t.Context(), t, others, server.Store, 100)
		shops(t.Context(), t, ours, server.Store, 200)
		if l := server.Ledger(); l.Throttled != 0 {
			t.Errorf("ledger %+v", l)
		}
	})
}

// Two adapters that keep to one budget without knowing of each other meet the
// end of the window together, and both come through.
func TestThrottledByOthersComesThrough(t *testing.T) {
	t.Parallel()
	server := newServer(t, bigcommercetest.Config{Clock: time.Now, Products: -1, Orders: -1, Customers: -1})
	synctest.Test(t, func(t *testing.T) {
		var both sync.WaitGroup
		for range 2 {
			adapter, err := bigcommerce.New(bigcommerce.Config{Transport: &inBubble{server: server, latency: 50 * time.Millisecond}})
			if err != nil {
				t.Fatal(err)
			}
			both.Go(func() { shops(t.Context(), t, adapter, server.Store, 150) })
		}
		start := time.Now()
		both.Wait()
		if l, took := server.Ledger(), time.Since(start); l.Answered != 300 || took > 61*time.Second {
			t.Errorf("ledger %+v in %s", l, took)
		}
	})
}

// How long a 429 waits: for the longer of the two headers; by itself where it
// has none, or where the quota is not used up and the store has merely too many
// calls under way.
func TestWaitsOf429(t *testing.T) {
	t.Parallel()
	crowded := bigcommercetest.Throttle(20_000, "")
	crowded.Header.Set("X-Rate-Limit-Requests-Left", "120")
	for name, c := range map[string]struct {
		fault    bigcommercetest.Fault
		from, to time.Duration
	}{
		"the window's end":              {bigcommercetest.Throttle(7300, ""), 7300 * time.Millisecond, 8 * time.Second},
		"the longer, of X-Retry-After":  {bigcommercetest.Throttle(2000, "9"), 9 * time.Second, 10 * time.Second},
		"the longer, of the window":     {bigcommercetest.Throttle(12_000, "1"), 12 * time.Second, 13 * time.Second},
		"decimals":                      {bigcommercetest.Throttle(100, "2.5"), 2500 * time.Millisecond, 3 * time.Second},
		"a page of HTML":                {bigcommercetest.ThrottleHTML("3"), 3 * time.Second, 4 * time.Second},
		"no headers: overload":          {bigcommercetest.Overload(), 250 * time.Millisecond, time.Second},
		"quota left: too many at once":  {crowded, 250 * time.Millisecond, time.Second},
		"headers that hold no numbers":  {bigcommercetest.Fault{Status: 429, Header: http.Header{"X-Rate-Limit-Time-Reset-Ms": {"soon"}, "X-Retry-After": {"later"}}}, 250 * time.Millisecond, time.Second},
		"a window longer than an hour?": {bigcommercetest.Throttle(-5, "1"), time.Second, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newServer(t, bigcommercetest.Config{Clock: time.Now, Products: -1, Orders: -1, Customers: -1})
			synctest.Test(t, func(t *testing.T) {
				adapter, err := bigcommerce.New(bigcommerce.Config{Transport: &inBubble{server: server}})
				if err != nil {
					t.Fatal(err)
				}
				engine := openStore(t, adapter, server.Store)
				server.Inject(c.fault)
				start := time.Now()
				if _, err := engine.Shop(t.Context()); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took < c.from || took > c.to {
					t.Errorf("repeated after %s, want %s to %s", took, c.from, c.to)
				}
			})
		})
	}
}

// A wait longer than the caller has is not begun.
func TestThrottledLongerThanTheCallerHas(t *testing.T) {
	t.Parallel()
	server := newServer(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	engine := openStore(t, newAdapter(t, server, bigcommerce.Config{}), server.Store)
	server.Inject(bigcommercetest.Throttle(25_000, "25").Repeat(-1))
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	_, err := engine.Shop(ctx)
	e, ok := errors.AsType[*catalog.Error](err)
	if !ok || e.Kind != catalog.ErrRateLimited || e.RetryAfter != 25*time.Second {
		t.Errorf("%v", err)
	}
}

// Without headers, as on plans without a limit, what Config.Quota says is kept
// to.
func TestQuotaWithoutHeaders(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		quota int
		most  time.Duration
	}{"the smallest plan's": {0, 31 * time.Second}, "what the host knows": {1000, 6 * time.Second}} {
		server := newServer(t, bigcommercetest.Config{Clock: time.Now, Unthrottled: true, Products: -1, Orders: -1, Customers: -1})
		server.Inject(bigcommercetest.WithoutRateHeaders().Repeat(-1))
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				adapter, err := bigcommerce.New(bigcommerce.Config{Quota: c.quota, Concurrency: 8, Transport: &inBubble{server: server, latency: 100 * time.Millisecond}})
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				shops(t.Context(), t, adapter, server.Store, 160)
				if took := time.Since(start); took > c.most || c.quota == 0 && took < 30*time.Second {
					t.Errorf("160 calls took %s", took)
				}
			})
		})
	}
}
