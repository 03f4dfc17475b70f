package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

func TestErrorText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  *catalog.Error
		want string
	}{
		"all": {
			err: &catalog.Error{Platform: "shopify", Op: "list products", Kind: catalog.ErrRateLimited, Status: 429, Code: "THROTTLED", Message: "Too many requests",
				Hint: "come back later", RequestID: "r-1", RetryAfter: 2900 * time.Millisecond, Err: io.ErrUnexpectedEOF,
				Fields: []catalog.FieldError{{Field: "query", Code: "COST", Message: "is too costly"}, {Field: "first", Message: "is too large"}, {Message: "no part"}}},
			want: "shopify: list products: rate limited (429 THROTTLED): Too many requests; query: is too costly (COST); first: is too large; no part: unexpected EOF; retry after 2.9s; come back later [request r-1]",
		},
		"kind alone":         {err: &catalog.Error{Kind: catalog.ErrNotFound}, want: "not found"},
		"nothing":            {err: &catalog.Error{}, want: "failed"},
		"platform and op":    {err: &catalog.Error{Platform: "shopify", Op: "list products", Kind: catalog.ErrUnavailable}, want: "shopify: list products: unavailable"},
		"no platform":        {err: &catalog.Error{Op: "get account", Kind: catalog.ErrNotFound}, want: "get account: not found"},
		"status alone":       {err: &catalog.Error{Kind: catalog.ErrUnavailable, Status: 502}, want: "unavailable (502)"},
		"code alone":         {err: &catalog.Error{Kind: catalog.ErrForbidden, Code: "ACCESS_DENIED"}, want: "forbidden (ACCESS_DENIED)"},
		"retry rounds":       {err: &catalog.Error{Kind: catalog.ErrRateLimited, RetryAfter: 1234567 * time.Nanosecond}, want: "rate limited; retry after 1ms"},
		"cause of ours":      {err: &catalog.Error{Platform: "salla", Op: "get order", Kind: catalog.ErrUnauthorized, Err: &catalog.Error{Op: "refresh credential", Kind: catalog.ErrReauthorize}}, want: "salla: get order: unauthorized: refresh credential: merchant must reconnect"},
		"kind made up":       {err: &catalog.Error{Kind: "teapot"}, want: "teapot"},
		"negative retry":     {err: &catalog.Error{Kind: catalog.ErrRateLimited, RetryAfter: -time.Second}, want: "rate limited"},
		"unsupported helper": {err: catalog.Unsupported("magento", "add note", "use a status comment").(*catalog.Error), want: "magento: add note: unsupported; use a status comment"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
}

// net/http's errors repeat the URL, whose query may hold a key.
func TestErrorTextHasNoURL(t *testing.T) {
	t.Parallel()
	cause := &url.Error{Op: "Get", URL: "https://shop.example/wp-json?consumer_secret=" + canary, Err: io.EOF}
	for name, err := range map[string]error{
		"direct":  cause,
		"wrapped": fmt.Errorf("attempt 3: %w", cause),
		"twice":   &url.Error{Op: "Get", URL: "https://x/?k=" + canary, Err: cause},
		"ours":    &catalog.Error{Op: "send", Kind: catalog.ErrUnavailable, Err: cause},
		"joined":  errors.Join(errors.New("first"), cause),
	} {
		outer := &catalog.Error{Platform: "woocommerce", Op: "list products", Kind: catalog.ErrUnavailable, Err: err}
		if text := outer.Error(); strings.Contains(text, "secret") || strings.Contains(text, "http") || leaks(text) != "" || !strings.Contains(text, "EOF") {
			t.Errorf("%s: %s", name, text)
		}
		if !errors.Is(outer, io.EOF) {
			t.Errorf("%s: the cause is lost", name)
		}
	}
}

var kinds = []catalog.Kind{catalog.ErrRateLimited, catalog.ErrUnauthorized, catalog.ErrReauthorize, catalog.ErrForbidden, catalog.ErrNotFound,
	catalog.ErrInvalid, catalog.ErrConflict, catalog.ErrUnavailable, catalog.ErrOutcomeUnknown, catalog.ErrUnsupported, catalog.ErrBadAnswer}

func TestErrorIs(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		err := fmt.Errorf("host: %w", &catalog.Error{Platform: "shopify", Op: "list products", Kind: kind})
		for _, target := range kinds {
			want := kind == target || kind == catalog.ErrReauthorize && target == catalog.ErrUnauthorized
			if got := errors.Is(err, target); got != want {
				t.Errorf("a %q error: Is(%q) = %v, want %v", kind, target, got, want)
			}
		}
		if got := errors.Is(err, errors.ErrUnsupported); got != (kind == catalog.ErrUnsupported) {
			t.Errorf("a %q error: Is(errors.ErrUnsupported) = %v", kind, got)
		}
		if errors.Is(err, context.Canceled) {
			t.Errorf("a %q error is a cancellation", kind)
		}
		if got := catalog.KindOf(err); got != kind {
			t.Errorf("KindOf = %q, want %q", got, kind)
		}
		if !errors.Is(error(kind), kind) {
			t.Errorf("%q is not itself", kind)
		}
	}
}

func TestErrorWraps(t *testing.T) {
	t.Parallel()
	inner := &catalog.Error{Op: "refresh credential", Kind: catalog.ErrReauthorize, RetryAfter: time.Second}
	err := fmt.Errorf("sync: %w", &catalog.Error{Platform: "salla", Op: "list orders", Kind: catalog.ErrUnavailable, Err: errors.Join(context.DeadlineExceeded, inner)})
	for _, target := range []error{catalog.ErrUnavailable, context.DeadlineExceeded, catalog.ErrReauthorize, catalog.ErrUnauthorized} {
		if !errors.Is(err, target) {
			t.Errorf("Is(%v) is false", target)
		}
	}
	found, ok := errors.AsType[*catalog.Error](err)
	if !ok || found.Op != "list orders" {
		t.Errorf("AsType found %+v; want the outer error", found)
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	unavailable := &catalog.Error{Kind: catalog.ErrUnavailable}
	for name, c := range map[string]struct {
		err  error
		want catalog.Kind
	}{
		"nil":               {nil, ""},
		"foreign":           {io.EOF, ""},
		"bare kind":         {fmt.Errorf("x: %w", catalog.ErrConflict), catalog.ErrConflict},
		"config":            {&catalog.ConfigError{Platform: "shopify", Field: "ClientID", Reason: "is empty"}, catalog.ErrInvalid},
		"item":              {&catalog.ItemError{Err: io.EOF}, catalog.ErrBadAnswer},
		"item of ours":      {&catalog.ItemError{Err: unavailable}, catalog.ErrBadAnswer},
		"unknown platform":  {&catalog.UnknownPlatformError{}, catalog.ErrNotFound},
		"outcome":           {&catalog.OutcomeError{Err: unavailable}, catalog.ErrOutcomeUnknown},
		"batch of one kind": {&catalog.BatchError{Failed: map[int]error{7: unavailable, 2: unavailable}}, catalog.ErrUnavailable},
		"mixed batch":       {&catalog.BatchError{Failed: map[int]error{7: io.EOF, 2: unavailable}}, ""},
		"outer first":       {&catalog.Error{Kind: catalog.ErrForbidden, Err: unavailable}, catalog.ErrForbidden},
	} {
		if got := catalog.KindOf(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if c.want != "" && !errors.Is(c.err, c.want) {
			t.Errorf("%s: errors.Is disagrees with KindOf", name)
		}
	}
}

func TestConfigError(t *testing.T) {
	t.Parallel()
	var err error = &catalog.ConfigError{Platform: "shopify", Field: "ClientSecret", Reason: "is empty; take it from the app's settings"}
	if want := "shopify: config: ClientSecret is empty; take it from the app's settings"; err.Error() != want || !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestOutcomeError(t *testing.T) {
	t.Parallel()
	err := error(&catalog.OutcomeError{
		Err:     &catalog.Error{Platform: "salla", Op: "cancel order", Kind: catalog.ErrUnavailable, Err: io.ErrUnexpectedEOF},
		Confirm: func(context.Context) (catalog.Outcome, error) { return catalog.OutcomeDone, nil },
	})
	err = fmt.Errorf("host: %w", err)
	if !errors.Is(err, catalog.ErrOutcomeUnknown) || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "salla: cancel order") {
		t.Errorf("got %v", err)
	}
	found, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok {
		t.Fatal("not found by its type")
	}
	if outcome, err := found.Confirm(t.Context()); outcome != catalog.OutcomeDone || err != nil {
		t.Errorf("Confirm = %v, %v", outcome, err)
	}
}

func TestBatchError(t *testing.T) {
	t.Parallel()
	first := &catalog.Error{Platform: "shopify", Op: "set inventory", Kind: catalog.ErrConflict, Message: "level changed"}
	err := &catalog.BatchError{Platform: "shopify", Op: "set inventory", Total: 5, Failed: map[int]error{4: io.EOF, 1: first}}
	if want := "shopify: set inventory: 2 of 5 items failed, the others are done; first, item 1: shopify: set inventory: conflict: level changed"; err.Error() != want {
		t.Errorf("got %s\nwant %s", err, want)
	}
	if errors.Is(err, catalog.ErrConflict) || errors.Is(err, io.EOF) {
		t.Error("the kind of one item speaks for the batch")
	}
	if err.Failed[4] = first; !errors.Is(err, catalog.ErrConflict) || errors.Is(err, catalog.ErrNotFound) {
		t.Error("the kind that all items share is not the batch's")
	}
	if errors.Is(&catalog.BatchError{}, catalog.ErrConflict) {
		t.Error("a batch without failures is a conflict")
	}
	if text := (&catalog.BatchError{Platform: "x", Op: "y"}).Error(); text != "x: y: no item failed" {
		t.Errorf("empty batch: %s", text)
	}
}
