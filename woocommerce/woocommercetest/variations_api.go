package woocommercetest

import (
	"net/http"
	"slices"
	"strconv"
)

func variationBody() []field {
	return slices.Concat(
		typed("string", "description", "sku", "global_unique_id", "regular_price", "sale_price", "tax_class", "weight", "shipping_class"),
		typed("date?", "date_on_sale_from", "date_on_sale_from_gmt", "date_on_sale_to", "date_on_sale_to_gmt"),
		typed("boolean", "virtual", "downloadable"), typed("stockflag", "manage_stock"),
		typed("integer", "download_limit", "download_expiry", "stock_quantity", "menu_order"), typed("integer?", "low_stock_amount"),
		typed("array", "downloads", "attributes", "meta_data"), typed("object", "dimensions"), typed("object?", "image"),
		typed("mixed", "inventory_delta"),
		[]field{
			oneOf("status", writableStatuses...), oneOf("tax_status", taxStatuses...),
			oneOf("stock_status", stockStatuses...), oneOf("backorders", "no", "notify", "yes"),
		},
	)
}

// applyVariation writes the fields of a body into v, which is not in p yet when
// it has no id; called with mu held.
func (c *call) applyVariation(p *Product, v *Variation, in input) *apiError {
	s := c.server
	own := holder{p.ID, newVariation}
	if n := p.variation(v.ID); n >= 0 {
		own.variation = n
	}
	if err := s.takeSKU(in, own, "product_variation", &v.SKU); err != nil {
		return err
	}
	if err := s.takeGTIN(in, own, &v.GlobalUniqueID); err != nil {
		return err
	}
	if in.has("image") {
		v.Image = nil
		if m := in.object("image"); m.id("id") != 0 || textOf(m["src"]) != "" {
			i, err := c.imageOf(m, nil, "variation")
			if err != nil {
				return err
			}
			v.Image = &i
		}
	}
	if in.has("status") {
		v.Status = c.known(in, "status", writableStatuses, "draft")
	}
	if in.has("description") {
		v.Description = escapeHTML(textOf(in["description"]))
	}
	in.text("weight", &v.Weight)
	c.prices(in, &v.RegularPrice, &v.SalePrice)
	c.moment(in, "date_on_sale_from", &v.SaleFrom)
	c.moment(in, "date_on_sale_to", &v.SaleTo)
	v.applyStock(p, in)
	in.flag("virtual", &v.Virtual)
	if order := 0; in.has("menu_order") {
		if in.number("menu_order", &order); order != 0 { // 0 is taken for nothing
			v.MenuOrder = order
		}
	}
	v.Dimensions.apply(in.object("dimensions"))
	if in.has("attributes") {
		v.Choices = c.choicesOf(p, in.objects("attributes"))
	}
	v.Meta = s.mergeMeta(v.Meta, in.objects("meta_data"))
	return nil
}

// applyStock reads what is known of the stock. A quantity acts only while the
// variation manages its own.
func (v *Variation) applyStock(p *Product, in input) {
	was := v.stock(p)
	if in.has("manage_stock") {
		on, _ := parseBool(textOf(in["manage_stock"])) // "parent" is no: the product's counts then
		v.ManageStock = strconv.FormatBool(on)
		if !on && p.ManageStock {
			v.ManageStock = StockParent
		}
	}
	in.text("backorders", &v.Backorders)
	switch v.ManageStock {
	case "true":
		in.quantity(&v.StockQuantity)
	case StockParent:
		v.StockQuantity = 0
	default:
		v.StockQuantity, v.Backorders = 0, "no"
		v.StockStatus = stockWord(in, was)
	}
}

// variation is the index of the variation with an id; -1 for none.
func (p *Product) variation(id int64) int {
	return slices.IndexFunc(p.Variations, func(v Variation) bool { return v.ID == id && id != 0 })
}

// showVariation is a variation as it is now; called with mu held.
func (c *call) showVariation(p *Product, n int) made {
	v := &p.Variations[n]
	return made{v.ID, func(w *writer) { w.variation(c.server, c, p, v, false) }}
}

func (c *call) createVariation() *apiError {
	m, err := c.insertVariation(c.args[0], c.input)
	return c.reply(m, err, "/products/"+strconv.FormatInt(c.args[0], 10)+"/variations")
}

// insertVariation adds a variation. The product keeps its type, and shows
// variations only when that is variable.
func (c *call) insertVariation(product int64, in input) (made, *apiError) {
	if err := exists(in, "product_variation", "product_variation"); err != nil {
		return made{}, err
	}
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	var err *apiError
	v := Variation{Status: "publish", ManageStock: "false", StockStatus: "instock", Backorders: "no"}
	p := s.editProduct(product, func(p *Product) bool {
		if v.MenuOrder = len(p.Variations); p.ManageStock {
			v.ManageStock = StockParent
		}
		if err = c.applyVariation(p, &v, in); err != nil {
			return false
		}
		s.completeVariation(&v)
		p.Variations = append(p.Variations, v)
		p.followVariations()
		return true
	})
	switch {
	case p == nil:
		return made{}, fail(http.StatusNotFound, "woocommerce_rest_product_variation_invalid_parent",
			"Cannot set attributes due to invalid parent product.")
	case err != nil:
		return made{}, err
	case p.Type != "variable":
		s.book.Violationf("%s %s: the product is %s, so its variations show nowhere", c.method, c.at, p.Type)
	}
	s.event("product.created", v.ID)
	c.effect("variation.create", v.ID)
	return c.showVariation(p, p.variation(v.ID)), nil
}

func (c *call) putVariation() *apiError {
	c.server.mu.RLock()
	p, n := c.server.holderOf(c.args[1])
	c.server.mu.RUnlock()
	if n >= 0 && p.ID != c.args[0] {
		return fail(http.StatusForbidden, "woocommerce_rest_cannot_edit", "Parent product does not match current variation.")
	}
	m, err := c.changeVariation(c.args[0], c.args[1], c.input)
	return c.reply(m, err, "")
}

func (c *call) changeVariation(product, id int64, in input) (made, *apiError) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.products.get(product)
	if old == nil || old.variation(id) < 0 {
		return made{}, invalidID("product_variation", http.StatusBadRequest)
	}
	n := old.variation(id)
	var err *apiError
	p := s.editProduct(product, func(p *Product) bool {
		if err = c.applyVariation(p, &p.Variations[n], in); err != nil {
			return false
		}
		if !same(&old.Variations[n], &p.Variations[n]) {
			c.effect("variation.update", id)
		}
		p.Variations[n].ModifiedAt = s.stamp() // also when nothing else changed
		p.followVariations()
		return true
	})
	if err != nil {
		return made{}, err
	}
	return c.showVariation(p, n), nil
}

func (c *call) deleteVariation() *apiError {
	force, _ := c.flag("force")
	m, err := c.dropVariation(c.args[0], c.args[1], force)
	return c.reply(m, err, "")
}

// dropVariation trashes or removes a variation and gives back what it was.
func (c *call) dropVariation(product, id int64, force bool) (made, *apiError) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.products.get(product)
	if old == nil || old.variation(id) < 0 {
		return made{}, invalidID("product_variation", http.StatusNotFound)
	}
	n := old.variation(id)
	if !force && old.Variations[n].Status == "trash" {
		return made{}, fail(http.StatusGone, "woocommerce_rest_already_trashed", "The product_variation has already been deleted.")
	}
	s.editProduct(product, func(p *Product) bool {
		if force {
			p.Variations = slices.Delete(p.Variations, n, n+1)
			c.effect("variation.delete", id)
		} else {
			p.Variations[n].Status = "trash"
			s.event("product.deleted", id)
			c.effect("variation.trash", id)
		}
		p.followVariations()
		return true
	})
	return c.showVariation(old, n), nil
}
