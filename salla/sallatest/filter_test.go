package sallatest

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFilters(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true, Clock: newClock().now})
	day := func(ts time.Time) string { return ts.In(riyadh).Format(layoutDay) }
	orders := func(keep func(*Order) bool) (ids []int64) {
		for _, o := range s.Orders() {
			if keep(o) {
				ids = append(ids, o.ID)
			}
		}
		return ids
	}
	from, to := s.Orders()[60], s.Orders()[20]
	within := func(o *Order) bool {
		return day(o.CreatedAt) >= day(from.CreatedAt) && day(o.CreatedAt) <= day(to.CreatedAt)
	}
	buyer := s.Customers()[5]
	tests := []struct {
		path string
		want []int64
	}{
		{"/orders?from_date=" + day(from.CreatedAt) + "&to_date=" + day(to.CreatedAt), orders(within)},
		{"/orders?status[]=525144736&status[]=989286562", orders(func(o *Order) bool { return o.Status.Slug == "canceled" || o.Status.Slug == "restored" })},
		{"/orders?status[]=" + itoa(packingID), orders(func(o *Order) bool { return o.Status.Slug == "" })},
		{"/orders?payment_method[]=cod", orders(func(o *Order) bool { return o.PaymentMethod == "cod" })},
		{"/orders?reference_id=" + itoa64(from.ReferenceID), []int64{from.ID}},
		{"/orders?customer_id=" + itoa64(buyer.ID), orders(func(o *Order) bool { return o.Customer != nil && o.Customer.ID == buyer.ID })},
	}
	var out, named, category []int64
	for _, p := range s.Products() {
		if p.Status == "out" {
			out = append(out, p.ID)
		}
		if p.mentions("sku-00001") {
			named = append(named, p.ID)
		}
		for _, r := range p.Categories {
			if r.ID == categories[0].ID {
				category = append(category, p.ID)
			}
		}
	}
	var customers []int64
	for _, c := range s.Customers() {
		if d := day(c.CreatedAt); d >= "2026-09-01" && d <= "2026-10-01" {
			customers = append(customers, c.ID)
		}
	}
	tests = append(tests, []struct {
		path string
		want []int64
	}{
		{"/products?status=out", out}, {"/products?keyword=sku-00001", named},
		{"/products?category=" + itoa64(categories[0].ID), category},
		{"/customers?date_from=2026-09-01&date_to=2026-10-01", customers},
		{"/customers?keyword=" + url.QueryEscape(buyer.Email), []int64{buyer.ID}},
	}...)
	for _, tt := range tests {
		if len(tt.want) == 0 {
			t.Errorf("%s: nothing in the store to find", tt.path)
		}
		if diff := cmp.Diff(tt.want, walk(t, s, tt.path)); diff != "" {
			t.Errorf("%s (-truth +pages):\n%s", tt.path, diff)
		}
	}
}

func TestSorting(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true})
	if err := s.UpdateOrder(s.Orders()[150].ID, func(o *Order) { o.Total = "1.00" }); err != nil {
		t.Fatal(err)
	}
	for sort, key := range map[string]func(*Order) int64{
		"updated_at-desc": func(o *Order) int64 { return -o.UpdatedAt.Unix() },
		"updated_at-asc":  func(o *Order) int64 { return o.UpdatedAt.Unix() },
		"created_at-asc":  func(o *Order) int64 { return o.CreatedAt.Unix() },
		"total-asc":       func(o *Order) int64 { return toCents(o.Total) },
		"id-desc":         func(o *Order) int64 { return -o.ID },
	} {
		ids := walk(t, s, "/orders?per_page=30&sort_by="+sort)
		if len(ids) != 200 {
			t.Errorf("%s: %d orders", sort, len(ids))
		}
		for i := 1; i < len(ids); i++ {
			if key(s.Order(ids[i-1])) > key(s.Order(ids[i])) {
				t.Errorf("%s: order at %d stands wrong", sort, i)
			}
		}
	}
}
