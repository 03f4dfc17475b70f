package woocommercetest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func variationFields() []field {
	return slices.Concat(
		listFields("date", "id", "include", "title", "slug", "modified", "menu_order"), dateFields(),
		typed("string", "slug", "sku", "min_price", "max_price"),
		typed("boolean", "on_sale", "has_price", "virtual", "downloadable", "pos_products_only"), typed("object", "attributes"),
		[]field{
			oneOf("status", productStatuses...), oneOf("stock_status", stockStatuses...),
			manyOf("include_status", productStatuses...), manyOf("exclude_status", productStatuses[1:]...),
		},
	)
}

// variationRow is a variation in a list; parent is its product's row.
type variationRow struct {
	key
	parent *row[Product]
	n      int
}

func (r variationRow) at() key { return r.key }

// everyVariation lists the variations of all products; called with mu held.
// Seeded ones are laid out without making their products.
func (s *Server) everyVariation() []variationRow {
	return kept(s.products, "variations", func() []variationRow {
		out := []variationRow{} // of none not nil, which reads as not looked for yet
		for _, r := range s.products.rows {
			out = s.appendVariations(out, r)
		}
		return out
	})
}

func (s *Server) appendVariations(out []variationRow, r *row[Product]) []variationRow {
	if r.rec == nil {
		for n := range seedVariations(int(r.index)) {
			k := key{r.id + 1 + int64(n), r.created, variationModified(r.modified, n)}
			out = append(out, variationRow{k, r, n})
		}
		return out
	}
	for n := range r.rec.Variations {
		v := &r.rec.Variations[n]
		out = append(out, variationRow{key{v.ID, v.CreatedAt.Unix(), v.ModifiedAt.Unix()}, r, n})
	}
	return out
}

func (c *call) listAllVariations() *apiError {
	parents := c.ids("parent")
	c.serveVariations("v", true, func() []variationRow {
		s := c.server
		if len(parents) == 0 {
			return s.everyVariation()
		}
		var out []variationRow
		for _, id := range parents {
			if r := s.products.find(id); r != nil {
				out = s.appendVariations(out, r)
			}
		}
		return out
	})
	return nil
}

// listVariations lists those of one product; of a missing or simple one none.
func (c *call) listVariations() *apiError {
	id := c.args[0]
	c.serveVariations("v"+strconv.FormatInt(id, 10), false, func() []variationRow {
		if r := c.server.products.find(id); r != nil {
			return c.server.appendVariations(nil, r)
		}
		return nil
	})
	return nil
}

func (c *call) serveVariations(prefix string, global bool, of func() []variationRow) {
	s := c.server
	s.mu.RLock()
	version := s.version()
	var all []variationRow
	if global && len(c.ids("parent")) == 0 {
		all = of() // remembers itself, so not inside kept
	}
	rows := kept(s.products, c.viewName(prefix), func() []variationRow {
		if all == nil {
			all = of()
		}
		return c.chooseVariations(all)
	})
	s.mu.RUnlock()
	from, to := c.cut(len(rows))
	cached(c, version, rows[from:to], func(w *writer, r variationRow) {
		p := s.products.load(r.parent)
		w.variation(s, c, p, &p.Variations[r.n], global)
	})
}

func (c *call) chooseVariations(all []variationRow) []variationRow {
	s := c.server
	b := c.bounds()
	include, exclude := c.ids("include"), c.ids("exclude")
	unwanted := c.ids("parent_exclude")
	keep := c.variationFilter()
	var rows []variationRow
	var p *Product
	var of *row[Product]
	for _, r := range all {
		switch {
		case !b.keep(r.key), include != nil && !slices.Contains(include, r.id),
			slices.Contains(exclude, r.id), slices.Contains(unwanted, r.parent.id):
			continue
		case r.parent.rec == nil && int(r.parent.index) < s.cfg.Products && keep == nil:
			rows = append(rows, r) // as seeded, not in the trash
			continue
		}
		if of != r.parent {
			of, p = r.parent, s.products.load(r.parent)
		}
		v := &p.Variations[r.n]
		if v.Status == "trash" && c.params["status"] != "trash" || p.Status == "trash" {
			continue
		}
		if keep == nil || keep(p, v) {
			rows = append(rows, r)
		}
	}
	by := cmp.Or(c.params["orderby"], "date")
	if !order(c, rows, by, variationRow.at) {
		slices.SortStableFunc(rows, func(a, b variationRow) int { return cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.id, b.id)) })
	}
	if by == "include" && include != nil {
		byInclude(rows, include, func(r variationRow) int64 { return r.id })
	} else if c.descending("desc") {
		slices.Reverse(rows)
	}
	return rows
}

// variationFilter makes the test of one variation; nil keeps all.
func (c *call) variationFilter() func(*Product, *Variation) bool {
	var tests []func(*Product, *Variation) bool
	if status := c.params["status"]; status != "" && status != "any" {
		tests = append(tests, func(_ *Product, v *Variation) bool { return v.Status == status })
	}
	if list := c.list("include_status"); len(list) > 0 {
		tests = append(tests, func(_ *Product, v *Variation) bool { return slices.Contains(list, v.Status) || list[0] == "any" })
	}
	if list := c.list("exclude_status"); len(list) > 0 {
		tests = append(tests, func(_ *Product, v *Variation) bool { return !slices.Contains(list, v.Status) })
	}
	if stock := c.params["stock_status"]; stock != "" {
		tests = append(tests, func(p *Product, v *Variation) bool { return v.stock(p) == stock })
	}
	if list := c.skuList(); len(list) > 0 {
		tests = append(tests, func(_ *Product, v *Variation) bool {
			return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, v.SKU) })
		})
	}
	if words := c.params["search"]; words != "" {
		tests = append(tests, func(p *Product, v *Variation) bool { return holds(p.Name+" "+v.optionsText()+" "+v.SKU, words) })
	}
	flag := func(name string, t func(*Variation) bool) {
		if want, ok := c.flag(name); ok {
			tests = append(tests, func(_ *Product, v *Variation) bool { return t(v) == want })
		}
	}
	flag("has_price", func(v *Variation) bool { return v.RegularPrice != "" })
	flag("on_sale", func(v *Variation) bool { return v.sale() != "" })
	flag("virtual", func(v *Variation) bool { return v.Virtual })
	if len(tests) == 0 {
		return nil
	}
	return func(p *Product, v *Variation) bool {
		for _, t := range tests {
			if !t(p, v) {
				return false
			}
		}
		return true
	}
}

func (c *call) getVariation() *apiError {
	p, v := c.server.anyProduct(c.args[1])
	if v == nil || p.ID != c.args[0] {
		return invalidID("product_variation", http.StatusNotFound)
	}
	c.answer(http.StatusOK, func(w *writer) { w.variation(c.server, c, p, v, false) })
	return nil
}
