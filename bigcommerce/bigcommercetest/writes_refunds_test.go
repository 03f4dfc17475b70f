package bigcommercetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// refunding is what these tests see of refunds.
type refunding struct {
	s    *Server
	path string
}

func (f refunding) quote(t *testing.T, items string) (total, adjustment string, r reply) {
	t.Helper()
	var q struct {
		Data struct {
			Total      json.Number `json:"total_refund_amount"`
			Adjustment json.Number
		}
	}
	r = do(t, f.s, "POST", f.path+"refund_quotes", `{"items":[`+items+`]}`)
	if r.status == 201 {
		r.decode(t, &q)
	}
	return q.Data.Total.String(), q.Data.Adjustment.String(), r
}

func (f refunding) pay(t *testing.T, items, provider, amount string, offline bool) reply {
	t.Helper()
	return do(t, f.s, "POST", f.path+"refunds", fmt.Sprintf(`{"items":[%s],"payments":[{"provider_id":%q,"amount":%s,"offline":%t}]}`, items, provider, amount, offline))
}

func TestRefundLimits(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 5})
	o := s.AddPaidOrder()
	f := refunding{s, fmt.Sprintf("/v3/orders/%d/payment_actions/", o.ID)}
	plain := func(v int64) string { return strings.TrimRight(strings.TrimRight(Decimal(v), "0"), ".") }
	line := func(n int) string {
		return fmt.Sprintf(`{"item_type":"PRODUCT","item_id":%d,"quantity":%d}`, o.Lines[0].ID, n)
	}
	amount := func(v string) string { return fmt.Sprintf(`{"item_type":"ORDER","item_id":%d,"amount":%s}`, o.ID, v) }
	if got, adjustment, r := f.quote(t, amount("1000")); got != plain(o.Total()) || adjustment != plain(o.Total()-1000*Unit) {
		t.Errorf("a quote of too much: %s, %s, %s", got, adjustment, r.body)
	}
	for name, r := range map[string]reply{
		"four of three": f.pay(t, line(4), "testgateway", "92", false), "another sum": f.pay(t, line(1), "testgateway", "22.99", false),
		"a provider of nobody": f.pay(t, line(1), "paypal", "23", false), "offline as if online": f.pay(t, line(1), "custom", "23", false),
		"credit for a guest": f.pay(t, line(1), "storecredit", "23", false), "nothing": f.pay(t, "", "testgateway", "0", false),
		"more than shipping": f.pay(t, fmt.Sprintf(`{"item_type":"SHIPPING","item_id":%d,"amount":12}`, o.Shipping[0].ID), "testgateway", "12", false),
	} {
		var bad struct{ Data []problem }
		r.decode(t, &bad)
		if r.status != 422 || len(bad.Data) != 1 || bad.Data[0].Title == "" {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if len(s.Effects()) > 0 || len(s.Order(o.ID).Refunds) > 0 {
		t.Fatalf("%v", told(s))
	}
	for n, r := range []reply{f.pay(t, line(2), "testgateway", "46", false), f.pay(t, amount("1.05"), "custom", "1.05", true), f.pay(t, amount("1.05"), "custom", "1.05", true)} {
		if r.status != 201 {
			t.Errorf("refund %d: %d %s", n, r.status, r.body)
		}
	}
	if len(s.Effects()) != 3 {
		t.Errorf("the same refund again is another: %v", told(s))
	}
	if got := s.Order(o.ID); got.StatusID != 14 || got.PaymentStatus != "partially refunded" || len(got.Refunds) != 3 || got.Lines[0].Refunded != 2 {
		t.Errorf("%+v", got)
	}
	before := s.Product(101).Levels[0].OnHand
	left, _, _ := f.quote(t, amount("1000"))
	if r := f.pay(t, amount("1000"), "testgateway", left, false); r.status != 201 {
		t.Errorf("the rest: %d %s", r.status, r.body)
	}
	if got := s.Order(o.ID); got.StatusID != 4 || got.PaymentStatus != "refunded" || got.refunded() != got.Total() || s.Product(101).Levels[0].OnHand != before {
		t.Errorf("%+v", got)
	}
	if _, _, r := f.quote(t, amount("1")); r.status != 422 {
		t.Errorf("one more: %d %s", r.status, r.body)
	}
}

// TestRefundsArePaidLater: the refund is there at once, the order's status
// follows its payment, and a payment that is declined gives nothing back.
func TestRefundsArePaidLater(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 5, PaymentRequests: 1})
	o := s.AddPaidOrder()
	f := refunding{s, fmt.Sprintf("/v3/orders/%d/payment_actions/", o.ID)}
	item := fmt.Sprintf(`{"item_type":"PRODUCT","item_id":%d,"quantity":3}`, o.Lines[0].ID)
	s.DeclineRefunds("no money")
	r := f.pay(t, item, "testgateway", "69", false)
	if got := s.Order(o.ID); r.status != 201 || strings.Contains(r.body, "no money") || len(got.Refunds) != 1 || got.PaymentStatus != "captured" {
		t.Errorf("%d %s", r.status, r.body)
	}
	list := fetch(t, s, fmt.Sprintf("/v3/orders/%d/payment_actions/refunds", o.ID))
	if got := s.Order(o.ID); !strings.Contains(list.body, `"is_declined":true,"declined_message":"no money"`) || got.PaymentStatus != "captured" || got.Lines[0].Refunded != 0 {
		t.Errorf("%s", list.body)
	}
	s.DeclineRefunds("")
	if r := f.pay(t, item, "testgateway", "69", false); r.status != 201 {
		t.Errorf("once more: %d %s", r.status, r.body)
	}
	fetch(t, s, "/v2/time")
	if got := s.Order(o.ID); got.StatusID != 14 || len(got.Refunds) != 2 || len(s.Effects()) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestVoidTakesARequest(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, PaymentRequests: 1})
	o := s.AddOrder(Order{StatusID: 7, PaymentStatus: "authorized", Lines: []LineItem{{Name: "x", Quantity: 1, Price: Unit}}})
	path := fmt.Sprintf("/v3/orders/%d/payment_actions/void", o.ID)
	if r := do(t, s, "POST", path, ""); r.status != 201 || s.Order(o.ID).PaymentStatus != "void pending" {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := do(t, s, "POST", path, ""); r.status != 422 || s.Order(o.ID).PaymentStatus != "void" || len(s.Effects()) != 1 {
		t.Errorf("%d %s, %s", r.status, r.body, s.Order(o.ID).PaymentStatus)
	}
}

func TestRefundsOfOneOrderAreSequential(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 5})
	o := s.AddPaidOrder()
	path := fmt.Sprintf("/v3/orders/%d/payment_actions/refunds", o.ID)
	found, args, _ := findRoute("POST", path)
	leave, _ := (&call{server: s, store: s.Store, args: args}).enter(found)
	do(t, s, "POST", path, `{"items":[]}`)
	leave()
	do(t, s, "POST", path, `{"items":[]}`)
	if v := s.Violations(); len(v) != 1 || !strings.Contains(v[0], "beside another") {
		t.Errorf("%q", v)
	}
}
