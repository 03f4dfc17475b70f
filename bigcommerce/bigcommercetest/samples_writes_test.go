package bigcommercetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestWritesAnswerLikeTheSamples holds answers to writes, most of them
// refusals, against the vendor's.
func TestWritesAnswerLikeTheSamples(t *testing.T) {
	t.Parallel()
	v := load(t)
	s := start(t, &Config{Products: 12, Orders: 3, Customers: 3})
	if err := s.UpdateProduct(110, func(p *Product) { p.Tracking, p.Levels = "product", nil }); err != nil {
		t.Fatal(err)
	}
	o := s.AddPaidOrder()
	order, actions := fmt.Sprintf("/v2/orders/%d", o.ID), fmt.Sprintf("/v3/orders/%d/payment_actions/", o.ID)
	s.Inject(TaxServiceGone(o.ID).On("POST", "/v3/orders/100/payment_actions/refunds"))
	many := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat(`{"id":1},`, n), ",") + "]" }
	refund := fmt.Sprintf(`{"items":[{"item_type":"PRODUCT","item_id":%d,"quantity":1}],"payments":[{"provider_id":"storecredit","amount":23,"offline":false}]}`, o.Lines[0].ID)
	replies := map[string]reply{
		"POST /orders/{order_id}/shipments 201":                     do(t, s, "POST", order+"/shipments", shipping(o, `,"tracking_number":"EJ958083578US"`, item(o.Lines[0].ID, 1))),
		"PUT /orders/{order_id}/shipping_addresses/{id} 400":        do(t, s, "PUT", fmt.Sprintf("%s/shipping_addresses/%d", order, o.Shipping[0].ID), `{"item_total":1}`),
		"POST /customers 422":                                       do(t, s, "POST", "/v3/customers", `[{"email":"x@example.com"}]`),
		"POST /orders/{order_id}/payment_actions/refund_quotes 422": do(t, s, "POST", actions+"refund_quotes", `{"items":[]}`),
		"POST /orders/{order_id}/payment_actions/refunds 422":       do(t, s, "POST", actions+"refunds", refund),
		"POST /orders/{order_id}/payment_actions/refunds 503":       do(t, s, "POST", "/v3/orders/100/payment_actions/refunds", refund),
		"POST /hooks 422":                          do(t, s, "POST", "/v3/hooks", `{"scope":"store/order/created"}`),
		"PUT /inventory/adjustments/absolute 422":  do(t, s, "PUT", absolutePath, stockBody(stockItem(`"product_id":103`, 1, 1))),
		"POST /inventory/adjustments/relative 422": do(t, s, "POST", relativePath, stockBody(stockItem(`"product_id":110`, 1, 1))),
		"PUT /catalog/products 413":                do(t, s, "PUT", "/v3/catalog/products", many(11)),
		"PUT /catalog/variants 413":                do(t, s, "PUT", "/v3/catalog/variants", many(51)),
	}
	held := 0
	for _, sample := range v.Samples {
		r, ok := replies[sample.Op+" "+sample.Status]
		if !ok {
			continue
		}
		delete(replies, sample.Op+" "+sample.Status)
		if fmt.Sprint(r.status) != sample.Status {
			t.Errorf("%s %s: %d %s", sample.Op, sample.Status, r.status, r.body)
		}
		ours, body := shape{}, any(nil)
		r.decode(t, &body)
		ours.observe("", body)
		for name, raw := range sample.Examples {
			theirs := shape{}
			if err := json.Unmarshal(raw, &body); err != nil {
				t.Fatal(err)
			}
			theirs.observe("", body)
			held++
			for at, kind := range theirs {
				if strings.HasPrefix(at, ".errors.") {
					continue // the names of fields
				}
				if missed := miss(at, kind, ours); missed != "" {
					t.Errorf("%s %s (%s): %s %s\nours %s\ntheirs %s", sample.Op, sample.Status, name, at, missed, r.body, raw)
				}
			}
		}
	}
	for op := range replies {
		t.Errorf("the vendor has no sample of %s", op)
	}
	t.Logf("%d samples", held)
}
