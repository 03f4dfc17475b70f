package magento_test

import (
	"errors"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento/magentotest"
)

// confirm asks an error whose outcome is unknown what became of the write.
func confirm(t *testing.T, err error) (catalog.Outcome, error) {
	t.Helper()
	lost, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok {
		t.Fatalf("got %v, want an unknown outcome", err)
	}
	return lost.Confirm(t.Context())
}

// TestABatchIsCheckedInTimeThatGrowsWithIt: each level is held against the others
// of its SKU alone. Against all others it would take longer than tests may.
func TestABatchIsCheckedInTimeThatGrowsWithIt(t *testing.T) {
	t.Parallel()
	_, e := writer(t, magentotest.Config{})
	levels := make([]catalog.InventorySet, 300_000)
	for i := range levels {
		levels[i] = level("SKU-"+id(int64(i)), "default", 1)
	}
	levels = append(levels, level("sku-7", "", 1))
	refuses(t, "one of them twice", e.SetInventory(t.Context(), levels, noOptions), catalog.ErrInvalid)
}
