package shopify_test

import (
	"iter"
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
	catalogtest.ScanChild(t, func() iter.Seq2[catalog.Product, error] {
		app, err := shopify.New(shopify.Config{Transport: catalogtest.ToServer(t, os.Getenv("SOUK_SCAN_URL")), PollInterval: time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		engine, err := app.Open(catalog.Account{Store: "acme.myshopify.com"}, catalog.StaticToken(os.Getenv("SOUK_SCAN_TOKEN")))
		if err != nil {
			t.Fatal(err)
		}
		if os.Getenv("SOUK_SCAN_BY") == "export" {
			return capability[catalog.ProductExporter](t, engine).ExportProducts(t.Context(), catalog.ProductQuery{})
		}
		return engine.Products(t.Context(), catalog.ProductQuery{})
	})
}
