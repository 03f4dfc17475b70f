package shopify_test

import (
	"iter"
	"net/http"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// TestScanMemoryIsFlat and the next compare the peaks of memory of stores of
// 10,000 and 100,000 products.
func TestScanMemoryIsFlat(t *testing.T) {
	memoryIsFlat(t, func(e catalog.Engine) iter.Seq2[catalog.Product, error] {
		return e.Products(t.Context(), catalog.ProductQuery{})
	})
}

func TestExportMemoryIsFlat(t *testing.T) {
	memoryIsFlat(t, func(e catalog.Engine) iter.Seq2[catalog.Product, error] {
		return capability[catalog.ProductExporter](t, e).ExportProducts(t.Context(), catalog.ProductQuery{})
	})
}

func memoryIsFlat(t *testing.T, list func(catalog.Engine) iter.Seq2[catalog.Product, error]) {
	catalogtest.MemoryIsFlat(t, func(t *testing.T, products int) (string, []string) {
		server := serve(t, shopifytest.Config{Products: products, Orders: -1, Customers: -1, Bucket: shopifytest.Bucket{Capacity: 1e9, Restore: 1e9}})
		return server.URL(), []string{server.Token()}
	}, func(t *testing.T, to http.RoundTripper, words []string) (count int) {
		app, err := shopify.New(shopify.Config{Transport: to, PollInterval: time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		engine, err := app.Open(catalog.Account{Store: "acme.myshopify.com"}, catalog.StaticToken(words[0]))
		if err != nil {
			t.Fatal(err)
		}
		for product, err := range list(engine) {
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
