package bigcommerce_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// addSpreadOrder adds an order of one line to each of three addresses.
func addSpreadOrder(t *testing.T, server *bigcommercetest.Server) string {
	t.Helper()
	o := bigcommercetest.Order{StatusID: 11}
	for _, city := range []string{"Riyadh", "Jeddah", "Abha"} {
		o.Shipping = append(o.Shipping, bigcommercetest.OrderAddress{FirstName: "N", City: city, CountryISO2: "SA"})
		o.Lines = append(o.Lines, bigcommercetest.LineItem{Name: city, Type: "physical", Quantity: 2})
	}
	added := server.AddOrder(o)
	update(t, server.UpdateOrder(added.ID, func(o *bigcommercetest.Order) {
		for i := range o.Lines {
			o.Lines[i].AddressID = o.Shipping[i].ID
		}
	}))
	return id(added.ID)
}

// TestShipmentsOfOneOrderAreCounted: an error names those that were made and
// those never sent, and Confirm invites nobody to make one twice.
func TestShipmentsOfOneOrderAreCounted(t *testing.T) {
	t.Parallel()
	refused := bigcommercetest.Fault{Status: http.StatusForbidden, Body: `[{"status":403,"message":"no"}]`}
	nonsense := bigcommercetest.Fault{After: true, Status: http.StatusCreated, Body: `{"ok":1}`}
	cut, lost := bigcommercetest.Disconnect(bigcommercetest.CutBefore), bigcommercetest.Disconnect(bigcommercetest.CutAfter)
	const first, middle, last = 0, 1, 2
	for name, c := range map[string]struct {
		at      int
		fault   bigcommercetest.Fault
		numbers bool            // there is a tracking number to know a shipment by
		found   catalog.Outcome // "" = the outcome is known
		tells   string          // of Confirm; "" = nothing
		open    int             // shipments left to be made
	}{
		"the middle one refused":               {middle, refused, true, "", "", 2},
		"the first not taken":                  {first, cut, true, catalog.OutcomeNotDone, "", 3},
		"the first lost":                       {first, lost, true, catalog.OutcomeUnknown, "confirm fulfill order: conflict: 1 of the call's 3 shipments are made", 2},
		"the middle one not taken":             {middle, cut, true, catalog.OutcomeUnknown, "confirm fulfill order: conflict: 1 of the call's 3 shipments are made", 2},
		"the middle one lost":                  {middle, lost, true, catalog.OutcomeUnknown, "confirm fulfill order: conflict: 2 of the call's 3 shipments are made", 1},
		"the middle one's answer unreadable":   {middle, nonsense, true, catalog.OutcomeUnknown, "confirm fulfill order: conflict: 2 of the call's 3 shipments are made", 1},
		"the middle one lost without a number": {middle, lost, false, catalog.OutcomeUnknown, "", 1},
		"the last not taken":                   {last, cut, true, catalog.OutcomeUnknown, "confirm fulfill order: conflict: 2 of the call's 3 shipments are made", 1},
		"the last lost":                        {last, lost, true, catalog.OutcomeDone, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, bigcommercetest.Config{})
			o := addSpreadOrder(t, server)
			server.Inject(c.fault.On(http.MethodPost, "/v2/orders/*/shipments").Skipping(c.at))
			var request catalog.FulfillRequest
			if c.numbers {
				request.Tracking = []catalog.Tracking{{Number: "1Z"}}
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
			if rest, err := e.Fulfill(t.Context(), o, catalog.FulfillRequest{}, noOptions); len(rest) != c.open || (c.open > 0) != (err == nil) {
				t.Errorf("what was open: %d shipments, %v; want %d", len(rest), err, c.open)
			}
		})
	}
}
