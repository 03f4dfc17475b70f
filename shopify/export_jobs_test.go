package shopify_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// TestExportIsNeverAShortSuccess: an operation that does not end well, or whose
// result is not whole, is an error after what could be read.
func TestExportIsNeverAShortSuccess(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault shopifytest.BulkFault
		kind  catalog.Kind
		says  string
	}{
		"it fails":                 {shopifytest.BulkFault{Status: "FAILED", ErrorCode: "TIMEOUT"}, catalog.ErrUnavailable, "ended as FAILED"},
		"it fails with a part":     {shopifytest.BulkFault{Status: "FAILED", ErrorCode: "INTERNAL_SERVER_ERROR", Partial: 5}, catalog.ErrUnavailable, "a part of the data"},
		"a scope is missing":       {shopifytest.BulkFault{Status: "FAILED", ErrorCode: "ACCESS_DENIED"}, catalog.ErrForbidden, "scope"},
		"somebody cancels it":      {shopifytest.BulkFault{Status: "CANCELED"}, catalog.ErrUnavailable, "ended as CANCELED"},
		"it expires":               {shopifytest.BulkFault{Status: "EXPIRED"}, catalog.ErrUnavailable, "ended as EXPIRED"},
		"the result is short":      {shopifytest.BulkFault{Short: 1}, catalog.ErrBadAnswer, "19 of 20 products"},
		"the result breaks off":    {shopifytest.BulkFault{Cut: true}, catalog.ErrUnavailable, "breaks off"},
		"a row has no parent":      {shopifytest.BulkFault{Orphan: true}, catalog.ErrBadAnswer, "belongs to no product"},
		"the result ends at a row": {shopifytest.BulkFault{Short: 20}, catalog.ErrBadAnswer, "0 of 20 products"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, shopifytest.Config{Products: 20})
			server.InjectBulk(c.fault)
			got, err := catalog.Collect(e.ExportProducts(t.Context(), catalog.ProductQuery{}))
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) || len(got) > 19 {
				t.Errorf("%d products, %v; want %q that says %q", len(got), err, c.kind, c.says)
			}
			if strings.Contains(err.Error(), "signature") {
				t.Errorf("the key to the result is in the error: %v", err)
			}
			if all, err := catalog.Collect(e.ExportProducts(t.Context(), catalog.ProductQuery{})); err != nil || len(all) != 20 {
				t.Errorf("the next export: %d products, %v", len(all), err)
			}
		})
	}
}

func TestExportEndsWithItsContext(t *testing.T) {
	t.Parallel()
	server, e := writer(t, shopifytest.Config{Products: 20})
	server.InjectBulk(shopifytest.BulkFault{Stuck: true})
	if err := leaveExport(t, server, e); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// leaveExport starts an export, goes away once Shopify works on it, and returns
// how it ended.
func leaveExport(t *testing.T, server *shopifytest.Server, e *shopify.Engine) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	started := func() (n int) {
		for _, c := range server.Calls() {
			if c.Operation == "BulkRun" {
				n++
			}
		}
		return n
	}
	before := started()
	ended := make(chan error, 1)
	go func() {
		got, err := catalog.Collect(e.ExportProducts(ctx, catalog.ProductQuery{}))
		if len(got) > 0 {
			err = errors.Join(err, errors.New("and there were products"))
		}
		ended <- err
	}()
	for {
		select {
		case err := <-ended:
			return err
		case <-time.After(time.Millisecond):
		}
		if started() > before {
			cancel()
			return <-ended
		}
	}
}

func TestExportOfNothing(t *testing.T) {
	t.Parallel()
	_, e := writer(t, shopifytest.Config{Products: -1, Orders: 1, Customers: 1})
	if got, err := catalog.Collect(e.ExportProducts(t.Context(), catalog.ProductQuery{})); err != nil || len(got) > 0 {
		t.Errorf("%d products, %v", len(got), err)
	}
}

// TestSixthExportIsAConflict: five operations run per app and store.
func TestSixthExportIsAConflict(t *testing.T) {
	t.Parallel()
	server, e := writer(t, shopifytest.Config{Products: 2})
	for range 5 {
		server.InjectBulk(shopifytest.BulkFault{Stuck: true})
		if err := leaveExport(t, server, e); !errors.Is(err, context.Canceled) {
			t.Fatalf("an export that never ends: %v", err)
		}
	}
	_, err := catalog.Collect(e.ExportProducts(t.Context(), catalog.ProductQuery{}))
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok || failed.Kind != catalog.ErrConflict || failed.Code != "OPERATION_IN_PROGRESS" || failed.Hint == "" {
		t.Errorf("got %v", err)
	}
}

func TestExportLeavesEarly(t *testing.T) {
	t.Parallel()
	_, e := writer(t, shopifytest.Config{Products: 30})
	n := 0
	for _, err := range e.ExportProducts(t.Context(), catalog.ProductQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d products", n)
	}
}
