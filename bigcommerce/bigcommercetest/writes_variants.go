package bigcommercetest

import (
	"net/http"
	"slices"
)

const variantMembers = `id product_id sku sku_id price cost_price sale_price retail_price weight width height depth is_free_shipping
	fixed_cost_shipping_price purchasing_disabled purchasing_disabled_message upc image_url inventory_level
	inventory_warning_level bin_picking_number mpn gtin option_values`

// fill copies the members that are there; "" stands for an error about none.
func (v *Variant) fill(in input) (field string) {
	in.set(map[string]*string{"sku": &v.SKU, "price": &v.Price, "cost_price": &v.CostPrice, "sale_price": &v.SalePrice,
		"retail_price": &v.RetailPrice, "weight": &v.Weight, "upc": &v.UPC, "mpn": &v.MPN, "gtin": &v.GTIN, "image_url": &v.ImageURL})
	if in.has("purchasing_disabled") {
		v.PurchasingDisabled = in.flag("purchasing_disabled")
	}
	for _, name := range []string{"price", "cost_price", "sale_price", "retail_price", "weight"} {
		if n, ok := toMoney(in.text(name)); in.has(name) && (!ok || n < 0) {
			return name
		}
	}
	return ""
}

// stock sets a variant's stock as the catalog does: at the default location.
func (v *Variant) stock(in input, p *Product) {
	n, ok := in.integer("inventory_level")
	if !ok || p.Tracking != "variant" {
		return
	}
	if len(v.Levels) == 0 {
		v.Levels = []Level{{LocationID: 1}}
	}
	v.Levels[0].OnHand += int(n) - onHand(v.Levels)
}

// variantProblem is what is wrong with an input for a variant: a blank SKU has
// its own code.
func (c *call) variantProblem(w *writer, k string, in input, field string) bool {
	switch {
	case in.has("sku") && in.text("sku") == "":
		w.obj(k)
		w.num("status", http.StatusUnprocessableEntity)
		w.num("code", 22004)
		w.str("title", "Variant sku cannot be empty")
		w.str("type", errorType)
		w.raw("errors", `{"sku":"Variant sku cannot be empty"}`)
		w.end()
	case field != "":
		w.problem(k, http.StatusUnprocessableEntity, msgBadJSON, map[string]string{field: "error.expected.jsnumber"})
	default:
		return false
	}
	return true
}

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
	in, ok := c.input(variantMembers)
	if !ok {
		return
	}
	field := v.fill(in)
	c.out.b = c.out.b[:0]
	if c.variantProblem(&c.out, "", in, field) {
		c.status = http.StatusUnprocessableEntity
		return
	}
	c.store.changeVariant(p.ID, v.ID, in)
	c.sendVariant(p.ID, v.ID)
}

// changeVariant stores what was sent. A change of a variant fires an event of
// its sku, not of the product.
func (s *Store) changeVariant(product, id int64, in input) {
	var sku int64
	s.changeProduct(product, func(p *Product) {
		if v := p.variant(id); v != nil {
			v.fill(in)
			v.stock(in, p)
			sku = v.SKUID
			if p.Simple() {
				p.SKU = v.SKU
			}
		}
	})
	s.fire("store/sku/updated", skuEvent(sku, product, id))
}

func (c *call) sendVariant(product, id int64) {
	p := c.store.products.get(product)
	if p == nil || p.variant(id) == nil {
		c.notFound()
		return
	}
	c.data(func(w *writer) { w.variant("data", c.store, p, p.variant(id)) })
}

func createVariant(c *call) {
	p := c.product()
	if p == nil {
		return
	}
	in, ok := c.input(variantMembers)
	if !ok {
		return
	}
	var v Variant
	field := v.fill(in)
	if in.text("sku") == "" {
		in["sku"] = []byte(`""`)
	}
	c.out.b = c.out.b[:0]
	if c.variantProblem(&c.out, "", in, field) {
		c.status = http.StatusUnprocessableEntity
		return
	}
	if len(c.store.skus.find(v.SKU, true)) > 0 {
		c.failWith(http.StatusConflict, "Sku "+v.SKU+" is not unique", map[string]string{"sku": "is a duplicate"})
		return
	}
	for _, val := range in.list("option_values") {
		if id, ok := val.integer("id"); ok {
			v.Values = append(v.Values, id)
		}
	}
	c.store.changeProduct(p.ID, func(to *Product) {
		for _, old := range to.Variants {
			v.ID = max(v.ID, old.ID+1)
		}
		v.SKUID = v.ID - skuIDGap
		to.Variants = append(to.Variants, v)
	})
	c.store.fire("store/sku/created", skuEvent(v.SKUID, p.ID, v.ID))
	c.sendVariant(p.ID, v.ID)
}

func deleteVariant(c *call) {
	p, v := c.productAndVariant()
	if p == nil {
		return
	}
	if p.Simple() {
		c.fail(http.StatusUnprocessableEntity, "The base variant cannot be deleted")
		return
	}
	c.store.changeProduct(p.ID, func(to *Product) {
		to.Variants = slices.DeleteFunc(to.Variants, func(o Variant) bool { return o.ID == v.ID })
	})
	c.store.fire("store/sku/deleted", skuEvent(v.SKUID, p.ID, v.ID))
	c.none()
}

func updateVariants(c *call) {
	list, ok := c.inputs(variantMembers, 50)
	if !ok {
		return
	}
	var found []variantRef
	var problems writer
	problems.arr("")
	bad := 0
	for _, in := range list {
		id, _ := in.integer("id")
		p := c.store.products.get(productOfVariant(id))
		if p == nil || p.variant(id) == nil {
			problems.problem("", http.StatusNotFound, "Variant not found", map[string]string{"id": in.text("id")})
			bad++
			continue
		}
		if c.variantProblem(&problems, "", in, p.variant(id).fill(in)) {
			bad++
		}
		found = append(found, variantRef{p, slices.IndexFunc(p.Variants, func(v Variant) bool { return v.ID == id })})
	}
	problems.endArr()
	if bad > 0 { // none is saved
		c.answer(http.StatusUnprocessableEntity, func(w *writer) {
			w.obj("")
			w.raw("batch_errors", string(problems.b))
			w.end()
		})
		return
	}
	for i, in := range list {
		c.store.changeVariant(found[i].product.ID, found[i].product.Variants[found[i].pos].ID, in)
	}
	p := newPage(1, max(1, len(found)), len(found))
	c.list(p, func(w *writer) {
		for _, f := range found {
			if now := c.store.products.get(f.product.ID); now != nil && f.pos < len(now.Variants) {
				w.variant("", c.store, now, &now.Variants[f.pos])
			}
		}
	})
}
