package magento_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento/magentotest"
)

// TestTrapAStockHasMoreSourcesThanAPage: what lies at the last of them is
// shipped from there, also in a shop that limits its pages.
func TestTrapAStockHasMoreSourcesThanAPage(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]magentotest.Config{
		"a page as it is asked for": {Sources: 230},
		"a limited page":            {Sources: 50, PageLimit: 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, config)
			o := server.AddSale(true)
			last := server.Sources()[config.Sources].Code
			for _, it := range o.Items {
				for _, at := range server.Sources()[:3] {
					server.SetStock(it.SKU, at.Code, "0")
				}
				server.SetStock(it.SKU, last, "9")
			}
			made, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{}, noOptions)
			if err != nil || len(made) != 1 || made[0].LocationID != last {
				t.Errorf("%v %+v, want one shipment from %s", err, made, last)
			}
		})
	}
}

// TestTrapAListOfSourcesWithoutEnd ends in an error, not never, and ships
// nothing.
func TestTrapAListOfSourcesWithoutEnd(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{Sources: 2})
	o := server.AddSale(true)
	server.Inject(magentotest.Fault{Status: 200, Header: http.Header{"Content-Type": {"application/json"}},
		Body: `{"items":[{"stock_id":2,"source_code":"riyadh","priority":1}],"search_criteria":{},"total_count":1000000}`}.On("GET", "/V1/inventory/stock-source-links").Repeat(-1))
	before := len(server.Effects())
	_, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{}, noOptions)
	refuses(t, "a list without end", err, catalog.ErrBadAnswer)
	if n := len(server.Effects()) - before; n > 0 {
		t.Errorf("%d changes", n)
	}
}

// TestTrapCancelledInvoicesTookNoMoney: an order that was invoiced again is
// refunded by the invoice that stands.
func TestTrapCancelledInvoicesTookNoMoney(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		payment, cancelled, paid string // the invoices' transactions
		byInvoice                bool
	}{
		"both by the gateway":               {"hyperpay_mada", "8ac7a4a0", "8ac7a4a1", true},
		"the one cancelled without a trace": {"hyperpay_mada", "", "8ac7a4a1", true},
		"the other paid by hand":            {"banktransfer", "8ac7a4a0", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, magentotest.Config{})
			o := server.AddSale(true)
			must(t, server.UpdateOrder(o.ID, func(o *magentotest.Order) {
				cancelled := o.Invoices[0]
				cancelled.ID, cancelled.State, cancelled.Transaction = cancelled.ID+1_000_000, 3, c.cancelled
				o.Payment, o.Invoices[0].Transaction = c.payment, c.paid
				o.Invoices = append(o.Invoices, cancelled)
			}))
			if _, err := e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Amount: sar(t, "1")}, noOptions); err != nil {
				t.Fatal(err)
			}
			online, offline := sent(server, "POST", "/V1/invoice/"+id(o.Invoices[0].ID)+"/refund"), sent(server, "POST", "/V1/order/"+id(o.ID)+"/refund")
			if c.byInvoice && (len(online) != 1 || !strings.Contains(online[0], `"isOnline":true`)) || !c.byInvoice && len(offline) != 1 {
				t.Errorf("online %q, offline %q", online, offline)
			}
		})
	}
}

// TestTrapShipmentsOfOneOrderAreCounted: an error names those that were made
// and those never sent, and Confirm invites nobody to make one twice.
func TestTrapShipmentsOfOneOrderAreCounted(t *testing.T) {
	t.Parallel()
	const first, middle, last = 0, 1, 2
	for name, c := range map[string]struct {
		at    int
		fault magentotest.Fault
		found catalog.Outcome // "" = the outcome is known
		tells string          // of Confirm; "" = nothing
	}{
		"the middle one refused":   {middle, magentotest.Forbidden(), "", ""},
		"the first not taken":      {first, magentotest.Disconnect(magentotest.CutUnread), catalog.OutcomeNotDone, ""},
		"the first lost":           {first, magentotest.Disconnect(magentotest.CutBefore), catalog.OutcomeUnknown, "confirm fulfill order: conflict: 1 of the call's 3 shipments are made"},
		"the middle one not taken": {middle, magentotest.Disconnect(magentotest.CutUnread), catalog.OutcomeUnknown, "confirm fulfill order: conflict: 1 of the call's 3 shipments are made"},
		"the middle one lost":      {middle, magentotest.Disconnect(magentotest.CutBefore), catalog.OutcomeUnknown, "confirm fulfill order: conflict: 2 of the call's 3 shipments are made"},
		"the last not taken":       {last, magentotest.Disconnect(magentotest.CutUnread), catalog.OutcomeUnknown, "confirm fulfill order: conflict: 2 of the call's 3 shipments are made"},
		"the last lost":            {last, magentotest.Disconnect(magentotest.CutBefore), catalog.OutcomeDone, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, magentotest.Config{Sources: 2})
			o := server.AddSale(true)
			line := o.Items[0]
			for _, at := range server.Sources()[:3] { // a piece at each
				server.SetStock(line.SKU, at.Code, "1")
			}
			server.Inject(c.fault.On("POST", "/V1/order/*/ship").Following(c.at))
			request := catalog.FulfillRequest{Lines: []catalog.FulfillmentLine{{LineItemID: id(line.ID), Quantity: catalog.NewQuantity(3)}}}
			made, err := e.Fulfill(t.Context(), id(o.ID), request, noOptions)
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

// TestTrapRestockWithoutLines: Magento takes no null for a list of lines.
func TestTrapRestockWithoutLines(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	o := server.AddSale(true)
	_, err := e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Amount: sar(t, "1"), Restock: true}, noOptions)
	must(t, err)
	if bodies := sent(server, "POST", "/V1/order/"+id(o.ID)+"/refund"); len(bodies) != 1 || strings.Contains(bodies[0], "null") {
		t.Errorf("sent %q", bodies)
	}
}
