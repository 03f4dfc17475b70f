package bigcommerce_test

import (
	"iter"
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
	catalogtest.ScanChild(t, func() iter.Seq2[catalog.Product, error] {
		app, err := bigcommerce.New(bigcommerce.Config{Transport: catalogtest.ToServer(t, os.Getenv("SOUK_SCAN_URL"))})
		if err != nil {
			t.Fatal(err)
		}
		engine, err := app.Open(catalog.Account{Store: os.Getenv("SOUK_SCAN_STORE")}, catalog.StaticToken(os.Getenv("SOUK_SCAN_TOKEN")))
		if err != nil {
			t.Fatal(err)
		}
		return capability[catalog.ProductExporter](t, engine).ExportProducts(t.Context(), catalog.ProductQuery{})
	})
}
