package woocommercetest

import (
	"strconv"
	"strings"
)

// totals counts records by status, type or kind.
func (c *call) totals() *apiError {
	s := c.server
	type total struct {
		slug, name string
		n          int
	}
	var list []total
	count := func(slug, name string, n int) { list = append(list, total{slug, name, n}) }
	s.mu.RLock()
	switch {
	case strings.HasPrefix(c.at, "/reports/orders"):
		by := tally(s.orders, func(o *Order) string { return o.Status })
		for _, slug := range s.statuses() {
			count(slug, s.statusName(slug), by[slug])
		}
	case strings.HasPrefix(c.at, "/reports/products"):
		by := tally(s.products, func(p *Product) string {
			if p.Status == "trash" {
				return ""
			}
			return p.Type
		})
		for _, slug := range []string{"external", "grouped", "simple", "variable"} {
			count(slug, strings.ToUpper(slug[:1])+slug[1:]+" product", by[slug])
		}
	default:
		by := tally(s.customers, func(u *Customer) string { return strconv.FormatBool(u.Paying) + u.Role })
		count("paying", "Paying customer", by["truecustomer"])
		count("non_paying", "Non-paying customer", by["falsecustomer"])
	}
	s.mu.RUnlock()
	rowsOf(c, list, func(w *writer, t total) {
		w.obj("")
		w.str("slug", t.slug)
		w.str("name", t.name)
		w.num("total", int64(t.n))
		w.obj("_links")
		w.arr("about")
		w.obj("")
		w.str("href", s.apiURL("/reports"))
		w.end()
		w.endArr()
		w.end()
		w.end()
	})
	return nil
}

func tally[T any](t *table[T], of func(*T) string) map[string]int {
	by := map[string]int{}
	for _, r := range t.rows {
		by[of(t.load(r))]++
	}
	return by
}
