package woocommerce_test

import (
	"iter"
	"os"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// TestExportMemoryIsFlat exports stores of 1,000 and 10,000 products; ten times
// as many take a minute, see catalogtest.FlatMemory.
func TestExportMemoryIsFlat(t *testing.T) {
	if raceEnabled || testing.Short() {
		t.Skip("the race detector's own memory grows with the run; the plain run of this test measures")
	}
	catalogtest.FlatMemory(t, "TestScanChild", 1_000, func(products int) ([]string, func()) {
		server := woocommercetest.NewServer(&woocommercetest.Config{StoreURL: "http://shop.example.test", Products: products, Orders: -1, Customers: -1, TB: t})
		return []string{"SOUK_SCAN_URL=" + server.URL(), "SOUK_SCAN_KEY=" + server.ConsumerKey(), "SOUK_SCAN_SECRET=" + server.ConsumerSecret()}, server.Close
	})
}

// TestScanChild is the process that exports.
func TestScanChild(t *testing.T) {
	catalogtest.ScanChild(t, func() iter.Seq2[catalog.Product, error] {
		app, err := woocommerce.New(woocommerce.Config{Transport: catalogtest.ToServer(t, os.Getenv("SOUK_SCAN_URL"))})
		if err != nil {
			t.Fatal(err)
		}
		opened, err := app.Open(catalog.Account{Store: "http://shop.example.test"}, catalog.StaticCredential(catalog.Credential{
			Key: catalog.NewSecret(os.Getenv("SOUK_SCAN_KEY")), Secret: catalog.NewSecret(os.Getenv("SOUK_SCAN_SECRET"))}))
		if err != nil {
			t.Fatal(err)
		}
		return capability[catalog.ProductExporter](t, opened).ExportProducts(t.Context(), catalog.ProductQuery{})
	})
}
