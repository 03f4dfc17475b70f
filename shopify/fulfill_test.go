package shopify_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// addSpreadOrder adds an order of one line at each location: a piece of each is
// what a test ships, and there are two.
func addSpreadOrder(server *shopifytest.Server) (order string, lines []catalog.FulfillmentLine) {
	both := func(s string) shopifytest.Money { return shopifytest.Money{Shop: s, Presentment: s} }
	p := server.Products()[0].Variants[0]
	o := shopifytest.Order{FinancialStatus: "PAID", Total: both("60.00"), CurrentTotal: both("60.00"), Net: both("60.00"), Received: both("60.00"), Refunded: both("0.00")}
	for _, at := range server.Locations() {
		o.Lines = append(o.Lines, shopifytest.LineItem{Title: "Coffee", Quantity: 2, CurrentQuantity: 2, Unfulfilled: 2, Refundable: 2, RequiresShipping: true,
			VariantID: p.ID, OriginalTotal: both("20.00"), DiscountedTotal: both("20.00"), LocationID: at.ID})
	}
	added := server.AddOrder(o)
	for _, l := range added.Lines {
		lines = append(lines, catalog.FulfillmentLine{LineItemID: gidOf(l.ID), Quantity: catalog.NewQuantity(1)})
	}
	return gidOf(added.ID), lines
}

// TestShipmentsOfOneOrderAreCounted: an error names those that were made and
// those never sent, and Confirm invites nobody to make one twice.
func TestShipmentsOfOneOrderAreCounted(t *testing.T) {
	t.Parallel()
	refused := shopifytest.Fault{Status: 403, Body: `{"errors":"no"}`}
	complained := shopifytest.Fault{SetAt: "data.fulfillmentCreate", SetTo: `{"fulfillment":null,"userErrors":[{"field":null,"message":"closed"}]}`}
	cut, lost := shopifytest.Fault{Cut: true}, shopifytest.Fault{CutAfter: true}
	const first, middle, last = 0, 1, 2
	for name, c := range map[string]struct {
		at      int
		fault   shopifytest.Fault
		numbers bool            // there is a tracking number to know a shipment by
		found   catalog.Outcome // "" = the outcome is known
		tells   string          // of Confirm; "" = nothing
	}{
		"the middle one refused":               {middle, refused, true, "", ""},
		"the last complained of":               {last, complained, true, "", ""},
		"the first not taken":                  {first, cut, true, catalog.OutcomeNotDone, ""},
		"the first lost":                       {first, lost, true, catalog.OutcomeUnknown, "confirm fulfill order: conflict: 1 of the call's 3 shipments are made"},
		"the middle one not taken":             {middle, cut, true, catalog.OutcomeUnknown, "confirm fulfill order: conflict: 1 of the call's 3 shipments are made"},
		"the middle one lost":                  {middle, lost, true, catalog.OutcomeUnknown, "confirm fulfill order: conflict: 2 of the call's 3 shipments are made"},
		"the last not taken":                   {last, cut, true, catalog.OutcomeUnknown, "confirm fulfill order: conflict: 2 of the call's 3 shipments are made"},
		"the last lost":                        {last, lost, true, catalog.OutcomeDone, ""},
		"the middle one lost without a number": {middle, lost, false, catalog.OutcomeUnknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, shopifytest.Config{})
			o, lines := addSpreadOrder(server)
			c.fault.Operation, c.fault.Skip = "FulfillmentCreate", c.at
			server.Inject(c.fault)
			request := catalog.FulfillRequest{Lines: lines}
			if c.numbers {
				request.Tracking = []catalog.Tracking{{Company: "SMSA", Number: "1Z"}}
			}
			made, err := e.Fulfill(t.Context(), o, request, noOptions)
			if want := fmt.Sprintf("made before it %d, not sent %d", c.at, 2-c.at); len(made) != c.at || !strings.Contains(fmt.Sprint(err), want) {
				t.Errorf("%d made, %v\ndoes not say %q", len(made), err, want)
			}
			lost, unknown := errors.AsType[*catalog.OutcomeError](err)
			if unknown != (c.found != "") {
				t.Fatalf("got %v", err)
			}
			if unknown {
				found, err := lost.Confirm(t.Context())
				if found != c.found || (err == nil) != (c.tells == "") || !strings.Contains(fmt.Sprint(err), c.tells) {
					t.Errorf("Confirm: %s, %v; want %s and %q", found, err, c.found, c.tells)
				}
			}
		})
	}
}
