package magento_test

import (
	"iter"
	"os"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// TestExportMemoryIsFlat exports stores of 10,000 and 100,000 products.
func TestExportMemoryIsFlat(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("the race detector's own memory grows with the run; the plain run of this test measures")
	}
	catalogtest.FlatMemory(t, "TestScanChild", 10_000, func(products int) ([]string, func()) {
		server := magentotest.NewServer(&magentotest.Config{Products: products, Orders: -1, Customers: -1, TB: t, BaseURL: "http://magento.test/"})
		keys := []string{server.ConsumerKey(), server.ConsumerSecret(), server.AccessToken(), server.AccessTokenSecret()}
		return []string{"SOUK_SCAN_URL=" + server.URL(), "SOUK_SCAN_KEYS=" + strings.Join(keys, " ")}, server.Close
	})
}

// TestScanChild is the process that exports.
func TestScanChild(t *testing.T) {
	catalogtest.ScanChild(t, func() iter.Seq2[catalog.Product, error] {
		keys := mapped(strings.Fields(os.Getenv("SOUK_SCAN_KEYS")), catalog.NewSecret)
		e := openWith(t, newAdapter(t, nil, magento.Config{Transport: catalogtest.ToServer(t, os.Getenv("SOUK_SCAN_URL"))}), nil,
			catalog.StaticCredential(catalog.Credential{Key: keys[0], Secret: keys[1], AccessToken: keys[2], TokenSecret: keys[3]}))
		return as[catalog.ProductExporter](t, e).ExportProducts(t.Context(), catalog.ProductQuery{})
	})
}
