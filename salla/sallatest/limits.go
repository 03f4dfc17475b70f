package sallatest

import (
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// window is a budget of requests for a span of time. When it is used up it lets
// one more through per leak until the span ends; a leak of 0 lets none.
type window struct {
	mu         sync.Mutex
	limit      int
	span, leak time.Duration
	end        time.Time
	used       int
	fullAt     time.Time // when the last of the budget went
	leaked     int
	ledger     Ledger
}

func newWindow(limit int, span, leak time.Duration) *window {
	return &window{limit: limit, span: span, leak: leak}
}

// verdict is what a window says to one request.
type verdict struct {
	ok        bool
	limit     int
	remaining int
	reset     time.Time
	retry     time.Duration // until the next request would pass
}

// take charges one request. The span begins with the first request after the
// last one ended, cut to the whole second so that the header can name its end
// exactly; a span under a second begins when it begins.
func (w *window) take(now time.Time, free bool) verdict {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !now.Before(w.end) {
		start := now
		if w.span >= time.Second {
			start = now.Truncate(time.Second)
		}
		w.end, w.used, w.leaked = start.Add(w.span), 0, 0
	}
	w.ledger.Requests++
	v := verdict{ok: true, limit: w.limit, reset: w.end}
	switch {
	case free:
		v.remaining = w.limit
	case w.used < w.limit:
		w.used++
		w.fullAt = now
		v.remaining = w.limit - w.used
	case w.leak > 0 && int(now.Sub(w.fullAt)/w.leak) > w.leaked:
		w.leaked++
	default:
		v.ok = false
		v.retry = w.end.Sub(now)
		if w.leak > 0 {
			v.retry = min(v.retry, w.fullAt.Add(time.Duration(w.leaked+1)*w.leak).Sub(now))
		}
		w.ledger.Throttled++
		return v
	}
	w.ledger.Answered++
	return v
}

func (v verdict) headers(h http.Header) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(v.limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(v.remaining))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(ceilUnix(v.reset), 10))
	if !v.ok {
		setRetryAfter(h, v.retry)
	}
}

func setRetryAfter(h http.Header, d time.Duration) {
	h.Set("Retry-After", strconv.Itoa(max(1, int((d+time.Second-1)/time.Second))))
}

func ceilUnix(t time.Time) int64 {
	if t.Nanosecond() == 0 {
		return t.Unix()
	}
	return t.Unix() + 1
}

// customersWindow returns the budget of the client's address.
func (s *Server) customersWindow(r *http.Request) *window {
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		ip = r.RemoteAddr
	}
	if w, ok := s.customers.Load(ip); ok {
		return w.(*window)
	}
	w, _ := s.customers.LoadOrStore(ip, newWindow(s.cfg.CustomersLimit, s.cfg.CustomersWindow, 0))
	return w.(*window)
}

// admit charges the store's budget, then the customers' one, and answers 429
// when either says no. The headers are the store's in both cases.
func (c *call) admit() bool {
	now := c.store.now()
	v := c.store.limit.take(now, c.store.cfg.Unthrottled)
	v.headers(c.header)
	if v.ok && (c.path == "/customers" || len(c.path) > 10 && c.path[:11] == "/customers/") {
		w := c.server.customersWindow(c.r).take(now, c.server.cfg.Unthrottled)
		if !w.ok {
			setRetryAfter(c.header, w.retry)
			v.ok = false
		}
	}
	c.store.count(func(l *Ledger) {
		if v.ok {
			l.Answered++
		} else {
			l.Throttled++
		}
	})
	if !v.ok {
		// The body of a 429 is not documented; this is the usual envelope.
		c.fail(http.StatusTooManyRequests, `"error"`, "Too Many Attempts.")
	}
	return v.ok
}
