package sallatest

import (
	"slices"
	"strconv"
	"strings"
)

// listQuantities pages over rows, of which a product has one or one a variant.
// The rows before each product are summed once for a version of the list.
func listQuantities(c *call) {
	s := c.store
	branch := -1
	if v := c.query.Get("branch"); v != "" {
		branch = slices.IndexFunc(s.branches, func(b *Branch) bool { return strconv.FormatInt(b.ID, 10) == v })
		if branch < 0 {
			c.invalid("branch", "الفرع المحدد غير موجود.")
			return
		}
	}
	list := s.quantityRows()
	pg := c.paginate(len(list), defaultSize, maxSize)
	c.rows(pg, func(w *writer) {
		var p *Product
		for _, row := range list[pg.from:pg.to] {
			id := s.ids.encode(int(row / variantRoom))
			if p == nil || p.ID != id {
				if p = s.products.get(id); p == nil {
					continue
				}
			}
			at := int(row % variantRoom)
			q := quantitiesOf(p)
			if at >= len(q) {
				continue
			}
			n := q[at].Quantity
			if branch >= 0 {
				spread := p.Branches
				if q[at].VariantID != 0 {
					spread = p.Variants[at].Branches
				}
				n = s.share(spread, n, branch)
			}
			w.quantityRow(p, q[at], at, n)
		}
	})
}

// quantityRows returns product index times variantRoom plus the place of the
// variant, for every row.
func (s *Store) quantityRows() []int64 {
	var out []int64
	for _, index := range s.products.order() {
		n := 1
		if int(index) < s.cfg.Products {
			first, second := seedShape(int(index))
			n = max(1, first*max(1, second))
		}
		if p := s.products.override(int(index)); p != nil {
			n = max(1, len(p.Variants))
		}
		for at := range n {
			out = append(out, int64(index)*variantRoom+int64(at))
		}
	}
	return out
}

func (w *writer) quantityRow(p *Product, q Quantity, at, n int) {
	w.obj("")
	w.id("id", p.ID)
	w.str("name", p.Name)
	w.str("image", "https://cdn.salla.sa/placeholder.png")
	if q.VariantID != 0 {
		w.id("sku_id", q.VariantID)
	} else {
		w.null("sku_id")
	}
	if q.SKU == "" && p.index%2 == 0 {
		w.null("sku")
	} else {
		w.str("sku", q.SKU)
	}
	switch {
	case q.Unlimited && p.index%2 == 0:
		w.null("quantity")
	case p.index%5 == 1:
		w.str("quantity", strconv.Itoa(n))
	default:
		w.num("quantity", n)
	}
	w.num("sold_quantity", q.Sold)
	if p.index%2 == 1 {
		w.str("price", p.Price)
	} else {
		w.amount("price", p.Price)
	}
	w.flag("unlimited_quantity", q.Unlimited)
	if q.VariantID == 0 {
		w.null("variant")
	} else {
		w.str("variant", variantLabel(p, at))
	}
	w.end()
}

func variantLabel(p *Product, at int) string {
	var words []string
	for _, id := range p.Variants[at].Values {
		for _, o := range p.Options {
			for _, v := range o.Values {
				if v.ID == id {
					words = append(words, v.Name)
				}
			}
		}
	}
	return strings.Join(words, " - ")
}
