package woocommerce_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// taxed is an order whose three pieces cost 10.00 together and carry two taxes,
// with shipping.
func taxed(server *woocommercetest.Server, method string) *woocommercetest.Order {
	p := addSimple(server, func(p *woocommercetest.Product) { p.ManageStock, p.StockQuantity = true, 10 })
	o := server.AddOrder(woocommercetest.Order{Status: "processing", Method: method,
		Items:         []woocommercetest.LineItem{{ProductID: p.ID, Name: p.Name, Quantity: 3, Subtotal: "10.00", Total: "10.00", SubtotalTax: "1.50", TotalTax: "1.50"}},
		ShippingLines: []woocommercetest.ExtraLine{{Title: "Post", Method: "flat_rate", Total: "5.00"}}, Total: "16.50", TotalTax: "1.50", ShippingTotal: "5.00"})
	return server.Order(o.ID)
}

func refundBodies(t testing.TB, server *woocommercetest.Server) (all []string) {
	t.Helper()
	for _, s := range sentTo(t, server) {
		if strings.HasSuffix(s.route, "/refunds") {
			delete(s.body, "meta_data")
			text, _ := json.Marshal(s.body)
			all = append(all, string(text))
		}
	}
	return all
}

// TestRefundsAddUp: three pieces of 10.00 are given back one by one, to the last
// digit, and then the shipping; nothing is left.
func TestRefundsAddUp(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	o := taxed(server, "stripe")
	line := id(o.Items[0].ID)
	piece := catalog.RefundRequest{Lines: []catalog.FulfillmentLine{{LineItemID: line, Quantity: catalog.NewQuantity(1)}}}
	var sums []string
	for range 3 {
		r, err := e.Refund(t.Context(), id(o.ID), piece, noOptions)
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, r.Total.Store.Amount())
		if len(r.Lines) != 1 || r.Lines[0].LineItemID != line || r.Lines[0].Quantity != catalog.NewQuantity(1) {
			t.Errorf("lines %+v", r.Lines)
		}
	}
	_, err := e.Refund(t.Context(), id(o.ID), piece, noOptions)
	refusedAs(t, err, catalog.ErrInvalid, "fewer pieces are left")
	r, err := e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Shipping: true, Note: "late & lost"}, noOptions)
	if err != nil || r.Note != "late & lost" {
		t.Fatal(r.Note, err)
	}
	sums = append(sums, r.Total.Store.Amount())
	if got := strings.Join(sums, " "); got != "3.83 3.84 3.83 5.00" {
		t.Errorf("given back %s", got)
	}
	left, err := e.Order(t.Context(), id(o.ID))
	if err != nil || left.Status != catalog.OrderRefunded || !left.Refunded.Store.Equal(left.Total.Store) {
		t.Errorf("%s, %s of %s, %v", left.Status, left.Refunded.Store, left.Total.Store, err)
	}
	_, err = e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Amount: amount("0.01", "SAR")}, noOptions)
	refusedAs(t, err, catalog.ErrInvalid, "more than is left")
}

// TestRefundsSayEverything: what is left out the store decides for itself, and
// it would pay back and put into stock.
func TestRefundsSayEverything(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		request func(line string) catalog.RefundRequest
		want    string
		stock   int // moved
	}{
		"an amount": {func(string) catalog.RefundRequest { return catalog.RefundRequest{Amount: amount("2.5", "SAR")} },
			`{"amount":"2.50","api_refund":true,"api_restock":false}`, 0},
		"an amount for a piece": {func(line string) catalog.RefundRequest {
			return catalog.RefundRequest{Amount: amount("1", "SAR"), Restock: true, Lines: []catalog.FulfillmentLine{{LineItemID: line, Quantity: catalog.NewQuantity(1)}}}
		}, `{"amount":"1.00","api_refund":true,"api_restock":true,"line_items":[{"id":LINE,"quantity":1,"refund_total":0}]}`, 1},
		"a line named twice": {func(line string) catalog.RefundRequest {
			l := catalog.FulfillmentLine{LineItemID: line, Quantity: catalog.NewQuantity(1)}
			return catalog.RefundRequest{Amount: amount("1", "SAR"), Lines: []catalog.FulfillmentLine{l, l}}
		}, `{"amount":"1.00","api_refund":true,"api_restock":false,"line_items":[{"id":LINE,"quantity":2,"refund_total":0}]}`, 0},
	} {
		server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
		o := taxed(server, "stripe")
		before := server.Product(o.Items[0].ProductID).StockQuantity
		if _, err := e.Refund(t.Context(), id(o.ID), c.request(id(o.Items[0].ID)), noOptions); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := refundBodies(t, server); len(got) != 1 || got[0] != strings.ReplaceAll(c.want, "LINE", id(o.Items[0].ID)) {
			t.Errorf("%s: sent %s", name, got)
		}
		if moved := server.Product(o.Items[0].ProductID).StockQuantity - before; moved != c.stock {
			t.Errorf("%s: the stock moved by %d, want %d", name, moved, c.stock)
		}
	}
}

// TestARefundTheGatewayCannotMake is refused, and the error says what is left.
func TestARefundTheGatewayCannotMake(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	o := taxed(server, "cod")
	_, err := e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Amount: amount("1", "SAR")}, noOptions)
	refusedAs(t, err, catalog.ErrInvalid, "api_refund false")
	if n := len(server.Effects()); n > 0 || len(server.Order(o.ID).Refunds) > 0 {
		t.Errorf("%d effects", n)
	}
	_, err = e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Lines: []catalog.FulfillmentLine{{LineItemID: "999999999", Quantity: catalog.NewQuantity(1)}}}, noOptions)
	refusedAs(t, err, catalog.ErrInvalid, "has no line")
	_, err = e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Amount: amount("1", "USD")}, noOptions)
	refusedAs(t, err, catalog.ErrInvalid, "USD")
}

// TestARefundWithoutAMarkIsDoubtful: the store adds the mark last, so a refund
// that has none may be the one that was lost.
func TestARefundWithoutAMarkIsDoubtful(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	o := taxed(server, "stripe")
	server.Inject(woocommercetest.Fault{Method: http.MethodPost, Path: "/orders/*/refunds", Cut: woocommercetest.CutRequest})
	_, err := e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Amount: amount("1", "SAR")}, noOptions)
	confirmed(t, err, catalog.OutcomeNotDone)
	if _, err := e.Do(t.Context(), catalog.RESTRequest{Method: http.MethodPost, Path: "/orders/" + id(o.ID) + "/refunds", Body: map[string]any{"amount": "1.00", "api_refund": false}}); err != nil {
		t.Fatal(err)
	}
	confirmed(t, err, catalog.OutcomeUnknown)
}

// TestCancelling: the store puts the goods back by itself, and would cancel what
// must not be.
func TestCancelling(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	for status, want := range map[string]catalog.Kind{"pending": "", "on-hold": "", "processing": "", "completed": "", "failed": "", "awaiting-shipment": "",
		"cancelled": catalog.ErrConflict, "refunded": catalog.ErrConflict} {
		o := taxed(server, "stripe")
		if err := server.UpdateOrder(o.ID, func(o *woocommercetest.Order) { o.Status = status }); err != nil {
			t.Fatal(err)
		}
		if err := e.CancelOrder(t.Context(), id(o.ID), catalog.CancelRequest{}, noOptions); catalog.KindOf(err) != want {
			t.Errorf("%s: %v", status, err)
		}
		now := server.Order(o.ID)
		if want == "" && (now.Status != "cancelled" || server.Product(o.Items[0].ProductID).StockQuantity != 10) {
			t.Errorf("%s: the order is %s with %d in stock", status, now.Status, server.Product(o.Items[0].ProductID).StockQuantity)
		}
		if want != "" && now.Status != status {
			t.Errorf("%s became %s", status, now.Status)
		}
	}
	o := taxed(server, "stripe")
	if err := server.TrashOrder(o.ID); err != nil {
		t.Fatal(err)
	}
	if err := e.CancelOrder(t.Context(), id(o.ID), catalog.CancelRequest{}, noOptions); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("in the trash: %v", err)
	}
}

// TestNotesForShoppers are seen by them; the same words twice are two notes.
func TestNotesForShoppers(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	o := taxed(server, "stripe")
	note := catalog.NoteInput{Text: "Sent & <i>soon</i> there", ForShopper: true}
	if err := e.AddOrderNote(t.Context(), id(o.ID), note, noOptions); err != nil {
		t.Fatal(err)
	}
	server.Inject(woocommercetest.Fault{Method: http.MethodPost, Cut: woocommercetest.CutRequest})
	err := e.AddOrderNote(t.Context(), id(o.ID), note, noOptions)
	confirmed(t, err, catalog.OutcomeNotDone) // that of before is another
	server.Inject(woocommercetest.Fault{Method: http.MethodPost, Cut: woocommercetest.CutBefore})
	err = e.AddOrderNote(t.Context(), id(o.ID), note, noOptions)
	confirmed(t, err, catalog.OutcomeDone)
	shown := 0
	for h, err := range e.OrderHistory(t.Context(), id(o.ID)) {
		if err != nil {
			t.Fatal(err)
		}
		if h.ForShopper {
			shown++
		}
	}
	if shown != 2 {
		t.Errorf("%d notes for the shopper, want 2", shown)
	}
}

// TestCustomers: the phone is that of the billing address, of which the rest
// stays; an address that is taken is refused.
func TestCustomers(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: 3})
	old := server.Customers()[0]
	got, err := e.UpdateCustomer(t.Context(), id(old.ID), catalog.CustomerPatch{Phone: catalog.Set("+966500000000")}, noOptions)
	if err != nil || got.Phone != "+966500000000" {
		t.Fatalf("%q, %v", got.Phone, err)
	}
	now := server.Customer(old.ID)
	now.Billing.Phone, now.ModifiedAt = old.Billing.Phone, old.ModifiedAt
	if now.Billing != old.Billing || now.FirstName != old.FirstName {
		t.Errorf("%+v became %+v", old.Billing, now.Billing)
	}
	_, err = e.UpdateCustomer(t.Context(), id(old.ID), catalog.CustomerPatch{Email: catalog.Set(server.Customers()[1].Email)}, noOptions)
	if !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("an address that is taken: %v", err)
	}
	for what, patch := range map[string]catalog.CustomerPatch{"no address": {FirstName: catalog.Set("A")}, "none on purpose": {Email: catalog.Set("")}, "no address at all": {Email: catalog.Set("x")}} {
		if _, err := e.CreateCustomer(t.Context(), patch, noOptions); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	// One of the same address that a merchant made is not this call's.
	server.Inject(woocommercetest.Fault{Method: http.MethodPost, Path: "/customers", Cut: woocommercetest.CutRequest})
	_, err = e.CreateCustomer(t.Context(), catalog.CustomerPatch{Email: catalog.Set("new@example.com")}, noOptions)
	confirmed(t, err, catalog.OutcomeNotDone)
	server.AddCustomer(woocommercetest.Customer{Email: "new@example.com"})
	confirmed(t, err, catalog.OutcomeUnknown)
}

// TestNothingIsNotRefunded: a request that nothing is left of makes no refund of
// zero.
func TestNothingIsNotRefunded(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	o := taxed(server, "stripe")
	shipping := catalog.RefundRequest{Shipping: true}
	if _, err := e.Refund(t.Context(), id(o.ID), shipping, noOptions); err != nil {
		t.Fatal(err)
	}
	_, err := e.Refund(t.Context(), id(o.ID), shipping, noOptions)
	refusedAs(t, err, catalog.ErrInvalid, "nothing of it is left")
	if n := len(refundBodies(t, server)); n != 1 {
		t.Errorf("%d refunds were sent: %s", n, refundBodies(t, server))
	}
}

// TestNotesKeepTheirBackslashes, by which Confirm knows them, too.
func TestNotesKeepTheirBackslashes(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	o := taxed(server, "stripe")
	note := catalog.NoteInput{Text: `Depot C:\Gate\\4`}
	if err := e.AddOrderNote(t.Context(), id(o.ID), note, noOptions); err != nil {
		t.Fatal(err)
	}
	if history, err := catalog.Collect(e.OrderHistory(t.Context(), id(o.ID))); err != nil || len(history) == 0 || history[len(history)-1].Text != note.Text {
		t.Errorf("%+v, %v", history, err)
	}
	server.Inject(woocommercetest.Disconnect(woocommercetest.CutBefore).On(http.MethodPost, "/orders/*/notes"))
	confirmed(t, e.AddOrderNote(t.Context(), id(o.ID), note, noOptions), catalog.OutcomeDone)
}

// manyRefunds gives an order of so many pieces that many refunds, a piece each,
// of which the first one took an earlier line.
func manyRefunds(t testing.TB, server *woocommercetest.Server, e catalog.RESTCaller, n int) *woocommercetest.Order {
	t.Helper()
	p := addSimple(server, func(*woocommercetest.Product) {})
	line := func(total string) woocommercetest.LineItem {
		return woocommercetest.LineItem{ProductID: p.ID, Name: p.Name, Quantity: 1, Subtotal: total, Total: total}
	}
	many := line("500.00")
	many.Quantity = 500
	o := server.AddOrder(woocommercetest.Order{Status: "processing", Method: "stripe", Items: []woocommercetest.LineItem{line("10.00"), many}, Total: "510.00"})
	for i := range n {
		of := o.Items[min(i, 1)].ID
		body := map[string]any{"amount": "1.00", "api_refund": false, "line_items": []any{map[string]any{"id": of, "quantity": 1, "refund_total": json.Number("1.00")}}}
		if _, err := e.Do(t.Context(), catalog.RESTRequest{Method: http.MethodPost, Path: "/orders/" + id(o.ID) + "/refunds", Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	return server.Order(o.ID)
}

// TestPiecesOfOldRefundsCount: what was given back more than a hundred refunds
// ago is not given back again.
func TestPiecesOfOldRefundsCount(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	o := manyRefunds(t, server, e, 205)
	piece := func(n int) catalog.RefundRequest {
		return catalog.RefundRequest{Lines: []catalog.FulfillmentLine{{LineItemID: id(o.Items[n].ID), Quantity: catalog.NewQuantity(1)}}}
	}
	_, err := e.Refund(t.Context(), id(o.ID), piece(0), noOptions)
	refusedAs(t, err, catalog.ErrInvalid, "fewer pieces are left")
	if _, err := e.Refund(t.Context(), id(o.ID), piece(1), noOptions); err != nil {
		t.Error(err)
	}
	server.Inject(woocommercetest.Disconnect(woocommercetest.CutBefore).On(http.MethodPost, "/orders/*/refunds"))
	_, err = e.Refund(t.Context(), id(o.ID), piece(1), noOptions)
	confirmed(t, err, catalog.OutcomeDone)
	if n := len(server.Order(o.ID).Refunds); n != 207 {
		t.Errorf("%d refunds, want 207", n)
	}
}

// TestRefundsThatAreNotListedAreNoneToOverlook: the order names a refund that its
// list leaves out, or the list does not go on.
func TestRefundsThatAreNotListedAreNoneToOverlook(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	o := manyRefunds(t, server, e, 1)
	request := catalog.RefundRequest{Lines: []catalog.FulfillmentLine{{LineItemID: id(o.Items[1].ID), Quantity: catalog.NewQuantity(1)}}}
	server.Inject(woocommercetest.Fault{Method: http.MethodGet, Path: "/orders/*/refunds", Status: 200, Body: "[]", Header: http.Header{"Content-Type": {"application/json"}}})
	_, err := e.Refund(t.Context(), id(o.ID), request, noOptions)
	refusedAs(t, err, catalog.ErrConflict, "read it again")
	if n := len(server.Order(o.ID).Refunds); n != 1 {
		t.Errorf("%d refunds, want 1", n)
	}
}
