package woocommercetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAPaidOrder(t *testing.T) {
	t.Parallel()
	for _, products := range []int{500, 6, -1} {
		s := start(t, &Config{TB: t, Products: products})
		o := s.AddPaidOrder()
		if o.Status != "processing" || o.PaidAt.IsZero() || len(o.Items) != 2 || o.Items[0].Quantity != 3 || o.Items[1].Quantity != 1 || o.Total != "60.50" {
			t.Errorf("%+v", o)
		}
		again := s.AddPaidOrder()
		if again.ID == o.ID || again.Items[0].ProductID != o.Items[0].ProductID {
			t.Errorf("another one is %d of product %d", again.ID, again.Items[0].ProductID)
		}
		if moved := len(s.Order(o.ID).Notes) > 0; moved != (products > 0) || len(s.Effects()) != 0 {
			t.Errorf("of %d products: stock moved: %t, effects %v", products, moved, s.Effects())
		}
	}
}

// stockOf is what is left of the goods of an order's lines.
func stockOf(s *Server, o *Order) (out []int) {
	for _, l := range o.Items {
		out = append(out, s.Product(l.ProductID).StockQuantity)
	}
	return out
}

// A cancellation puts back what is still out, not what a refund put back before.
func TestStockAfterRefundAndCancellation(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddPaidOrder()
	left := stockOf(s, o)
	at := "/orders/" + itoa64(o.ID)
	line := itoa64(o.Items[0].ID)
	refund := func(body string, first, second int) {
		t.Helper()
		if r := do(t, s, "POST", at+"/refunds", body); r.status != 201 {
			t.Fatal(r.status, r.body)
		}
		if d := cmp.Diff([]int{left[0] + first, left[1] + second}, stockOf(s, o)); d != "" {
			t.Errorf("after %s (-want +got):\n%s", body, d)
		}
	}
	refund(`{"line_items":[{"id":`+line+`,"quantity":1,"refund_total":10}]}`, 1, 0)
	refund(`{"api_restock":false,"line_items":[{"id":`+line+`,"quantity":1,"refund_total":10}]}`, 1, 0)
	refund(`{"amount":"1.00"}`, 1, 0)
	before := len(s.Effects())
	for range 2 {
		if r := do(t, s, "PUT", at, `{"status":"cancelled"}`); r.status != 200 {
			t.Fatal(r.status, r.body)
		}
	}
	if d := cmp.Diff([]int{left[0] + 3, left[1] + 1}, stockOf(s, o)); d != "" {
		t.Errorf("after two cancellations (-want +got):\n%s", d)
	}
	if got := strings.Join(actions(s, before), " "); got != "order.update stock.move stock.move" {
		t.Errorf("effects %s", got)
	}
	var notes []string
	for _, n := range s.Order(o.ID).Notes {
		notes = append(notes, n.Text)
	}
	told := strings.Join(notes, "\n")
	for _, want := range []string{
		fmt.Sprintf("Item #%d stock increased from %d to %d.", o.Items[0].ProductID, left[0], left[0]+1),
		"Stock levels increased: " + fmt.Sprintf("%s (%d&rarr;%d)", o.Items[0].Name, left[0]+1, left[0]+3),
		"Order status changed from Processing to Cancelled.",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("no note %q in\n%s", want, told)
		}
	}
	if r := do(t, s, "PUT", at, `{"status":"completed"}`); r.status != 200 { // no status is for ever
		t.Error(r.status, r.body)
	}
	if d := cmp.Diff(left, stockOf(s, o)); d != "" {
		t.Errorf("completed after all (-want +got):\n%s", d)
	}
}

func TestRefundsOfLines(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, c := range []struct {
		name, body string
		status     int
		amount     string // or the code of the error
	}{
		{"two lines and their tax", `{"line_items":[{"id":L1,"quantity":1,"refund_total":10,"refund_tax":[{"id":1,"refund_total":1.5}]},{"id":L2,"refund_total":2}]}`, 201, "13.50"},
		{"shipping", `{"line_items":[{"id":S1,"refund_total":5}]}`, 201, "5.00"},
		{"an amount before what lines add up to", `{"amount":"3","line_items":[{"id":L1,"quantity":1,"refund_total":10}]}`, 201, "3.00"},
		{"a line that does not say", `{"line_items":[{"id":L1,"quantity":1},{"id":L2,"refund_total":2}]}`, 201, "0.00"},
		{"nothing", `{}`, 201, "0.00"},
		{"more pieces than were sold", `{"line_items":[{"id":L1,"quantity":9,"refund_total":1}]}`, 201, "1.00"},
		{"a line of another order", `{"line_items":[{"id":5,"quantity":1,"refund_total":4}]}`, 201, "4.00"},
		{"all", `{"amount":"60.50"}`, 201, "60.50"},
		{"a cent too much", `{"amount":"60.51"}`, 500, "woocommerce_rest_cannot_create_order_refund"},
		{"lines too much", `{"line_items":[{"id":L1,"quantity":1,"refund_total":100}]}`, 500, "woocommerce_rest_cannot_create_order_refund"},
		{"a negative amount", `{"amount":"-1"}`, 500, "woocommerce_rest_invalid_order_refund"},
		{"a number for an amount", `{"amount":5}`, 400, "rest_invalid_param"},
	} {
		o := s.AddPaidOrder()
		body := strings.NewReplacer("L1", itoa64(o.Items[0].ID), "L2", itoa64(o.Items[1].ID), "S1", itoa64(o.ShippingLines[0].ID)).Replace(c.body)
		before := len(s.Effects())
		r := do(t, s, "POST", "/orders/"+itoa64(o.ID)+"/refunds", body)
		if c.status != 201 {
			f := fails(t, r, c.status, c.amount)
			if c.status == 500 && strings.HasPrefix(string(f.Data), "{") {
				t.Errorf("%s: data is %s, want a number", c.name, f.Data)
			}
			if len(s.Effects()) != before || len(s.Order(o.ID).Refunds) != 0 {
				t.Errorf("%s: refused, and %v", c.name, actions(s, before))
			}
			continue
		}
		if got := decode[object](t, r); r.status != 201 || got["amount"] != c.amount || got["refunded_payment"] != true {
			t.Errorf("%s: %d %.300s", c.name, r.status, r.body)
		}
		want := "processing"
		if c.name == "all" {
			want = "refunded"
		}
		if got := s.Order(o.ID); got.Status != want || fixed(got.refunded(), 2) != c.amount {
			t.Errorf("%s: the order is %s with %s refunded", c.name, got.Status, got.refunded())
		}
	}
	o := s.AddPaidOrder()
	at := "/orders/" + itoa64(o.ID) + "/refunds"
	f := decode[object](t, do(t, s, "POST", at, `{"line_items":[{"id":`+itoa64(o.ShippingLines[0].ID)+`,"refund_total":5}]}`))
	if got := f["shipping_lines"].([]any); len(got) != 1 || fieldsOf(got[0].(object), "method_id total") != "flat_rate -5.00" {
		t.Errorf("shipping %v", got)
	}
	if r := do(t, s, "DELETE", at+"/"+fmt.Sprint(f["id"])+"?force=true", ""); r.status != 200 || len(s.Order(o.ID).Refunds) != 0 {
		t.Errorf("%d %s", r.status, r.body)
	}
	fails(t, do(t, s, "DELETE", at+"/"+fmt.Sprint(f["id"])+"?force=true", ""), 404, "woocommerce_rest_shop_order_refund_invalid_id")
}

// The status alone pays nobody, but makes a refund of what is left.
func TestTheStatusRefunded(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddPaidOrder()
	at := "/orders/" + itoa64(o.ID)
	do(t, s, "POST", at+"/refunds", `{"amount":"20.50"}`)
	before, left := len(s.Effects()), stockOf(s, o)
	do(t, s, "PUT", at, `{"status":"refunded"}`)
	do(t, s, "PUT", at, `{"status":"refunded"}`)
	now := s.Order(o.ID)
	if len(now.Refunds) != 2 || now.Refunds[1].Amount != "40" || now.Refunds[1].Paid {
		t.Errorf("refunds %+v", now.Refunds)
	}
	if got := strings.Join(actions(s, before), " "); got != "order.update refund.create" {
		t.Errorf("effects %s", got)
	}
	if d := cmp.Diff(left, stockOf(s, o)); d != "" {
		t.Errorf("the stock moved:\n%s", d)
	}
	fails(t, do(t, s, "POST", at+"/refunds", `{"amount":"0.01"}`), 500, "woocommerce_rest_cannot_create_order_refund")
}

func TestLinesOfOrdersWritten(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := s.AddProduct(Product{Name: "Cup", RegularPrice: "10.00", ManageStock: true, StockQuantity: 9, SKU: "CUP"})
	o := decode[orderJSON](t, do(t, s, "POST", "/orders", `{"status":"processing","line_items":[{"sku":"CUP","product_id":5,"quantity":2}]}`))
	at, line := "/orders/"+itoa64(o.ID), itoa64(o.Items[0].ID)
	left := func(want int) {
		t.Helper()
		if got := s.Product(p.ID).StockQuantity; got != want {
			t.Errorf("%d left, want %d", got, want)
		}
	}
	left(7)
	if o.Items[0].Product != p.ID {
		t.Errorf("product %d; the SKU comes before the id", o.Items[0].Product)
	}
	o = decode[orderJSON](t, do(t, s, "PUT", at, `{"line_items":[{"id":`+line+`,"quantity":3}]}`))
	if left(6); o.Total != "20.00" {
		t.Errorf("total %s; a quantity does not move the amounts", o.Total)
	}
	before := len(s.Effects())
	for body, code := range map[string]string{
		`{"line_items":[{"id":` + line + `,"quantity":4},{"id":5}]}`:       "woocommerce_rest_invalid_item_id",
		`{"line_items":[{"id":` + line + `,"quantity":4},{"quantity":1}]}`: "woocommerce_rest_required_product_reference",
		`{"shipping_lines":[{"method_title":"Post","total":"5.00"}]}`:      "woocommerce_rest_invalid_shipping_item",
		`{"fee_lines":[{"total":"5.00"}]}`:                                 "woocommerce_rest_invalid_fee_item",
		`{"status":"cancelled","customer_id":99999}`:                       "woocommerce_rest_invalid_customer_id",
		`{"status":"bogus"}`: "rest_invalid_param",
		`{"status":"cancelled","line_items":"none","billing":"x"}`: "rest_invalid_param",
	} {
		fails(t, do(t, s, "PUT", at, body), 400, code)
	}
	fails(t, do(t, s, "POST", "/orders", `{"id":4}`), 400, "woocommerce_rest_shop_order_exists")
	left(6)
	if len(s.Effects()) != before || s.Order(o.ID).Status != "processing" {
		t.Errorf("effects of what was refused: %v", actions(s, before))
	}
	// Once paid it is paid.
	done := decode[orderJSON](t, do(t, s, "PUT", at, `{"status":"cancelled"}`))
	left(9)
	if again := decode[orderJSON](t, do(t, s, "PUT", at, `{"set_paid":true}`)); again.Status != done.Status {
		t.Errorf("a cancelled order that is set paid is %s", again.Status)
	}
	if o = decode[orderJSON](t, do(t, s, "PUT", at, `{"line_items":[{"id":`+line+`,"product_id":null}]}`)); len(o.Items) != 0 || o.Total != "0.00" {
		t.Errorf("a line of null: %+v", o)
	}
}

func TestNotesWritten(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddPaidOrder()
	at := "/orders/" + itoa64(o.ID) + "/notes"
	for _, text := range []string{`نص "عربي" 🔔 & <b>`, `a\\b`} {
		n := decode[object](t, do(t, s, "POST", at, `{"note":`+string(appendText(nil, text))+`,"customer_note":true}`))
		if n["note"] != strings.ReplaceAll(text, `\\`, `\`) || n["customer_note"] != true {
			t.Errorf("%s is kept as %v", text, n["note"])
		}
	}
	before := len(s.Effects())
	fails(t, do(t, s, "POST", at, `{}`), 400, "rest_missing_callback_param")
	fails(t, do(t, s, "POST", at, `{"note":null}`), 400, "rest_missing_callback_param")
	fails(t, do(t, s, "POST", "/orders/1/notes", `{"note":"x"}`), 404, "woocommerce_rest_order_invalid_id")
	if len(s.Effects()) != before {
		t.Errorf("effects of what was refused: %v", actions(s, before))
	}
	same := do(t, s, "POST", at, `{"note":"x"}`).status + do(t, s, "POST", at, `{"note":"x"}`).status
	if got := strings.Join(actions(s, before), " "); same != 402 || got != "note.create note.create" {
		t.Errorf("the same note twice: %s", got)
	}
}
