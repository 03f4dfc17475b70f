package bigcommercetest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProductPagesHoldEachProductOnce(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 103, Unthrottled: true})
	for _, size := range []int{1, 7, 50, 250} {
		var got []int64
		for n := 1; ; n++ {
			p := v3[idOnly](t, s, fmt.Sprintf("/v3/catalog/products?page=%d&limit=%d", n, size))
			got = append(got, ids(p.Data)...)
			m := p.Meta.Pagination
			if m.Total != 103 || m.PerPage != size || m.CurrentPage != n || m.Count != len(p.Data) || m.TotalPages != (103+size-1)/size {
				t.Fatalf("limit %d page %d: %+v", size, n, m)
			}
			if (m.Links.Next == "") != (n == m.TotalPages) || (m.Links.Previous == "") != (n == 1) {
				t.Fatalf("limit %d page %d: links %+v", size, n, m.Links)
			}
			if n == m.TotalPages {
				break
			}
			if want := fmt.Sprintf("?page=%d&limit=%d", n+1, size); m.Links.Next != want {
				t.Fatalf("next is %s, want %s", m.Links.Next, want)
			}
		}
		if len(got) != 103 || !slices.IsSorted(got) || len(slices.Compact(got)) != 103 {
			t.Fatalf("limit %d: %d ids", size, len(got))
		}
	}
	past := v3[idOnly](t, s, "/v3/catalog/products?page=9")
	if len(past.Data) != 0 || past.Meta.Pagination.Count != 0 || past.Meta.Pagination.Links.Next != "" {
		t.Errorf("past the end: %+v", past.Meta.Pagination)
	}
}

func TestOptionsCutThePageToTen(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 30})
	for _, include := range []string{"options", "modifiers", "variants,options"} {
		p := v3[idOnly](t, s, "/v3/catalog/products?limit=50&include="+include)
		if p.Meta.Pagination.PerPage != 10 || len(p.Data) != 10 || p.Meta.Pagination.TotalPages != 3 {
			t.Errorf("%s: %+v", include, p.Meta.Pagination)
		}
	}
}

func TestKeysetWalkSurvivesDeletion(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 60, Unthrottled: true})
	want := []int64{}
	for _, p := range s.Products() {
		want = append(want, p.ID)
	}
	var got []int64
	for last := int64(0); ; {
		p := v3[idOnly](t, s, fmt.Sprintf("/v3/catalog/products?sort=id&direction=asc&limit=7&id:greater=%d", last))
		if len(p.Data) == 0 {
			break
		}
		got = append(got, ids(p.Data)...)
		last = got[len(got)-1]
		if err := s.DeleteProduct(last); err != nil { // pages by number would shift
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPagesByNumberShift(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 20})
	first := v3[idOnly](t, s, "/v3/catalog/products?limit=5")
	if err := s.DeleteProduct(first.Data[0].ID); err != nil {
		t.Fatal(err)
	}
	second := v3[idOnly](t, s, "/v3/catalog/products?limit=5&page=2")
	if got, want := second.Data[0].ID, first.Data[4].ID+2; got != want {
		t.Errorf("page 2 begins with %d, want %d: one product has slipped through", got, want)
	}
}

func TestV2ListsEndWith204(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Orders: 55})
	if got := len(v2[idOnly](t, s, "/v2/orders")); got != 50 {
		t.Errorf("%d orders on the first page", got)
	}
	if got := len(v2[idOnly](t, s, "/v2/orders?page=2")); got != 5 {
		t.Errorf("%d orders on the second page", got)
	}
	for _, path := range []string{"/v2/orders?page=3", "/v2/orders?min_id=900", "/v2/orders/100/coupons", "/v2/orders/100/fees",
		"/v2/orders/100/messages", "/v2/orders/101/products?page=9"} {
		r := fetch(t, s, path)
		if r.status != http.StatusNoContent || r.body != "" || r.header.Get("Content-Type") != "" {
			t.Errorf("%s: %d %q", path, r.status, r.body)
		}
	}
}

func TestLimitOverTheCap(t *testing.T) {
	t.Parallel()
	for _, clamp := range []bool{false, true} {
		s := start(t, &Config{Products: 300, Orders: 300, ClampLimit: clamp})
		for path, want := range map[string]int{"/v3/catalog/products?limit=251": 250, "/v2/orders?limit=1000": 250} {
			r := fetch(t, s, path)
			if !clamp {
				if r.status != http.StatusRequestEntityTooLarge {
					t.Errorf("%s: %d", path, r.status)
				}
				continue
			}
			if got := strings.Count(r.body, `"date_created"`); got != want {
				t.Errorf("%s: %d rows, want %d", path, got, want)
			}
		}
		if len(s.Violations()) != 2 {
			t.Errorf("violations: %q", s.Violations())
		}
	}
}

func TestPartsOfAllProductsArePagedExactly(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 70, Unthrottled: true})
	if err := s.DeleteProduct(105); err != nil {
		t.Fatal(err)
	}
	added := s.AddProduct(Product{Name: "New", Options: []Option{{Name: "Size", Values: []OptionValue{{Label: "S"}, {Label: "L"}}}},
		Tracking: "variant", Variants: []Variant{{SKU: "N-1"}, {SKU: "N-2"}}})
	if err := s.SetStock(added.ID, added.Variants[1].ID, 2, 9); err != nil {
		t.Fatal(err)
	}
	var variants, stocked []string
	for _, p := range s.Products() {
		for i := range p.Variants {
			variants = append(variants, fmt.Sprint(p.Variants[i].ID))
			if p.Tracking == "variant" || p.Tracking == "product" && i == 0 {
				stocked = append(stocked, fmt.Sprint(p.Variants[i].ID))
			}
		}
	}
	walk := func(path string, limit int, id func(map[string]any) any) []string {
		var got []string
		for n := 1; ; n++ {
			p := v3[map[string]any](t, s, fmt.Sprintf("%s?limit=%d&page=%d", path, limit, n))
			for _, v := range p.Data {
				got = append(got, fmt.Sprintf("%.0f", id(v)))
			}
			if n >= p.Meta.Pagination.TotalPages {
				return got
			}
		}
	}
	if diff := cmp.Diff(variants, walk("/v3/catalog/variants", 37, func(v map[string]any) any { return v["id"] })); diff != "" {
		t.Errorf("variants (-want +got)\n%s", diff)
	}
	identity := func(v map[string]any) any { return v["identity"].(map[string]any)["variant_id"] }
	if diff := cmp.Diff(stocked, walk("/v3/inventory/items", 999, identity)); diff != "" {
		t.Errorf("inventory items (-want +got)\n%s", diff)
	}
}

func TestCustomerCursors(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Customers: 31, Unthrottled: true})
	for _, sort := range []string{"", "date_modified:asc", "date_modified:desc", "date_created:desc", "last_name:asc"} {
		base := "/v3/customers?limit=4"
		if sort != "" {
			base += "&sort=" + sort
		}
		var want []int64
		for n := 1; n <= 8; n++ {
			want = append(want, ids(v3[idOnly](t, s, fmt.Sprintf("%s&page=%d", base, n)).Data)...)
		}
		first := v3[idOnly](t, s, base)
		if first.Meta.Cursors == nil || first.Meta.Pagination == nil {
			t.Fatalf("the first page has %+v", first.Meta)
		}
		got, at := ids(first.Data), first.Meta.Cursors
		for at.Links.Next != "" {
			p := v3[idOnly](t, s, base+"&after="+url.QueryEscape(at.End))
			if p.Meta.Pagination != nil || p.Meta.Cursors.Count != len(p.Data) {
				t.Fatalf("a page by cursor has %+v", p.Meta)
			}
			got, at = append(got, ids(p.Data)...), p.Meta.Cursors
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("sort %q (-by number +by cursor)\n%s", sort, diff)
		}
		back := v3[idOnly](t, s, base+"&before="+at.Start)
		if diff := cmp.Diff(want[len(want)-3-4:len(want)-3], ids(back.Data)); diff != "" {
			t.Errorf("sort %q backwards (-want +got)\n%s", sort, diff)
		}
	}
	if second := v3[idOnly](t, s, "/v3/customers?limit=4&page=2"); second.Meta.Cursors != nil {
		t.Error("the second page has cursors")
	}
	if got := v3[idOnly](t, s, "/v3/customers?limit=2&after=eyJpZCI6MjA0fQ"); len(got.Data) != 0 {
		t.Error("the vendor's cursor {id:204} is past the end")
	}
}

func TestCursorSurvivesDeletion(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Customers: 12})
	first := v3[idOnly](t, s, "/v3/customers?limit=4")
	for _, v := range first.Data {
		if err := s.DeleteCustomer(v.ID); err != nil {
			t.Fatal(err)
		}
	}
	next := v3[idOnly](t, s, "/v3/customers?limit=4&after="+first.Meta.Cursors.End)
	if diff := cmp.Diff([]int64{5, 6, 7, 8}, ids(next.Data)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
