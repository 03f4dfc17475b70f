package transport_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

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

// The budget may say at once that there is no time for a second attempt. What
// the caller has to know is what the first one failed of.
func TestBudgetWithoutTimeForAnotherAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bucket, err := transport.NewBucket(transport.BucketConfig{Capacity: 1, RestoreRate: 0.01, Margin: -1})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		req := get(t)
		req.Budget, req.Cost = bucket, 1
		platform := &script{answers: []func(*http.Request) (*http.Response, error){says(502, "")}}
		_, err = client(t, transport.Config{Transport: platform}).Do(ctx, req)
		e, _ := errors.AsType[*catalog.Error](err)
		if e == nil || e.Kind != catalog.ErrUnavailable || e.Status != 502 || !errors.Is(err, context.DeadlineExceeded) || e.RetryAfter < time.Minute {
			t.Errorf("%+v", err)
		}
		if platform.count() != 1 {
			t.Errorf("%d attempts, want 1", platform.count())
		}
	})
}

// lateContext ends without anybody who waits for it being told yet, as a
// deadline does that passes just when a timer fires.
type lateContext struct {
	context.Context
	over atomic.Bool
}

func (c *lateContext) Err() error {
	if c.over.Load() {
		return context.DeadlineExceeded
	}
	return nil
}

// ends ends the context when a retry is announced.
type ends struct {
	slog.Handler
	ctx *lateContext
}

func (e ends) Enabled(context.Context, slog.Level) bool { return true }
func (e ends) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "retrying" {
		e.ctx.over.Store(true)
	}
	return nil
}

// A context that ends with the wait for the next attempt fails the call for
// what it failed for, not for want of a permit.
func TestContextEndsWithTheWait(t *testing.T) {
	t.Parallel()
	for kind, says := range map[catalog.Kind]func(*http.Request) (*http.Response, error){
		catalog.ErrUnavailable: says(500, "", "Retry-After", "1"), catalog.ErrRateLimited: says(429, "", "Retry-After", "1"),
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx := &lateContext{Context: context.Background()}
			bucket, err := transport.NewBucket(transport.BucketConfig{Capacity: 10, RestoreRate: 1})
			if err != nil {
				t.Fatal(err)
			}
			platform := &script{answers: []func(*http.Request) (*http.Response, error){says}}
			req := get(t)
			req.Budget, req.Cost = bucket, 1
			_, err = client(t, transport.Config{Transport: platform, Logger: slog.New(ends{slog.DiscardHandler, ctx})}).Do(ctx, req)
			if e, _ := errors.AsType[*catalog.Error](err); e == nil || e.Kind != kind || e.RetryAfter != time.Second || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v", err)
			}
			if platform.count() != 1 {
				t.Errorf("%d attempts", platform.count())
			}
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

// expiredContext has a deadline that has passed without the context having ended
// yet, as a timer on a busy machine leaves it.
type expiredContext struct{ context.Context }

func (expiredContext) Deadline() (time.Time, bool) { return time.Now().Add(-time.Millisecond), true }

func TestADeadlineThatHasPassedIsNoRateLimit(t *testing.T) {
	t.Parallel()
	budget, err := transport.NewPolite(transport.PoliteConfig{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = budget.Reserve(expiredContext{t.Context()}, 1)
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, catalog.ErrRateLimited) {
		t.Error(err)
	}
}

// onePermit gives one permit, and none after it.
type onePermit struct{ given bool }

func (b *onePermit) Reserve(ctx context.Context, _ float64) (transport.Permit, error) {
	if b.given {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	b.given = true
	return freePermit{}, nil
}

type freePermit struct{}

func (freePermit) Settle(transport.Settlement) {}

// TestAContextThatEndsBeforeTheNextPermit: the call failed for the answer it
// had, not for want of a permit.
func TestAContextThatEndsBeforeTheNextPermit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		req := get(t)
		req.Budget = &onePermit{}
		_, err := client(t, transport.Config{Transport: &script{answers: []func(*http.Request) (*http.Response, error){says(500, ``)}}}).Do(ctx, req)
		failed, ok := errors.AsType[*catalog.Error](err)
		if !ok || failed.Kind != catalog.ErrUnavailable || failed.Status != 500 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}
