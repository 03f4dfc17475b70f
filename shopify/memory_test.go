package shopify_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// TestScanMemoryIsFlat lists stores of 10,000 and 100,000 products, each in a
// process of its own so that only the client is measured, and compares the
// peaks of resident memory.
func TestScanMemoryIsFlat(t *testing.T) { memoryIsFlat(t, "list") }

// TestExportMemoryIsFlat does the same with bulk exports.
func TestExportMemoryIsFlat(t *testing.T) { memoryIsFlat(t, "export") }

func memoryIsFlat(t *testing.T, by string) {
	t.Helper()
	if raceEnabled {
		t.Skip("the race detector's own memory grows with the run; the plain run of this test measures")
	}
	catalogtest.FlatMemory(t, "TestScanChild", 10_000, func(products int) ([]string, func()) {
		server := shopifytest.NewServer(&shopifytest.Config{Products: products, Orders: -1, Customers: -1, TB: t,
			Bucket: shopifytest.Bucket{Capacity: 1e9, Restore: 1e9}})
		return []string{"SOUK_SCAN_URL=" + server.URL(), "SOUK_SCAN_TOKEN=" + server.Token(), "SOUK_SCAN_BY=" + by}, server.Close
	})
}

// TestScanChild is the process that scans.
func TestScanChild(t *testing.T) {
	catalogtest.ScanChild(t, func() (count int) {
		app, err := shopify.New(shopify.Config{Transport: toServer(t, os.Getenv("SOUK_SCAN_URL")), PollInterval: time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		engine, err := app.Open(catalog.Account{Store: "acme.myshopify.com"}, catalog.StaticToken(os.Getenv("SOUK_SCAN_TOKEN")))
		if err != nil {
			t.Fatal(err)
		}
		list := engine.Products
		if os.Getenv("SOUK_SCAN_BY") == "export" {
			exporter, _ := catalog.As[catalog.ProductExporter](engine)
			list = exporter.ExportProducts
		}
		for product, err := range list(context.Background(), catalog.ProductQuery{}) {
			if err != nil {
				t.Fatal(err)
			}
			if len(product.Raw) == 0 {
				t.Fatal("a product has no Raw")
			}
			count++
		}
		return count
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// toServer sends every request to a server of another process.
func toServer(t *testing.T, target string) http.RoundTripper {
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	inner := &http.Transport{MaxIdleConnsPerHost: 8}
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.Host = r.URL.Host
		r.URL.Scheme, r.URL.Host = u.Scheme, u.Host
		return inner.RoundTrip(r)
	})
}
