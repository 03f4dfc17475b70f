package bigcommerce_test

import (
	"net/http"
	"net/url"
	"os"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// TestExportMemoryIsFlat exports stores of 10,000 and 100,000 products.
func TestExportMemoryIsFlat(t *testing.T) {
	if raceEnabled || testing.Short() {
		t.Skip("the race detector's own memory grows with the run; the plain run of this test measures")
	}
	catalogtest.FlatMemory(t, "TestScanChild", 10_000, func(products int) ([]string, func()) {
		server := bigcommercetest.NewServer(&bigcommercetest.Config{Products: products, Orders: -1, Customers: -1, Unthrottled: true, Quota: 100_000_000, TB: t})
		return []string{"SOUK_SCAN_URL=" + server.URL(), "SOUK_SCAN_STORE=" + server.StoreHash(), "SOUK_SCAN_TOKEN=" + server.Token()}, server.Close
	})
}

// TestScanChild is the process that exports.
func TestScanChild(t *testing.T) {
	catalogtest.ScanChild(t, func() (count int) {
		app, err := bigcommerce.New(bigcommerce.Config{Transport: toServer(t, os.Getenv("SOUK_SCAN_URL"))})
		if err != nil {
			t.Fatal(err)
		}
		engine, err := app.Open(catalog.Account{Store: os.Getenv("SOUK_SCAN_STORE")}, catalog.StaticToken(os.Getenv("SOUK_SCAN_TOKEN")))
		if err != nil {
			t.Fatal(err)
		}
		for product, err := range capability[catalog.ProductExporter](t, engine).ExportProducts(t.Context(), catalog.ProductQuery{}) {
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
