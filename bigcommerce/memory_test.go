package bigcommerce_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// TestExportMemoryIsFlat compares the peaks of memory of exports of 10,000 and
// 100,000 products.
func TestExportMemoryIsFlat(t *testing.T) {
	catalogtest.MemoryIsFlat(t, func(t *testing.T, products int) (string, []string) {
		server := newServer(t, bigcommercetest.Config{Products: products, Orders: -1, Customers: -1, Unthrottled: true, Quota: 100_000_000})
		return server.URL(), []string{server.StoreHash(), server.Token()}
	}, func(t *testing.T, to http.RoundTripper, words []string) (count int) {
		app, err := bigcommerce.New(bigcommerce.Config{Transport: to, PollInterval: time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		engine, err := app.Open(catalog.Account{Store: words[0]}, catalog.StaticToken(words[1]))
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
