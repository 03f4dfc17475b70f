package bigcommercetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// ErrUndelivered says that every attempt of a delivery failed.
var ErrUndelivered = errors.New("bigcommercetest: webhook not delivered")

// retryMinutes are the pauses before the eleven retries.
var retryMinutes = []int{1, 3, 5, 10, 15, 30, 60, 120, 360, 840, 1440}

// ackTimeout is how long a receiver has; the platform waits about that long.
const ackTimeout = 10 * time.Second

// Attempt is one try of a delivery.
type Attempt struct {
	Status int   // 0 when no answer came
	Err    error // what went wrong when none came
}

func (a Attempt) ok() bool { return a.Status >= 200 && a.Status < 300 }

// Deliver posts the delivery until it is answered with 2xx: once and then
// eleven times more, on the platform's schedule scaled by Config.RetryUnit, with
// the same bytes and id and a fresh timestamp each time unless it was forged or
// changed. The error wraps ErrUndelivered when all failed, or is the context's.
func (s *Server) Deliver(ctx context.Context, url string, d Delivery) ([]Attempt, error) {
	return s.deliver(ctx, url, d, nil)
}

func (s *Server) deliver(ctx context.Context, url string, d Delivery, noted func(Attempt)) ([]Attempt, error) {
	client := &http.Client{Timeout: ackTimeout, Transport: s.cfg.HookTransport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	if client.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		defer t.CloseIdleConnections()
		client.Transport = t
	}
	genuine := d.genuine()
	var tries []Attempt
	for {
		a := d.try(ctx, client, url)
		if ctx.Err() != nil {
			return append(tries, a), ctx.Err()
		}
		tries = append(tries, a)
		if noted != nil {
			noted(a)
		}
		if a.ok() {
			return tries, nil
		}
		if len(tries) > len(retryMinutes) {
			return tries, fmt.Errorf("%w: %s, %d attempts, last status %d", ErrUndelivered, d.Scope, len(tries), a.Status)
		}
		timer := time.NewTimer(time.Duration(retryMinutes[len(tries)-1]) * s.cfg.RetryUnit)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return tries, ctx.Err()
		}
		if genuine {
			d = d.Signed(d.secret, s.cfg.Clock())
		}
	}
}

// genuine says whether the signature is the one its own secret makes.
func (d Delivery) genuine() bool {
	h := d.Header
	return d.secret != "" && h.Get(HeaderSignature) == "v1,"+Sign(d.secret, h.Get(HeaderID), h.Get(HeaderTimestamp), d.Body)
}

func (d Delivery) try(ctx context.Context, client *http.Client, url string) Attempt {
	r, err := d.Request(ctx, url)
	if err != nil {
		return Attempt{Err: err}
	}
	res, err := client.Do(r)
	if err != nil {
		return Attempt{Err: err}
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20)) // only for keep-alive
	return Attempt{Status: res.StatusCode}
}

// Result is what became of one event for one hook.
type Result struct {
	Hook     Hook
	Event    Event
	Attempts []Attempt
	Blocked  bool // not tried: the destination's domain is blocked
	Err      error
}

// DeliverEvents sends the events that happened since the last call to the hooks
// that were registered for them when they happened, with the hook's headers,
// signed with the secret of the hook's account, one after the other, retried as
// by Deliver. A hook whose retries are used up is switched off. Events for a
// blocked domain stay for a later call. The error is the context's.
func (s *Store) DeliverEvents(ctx context.Context) ([]Result, error) {
	var out []Result
	var kept []queued
	defer func() {
		s.mu.Lock()
		s.hooks.queue = append(kept, s.hooks.queue...)
		s.mu.Unlock()
	}()
	for {
		s.mu.Lock()
		if len(s.hooks.queue) == 0 {
			s.mu.Unlock()
			return out, nil
		}
		q := s.hooks.queue[0]
		s.hooks.queue = s.hooks.queue[1:]
		blocked := s.now().Before(s.hooks.domain(q.hook.Destination).blockedUntil)
		s.mu.Unlock()
		if blocked {
			kept = append(kept, q)
			out = append(out, Result{Hook: q.hook, Event: q.event, Blocked: true})
			continue
		}
		r := s.deliverTo(ctx, q)
		out = append(out, r)
		if ctx.Err() != nil {
			kept = append(kept, q)
			return out, ctx.Err()
		}
	}
}

func (s *Store) deliverTo(ctx context.Context, q queued) Result {
	r := Result{Hook: q.hook, Event: q.event}
	exception := q.event.Scope == "store/hook/deliveryException"
	report := func(code int, text string) {
		if !exception {
			s.fire("store/hook/deliveryException", fmt.Sprintf(`{"type":"webhook","id":%d,"error_code":%d,"message":%q}`, q.hook.ID, code, text))
		}
	}
	failed := false
	r.Attempts, r.Err = s.server.deliver(ctx, q.hook.Destination, s.deliveryOf(q.event, q.hook.secret, q.hook.Headers), func(a Attempt) {
		s.mu.Lock()
		blocked := s.hooks.note(q.hook.Destination, s.now(), a.ok())
		s.mu.Unlock()
		if !a.ok() && !failed {
			failed = true
			report(90001, "Non-200 response received when delivering to "+q.hook.Destination+", will retry")
		}
		if blocked {
			report(90003, "The domain of "+q.hook.Destination+" is blocked")
		}
	})
	if errors.Is(r.Err, ErrUndelivered) {
		s.mu.Lock()
		if h := s.hooks.find(q.hook.ID); h != nil {
			h.Active, h.Deactivated = false, true
		}
		s.mu.Unlock()
		report(90002, "Retries to "+q.hook.Destination+" are used up, the webhook is off")
	}
	return r
}
