package sallatest

import (
	"net/http"
	"slices"
	"strconv"
)

// sumStock makes a product's quantity that of its variants.
func (p *Product) sumStock() {
	counted := false
	sum := 0
	for _, v := range p.Variants {
		sum += v.Quantity
		counted = counted || !v.Unlimited
	}
	if counted {
		p.Quantity = sum
	}
}

// bulkQuantities queues stock. The misspelt names are the API's own. A row that
// names nothing is found out only by the queue, which drops it without a word.
func bulkQuantities(c *call) {
	in, ok := c.input("products")
	if !ok {
		return
	}
	rows := in.list("products")
	bad := complaints{}
	if len(rows) == 0 {
		bad["products"] = []string{"حقل المنتجات مطلوب."}
	}
	for i, row := range rows {
		row.check(c, "identifer_type identifer quantity mode branch reason_id unlimited_quantity")
		at := "products." + strconv.Itoa(i) + "."
		if kind := row.text("identifer_type"); kind == "" {
			bad.about(at+"identifer_type", msgRequired)
		} else if !slices.Contains([]string{"id", "variant_id", "sku"}, kind) {
			bad.about(at+"identifer_type", msgNoValue)
		}
		if row.text("identifer") == "" {
			bad.about(at+"identifer", msgRequired)
		}
		if n, ok := row.number("quantity"); !ok || n < 0 {
			bad[at+"quantity"] = []string{"حقل الكمية مطلوب."}
		}
		if m := row.text("mode"); m != "" && !slices.Contains([]string{"overwrite", "increment", "decrement"}, m) {
			bad.about(at+"mode", msgNoValue)
		}
		if id, ok := row.number("branch"); row.has("branch") && (!ok || c.store.branch(id) == nil) {
			bad.about(at+"branch", msgNoValue)
		}
		if id, ok := row.number("reason_id"); row.has("reason_id") && (!ok || reasonName(id) == "") {
			bad.about(at+"reason_id", msgNoValue)
		}
	}
	if c.refused(bad) {
		return
	}
	s, endpoint := c.store, c.endpoint
	s.later(func() {
		for _, row := range rows {
			s.setQuantity(endpoint, row)
		}
	})
	c.message(http.StatusCreated, msgQueued)
}

// setQuantity applies a row.
func (s *Store) setQuantity(endpoint string, row input) {
	p, variant := s.rowTarget(row)
	if p == nil {
		return
	}
	n, _ := row.number("quantity")
	branch, _ := row.number("branch")
	reason, _ := row.number("reason_id")
	to := func(have int) int {
		switch row.text("mode") {
		case "increment":
			return have + int(n)
		case "decrement":
			return max(0, have-int(n))
		}
		return int(n)
	}
	set := func(spread *map[int64]int, have *int, unlimited *bool) {
		if row.has("unlimited_quantity") {
			*unlimited = row.flag("unlimited_quantity")
		}
		if !*unlimited {
			*spread, *have = s.shift(*spread, *have, branch, to)
		}
	}
	subject := p.ID
	if variant != 0 {
		subject = variant
	}
	s.editProduct(author{endpoint, reasonName(reason)}, p.ID, subject, func(p *Product) {
		if variant == 0 {
			set(&p.Branches, &p.Quantity, &p.Unlimited)
		}
		for i := range p.Variants {
			if v := &p.Variants[i]; v.ID == variant {
				set(&v.Branches, &v.Quantity, &v.Unlimited)
				p.sumStock()
			}
		}
		p.release()
	})
}

// rowTarget finds what a row names: a product without variants or a variant. A
// product with variants has no stock of its own.
func (s *Store) rowTarget(row input) (p *Product, variant int64) {
	id, _ := row.number("identifer")
	switch row.text("identifer_type") {
	case "id":
		p = s.products.get(id)
	case "variant_id":
		p, _ = s.productOfVariant(id)
		variant = id
	case "sku":
		sku := row.text("identifer")
		if p = s.productBySKU(sku); p == nil {
			return nil, 0
		}
		if i := slices.IndexFunc(p.Variants, func(v Variant) bool { return v.SKU == sku }); i >= 0 {
			variant = p.Variants[i].ID
		}
	}
	if p != nil && variant == 0 && len(p.Variants) > 0 {
		return nil, 0
	}
	return p, variant
}
