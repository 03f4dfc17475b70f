package sallatest

import (
	"fmt"
	"strings"
	"testing"
)

func TestStockIsQueued(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	plain, many := find(t, s, counted), find(t, s, varied)
	v := many.Variants[1]
	left := func() int { return s.Product(plain.ID).Quantity }
	put(t, s, "POST", "/products/quantities/bulk", bulkRow("id", plain.ID, `"quantity":60`), 201)
	if got := left(); got != plain.Quantity {
		t.Errorf("%d right after the answer", got)
	}
	get(t, s, "/store/info")
	get(t, s, "/store/info")
	if got := left(); got != 60 {
		t.Errorf("%d after two requests", got)
	}
	for _, tt := range []struct {
		name, body string
		want       int
		effects    int
	}{
		{"more", bulkRow("id", plain.ID, `"quantity":5,"mode":"increment"`), 65, 1},
		{"less", bulkRow("id", plain.ID, `"quantity":15,"mode":"decrement"`), 50, 1},
		{"the mode null", bulkRow("id", plain.ID, `"quantity":40,"mode":null`), 40, 1},
		{"the same", bulkRow("id", plain.ID, `"quantity":40`), 40, 0},
		{"far less", bulkRow("id", plain.ID, `"quantity":500,"mode":"decrement"`), 0, 1},
		{"two rows of one", fmt.Sprintf(`{"products":[{"identifer_type":"id","identifer":"%d","quantity":4},{"identifer_type":"sku","identifer":%q,"quantity":3,"mode":"increment"}]}`, plain.ID, plain.SKU), 7, 2},
		{"no end", bulkRow("id", plain.ID, `"quantity":1,"unlimited_quantity":true`), 7, 1},
		{"a quantity without end", bulkRow("id", plain.ID, `"quantity":1`), 7, 0},
		{"an end again", bulkRow("id", plain.ID, `"quantity":0,"mode":"increment","unlimited_quantity":false`), 7, 1},
		{"of nothing", bulkRow("id", 7, `"quantity":1`), 7, 0},
	} {
		counts(t, s, tt.name, tt.effects, func() { put(t, s, "POST", "/products/quantities/bulk", tt.body, 201) })
		if got := left(); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
	counts(t, s, "a product whose variants have the stock", 0, func() {
		put(t, s, "POST", "/products/quantities/bulk", bulkRow("id", many.ID, `"quantity":1`), 201)
	})
	counts(t, s, "a variant", 1, func() {
		put(t, s, "POST", "/products/quantities/bulk", bulkRow("variant_id", v.ID, `"quantity":9,"mode":"increment"`), 201)
	})
	if p := s.Product(many.ID); p.Variants[1].Quantity != v.Quantity+9 || p.Quantity != many.Quantity+9 {
		t.Errorf("the variant has %d, its product %d", p.Variants[1].Quantity, p.Quantity)
	}
	if e := s.Effects(); e[len(e)-1].ID != v.ID || e[len(e)-1].Endpoint != "POST products/quantities/bulk" {
		t.Errorf("effect %+v", e[len(e)-1])
	}
}

func TestWorkIsDoneInOrder(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := find(t, s, counted)
	for n := range 20 {
		put(t, s, "POST", "/products/quantities/bulk", bulkRow("id", p.ID, fmt.Sprintf(`"quantity":%d`, n)), 201)
	}
	if s.FinishQueued(); s.Product(p.ID).Quantity != 19 {
		t.Errorf("%d, want the last", s.Product(p.ID).Quantity)
	}
	at := start(t, &Config{TB: t, QueueRequests: -1})
	put(t, at, "POST", "/products/quantities/bulk", bulkRow("id", p.ID, `"quantity":77`), 201)
	if at.Product(p.ID).Quantity != 77 {
		t.Error("without a queue it is not done at once")
	}
}

func TestStockOfBranches(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p, branches := find(t, s, counted), s.Branches()
	at := func(n int) int {
		t.Helper()
		for page := 1; ; page++ {
			type row struct {
				ID       int64
				Quantity any
			}
			l := decode[struct {
				Data       []row
				Pagination struct{ TotalPages int }
			}](t, get(t, s, fmt.Sprintf("/products/quantities?per_page=60&page=%d&branch=%d", page, branches[n].ID)))
			for _, r := range l.Data {
				if r.ID == p.ID {
					var n int
					_, _ = fmt.Sscan(fmt.Sprint(r.Quantity), &n) // a number or its text
					return n
				}
			}
			if page == l.Pagination.TotalPages {
				t.Fatal("the product is not listed")
			}
		}
	}
	before := []int{at(0), at(1), at(2)}
	if before[0]+before[1]+before[2] != p.Quantity {
		t.Fatalf("branches have %v of %d", before, p.Quantity)
	}
	put(t, s, "POST", "/products/quantities/bulk", bulkRow("id", p.ID, fmt.Sprintf(`"quantity":41,"branch":%d`, branches[1].ID)), 201)
	put(t, s, "POST", "/products/quantities/bulk", bulkRow("id", p.ID, fmt.Sprintf(`"quantity":2,"mode":"decrement","branch":"%d"`, branches[1].ID)), 201)
	s.FinishQueued()
	if got := []int{at(0), at(1), at(2)}; got[0] != before[0] || got[1] != 39 || got[2] != before[2] {
		t.Errorf("branches have %v, want 39 at the second and %v", got, before)
	}
	if got := s.Product(p.ID).Quantity; got != before[0]+39+before[2] {
		t.Errorf("the whole is %d", got)
	}
	v := find(t, s, varied).Variants[0]
	put(t, s, "PUT", "/products/variants/"+itoa64(v.ID), fmt.Sprintf(`{"quantities":[{"branch":%d,"quantity":8}]}`, branches[2].ID), 201)
	if q, _ := s.productOfVariant(v.ID); q.Variants[0].Quantity != 8 || s.share(q.Variants[0].Branches, 8, 2) != 8 || s.share(q.Variants[0].Branches, 8, 0) != 0 {
		t.Error("a list of branches leaves stock at those it does not name")
	}
}

func TestStockThatIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 60, Orders: 10, Customers: 10})
	p, v := find(t, s, counted), find(t, s, varied).Variants[0]
	path, variant := "/products/quantities/bulk", "/products/variants/"+itoa64(v.ID)
	good := fmt.Sprintf(`{"identifer_type":"id","identifer":"%d","quantity":1}`, p.ID)
	refuseAll(t, s, []refusal{
		{"no rows", "POST", path, `{"products":[]}`, 422, `"products"`},
		{"spelt rightly", "POST", path, fmt.Sprintf(`{"products":[{"identifier_type":"id","identifier":"%d","quantity":1}]}`, p.ID), 422, `"products.0.identifer_type":["حقل products.0.identifer_type مطلوب."]`},
		{"no quantity", "POST", path, bulkRow("id", p.ID, `"mode":"increment"`), 422, `"products.0.quantity":["حقل الكمية مطلوب."]`},
		{"no end and no quantity", "POST", path, bulkRow("id", p.ID, `"unlimited_quantity":true`), 422, `"products.0.quantity"`},
		{"a negative quantity", "POST", path, bulkRow("id", p.ID, `"quantity":-3,"mode":"increment"`), 422, `"products.0.quantity"`},
		{"half a piece", "POST", path, bulkRow("id", p.ID, `"quantity":0.5`), 422, `"products.0.quantity"`},
		{"an unknown mode", "POST", path, bulkRow("id", p.ID, `"quantity":3,"mode":"set"`), 422, `"products.0.mode"`},
		{"an unknown kind", "POST", path, bulkRow("ean", p.ID, `"quantity":3`), 422, `"products.0.identifer_type"`},
		{"an unknown branch", "POST", path, bulkRow("id", p.ID, `"quantity":3,"branch":7`), 422, `"products.0.branch"`},
		{"an unknown reason", "POST", path, bulkRow("id", p.ID, `"quantity":3,"reason_id":7`), 422, `"products.0.reason_id"`},
		{"one bad row spoils all", "POST", path, `{"products":[` + good + `,{"identifer_type":"id"}]}`, 422, `"products.1.identifer"`},
		{"an unknown variant", "PUT", "/products/variants/7", `{"price":1}`, 404, ""},
		{"a variant's negative price", "PUT", variant, `{"price":-1}`, 422, "validation_failed"},
		{"a variant's negative stock", "PUT", variant, `{"stock_quantity":-1}`, 422, `"stock_quantity"`},
		{"a variant's stock at no branch", "PUT", variant, `{"quantities":[{"branch":7,"quantity":1}]}`, 422, `"quantities"`},
		{"the old endpoint without a quantity", "PUT", "/products/quantities/variant/" + itoa64(v.ID), `{}`, 422, `"quantity"`},
	})
	strict := start(t, &Config{WholeVariants: true, Products: 60, Orders: 10, Customers: 10})
	refuseAll(t, strict, []refusal{{"a part of a variant", "PUT", variant, `{"price":1}`, 422, `"stock_quantity":["حقل stock_quantity مطلوب."]`}})
	put(t, strict, "PUT", variant, `{"sku":"s","barcode":"b","price":96.33,"sale_price":90.5,"cost_price":100.33,"stock_quantity":4,"weight":3,"mpn":43242342,"gtin":54353453}`, 201)
	if q, _ := strict.productOfVariant(v.ID); q.Variants[0].Price != "90.5" || q.Variants[0].MPN != "43242342" || q.Variants[0].Quantity != 4 {
		t.Errorf("%+v", q.Variants[0])
	}
}

func TestStockIsLogged(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Clock: newClock().now})
	p := find(t, s, counted)
	put(t, s, "POST", "/products/quantities/bulk", bulkRow("id", p.ID, `"quantity":5,"mode":"increment","reason_id":989286562`), 201)
	s.FinishQueued()
	if err := s.UpdateProduct(p.ID, func(p *Product) { p.Quantity += 5 }); err != nil { // the merchant does the same
		t.Fatal(err)
	}
	type row struct {
		ID        int64
		SKU       string
		CreatedAt string `json:"created_at"`
		Old       int    `json:"old_quantity"`
		New       int    `json:"new_quantity"`
		Reason    string
	}
	got := decode[struct {
		Data   []row
		Cursor struct{ Current, Count int }
	}](t, get(t, s, "/products/quantities/audit?keyword="+p.SKU))
	want := []row{
		{p.ID, p.SKU, "2026-11-20", p.Quantity + 5, p.Quantity + 10, ""},
		{p.ID, p.SKU, "2026-11-20", p.Quantity, p.Quantity + 5, "توريد"},
	}
	if len(got.Data) != 2 || got.Data[0] != want[0] || got.Data[1] != want[1] || got.Cursor.Count != 2 || got.Cursor.Current != 1 {
		t.Errorf("log %+v, want %+v", got, want)
	}
	if r := get(t, s, "/products/quantities/quantity-change-reason"); !strings.Contains(r.body, `{"id":989286562,"name":"توريد"}`) {
		t.Error(r.body)
	}
}
