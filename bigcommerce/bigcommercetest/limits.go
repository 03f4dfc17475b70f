package bigcommercetest

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// window is a quota of requests for a span of time, shared by every client of a
// store. The span begins with the first request after the last one ended.
type window struct {
	mu    sync.Mutex
	quota int
	span  time.Duration
	end   time.Time
	used  int
}

// verdict is what the quota says to one request.
type verdict struct {
	ok          bool
	quota, left int
	span, reset time.Duration
}

func (w *window) take(now time.Time, free bool) verdict {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !now.Before(w.end) {
		w.end, w.used = now.Add(w.span), 0
	}
	v := verdict{ok: true, quota: w.quota, span: w.span, reset: w.end.Sub(now)}
	switch {
	case w.used < w.quota:
		w.used++
	case !free:
		v.ok = false
	}
	v.left = w.quota - w.used
	return v
}

// headers writes the four rate headers, and on a refusal X-Retry-After.
func (v verdict) headers(h http.Header) {
	millis := int64((v.reset + time.Millisecond - 1) / time.Millisecond)
	h.Set("X-Rate-Limit-Time-Window-Ms", strconv.FormatInt(v.span.Milliseconds(), 10))
	h.Set("X-Rate-Limit-Time-Reset-Ms", strconv.FormatInt(millis, 10))
	h.Set("X-Rate-Limit-Requests-Quota", strconv.Itoa(v.quota))
	h.Set("X-Rate-Limit-Requests-Left", strconv.Itoa(v.left))
	if !v.ok {
		h.Set("X-Retry-After", strconv.FormatInt(max(1, (millis+999)/1000), 10))
	}
}

const msgThrottled = "Too many requests"

// admit charges the store's quota and answers 429 when it is used up.
func (c *call) admit() bool {
	st := c.store
	v := st.quota.take(st.now(), st.cfg.Unthrottled)
	v.headers(c.header)
	st.count(func(l *Ledger) {
		if v.ok {
			l.Answered++
		} else {
			l.Throttled++
		}
	})
	if !v.ok {
		c.fail(http.StatusTooManyRequests, msgThrottled)
	}
	return v.ok
}

// enter counts the request among those under way, in all and on its route. It
// answers 429 where a cap is reached: with the rate headers of a quota that is
// not used up and without X-Retry-After, since the documents promise neither.
func (c *call) enter(to *route) (leave func(), ok bool) {
	st := c.store
	st.mu.Lock()
	defer st.mu.Unlock()
	key := to.method + " " + to.pattern
	over := to.inFlight > 0 && st.inFlight[key] >= to.inFlight ||
		st.cfg.MaxInFlight > 0 && st.inFlight[""] >= st.cfg.MaxInFlight
	if over && !st.cfg.Unthrottled {
		st.ledger.Answered--
		st.ledger.Crowded++
		c.fail(http.StatusTooManyRequests, msgThrottled)
		return nil, false
	}
	alone := ""
	if to.alone {
		alone = key + " " + c.args[0]
		if st.inFlight[alone]++; st.inFlight[alone] > 1 {
			defer c.violation("beside another of the same order, which is not supported")
		}
	}
	st.inFlight[key]++
	st.inFlight[""]++
	return func() {
		st.mu.Lock()
		if to.alone {
			st.inFlight[alone]--
		}
		st.inFlight[key]--
		st.inFlight[""]--
		st.mu.Unlock()
	}, true
}
