package woocommercetest

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func idsOf[T any](list []*T, id func(*T) int64) []int64 {
	var out []int64
	for _, r := range list {
		out = append(out, id(r))
	}
	return out
}

func productIDs(s *Server) []int64 {
	return idsOf(s.Products(), func(p *Product) int64 { return p.ID })
}

func TestWalksAreComplete(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	variations := []int64{}
	for _, p := range s.Products() {
		for _, v := range p.Variations {
			variations = append(variations, v.ID)
		}
	}
	refunds := []int64{}
	for _, o := range s.Orders() {
		for _, f := range o.Refunds {
			refunds = append(refunds, f.ID)
		}
	}
	for path, want := range map[string][]int64{
		"/products": productIDs(s), "/variations": variations, "/customers": idsOf(s.Customers(), func(c *Customer) int64 { return c.ID }),
		"/orders": idsOf(s.Orders(), func(o *Order) int64 { return o.ID }),
	} {
		for _, per := range []int{7, 50, 100} {
			got := walk(t, s, path+"?orderby=id&order=asc&per_page="+strconv.Itoa(per))
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s by %d:\n%s", path, per, d)
			}
		}
	}
	for _, path := range []string{"/products?per_page=33", "/orders?per_page=33&orderby=modified&order=asc", "/variations?per_page=90&orderby=modified"} {
		got := walk(t, s, path)
		slices.Sort(got)
		if n := len(slices.Compact(got)); n != len(got) || n == 0 {
			t.Errorf("%s: %d rows, %d different", path, len(got), n)
		}
	}
	for _, f := range walk(t, s, "/refunds?per_page=100") {
		if !slices.Contains(refunds, f) {
			t.Errorf("refund %d is of no order outside the trash", f)
		}
	}
	if len(variations) < 1000 || len(s.Product(s.productID(12)).Variations) != 120 {
		t.Errorf("%d variations", len(variations))
	}
	if last := s.Products()[499].ID; last < 1<<31 || s.Products()[0].ID > 1<<31 {
		t.Errorf("ids from %d to %d do not pass 2^31", s.Products()[0].ID, last)
	}
}

func TestHeadersOfAPage(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 25})
	base := s.StoreURL() + products
	for _, c := range []struct{ query, total, pages, link string }{
		{"", "25", "3", fmt.Sprintf(`<%s?page=2>; rel="next"`, base)},
		{"?per_page=10&page=2", "25", "3", fmt.Sprintf(`<%s?per_page=10&page=1>; rel="prev", <%s?per_page=10&page=3>; rel="next"`, base, base)},
		{"?page=3", "25", "3", fmt.Sprintf(`<%s?page=2>; rel="prev"`, base)},
		{"?page=9", "25", "3", fmt.Sprintf(`<%s?page=3>; rel="prev"`, base)},
		{"?per_page=100", "25", "1", fmt.Sprintf(`<%s/wp-json/>; rel="https://api.w.org/"`, s.StoreURL())},
		{"?offset=20&per_page=10", "25", "3", fmt.Sprintf(`<%s?offset=20&per_page=10&page=2>; rel="next"`, base)},
		{"?search=a+b%26c", "0", "0", fmt.Sprintf(`<%s/wp-json/>; rel="https://api.w.org/"`, s.StoreURL())},
	} {
		r := get(t, s, "/products"+c.query)
		if r.status != 200 || r.header.Get("X-WP-Total") != c.total || r.header.Get("X-WP-TotalPages") != c.pages || r.header.Get("Link") != c.link {
			t.Errorf("%s: %d, total %s, pages %s, Link %s", c.query, r.status, r.header.Get("X-WP-Total"), r.header.Get("X-WP-TotalPages"), r.header.Get("Link"))
		}
	}
	if r := get(t, s, "/products?page=9"); r.body != "[]" {
		t.Errorf("a page past the end is %s", r.body)
	}
	if n := len(decode[[]object](t, get(t, s, "/products?offset=20"))); n != 5 {
		t.Errorf("%d rows after 20", n)
	}
	head := do(t, s, "HEAD", "/orders?status=completed", "")
	if head.body != "" || head.header.Get("X-WP-Total") != "70" {
		t.Errorf("HEAD: %q, total %s", head.body, head.header.Get("X-WP-Total"))
	}
}

func TestListsShiftAsTheyChange(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{TB: t, Products: 30, Clock: clock.now, Epoch: newClock().t})
	first := walk(t, s, "/products?orderby=modified&order=asc&per_page=10")
	clock.add(time.Hour)
	if err := s.UpdateProduct(first[0], func(p *Product) { p.Name = "moved" }); err != nil {
		t.Fatal(err)
	}
	again := walk(t, s, "/products?orderby=modified&order=asc&per_page=10")
	if d := cmp.Diff(append(slices.Clone(first[1:]), first[0]), again); d != "" {
		t.Error(d)
	}
	p := s.AddProduct(Product{Name: "new"})
	page := decode[[]struct{ ID int64 }](t, get(t, s, "/products?orderby=id"))
	if page[0].ID != p.ID {
		t.Errorf("newest is %d, want %d", page[0].ID, p.ID)
	}
	if err := s.DeleteProduct(p.ID); err != nil {
		t.Fatal(err)
	}
	fails(t, get(t, s, "/products/"+itoa64(p.ID)), 404, "woocommerce_rest_product_invalid_id")
}

func TestUnstableTiesMissRecords(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 300, UnstableTies: true})
	got := walk(t, s, "/products?orderby=modified&order=asc&per_page=10")
	slices.Sort(got)
	if n := len(slices.Compact(got)); n == 300 {
		t.Error("no record was missed")
	}
	if n := len(walk(t, s, "/products?orderby=id&order=asc&per_page=10")); n != 300 {
		t.Errorf("by id %d rows", n)
	}
}

// The ten ways to write a bound, on a store three hours before UTC.
func TestDateFilters(t *testing.T) {
	t.Parallel()
	epoch := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	s := start(t, &Config{TB: t, Epoch: epoch, Products: -1, Orders: -1, Location: time.FixedZone("x", -5*3600)})
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var want []int64
	for n := -1; n <= 1; n++ {
		p := s.AddProduct(Product{Name: "x", CreatedAt: at.Add(time.Duration(n) * time.Second), ModifiedAt: at.Add(time.Duration(n) * time.Second)})
		want = append(want, p.ID)
	}
	for _, c := range []struct {
		query string
		want  []int64
	}{
		{"modified_after=2026-03-01T12:00:00Z", want[2:]},
		{"modified_after=2026-03-01T12:00:00Z&dates_are_gmt=true", want[2:]},
		{"modified_after=2026-03-01T12:00:00&dates_are_gmt=true", want[2:]},
		{"modified_after=2026-03-01T07:00:00", want[2:]},
		{"modified_after=2026-03-01T07:00:00&dates_are_gmt=false", want[2:]},
		{"modified_after=" + url.QueryEscape("2026-03-01T14:00:00+02:00"), want[2:]},
		{"modified_after=" + url.QueryEscape("2026-03-01T14:00:00+02:00") + "&dates_are_gmt=true", want[2:]},
		{"modified_before=2026-03-01T12:00:00Z", want[:1]},
		{"after=2026-03-01T11:59:59Z&before=2026-03-01T12:00:01Z", want[1:2]},
		{"modified_after=2026-03-01T12:00:00.900Z", want[2:]},
		{"modified_after=2026-03-01T12:00:01Z", nil},
	} {
		if d := cmp.Diff(c.want, walk(t, s, "/products?orderby=id&order=asc&"+c.query)); d != "" {
			t.Errorf("%s:\n%s", c.query, d)
		}
	}
	for _, bad := range []string{"2026-03-01", "2026-03-01T14:00:00+02:00", "yesterday"} { // a bare plus is a space
		f := fails(t, get(t, s, "/products?modified_after="+bad), 400, "rest_invalid_param")
		if !strings.Contains(string(f.Data), "rest_invalid_date") {
			t.Errorf("%s: %s", bad, f.Data)
		}
	}
}
