package main

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
)

// needs is what each step cannot be done without.
var needs = map[string]catalog.Capability{
	"subscribe": catalog.CanSubscribe, "subscribe again": catalog.CanSubscribe,
	"create a product": catalog.CanWriteProducts, "edit it": catalog.CanWriteProducts, "delete it": catalog.CanWriteProducts,
	"set its stock": catalog.CanSetInventory, "sell two elsewhere": catalog.CanAdjustInventory,
	"create a customer": catalog.CanWriteCustomers, "rename her": catalog.CanWriteCustomers,
	"ship one piece": catalog.CanFulfill, "ship what is left": catalog.CanFulfill, "correct the tracking": catalog.CanUpdateTracking,
	"refund one piece": catalog.CanRefund, "cancel an order": catalog.CanCancelOrders,
}

var line = regexp.MustCompile(`(?m)^  (did|cannot) {1,4}(.{22}) (.*)$`)

// TestEveryPlatformDoesWhatItSays runs the program on each platform and holds
// its lines against Features.
func TestEveryPlatformDoesWhatItSays(t *testing.T) {
	t.Parallel()
	for _, p := range platforms {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s, err := p.open()
			if err != nil {
				t.Fatal(err)
			}
			features := s.adapter.Features()
			s.close()
			var out bytes.Buffer
			if err := run(t.Context(), []string{"-platform", p.name}, &out, io.Discard); err != nil {
				t.Fatalf("%v after\n%s", err, out.String())
			}
			did := map[string]bool{}
			for _, m := range line.FindAllStringSubmatch(out.String(), -1) {
				step := strings.TrimSpace(m[2])
				if did[step] = m[1] == "did"; m[3] == "" {
					t.Errorf("%s %s, and no word more", m[1], step)
				}
				if c, ok := needs[step]; ok && features.Has(c) != did[step] {
					t.Errorf("Features says %s: %v, but: %s", c, features.Has(c), m[0])
				}
			}
			if !did["cancel an order"] && !did["cancel and restock"] || len(did) < 14 {
				t.Errorf("the story is not whole:\n%s", out.String())
			}
			if features.Has(catalog.CanSubscribe) && !strings.Contains(out.String(), "subscribe again        0 created, 0 updated, 0 removed") {
				t.Errorf("subscribing again changed something:\n%s", out.String())
			}
		})
	}
}

func TestUnknownPlatform(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-platform", "ebay"}, {"shopify"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}
