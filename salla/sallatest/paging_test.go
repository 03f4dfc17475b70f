package sallatest

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func itoa(n int) string { return strconv.Itoa(n) }

func itoa64(n int64) string { return strconv.FormatInt(n, 10) }

func TestListsMatchTheTruth(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true, Clock: newClock().now})
	var products, orders, customers, branches []int64
	for _, p := range s.Products() {
		products = append(products, p.ID)
	}
	for _, o := range s.Orders() {
		orders = append(orders, o.ID)
	}
	for _, c := range s.Customers() {
		customers = append(customers, c.ID)
	}
	for _, b := range s.Branches() {
		branches = append(branches, b.ID)
	}
	for path, want := range map[string][]int64{
		"/products?per_page=60": products, "/products": products, "/products?format=light&per_page=7": products,
		"/orders?per_page=30": orders, "/customers?per_page=60": customers, "/branches": branches,
	} {
		if diff := cmp.Diff(want, walk(t, s, path)); diff != "" {
			t.Errorf("%s (-truth +pages):\n%s", path, diff)
		}
	}
	if len(products) != 500 || len(orders) != 200 || len(customers) != 100 || len(branches) != 3 {
		t.Errorf("sizes %d %d %d %d", len(products), len(orders), len(customers), len(branches))
	}
	rows := 0
	for n := 1; ; n++ {
		l := decode[listing](t, get(t, s, "/products/quantities?per_page=60&page="+itoa(n)))
		rows += len(l.Data)
		if n >= l.Pagination.TotalPages {
			break
		}
	}
	if want := len(s.Quantities()); rows != want {
		t.Errorf("quantities: %d rows, want %d", rows, want)
	}
}

func TestPageArithmetic(t *testing.T) {
	t.Parallel()
	for size := 1; size <= 60; size++ {
		for total := 0; total < 400; total += 7 {
			for _, short := range []bool{false, true} {
				at := 0
				last := newPage(1, size, total, short).last
				for n := 1; n <= last; n++ {
					p := newPage(n, size, total, short)
					if p.from != at || p.to < p.from || p.to-p.from > size || p.last != last {
						t.Fatalf("size %d total %d short %v page %d: %+v, want from %d", size, total, short, n, p, at)
					}
					at = p.to
				}
				if at != total {
					t.Fatalf("size %d total %d short %v: pages end at %d", size, total, short, at)
				}
			}
		}
	}
}

func TestPageSizes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path         string
		perPage, violation int
	}{
		{"products default", "/products", 15, 0},
		{"products cap", "/products?per_page=100", 60, 1},
		{"orders cap", "/orders?per_page=60", 30, 1},
		{"orders at the cap", "/orders?per_page=30", 30, 0},
		{"customers", "/customers?per_page=60", 60, 0},
		{"no number", "/products?per_page=x", 15, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, nil)
			l := decode[listing](t, get(t, s, tt.path))
			if l.Pagination.PerPage != tt.perPage || l.Pagination.Count != len(l.Data) || len(s.Violations()) != tt.violation {
				t.Errorf("pagination %+v with %d rows, violations %q", l.Pagination, len(l.Data), s.Violations())
			}
		})
	}
}

func TestPageQuirks(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true})
	second := decode[listing](t, get(t, s, "/products?per_page=60&page=2"))
	if len(second.Data) != 59 {
		t.Errorf("page 2 has %d rows, want a short page of 59", len(second.Data))
	}
	past := decode[listing](t, get(t, s, "/products?per_page=60&page=99"))
	if len(past.Data) != 0 || past.Pagination.CurrentPage != 99 || past.Pagination.TotalPages != 9 {
		t.Errorf("past the end: %d rows, %+v", len(past.Data), past.Pagination)
	}
	shapes := map[byte]bool{}
	for n := range 4 {
		l := decode[listing](t, get(t, s, "/products?page="+itoa(n+1)))
		shapes[l.Pagination.Links[0]] = true
	}
	one := decode[listing](t, get(t, s, "/branches"))
	if !shapes['{'] || !shapes['['] || string(one.Pagination.Links) != "{}" {
		t.Errorf("links shapes %v, single page %s", shapes, one.Pagination.Links)
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	for _, seed := range []int64{0, 1, 99} {
		c := newIDCodec(seed)
		seen, large := map[int64]bool{}, 0
		for i := range 200_000 {
			id := c.encode(i)
			if seen[id] || id <= 0 || id > idMax || c.decode(id) != i {
				t.Fatalf("seed %d index %d: id %d decodes to %d", seed, i, id, c.decode(id))
			}
			seen[id] = true
			if id > 1<<31 {
				large++
			}
		}
		if c.encode(0) != 1473353380 || c.encode(4) != 19940416533 || large < 79_000 {
			t.Errorf("seed %d: first %d, fifth %d, %d above 2^31", seed, c.encode(0), c.encode(4), large)
		}
		if c.decode(0) != -1 || c.decode(-5) != -1 || c.decode(1<<50) != -1 {
			t.Error("numbers that are no ids decode")
		}
	}
}
