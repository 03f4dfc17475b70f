package woocommercetest

import (
	"strconv"
	"strings"
)

// manages is what manage_stock of a variation says, and whose quantity counts.
func (v *Variation) manages(p *Product) (raw string, managed bool, quantity int, backorders string) {
	switch {
	case v.ManageStock == "true":
		return "true", true, v.StockQuantity, v.Backorders
	case v.ManageStock == StockParent && p.ManageStock:
		return `"parent"`, true, p.StockQuantity, p.Backorders
	}
	return "false", false, 0, v.Backorders
}

// Stock returns the stock status sent, derived where the quantity is managed.
func (v *Variation) stock(p *Product) string {
	if _, managed, quantity, backorders := v.manages(p); managed {
		return stockStatus(quantity, backorders)
	}
	return v.StockStatus
}

// optionsText names a variation by its values: "Red, S".
func (v *Variation) optionsText() string {
	var parts []string
	for _, c := range v.Choices {
		parts = append(parts, c.Option)
	}
	return strings.Join(parts, ", ")
}

func (v *Variation) sku(p *Product) string {
	if v.SKU == "" {
		return p.SKU
	}
	return v.SKU
}

// variation writes the shape of the variations routes; under is the route whose
// links it carries, "" for that of all variations.
func (w *writer) variation(s *Server, c *call, p *Product, v *Variation, global bool) {
	zone := s.cfg.Location
	w.obj("")
	w.num("id", v.ID)
	w.str("type", "variation")
	w.dates("date_created", v.CreatedAt, zone)
	w.dates("date_modified", v.ModifiedAt, zone)
	w.str("description", v.Description)
	w.str("permalink", s.permalink(p)+variationLink(p, v))
	w.str("sku", v.sku(p))
	w.str("global_unique_id", v.GlobalUniqueID)
	w.variationPrices(v)
	w.dates("date_on_sale_from", v.SaleFrom, zone)
	w.dates("date_on_sale_to", v.SaleTo, zone)
	w.flag("on_sale", v.sale() != "")
	w.str("status", v.Status)
	w.flag("purchasable", v.RegularPrice != "" && v.Status == "publish")
	w.flag("virtual", v.Virtual)
	w.flag("downloadable", false)
	w.raw("downloads", "[]")
	w.raw("download_limit", "-1")
	w.raw("download_expiry", "-1")
	w.str("tax_status", p.TaxStatus)
	w.str("tax_class", p.TaxClass)
	raw, managed, quantity, backorders := v.manages(p)
	status := v.stock(p)
	w.raw("manage_stock", raw)
	w.stock(managed, quantity)
	w.str("stock_status", status)
	w.backorders(backorders, status)
	w.null("low_stock_amount")
	w.str("weight", v.Weight)
	w.dimensions(v.Dimensions)
	w.str("shipping_class", "")
	w.num("shipping_class_id", 0)
	if v.Image != nil {
		w.image("image", s, v.Image)
	} else {
		w.null("image")
	}
	w.choices("attributes", v.Choices, true)
	w.num("menu_order", int64(v.MenuOrder))
	w.metas("meta_data", v.Meta, c)
	w.str("name", v.optionsText())
	w.num("parent_id", p.ID)
	if global { // the links of this route are wrong in the store itself
		w.selfLinks(s, "/variations", v.ID, "")
		w.link("up", s.apiURL("/products/0"), "")
	} else {
		parent := "/products/" + strconv.FormatInt(p.ID, 10)
		w.selfLinks(s, parent+"/variations", v.ID, allowAll)
		w.link("up", s.apiURL(parent), "")
	}
	w.end()
	w.end()
}

func (w *writer) variationPrices(v *Variation) {
	w.str("price", v.price())
	w.str("regular_price", v.RegularPrice)
	w.str("sale_price", v.SalePrice)
}

// variationAsProduct writes a variation in the shape of a product, as
// /products/{id} and webhooks do.
func (w *writer) variationAsProduct(s *Server, c *call, p *Product, v *Variation) {
	zone := s.cfg.Location
	raw, managed, quantity, backorders := v.manages(p)
	status := v.stock(p)
	price := v.price()
	name := p.Name
	if text := v.optionsText(); text != "" {
		name += " - " + text
	}
	w.obj("")
	w.num("id", v.ID)
	w.str("name", name)
	w.str("slug", p.Slug+"-"+strconv.Itoa(v.MenuOrder))
	w.str("permalink", s.permalink(p)+variationLink(p, v))
	w.dates("date_created", v.CreatedAt, zone)
	w.dates("date_modified", v.ModifiedAt, zone)
	w.str("type", "variation")
	w.str("status", v.Status)
	w.flag("featured", false)
	w.str("catalog_visibility", "visible")
	w.str("description", v.Description)
	w.str("short_description", "")
	w.str("sku", v.sku(p))
	w.variationPrices(v)
	w.dates("date_on_sale_from", v.SaleFrom, zone)
	w.dates("date_on_sale_to", v.SaleTo, zone)
	w.flag("on_sale", v.sale() != "")
	w.flag("purchasable", price != "" && v.Status == "publish")
	w.str("total_sales", "0") // a string here
	w.flag("virtual", v.Virtual)
	w.b = append(w.b, `,"downloadable":false,"downloads":[],"download_limit":-1,"download_expiry":-1,"external_url":"","button_text":""`...)
	w.str("tax_status", p.TaxStatus)
	w.str("tax_class", p.TaxClass)
	w.raw("manage_stock", raw)
	w.stock(managed, quantity)
	w.backorders(backorders, status)
	w.null("low_stock_amount")
	w.flag("sold_individually", false)
	w.str("weight", v.Weight)
	w.dimensions(v.Dimensions)
	w.flag("shipping_required", !v.Virtual)
	w.flag("shipping_taxable", !v.Virtual)
	w.b = append(w.b, `,"shipping_class":"","shipping_class_id":0,"reviews_allowed":false,"average_rating":"0.00","rating_count":0,"upsell_ids":[],"cross_sell_ids":[]`...)
	w.num("parent_id", p.ID)
	w.b = append(w.b, `,"purchase_note":"","categories":[],"brands":[],"tags":[]`...)
	w.arr("images")
	if v.Image != nil {
		w.image("", s, v.Image)
	}
	w.endArr()
	w.choices("attributes", v.Choices, true)
	w.b = append(w.b, `,"default_attributes":[],"variations":[],"grouped_products":[]`...)
	w.num("menu_order", int64(v.MenuOrder))
	w.str("price_html", s.priceHTML(price, price, ""))
	w.raw("related_ids", "[]")
	w.metas("meta_data", v.Meta, c)
	w.str("stock_status", status)
	w.flag("has_options", false)
	w.str("post_password", "")
	w.str("global_unique_id", v.GlobalUniqueID)
	w.selfLinks(s, "/products", v.ID, allowAll)
	w.link("up", s.apiURL("/products/"+strconv.FormatInt(p.ID, 10)), "")
	w.end()
	w.end()
}
