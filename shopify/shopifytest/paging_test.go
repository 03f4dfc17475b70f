package shopifytest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type productPage struct {
	Products struct {
		Nodes []struct {
			LegacyResourceID int64 `json:"legacyResourceId,string"`
			UpdatedAt        time.Time
			Title            string
		}
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			EndCursor                    string
		}
	}
}

const pageQuery = `query($first: Int!, $after: String, $query: String, $sort: ProductSortKeys = ID, $rev: Boolean) {
  products(first: $first, after: $after, query: $query, sortKey: $sort, reverse: $rev) {
    nodes { legacyResourceId updatedAt title } pageInfo { hasNextPage hasPreviousPage endCursor } } }`

// walk reads a whole list by cursor.
func walk(t *testing.T, s *Server, first int, vars map[string]any, between func(page int)) []int64 {
	t.Helper()
	var ids []int64
	vars["first"] = first
	for page := 0; ; page++ {
		got := into[productPage](t, ask(t, s, pageQuery, vars))
		for _, n := range got.Products.Nodes {
			ids = append(ids, n.LegacyResourceID)
		}
		if !got.Products.PageInfo.HasNextPage {
			return ids
		}
		vars["after"] = got.Products.PageInfo.EndCursor
		if between != nil {
			between(page)
		}
	}
}

func TestListsAreCompleteInEveryOrder(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 120, Unthrottled: true})
	for _, sort := range []string{"ID", "CREATED_AT", "UPDATED_AT", "TITLE", "VENDOR"} {
		for _, rev := range []bool{false, true} {
			ids := walk(t, s, 37, map[string]any{"sort": sort, "rev": rev}, nil)
			all := walk(t, s, 250, map[string]any{"sort": sort, "rev": !rev}, nil)
			slices.Reverse(all)
			if diff := cmp.Diff(all, ids); diff != "" {
				t.Errorf("%s reverse %v: pages of 37 differ from one page read backwards:\n%s", sort, rev, diff)
			}
			slices.Sort(ids)
			if len(slices.Compact(ids)) != 120 {
				t.Errorf("%s: %d products", sort, len(ids))
			}
		}
	}
}

func TestKeysetSurvivesChanges(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 200, Unthrottled: true})
	before := s.Products()
	var added *Product
	ids := walk(t, s, 50, map[string]any{}, func(page int) {
		switch page {
		case 0:
			s.DeleteProduct(before[10].ID)  // read already
			s.DeleteProduct(before[120].ID) // still to come
			s.UpdateProduct(before[130].ID, func(p *Product) { p.Title = "changed" })
		case 1:
			added = s.AddProduct(Product{Title: "new"})
		}
	})
	want := make([]int64, 0, 200)
	for i, p := range before {
		if i != 120 {
			want = append(want, p.ID)
		}
	}
	want = append(want, added.ID)
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Error(diff)
	}
}

func TestCursorsBelongToTheirList(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Unthrottled: true})
	got := into[productPage](t, ask(t, s, pageQuery, map[string]any{"first": 2}))
	after := got.Products.PageInfo.EndCursor
	for name, vars := range map[string]map[string]any{
		"another sort":   {"first": 2, "after": after, "sort": "TITLE"},
		"another filter": {"first": 2, "after": after, "query": "status:active"},
		"reversed":       {"first": 2, "after": after, "rev": true},
	} {
		if a := ask(t, s, pageQuery, vars); len(a.Errors) == 0 {
			t.Errorf("%s: the cursor was taken", name)
		}
	}
	into[productPage](t, ask(t, s, pageQuery, map[string]any{"first": 2, "after": after}))
	s.InvalidateCursors()
	if a := ask(t, s, pageQuery, map[string]any{"first": 2, "after": after}); len(a.Errors) == 0 {
		t.Error("a stale cursor was taken")
	}
	if n := len(s.Violations()); n != 3 {
		t.Errorf("%d violations: the three wrong uses count, a cursor gone stale does not", n)
	}
}

func TestNestedListsAreCutSilently(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Unthrottled: true})
	type page struct {
		Product struct {
			VariantsCount struct{ Count int }
			Variants      struct {
				Nodes    []struct{ ID string }
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
	}
	query := `query($id: ID!, $after: String) { product(id: $id) { variantsCount { count } variants(first: 250, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }`
	vars := map[string]any{"id": apiID("Product", s.Products()[7].ID)}
	one := into[page](t, ask(t, s, query, vars)).Product
	vars["after"] = one.Variants.PageInfo.EndCursor
	two := into[page](t, ask(t, s, query, vars)).Product
	if len(one.Variants.Nodes) != 250 || !one.Variants.PageInfo.HasNextPage || len(two.Variants.Nodes) != 50 ||
		two.Variants.PageInfo.HasNextPage || one.VariantsCount.Count != 300 || two.Variants.Nodes[0] == one.Variants.Nodes[249] {
		t.Errorf("%d and %d of %d variants", len(one.Variants.Nodes), len(two.Variants.Nodes), one.VariantsCount.Count)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Unthrottled: true})
	all := s.Products()
	mid := all[250]
	count := func(keep func(*Product) bool) int {
		n := 0
		for _, p := range all {
			if keep(p) {
				n++
			}
		}
		return n
	}
	stamp := mid.UpdatedAt.Format(time.RFC3339)
	for _, tc := range []struct {
		query string
		keep  func(*Product) bool
	}{
		{fmt.Sprintf("id:>=%d", mid.ID), func(p *Product) bool { return p.ID >= mid.ID }},
		{fmt.Sprintf("id:<%d", mid.ID), func(p *Product) bool { return p.ID < mid.ID }},
		{fmt.Sprintf("id:%d OR id:%d", all[3].ID, all[499].ID), func(p *Product) bool { return p.ID == all[3].ID || p.ID == all[499].ID }},
		{"updated_at:>='" + stamp + "'", func(p *Product) bool { return !p.UpdatedAt.Before(mid.UpdatedAt) }},
		{`updated_at:>"` + stamp + `"`, func(p *Product) bool { return p.UpdatedAt.After(mid.UpdatedAt) }},
		{"updated_at:<='" + stamp + "'", func(p *Product) bool { return !p.UpdatedAt.After(mid.UpdatedAt) }},
		{"created_at:<'" + mid.CreatedAt.Format(time.RFC3339) + "'", func(p *Product) bool { return p.CreatedAt.Before(mid.CreatedAt) }},
		{"status:draft", func(p *Product) bool { return p.Status == "DRAFT" }},
		{"status:draft,archived", func(p *Product) bool { return p.Status == "DRAFT" || p.Status == "ARCHIVED" }},
		{"-status:active", func(p *Product) bool { return p.Status != "ACTIVE" }},
		{"NOT status:active", func(p *Product) bool { return p.Status != "ACTIVE" }},
		{"status:active tag:sale", func(p *Product) bool { return p.Status == "ACTIVE" && slices.Contains(p.Tags, "sale") }},
		{"status:active AND tag:رمضان", func(p *Product) bool { return p.Status == "ACTIVE" && slices.Contains(p.Tags, "رمضان") }},
		{"vendor:'Nomad & Co'", func(p *Product) bool { return p.Vendor == "Nomad & Co" }},
		{`vendor:O\'Neil`, func(p *Product) bool { return p.Vendor == "O'Neil" }},
		{"(status:draft OR status:archived) tag:sale", func(p *Product) bool {
			return p.Status != "ACTIVE" && p.Status != "UNLISTED" && slices.Contains(p.Tags, "sale")
		}},
		{"sku:SKU-10-1", func(p *Product) bool { return p.Variants[0].SKU == "SKU-10-1" }},
	} {
		want := count(tc.keep)
		if got := walk(t, s, 250, map[string]any{"query": tc.query}, nil); len(got) != want || want == 0 {
			t.Errorf("%s: %d products, want %d", tc.query, len(got), want)
		}
	}
	if v := s.Violations(); len(v) > 0 {
		t.Errorf("correct searches were objected to: %q", v)
	}
}

func TestSearchWarnings(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Unthrottled: true})
	for query, field := range map[string]string{"colour:red": "colour", "updated_at:>=2026-11-01T10:30:00Z": "updated_at"} {
		a := ask(t, s, pageQuery, map[string]any{"first": 250, "query": query})
		if len(a.Extensions.Search) != 1 || a.Extensions.Search[0].Warnings[0].Code != "invalid_field" ||
			a.Extensions.Search[0].Warnings[0].Field != field || a.Extensions.Search[0].Path[0] != "products" {
			t.Errorf("%s: %+v", query, a.Extensions.Search)
		}
	}
	if len(s.Violations()) != 2 {
		t.Errorf("%q", s.Violations())
	}
}

func TestCountsHaveALimit(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Unthrottled: true})
	type counts struct {
		A, B, C struct {
			Count     int
			Precision string
		}
	}
	got := into[counts](t, ask(t, s, `{ a: productsCount(limit: 100) { count precision } b: productsCount { count precision } c: ordersCount(limit: null) { count precision } }`, nil))
	if got.A.Count != 100 || got.A.Precision != "AT_LEAST" || got.B.Count != 500 || got.B.Precision != "EXACT" || got.C.Count != 200 {
		t.Errorf("%+v", got)
	}
}
