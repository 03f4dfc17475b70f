package bigcommercetest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const productMembers = `id name type sku description weight width depth height price cost_price retail_price sale_price map_price
	tax_class_id product_tax_code categories brand_id brand_name inventory_level inventory_warning_level inventory_tracking
	fixed_cost_shipping_price is_free_shipping is_visible is_featured related_products warranty bin_picking_number layout_file
	upc search_keywords search_keywords availability availability_description gift_wrapping_options_type
	gift_wrapping_options_list sort_order condition is_condition_shown order_quantity_minimum order_quantity_maximum page_title
	meta_keywords meta_description view_count preorder_release_date preorder_message is_preorder_only is_price_hidden
	price_hidden_label custom_url open_graph_type open_graph_title open_graph_description open_graph_use_meta_description
	open_graph_use_product_name open_graph_use_image gtin mpn date_last_imported reviews_rating_sum reviews_count total_sold
	custom_fields bulk_pricing_rules images videos variants `

// fill copies the members that are there, and returns complaints by field.
func (p *Product) fill(in input) map[string]string {
	bad := map[string]string{}
	in.set(map[string]*string{"name": &p.Name, "type": &p.Type, "sku": &p.SKU, "description": &p.Description,
		"inventory_tracking": &p.Tracking, "availability": &p.Availability, "upc": &p.UPC, "mpn": &p.MPN, "gtin": &p.GTIN,
		"condition": &p.Condition, "search_keywords": &p.Keywords})
	for name, to := range map[string]*string{"price": &p.Price, "cost_price": &p.CostPrice, "retail_price": &p.RetailPrice,
		"sale_price": &p.SalePrice, "weight": &p.Weight} {
		if in.has(name) {
			v := in.text(name)
			if n, ok := toMoney(v); !ok || n < 0 {
				bad[name] = name + " is invalid"
			}
			*to = v
		}
	}
	for name, list := range map[string][]string{"type": {"physical", "digital"}, "inventory_tracking": {"none", "product", "variant"},
		"availability": {"available", "disabled", "preorder"}, "condition": {"New", "Used", "Refurbished"}} {
		if in.has(name) && !slices.Contains(list, in.text(name)) {
			bad[name] = "must be one of " + strings.Join(list, ", ")
		}
	}
	for name, to := range map[string]*bool{"is_visible": &p.Visible, "is_featured": &p.Featured, "is_free_shipping": &p.FreeShipping} {
		if in.has(name) {
			*to = in.flag(name)
		}
	}
	if n, ok := in.integer("brand_id"); ok {
		p.BrandID = n
	}
	if n, ok := in.integer("inventory_warning_level"); ok {
		p.WarningLevel = int(n)
	}
	if n, ok := in.integer("sort_order"); ok {
		p.SortOrder = int(n)
	}
	if in.has("categories") { // arrays replace
		p.Categories = in.ids("categories")
	}
	if in.has("meta_keywords") {
		p.MetaKeywords = in.texts("meta_keywords")
	}
	if u := in.object("custom_url").text("url"); u != "" {
		p.URL = u
	}
	if n, ok := in.integer("inventory_level"); ok && p.Tracking == "product" {
		if len(p.Levels) == 0 {
			p.Levels = []Level{{LocationID: 1}}
		}
		p.Levels[0].OnHand += int(n) - onHand(p.Levels)
	}
	if p.Simple() && len(p.Variants) == 1 {
		v := &p.Variants[0]
		v.SKU, v.UPC, v.MPN, v.GTIN = p.SKU, p.UPC, p.MPN, p.GTIN
	}
	return bad
}

// newOptions makes options and variants of the variants a client sent.
func (p *Product) newOptions(list []input) {
	for _, in := range list {
		v := Variant{}
		v.fill(in)
		for at, val := range in.list("option_values") {
			name, label := val.text("option_display_name"), val.text("label")
			if at >= len(p.Options) {
				p.Options = append(p.Options, Option{ID: p.ID*1000 + int64(at)*300, Name: name, Type: "rectangles"})
			}
			o := &p.Options[at]
			k := slices.IndexFunc(o.Values, func(c OptionValue) bool { return c.Label == label })
			if k < 0 {
				k = len(o.Values)
				o.Values = append(o.Values, OptionValue{ID: o.ID + 1 + int64(k), Label: label, Default: k == 0})
			}
			v.Values = append(v.Values, o.Values[k].ID)
		}
		p.Variants = append(p.Variants, v)
	}
}

// clash answers 409 when another product has the name or SKU.
func (c *call) clash(p *Product, in input) bool {
	field, value := "", ""
	same := func(o *Product) bool { return false }
	if in.has("name") {
		field, value = "name", p.Name
		same = func(o *Product) bool { return o.ID != p.ID && strings.EqualFold(o.Name, p.Name) }
	}
	t := c.store.products
	s := &selection[Product]{}
	s.when("named "+value+" "+strconv.FormatInt(p.ID, 10), same)
	if field != "" {
		if found, _ := t.page(s, 1, 1); found.total > 0 {
			c.failWith(http.StatusConflict, "The product name is a duplicate", map[string]string{"name": "The product name is a duplicate"})
			return true
		}
	}
	if in.has("sku") && p.SKU != "" {
		ids := slices.DeleteFunc(c.store.skus.find(p.SKU, false), func(id int64) bool { return id == p.ID })
		if len(ids) > 0 {
			c.failWith(http.StatusConflict, "The product sku is a duplicate", map[string]string{"sku": "The product sku is a duplicate"})
			return true
		}
	}
	return false
}

func createProduct(c *call) {
	in, ok := c.input(productMembers)
	if !ok {
		return
	}
	need := map[string]string{}
	for _, name := range []string{"name", "type", "weight", "price"} {
		if !in.has(name) {
			need[name] = "Please provide a " + name + "."
		}
	}
	if len(need) > 0 {
		c.failWith(http.StatusUnprocessableEntity, "Missing Required Fields", need)
		return
	}
	p := Product{Visible: true, MetaKeywords: []string{}}
	if bad := p.fill(in); len(bad) > 0 {
		c.failWith(http.StatusUnprocessableEntity, msgBadJSON, bad)
		return
	}
	if c.clash(&p, in) {
		return
	}
	p.ID = int64(c.store.partID()) // for the options' ids; add gives the real one
	p.newOptions(in.list("variants"))
	if len(p.Variants) > 600 {
		c.invalid("The product has too many variants", "variants", "at most 600")
		return
	}
	for _, f := range in.list("custom_fields") {
		p.CustomFields = append(p.CustomFields, CustomField{c.store.partID(), f.text("name"), f.text("value")})
	}
	c.oneProduct(http.StatusOK, c.store.AddProduct(p), nil)
}

func updateProduct(c *call) {
	p := c.product()
	if p == nil {
		return
	}
	in, ok := c.input(productMembers)
	if !ok {
		return
	}
	if done, _ := c.change(p, in); done != nil {
		c.oneProduct(http.StatusOK, done, nil)
	}
}

// change stores what a client sent for a product and fires its event; nil after
// it has answered. A stock below zero saves the rest and answers 207.
func (c *call) change(p *Product, in input) (*Product, bool) {
	level, hasLevel := in.integer("inventory_level")
	if hasLevel && level < 0 {
		delete(in, "inventory_level")
	}
	if bad := p.fill(in); len(bad) > 0 {
		c.failWith(http.StatusUnprocessableEntity, msgBadJSON, bad)
		return nil, false
	}
	if c.clash(p, in) {
		return nil, false
	}
	if c.store.UpdateProduct(p.ID, func(to *Product) { to.fill(in) }) != nil {
		c.notFound()
		return nil, false
	}
	done := c.store.products.get(p.ID)
	if !hasLevel || level >= 0 {
		return done, true
	}
	c.answer(http.StatusMultiStatus, func(w *writer) {
		w.obj("")
		w.product("data", c.store, done, nil)
		w.problem("errors", http.StatusUnprocessableEntity, "The product was saved, its inventory was not",
			map[string]string{"inventory_level": "must not be negative"})
		w.raw("meta", "{}")
		w.end()
	})
	return nil, true
}

func updateProducts(c *call) {
	list, ok := c.inputs(productMembers, 10)
	if !ok {
		return
	}
	var changed []*Product
	for _, in := range list {
		id, _ := in.integer("id")
		p := c.store.products.get(id)
		if p == nil {
			c.notFound()
			return
		}
		if bad := p.fill(in); len(bad) > 0 {
			c.failWith(http.StatusUnprocessableEntity, msgBadJSON, bad)
			return
		}
		changed = append(changed, p)
	}
	for i, in := range list {
		_ = c.store.UpdateProduct(changed[i].ID, func(to *Product) { to.fill(in) }) // deleted meanwhile: nothing to do
	}
	p := newPage(1, max(1, len(changed)), len(changed))
	c.list(p, func(w *writer) {
		for _, v := range changed {
			if now := c.store.products.get(v.ID); now != nil {
				w.product("", c.store, now, nil)
			}
		}
	})
}

func deleteProduct(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	if c.store.DeleteProduct(id) != nil {
		c.notFound()
		return
	}
	c.none()
}

func deleteProducts(c *call) {
	if len(c.query) == 0 {
		c.violation("deletes every product")
		c.invalid("A filter is required.", "id:in", "is required")
		return
	}
	s, ok := c.productSelection()
	if !ok {
		return
	}
	_, rows := c.store.products.page(s, 1, maxLimit)
	for _, p := range c.store.products.load(rows) {
		_ = c.store.DeleteProduct(p.ID) // gone meanwhile is gone too
	}
	c.none()
}

func catalogSummary(c *call) {
	variants, stock := 0, 0
	for _, p := range c.store.products.all() {
		variants += len(p.Variants)
		stock += p.InventoryLevel()
	}
	c.data(func(w *writer) {
		w.obj("data")
		w.num("inventory_count", stock)
		w.num("variant_count", variants)
		w.num("inventory_value", 0)
		w.num("highest_variant_price", 1234567)
		w.num("average_variant_price", 100)
		w.str("lowest_variant_price", "0.0000")
		w.str("oldest_variant_date", c.store.cfg.Epoch.AddDate(-1, 0, 0).Format(layoutV3))
		w.str("newest_variant_date", c.store.cfg.Epoch.Format(layoutV3))
		w.num("primary_category_id", categoryBase)
		w.str("primary_category_name", categoryNames[0])
		w.end()
	})
}
