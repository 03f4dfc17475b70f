package woocommercetest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
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
	candidates = s.withSeeded(candidates, digits)
	return s.having(candidates, want, func(p *Product) string { return strings.ToLower(p.SKU) },
		func(v *Variation) string { return strings.ToLower(v.SKU) })
}

// gtinHolders finds who has a barcode, see holders.
func (s *Server) gtinHolders(code string) []holder {
	candidates := slices.Clone(s.gtins[code])
	switch {
	case strings.HasPrefix(code, "4006381"):
		candidates = s.withSeeded(candidates, code[7:])
	case strings.HasPrefix(code, "628") && len(code) > 9:
		candidates = s.withSeeded(candidates, code[3:9])
	}
	return s.having(candidates, code, func(p *Product) string { return p.GlobalUniqueID }, func(v *Variation) string { return v.GlobalUniqueID })
}

// withSeeded adds the product that was seeded in a place.
func (s *Server) withSeeded(ids []int64, place string) []int64 {
	if i := atoi(place); i >= 0 && i < s.cfg.Products+trashed(s.cfg.Products) {
		ids = append(ids, s.productID(i))
	}
	return ids
}

// having are those of the products and their variations that have a code.
func (s *Server) having(ids []int64, want string, ofProduct func(*Product) string, ofVariation func(*Variation) string) []holder {
	if want == "" {
		return nil
	}
	var out []holder
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		p := s.products.get(id)
		if p == nil {
			continue
		}
		if ofProduct(p) == want {
			out = append(out, holder{id, -1})
		}
		for n := range p.Variations {
			if ofVariation(&p.Variations[n]) == want {
				out = append(out, holder{id, n})
			}
		}
	}
	return out
}

// indexCodes notes the SKUs and barcodes of a changed record; called with mu held.
func (s *Server) indexCodes(p *Product) {
	note := func(index map[string][]int64, code string) {
		if code != "" && !slices.Contains(index[code], p.ID) {
			index[code] = append(index[code], p.ID)
		}
	}
	note(s.skus, strings.ToLower(p.SKU))
	note(s.gtins, p.GlobalUniqueID)
	for n := range p.Variations {
		note(s.skus, strings.ToLower(p.Variations[n].SKU))
		note(s.gtins, p.Variations[n].GlobalUniqueID)
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

// takeSKU reads a SKU, which must be nobody else's; called with mu held. Of
// those in the trash only a new record minds.
func (s *Server) takeSKU(in input, own holder, kind string, into *string) *apiError {
	if !in.has("sku") {
		return nil
	}
	sku := cleanLine(textOf(in["sku"]))
	for _, h := range s.holders(sku) {
		if h == own {
			continue
		}
		id, gone := s.ofHolder(h)
		switch {
		case gone && (own.product == 0 || own.variation == newVariation):
			return fail(http.StatusBadRequest, "woocommerce_rest_"+kind+"_not_created",
				"The SKU ("+sku+") you are trying to insert is already present in the lookup table")
		case !gone:
			unique, _ := json.Marshal(sku + "-1") // text always marshals
			return &apiError{
				status: http.StatusBadRequest, code: "product_invalid_sku", message: "Invalid or duplicated SKU.",
				data: `{"status":400,"resource_id":` + strconv.FormatInt(id, 10) + `,"unique_sku":` + string(unique) + `}`,
			}
		}
	}
	*into = sku
	return nil
}

// newVariation is the index of a variation that is not there yet.
const newVariation = -2

// ofHolder is the id of the record and whether it is in the trash.
func (s *Server) ofHolder(h holder) (id int64, gone bool) {
	p := s.products.get(h.product)
	id, gone = p.ID, p.Status == "trash"
	if h.variation >= 0 {
		v := &p.Variations[h.variation]
		id, gone = v.ID, gone || v.Status == "trash"
	}
	return id, gone
}

var noGTIN = regexp.MustCompile(`[^0-9-]`)

// takeGTIN reads a barcode: digits and dashes stay, and it must be nobody else's;
// called with mu held.
func (s *Server) takeGTIN(in input, own holder, into *string) *apiError {
	if !in.has("global_unique_id") {
		return nil
	}
	code := noGTIN.ReplaceAllString(textOf(in["global_unique_id"]), "")
	for _, h := range s.gtinHolders(code) {
		if id, gone := s.ofHolder(h); h != own && !gone {
			return &apiError{
				status: http.StatusBadRequest, code: "product_invalid_global_unique_id", message: "Invalid or duplicated GTIN, UPC, EAN or ISBN.",
				data: `{"status":400,"resource_id":` + strconv.FormatInt(id, 10) + `}`,
			}
		}
	}
	*into = code
	return nil
}
