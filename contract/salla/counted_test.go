package salla_test

import (
	"slices"
	"testing"

	"github.com/soukhq/souk/contract/internal/specs"
)

// alone are the files with a test of their own beside the tables.
var alone = []string{"_list-orders", "_order-details-light", "_oauth", "_errors", "list-order-statuses", "order-status-details"}

// read are the files of the calls the adapter makes, and those of the same
// records: each must be decoded, unless the page had no answer to copy.
var read = []string{"_errors", "_list-orders", "_list-product-quantities", "_oauth", "_order-details-light", "_product-list-item",
	"branch-details", "customer-details", "list-branches", "list-customers", "list-order-histories", "list-order-items",
	"list-order-statuses", "list-product-variants", "list-shipments", "order-status-details", "product-variant-details",
	"shipment-details", "store-information"}

// TestSamplesAreCounted: files that are not read belong to calls the adapter
// does not make yet; what they answer is handed through by native calls alone.
func TestSamplesAreCounted(t *testing.T) {
	t.Parallel()
	all := samples(t)
	decoded := map[string]bool{}
	for _, d := range slices.Concat(decodings, productDecodings) {
		decoded[d.file] = true
	}
	for _, part := range orderParts {
		decoded[part.file] = true
	}
	for _, name := range alone {
		decoded[name] = true
	}
	for _, one := range answered {
		decoded[one.file] = true
	}
	empty := 0
	for _, name := range read {
		one, known := all[name]
		switch {
		case !known:
			t.Errorf("there is no sample %s", name)
		case decoded[name]:
		case len(one.Responses) > 0 && one.answers(t, "200") == nil:
			empty++
		default:
			t.Errorf("%s is read and no test decodes it", name)
		}
	}
	for name := range decoded {
		if _, known := all[name]; !known {
			t.Errorf("there is no sample %s", name)
		}
	}
	specs.Report(t, "salla samples decoded %d/%d, %d belong to calls the adapter does not make yet, %d are without an answer",
		len(decoded), len(all), len(all)-len(decoded)-empty, empty)
}
