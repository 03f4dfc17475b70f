package salla_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/salla/sallatest"
)

func itoa(id int64) string { return strconv.FormatInt(id, 10) }

// readings are the paths to read for each operation the test server has and
// the description covers. Many records are read, since each seed has its own
// odd forms.
func readings(t testing.TB, s *sallatest.Server, read func(path string) []byte) map[string][]string {
	t.Helper()
	all := map[string][]string{
		"/store/info": {"/store/info"}, "/customers": {"/customers?per_page=60", "/customers?per_page=60&page=2"}, "/customers/groups": {"/customers/groups"},
		"/orders/statuses": {"/orders/statuses"}, "/shipments": {"/shipments?per_page=60", "/shipments?per_page=60&page=2"},
		"/shipping/companies/": {"/shipping/companies/"}, "/branches": {"/branches"}, "/categories": {"/categories"}, "/brands": {"/brands"},
		"/taxes": {"/taxes"}, "/payment/methods": {"/payment/methods"}, "/countries": {"/countries"}, "/currencies": {"/currencies"},
		"/webhooks": {"/webhooks"}, "/webhooks/events": {"/webhooks/events"},
	}
	// Of the countries it lists the test server has the cities of this one.
	all["/countries/{country}/cities"] = []string{"/countries/1473353380/cities"}
	add := func(operation, path string) { all[operation] = append(all[operation], path) }
	for _, c := range s.Customers()[:60] {
		add("/customers/{customer}", "/customers/"+itoa(c.ID))
	}
	for _, o := range s.Orders()[:60] {
		add("/orders/items", "/orders/items?order_id="+itoa(o.ID))
		add("/orders/{order_id}/histories", "/orders/"+itoa(o.ID)+"/histories")
		for _, sh := range o.Shipments {
			add("/shipments/{shipment_id}", "/shipments/"+itoa(sh.ID))
			add("/shipments/{shipment_id}/tracking", "/shipments/"+itoa(sh.ID)+"/tracking")
		}
	}
	for _, p := range s.Products()[:60] {
		add("/products/{product}/variants", "/products/"+itoa(p.ID)+"/variants")
		for _, v := range p.Variants {
			add("/products/variants/{variant}", "/products/variants/"+itoa(v.ID))
		}
	}
	for _, b := range s.Branches() {
		add("/branches/{branch}", "/branches/"+itoa(b.ID))
	}
	for list, one := range map[string]string{
		"/orders/statuses": "/orders/statuses/{status_id}", "/categories": "/categories/{category}",
	} {
		var rows struct{ Data []struct{ ID int64 } }
		if err := json.Unmarshal(read(list), &rows); err != nil || len(rows.Data) == 0 {
			t.Fatalf("%s: %v", list, err)
		}
		before, after, _ := strings.Cut(one, "{")
		_, after, _ = strings.Cut(after, "}")
		for _, row := range rows.Data {
			add(one, before+itoa(row.ID)+after)
		}
	}
	return all
}

// TestAnswersOfTheTestServer holds each answer of the test server against the
// schema the vendor gives for it. The vendor's own samples often break their
// schemas: what they break in the same way is no fault of the server.
func TestAnswersOfTheTestServer(t *testing.T) {
	t.Parallel()
	a := loadAPI(t)
	vendor := loadEvidence(t, a)
	s := sallatest.NewServer(&sallatest.Config{TB: t, Unthrottled: true})
	t.Cleanup(s.Close)
	wire := &recorder{to: s.Transport()}
	subscribe(t, s)
	read := func(path string) []byte {
		status, body := send(t, wire, s.Token(), http.MethodGet, path, "")
		if status != http.StatusOK {
			t.Errorf("GET %s: %d %s", path, status, body)
		}
		return body
	}
	exact, explained, total := 0, 0, 0
	places := map[verdict]int{}
	used := map[string]bool{}
	for operation, paths := range readings(t, s, read) {
		item := a.doc.Paths.Value(operation)
		if item == nil || item.Get == nil {
			t.Fatalf("the description has no GET %s", operation)
		}
		found := map[string]mismatch{} // by key and kind of value
		for _, path := range paths {
			all, err := a.answer(operation, item.Get, read(path))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			for _, m := range all {
				found[m.key()+" "+kindOf(m.value)] = m
			}
		}
		total++
		good := true
		for _, m := range found {
			v := vendor.judge(m)
			if v == "" {
				v = judged[m.key()].verdict
				used[m.key()] = true
			}
			if v == "" {
				t.Errorf("%s is not as described, and none of the vendor's samples is so", m)
			}
			places[v]++
			good = good && v.ofTheSpecification()
		}
		if len(found) == 0 {
			exact++
		}
		if good {
			explained++
		}
	}
	for key := range judged {
		if !used[key] {
			t.Errorf("%s was judged and does not occur, or the samples tell", key)
		}
	}
	specs.Report(t, "salla answers of the test server: %d/%d operations to the letter, %d/%d but for faults of the specification", exact, total, explained, total)
	for v, n := range places {
		specs.Report(t, "salla answers: %d fields where %s", n, v)
	}
	for key, j := range judged {
		if !j.verdict.ofTheSpecification() {
			specs.Report(t, "salla answers: %s: %s: %s", j.verdict, key, j.reason)
		}
	}
	wire.check(t, a, "requests of the tests themselves")
}

func subscribe(t testing.TB, s *sallatest.Server) {
	t.Helper()
	status, body := send(t, s.Transport(), s.Token(), http.MethodPost, "/webhooks/subscribe",
		`{"name":"orders","event":"order.created","url":"https://host.example.com/hooks","version":2}`)
	if status/100 != 2 {
		t.Fatalf("%d %s", status, body)
	}
}
