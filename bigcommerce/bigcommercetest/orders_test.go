package bigcommercetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// order is what these tests look at in an order.
type order struct {
	ID           int64
	StatusID     int    `json:"status_id"`
	Status       string `json:"status"`
	Custom       string `json:"custom_status"`
	Total        string `json:"total_inc_tax"`
	Refunded     string `json:"refunded_amount"`
	Created      string `json:"date_created"`
	Shipped      string `json:"date_shipped"`
	Display      string `json:"currency_code"`
	Currency     string `json:"default_currency_code"`
	Items        int    `json:"items_total"`
	ItemsShipped int    `json:"items_shipped"`
	Deleted      bool   `json:"is_deleted"`
	StaffNotes   string `json:"staff_notes"`
	Consignments struct {
		URL      string
		Shipping []struct {
			LineItems []struct {
				ID    int64
				Price json.RawMessage `json:"price_ex_tax"`
			} `json:"line_items"`
			Warning *struct{ Message string } `json:"__warning__"`
		}
		Pickups, Downloads []json.RawMessage
		Email              struct {
			Gifts []json.RawMessage `json:"gift_certificates"`
		}
	}
	Fees     json.RawMessage
	Products struct{ URL, Resource string }
}

func TestOrderMoneyIsText(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true})
	four, fewer := regexp.MustCompile(`^-?\d+\.\d{4}$`), regexp.MustCompile(`^-?\d+(\.\d{1,4})?$`)
	for _, o := range v2[order](t, s, "/v2/orders?limit=250") {
		truth := s.Order(o.ID)
		want := four
		if truth.Plain {
			want = fewer
		}
		v, ok := toMoney(o.Total)
		if !want.MatchString(o.Total) || !ok || v != truth.Total() {
			t.Fatalf("order %d: total %q, want %s", o.ID, o.Total, Decimal(truth.Total()))
		}
		if r, _ := toMoney(o.Refunded); r != 0 {
			t.Fatalf("order %d: refunded_amount %q", o.ID, o.Refunded)
		}
		if o.Created != truth.CreatedAt.Format("Mon, 02 Jan 2006 15:04:05 +0000") || (o.Shipped == "") != truth.ShippedAt.IsZero() {
			t.Fatalf("order %d: dates %q and %q", o.ID, o.Created, o.Shipped)
		}
	}
}

func TestSeededOrdersHaveEveryOddShape(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	have := map[string]bool{}
	for _, o := range s.Orders() {
		for name, is := range map[string]bool{
			"a guest": o.CustomerID == 0, "two addresses": len(o.Shipping) == 2, "pickup": o.Pickup, "digital": o.digital(),
			"archived": o.Deleted, "old amounts": o.Plain, "another currency": o.Currency != s.Currency(),
			"another display currency": o.DisplayCurrency != o.Currency, "120 lines": len(o.Lines) == 120,
			"a refund": len(o.Refunds) > 0, "messages": len(o.Messages) > 0, "a fee": o.Fee > 0, "a coupon": o.CouponCode != "",
			"a deleted product": slices.ContainsFunc(o.Lines, func(l LineItem) bool { return l.ProductID != 0 && s.Product(l.ProductID) == nil }),
			"a custom line":     slices.ContainsFunc(o.Lines, func(l LineItem) bool { return l.ProductID == 0 && l.Type == "physical" }),
			"a gift":            slices.ContainsFunc(o.Lines, func(l LineItem) bool { return l.Type == "giftcertificate" }),
			"two parcels":       len(o.Shipments) == 2, "partly shipped": o.StatusID == 3 && len(o.Shipments) == 1,
		} {
			have[name] = have[name] || is
		}
	}
	for name, is := range have {
		if !is {
			t.Errorf("no order has %s", name)
		}
	}
}

func TestConsignmentsAreCutAtFifty(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true})
	found := false
	for _, o := range v2[order](t, s, "/v2/orders?limit=250&include=consignments.line_items,fees&consignment_structure=object") {
		truth := s.Order(o.ID)
		for i, c := range o.Consignments.Shipping {
			want := 0
			for _, l := range truth.Lines {
				want += btoi(l.AddressID == truth.Shipping[i].ID)
			}
			if got := len(c.LineItems); got != min(want, 50) || (c.Warning != nil) != (want > 50) {
				t.Fatalf("order %d: %d of %d lines, warning %v", o.ID, got, want, c.Warning)
			}
			if len(c.LineItems) > 0 && strings.HasPrefix(string(c.LineItems[0].Price), `"`) {
				t.Fatalf("order %d: price %s", o.ID, c.LineItems[0].Price)
			}
			found = found || want > 50
		}
		if (len(o.Consignments.Pickups) > 0) != truth.Pickup || (len(o.Consignments.Downloads) > 0) != truth.digital() {
			t.Fatalf("order %d: pickups and downloads", o.ID)
		}
		if !strings.HasPrefix(string(o.Fees), "[") {
			t.Fatalf("order %d: fees %s", o.ID, o.Fees)
		}
	}
	if !found {
		t.Error("no order has more than fifty lines")
	}
	var all []idOnly
	for n := 1; n <= 3; n++ {
		all = append(all, v2[idOnly](t, s, fmt.Sprintf("/v2/orders/117/products?page=%d", n))...)
	}
	if len(all) != 120 {
		t.Errorf("%d lines by themselves", len(all))
	}
}

func TestConsignmentsNeedTheirStructure(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Orders: 3})
	o := v2[order](t, s, "/v2/orders?include=consignments")[0]
	if o.Consignments.URL == "" || len(s.Violations()) != 1 {
		t.Errorf("consignments %+v, violations %q", o.Consignments, s.Violations())
	}
	if !strings.HasSuffix(o.Products.URL, "/stores/abc123xyz/v2/orders/100/products") || o.Products.Resource != "/orders/100/products" {
		t.Errorf("link %+v", o.Products)
	}
}

func TestShipping(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now, Orders: 5})
	o := s.AddOrder(Order{StatusID: 11, PaymentStatus: "captured", Billing: OrderAddress{Email: "a@example.com"},
		Shipping: []OrderAddress{{City: "Riyadh"}}, Lines: []LineItem{{Name: "A", Quantity: 2, Price: 10 * Unit}, {Name: "B", Quantity: 1, Price: 5 * Unit}}})
	path := fmt.Sprintf("/v2/orders/%d", o.ID)
	ship := func(line int64, n int) reply {
		return do(t, s, "POST", path+"/shipments", fmt.Sprintf(
			`{"order_address_id":"%d","tracking_number":"T1","shipping_provider":"usps","items":[{"order_product_id":%d,"quantity":%d}]}`, o.Shipping[0].ID, line, n))
	}
	if r := ship(o.Lines[0].ID, 3); r.status != 400 {
		t.Errorf("too many: %d %s", r.status, r.body)
	}
	c.add(time0)
	r := ship(o.Lines[0].ID, 1)
	var sh struct {
		ID   int64
		Link string `json:"generated_tracking_link"`
	}
	r.decode(t, &sh)
	if r.status != http.StatusCreated || sh.ID == 0 || !strings.Contains(sh.Link, "T1") {
		t.Fatalf("%d %s", r.status, r.body)
	}
	var now order
	fetch(t, s, path).decode(t, &now)
	if now.StatusID != 3 || now.ItemsShipped != 1 || now.Shipped == "" {
		t.Errorf("after one: %+v", now)
	}
	ship(o.Lines[0].ID, 1)
	ship(o.Lines[1].ID, 1)
	fetch(t, s, path).decode(t, &now)
	if now.StatusID != 2 || now.ItemsShipped != 3 {
		t.Errorf("after all: %+v", now)
	}
	if got := len(v2[idOnly](t, s, path+"/shipments")); got != 3 {
		t.Errorf("%d shipments", got)
	}
	if r := do(t, s, "PUT", fmt.Sprintf("%s/shipments/%d", path, sh.ID), `{"tracking_number":"T2"}`); r.status != 200 || !strings.Contains(r.body, "T2") {
		t.Errorf("changed: %d %s", r.status, r.body)
	}
	if r := do(t, s, "DELETE", fmt.Sprintf("%s/shipments/%d", path, sh.ID), ""); r.status != 204 {
		t.Errorf("deleted: %d", r.status)
	}
	if truth := s.Order(o.ID); truth.StatusID != 2 || len(truth.Shipments) != 2 || truth.Lines[0].Shipped != 1 {
		t.Errorf("a deleted shipment does not move the status: %+v", truth)
	}
}

func TestRefunds(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Orders: 1})
	o := s.AddOrder(Order{StatusID: 11, PaymentMethod: "Credit Card", PaymentStatus: "captured", CustomerID: 3, Shipping: []OrderAddress{{City: "Riyadh", Cost: 10 * Unit}},
		Lines: []LineItem{{Name: "A", Quantity: 2, Price: 10 * Unit}}})
	path := fmt.Sprintf("/v3/orders/%d/payment_actions/", o.ID)
	item := fmt.Sprintf(`"items":[{"item_type":"PRODUCT","item_id":%d,"quantity":1,"reason":"broken"}]`, o.Lines[0].ID)
	var quote struct {
		Data struct {
			Total   json.Number                      `json:"total_refund_amount"`
			Tax     json.Number                      `json:"total_refund_tax_amount"`
			Methods [][]struct{ Amount json.Number } `json:"refund_methods"`
		}
	}
	do(t, s, "POST", path+"refund_quotes", "{"+item+"}").decode(t, &quote)
	if quote.Data.Total != "11.5" || quote.Data.Tax != "1.5" || len(quote.Data.Methods) != 3 {
		t.Fatalf("quote %+v", quote.Data)
	}
	if r := do(t, s, "POST", path+"refunds", "{"+item+`,"payments":[{"provider_id":"custom","amount":11.4,"offline":true}]}`); r.status != 422 {
		t.Errorf("another amount: %d %s", r.status, r.body)
	}
	pay := `,"payments":[{"provider_id":"custom","amount":11.5,"offline":true}]}`
	if r := do(t, s, "POST", path+"refunds", "{"+item+pay); r.status != 201 {
		t.Fatalf("refund: %d %s", r.status, r.body)
	}
	list := v3[struct {
		OrderID int64       `json:"order_id"`
		Total   json.Number `json:"total_amount"`
	}](t, s, "/v3/orders/payment_actions/refunds?order_id:in="+itoa(o.ID))
	if len(list.Data) != 1 || list.Data[0].Total != "11.5" {
		t.Errorf("list %+v", list.Data)
	}
	if got := s.Order(o.ID); got.StatusID != 14 || got.PaymentStatus != "partially refunded" || got.Lines[0].Refunded != 1 {
		t.Errorf("order %+v", got)
	}
	if r := do(t, s, "POST", path+"refunds", strings.Replace("{"+item+pay, `"quantity":1`, `"quantity":2`, 1)); r.status != 422 {
		t.Errorf("more than there is: %d", r.status)
	}
}

func TestOrderWrites(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now})
	c.add(time0)
	r := do(t, s, "PUT", "/v2/orders/105", `{"status_id":10,"staff_notes":"ملاحظة \"x\""}`)
	var o order
	r.decode(t, &o)
	if r.status != 200 || o.StatusID != 10 || o.Status != "Completed" || o.Custom != "Completed - Testing" || o.StaffNotes != `ملاحظة "x"` {
		t.Errorf("%d %+v", r.status, o)
	}
	if got := s.Order(105).ModifiedAt; !got.Equal(c.now()) {
		t.Errorf("changed at %v", got)
	}
	if r := do(t, s, "DELETE", "/v2/orders/105", ""); r.status != 204 || !s.Order(105).Deleted {
		t.Errorf("archived: %d", r.status)
	}
	r = do(t, s, "POST", "/v2/orders", `{"billing_address":{"first_name":"A","email":"a@example.com"},"products":[{"product_id":102,"quantity":2},{"name":"Custom","quantity":1,"price_ex_tax":10,"price_inc_tax":11.5}]}`)
	r.decode(t, &o)
	if r.status != 200 || o.StatusID != 1 || o.Items != 3 {
		t.Errorf("created: %d %s", r.status, r.body)
	}
}
