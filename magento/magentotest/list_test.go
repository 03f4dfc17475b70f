package magentotest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func walkPages(t *testing.T, s *Server, path string, size int, sort string, filters ...string) []int64 {
	t.Helper()
	var ids []int64
	for n := 1; n < 1000; n++ {
		p := decode[page](t, get(t, s, path+sc(size, n, sort, filters...)))
		ids = append(ids, p.ids()...)
		if n*size >= p.TotalCount {
			return ids
		}
	}
	t.Fatal("endless")
	return nil
}

func truthIDs[T any](list []*T, id func(*T) int64, keep func(*T) bool) []int64 {
	var out []int64
	for _, r := range list {
		if keep == nil || keep(r) {
			out = append(out, id(r))
		}
	}
	return out
}

func productID(p *Product) int64 { return p.ID }

func TestPagesCoverTheTruth(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 260})
	for _, size := range []int{1000, 100, 37} {
		got := walkPages(t, s, "/V1/products", size, "entity_id ASC")
		if diff := cmp.Diff(truthIDs(s.Products(), productID, nil), got); diff != "" {
			t.Errorf("size %d (-truth +pages):\n%s", size, diff)
		}
	}
	if got := walkPages(t, s, "/V1/orders", 30, "entity_id ASC"); !slices.Equal(got, truthIDs(s.Orders(), func(o *Order) int64 { return o.ID }, nil)) {
		t.Error("orders differ")
	}
	if got := walkPages(t, s, "/V1/customers/search", 7, "entity_id DESC"); len(got) != 100 || !slices.IsSortedFunc(got, func(a, b int64) int { return int(b - a) }) {
		t.Errorf("customers: %v", got)
	}
}

func TestUnsortedListsAreRestless(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 120})
	for _, sort := range []string{"", "updated_at ASC", "status ASC"} {
		got := walkPages(t, s, "/V1/products", 10, sort)
		slices.Sort(got)
		if n := len(slices.Compact(got)); n >= 120 && sort != "updated_at ASC" || n < 100 {
			t.Errorf("sorted by %q: %d different products", sort, n)
		}
	}
	s = start(t, &Config{TB: t, Products: 120, SteadyTies: true})
	got := walkPages(t, s, "/V1/products", 10, "")
	if diff := cmp.Diff(truthIDs(s.Products(), productID, nil), got); diff != "" {
		t.Error(diff)
	}
}

func TestPastTheEnd(t *testing.T) {
	t.Parallel()
	path := "/V1/products" + sc(10, 99, "entity_id ASC")
	s := start(t, &Config{TB: t, Products: 25})
	p := decode[page](t, get(t, s, path))
	if len(p.Items) != 0 || p.TotalCount != 25 {
		t.Errorf("%d items of %d", len(p.Items), p.TotalCount)
	}
	s = start(t, &Config{TB: t, Products: 25, RepeatLastPage: true})
	p = decode[page](t, get(t, s, path))
	if want := truthIDs(s.Products(), productID, nil)[20:]; !slices.Equal(p.ids(), want) {
		t.Errorf("%v, want %v", p.ids(), want)
	}
}

func TestFiltersAgainstTheTruth(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	all := s.Products()
	mid := all[200].UpdatedAt
	stamp := mid.Format(stampLayout)
	has := func(p *Product, code string) bool { return p.Attribute(code) != "" }
	tests := []struct {
		name    string
		filters []string
		keep    func(*Product) bool
	}{
		{"window", []string{"updated_at", "gteq", stamp, "entity_id", "gt", "100"}, func(p *Product) bool { return !p.UpdatedAt.Before(mid) && p.ID > 100 }},
		{"compact", []string{"updated_at", "lteq", mid.Format("20060102150405")}, func(p *Product) bool { return !p.UpdatedAt.After(mid) }},
		{"eq folds case", []string{"sku", "eq", "AB/15 "}, func(p *Product) bool { return p.SKU == "AB/15" }},
		{"eq lower", []string{"sku", "eq", "ab/15"}, func(p *Product) bool { return p.SKU == "AB/15" }},
		{"in splits commas", []string{"sku", "in", "24-MB00000,AB/15,nothing"}, func(p *Product) bool { return p.SKU == "24-MB00000" || p.SKU == "AB/15" }},
		{"in cannot hold commas", []string{"sku", "in", "a,b,19"}, func(p *Product) bool { return false }},
		{"eq can", []string{"sku", "eq", "a,b,19"}, func(p *Product) bool { return p.SKU == "a,b,19" }},
		{"nin", []string{"type_id", "nin", "simple,virtual"}, func(p *Product) bool { return p.Type != "simple" && p.Type != "virtual" }},
		{"neq", []string{"type_id", "neq", "simple"}, func(p *Product) bool { return p.Type != "simple" }},
		{"like", []string{"sku", "like", "24-mb000%"}, func(p *Product) bool { return strings.HasPrefix(p.SKU, "24-MB000") }},
		{"nlike", []string{"sku", "nlike", "24-%"}, func(p *Product) bool { return !strings.HasPrefix(p.SKU, "24-") }},
		{"arabic like", []string{"sku", "like", "قطعة%"}, func(p *Product) bool { return strings.HasPrefix(p.SKU, "قطعة") }},
		{"null", []string{"special_price", "null", "1"}, func(p *Product) bool { return !has(p, "special_price") }},
		{"notnull", []string{"special_price", "notnull", "1"}, func(p *Product) bool { return has(p, "special_price") }},
		{"numbers", []string{"price", "from", "100.5", "price", "to", "300"}, func(p *Product) bool {
			n := toUnits(p.Price)
			return p.Price != "" && n >= 1_005_000 && n <= 3_000_000
		}},
		{"status and visibility", []string{"status", "eq", "2", "visibility", "neq", "1"}, func(p *Product) bool { return p.Status == 2 && p.Visibility != 1 }},
		{"attribute", []string{"color", "eq", "49"}, func(p *Product) bool { return p.Attribute("color") == "49" }},
		{"category", []string{"category_id", "eq", "3"}, func(p *Product) bool { return slices.Contains(p.Categories, 3) }},
	}
	for _, tt := range tests {
		p := decode[page](t, get(t, s, "/V1/products"+sc(1000, 1, "entity_id ASC", tt.filters...)))
		want := truthIDs(all, productID, tt.keep)
		if diff := cmp.Diff(want, p.ids()); diff != "" || p.TotalCount != len(want) {
			t.Errorf("%s: %d of %d (-truth +list):\n%.300s", tt.name, len(p.Items), p.TotalCount, diff)
		}
	}
	or := "?searchCriteria[filterGroups][0][filters][0][field]=sku&searchCriteria[filterGroups][0][filters][0][value]=AB/15" +
		"&searchCriteria[filterGroups][0][filters][1][field]=sku&searchCriteria[filterGroups][0][filters][1][value]=24-MB00000" +
		"&searchCriteria[filterGroups][1][filters][0][field]=type_id&searchCriteria[filterGroups][1][filters][0][value]=simple&searchCriteria[filterGroups][1][filters][0][conditionType]=eq&searchCriteria[pageSize]=9"
	if p := decode[page](t, get(t, s, "/V1/products"+or)); len(p.Items) != 1 || p.Items[0].SKU != "AB/15" {
		t.Errorf("OR in a group, AND between: %+v", p)
	}
}

func TestOrderFilters(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	id := func(o *Order) int64 { return o.ID }
	for _, tt := range []struct {
		filters []string
		keep    func(*Order) bool
	}{
		{[]string{"state", "in", "processing,complete"}, func(o *Order) bool { return o.State == "processing" || o.State == "complete" }},
		{[]string{"increment_id", "eq", "000000001"}, func(o *Order) bool { return o.IncrementID == "000000001" }},
		{[]string{"customer_id", "null", "1"}, func(o *Order) bool { return o.CustomerID == 0 }},
		{[]string{"order_currency_code", "eq", "usd"}, func(o *Order) bool { return o.Currency == "USD" }},
		{[]string{"grand_total", "gt", "1000"}, func(o *Order) bool { return toUnits(o.Totals.Grand) > 10_000_000 }},
	} {
		p := decode[page](t, get(t, s, "/V1/orders"+sc(1000, 1, "entity_id ASC", tt.filters...)))
		if diff := cmp.Diff(truthIDs(s.Orders(), id, tt.keep), p.ids()); diff != "" {
			t.Errorf("%v:\n%.300s", tt.filters, diff)
		}
	}
}

func TestCriteriaErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path string
		status     int
		message    string
		params     string
	}{
		{"none", "/V1/products", 400, msgRequired, `{"fieldName":"searchCriteria"}`},
		{"page size text", "/V1/products?searchCriteria[pageSize]=x", 400, msgType, `{"value":"x","type":"int"}`},
		{"unknown key", "/V1/products?searchCriteria[page]=1", 400, msgField, `{"fieldName":"page"}`},
		{"sort symbols", "/V1/products?searchCriteria[sortOrders][0][field]=a-b", 400, "Sort order field %1 contains restricted symbols", `["a-b"]`},
		{"direction", "/V1/products?searchCriteria[sortOrders][0][field]=sku&searchCriteria[sortOrders][0][direction]=up", 400, "", `["ASC","DESC"]`},
		{"attribute", "/V1/products" + sc(1, 1, "", "nothing", "eq", "1"), 400, "Invalid attribute name: %1", `["nothing"]`},
		{"column", "/V1/orders" + sc(1, 1, "", "nothing", "eq", "1"), 500, "", ""},
		{"sort column", "/V1/orders" + sc(1, 1, "nothing ASC"), 500, "", ""},
		{"zone in a time", "/V1/orders" + sc(1, 1, "", "updated_at", "gteq", "2026-01-01T00:00:00Z"), 500, "", ""},
		{"no product", "/V1/products/nothing", 404, msgNoProduct, ""},
		{"no order", "/V1/orders/5", 404, msgNoEntity, ""},
		{"no customer", "/V1/customers/5", 404, msgNoSuch, `{"fieldName":"customerId","fieldValue":5}`},
		{"no route", "/V1/shipment/5/nothing", 404, msgNoRoute, ""},
		{"id is text", "/V1/orders/000-1", 400, msgType, `{"value":"000-1","type":"int"}`},
	}
	s := start(t, &Config{})
	for _, tt := range tests {
		e := failure(t, get(t, s, tt.path), tt.status)
		if tt.message != "" && e.Message != tt.message || tt.params != "" && string(e.Parameters) != tt.params || e.Trace != "" {
			t.Errorf("%s: %+v %s", tt.name, e, e.Parameters)
		}
	}
	dev := start(t, &Config{DeveloperMode: true})
	if e := failure(t, get(t, dev, "/V1/products"), 400); e.Trace == "" {
		t.Error("no trace in developer mode")
	}
	if p := decode[page](t, get(t, s, "/V1/products?searchCriteria")); len(p.Items) != 500 {
		t.Errorf("a bare searchCriteria gave %d", len(p.Items))
	}
	s.ResetCalls()
	p := decode[page](t, get(t, s, "/V1/products"+sc(5, 1, "", "price", "gte", "100")))
	if p.TotalCount != 0 {
		t.Errorf("an unknown condition is equality; got %d", p.TotalCount)
	}
	wantViolation(t, s, `"gte" filters like eq`)
	if r := get(t, s, "/V1/products"+sc(1, 1, "", "sku", "in", strings.Repeat("x,", 5000))); r.status != http.StatusRequestURITooLong {
		t.Errorf("long URL: %d", r.status)
	}
	r := bearer(request(t, s, "GET", "/V1/products"+sc(1, 1, ""), ""), s.AccessToken())
	r.Header.Set("Accept", "text/html")
	failure(t, mustSend(t, s, r), http.StatusNotAcceptable)
}

func TestInputLimits(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, PageLimit: 50})
	e := failure(t, get(t, s, "/V1/products"+sc(100, 1, "")), 400)
	if e.Message != msgPageSize || string(e.Parameters) != `{"max":50}` {
		t.Errorf("%+v %s", e, e.Parameters)
	}
	if p := decode[page](t, get(t, s, "/V1/orders?searchCriteria=")); len(p.Items) != 20 {
		t.Errorf("default page of %d", len(p.Items))
	}
	rows := make([]string, 21)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"sku":"24-MB%05d","source_code":"default","quantity":1,"status":1}`, i)
	}
	failure(t, do(t, s, "POST", "/V1/inventory/source-items", `{"sourceItems":[`+strings.Join(rows, ",")+`]}`), 400)
}

func TestKeysetSeesEveryChange(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Products: 60, Clock: c.now})
	seen := map[int64]int{}
	last := "0"
	for n := 0; ; n++ {
		p := decode[page](t, get(t, s, "/V1/products"+sc(7, 1, "entity_id ASC", "entity_id", "gt", last)))
		if len(p.Items) == 0 {
			break
		}
		for _, id := range p.ids() {
			seen[id]++
			last = itoa(id)
		}
		c.add(time.Second)
		if err := s.DeleteProduct(p.ids()[0]); err != nil {
			t.Fatal(err)
		}
		s.AddProduct(Product{})
		if n > 100 {
			break
		}
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("product %d came %d times", id, n)
		}
	}
	for _, p := range s.Products() {
		if seen[p.ID] == 0 && p.CreatedAt.Before(c.now().Add(-10*time.Second)) {
			t.Errorf("product %d was never seen", p.ID)
		}
	}
}

func TestFieldsProjection(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{})
	tests := []struct{ fields, want string }{
		{"items[sku],total_count", `{"items":[{"sku":"24-MB00000"}],"total_count":500}`},
		{"items[id,extension_attributes[configurable_product_links]]", `{"items":[{"id":1,"extension_attributes":{"configurable_product_links":[4,7,10,13,16,19]}}]}`},
		{"items[nothing]", `{"items":[[]]}`},
		{"nothing", `[]`},
		{"items[sku", `[]`},
		{"items%5Bsku%5D,%20total_count", `[]`},
		{"items[custom_attributes[tax_class_id]]", `{"items":[{"custom_attributes":{"6":{"attribute_code":"tax_class_id","value":"2"}}}]}`},
		{"items[custom_attributes[image,small_image]]", `{"items":[{"custom_attributes":[{"attribute_code":"image","value":"\/m\/b\/mb00000-0.jpg"},{"attribute_code":"small_image","value":"\/m\/b\/mb00000-0.jpg"}]}]}`},
	}
	for _, tt := range tests {
		if r := get(t, s, "/V1/products"+sc(1, 1, "entity_id ASC")+"&fields="+tt.fields); r.status != 200 || r.body != tt.want {
			t.Errorf("%s: %d %.300s", tt.fields, r.status, r.body)
		}
	}
	if r := get(t, s, "/V1/products"+sc(1, 1, "", "sku", "eq", "none")+"&fields=items[sku],total_count"); r.body != `{"items":null,"total_count":0}` {
		t.Error(r.body)
	}
	if r := get(t, s, "/V1/store/websites?fields=code"); r.body != `[{"code":"admin"},{"code":"base"},{"code":"intl"}]` {
		t.Error(r.body)
	}
}
