package transport_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
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

func TestWaitsTheCallCannotAfford(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		answer     func(*http.Request) (*http.Response, error)
		deadline   time.Duration
		kind       catalog.Kind
		retryAfter time.Duration
		late       bool // the error is the deadline's
	}{
		{"Retry-After beyond MaxWait", says(429, "", "Retry-After", "3600"), 0, catalog.ErrRateLimited, time.Hour, false},
		{"503 beyond MaxWait", says(503, "", "Retry-After", "61"), 0, catalog.ErrUnavailable, 61 * time.Second, false},
		{"Retry-After beyond the deadline", says(429, "", "Retry-After", "10"), 5 * time.Second, catalog.ErrRateLimited, 10 * time.Second, true},
		{"503 beyond the deadline", says(503, "", "Retry-After", "10"), 5 * time.Second, catalog.ErrUnavailable, 10 * time.Second, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tt.deadline > 0 {
					var cancel func()
					ctx, cancel = context.WithTimeout(ctx, tt.deadline)
					defer cancel()
				}
				platform := &script{answers: []func(*http.Request) (*http.Response, error){tt.answer}}
				start := time.Now()
				resp, err := client(t, transport.Config{Transport: platform}).Do(ctx, get(t))
				e, _ := errors.AsType[*catalog.Error](err)
				if e == nil || e.Kind != tt.kind || e.RetryAfter != tt.retryAfter || resp == nil {
					t.Fatalf("%+v, %v", resp, err)
				}
				if errors.Is(err, context.DeadlineExceeded) != tt.late {
					t.Errorf("DeadlineExceeded is %v, want %v: %v", !tt.late, tt.late, err)
				}
				if time.Since(start) != 0 || platform.count() != 1 {
					t.Errorf("slept %s, %d attempts", time.Since(start), platform.count())
				}
			})
		})
	}
}

func TestCancelledWaits(t *testing.T) {
	t.Parallel()
	stuck := func(*http.Request) (*http.Response, error) { // headers, then nothing
		r, _ := io.Pipe()
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: r, ContentLength: -1}, nil
	}
	tests := []struct {
		name   string
		answer func(*http.Request) (*http.Response, error)
		paced  bool
		write  catalog.Kind
	}{
		{"budget", says(200, "{}"), true, catalog.ErrRateLimited},
		{"backoff", says(429, "", "Retry-After", "30"), false, catalog.ErrRateLimited},
		{"headers", hangs, false, catalog.ErrOutcomeUnknown},
		{"body", func(r *http.Request) (*http.Response, error) {
			resp, err := stuck(r)
			pipe := resp.Body.(*io.PipeReader)
			context.AfterFunc(r.Context(), func() { pipe.CloseWithError(context.Cause(r.Context())) })
			return resp, err
		}, false, catalog.ErrOutcomeUnknown},
	}
	for _, tt := range tests {
		for _, req := range []*transport.Request{get(t), post(t)} {
			t.Run(tt.name+" "+req.Op, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					if tt.paced {
						bucket, err := transport.NewBucket(transport.BucketConfig{Capacity: 1, RestoreRate: 0.01, Margin: -1})
						if err != nil {
							t.Fatal(err)
						}
						p, err := bucket.Reserve(t.Context(), 1)
						if err != nil {
							t.Fatal(err)
						}
						p.Settle(transport.Settlement{Charged: 1})
						req.Budget, req.Cost = bucket, 1
					}
					ctx, cancel := context.WithCancel(t.Context())
					start := time.Now()
					time.AfterFunc(time.Second, cancel)
					c := client(t, transport.Config{Transport: &script{answers: []func(*http.Request) (*http.Response, error){tt.answer}}})
					_, err := c.Do(ctx, req)
					if !errors.Is(err, context.Canceled) {
						t.Errorf("context.Canceled is not in the tree: %v", err)
					}
					if time.Since(start) != time.Second {
						t.Errorf("returned %s after the cancellation", time.Since(start)-time.Second)
					}
					if req.Method == http.MethodPost && catalog.KindOf(err) != tt.write {
						t.Errorf("kind %q, want %q", catalog.KindOf(err), tt.write)
					}
				})
			})
		}
	}
}

func TestAttemptTimeoutLeavesOutTheBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bucket, err := transport.NewBucket(transport.BucketConfig{Capacity: 10, RestoreRate: 0.1, Margin: -1})
		if err != nil {
			t.Fatal(err)
		}
		p, err := bucket.Reserve(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		p.Settle(transport.Settlement{Charged: 10})
		platform := &script{answers: []func(*http.Request) (*http.Response, error){hangs, says(200, "{}")}}
		c := client(t, transport.Config{Transport: platform, AttemptTimeout: 5 * time.Second})
		req := get(t)
		req.Budget, req.Cost = bucket, 3
		start := time.Now()
		if _, err := c.Do(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		// 30 s for the first permit. Its attempt hangs and may have been
		// charged, so that the second permit takes 30 s from then.
		if took := time.Since(start).Round(time.Second); took != 60*time.Second {
			t.Errorf("took %s", took)
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

func TestRefreshAfterUnauthorized(t *testing.T) {
	t.Parallel()
	accept := func(token string) func(*http.Request) (*http.Response, error) {
		return func(r *http.Request) (*http.Response, error) {
			if r.Header.Get("Authorization") == "Bearer "+token {
				return answer(200, "{}"), nil
			}
			return answer(401, `{"error":"expired"}`), nil
		}
	}
	tests := []struct {
		name      string
		source    *source
		attempts  int
		refreshes int
		kind      catalog.Kind
	}{
		{"new token works", &source{tokens: []string{"old", "new"}}, 2, 1, ""},
		{"new token refused too", &source{tokens: []string{"old", "bad", "new"}}, 2, 1, catalog.ErrUnauthorized},
		{"refresh refused", &source{tokens: []string{"old"}, err: &catalog.Error{Op: "refresh", Kind: catalog.ErrReauthorize}}, 1, 0, catalog.ErrReauthorize},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			platform := &script{answers: []func(*http.Request) (*http.Response, error){accept("new")}}
			req := post(t)
			req.Credential = tt.source
			resp, err := client(t, transport.Config{Transport: platform, Attempts: 1}).Do(t.Context(), req)
			if catalog.KindOf(err) != tt.kind || resp == nil {
				t.Errorf("kind %q, want %q: %v", catalog.KindOf(err), tt.kind, err)
			}
			if e, ok := errors.AsType[*catalog.Error](err); ok && e.Status != 401 {
				t.Errorf("status %d", e.Status)
			}
			if platform.count() != tt.attempts || tt.source.refreshes != tt.refreshes {
				t.Errorf("%d attempts, %d refreshes", platform.count(), tt.source.refreshes)
			}
		})
	}
	t.Run("concurrent", func(t *testing.T) {
		t.Parallel()
		s := &source{tokens: []string{"old", "new"}}
		c := client(t, transport.Config{Transport: wire(accept("new"))})
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				req := post(t)
				req.Credential = s
				if _, err := c.Do(t.Context(), req); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if s.refreshes != 1 {
			t.Errorf("%d refreshes", s.refreshes)
		}
	})
}

func TestCredentialFailures(t *testing.T) {
	t.Parallel()
	platform := &script{answers: []func(*http.Request) (*http.Response, error){says(200, "{}")}}
	c := client(t, transport.Config{Transport: platform})
	tests := []struct {
		name string
		set  func(*transport.Request)
		kind catalog.Kind
		text string
	}{
		{"empty token", func(r *transport.Request) { r.Credential = catalog.StaticToken("") }, catalog.ErrUnauthorized, "acme: list products: credential: unauthorized: the credential is empty"},
		{"no access token", func(r *transport.Request) {
			r.Credential = catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret("ck_1")})
		}, catalog.ErrUnauthorized, "holds no access token"},
		{"authorizer", func(r *transport.Request) {
			r.Credential = catalog.StaticToken("shpat_canary")
			r.Authorize = func(_ *http.Request, c catalog.Credential) error {
				return fmt.Errorf("cannot sign with %s", c.AccessToken.Reveal())
			}
		}, catalog.ErrUnauthorized, "cannot sign with REDACTED"},
	}
	for _, tt := range tests {
		req := get(t)
		tt.set(req)
		_, err := c.Do(t.Context(), req)
		if catalog.KindOf(err) != tt.kind || !strings.Contains(fmt.Sprint(err), tt.text) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if platform.count() != 0 {
		t.Errorf("%d requests were sent", platform.count())
	}
}

func TestInvalidRequests(t *testing.T) {
	t.Parallel()
	c := client(t, transport.Config{Transport: wire(says(200, "{}"))})
	for _, raw := range []string{"ftp://acme.example/", "//acme.example/", "https:///x", "https://u:secretpass@acme.example/"} {
		_, err := c.Do(t.Context(), &transport.Request{Op: "x", URL: address(t, raw)})
		if !errors.Is(err, catalog.ErrInvalid) || strings.Contains(err.Error(), "secretpass") {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if _, err := c.Do(t.Context(), &transport.Request{Op: "x"}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no URL: %v", err)
	}
}
