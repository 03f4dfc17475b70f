package transport_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

func TestStatusClasses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status   int
		read     catalog.Kind // "" means accepted
		write    catalog.Kind
		attempts int // of the read
	}{
		{200, "", "", 1},
		{204, "", "", 1},
		{304, catalog.ErrBadAnswer, catalog.ErrBadAnswer, 1},
		{400, catalog.ErrInvalid, catalog.ErrInvalid, 1},
		{401, catalog.ErrUnauthorized, catalog.ErrUnauthorized, 1},
		{402, catalog.ErrForbidden, catalog.ErrForbidden, 1},
		{403, catalog.ErrForbidden, catalog.ErrForbidden, 1},
		{404, catalog.ErrNotFound, catalog.ErrNotFound, 1},
		{408, catalog.ErrUnavailable, catalog.ErrOutcomeUnknown, 3},
		{409, catalog.ErrConflict, catalog.ErrConflict, 1},
		{418, catalog.ErrInvalid, catalog.ErrInvalid, 1},
		{422, catalog.ErrInvalid, catalog.ErrInvalid, 1},
		{423, catalog.ErrForbidden, catalog.ErrForbidden, 1},
		{429, catalog.ErrRateLimited, catalog.ErrRateLimited, 3},
		{500, catalog.ErrUnavailable, catalog.ErrOutcomeUnknown, 3},
		{501, catalog.ErrUnsupported, catalog.ErrUnsupported, 1},
		{502, catalog.ErrUnavailable, catalog.ErrOutcomeUnknown, 3},
		{503, catalog.ErrUnavailable, catalog.ErrOutcomeUnknown, 3},
		{504, catalog.ErrUnavailable, catalog.ErrOutcomeUnknown, 3},
		{520, catalog.ErrUnavailable, catalog.ErrOutcomeUnknown, 3},
		{527, catalog.ErrUnavailable, catalog.ErrOutcomeUnknown, 3},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				platform := &script{answers: []func(*http.Request) (*http.Response, error){
					says(tt.status, `{"message":"so it is"}`, "X-Request-Id", "r-1")}}
				c := client(t, transport.Config{Transport: platform, Attempts: 3})
				check := func(req *transport.Request, want catalog.Kind) {
					t.Helper()
					resp, err := c.Do(t.Context(), req)
					if got := catalog.KindOf(err); got != want {
						t.Errorf("%s: kind %q, want %q: %v", req.Op, got, want, err)
					}
					if resp == nil || resp.Status != tt.status {
						t.Errorf("%s: the last answer was lost: %+v", req.Op, resp)
					}
					if e, ok := errors.AsType[*catalog.Error](err); ok && (e.Message != "so it is" || e.RequestID != "r-1" || e.Status != tt.status || e.Platform != "acme" || e.Op != req.Op) {
						t.Errorf("%s: incomplete error %+v", req.Op, e)
					}
				}
				check(get(t), tt.read)
				if got := platform.count(); got != tt.attempts {
					t.Errorf("read took %d attempts, want %d", got, tt.attempts)
				}
				check(post(t), tt.write)
			})
		})
	}
}

func TestRetriedWriteThatWasThrottled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		platform := &script{answers: []func(*http.Request) (*http.Response, error){
			says(429, "", "Retry-After", "2.0"), says(429, "<html>busy</html>", "Content-Type", "text/html"), says(201, "{}")}}
		c := client(t, transport.Config{Transport: platform})
		start := time.Now()
		resp, err := c.Do(t.Context(), post(t))
		if err != nil || resp.Status != 201 || resp.Attempts != 3 {
			t.Fatalf("%+v, %v", resp, err)
		}
		if waited := time.Since(start); waited < 2500*time.Millisecond || waited > 3500*time.Millisecond {
			t.Errorf("waited %s: 2 s were asked for, then half to one and a half seconds chosen", waited)
		}
	})
}

func TestRetryQuotaInAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		down := true
		platform := &script{answers: []func(*http.Request) (*http.Response, error){func(r *http.Request) (*http.Response, error) {
			if down {
				return answer(503, ""), nil
			}
			return answer(200, "{}"), nil
		}}}
		c := client(t, transport.Config{Transport: platform, RetryQuota: 10})
		for range 100 {
			if _, err := c.Do(t.Context(), get(t)); !errors.Is(err, catalog.ErrUnavailable) {
				t.Fatal(err)
			}
		}
		if got := platform.count(); got != 110 {
			t.Errorf("%d requests for 100 calls with 10 retries on credit", got)
		}
		down = false
		for range 20 { // earns two retries
			if _, err := c.Do(t.Context(), get(t)); err != nil {
				t.Fatal(err)
			}
		}
		down = true
		before := platform.count()
		_, err := c.Do(t.Context(), get(t))
		if got := platform.count() - before; got != 3 {
			t.Errorf("%d attempts after 20 successes: %v", got, err)
		}
	})
}
