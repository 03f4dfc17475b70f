package sallatest

import (
	"strings"
	"testing"
)

func TestWrites(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Clock: newClock().now})
	var plain, many *Product
	for _, p := range s.Products() {
		if len(p.Variants) == 0 && p.SKU != "" && !p.Unlimited && plain == nil {
			plain = p
		}
		if len(p.Variants) > 1 && p.Variants[0].SKU != p.Variants[1].SKU && many == nil {
			many = p
		}
	}
	variant := many.Variants[1]
	var parcel Shipment
	var placed *Order
	for _, o := range s.Orders() {
		if o.Status.Slug == "in_progress" && len(o.Shipments) > 0 {
			placed, parcel = o, o.Shipments[0]
		}
	}
	id, order := itoa64(plain.ID), itoa64(placed.ID)
	bulk := func(kind, who, more string) string {
		return `{"products":[{"identifer_type":"` + kind + `","identifer":"` + who + `",` + more + `}]}`
	}
	steps := []struct {
		name, method, path, body string
		status                   int
		check                    func() bool
	}{
		{"create", "POST", "/products", `{"name":"x","price":10.5,"product_type":"product","sku":"A-1","quantity":3}`, 201,
			func() bool { p := s.Products()[0]; return p.Price == "10.5" && p.Status == "hidden" }},
		{"create again", "POST", "/products", `{"name":"x","price":10,"product_type":"product","sku":"A-1"}`, 422, nil},
		{"create nothing", "POST", "/products", `{}`, 422, nil},
		{"update", "PUT", "/products/" + id, `{"name":"جديد","price":99,"sale_price":"80.00"}`, 201,
			func() bool {
				p := s.Product(plain.ID)
				return p.Name == "جديد" && p.Price == "80.00" && p.RegularPrice == "99"
			}},
		{"update by sku", "PUT", "/products/sku/" + plain.SKU, `{"price":70,"sale_price":0}`, 201, func() bool { return s.Product(plain.ID).Price == "70" }},
		{"price by sku", "POST", "/products/sku/" + plain.SKU + "/price", `{"price":71}`, 201, func() bool { return s.Product(plain.ID).Price == "71" }},
		{"type stays", "PUT", "/products/" + id, `{"product_type":"nothing"}`, 422, nil},
		{"status", "POST", "/products/" + id + "/status", `{"status":"out"}`, 201, func() bool { return s.Product(plain.ID).Status == "out" }},
		{"no such status", "POST", "/products/" + id + "/status", `{"status":"active"}`, 422, nil},
		{"set quantity", "POST", "/products/quantities/bulk", bulk("id", id, `"quantity":60`), 201, func() bool { return s.Product(plain.ID).Quantity == 60 }},
		{"add by sku", "POST", "/products/quantities/bulk", bulk("sku", plain.SKU, `"quantity":5,"mode":"increment"`), 201,
			func() bool { return s.Product(plain.ID).Quantity == 65 }},
		{"take from a variant", "POST", "/products/quantities/bulk", bulk("variant_id", itoa64(variant.ID), `"quantity":1,"mode":"decrement"`), 201,
			func() bool { return s.Product(many.ID).Variants[1].Quantity == max(0, variant.Quantity-1) }},
		{"no quantity", "POST", "/products/quantities/bulk", bulk("id", id, `"mode":"increment"`), 422, nil},
		{"variant quantity", "PUT", "/products/quantities/variant/" + itoa64(variant.ID), `{"quantity":13}`, 201,
			func() bool { return s.Product(many.ID).Variants[1].Quantity == 13 }},
		{"variant", "PUT", "/products/variants/" + itoa64(variant.ID), `{"price":44,"stock_quantity":2}`, 201,
			func() bool {
				v := s.Product(many.ID).Variants[1]
				return v.RegularPrice == "44" && v.Quantity == 2
			}},
		{"delete", "DELETE", "/products/" + id, "", 202, func() bool { return s.Product(plain.ID) == nil }},
		{"gone", "DELETE", "/products/" + id, "", 404, nil},
		{"order status", "POST", "/orders/" + order + "/status", `{"slug":"canceled","restore_items":true}`, 201,
			func() bool { o := s.Order(placed.ID); return o.Status.Slug == "canceled" && len(o.Histories) == 3 }},
		{"custom status", "POST", "/orders/" + order + "/status", `{"status_id":1790312455}`, 201, func() bool { return s.Order(placed.ID).Status.Slug == "" }},
		{"cancelled with two l", "POST", "/orders/" + order + "/status", `{"slug":"cancelled"}`, 422, nil},
		{"note", "POST", "/orders/" + order + "/histories", `{"note":"ملاحظة"}`, 200, func() bool { return s.Order(placed.ID).Histories[0].Note == "ملاحظة" }},
		{"refund", "POST", "/orders/actions", `{"operations":[{"action_name":"refund"}],"filters":{"order_ids":[` + order + `]}}`, 201,
			func() bool { return s.Order(placed.ID).Status.Slug == "restored" }},
		{"ship", "PUT", "/shipments/" + itoa64(parcel.ID), `{"shipment_number":"1","status":"shipped","tracking_number":"T1"}`, 200,
			func() bool {
				sh := s.Order(placed.ID).Shipments[0]
				return sh.Status == "shipped" && sh.TrackingNumber == "T1"
			}},
		{"unship", "PUT", "/shipments/" + itoa64(parcel.ID), `{"shipment_number":"1","status":"created"}`, 422, nil},
		{"ship without number", "PUT", "/shipments/" + itoa64(parcel.ID), `{"status":"shipped"}`, 422, nil},
		{"cancel parcel", "POST", "/shipments/" + itoa64(parcel.ID) + "/cancel", "", 200, func() bool { return s.Order(placed.ID).Shipments[0].Status == "cancelled" }},
		{"new parcel", "POST", "/shipments", `{"order_id":` + order + `,"courier_id":1723506348,"shipment_type":"shipment","payment_method":"cod","packages":[{"name":"x","quantity":1}]}`, 200,
			func() bool { return len(s.Order(placed.ID).Shipments) == len(placed.Shipments)+1 }},
		{"customer", "POST", "/customers", `{"first_name":"A","last_name":"B","mobile":"777777777","mobile_code_country":"+967","email":"a@b.example","groups":["11323141"]}`, 200,
			func() bool { c := s.Customers()[0]; return c.Mobile == 777777777 && c.Groups[0] == 11323141 }},
		{"same mail", "POST", "/customers", `{"first_name":"A","last_name":"B","mobile":"7","mobile_code_country":"+967","email":"A@b.example"}`, 422, nil},
	}
	for _, st := range steps {
		r := do(t, s, s.Token(), st.method, st.path, st.body)
		if r.status != st.status {
			t.Errorf("%s: %d, want %d: %s", st.name, r.status, st.status, r.body)
		}
		if ok := strings.Contains(r.body, `"success":true`); ok != (st.status < 300) {
			t.Errorf("%s: %s", st.name, r.body)
		}
		s.FinishQueued()
		if st.check != nil && !st.check() {
			t.Errorf("%s: the store is not changed as it should be", st.name)
		}
	}
	buyer := itoa64(s.Customers()[0].ID)
	if r := do(t, s, s.Token(), "PUT", "/customers/"+buyer, `{"last_name":"C"}`); r.status != 200 || s.Customers()[0].FirstName != "A" || s.Customers()[0].LastName != "C" {
		t.Errorf("update customer: %d %s", r.status, r.body)
	}
	if r := do(t, s, s.Token(), "DELETE", "/customers/"+buyer, ""); r.status != 200 || len(s.Customers()) != 100 {
		t.Errorf("delete customer: %d", r.status)
	}
}

func TestUnknownFieldsAreReported(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	do(t, s, s.Token(), "POST", "/products/quantities/bulk", `{"products":[{"identifier_type":"id","identifier":"1","quantity":1}]}`)
	if v := s.Violations(); len(v) != 2 || !strings.Contains(v[0]+v[1], "identifier_type") {
		t.Errorf("violations %q", v)
	}
}
