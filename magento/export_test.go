package magento_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

func export(t *testing.T, e catalog.Engine, q catalog.ProductQuery) []string {
	t.Helper()
	return ids(t, as[catalog.ProductExporter](t, e).ExportProducts(t.Context(), q), productID)
}

// TestExportIsTheList, however the ids are spread.
func TestExportIsTheList(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config magentotest.Config
		thin   func(i int) bool // products that are gone
	}{
		"dense":            {magentotest.Config{Products: 730}, nil},
		"with a gap":       {magentotest.Config{Products: 730}, func(i int) bool { return i > 60 && i < 660 }},
		"all at the end":   {magentotest.Config{Products: 730}, func(i int) bool { return i > 0 && i < 300 }},
		"one":              {magentotest.Config{Products: 300}, func(i int) bool { return i != 150 }},
		"with small pages": {magentotest.Config{Products: 200, PageLimit: 30}, nil},
		"none":             {magentotest.Config{Products: -1}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.config.Orders, c.config.Customers = -1, -1
			server, e := quick(t, c.config)
			for i, p := range server.Products() {
				if c.thin != nil && c.thin(i) {
					must(t, server.DeleteProduct(p.ID))
				}
			}
			want := mapped(server.Products(), func(p *magentotest.Product) string { return id(p.ID) })
			if got := export(t, e, catalog.ProductQuery{}); !slices.Equal(got, want) {
				t.Errorf("%d products, want %d", len(got), len(want))
			}
			if len(want) < 100 {
				return
			}
			all, err := catalog.Collect(e.Products(t.Context(), catalog.ProductQuery{Status: []catalog.ProductStatus{catalog.ProductDraft}}))
			must(t, err)
			drafts := mapped(all, productID)
			if got := export(t, e, catalog.ProductQuery{Status: []catalog.ProductStatus{catalog.ProductDraft}}); !slices.Equal(got, drafts) || len(got) == 0 {
				t.Errorf("%d drafts, want %d", len(got), len(drafts))
			}
			after := all[len(all)/2].Cursor
			if got := export(t, e, catalog.ProductQuery{Status: []catalog.ProductStatus{catalog.ProductDraft}, ListOptions: catalog.ListOptions{After: after, Limit: 2}}); !slices.Equal(got, drafts[len(all)/2+1:][:2]) {
				t.Errorf("after a cursor: %v", got)
			}
		})
	}
}

// TestExportIsNeverAShortSuccess: a window that cannot be read ends it with an
// error, after whole windows alone.
func TestExportIsNeverAShortSuccess(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]magentotest.Fault{
		"no JSON":          magentotest.HTMLPage(),
		"half an answer":   {Truncate: true},
		"trouble":          magentotest.InternalError(),
		"no permission":    magentotest.Forbidden(),
		"a cut connection": magentotest.Disconnect(magentotest.CutMiddle),
		"a list of no ids": magentotest.Replaced("items", "7"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for skip := range 6 {
				server := newServer(t, magentotest.Config{Products: 450, Orders: -1, Customers: -1})
				e := openStore(t, newAdapter(t, server, magento.Config{Attempts: 1}), server)
				want := mapped(server.Products(), func(p *magentotest.Product) string { return id(p.ID) })
				server.Inject(fault.On("GET", "/V1/products").Following(skip).Repeat(-1))
				ctx, cancel := context.WithCancel(t.Context())
				var got []string
				var err error
				for p, e := range as[catalog.ProductExporter](t, e).ExportProducts(ctx, catalog.ProductQuery{}) {
					if err = e; err == nil {
						got = append(got, p.ID)
					}
				}
				cancel()
				server.ClearFaults()
				if err == nil || len(got) >= len(want) || !slices.Equal(got, want[:len(got)]) || len(got)%100 != 0 && len(got) != 0 {
					t.Errorf("from answer %d on: %d of %d products, %v", skip, len(got), len(want), err)
				}
			}
		})
	}
}

func TestExportTakesNoOtherOrder(t *testing.T) {
	t.Parallel()
	_, e := quick(t, magentotest.Config{Products: 10, Orders: -1, Customers: -1})
	_, err := catalog.Collect(as[catalog.ProductExporter](t, e).ExportProducts(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{Sort: catalog.SortUpdated}}))
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("sorted by change: %v", err)
	}
	_, err = catalog.Collect(as[catalog.ProductExporter](t, e).ExportProducts(t.Context(), catalog.ProductQuery{Status: []catalog.ProductStatus{catalog.ProductSoldOut}}))
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("of a status Magento has not: %v", err)
	}
}

// TestExportPassesOverWhatCannotBeRead as the list does.
func TestExportPassesOverWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	server, e := quick(t, magentotest.Config{Products: 250, Orders: -1, Customers: -1})
	// The second answer is the first window's.
	server.Inject(magentotest.Replaced("items.3", `"no product"`).On("GET", "/V1/products").Following(1).Repeat(-1))
	exporter := as[catalog.ProductExporter](t, e)
	if _, err := catalog.Collect(exporter.ExportProducts(t.Context(), catalog.ProductQuery{})); err == nil {
		t.Error("no error")
	}
	bad := 0
	got, err := catalog.Collect(exporter.ExportProducts(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{OnBadItem: func(*catalog.ItemError) error { bad++; return nil }}}))
	if err != nil || bad == 0 || len(got) != 250-bad {
		t.Errorf("%d products and %d bad ones, %v", len(got), bad, err)
	}
}

// gate lets the first request for a window through when the second is there.
type gate struct {
	base    http.RoundTripper
	windows atomic.Int64
	second  chan struct{}
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if q := r.URL.RawQuery; strings.Contains(q, "lteq") && !strings.Contains(q, "fields=") {
		switch g.windows.Add(1) {
		case 1:
			select {
			case <-g.second:
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		case 2:
			close(g.second)
		}
	}
	return g.base.RoundTrip(r)
}

// TestExportReadsSeveralWindowsAtATime: a list would wait for ever.
func TestExportReadsSeveralWindowsAtATime(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Products: 2500, Orders: -1, Customers: -1})
	g := &gate{base: server.Transport(), second: make(chan struct{})}
	e := openStore(t, newAdapter(t, server, magento.Config{Transport: g}), server)
	if n := len(export(t, e, catalog.ProductQuery{})); n != 2500 {
		t.Errorf("%d products", n)
	}
}
