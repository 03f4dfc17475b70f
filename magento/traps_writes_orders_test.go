package magento_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// sent are the bodies of the requests to a path, in order.
func sent(server *magentotest.Server, method, path string) []string {
	var all []string
	for _, c := range server.Calls() {
		if c.Method == method && strings.HasSuffix(c.Path, path) {
			all = append(all, c.Body)
		}
	}
	return all
}

// TestTrapCancelAnswersFalseWithSuccess: a 200 that says false did nothing.
func TestTrapCancelAnswersFalseWithSuccess(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	o := id(server.AddSale(false).ID)
	server.Inject(magentotest.Fault{Status: 200, Body: "false", Header: map[string][]string{"Content-Type": {"application/json"}}}.On("POST", "/V1/orders/*/cancel"))
	refuses(t, "false", e.CancelOrder(t.Context(), o, catalog.CancelRequest{}, noOptions), catalog.ErrConflict)
	for what, answer := range map[string]string{"nothing": "[]", "a word": `"ok"`, "null": "null"} {
		server.Inject(magentotest.Fault{Status: 200, Body: answer, Header: map[string][]string{"Content-Type": {"application/json"}}}.On("POST", "/V1/orders/*/cancel"))
		err := e.CancelOrder(t.Context(), o, catalog.CancelRequest{}, noOptions)
		lost, ok := errors.AsType[*catalog.OutcomeError](err)
		if !ok {
			t.Errorf("%s: %v, want an unknown outcome", what, err)
			continue
		}
		if found, err := lost.Confirm(t.Context()); err != nil || found != catalog.OutcomeNotDone {
			t.Errorf("%s: Confirm says %s, %v", what, found, err)
		}
	}
	must(t, e.CancelOrder(t.Context(), o, catalog.CancelRequest{}, noOptions))
}

// TestTrapOnlyWhatIsUnpaidIsCancelled: of an order that is invoiced in part
// Magento cancels the rest and says true.
func TestTrapOnlyWhatIsUnpaidIsCancelled(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	states := map[string]func() string{
		"paid": func() string { return id(server.AddSale(true).ID) },
		"paid in part": func() string {
			o := server.AddSale(false)
			_, err := e.Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/order/" + id(o.ID) + "/invoice", Body: map[string]any{"items": []any{map[string]any{"order_item_id": o.Items[0].ID, "qty": 1}}}})
			must(t, err)
			return id(o.ID)
		},
		"on hold": func() string {
			o := id(server.AddSale(false).ID)
			_, err := e.Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/orders/" + o + "/hold"})
			must(t, err)
			return o
		},
		"cancelled": func() string {
			o := id(server.AddSale(false).ID)
			must(t, e.CancelOrder(t.Context(), o, catalog.CancelRequest{}, noOptions))
			return o
		},
	}
	for what, add := range states {
		o := add()
		before := len(server.Effects())
		err := e.CancelOrder(t.Context(), o, catalog.CancelRequest{}, noOptions)
		refuses(t, "cancelling what is "+what, err, catalog.ErrConflict)
		if n := len(server.Effects()) - before; n > 0 {
			t.Errorf("%s: %d changes", what, n)
		}
	}
}

// TestTrapACommentKeepsTheStatus: before 2.4.7 one without a status empties the
// order's.
func TestTrapACommentKeepsTheStatus(t *testing.T) {
	t.Parallel()
	for _, version := range []string{magentotest.V246, magentotest.V247, magentotest.V248} {
		server, e := writer(t, magentotest.Config{Version: version})
		o := server.AddSale(true)
		must(t, e.AddOrderNote(t.Context(), id(o.ID), catalog.NoteInput{Text: "x"}, noOptions))
		if now := server.Order(o.ID); now.Status != o.Status || now.History[len(now.History)-1].Visible {
			t.Errorf("%s: the status is %q, was %q", version, now.Status, o.Status)
		}
		refuses(t, "a long note", e.AddOrderNote(t.Context(), id(o.ID), catalog.NoteInput{Text: strings.Repeat("x", 65_536)}, noOptions), catalog.ErrInvalid)
	}
}

// TestTrapShipmentsNameTheirSource: without one Magento takes the default
// source, whether or not the goods are there.
func TestTrapShipmentsNameTheirSource(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{Sources: 2})
	// The website sells from all sources.
	o := server.AddSale(true)
	first, second := o.Items[0].SKU, o.Items[1].SKU
	for _, sku := range []string{first, second} {
		server.SetStock(sku, "default", "0")
	}
	server.SetStock(first, "riyadh", "2")
	server.SetStock(first, "jeddah", "5")
	server.SetStock(second, "riyadh", "1")
	made, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{}, noOptions)
	must(t, err)
	var from []string
	for _, f := range made {
		for _, l := range f.Lines {
			from = append(from, f.LocationID+" "+l.Quantity.String())
		}
	}
	slices.Sort(from)
	if !slices.Equal(from, []string{"jeddah 3", "riyadh 1"}) {
		t.Errorf("shipped from %v", from)
	}
	// Where no source has enough, several ship a part each.
	o = server.AddSale(true)
	server.SetStock(o.Items[0].SKU, "default", "1")
	server.SetStock(o.Items[0].SKU, "riyadh", "2")
	line := []catalog.FulfillmentLine{{LineItemID: id(o.Items[0].ID), Quantity: catalog.NewQuantity(3)}}
	if made, err = e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{Lines: line}, noOptions); err != nil || len(made) != 2 {
		t.Errorf("%d shipments, %v", len(made), err)
	}
	// Of a piece the shop would ship nothing, and say so nowhere.
	half, err := catalog.ParseQuantity("1.5")
	must(t, err)
	_, err = e.Fulfill(t.Context(), id(server.AddSale(true).ID), catalog.FulfillRequest{Lines: []catalog.FulfillmentLine{{LineItemID: id(server.Orders()[len(server.Orders())-1].Items[0].ID), Quantity: half}}}, noOptions)
	refuses(t, "half a piece", err, catalog.ErrInvalid)
	// Where all have too little, nothing is sent.
	o = server.AddSale(true)
	server.SetStock(o.Items[0].SKU, "default", "2")
	before := len(server.Effects())
	_, err = e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{Lines: []catalog.FulfillmentLine{{LineItemID: id(o.Items[0].ID), Quantity: catalog.NewQuantity(3)}}}, noOptions)
	refuses(t, "too little stock", err, catalog.ErrConflict)
	if n := len(server.Effects()) - before; n > 0 {
		t.Errorf("%d changes", n)
	}
}

// TestTrapStockGoesByTodaysSKU: an order keeps the SKU it was placed with.
func TestTrapStockGoesByTodaysSKU(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	o := server.AddSale(true)
	product := server.ProductBySKU(o.Items[0].SKU)
	_, err := e.UpdateProduct(t.Context(), id(product.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: id(product.ID), SKU: catalog.Set("renamed")}}}, noOptions)
	must(t, err)
	if _, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{}, noOptions); err != nil {
		t.Error(err)
	}
}

// TestTrapARefundNamesWhatIsNotRefunded: without lines Magento gives back the
// whole order, and without an amount all of the shipping.
func TestTrapARefundNamesWhatIsNotRefunded(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	o := server.AddSale(true)
	r, err := e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Amount: sar(t, "1.05")}, noOptions)
	if err != nil || !r.Total.Store.Equal(sar(t, "1.05")) || len(r.Lines) > 0 {
		t.Errorf("an amount: %v %+v", err, r)
	}
	r, err = e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Shipping: true}, noOptions)
	if err != nil || !r.Total.Store.Equal(sar(t, "10")) || len(r.Lines) > 0 {
		t.Errorf("the shipping: %v %+v", err, r)
	}
	_, err = e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Shipping: true}, noOptions)
	refuses(t, "the shipping again", err, catalog.ErrConflict)
	_, err = e.Refund(t.Context(), id(server.AddSale(false).ID), catalog.RefundRequest{Amount: sar(t, "1")}, noOptions)
	refuses(t, "what was not paid", err, catalog.ErrConflict)
	_, err = e.Refund(t.Context(), id(server.AddSale(false).ID), catalog.RefundRequest{Shipping: true}, noOptions)
	refuses(t, "the shipping of what was not paid", err, catalog.ErrConflict)
}

// TestTrapGatewaysRefundByTheInvoice: a refund of the order is offline, and the
// shopper sees no money.
func TestTrapGatewaysRefundByTheInvoice(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	o := server.AddSale(true)
	must(t, server.UpdateOrder(o.ID, func(o *magentotest.Order) { o.Payment, o.Invoices[0].Transaction = "hyperpay_mada", "8ac7a4a0" }))
	_, err := e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Amount: sar(t, "1")}, noOptions)
	must(t, err)
	bodies := sent(server, "POST", "/V1/invoice/"+id(o.Invoices[0].ID)+"/refund")
	if len(bodies) != 1 || !strings.Contains(bodies[0], `"isOnline":true`) || len(sent(server, "POST", "/V1/order/"+id(o.ID)+"/refund")) > 0 {
		t.Errorf("sent %q", bodies)
	}
	must(t, server.UpdateOrder(o.ID, func(o *magentotest.Order) {
		second := o.Invoices[0]
		second.ID += 1_000_000
		o.Invoices = append(o.Invoices, second)
	}))
	_, err = e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Amount: sar(t, "1")}, noOptions)
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("two payments: %v", err)
	}
}

// TestTrapDocumentsAreKnownByTheirReference: Confirm tells this call's shipment
// and refund from others of the same lines.
func TestTrapDocumentsAreKnownByTheirReference(t *testing.T) {
	t.Parallel()
	type write func(e *magento.Engine, order string, lines []catalog.FulfillmentLine) error
	for path, do := range map[string]write{
		"/V1/order/*/ship": func(e *magento.Engine, order string, lines []catalog.FulfillmentLine) error {
			_, err := e.Fulfill(t.Context(), order, catalog.FulfillRequest{Lines: lines}, noOptions)
			return err
		},
		"/V1/order/*/refund": func(e *magento.Engine, order string, lines []catalog.FulfillmentLine) error {
			_, err := e.Refund(t.Context(), order, catalog.RefundRequest{Lines: lines, Note: "x"}, noOptions)
			return err
		},
	} {
		for _, taken := range []bool{true, false} {
			server, e := writer(t, magentotest.Config{})
			o := server.AddSale(true)
			lines := []catalog.FulfillmentLine{{LineItemID: id(o.Items[0].ID), Quantity: catalog.NewQuantity(1)}}
			cut, want := magentotest.CutUnread, catalog.OutcomeNotDone
			if taken {
				cut, want = magentotest.CutBefore, catalog.OutcomeDone
			}
			server.Inject(magentotest.Disconnect(cut).On("POST", path))
			lost, ok := errors.AsType[*catalog.OutcomeError](do(e, id(o.ID), lines))
			if !ok {
				t.Fatalf("%s: the outcome is known", path)
			}
			must(t, do(e, id(o.ID), lines)) // the merchant's, of the same lines
			if found, err := lost.Confirm(t.Context()); err != nil || found != want {
				t.Errorf("%s, taken %t: Confirm says %s, %v", path, taken, found, err)
			}
		}
	}
}
