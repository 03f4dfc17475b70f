package inboxtest

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// These rules hold for the inbox together with the Dispatcher, so that pulling
// and scheduling inboxes give the same.
var dispatchRules = []rule{
	{name: "a dispatcher handles every event once", run: dispatchAll},
	{name: "a dispatcher tries again until it works, and gives up where it cannot", run: dispatchFailures},
	{name: "a dispatcher that stops gives back what it has not done", run: dispatchStops},
}

// dispatch runs a dispatcher for so many attempts, or until s.stop is called,
// and waits for its end.
func (s *suite) dispatch(h webhook.Handler, attempts int) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), time.Minute)
	defer cancel()
	s.stop = cancel
	var mu sync.Mutex
	d := webhook.NewDispatcher(nil, s.inbox)
	d.Workers, d.MaxTries, d.Poll, d.Keep, d.Grace = 4, 3, 5*time.Millisecond, -1, 10*time.Millisecond
	if s.h.OwnClock {
		d.Backoff = func(int) time.Duration { return 0 }
	} else {
		d.Backoff = func(int) time.Duration { return time.Until(s.clock.now()) }
	}
	d.Logger = slog.New(slog.DiscardHandler)
	d.OnAny(h)
	d.OnAttempt = func(context.Context, webhook.AttemptReport) {
		mu.Lock()
		defer mu.Unlock()
		if attempts--; attempts == 0 {
			cancel()
		}
	}
	if err := d.Run(ctx); err != nil {
		s.Fatalf("Run: %v", err)
	}
	if attempts > 0 {
		s.Fatalf("%d attempts are missing after a minute", attempts)
	}
}

func dispatchAll(s *suite) {
	const n = 100
	s.fresh(entries(0, n)...)
	var mu sync.Mutex
	handled := make(map[string]int)
	s.dispatch(func(_ context.Context, e catalog.Event) error {
		mu.Lock()
		defer mu.Unlock()
		handled[e.Key]++
		return nil
	}, n)
	for i := range n {
		if got := handled[event(i).Key]; got != 1 {
			s.Errorf("event %d was handled %d times", i, got)
		}
	}
	if page := s.search(webhook.Query{States: []webhook.State{webhook.StateDone}, Limit: 500}); len(page.Records) != n {
		s.Errorf("%d of %d events are done", len(page.Records), n)
	}
}

func dispatchFailures(s *suite) {
	ids := s.fresh(entries(0, 5)...)
	s.dispatch(func(ctx context.Context, e catalog.Event) error {
		attempt, _ := webhook.DeliveredFrom(ctx)
		switch e.Key {
		case event(0).Key: // fails twice
			if attempt.Attempt < 3 {
				return errors.New("not yet")
			}
		case event(1).Key: // always fails
			return errors.New("never")
		case event(2).Key:
			return webhook.Permanent(errors.New("cannot be read"))
		case event(3).Key:
			panic("a bug")
		case event(4).Key:
			return webhook.ErrIgnored
		}
		return nil
	}, 3+3+1+3+1)
	for i, want := range []struct {
		state    webhook.State
		attempts int
		err      string
	}{{webhook.StateDone, 3, ""}, {webhook.StateDead, 3, "never"}, {webhook.StateDead, 1, "cannot be read"}, {webhook.StateDead, 3, "panic: a bug"}, {webhook.StateIgnored, 1, ""}} {
		if r := s.get(ids[i]); r.State != want.state || r.Attempts != want.attempts || r.LastError != want.err || len(r.History) != want.attempts {
			s.Errorf("event %d is %s after %d attempts, error %q; want %+v", i, r.State, r.Attempts, r.LastError, want)
		}
	}
}

func dispatchStops(s *suite) {
	const n = 40
	s.fresh(entries(0, n)...)
	var calls atomic.Int32
	s.dispatch(func(ctx context.Context, _ catalog.Event) error {
		if calls.Add(1) <= 5 {
			return nil
		}
		s.stop()
		<-ctx.Done() // its time is over, and it has not done it
		return context.Cause(ctx)
	}, 0)
	page := s.search(webhook.Query{Limit: 500})
	done := 0
	for _, r := range page.Records {
		switch r.State {
		case webhook.StateDone:
			done++
		case webhook.StatePending:
		default:
			s.Fatalf("an event is %s after the dispatcher stopped; want it still run by nobody", r.State)
		}
	}
	if done != 5 {
		s.Errorf("%d are done; want 5", done)
	}
	s.dispatch(func(context.Context, catalog.Event) error { return nil }, n-done)
}
