package bigcommercetest

import (
	"net/http"
	"slices"
)

// productAndVariant finds both of the path; nil after it has answered 404.
func (c *call) productAndVariant() (*Product, *Variant) {
	p := c.product()
	if p == nil {
		return nil, nil
	}
	id, ok := c.id(1)
	if !ok {
		return nil, nil
	}
	v := p.variant(id)
	if v == nil {
		c.notFound()
		return nil, nil
	}
	return p, v
}

func updateVariant(c *call) {
	p, v := c.productAndVariant()
	if p == nil {
		return
	}
	in, ok := c.input(readOnlyVariant + names(variantRules))
	if !ok {
		return
	}
	if bad := c.wrongVariant(p, v.ID, in); bad != nil {
		c.refuse(bad)
		return
	}
	c.changeVariant(p.ID, v.ID, in)
	c.sendVariant(p.ID, v.ID, in)
}

// changeVariant stores what was sent. A change of a variant fires an event of
// its sku, not of the product; what is set again fires none.
func (c *call) changeVariant(product, id int64, in input) {
	if in.has("option_values") {
		c.violation("the option values of a variant cannot be changed")
	}
	var sku int64
	result := c.alterProduct("variant", id, product, "", "", func(p *Product) bool {
		v := p.variant(id)
		if v == nil { // deleted meanwhile
			return false
		}
		sku = v.SKUID
		v.fill(in)
		v.setStock(in, p)
		if p.Simple() {
			p.SKU, p.UPC, p.MPN, p.GTIN = v.SKU, v.UPC, v.MPN, v.GTIN
		}
		return true
	})
	if result == changed {
		c.store.fire("store/sku/updated", skuEvent(sku, product, id))
	}
}

// sendVariant answers the variant, with 207 where its stock was not saved.
func (c *call) sendVariant(product, id int64, in input) {
	p := c.store.products.get(product)
	if p == nil || p.variant(id) == nil { // deleted meanwhile
		c.notFound()
		return
	}
	if n, ok := in.integer("inventory_level"); !ok || n >= 0 {
		c.data(func(w *writer) { w.variant("data", c.store, p, p.variant(id)) })
		return
	}
	c.answer(http.StatusMultiStatus, func(w *writer) {
		w.obj("")
		w.variant("data", c.store, p, p.variant(id))
		w.problem("errors", http.StatusUnprocessableEntity, "The variant was saved, its inventory was not",
			map[string]string{"inventory_level": "must not be negative"})
		w.raw("meta", "{}")
		w.end()
	})
}

func createVariant(c *call) {
	p := c.product()
	if p == nil {
		return
	}
	in, ok := c.input(readOnlyVariant + names(variantRules))
	if !ok {
		return
	}
	bad := c.wrongNewVariant(p, in)
	if bad != nil {
		c.refuse(bad)
		return
	}
	c.sendVariant(p.ID, c.addVariant(p, in), in)
}

func (c *call) wrongNewVariant(p *Product, in input) *complaint {
	bad := c.wrongVariant(p, 0, in)
	if bad == nil && len(p.Variants) >= maxVariants {
		bad = unprocessable("The product has too many variants", "sku", "at most 600")
	}
	if bad == nil {
		_, bad = p.chosen(in)
	}
	return bad
}

// addVariant stores a variant that was checked and returns its id.
func (c *call) addVariant(p *Product, in input) int64 {
	v := Variant{}
	v.fill(in)
	v.Values, _ = p.chosen(in)
	for _, old := range p.Variants {
		v.ID = max(v.ID, old.ID+1)
	}
	if len(p.Variants) == 0 {
		v.ID = variantID(int(p.ID-productBase), 0)
	}
	v.SKUID = v.ID - skuIDGap
	v.setStock(in, p)
	c.alterProduct("variant", v.ID, p.ID, "store/sku/created", skuEvent(v.SKUID, p.ID, v.ID), func(to *Product) bool {
		to.Variants = slices.DeleteFunc(to.Variants, func(o Variant) bool { return len(o.Values) == 0 }) // the base variant
		to.Variants = append(to.Variants, v)
		return true
	})
	return v.ID
}

func deleteVariant(c *call) {
	p, v := c.productAndVariant()
	if p == nil {
		return
	}
	if p.Simple() || len(p.Variants) == 1 {
		c.fail(http.StatusUnprocessableEntity, "The only variant cannot be deleted")
		return
	}
	c.alterProduct("variant", v.ID, p.ID, "store/sku/deleted", skuEvent(v.SKUID, p.ID, v.ID), func(to *Product) bool {
		to.Variants = slices.DeleteFunc(to.Variants, func(o Variant) bool { return o.ID == v.ID })
		return true
	})
	c.none()
}

// updateVariants changes those that come with an id and makes the others, all
// or none.
func updateVariants(c *call) {
	list, ok := c.inputs(readOnlyVariant+names(variantRules), 50)
	if !ok {
		return
	}
	var problems writer
	problems.arr("")
	bad := 0
	for _, in := range list {
		if why := c.wrongRow(in); why != nil {
			problems.complain("", why)
			bad++
		}
	}
	problems.endArr()
	if bad > 0 {
		c.answer(http.StatusUnprocessableEntity, func(w *writer) {
			w.obj("")
			w.raw("batch_errors", string(problems.b))
			w.end()
		})
		return
	}
	var done [][2]int64 // product and variant
	for _, in := range list {
		id, ok := in.integer("id")
		product := productOfVariant(id)
		if ok {
			c.changeVariant(product, id, in)
		} else {
			product, _ = in.integer("product_id")
			p := c.store.products.get(product)
			if p == nil {
				continue // deleted meanwhile
			}
			if _, why := p.chosen(in); why != nil {
				continue // the same combination twice in one batch: the first wins
			}
			id = c.addVariant(p, in)
		}
		done = append(done, [2]int64{product, id})
	}
	p := newPage(1, max(1, len(done)), len(done))
	c.list(p, func(w *writer) {
		for _, d := range done {
			if now := c.store.products.get(d[0]); now != nil && now.variant(d[1]) != nil {
				w.variant("", c.store, now, now.variant(d[1]))
			}
		}
	})
}

// wrongRow says what is wrong with one row of a batch of variants.
func (c *call) wrongRow(in input) *complaint {
	none := &complaint{status: http.StatusNotFound, title: "Variant not found", fields: map[string]string{"id": in.text("id")}}
	if id, ok := in.integer("id"); ok {
		p := c.store.products.get(productOfVariant(id))
		if p == nil || p.variant(id) == nil {
			return none
		}
		if n, ok := in.integer("inventory_level"); ok && n < 0 {
			return unprocessable(msgBadJSON, "inventory_level", "error.min")
		}
		return c.wrongVariant(p, id, in)
	}
	product, _ := in.integer("product_id")
	p := c.store.products.get(product)
	if p == nil {
		none.fields = map[string]string{"product_id": in.text("product_id")}
		return none
	}
	return c.wrongNewVariant(p, in)
}
