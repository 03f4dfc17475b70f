package woocommercetest

import (
	"slices"
	"strings"
)

// holder is who has a SKU: a product, or a variation of it by its index.
type holder struct {
	product   int64
	variation int // -1 for the product itself
}

// holders finds who has a SKU, in any case; called with mu held. A seeded SKU
// names its product, the others are in an index of changed records.
func (s *Server) holders(sku string) []holder {
	want := strings.ToLower(sku)
	candidates := slices.Clone(s.skus[want])
	digits := strings.TrimLeft(strings.TrimLeftFunc(want, func(r rune) bool { return r < '0' || r > '9' }), "0")
	if i := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		digits = digits[:i]
	}
	if i := atoi(digits); i < s.cfg.Products+trashed(s.cfg.Products) {
		candidates = append(candidates, s.productID(i))
	}
	var out []holder
	slices.Sort(candidates)
	for _, id := range slices.Compact(candidates) {
		p := s.products.get(id)
		if p == nil {
			continue
		}
		if strings.ToLower(p.SKU) == want {
			out = append(out, holder{id, -1})
		}
		for n := range p.Variations {
			if strings.ToLower(p.Variations[n].SKU) == want {
				out = append(out, holder{id, n})
			}
		}
	}
	return out
}

// indexSKUs notes the SKUs of a changed record; called with mu held.
func (s *Server) indexSKUs(p *Product) {
	note := func(sku string) {
		sku = strings.ToLower(sku)
		if sku != "" && !slices.Contains(s.skus[sku], p.ID) {
			s.skus[sku] = append(s.skus[sku], p.ID)
		}
	}
	note(p.SKU)
	for n := range p.Variations {
		note(p.Variations[n].SKU)
	}
}

// holderOf finds the product with an id, or the one with a variation of that
// id and the variation's index; called with mu held.
func (s *Server) holderOf(id int64) (*Product, int) {
	if p := s.products.get(id); p != nil {
		return p, -1
	}
	// Seeded variations follow their product.
	i, _ := s.products.at(id)
	if i > 0 {
		p := s.products.load(s.products.rows[i-1])
		if n := slices.IndexFunc(p.Variations, func(v Variation) bool { return v.ID == id }); n >= 0 {
			return p, n
		}
	}
	for _, r := range s.products.rows {
		if r.rec == nil {
			continue
		}
		if n := slices.IndexFunc(r.rec.Variations, func(v Variation) bool { return v.ID == id }); n >= 0 {
			return r.rec, n
		}
	}
	return nil, -1
}
