package sallatest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// specs returns the folder of the vendor's samples, or skips the test.
func specs(t *testing.T) string {
	t.Helper()
	beside := filepath.Join("..", "..", "..", "shared", "specs")
	roots := []string{beside, filepath.Join("..", beside)} // next to a clone, or to a folder of worktrees
	if named := os.Getenv("SOUK_SPECS"); named != "" {
		roots = []string{named}
	}
	for _, root := range roots {
		dir := filepath.Join(root, "salla")
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
	}
	t.Skipf("the vendor's samples are not at %s; name their folder in SOUK_SPECS", strings.Join(roots, " or "))
	return ""
}

func sample(t *testing.T, path string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// shape is what a value at a path was seen to be.
type shape map[string]map[string]bool

// observe notes the kinds of v and of all below it. The elements of an array
// count as one.
func (s shape) observe(at string, v any) {
	kind := "null"
	switch v := v.(type) {
	case string:
		kind = "string"
	case bool:
		kind = "bool"
	case float64:
		kind = "number"
	case []any:
		kind = "array"
		for _, e := range v {
			s.observe(at+"[]", e)
		}
	case map[string]any:
		kind = "object"
		for k, e := range v {
			s.observe(at+"."+k, e)
		}
	}
	if s[at] == nil {
		s[at] = map[string]bool{}
	}
	s[at][kind] = true
}

// compare reports every key of the sample that ours never has, and every kind
// that ours never takes. Empty values say nothing about the kind.
func compare(t *testing.T, name string, theirs, ours shape) (checked int) {
	t.Helper()
	for at, kinds := range theirs {
		checked++
		have, ok := ours[at]
		if !ok {
			t.Errorf("%s: our answers never have %s (%v)", name, at, kinds)
			continue
		}
		for kind := range kinds {
			if kind != "null" && !have[kind] && !emptyForm(theirs, at, kind) {
				t.Errorf("%s: %s is %s in the sample, %v with us", name, at, kind, have)
			}
		}
	}
	return checked
}

// emptyForm says whether the sample's array or object had nothing inside, the
// form PHP gives to anything empty.
func emptyForm(s shape, at, kind string) bool {
	if kind != "array" && kind != "object" {
		return false
	}
	for other := range s {
		if strings.HasPrefix(other, at+".") || strings.HasPrefix(other, at+"[]") {
			return false
		}
	}
	return true
}

func TestAnswersCarryTheVendorsFields(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(specs(t), "responses")
	s := start(t, &Config{TB: t, Unthrottled: true})
	orders := []string{}
	light, items, histories := []string{}, []string{}, []string{}
	for _, o := range s.Orders()[:60] {
		id := itoa64(o.ID)
		light = append(light, "/orders/"+id+"?format=light")
		items = append(items, "/orders/items?order_id="+id)
		histories = append(histories, "/orders/"+id+"/histories")
	}
	for n := range 4 {
		orders = append(orders, "/orders?per_page=30&page="+itoa(n+1))
	}
	var variants, tracking, statuses []string
	for _, p := range s.Products()[:40] {
		variants = append(variants, "/products/"+itoa64(p.ID)+"/variants")
	}
	for _, o := range s.Orders()[:40] {
		for _, sh := range o.Shipments {
			tracking = append(tracking, "/shipments/"+itoa64(sh.ID)+"/tracking")
		}
	}
	for _, st := range statusList {
		statuses = append(statuses, "/orders/statuses/"+itoa64(st.id))
	}
	extras := "?fields[]=is_blocked&fields[]=block_reason&fields[]=is_inactive&fields[]=is_notifications_enabled&per_page=60"
	tests := []struct {
		name, file, key string // key of a sample that is not an answer
		paths           []string
	}{
		{"product", "_product-list-item.json", "item", []string{"/products?per_page=60", "/products?per_page=60&page=2"}},
		{"product light", "_product-list-item.json", "item_light", []string{"/products?per_page=60&format=light"}},
		{"order row", "_list-orders.json", "", orders},
		{"order light", "_order-details-light.json", "", light},
		{"order items", "list-order-items.json", "", items},
		{"histories", "list-order-histories.json", "", histories},
		{"statuses", "list-order-statuses.json", "", []string{"/orders/statuses"}},
		{"status", "order-status-details.json", "", statuses},
		{"quantities", "_list-product-quantities.json", "", []string{"/products/quantities?per_page=60", "/products/quantities?per_page=60&page=2"}},
		{"variants", "list-product-variants.json", "", variants},
		{"customers", "list-customers.json", "", []string{"/customers" + extras}},
		{"groups", "list-customer-groups.json", "", []string{"/customers/groups"}},
		{"branches", "list-branches.json", "", []string{"/branches"}},
		{"store", "store-information.json", "", []string{"/store/info"}},
		{"tracking", "shipment-tracking.json", "", tracking},
		{"couriers", "list-shipping-companies.json", "", []string{"/shipping/companies/"}},
		{"brands", "list-brands.json", "", []string{"/brands"}},
		{"taxes", "list-taxes.json", "", []string{"/taxes"}},
		{"countries", "list-countries.json", "", []string{"/countries"}},
		{"cities", "list-cities.json", "", []string{"/countries/1473353380/cities"}},
		{"currencies", "list-currencies.json", "", []string{"/currencies"}},
		{"payments", "available-payment-methods.json", "", []string{"/payment/methods"}},
		{"events", "list-events.json", "", []string{"/webhooks/events"}},
	}
	total := 0
	for _, tt := range tests {
		theirs, ours := shape{}, shape{}
		doc := sample(t, filepath.Join(dir, tt.file))
		if tt.key != "" {
			theirs.observe("", doc[tt.key])
		} else {
			observeAnswers(theirs, doc["responses"].(map[string]any)["200"])
		}
		for _, path := range tt.paths {
			var v any
			if err := json.Unmarshal([]byte(get(t, s, path).body), &v); err != nil {
				t.Fatal(err)
			}
			observeAnswers(ours, v)
		}
		if len(theirs) < 2 {
			t.Errorf("%s: nothing in the sample", tt.name)
		}
		total += compare(t, tt.name, theirs, ours)
	}
	t.Logf("%d fields of %d samples compared", total, len(tests))
}

// observeAnswers notes the data of an answer, or of each named example.
func observeAnswers(s shape, v any) {
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	data, ok := m["data"]
	if !ok {
		for _, example := range m {
			observeAnswers(s, example)
		}
		return
	}
	if rows, ok := data.([]any); ok {
		for _, row := range rows {
			s.observe("", row)
		}
		return
	}
	s.observe("", data)
}

func TestChangedShipmentsCarryTheVendorsFields(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	theirs, ours := shape{}, shape{}
	doc := sample(t, filepath.Join(specs(t), "responses", "update-shipment-details.json"))
	observeAnswers(theirs, doc["responses"].(map[string]any)["200"])
	for _, o := range s.Orders()[:90] {
		for _, sh := range o.Shipments {
			r := do(t, s, s.Token(), "PUT", "/shipments/"+itoa64(sh.ID), `{"shipment_number":"1","status":"delivered"}`)
			var v any
			if err := json.Unmarshal([]byte(r.body), &v); err != nil {
				t.Fatal(err)
			}
			observeAnswers(ours, v)
		}
	}
	if n := compare(t, "changed shipment", theirs, ours); n < 50 {
		t.Errorf("%d fields compared", n)
	}
}

func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	doc := sample(t, filepath.Join(specs(t), "signature-vectors.json"))
	vectors := doc["vectors"].([]any)
	if len(vectors) == 0 {
		t.Fatal("no vectors")
	}
	for _, v := range vectors {
		m := v.(map[string]any)
		if got := Sign(m["secret"].(string), []byte(m["body"].(string))); got != m["x_salla_signature"] {
			t.Errorf("%s: %s", m["name"], got)
		}
	}
}

func TestDeliveriesCarryTheVendorsFields(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(specs(t), "webhooks")
	s := start(t, &Config{TB: t})
	for event, records := range map[string][]any{
		"app.store.authorize": {"tokens"}, "app.installed": {nil}, "app.uninstalled": {nil},
		"customer.created": customersOf(s), "customer.updated": customersOf(s),
		"product.created": productsOf(s), "product.category.updated": productsOf(s), "product.channels.changed": productsOf(s),
		"product.price.updated": productsOf(s), "product.status.updated": productsOf(s),
		"order.shipment.cancelled": ordersOf(s), "order.status.updated": ordersOf(s), "order.created": ordersOf(s),
	} {
		theirs, ours := shape{}, shape{}
		theirs.observe("", sample(t, filepath.Join(dir, event+".json"))["payload"])
		for _, r := range records {
			d, err := s.Delivery(event, r)
			if r == "tokens" {
				d, _ = s.AuthorizeDelivery()
				err = nil
			}
			if err != nil {
				t.Fatal(err)
			}
			var v any
			if err := json.Unmarshal(d.Body, &v); err != nil {
				t.Fatalf("%s: %v", event, err)
			}
			ours.observe("", v)
		}
		compare(t, event, theirs, ours)
	}
}

func productsOf(s *Server) (out []any) {
	for _, p := range s.Products()[:60] {
		out = append(out, p)
	}
	return out
}

func ordersOf(s *Server) (out []any) {
	for _, o := range s.Orders()[:60] {
		out = append(out, o)
	}
	return out
}

func customersOf(s *Server) (out []any) {
	for _, c := range s.Customers()[:60] {
		out = append(out, c)
	}
	return out
}
