package sallatest

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestVendorsSamplesOfWrites sends the requests of the vendor's samples, with
// ids of this store, and compares the answers with the samples'.
func TestVendorsSamplesOfWrites(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(specs(t), "responses")
	s := start(t, &Config{TB: t, Unthrottled: true})
	product, variants := find(t, s, counted), find(t, s, varied)
	id, option, variant := itoa64(product.ID), itoa64(variants.Options[0].ID), itoa64(variants.Variants[0].ID)
	order := s.AddOpenOrder()
	shipment := itoa64(ship(t, s, order, 1, ""))
	put(t, s, "POST", "/webhooks/subscribe", `{"event":"order.created","url":"https://h.example/a"}`, 200)
	hook := itoa64(s.Subscriptions()[0].ID)
	customer := itoa64(s.Customers()[3].ID)
	branch := func(row map[string]any) { row["branch"] = s.Branches()[0].ID }
	rows := func(in map[string]any, name string, change func(map[string]any)) {
		for _, row := range in[name].([]any) {
			change(row.(map[string]any))
		}
	}
	tests := []struct {
		file, path string
		status     string
		change     func(in map[string]any) // puts this store's ids in; nil for none
		body       string                  // in place of the sample's request, which it lacks
	}{
		{file: "create-customer.json", path: "/customers", status: "200"},
		{file: "update-customer.json", path: "/customers/" + customer, status: "200"},
		{file: "register-webhook.json", path: "/webhooks/subscribe", status: "200"},
		{file: "update-webhook.json", path: "/webhooks/" + hook, status: "200"},
		{file: "deactivate-webhook.json", path: "/webhooks/unsubscribe?id=" + hook, status: "202"},
		{file: "update-order-status.json", path: "/orders/" + itoa64(order.ID) + "/status", status: "201"},
		{file: "create-order-history.json", path: "/orders/" + itoa64(order.ID) + "/histories", status: "200", body: `{"note":"ملاحظة"}`},
		{file: "_bulk-quantities.json", path: "/products/quantities/bulk", status: "201", change: func(in map[string]any) { rows(in, "products", branch) }},
		{file: "_product-status.json", path: "/products/" + id + "/status", status: "201"},
		{file: "update-product-variant.json", path: "/products/variants/" + variant, status: "201", change: func(in map[string]any) { rows(in, "quantities", branch) }},
		{file: "update-product-variant-quantity.json", path: "/products/quantities/variant/" + variant, status: "201"},
		{file: "create-product-option.json", path: "/products/" + id + "/options", status: "201"},
		{file: "create-product-option-value.json", path: "/products/options/" + option, status: "201"},
		{file: "product-option-details.json", path: "/products/options/" + option, status: "200"},
		{file: "update-product-option.json", path: "/products/options/" + option, status: "201"},
		{file: "create-brand.json", path: "/brands", status: "201", body: `{"name":"ابل","logo":"","banner":"","description":"شركه ابل"}`},
		{file: "update-shipment-details.json", path: "/shipments/" + shipment, status: "200"},
		{file: "create-shipment.json", path: "/shipments", change: func(in map[string]any) {
			in["courier_id"], in["order_id"] = couriers[0].ID, order.ID
		}},
	}
	fields := 0
	for _, tt := range tests {
		doc := sample(t, filepath.Join(dir, tt.file))
		body := tt.body
		if body == "" && doc["request"] != nil {
			in := doc["request"].(map[string]any)
			if example, ok := in["example"].(map[string]any); ok {
				in = example
			}
			if tt.change != nil {
				tt.change(in)
			}
			b, err := json.Marshal(in)
			if err != nil {
				t.Fatal(err)
			}
			body = string(b)
		}
		r := do(t, s, s.Token(), doc["method"].(string), tt.path, body)
		if r.status/100 != 2 || tt.status != "" && fmt.Sprint(r.status) != tt.status {
			t.Errorf("%s: %d %.300s", tt.file, r.status, r.body)
			continue
		}
		want, _ := doc["responses"].(map[string]any)[tt.status].(map[string]any)
		if want == nil {
			continue // the vendor shows no answer
		}
		theirs, ours := shape{}, shape{}
		observeAnswers(theirs, want)
		observeAnswers(ours, decode[any](t, r))
		delete(theirs, ".headers."+"Authorization") // headers are whatever was registered
		delete(theirs, ".headers.Accept-Language")
		fields += compare(t, tt.file, theirs, mixed(s, tt.path, ours))
	}
	t.Logf("%d requests sent, %d fields compared", len(tests), fields)
}

// mixed adds what other webhooks, shipments and customers look like: a field may
// be absent from one and not from the next.
func mixed(s *Server, path string, ours shape) shape {
	var w writer
	switch {
	case strings.HasPrefix(path, "/customers"):
		w.customer("", s.Customers()[5], nil)
	case strings.HasPrefix(path, "/shipments"):
		for _, o := range s.Orders()[:90] {
			for i := range o.Shipments {
				w.b = w.b[:0]
				w.changedShipment("", o, &o.Shipments[i])
				observeJSON(ours, w.b)
			}
		}
		return ours
	case strings.Contains(path, "/options"), strings.Contains(path, "variant"):
		for _, p := range s.Products()[:90] {
			for i := range p.Options {
				w.b = w.b[:0]
				w.changedOption("", p, &p.Options[i])
				observeJSON(ours, w.b)
			}
		}
		return ours
	default:
		return ours
	}
	observeJSON(ours, w.b)
	return ours
}

func observeJSON(s shape, b []byte) {
	var v any
	if json.Unmarshal(b, &v) == nil {
		s.observe("", v)
	}
}
