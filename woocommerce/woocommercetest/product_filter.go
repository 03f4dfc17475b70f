package woocommercetest

import (
	"cmp"
	"slices"
	"strings"
)

// productFilter makes the test of one product. needed tells whether a row must
// be made to be tested: without filters, seeded ones outside the trash need not.
func (c *call) productFilter() (keep func(*Product) bool, needed func(*row[Product]) bool) {
	s := c.server
	var tests []func(*Product) bool
	test := func(t func(*Product) bool) { tests = append(tests, t) }
	text := func(name string, t func(p *Product, v string) bool) {
		if v, ok := c.params[name]; ok && v != "" {
			test(func(p *Product) bool { return t(p, v) })
		}
	}
	flag := func(name string, t func(p *Product) bool) {
		if v, ok := c.flag(name); ok {
			test(func(p *Product) bool { return t(p) == v })
		}
	}
	many := func(name string, want bool, of func(*Product) string) {
		if list := c.list(name); len(list) > 0 {
			test(func(p *Product) bool { return (slices.Contains(list, of(p)) || list[0] == "any") == want })
		}
	}
	terms := func(name string, of func(*Product) []Term) {
		if list := c.ids(name); len(list) > 0 {
			test(func(p *Product) bool {
				return slices.ContainsFunc(of(p), func(t Term) bool { return slices.Contains(list, t.ID) })
			})
		}
	}
	status := cmp.Or(c.params["status"], "any")
	if status != "any" {
		test(func(p *Product) bool { return p.Status == status })
	}
	many("include_status", true, func(p *Product) string { return p.Status })
	many("exclude_status", false, func(p *Product) string { return p.Status })
	many("include_types", true, func(p *Product) string { return p.Type })
	many("exclude_types", false, func(p *Product) string { return p.Type })
	text("type", func(p *Product, v string) bool { return p.Type == v })
	text("slug", func(p *Product, v string) bool { return p.Slug == v })
	text("stock_status", func(p *Product, v string) bool { return p.Stock() == v })
	text("global_unique_id", func(p *Product, v string) bool { return p.GlobalUniqueID == v })
	text("search_sku", func(p *Product, v string) bool { return holds(p.SKU, v) })
	text("search_name_or_sku", func(p *Product, v string) bool { return holds(p.SKU, v) || holds(p.Name, v) })
	text("search", func(p *Product, v string) bool { return holds(p.Name+" "+p.Description+" "+p.ShortDescription, v) })
	text("min_price", func(p *Product, v string) bool { return p.Price() != "" && !lessDecimal(p.Price(), v) })
	text("max_price", func(p *Product, v string) bool { return p.Price() != "" && !lessDecimal(v, p.Price()) })
	flag("featured", func(p *Product) bool { return p.Featured })
	flag("on_sale", (*Product).onSale)
	flag("virtual", func(p *Product) bool { return p.Virtual })
	flag("downloadable", func(p *Product) bool { return p.Downloadable })
	terms("category", func(p *Product) []Term { return p.Categories })
	terms("tag", func(p *Product) []Term { return p.Tags })
	terms("brand", func(p *Product) []Term { return p.Brands })
	if c.params["parent"] != "" {
		test(func(*Product) bool { return slices.Contains(c.ids("parent"), 0) })
	}
	if a := c.params["attribute"]; a != "" {
		test(func(p *Product) bool {
			return slices.ContainsFunc(p.Attributes, func(x Attribute) bool { return x.Slug == a })
		})
	}
	bin := status == "trash" || slices.Contains(c.list("include_status"), "trash")
	keep = func(p *Product) bool {
		if !bin && p.Status == "trash" {
			return false
		}
		for _, t := range tests {
			if !t(p) {
				return false
			}
		}
		return true
	}
	needed = func(r *row[Product]) bool { return len(tests) > 0 || r.rec != nil || int(r.index) >= s.cfg.Products }
	return keep, needed
}

// holds is the search of WordPress: every word somewhere, in any case.
func holds(text, words string) bool {
	text = strings.ToLower(text)
	for _, w := range strings.Fields(strings.ToLower(words)) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
