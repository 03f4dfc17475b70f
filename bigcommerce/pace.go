package bigcommerce

import (
	"cmp"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/transport"
)

// A store's plan decides its quota; the first answer tells it. Other apps
// spend from it too.
// https://developer.bigcommerce.com/docs/api-docs/getting-started/api-rate-limits
const (
	smallestQuota = 150
	quotaPeriod   = 30 * time.Second
	// resetSlack covers the way of an answer: the window ends at BigCommerce.
	resetSlack = 50 * time.Millisecond
	// callsAtOnce is what the documents once asked for everywhere, and still do
	// for writes of customers.
	callsAtOnce = 3
)

func newWindow(quota int) transport.Budget {
	w, err := transport.NewWindow(transport.WindowConfig{
		Limit: float64(cmp.Or(quota, smallestQuota)), Period: quotaPeriod, Slack: resetSlack,
	})
	if err != nil {
		panic(err) // the values were checked in New
	}
	return w
}

func newLanes(most int) transport.Budget {
	most = cmp.Or(most, callsAtOnce)
	p, err := transport.NewPolite(transport.PoliteConfig{Concurrency: most, MaxConcurrency: most})
	if err != nil {
		panic(err) // the values were checked in New
	}
	return p
}

// observed reads what the headers say of the store's quota; nil when they are
// absent.
func observed(h http.Header) *transport.Observed {
	quota, ok1 := headerNumber(h, "X-Rate-Limit-Requests-Quota")
	left, ok2 := headerNumber(h, "X-Rate-Limit-Requests-Left")
	if !ok1 || !ok2 || quota <= 0 {
		return nil
	}
	o := &transport.Observed{Available: float64(max(left, 0)), Capacity: float64(quota)}
	if reset, ok := resetIn(h); ok {
		o.ResetIn = max(reset, time.Millisecond)
	}
	return o
}

// resetIn is how much of the window is left.
func resetIn(h http.Header) (time.Duration, bool) {
	millis, ok := headerNumber(h, "X-Rate-Limit-Time-Reset-Ms")
	return time.Duration(min(max(millis, 0), time.Hour.Milliseconds())) * time.Millisecond, ok
}

// throttledFor is how long a 429 asks to wait: the longest of what it says, 0
// when it says nothing. While the quota is not used up the window's end means
// nothing: then the platform has too many calls under way, or too much to do.
func throttledFor(resp *transport.Response) time.Duration {
	wait, _ := transport.RetryAfter(resp.Header, resp.Received)
	if own := resp.Header.Get("X-Retry-After"); own != "" {
		renamed := http.Header{"Retry-After": {own}, "Date": resp.Header["Date"]}
		also, _ := transport.RetryAfter(renamed, resp.Received)
		wait = max(wait, also)
	}
	if o := observed(resp.Header); o != nil && o.Available > 0 {
		return wait
	}
	reset, _ := resetIn(resp.Header)
	return max(wait, reset)
}

func headerNumber(h http.Header, name string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(h.Get(name)), 10, 64)
	return n, err == nil && n < math.MaxInt32
}

// settled adds what the answer says of the quota to a verdict. A refusal that
// names no wait is no sign that the quota is spent, so it only makes the store
// be asked less at once.
func settled(v transport.Verdict, resp *transport.Response) transport.Verdict {
	o := observed(resp.Header)
	switch {
	case v.Outcome != transport.Throttled:
		v.Settlement = &transport.Settlement{Charged: 1, Observed: o}
	case v.RetryAfter == 0:
		v.Settlement = &transport.Settlement{Charged: 1, Failed: true, Observed: o}
	default:
		v.Settlement = &transport.Settlement{Refused: true, Wait: v.RetryAfter, Observed: o}
	}
	return v
}
