package woocommercetest

import (
	"net/http"
	"slices"
	"strconv"
)

func productBody() []field {
	return slices.Concat(
		typed("string", "name", "slug", "description", "short_description", "sku", "global_unique_id", "regular_price", "sale_price",
			"external_url", "button_text", "tax_class", "weight", "shipping_class", "post_password", "purchase_note"),
		typed("date?", "date_created", "date_created_gmt", "date_on_sale_from", "date_on_sale_from_gmt", "date_on_sale_to", "date_on_sale_to_gmt"),
		typed("boolean", "featured", "virtual", "downloadable", "manage_stock", "sold_individually", "reviews_allowed"),
		typed("integer", "download_limit", "download_expiry", "stock_quantity", "parent_id", "menu_order"), typed("integer?", "low_stock_amount"),
		typed("array", "downloads", "upsell_ids", "cross_sell_ids", "categories", "brands", "tags", "images", "attributes",
			"default_attributes", "grouped_products", "meta_data"), typed("object", "dimensions"),
		typed("mixed", "inventory_delta"), // in no document, but it works
		[]field{
			oneOf("type", productTypes...), oneOf("status", writableStatuses...),
			oneOf("catalog_visibility", visibilities...), oneOf("tax_status", taxStatuses...),
			oneOf("stock_status", stockStatuses...), oneOf("backorders", "no", "notify", "yes"),
		},
	)
}

var (
	writableStatuses = []string{"draft", "pending", "private", "publish", "future", "auto-draft", "trash"}
	visibilities     = []string{"visible", "catalog", "search", "hidden"}
	taxStatuses      = []string{"taxable", "shipping", "none"}
)

// applyProduct writes the fields of a body into p; called with mu held. What a
// batch does not validate is mended or refused here.
func (c *call) applyProduct(p *Product, in input) *apiError {
	s := c.server
	if err := c.applyKind(p, in); err != nil {
		return err
	}
	if err := s.takeSKU(in, holder{p.ID, -1}, "product", &p.SKU); err != nil {
		return err
	}
	if err := s.takeGTIN(in, holder{p.ID, -1}, &p.GlobalUniqueID); err != nil {
		return err
	}
	if err := c.applyImages(p, in); err != nil {
		return err
	}
	escaped(in, "name", &p.Name)
	escaped(in, "description", &p.Description)
	escaped(in, "short_description", &p.ShortDescription)
	escaped(in, "purchase_note", &p.PurchaseNote)
	for name, into := range map[string]*string{"tax_status": &p.TaxStatus, "tax_class": &p.TaxClass, "weight": &p.Weight} {
		in.text(name, into)
	}
	if in.has("slug") {
		p.Slug = slugOf(textOf(in["slug"]))
	}
	if p.Type == "external" {
		in.text("external_url", &p.ExternalURL)
		in.text("button_text", &p.ButtonText)
	}
	if p.Type == "variable" || p.Type == "grouped" { // those of the parts count
		var ignored string
		c.amount(in, "regular_price", &ignored)
		c.amount(in, "sale_price", &ignored)
		p.RegularPrice, p.SalePrice = "", ""
	} else {
		c.prices(in, &p.RegularPrice, &p.SalePrice)
		c.moment(in, "date_on_sale_from", &p.SaleFrom)
		c.moment(in, "date_on_sale_to", &p.SaleTo)
	}
	c.moment(in, "date_created", &p.CreatedAt)
	for name, into := range map[string]*bool{
		"featured": &p.Featured, "virtual": &p.Virtual, "downloadable": &p.Downloadable,
		"sold_individually": &p.SoldIndividually, "reviews_allowed": &p.ReviewsAllowed,
	} {
		in.flag(name, into)
	}
	p.applyStock(in)
	in.number("menu_order", &p.MenuOrder)
	p.Dimensions.apply(in.object("dimensions"))
	for name, into := range map[string]*[]int64{"upsell_ids": &p.UpsellIDs, "cross_sell_ids": &p.CrossSellIDs} {
		if in.has(name) {
			*into = in.ids(name)
		}
	}
	if in.has("grouped_products") && p.Type == "grouped" {
		p.GroupedIDs = in.ids("grouped_products")
	}
	c.applyAttributes(p, in)
	c.applyTerms(p, in)
	p.Meta = s.mergeMeta(p.Meta, in.objects("meta_data"))
	return nil
}

// applyKind reads what is one word of a list.
func (c *call) applyKind(p *Product, in input) *apiError {
	if in.has("type") {
		p.Type = c.known(in, "type", productTypes, "simple")
	}
	if in.has("status") {
		status := c.known(in, "status", writableStatuses, "draft")
		if status == "trash" && p.Status != "trash" {
			p.statusBefore = p.Status
		}
		p.Status = status
	}
	if in.has("catalog_visibility") {
		p.CatalogVisibility = textOf(in["catalog_visibility"])
		if !slices.Contains(visibilities, p.CatalogVisibility) {
			return fail(http.StatusBadRequest, "product_invalid_catalog_visibility", "Invalid catalog visibility option.")
		}
	}
	if in.has("tax_status") && !slices.Contains(taxStatuses, textOf(in["tax_status"])) {
		return fail(http.StatusBadRequest, "product_invalid_tax_status", "Invalid product tax status.")
	}
	return nil
}

// known reads a word; the store takes another one for a word it does not know,
// which only a batch lets through.
func (c *call) known(in input, name string, words []string, instead string) string {
	word := textOf(in[name])
	if slices.Contains(words, word) {
		return word
	}
	c.server.book.Violationf("%s %s: %s %q does not exist; a batch makes it %s", c.method, c.at, name, word, instead)
	return instead
}

// applyStock reads what is known of the stock. The quantity acts only while it
// is managed, and is lost when it no longer is.
func (p *Product) applyStock(in input) {
	was, managed := p.Stock(), p.ManageStock
	in.flag("manage_stock", &p.ManageStock)
	in.text("backorders", &p.Backorders)
	if p.Type == "grouped" || p.Type == "external" {
		p.ManageStock = false
	}
	if !p.ManageStock {
		p.StockQuantity, p.LowStock, p.Backorders = 0, nil, "no"
		p.StockStatus = stockWord(in, was)
		if p.Type == "external" {
			p.StockStatus = "instock"
		}
		return
	}
	for i := range p.Variations {
		if v := &p.Variations[i]; !managed && v.ManageStock == "false" {
			v.ManageStock = StockParent // theirs is the product's now
		}
	}
	in.quantity(&p.StockQuantity)
	if in.has("low_stock_amount") {
		p.LowStock = nil
		if n, err := strconv.Atoi(textOf(in["low_stock_amount"])); err == nil {
			p.LowStock = &n
		}
	}
}

// stockWord is the stock status asked for; one that does not exist is instock.
func stockWord(in input, was string) string {
	switch word := textOf(in["stock_status"]); {
	case !in.has("stock_status"):
		return was
	case slices.Contains(stockStatuses, word):
		return word
	}
	return "instock"
}
