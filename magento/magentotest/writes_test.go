package magentotest

import (
	"testing"
	"time"
)

// orderIn returns the first order in a state that f likes.
func orderIn(t *testing.T, s *Server, state string, f func(*Order) bool) *Order {
	t.Helper()
	for _, o := range s.Orders() {
		if o.State == state && (f == nil || f(o)) {
			return o
		}
	}
	t.Fatalf("no order in state %s", state)
	return nil
}

func orderPath(o *Order, action string) string { return "/V1/orders/" + itoa(o.ID) + "/" + action }

func TestCancelHoldComment(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now})
	o := orderIn(t, s, StateNew, nil)
	c.add(time.Hour)
	for _, step := range []struct {
		action, body string
		status       int
		answer       string
		state        string
	}{
		{"hold", "", 200, "true", StateHolded},
		{"hold", "", 400, "", StateHolded},
		{"cancel", "", 200, "false", StateHolded},
		{"unhold", "", 200, "true", StateNew},
		{"comments", `{"statusHistory":{"comment":"شكرا","is_customer_notified":0,"is_visible_on_front":1,"parent_id":` + itoa(o.ID) + `,"status":"pending"}}`, 200, "true", StateNew},
		{"comments", `{"statusHistory":{"comment":"x","status":"complete"}}`, 400, "", StateNew},
		{"cancel", "", 200, "true", StateCanceled},
		{"cancel", "", 200, "false", StateCanceled},
	} {
		r := do(t, s, "POST", orderPath(o, step.action), step.body)
		if r.status != step.status || step.answer != "" && r.body != step.answer || s.Order(o.ID).State != step.state {
			t.Errorf("%s: %d %s, state %s", step.action, r.status, r.body, s.Order(o.ID).State)
		}
	}
	got := s.Order(o.ID)
	if last := got.History[len(got.History)-1]; last.Text != "شكرا" || !last.Visible {
		t.Errorf("%+v", last)
	}
	if !got.UpdatedAt.Equal(c.now()) {
		t.Errorf("updated at %v", got.UpdatedAt)
	}
	failure(t, do(t, s, "POST", "/V1/orders/5/cancel", ""), 404)
}

func TestShipInvoiceRefund(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := s.AddProduct(Product{SKU: "SHIP/1", Price: "10"})
	s.SetStock(p.SKU, "riyadh", "5")
	o := s.AddOrder(Order{
		Shipping: &Address{City: "Riyadh", CountryID: "SA"}, Payment: "hyperpay_mada",
		Items: []OrderItem{{ProductID: p.ID, SKU: p.SKU, Name: p.Name, BasePrice: "10", Ordered: "3"}},
	})
	line := itoa(o.Items[0].ID)
	act := func(action, body string) reply { return do(t, s, "POST", "/V1/order/"+itoa(o.ID)+"/"+action, body) }
	failure(t, act("refund", `{}`), 400)
	if r := act("invoice", `{"capture":true,"notify":false}`); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	failure(t, act("invoice", `{"capture":true}`), 400)
	ship := func(qty string) string {
		return `{"items":[{"order_item_id":` + line + `,"qty":` + qty + `}],"notify":true,"tracks":[{"track_number":"1Z","title":"UPS","carrier_code":"ups"}],"arguments":{"extension_attributes":{"source_code":"riyadh"}}}`
	}
	id := decode[int64](t, act("ship", ship("1")))
	got := s.Order(o.ID)
	if got.State != StateProcessing || got.Items[0].Shipped != "1" || got.Shipments[0].Tracks[0].Number != "1Z" || got.Shipments[0].ID != id {
		t.Errorf("%+v", got)
	}
	if q := decode[float64](t, get(t, s, "/V1/inventory/get-product-salable-quantity/SHIP%2F1/2")); q != 2 {
		t.Errorf("salable %v: 4 there, 2 still to ship", q)
	}
	track := `{"entity":{"order_id":` + itoa(o.ID) + `,"parent_id":` + itoa(id) + `,"track_number":"2Z","title":"DHL","carrier_code":"dhl","qty":1,"weight":1,"description":""}}`
	tr := decode[struct {
		EntityID int64 `json:"entity_id"`
	}](t, do(t, s, "POST", "/V1/shipment/track", track))
	if r := do(t, s, "DELETE", "/V1/shipment/track/"+itoa(tr.EntityID), ""); r.body != "true" || len(s.Order(o.ID).Shipments[0].Tracks) != 1 {
		t.Errorf("%s %+v", r.body, s.Order(o.ID).Shipments[0].Tracks)
	}
	decode[int64](t, act("ship", ship("2")))
	if s.Order(o.ID).State != StateComplete {
		t.Errorf("state %s", s.Order(o.ID).State)
	}
	if n := decode[page](t, get(t, s, "/V1/shipments"+sc(9, 1, "", "order_id", "eq", itoa(o.ID)))).TotalCount; n != 2 {
		t.Errorf("%d shipments", n)
	}
	decode[int64](t, act("refund", `{"items":[{"order_item_id":`+line+`,"qty":1}]}`))
	if got := s.Order(o.ID); got.Totals.Refunded != "11.5" || got.State != StateComplete {
		t.Errorf("refunded %s, state %s", got.Totals.Refunded, got.State)
	}
	inv := s.Order(o.ID).Invoices[0].ID
	decode[int64](t, do(t, s, "POST", "/V1/invoice/"+itoa(inv)+"/refund", `{"isOnline":false}`))
	if got := s.Order(o.ID); got.State != StateClosed || len(got.CreditMemos) != 2 {
		t.Errorf("%s %+v", got.State, got.CreditMemos)
	}
}

func TestShipWithoutSourceIsReported(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{})
	o := orderIn(t, s, StateProcessing, func(o *Order) bool { return o.firstToShip() != nil })
	do(t, s, "POST", "/V1/order/"+itoa(o.ID)+"/ship", `{}`)
	wantViolation(t, s, "no source_code")
	do(t, s, "POST", "/V1/shipment/", `{"entity":{}}`)
	wantViolation(t, s, "ships nothing")
}
