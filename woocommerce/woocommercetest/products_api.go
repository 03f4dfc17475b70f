package woocommercetest

import (
	"net/http"
	"slices"
	"strconv"
)

// made is what a write gives back: the record's id and how to write it.
type made struct {
	id    int64
	write func(*writer)
}

// reply answers a write of one record: created ones are at a new address.
func (c *call) reply(m made, err *apiError, collection string) *apiError {
	switch {
	case err != nil:
		return err
	case collection != "":
		c.created(collection+"/"+strconv.FormatInt(m.id, 10), m.write)
	default:
		c.answer(http.StatusOK, m.write)
	}
	return nil
}

func (c *call) createProduct() *apiError {
	m, err := c.insertProduct(c.input)
	return c.reply(m, err, "/products")
}

func (c *call) putProduct() *apiError {
	m, err := c.changeProduct(c.args[0], c.input)
	return c.reply(m, err, "")
}

func (c *call) showProduct(p *Product) made {
	return made{p.ID, func(w *writer) { w.product(c.server, c, p) }}
}

func (c *call) insertProduct(in input) (made, *apiError) {
	s := c.server
	p := &Product{CatalogVisibility: "visible", StockStatus: "instock", Backorders: "no", TaxStatus: "taxable", ReviewsAllowed: true}
	s.mu.Lock()
	err := c.applyProduct(p, in)
	if err == nil && len(p.Categories) == 0 {
		p.Categories = s.terms["categories"][:1:1]
	}
	s.mu.Unlock()
	if err != nil {
		return made{}, err
	}
	return c.showProduct(s.AddProduct(*p)), nil
}

// changeProduct writes to a product, or to a variation by its own id.
func (c *call) changeProduct(id int64, in input) (made, *apiError) {
	s := c.server
	if p, v := s.anyProduct(id); v != nil {
		if _, err := c.changeVariation(p.ID, id, in); err != nil {
			return made{}, err
		}
		p, v = s.anyProduct(id)
		return made{id, func(w *writer) { w.variationAsProduct(s, c, p, v) }}, nil
	}
	var err *apiError
	gone := s.UpdateProduct(id, func(p *Product) {
		n := p.clone()
		if err = c.applyProduct(n, in); err == nil {
			*p = *n
		}
	})
	if gone != nil {
		return made{}, invalidID("product", http.StatusBadRequest)
	}
	if err != nil {
		return made{}, err
	}
	return c.showProduct(s.Product(id)), nil
}

func (c *call) deleteProduct() *apiError {
	force, _ := c.flag("force")
	m, err := c.dropProduct(c.args[0], force)
	return c.reply(m, err, "")
}

// dropProduct trashes or removes a product or variation and gives back what it
// was before.
func (c *call) dropProduct(id int64, force bool) (made, *apiError) {
	s := c.server
	p, v := s.anyProduct(id)
	switch {
	case p == nil:
		return made{}, invalidID("product", http.StatusNotFound)
	case v != nil:
		return c.dropVariation(p.ID, id, force)
	case force:
		return c.showProduct(p), found("product", s.DeleteProduct(id))
	case p.Status == "trash":
		return made{}, fail(http.StatusGone, "woocommerce_rest_already_trashed", "The product has already been deleted.")
	}
	return c.showProduct(p), found("product", s.TrashProduct(id))
}

func variationBody() []field {
	return slices.Concat(
		typed("string", "description", "sku", "global_unique_id", "regular_price", "sale_price", "tax_class", "weight", "shipping_class"),
		typed("date?", "date_on_sale_from", "date_on_sale_from_gmt", "date_on_sale_to", "date_on_sale_to_gmt"),
		typed("boolean", "virtual", "downloadable"), typed("stockflag", "manage_stock"),
		typed("integer", "download_limit", "download_expiry", "stock_quantity", "menu_order"), typed("integer?", "low_stock_amount"),
		typed("array", "downloads", "attributes", "meta_data"), typed("object", "dimensions"), typed("object?", "image"),
		[]field{
			oneOf("status", "draft", "pending", "private", "publish", "future", "auto-draft", "trash"),
			oneOf("tax_status", "taxable", "shipping", "none"),
			oneOf("stock_status", stockStatuses...), oneOf("backorders", "no", "notify", "yes"),
		},
	)
}

// applyVariation writes the fields of a body into v; called with mu held.
func (c *call) applyVariation(p *Product, v *Variation, in input) *apiError {
	s := c.server
	n := slices.IndexFunc(p.Variations, func(x Variation) bool { return x.ID == v.ID && v.ID != 0 })
	own := holder{p.ID, n}
	if n < 0 {
		own = holder{0, 0}
	}
	if err := s.takeSKU(in, own, &v.SKU); err != nil {
		return err
	}
	escaped(in, "description", &v.Description)
	for name, into := range map[string]*string{
		"global_unique_id": &v.GlobalUniqueID, "status": &v.Status, "stock_status": &v.StockStatus,
		"backorders": &v.Backorders, "weight": &v.Weight,
	} {
		in.text(name, into)
	}
	c.amount(in, "regular_price", &v.RegularPrice)
	c.amount(in, "sale_price", &v.SalePrice)
	if v.SalePrice != "" && !lessDecimal(v.SalePrice, v.RegularPrice) {
		v.SalePrice = ""
	}
	if in.has("manage_stock") {
		switch text := textOf(in["manage_stock"]); text {
		case StockParent:
			v.ManageStock = StockParent
		default:
			on, _ := parseBool(text)
			v.ManageStock = strconv.FormatBool(on)
			if !on && p.ManageStock {
				v.ManageStock = StockParent
			}
		}
	}
	if v.ManageStock == "true" {
		in.number("stock_quantity", &v.StockQuantity)
	}
	in.flag("virtual", &v.Virtual)
	in.number("menu_order", &v.MenuOrder)
	if d := in.object("dimensions"); d != nil {
		d.text("length", &v.Dimensions.Length)
		d.text("width", &v.Dimensions.Width)
		d.text("height", &v.Dimensions.Height)
	}
	if in.has("image") {
		v.Image = nil
		if m := in.object("image"); m != nil {
			v.Image = &Image{ID: s.nextMeta, Src: textOf(m["src"]), Name: textOf(m["name"]), Alt: textOf(m["alt"]), At: s.stamp()}
			s.nextMeta++
		}
	}
	if in.has("attributes") {
		v.Choices = choicesOf(in.objects("attributes"))
	}
	v.Meta = s.mergeMeta(v.Meta, in.objects("meta_data"))
	return nil
}

func (c *call) showVariation(id int64) (made, *apiError) {
	p, v := c.server.anyProduct(id)
	if v == nil {
		return made{}, invalidID("product_variation", http.StatusNotFound)
	}
	return made{id, func(w *writer) { w.variation(c.server, c, p, v, false) }}, nil
}

func (c *call) createVariation() *apiError {
	m, err := c.insertVariation(c.args[0], c.input)
	return c.reply(m, err, "/products/"+strconv.FormatInt(c.args[0], 10)+"/variations")
}

func (c *call) insertVariation(product int64, in input) (made, *apiError) {
	s := c.server
	var err *apiError
	v := Variation{Status: "publish", ManageStock: "false", StockStatus: "instock", Backorders: "no"}
	gone := s.UpdateProduct(product, func(p *Product) {
		if p.ManageStock {
			v.ManageStock = StockParent
		}
		v.MenuOrder = len(p.Variations)
		if err = c.applyVariation(p, &v, in); err == nil {
			s.completeVariation(&v)
			p.Type = "variable"
			p.Variations = append(p.Variations, v)
		}
	})
	if gone != nil {
		return made{}, fail(http.StatusNotFound, "woocommerce_rest_product_variation_invalid_parent",
			"Cannot set attributes due to invalid parent product.")
	}
	if err != nil {
		return made{}, err
	}
	s.event("product.created", v.ID)
	return c.showVariation(v.ID)
}

func (c *call) putVariation() *apiError {
	m, err := c.changeVariation(c.args[0], c.args[1], c.input)
	return c.reply(m, err, "")
}

func (c *call) changeVariation(product, id int64, in input) (made, *apiError) {
	s := c.server
	err := invalidID("product_variation", http.StatusBadRequest)
	_ = s.UpdateProduct(product, func(p *Product) { // err stays as it is when there is none
		for i := range p.Variations {
			if p.Variations[i].ID != id {
				continue
			}
			v := p.Variations[i].clone()
			if err = c.applyVariation(p, &v, in); err == nil {
				v.ModifiedAt = s.stamp()
				p.Variations[i] = v
			}
		}
	})
	if err != nil {
		return made{}, err
	}
	return c.showVariation(id)
}

func (c *call) deleteVariation() *apiError {
	force, _ := c.flag("force")
	m, err := c.dropVariation(c.args[0], c.args[1], force)
	return c.reply(m, err, "")
}

// dropVariation trashes or removes a variation and gives back what it was.
func (c *call) dropVariation(product, id int64, force bool) (made, *apiError) {
	s := c.server
	p, v := s.anyProduct(id)
	if v == nil || p.ID != product {
		return made{}, invalidID("product_variation", http.StatusNotFound)
	}
	m := made{id, func(w *writer) { w.variation(s, c, p, v, false) }}
	err := s.UpdateProduct(product, func(p *Product) {
		if force {
			p.Variations = slices.DeleteFunc(p.Variations, func(x Variation) bool { return x.ID == id })
			return
		}
		for i := range p.Variations {
			if p.Variations[i].ID == id {
				p.Variations[i].Status = "trash"
			}
		}
	})
	if !force {
		s.event("product.deleted", id)
	}
	return m, found("product_variation", err)
}
