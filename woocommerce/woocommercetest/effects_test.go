package woocommercetest

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// actions lists what requests changed since there were so many effects.
func actions(s *Server, since int) (out []string) {
	for _, e := range s.Effects()[since:] {
		out = append(out, e.Action)
	}
	return out
}

// written is a write of each kind, and what it changes.
type written struct {
	name, method, path, body string
	effects                  []string
}

// writesOf prepares the targets; each of the writes is good once.
func writesOf(s *Server) []written {
	p := s.AddProduct(Product{Name: "Cup", RegularPrice: "10", ManageStock: true, StockQuantity: 9})
	q := s.AddProduct(Product{Name: "Pot", Type: "variable", Variations: []Variation{{RegularPrice: "5", ManageStock: "true", StockQuantity: 4}, {RegularPrice: "6"}}})
	cancelled, refunded, noted := s.AddPaidOrder(), s.AddPaidOrder(), s.AddPaidOrder()
	u := s.AddCustomer(Customer{Email: fmt.Sprintf("old%d@example.test", p.ID)})
	h := s.AddSubscription(Subscription{Topic: "order.created", DeliveryURL: "http://127.0.0.1:1/x", Secret: "s"})
	at := func(format string, ids ...any) string { return fmt.Sprintf(format, ids...) }
	return []written{
		{"create a product", "POST", "/products", `{"name":"New","regular_price":"5"}`, []string{"product.create"}},
		{"update a product", "PUT", at("/products/%d", p.ID), `{"name":"Other"}`, []string{"product.update"}},
		{"update by POST", "POST", at("/products/%d", p.ID), `{"stock_quantity":77}`, []string{"product.update"}},
		{"create a variation", "POST", at("/products/%d/variations", q.ID), `{"regular_price":"7"}`, []string{"variation.create"}},
		{"update a variation", "PUT", at("/products/%d/variations/%d", q.ID, q.Variations[0].ID), `{"stock_quantity":5}`, []string{"variation.update"}},
		{"trash a variation", "DELETE", at("/products/%d/variations/%d", q.ID, q.Variations[1].ID), "", []string{"variation.trash"}},
		{"a batch", "POST", "/products/batch", at(`{"create":[{"name":"a"}],"update":[{"id":%d,"name":"b"},{"id":9,"name":"c"}],"delete":[8]}`, q.ID), []string{"product.create", "product.update"}},
		{"delete a product", "DELETE", at("/products/%d?force=true", p.ID), "", []string{"product.delete"}},
		{"create an order", "POST", "/orders", `{"status":"pending"}`, []string{"order.create"}},
		{"cancel an order", "PUT", at("/orders/%d", cancelled.ID), `{"status":"cancelled"}`, []string{"order.update", "stock.move", "stock.move"}},
		{"add a note", "POST", at("/orders/%d/notes", noted.ID), `{"note":"x"}`, []string{"note.create"}},
		{"refund", "POST", at("/orders/%d/refunds", refunded.ID), at(`{"line_items":[{"id":%d,"quantity":1,"refund_total":10}]}`, refunded.Items[0].ID), []string{"refund.create", "stock.move"}},
		{"create a customer", "POST", "/customers", at(`{"email":"new%d@example.test"}`, p.ID), []string{"customer.create"}},
		{"update a customer", "PUT", at("/customers/%d", u.ID), `{"last_name":"Saad"}`, []string{"customer.update"}},
		{"delete a customer", "DELETE", at("/customers/%d?force=true", u.ID), "", []string{"customer.delete"}},
		{"create a webhook", "POST", "/webhooks", `{"topic":"order.created","delivery_url":"http://127.0.0.1:1/x","secret":"abc"}`, []string{"webhook.create"}},
		{"update a webhook", "PUT", at("/webhooks/%d", h.ID), `{"status":"paused"}`, []string{"webhook.update"}},
		{"delete a webhook", "DELETE", at("/webhooks/%d?force=true", h.ID), "", []string{"webhook.delete"}},
	}
}

func TestEffectsOfEachWrite(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{TB: t, Clock: clock.now})
	if n := len(s.Effects()); n != 0 {
		t.Errorf("%d effects of no request", n)
	}
	writes := writesOf(s)
	if n := len(s.Effects()); n != 0 {
		t.Errorf("%d effects of what the test did", n)
	}
	for _, w := range writes {
		clock.add(time.Minute)
		before := len(s.Effects())
		if r := do(t, s, w.method, w.path, w.body); r.status >= 300 {
			t.Errorf("%s: %d %.200s", w.name, r.status, r.body)
		}
		if d := cmp.Diff(w.effects, actions(s, before)); d != "" {
			t.Errorf("%s (-want +got):\n%s", w.name, d)
		}
		if last := s.Effects()[len(s.Effects())-1]; last.ID == 0 || !last.Time.Equal(clock.now()) {
			t.Errorf("%s: %+v", w.name, last)
		}
		if w.method == "PUT" { // the second time nothing is new
			before = len(s.Effects())
			if r := do(t, s, w.method, w.path, w.body); r.status != 200 || len(s.Effects()) != before {
				t.Errorf("%s again: %d, %v", w.name, r.status, actions(s, before))
			}
		}
	}
}

// What is cut or replaced after the request took effect is done all the same.
func TestFaultsOfWrites(t *testing.T) {
	t.Parallel()
	lost := ServerError(502)
	lost.After = true
	for _, c := range []struct {
		name string
		with Fault
		done bool
		cut  bool
	}{
		{"cut before the request", Disconnect(CutRequest), false, true},
		{"cut before the answer", Disconnect(CutBefore), true, true},
		{"cut amid the answer", Disconnect(CutMiddle), true, true},
		{"half an answer", Truncated(), true, false},
		{"429", Throttle("0.01"), false, false},
		{"500", ServerError(500), false, false},
		{"502 in the place of the answer", lost, true, false},
		{"a firewall", Firewall(403), false, false},
		{"a late answer", Fault{Delay: time.Millisecond}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{TB: t})
			for _, w := range writesOf(s) {
				before := len(s.Effects())
				route, _, _ := strings.Cut(w.path, "?")
				s.Inject(c.with.On(w.method, route))
				r, err := http.NewRequestWithContext(t.Context(), w.method, s.StoreURL()+"/wp-json/wc/v3"+w.path, strings.NewReader(w.body))
				if err != nil {
					t.Fatal(err)
				}
				r.SetBasicAuth(s.ConsumerKey(), s.ConsumerSecret())
				r.Header.Set("Content-Type", "application/json")
				r.GetBody = nil // the transport itself repeats nothing
				res, err := s.Client().Do(r)
				if err == nil {
					_ = res.Body.Close()
				}
				if c.cut && c.with.Cut != CutMiddle && err == nil {
					t.Errorf("%s: an answer %d", w.name, res.StatusCode)
				}
				var want []string
				if c.done {
					want = w.effects
				}
				if d := cmp.Diff(want, actions(s, before)); d != "" {
					t.Errorf("%s (-want +got):\n%s", w.name, d)
				}
				s.ClearFaults()
			}
		})
	}
}

// Races of writes of which one at most may win.
func TestWritesAtTheSameTime(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddPaidOrder()
	refund := fmt.Sprintf("/orders/%d/refunds", o.ID)
	for _, c := range []struct {
		name, path, body, action string
		want                     int
	}{
		{"products of one SKU", "/products", `{"sku":"RACE"}`, "product.create", 1},
		{"products of one barcode", "/products", `{"global_unique_id":"777"}`, "product.create", 1},
		{"customers of one address", "/customers", `{"email":"race@example.test"}`, "customer.create", 1},
		{"refunds of 20.00 from 60.50", refund, `{"amount":"20.00"}`, "refund.create", 3},
	} {
		before := len(s.Effects())
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { do(t, s, "POST", c.path, c.body) })
		}
		all.Wait()
		if got := strings.Count(strings.Join(actions(s, before), " "), c.action); got != c.want {
			t.Errorf("%s: %d are made, want %d", c.name, got, c.want)
		}
	}
	if left := s.Order(o.ID); left.refunded() != "60" || left.Status != "processing" {
		t.Errorf("%s refunded, %s", left.refunded(), left.Status)
	}
}
