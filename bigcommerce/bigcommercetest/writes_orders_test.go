package bigcommercetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// item is a line of a shipment.
func item(line int64, n int) string {
	return fmt.Sprintf(`{"order_product_id":%d,"quantity":%d}`, line, n)
}

func shipping(o *Order, more string, items ...string) string {
	return fmt.Sprintf(`{"order_address_id":%d,"items":[%s]%s}`, o.Shipping[0].ID, strings.Join(items, ","), more)
}

func TestAPaidOrder(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 5, Orders: 5})
	o := s.AddPaidOrder()
	if len(o.Lines) != 2 || o.Lines[0].Quantity != 3 || o.Lines[1].Quantity != 1 || o.Lines[0].ProductID == 0 || len(s.Effects()) > 0 {
		t.Errorf("%+v", o)
	}
	var got order
	fetch(t, s, fmt.Sprintf("/v2/orders/%d", o.ID)).decode(t, &got)
	if got.StatusID != 11 || got.Items != 4 || len(v2[idOnly](t, s, fmt.Sprintf("/v2/orders/%d/products", o.ID))) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	for _, restock := range []bool{false, true} {
		s := start(t, &Config{TB: t, Products: 5, RestockOrders: restock})
		o, back := s.AddPaidOrder(), map[bool]int{true: 3}[restock]
		path, before := fmt.Sprintf("/v2/orders/%d", o.ID), s.Product(101).Levels[0].OnHand
		if r := fetch(t, s, "/v3/settings/inventory"); !strings.Contains(r.body, fmt.Sprintf(`"refund_order_stock_adjustment":%t`, restock)) {
			t.Errorf("%s", r.body)
		}
		for range 2 {
			if r := do(t, s, "PUT", path, `{"status_id":5}`); r.status != 200 {
				t.Fatalf("%d %s", r.status, r.body)
			}
		}
		effects := told(s)
		if n := s.Product(101).Levels[0].OnHand; n != before+back || effects[0] != "PUT /v2/orders/* order "+itoa(o.ID) || len(effects) != 1+2*min(1, back) {
			t.Errorf("restock %v: %d pieces more, %v", restock, n-before, effects)
		}
		if got := s.Order(o.ID); got.StatusID != 5 || got.PaymentStatus != "captured" || len(got.Refunds) > 0 {
			t.Errorf("cancelling gives no money back: %+v", got)
		}
		do(t, s, "PUT", path, `{"status_id":11}`)
		do(t, s, "PUT", path, `{"status_id":5}`)
		if n := s.Product(101).Levels[0].OnHand; n != before+back {
			t.Errorf("%d pieces more after cancelling twice", n-before)
		}
	}
}

func TestOrderRefusals(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 5, Orders: 2})
	o := s.AddPaidOrder()
	first := o.Lines[0].ID
	path := fmt.Sprintf("/v2/orders/%d", o.ID)
	for _, test := range []struct {
		name, method, path, body string
		status                   int
		says                     string
	}{
		{"an unknown order", "PUT", "/v2/orders/9", `{"status_id":5}`, 404, "not found"},
		{"a status that is none", "PUT", path, `{"status_id":"five"}`, 400, "status_id"},
		{"a field that is read", "PUT", path, `{"custom_status":"x"}`, 400, "The field 'custom_status' cannot be written to."},
		{"a line of another order", "PUT", path, `{"products":[{"id":7,"quantity":1}]}`, 400, "not in the order"},
		{"half of a price", "PUT", path, fmt.Sprintf(`{"products":[{"id":%d,"price_ex_tax":1}]}`, first), 400, "Both price_ex_tax"},
		{"four of three pieces", "POST", path + "/shipments", shipping(o, "", item(first, 4)), 400, "exceeds"},
		{"three and one of three", "POST", path + "/shipments", shipping(o, "", item(first, 3), item(first, 1)), 400, "exceeds"},
		{"no piece", "POST", path + "/shipments", shipping(o, "", item(first, 0)), 400, "exceeds"},
		{"no line", "POST", path + "/shipments", shipping(o, ""), 400, "At least one item"},
		{"an unknown line", "POST", path + "/shipments", shipping(o, "", item(7, 1)), 400, "exceeds"},
		{"an address of another order", "POST", path + "/shipments", `{"order_address_id":7,"items":[` + item(first, 1) + `]}`, 400, "order_address_id"},
		{"a product's id", "POST", path + "/shipments", shipping(o, "", fmt.Sprintf(`{"order_product_id":%d,"product_id":101,"quantity":1}`, first)), 400, "The field 'product_id' cannot be written to."},
		{"a provider nobody knows", "POST", path + "/shipments", shipping(o, `,"shipping_provider":"DHL"`, item(first, 1)), 400, "shipping_provider"},
		{"a carrier's name", "POST", path + "/shipments", shipping(o, `,"tracking_carrier":"DHL Express"`, item(first, 1)), 400, "tracking_carrier"},
		{"a number too long", "POST", path + "/shipments", shipping(o, `,"tracking_number":"`+strings.Repeat("1", 51)+`"`, item(first, 1)), 400, "tracking_number"},
		{"an unknown shipment", "PUT", path + "/shipments/7", `{"tracking_number":"1"}`, 404, "not found"},
		{"an address' sum", "PUT", fmt.Sprintf("%s/shipping_addresses/%d", path, o.Shipping[0].ID), `{"items_total":1}`, 400, `"status":404`},
		{"a message", "POST", path + "/messages", `{"message":"hi"}`, 405, "not allowed"},
	} {
		before, events := s.Orders(), len(s.Events())
		r := do(t, s, test.method, test.path, test.body)
		if r.status != test.status || !strings.Contains(strings.ReplaceAll(r.body, `\/`, "/"), test.says) || r.body[0] != '[' {
			t.Errorf("%s: %d %s", test.name, r.status, r.body)
		}
		if diff := cmp.Diff(before, s.Orders()); diff != "" || len(s.Effects()) > 0 || len(s.Events()) > events {
			t.Errorf("%s changed something\n%s", test.name, diff)
		}
	}
}

// TestEditingLines: a PUT of products patches them, takes away their discounts
// and leaves those that are not named alone.
func TestEditingLines(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 5})
	o := s.AddPaidOrder()
	if err := s.UpdateOrder(o.ID, func(o *Order) { o.Lines[0].Discount, o.Lines[1].Discount, o.Fee = 5*Unit, Unit, 7*Unit }); err != nil {
		t.Fatal(err)
	}
	do(t, s, "PUT", fmt.Sprintf("/v2/orders/%d", o.ID), fmt.Sprintf(`{"products":[{"id":%d,"quantity":2},{"name":"More","quantity":1,"price_ex_tax":4,"price_inc_tax":5}]}`, o.Lines[0].ID))
	got := s.Order(o.ID)
	if len(got.Lines) != 3 || got.Lines[0].Quantity != 2 || got.Lines[0].Discount != 0 || got.Lines[1].Discount != Unit || got.Lines[2].ID == 0 || got.Fee != 7*Unit {
		t.Errorf("%+v", got.Lines)
	}
	do(t, s, "PUT", fmt.Sprintf("/v2/orders/%d", o.ID), fmt.Sprintf(`{"products":[{"id":%d,"quantity":0}],"fees":[]}`, o.Lines[1].ID))
	if got := s.Order(o.ID); len(got.Lines) != 2 || got.Fee != 0 {
		t.Errorf("%+v", got)
	}
}

func TestShipments(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 5, StockOnShipment: true})
	o := s.AddPaidOrder()
	path, before := fmt.Sprintf("/v2/orders/%d/shipments", o.ID), s.Product(101).Levels[0].OnHand
	var sh struct {
		ID     int64
		Number string `json:"tracking_number"`
		Link   string `json:"generated_tracking_link"`
	}
	r := do(t, s, "POST", path, shipping(o, `,"tracking_number":"N1","tracking_carrier":"dhl"`, item(o.Lines[0].ID, 2)))
	r.decode(t, &sh)
	if got := s.Order(o.ID); r.status != 201 || got.StatusID != 3 || got.Lines[0].Shipped != 2 || sh.Number != "N1" || sh.Link == "" {
		t.Fatalf("%d %s\n%+v", r.status, r.body, got)
	}
	for range 2 { // the second time it is so already
		do(t, s, "PUT", fmt.Sprintf("%s/%d", path, sh.ID), `{"tracking_number":"N2","tracking_link":"https://example.com/t"}`).decode(t, &sh)
	}
	if sh.Number != "N2" || s.Order(o.ID).Shipments[0].Carrier != "dhl" {
		t.Errorf("%+v", sh)
	}
	do(t, s, "POST", path, shipping(o, "", item(o.Lines[0].ID, 1), item(o.Lines[1].ID, 1)))
	if got := s.Order(o.ID); got.StatusID != 2 || len(got.Shipments) != 2 {
		t.Errorf("%+v", got)
	}
	kinds := []string{}
	for _, e := range s.Effects() {
		kinds = append(kinds, e.Kind)
	}
	if diff := cmp.Diff([]string{"shipment", "stock", "shipment", "shipment", "stock", "stock"}, kinds); diff != "" {
		t.Error(diff)
	}
	if n := s.Product(101).Levels[0].OnHand; n != before-3 {
		t.Errorf("%d pieces less", before-n)
	}
}

// TestTheLastPieceIsShippedOnce: of ten shipments at once three find a piece.
func TestTheLastPieceIsShippedOnce(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 5})
	o := s.AddPaidOrder()
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if _, err := send(t.Context(), s, s.Token(), "POST", fmt.Sprintf("/v2/orders/%d/shipments", o.ID), shipping(o, "", item(o.Lines[0].ID, 1))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := s.Order(o.ID); len(got.Shipments) != 3 || got.Lines[0].Shipped != 3 || len(s.Effects()) != 3 {
		t.Errorf("%d shipments, %d effects", len(got.Shipments), len(s.Effects()))
	}
}
