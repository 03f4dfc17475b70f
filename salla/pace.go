package salla

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog/transport"
)

// A store's plan decides its window; the first answer tells it. Until then the
// smallest limit Salla's pages mention is kept to, since the calls sent before
// the first answer are all that can go wrong.
// https://docs.salla.dev/421125m0
const (
	firstLimit  = 60
	storePeriod = time.Minute
	slowRate    = 1 // calls a second once the window is spent
	// resetSlack covers that resets are told in whole seconds.
	resetSlack = time.Second
)

func newStoreWindow() *transport.Window {
	return mustWindow(transport.WindowConfig{Limit: firstLimit, Period: storePeriod, SlowRate: slowRate, Slack: resetSlack})
}

// The customers endpoints allow so many calls per IP address.
// https://docs.salla.dev/421127m0 (2.9.1)
const (
	customersLimit  = 500
	customersPeriod = 10 * time.Minute
)

// processCustomers is the budget all adapters share that bring none of their
// own: what Salla counts by address cannot be counted by adapter. It begins
// with the first call, a little before Salla's own, and so ends a little
// later.
var processCustomers = sync.OnceValue(func() transport.Budget {
	return mustWindow(transport.WindowConfig{Limit: customersLimit, Period: customersPeriod + 2*time.Second})
})

func mustWindow(config transport.WindowConfig) *transport.Window {
	w, err := transport.NewWindow(config)
	if err != nil {
		panic(err) // the constants above are good
	}
	return w
}

// budgetFor is what a call to the path below the API's root is charged to.
func (e *Engine) budgetFor(path string) transport.Budget {
	if isCustomers(path) {
		return transport.Chain(e.adapter.customers, e.budget)
	}
	return e.budget
}

func isCustomers(path string) bool {
	return path == "/customers" || strings.HasPrefix(path, "/customers/")
}

// observed reads what the headers say of the store's window. Reset is Unix
// seconds; a clock far from Salla's is told by the answer's own date.
func observed(resp *transport.Response) *transport.Observed {
	limit, ok1 := headerNumber(resp.Header, "X-RateLimit-Limit")
	left, ok2 := headerNumber(resp.Header, "X-RateLimit-Remaining")
	if !ok1 || !ok2 || limit <= 0 || limit == customersLimit { // the last one counts something else
		return nil
	}
	o := &transport.Observed{Available: float64(max(left, 0)), Capacity: float64(limit)}
	if reset, ok := headerNumber(resp.Header, "X-RateLimit-Reset"); ok {
		now := resp.Received
		if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil && now.Sub(date).Abs() > 5*time.Second {
			now = date
		}
		o.ResetIn = min(max(time.Unix(reset, 0).Sub(now), time.Millisecond), time.Hour)
	}
	return o
}

func headerNumber(h http.Header, name string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(h.Get(name)), 10, 64)
	return n, err == nil
}

// settled adds what the answer says of the window to a verdict.
func settled(v transport.Verdict, resp *transport.Response) transport.Verdict {
	v.Settlement = &transport.Settlement{Charged: 1, Observed: observed(resp)}
	if v.Outcome == transport.Throttled {
		v.Settlement = &transport.Settlement{Refused: true, Wait: v.RetryAfter, Observed: observed(resp)}
	}
	return v
}
