package catalogtest_test

import (
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// A platform the suite knows nothing of must say what it can do: otherwise the
// rule about it would pass by not being held.
func TestAStrangersMinimum(t *testing.T) {
	t.Parallel()
	const rule = "what the platform can surely do is there"
	h := paperHarness(false, nil)
	h.Minimum = nil
	if missing := h.Missing(); !strings.Contains(missing, "Minimum") {
		t.Errorf("a harness without a Minimum lacks %q", missing)
	}
	worse := paperHarness(true, nil) // its changes are found by reading everything
	worse.Minimum = &catalogtest.Minimum{Changes: map[catalog.Resource]catalog.ChangeSupport{catalog.Orders: catalog.ChangesNative}}
	if failures := catalogtest.Failures(t, rule, worse); len(failures) != 1 || !strings.Contains(failures[0], `must be "native" at least`) {
		t.Errorf("got %q, want one failure about the changes of orders", failures)
	}
	for says, least := range map[string]catalogtest.Minimum{
		"must have the capability inventory.read": {Capabilities: []catalog.Capability{catalog.CanReadInventory}},
		"must list the resource locations":        {Changes: map[catalog.Resource]catalog.ChangeSupport{catalog.Locations: catalog.ChangesNone}},
		"must be able to count [products]":        {Counts: []catalog.Resource{catalog.Products}},
	} {
		h.Minimum = &least
		if failures := catalogtest.Failures(t, rule, h); len(failures) != 1 || !strings.Contains(failures[0], says) {
			t.Errorf("got %q, want one failure that says %q", failures, says)
		}
	}
}
