package woocommercetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An update that names a field changes that field and the date, whatever else
// the record has, and one that names what is there already only the date.
func TestPartialUpdatesLeaveTheRest(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{TB: t, Clock: clock.now, Products: 24, Orders: 20})
	read := func(path string) object {
		o := decode[object](t, get(t, s, path))
		for _, k := range []string{"date_modified", "date_modified_gmt"} {
			delete(o, k)
		}
		return o
	}
	check := func(path, field, value string) {
		t.Helper()
		before := read(path)
		effects := len(s.Effects())
		for _, body := range []string{`{}`, fmt.Sprintf(`{%q:%q}`, field, before[field])} {
			if r := do(t, s, "PUT", path, body); r.status != 200 {
				t.Fatalf("%s %s: %d %s", path, body, r.status, r.body)
			}
			if d := cmp.Diff(before, read(path)); d != "" || len(s.Effects()) != effects {
				t.Errorf("PUT %s %s: effects %v (-before +after):\n%s", path, body, actions(s, effects), d)
			}
		}
		answer := decode[object](t, do(t, s, "PUT", path, fmt.Sprintf(`{%q:%q}`, field, value)))
		before[field] = value
		after := read(path)
		if d := cmp.Diff(before, after); d != "" {
			t.Errorf("PUT %s of %s (-want +got):\n%s", path, field, d)
		}
		if d := cmp.Diff(decode[object](t, get(t, s, path)), answer); d != "" {
			t.Errorf("PUT %s: what is answered (+) is not what is read (-):\n%s", path, d)
		}
		if got := actions(s, effects); len(got) != 1 {
			t.Errorf("PUT %s of %s: effects %v", path, field, got)
		}
	}
	for _, p := range s.Products() {
		at := "/products/" + itoa64(p.ID)
		check(at, "short_description", "<p>other</p>")
		for n := range min(len(p.Variations), 5) {
			check(at+"/variations/"+itoa64(p.Variations[n].ID), "description", "<p>other</p>")
		}
	}
	for _, o := range s.Orders() {
		check("/orders/"+itoa64(o.ID), "customer_note", "ring twice")
	}
	for _, u := range s.Customers()[:10] {
		check("/customers/"+itoa64(u.ID), "first_name", "Noura")
	}
}

// What a creation answers is what is read afterwards.
func TestCreationsAnswerWhatIsRead(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddPaidOrder()
	v := s.AddProduct(Product{Name: "Hat", Type: "variable"})
	for path, body := range map[string]string{
		"/products": `{"name":"x","regular_price":"5","images":[{"src":"https://x.example.test/a.png?v=1"}],"tags":[{"name":"fresh"}]}`,
		fmt.Sprintf("/products/%d/variations", v.ID): `{"regular_price":"5","sku":"V-1"}`,
		"/orders":                               `{"status":"on-hold","line_items":[{"product_id":` + itoa64(s.productID(1)) + `,"quantity":2}],"fee_lines":[{"name":"Fee","total":"1.00"}]}`,
		fmt.Sprintf("/orders/%d/notes", o.ID):   `{"note":"x"}`,
		fmt.Sprintf("/orders/%d/refunds", o.ID): `{"amount":"1.00"}`,
		"/customers":                            `{"email":"x@example.test","meta_data":[{"key":"a","value":1}]}`,
		"/webhooks":                             `{"topic":"order.created","delivery_url":"http://127.0.0.1:1/","secret":"abc"}`,
	} {
		r := do(t, s, "POST", path, body)
		made := decode[object](t, r)
		at := path + "/" + fmt.Sprint(made["id"])
		if want := s.StoreURL() + "/wp-json/wc/v3" + at; r.status != 201 || r.header.Get("Location") != want {
			t.Errorf("%s: %d at %s, want %s", path, r.status, r.header.Get("Location"), want)
		}
		if d := cmp.Diff(decode[object](t, get(t, s, at)), made); d != "" {
			t.Errorf("%s (-read +answered):\n%s", path, d)
		}
	}
}
