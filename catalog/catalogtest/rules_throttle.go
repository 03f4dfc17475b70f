package catalogtest

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

var throttleRules = []rule{
	{name: "a throttled call comes through after the wait, however it is told", check: throttleSurvived},
	{name: "a wait that the deadline has no room for fails at once and says how long", check: throttleTooLong},
	{name: "a throttled page neither loses nor repeats records", check: throttledPage, core: true},
	{name: "the platform's own throttling comes through", check: ownThrottle},
}

// atOnce runs a check for every named case at the same time, since most of
// them wait.
func atOnce[T any](t testing.TB, cases map[string]T, check func(name string, c T)) {
	t.Helper()
	var all sync.WaitGroup
	for name, c := range cases {
		all.Go(func() { check(name, c) })
	}
	all.Wait()
}

func tooMany(retryAfter func() string) func() *Answer {
	return func() *Answer {
		a := &Answer{Status: http.StatusTooManyRequests, Header: http.Header{}, Body: `{"error":"slow down {secret}"}`}
		if retryAfter != nil {
			a.Header.Set("Retry-After", retryAfter())
		}
		return a
	}
}

func text(s string) func() string { return func() string { return s } }

func inSeconds(n int) func() string {
	return func() string { return time.Now().Add(time.Duration(n) * time.Second).UTC().Format(http.TimeFormat) }
}

// throttles are 429 in all its forms, with the wait each asks for at least.
var throttles = map[string]struct {
	answer func() *Answer
	wait   time.Duration
}{
	"Retry-After in seconds":      {tooMany(text("1")), time.Second},
	"Retry-After in decimals":     {tooMany(text("1.0")), time.Second},
	"Retry-After as a date":       {tooMany(inSeconds(2)), time.Second},
	"no Retry-After":              {tooMany(nil), 0},
	"Retry-After of zero":         {tooMany(text("0")), 0},
	"Retry-After that is no time": {tooMany(text("soon")), 0},
	"a page and Retry-After":      {func() *Answer { return html(429, "Retry-After", "1") }, time.Second},
}

func throttleSurvived(t testing.TB, s *suite) {
	atOnce(t, throttles, func(name string, c struct {
		answer func() *Answer
		wait   time.Duration
	}) {
		x := s.open(t)
		x.wire.inject(fault{answer: c.answer()})
		start := time.Now()
		if err := x.call(within(t, patience)); err != nil {
			t.Errorf("429 with %s: %v", name, err)
		}
		// Slow machines only make this longer.
		if took := time.Since(start); took < c.wait-50*time.Millisecond {
			t.Errorf("429 with %s: repeated after %v, want %v at least", name, took, c.wait)
		}
		if n := x.wire.sent(); n != 2 {
			t.Errorf("429 with %s: %d requests, want 2", name, n)
		}
	})
}

func throttleTooLong(t testing.TB, s *suite) {
	cases := map[string]func() string{"seconds": text("55"), "decimals": text("55.0"), "a date": inSeconds(55), "an hour": text("3600")}
	atOnce(t, cases, func(name string, after func() string) {
		x := s.open(t)
		x.wire.inject(fault{answer: tooMany(after)(), times: -1})
		start := time.Now()
		err := x.call(within(t, 30*time.Second))
		if took := time.Since(start); took > 25*time.Second {
			t.Errorf("Retry-After of %s: gave up after %v, want at once", name, took)
		}
		x.fails(err, "429 with Retry-After of "+name, catalog.ErrRateLimited)
		if e, ok := errors.AsType[*catalog.Error](err); !ok || e.RetryAfter < 40*time.Second {
			t.Errorf("Retry-After of %s: the error does not say how long to wait: %v", name, err)
		}
		if n := x.wire.sent(); n != 1 {
			t.Errorf("Retry-After of %s: %d requests, want 1", name, n)
		}
	})
}

func throttledPage(t testing.TB, s *suite) {
	for _, k := range coreKinds {
		x := s.open(t)
		x.wire.inject(fault{answer: tooMany(text("0.2"))(), skip: 1})
		got, err := catalog.Collect(k.list(within(t, patience), x.engine, query{ListOptions: catalog.ListOptions{PageSize: 4}}))
		if err != nil {
			t.Errorf("%s with a throttled page: %v", k.resource, err)
		}
		once(t, fmt.Sprintf("%s with a throttled page", k.resource), ids(got), k.truth(x.Store).IDs())
	}
}

func ownThrottle(t testing.TB, s *suite) {
	if s.Answers.Throttled.Status == 0 {
		t.Skip("the platform throttles by 429 alone")
	}
	x := s.open(t)
	x.wire.inject(fault{answer: &s.Answers.Throttled})
	if err := x.call(within(t, patience)); err != nil {
		t.Errorf("a throttled call: %v", err)
	}
	x.wire.inject(fault{answer: &s.Answers.Throttled, times: -1})
	err := x.call(within(t, time.Second))
	x.fails(err, "a call that stays throttled", catalog.ErrRateLimited)
}
