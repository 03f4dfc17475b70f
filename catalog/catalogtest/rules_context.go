package catalogtest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

var contextRules = []rule{
	{name: "a call cancelled while it waits for the answer returns", check: cancelAnswer, core: true},
	{name: "a call cancelled while it waits to repeat returns", check: cancelBackoff},
	{name: "a call cancelled while it waits for the budget returns", check: cancelBudget},
	{name: "a call cancelled before it begins sends nothing", check: cancelBefore},
	{name: "a deadline ends a call and a list", check: deadline, core: true},
	{name: "a cancelled list ends with the context's error once and last", check: cancelList, core: true},
}

// returns runs a call, waits until ready says that it is where it should be,
// cancels it and holds that it comes back soon with the context's error.
func (x *session) returns(what string, ready func() bool, call func(context.Context) error) {
	x.t.Helper()
	ctx, cancel := context.WithCancel(x.t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- call(ctx) }()
	if !x.wire.until(within(x.t, patience), ready) {
		x.t.Errorf("%s: the call did not get there", what)
	}
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			x.t.Errorf("%s: %v, want context.Canceled in its tree", what, err)
		} else {
			x.watch.note("error: %v", err)
			x.worded(err, what)
		}
	case <-time.After(prompt):
		x.t.Errorf("%s: the call is still waiting %v after it was cancelled", what, prompt)
	}
}

func cancelAnswer(t testing.TB, s *suite) {
	x := s.open(t)
	x.wire.inject(fault{hold: true, times: -1})
	flying := func() bool { return x.wire.inFlight > 0 }
	x.returns("a call", flying, x.call)
	for _, k := range x.listed() {
		x.returns("a list of "+string(k.resource), flying, func(ctx context.Context) error {
			_, err := catalog.Collect(k.list(ctx, x.engine, query{}))
			return err
		})
	}
}

func cancelBackoff(t testing.TB, s *suite) {
	for name, f := range map[string]fault{
		"a server error": {answer: &Answer{Status: 503, Header: html(503).Header}, times: -1},
		"a 429":          {answer: tooMany(text("8"))(), times: -1},
	} {
		x := s.open(t)
		x.wire.inject(f)
		x.returns("a call after "+name, func() bool { return x.wire.requests > 0 && x.wire.inFlight == 0 }, x.call)
	}
}

// cancelBudget has one call throttled, which holds up the next.
func cancelBudget(t testing.TB, s *suite) {
	x := s.open(t)
	x.wire.inject(fault{answer: tooMany(text("8"))(), times: -1})
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() { first <- x.call(ctx) }()
	x.wire.until(within(t, patience), func() bool { return x.wire.requests > 0 && x.wire.inFlight == 0 })
	for range 3 {
		before := x.watch.begun()
		x.returns("a call behind a throttled one", func() bool { return x.watch.begun() > before }, x.call)
	}
	cancel()
	select {
	case <-first:
	case <-time.After(prompt):
		t.Errorf("the throttled call is still waiting %v after it was cancelled", prompt)
	}
}

func cancelBefore(t testing.TB, s *suite) {
	x := s.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := x.call(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a call with a dead context: %v", err)
	}
	for _, k := range x.listed() {
		if got, err := catalog.Collect(k.list(ctx, x.engine, query{})); !errors.Is(err, context.Canceled) || len(got) > 0 {
			t.Errorf("a list of %s with a dead context: %d records, %v", k.resource, len(got), err)
		}
	}
	if n := x.wire.sent(); n > 0 {
		t.Errorf("%d requests were sent with a dead context", n)
	}
}

func deadline(t testing.TB, s *suite) {
	x := s.open(t)
	x.wire.inject(fault{hold: true, times: -1})
	soon := func() context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}
	late := func(what string, start time.Time, err error) {
		if took := time.Since(start); took > 100*time.Millisecond+prompt {
			t.Errorf("%s: returned %v after a deadline of 100ms", what, took)
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v, want context.DeadlineExceeded in its tree", what, err)
		}
	}
	start := time.Now()
	late("a call", start, x.call(soon()))
	for _, k := range coreKinds {
		start := time.Now()
		_, err := catalog.Collect(k.list(soon(), x.engine, query{}))
		late("a list of "+string(k.resource), start, err)
	}
}

func cancelList(t testing.TB, s *suite) {
	for _, k := range coreKinds {
		x := s.open(t, sized(30, 30, 30))
		ctx, cancel := context.WithCancel(t.Context())
		var failures []error
		n, after := 0, 0
		for v, err := range k.list(ctx, x.engine, query{ListOptions: catalog.ListOptions{PageSize: 3}}) {
			switch {
			case err != nil:
				failures = append(failures, err)
				if v.id != "" {
					t.Errorf("%s: a record comes beside the error", k.resource)
				}
			case len(failures) > 0:
				after++
			}
			if n++; n == 2 {
				cancel()
			}
		}
		cancel()
		if len(failures) != 1 || after > 0 || !errors.Is(failures[0], context.Canceled) {
			t.Errorf("%s: a cancelled list yields %d errors (%v) and %d records after; want the context's error once and last",
				k.resource, len(failures), failures, after)
		}
		if n >= 30 {
			t.Errorf("%s: the list went on to its end although it was cancelled (%s)", k.resource, fmt.Sprint(n))
		}
	}
}
