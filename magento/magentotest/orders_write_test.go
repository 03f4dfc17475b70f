package magentotest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func orderAct(t *testing.T, s *Server, o *Order, action, body string) reply {
	t.Helper()
	return do(t, s, "POST", "/V1/order/"+itoa(o.ID)+"/"+action, body)
}

func TestSales(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	paid, open := s.AddSale(true), s.AddSale(false)
	if paid.State != StateProcessing || paid.Totals.Paid != paid.Totals.Grand || paid.Items[0].Ordered != "3" || paid.Totals.Shipping != "10" {
		t.Errorf("%+v", paid)
	}
	if r := do(t, s, "POST", orderPath(paid, "cancel"), ""); r.status != 200 || r.body != "false" {
		t.Errorf("a paid order: %d %s", r.status, r.body)
	}
	wantEffects(t, s)
	sku := open.Items[0].SKU
	salable := func() float64 {
		return decode[float64](t, get(t, s, "/V1/inventory/get-product-salable-quantity/"+sku+"/2"))
	}
	before := salable()
	if r := do(t, s, "POST", orderPath(open, "cancel"), ""); r.body != "true" || s.Order(open.ID).State != StateCanceled {
		t.Errorf("%d %s", r.status, r.body)
	}
	if got := salable(); got != before+3 {
		t.Errorf("salable %v after cancelling, %v before", got, before)
	}
	wantEffects(t, s, "order.cancel "+itoa(open.ID))
}

func TestCancelOfAPartlyPaidOrder(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddSale(false)
	decode[int64](t, orderAct(t, s, o, "invoice", fmt.Sprintf(`{"items":[{"order_item_id":%d,"qty":1}]}`, o.Items[0].ID)))
	if r := do(t, s, "POST", orderPath(o, "cancel"), ""); r.body != "true" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	got := s.Order(o.ID)
	if got.State != StateProcessing || got.Items[0].Canceled != "2" || got.Items[1].Canceled != "1" {
		t.Errorf("%s, %s and %s cancelled", got.State, got.Items[0].Canceled, got.Items[1].Canceled)
	}
}

func TestShipmentsTakeWhatIsThere(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{})
	o := s.AddSale(true)
	line, other := o.Items[0], o.Items[1]
	body := func(id int64, qty string, more string) string {
		return fmt.Sprintf(`{"items":[{"order_item_id":%d,"qty":%s}],"arguments":{"extension_attributes":{"source_code":"default"}}%s}`, id, qty, more)
	}
	for name, bad := range map[string]string{
		"nothing":         body(line.ID, "0", ""),
		"a part":          body(line.ID, "0.5", ""),
		"another's line":  body(1, "1", ""),
		"no number":       body(line.ID, "1", `,"tracks":[{"title":"x","carrier_code":"ups"}]`),
		"no carrier":      body(line.ID, "1", `,"tracks":[{"title":"x","track_number":"1"}]`),
		"an empty source": strings.Replace(body(line.ID, "1", ""), "default", "riyadh", 1),
		"no source":       strings.Replace(body(line.ID, "1", ""), "default", "nowhere", 1),
	} {
		if e := failure(t, orderAct(t, s, o, "ship", bad), 400); !strings.HasPrefix(e.Message, "Shipment Document Validation Error(s):\n") && e.Message != "Could not save a shipment, see error log for details" {
			t.Errorf("%s: %q", name, e.Message)
		}
	}
	wantEffects(t, s)
	if got := stockOf(s, line.SKU, "default"); got != "100" {
		t.Errorf("a refused shipment took stock: %s", got)
	}
	decode[int64](t, orderAct(t, s, o, "ship", body(line.ID, "9", `,"comment":{"comment":"with care","is_visible_on_front":1}`)))
	wantViolation(t, s, "9 pieces")
	got := s.Order(o.ID)
	if got.Items[0].Shipped != "3" || got.Items[1].Shipped != "0" || stockOf(s, line.SKU, "default") != "97" || got.Shipments[0].Comments[0].Text != "with care" {
		t.Errorf("%+v", got.Shipments)
	}
	e := failure(t, orderAct(t, s, o, "ship", body(line.ID, "1", "")), 400)
	if !strings.Contains(e.Message, "without products") {
		t.Error(e.Message)
	}
	decode[int64](t, orderAct(t, s, o, "ship", body(other.ID, "1", "")))
	e = failure(t, orderAct(t, s, o, "ship", body(line.ID, "1", "")), 400)
	if !strings.Contains(e.Message, "The order does not allow a shipment to be created.") {
		t.Error(e.Message)
	}
	if s.Order(o.ID).State != StateComplete {
		t.Errorf("state %s", s.Order(o.ID).State)
	}
	wantEffects(t, s, "shipment.create "+itoa(o.ID), "shipment.create "+itoa(o.ID))
}

func TestTracksWritten(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{Clock: clock.now})
	o := s.AddSale(true)
	ship := decode[int64](t, orderAct(t, s, o, "ship", `{"arguments":{"extension_attributes":{"source_code":"default"}}}`))
	clock.add(time.Hour)
	track := func(id, more string) reply {
		return do(t, s, "POST", "/V1/shipment/track", fmt.Sprintf(`{"entity":{"order_id":%d,"parent_id":%s%s}}`, o.ID, id, more))
	}
	for _, bad := range []reply{track("1", `,"track_number":"1","carrier_code":"ups"`), track(itoa(ship), `,"carrier_code":"ups"`), track(itoa(ship), `,"track_number":"1"`)} {
		if e := failure(t, bad, 400); e.Message != "Could not save the shipment tracking." {
			t.Error(e.Message)
		}
	}
	type entity struct {
		EntityID    int64 `json:"entity_id"`
		Description string
	}
	made := decode[entity](t, track(itoa(ship), `,"track_number":"1","carrier_code":"custom","title":"DHL","description":"https://example.com/1"`))
	if made.Description != "https://example.com/1" {
		t.Errorf("%+v", made)
	}
	change := fmt.Sprintf(`,"track_number":"2","carrier_code":"custom","title":"DHL","entity_id":%d`, made.EntityID)
	decode[entity](t, track(itoa(ship), change))
	decode[entity](t, track(itoa(ship), change))
	got := s.Order(o.ID)
	if len(got.Shipments[0].Tracks) != 1 || got.Shipments[0].Tracks[0].Number != "2" || got.UpdatedAt.Equal(clock.now()) {
		t.Errorf("%+v, updated %v", got.Shipments[0].Tracks, got.UpdatedAt)
	}
	decode[entity](t, track(itoa(ship), `,"track_number":"3","carrier_code":"custom","entity_id":5`))
	for range 2 { // it is true of what is not there, too
		if r := do(t, s, "DELETE", "/V1/shipment/track/"+itoa(made.EntityID), ""); r.body != "true" {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	id := itoa(o.ID)
	wantEffects(t, s, "shipment.create "+id, "track.create "+id, "track.update "+id, "track.delete "+id)
	if n := len(s.Order(o.ID).Shipments[0].Tracks); n != 0 {
		t.Errorf("%d tracks", n)
	}
}

func TestRefunds(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddSale(true) // 60 + 9 tax, 7.5 + 1.13, 10 shipping
	line := o.Items[0].ID
	refund := func(body string) reply { return orderAct(t, s, o, "refund", body) }
	item := func(qty string) string { return fmt.Sprintf(`"items":[{"order_item_id":%d,"qty":%s}]`, line, qty) }
	for body, part := range map[string]string{
		`{` + item("4") + `}`:                                                                                 "must not be greater than the unrefunded quantity",
		`{` + item("0.5") + `}`:                                                                               "We found an invalid quantity to refund",
		`{"items":[{"order_item_id":1,"qty":1}]}`:                                                             "not part of the original order",
		`{` + item("0") + `,"arguments":{"shipping_amount":0}}`:                                               "total must be positive",
		`{` + item("1") + `,"arguments":{"shipping_amount":10.01}}`:                                           "Maximum shipping amount",
		`{"arguments":{"adjustment_positive":0.01}}`:                                                          "The most money available to refund is 87.63.",
		`{` + item("1") + `,"arguments":{"extension_attributes":{"return_to_stock_items":[1]}}}`:              "not part of the original order",
		`{` + item("1") + `,"arguments":{"adjustment_positive":"x"}}`:                                         "type is invalid",
		`{"items":[{"order_item_id":` + itoa(line) + `,"qty":1}],"arguments":{"adjustment_positive":100000}}`: "The most money available",
	} {
		if e := failure(t, refund(body), 400); !strings.Contains(e.Message, part) {
			t.Errorf("%s: %q", body, e.Message)
		}
	}
	wantEffects(t, s)
	check := func(want string, body string) {
		t.Helper()
		decode[int64](t, refund(body))
		got := s.Order(o.ID)
		if last := got.CreditMemos[len(got.CreditMemos)-1]; last.Grand != want {
			t.Errorf("%s: refunded %s, want %s", body, last.Grand, want)
		}
	}
	// A refund of a line takes the whole shipping cost along unless told not to.
	check("33", `{`+item("1")+`}`)
	check("23", `{`+item("1")+`,"arguments":{"shipping_amount":0}}`)
	check("1.05", `{`+item("0")+`,"arguments":{"shipping_amount":0,"adjustment_positive":1.05},"comment":{"comment":"sorry","is_visible_on_front":0}}`)
	if got := s.Order(o.ID); got.CreditMemos[0].InvoiceID != 0 || got.CreditMemos[2].Comments[0].Text != "sorry" || len(got.CreditMemos[2].Items) != 0 || got.State != StateProcessing {
		t.Errorf("%s %+v", got.State, got.CreditMemos[2])
	}
	check("30.58", `{"arguments":{"adjustment_negative":1.05}}`)
	if got := s.Order(o.ID); got.State != StateClosed || got.Totals.Refunded != got.Totals.Paid {
		t.Errorf("%s, refunded %s of %s", got.State, got.Totals.Refunded, got.Totals.Paid)
	}
	if e := failure(t, refund(`{}`), 400); !strings.Contains(e.Message, "has a status of closed") {
		t.Error(e.Message)
	}
	if n := len(s.Effects()); n != 4 {
		t.Errorf("%d effects", n)
	}
	open := s.AddSale(false)
	if e := failure(t, orderAct(t, s, open, "refund", `{}`), 400); !strings.Contains(e.Message, "The order does not allow a creditmemo to be created.") {
		t.Error(e.Message)
	}
}

func TestRefundsAndStock(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddSale(true)
	line := o.Items[0]
	decode[int64](t, orderAct(t, s, o, "ship", fmt.Sprintf(`{"items":[{"order_item_id":%d,"qty":1}],"arguments":{"extension_attributes":{"source_code":"default"}}}`, line.ID)))
	salable := func() float64 {
		return decode[float64](t, get(t, s, "/V1/inventory/get-product-salable-quantity/"+line.SKU+"/2"))
	}
	if stockOf(s, line.SKU, "default") != "99" || salable() != 97 {
		t.Fatalf("stock %s, salable %v", stockOf(s, line.SKU, "default"), salable())
	}
	refund := func(qty int, back string) {
		t.Helper()
		decode[int64](t, orderAct(t, s, o, "refund", fmt.Sprintf(`{"items":[{"order_item_id":%d,"qty":%d}],"arguments":{"shipping_amount":0%s}}`, line.ID, qty, back)))
	}
	returned := fmt.Sprintf(`,"extension_attributes":{"return_to_stock_items":[%d]}`, line.ID)
	refund(1, "") // nothing goes back by itself: the piece stays reserved
	if stockOf(s, line.SKU, "default") != "99" || salable() != 97 {
		t.Errorf("stock %s, salable %v", stockOf(s, line.SKU, "default"), salable())
	}
	refund(1, returned) // not shipped yet: it can be sold again
	if stockOf(s, line.SKU, "default") != "99" || salable() != 98 {
		t.Errorf("stock %s, salable %v", stockOf(s, line.SKU, "default"), salable())
	}
	refund(1, returned) // the one that was shipped: back at its source
	if stockOf(s, line.SKU, "default") != "100" || salable() != 99 {
		t.Errorf("stock %s, salable %v", stockOf(s, line.SKU, "default"), salable())
	}
	// What was refunded is not shipped any more.
	if r := decode[page](t, get(t, s, "/V1/orders"+sc(1, 1, "", "entity_id", "eq", itoa(o.ID)))); r.TotalCount != 1 {
		t.Error("the order is gone")
	}
	failure(t, orderAct(t, s, o, "ship", fmt.Sprintf(`{"items":[{"order_item_id":%d,"qty":0}],"arguments":{"extension_attributes":{"source_code":"default"}}}`, line.ID)), 400)
}

func TestRefundOfAnInvoice(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddSale(true) // paid by cheque
	path := "/V1/invoice/" + itoa(o.Invoices[0].ID) + "/refund"
	if e := failure(t, do(t, s, "POST", path, `{"isOnline":false}`), 400); !strings.Contains(e.Message, "We can't create creditmemo for the invoice.") {
		t.Error(e.Message)
	}
	if err := s.UpdateOrder(o.ID, func(o *Order) { o.Payment = "hyperpay_mada" }); err != nil {
		t.Fatal(err)
	}
	decode[int64](t, do(t, s, "POST", path, `{"isOnline":true}`))
	if got := s.Order(o.ID); got.CreditMemos[0].InvoiceID != o.Invoices[0].ID || got.Totals.Refunded != got.Totals.Paid {
		t.Errorf("%+v", got.CreditMemos)
	}
	failure(t, do(t, s, "POST", "/V1/invoice/999999999/refund", `{}`), 404)
}

func TestTheBareRepositories(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{NoMSI: true})
	o := s.AddSale(true)
	for range 2 {
		if r := do(t, s, "POST", "/V1/shipment", fmt.Sprintf(`{"entity":{"order_id":%d,"items":[{"order_item_id":%d,"qty":3}]}}`, o.ID, o.Items[0].ID)); r.status != 200 {
			t.Fatalf("%d %s", r.status, r.body)
		}
	}
	if got := s.Order(o.ID); len(got.Shipments) != 2 || got.Items[0].Shipped != "0" || got.State != StateProcessing {
		t.Errorf("%+v", got.Shipments)
	}
	decode[any](t, do(t, s, "POST", "/V1/orders", fmt.Sprintf(`{"entity":{"entity_id":%d,"status":"made-up","state":"complete"}}`, o.ID)))
	if got := s.Order(o.ID); got.State != StateComplete || got.Status != "made-up" {
		t.Errorf("%s %s", got.State, got.Status)
	}
	wantViolation(t, s, "ships nothing")
	wantViolation(t, s, "not to be saved through the repository")
}

// TestCommentWithoutAStatus: before 2.4.7 it empties the order's.
func TestCommentWithoutAStatus(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{V246: "", V247: "pending", V248: "pending"} {
		s := start(t, &Config{Version: version})
		o := s.AddSale(false)
		decode[bool](t, do(t, s, "POST", fmt.Sprintf("/V1/orders/%d/comments", o.ID), `{"statusHistory":{"comment":"x"}}`))
		if got := s.Order(o.ID).Status; got != want {
			t.Errorf("%s: the status is %q, want %q", version, got, want)
		}
	}
}
