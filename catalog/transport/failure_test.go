package transport_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

func TestConfigErrorsNameTheField(t *testing.T) {
	t.Parallel()
	tests := map[string]transport.Config{
		"Platform":       {},
		"MaxBody":        {Platform: "acme", MaxBody: -1},
		"Attempts":       {Platform: "acme", Attempts: -1},
		"MaxWait":        {Platform: "acme", MaxWait: -1},
		"AttemptTimeout": {Platform: "acme", AttemptTimeout: -1},
	}
	for field, cfg := range tests {
		_, err := transport.New(cfg)
		if e, ok := errors.AsType[*catalog.ConfigError](err); !ok || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// What the classifier finds out is in the error, shortened where the platform
// is wordy.
func TestVerdictFillsTheError(t *testing.T) {
	t.Parallel()
	fields := []catalog.FieldError{{Field: "title", Code: "blank", Message: "can't be blank"}}
	c := client(t, transport.Config{Transport: wire(says(200, "{}", "X-Trace", "r-9")), RequestIDHeader: "X-Trace",
		Classify: func(*transport.Response) transport.Verdict {
			return transport.Verdict{Outcome: transport.Fail, Code: "BAD", Message: strings.Repeat("é", 1000), Hint: "fill it in", Fields: fields}
		}})
	_, err := c.Do(t.Context(), get(t))
	e, _ := errors.AsType[*catalog.Error](err)
	want := &catalog.Error{Platform: "acme", Op: "list products", Kind: catalog.ErrInvalid, Status: 200, Code: "BAD",
		Message: strings.Repeat("é", 150) + "…", Hint: "fill it in", Fields: fields, RequestID: "r-9"}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	kinds := map[transport.Outcome]catalog.Kind{transport.Fail: catalog.ErrInvalid, transport.Throttled: catalog.ErrRateLimited,
		transport.Transient: catalog.ErrUnavailable, transport.Unauthorized: catalog.ErrUnauthorized}
	for outcome, kind := range kinds {
		c := client(t, transport.Config{Transport: wire(says(200, "{}")), Attempts: 1,
			Classify: func(*transport.Response) transport.Verdict { return transport.Verdict{Outcome: outcome} }})
		if _, err := c.Do(t.Context(), get(t)); catalog.KindOf(err) != kind {
			t.Errorf("%s: %v", outcome, err)
		}
	}
}

// A cause whose text had to be cleaned still answers errors.Is, but does not
// hand out what was cleaned.
func TestCleanedCause(t *testing.T) {
	t.Parallel()
	broken := wire(func(r *http.Request) (*http.Response, error) {
		return nil, errors.Join(&url.Error{Op: "Get", URL: r.URL.String(), Err: io.ErrUnexpectedEOF})
	})
	req := get(t)
	req.URL = address(t, "https://acme.example/x?key=canary")
	_, err := client(t, transport.Config{Transport: broken, Attempts: 1}).Do(t.Context(), req)
	if _, leaked := errors.AsType[*url.Error](err); leaked || !errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "canary") {
		t.Errorf("%v", err)
	}
}

// A refreshed credential earns an attempt, and troubles after it are retried
// as any other.
func TestTroubleAfterARefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		platform := &script{answers: []func(*http.Request) (*http.Response, error){says(401, ""), says(503, ""), says(429, "", "Retry-After", "1"), says(200, "{}")}}
		req := get(t)
		req.Credential = &source{tokens: []string{"old", "new"}}
		start := time.Now()
		resp, err := client(t, transport.Config{Transport: platform, Attempts: 3}).Do(t.Context(), req)
		if err != nil || resp.Attempts != 4 || time.Since(start) < time.Second {
			t.Errorf("%+v, %v", resp, err)
		}
	})
}

func TestCalledOffNamesWhatWasDone(t *testing.T) {
	t.Parallel()
	own := &catalog.Error{Platform: "acme", Op: "list orders", Kind: catalog.ErrRateLimited, Err: context.DeadlineExceeded}
	other := errors.New("other")
	for _, err := range []error{nil, own, other} {
		if got := transport.CalledOff("acme", "list products", err); got != err {
			t.Errorf("%v became %v", err, got)
		}
	}
	for _, err := range []error{context.Canceled, fmt.Errorf("between: %w", context.DeadlineExceeded)} {
		got, ok := transport.CalledOff("acme", "list products", err).(*catalog.Error)
		if !ok || got.Platform != "acme" || got.Op != "list products" || got.Kind != catalog.ErrUnavailable || !errors.Is(got, err) {
			t.Errorf("%v became %v", err, got)
		}
	}
}
