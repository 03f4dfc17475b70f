package woocommercetest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFiltersAgainstTheTruth(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	all := s.Products()
	pick := func(keep func(*Product) bool) []int64 {
		var out []int64
		for _, p := range all {
			if keep(p) {
				out = append(out, p.ID)
			}
		}
		return out
	}
	big := s.Product(s.productID(12))
	for _, c := range []struct {
		query string
		keep  func(*Product) bool
	}{
		{"status=draft", func(p *Product) bool { return p.Status == "draft" }},
		{"include_status=draft,private", func(p *Product) bool { return p.Status == "draft" || p.Status == "private" }},
		{"exclude_status=publish", func(p *Product) bool { return p.Status != "publish" }},
		{"type=variable", func(p *Product) bool { return p.Type == "variable" }},
		{"exclude_types=simple,variable", func(p *Product) bool { return p.Type != "simple" && p.Type != "variable" }},
		{"stock_status=onbackorder", func(p *Product) bool { return p.Stock() == "onbackorder" }},
		{"featured=true&virtual=0", func(p *Product) bool { return p.Featured && !p.Virtual }},
		{"category=17,21", func(p *Product) bool {
			return p.Categories[0].ID == 17 || p.Categories[0].ID == 21 || len(p.Categories) > 1
		}},
		{"on_sale=true", func(p *Product) bool {
			return p.SalePrice != "" || len(p.Variations) > 0 && p.Variations[0].SalePrice != ""
		}},
		{"search=DELUXE+boot", func(p *Product) bool { return strings.Contains(p.Name, "Deluxe") && strings.Contains(p.Name, "Boot") }},
		{"min_price=900", func(p *Product) bool { return p.Price() != "" && !lessDecimal(p.Price(), "900") }},
		{"slug=product-44", func(p *Product) bool { return p.Slug == "product-44" }},
		{"sku=sku-000012,SKU-000001", func(p *Product) bool { return p.ID == big.ID || p.SKU == "SKU-000001" }},
		{"sku=" + url.QueryEscape("قطعة/8 &%"), func(p *Product) bool { return p.ID == s.productID(8) }},
		{"include=" + itoa64(all[3].ID) + "," + itoa64(all[1].ID) + ",1", func(p *Product) bool { return p == all[1] || p == all[3] }},
		{"include[]=" + itoa64(all[3].ID), func(p *Product) bool { return p == all[3] }},
		{"exclude=" + itoa64(all[0].ID) + "&slug=product-0", func(p *Product) bool { return false }},
	} {
		want := pick(c.keep)
		if d := cmp.Diff(want, walk(t, s, "/products?per_page=100&orderby=id&order=asc&"+c.query)); d != "" {
			t.Errorf("%s:\n%s", c.query, d)
		}
		if len(want) == 0 && !strings.Contains(c.query, "exclude=") {
			t.Errorf("%s finds nothing", c.query)
		}
	}
	trash := idsOf(s.TrashedProducts(), func(p *Product) int64 { return p.ID })
	if d := cmp.Diff(trash, walk(t, s, "/products?status=trash&orderby=id&order=asc")); d != "" || len(trash) == 0 {
		t.Error(d)
	}
	one := decode[[]struct {
		ID     int64
		Type   string
		Parent int64 `json:"parent_id"`
	}](t, get(t, s, "/products?sku=SKU-000012-7"))
	if len(one) != 1 || one[0].Type != "variation" || one[0].Parent != big.ID || one[0].ID != big.Variations[7].ID {
		t.Errorf("a variation by its SKU: %+v", one)
	}
	parents := walk(t, s, fmt.Sprintf("/variations?per_page=100&parent=%d,%d", big.ID, s.productID(16)))
	if len(parents) != 126 {
		t.Errorf("%d variations of two parents", len(parents))
	}
	if got := walk(t, s, "/products/"+itoa64(s.productID(1))+"/variations"); got != nil {
		t.Errorf("a simple product has variations %v", got)
	}
	orders := 0
	for _, o := range s.Orders() {
		if o.Status == "processing" || o.Status == "awaiting-shipment" {
			orders++
		}
	}
	if n := len(walk(t, s, "/orders?status=processing,awaiting-shipment&per_page=100")); n != orders || n == 0 {
		t.Errorf("%d orders of two statuses, want %d", n, orders)
	}
	if n := len(walk(t, s, "/customers?role=all&per_page=100")); n != 103 {
		t.Errorf("%d users", n)
	}
	if got := walk(t, s, "/customers?email=CUSTOMER7@example.test"); len(got) != 1 {
		t.Errorf("by e-mail %v", got)
	}
}

func TestUnknownParametersAreIgnoredAndReported(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, path := range []string{"/orders?number=1", "/customers?modified_after=2026-01-01T00:00:00Z"} {
		if r := get(t, s, path); r.status != http.StatusOK || r.header.Get("X-WP-Total") == "0" {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	if len(s.Violations()) != 2 {
		t.Errorf("violations %q", s.Violations())
	}
}

func TestFieldsTrimTheAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	r := get(t, s, "/orders?per_page=1&_fields=id,billing.first_name,line_items.total,nothing")
	var names []string
	for k := range decode[[]object](t, r)[0] {
		names = append(names, k)
	}
	slices.Sort(names)
	if d := cmp.Diff([]string{"billing", "id", "line_items"}, names); d != "" {
		t.Error(d)
	}
	r = get(t, s, "/products/"+itoa64(s.productID(4))+"?_fields=dimensions.width,id")
	if want := fmt.Sprintf(`{"id":%d,"dimensions":{"width":"5"}}`, s.productID(4)); r.body != want {
		t.Errorf("%s, want %s", r.body, want)
	}
	r = get(t, s, "?_fields=routes./wc/v3/variations.methods,nothing")
	if r.body != `{"routes":{"\/wc\/v3\/variations":{"methods":["GET"]}}}` {
		t.Errorf("a name with slashes: %s", r.body)
	}
}

func TestASKUWithACommaIsLookedUpWholeToo(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: -1})
	p := s.AddProduct(Product{Name: "x", SKU: "a,b"})
	other := s.AddProduct(Product{Name: "y", SKU: "a"})
	r := get(t, s, "/products?_fields=id&orderby=id&order=asc&sku=a,b")
	if want := `[{"id":` + itoa64(p.ID) + `},{"id":` + itoa64(other.ID) + `}]`; r.body != want {
		t.Errorf("got %s, want %s", r.body, want)
	}
}
