package woocommercetest

import (
	"fmt"
	"strconv"
	"strings"
)

// symbols are HTML entities of currencies, as the store writes them.
var symbols = map[string][2]string{
	"SAR": {"&#x631;.&#x633;", "Saudi riyal"}, "USD": {"&#36;", "United States (US) dollar"},
	"EUR": {"&euro;", "Euro"}, "GBP": {"&pound;", "Pound sterling"}, "AED": {"&#x62f;.&#x625;", "United Arab Emirates dirham"},
	"KWD": {"&#x62f;.&#x643;", "Kuwaiti dinar"}, "JPY": {"&yen;", "Japanese yen"}, "EGP": {"EGP", "Egyptian pound"},
}

func symbolOf(currency string) string {
	if s, ok := symbols[currency]; ok {
		return s[0]
	}
	return currency
}

func (s *Server) priceHTML(low, high, was string) string {
	amount := func(a string) string {
		return `<span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">` +
			symbolOf(s.cfg.Currency) + `</span>` + fixed(a, s.cfg.Decimals) + `</bdi></span>`
	}
	switch {
	case low == "":
		return ""
	case was != "":
		return `<del aria-hidden="true">` + amount(was) + `</del> <ins aria-hidden="true">` + amount(low) + `</ins>`
	case high != low:
		return amount(low) + ` <span aria-hidden="true">&ndash;</span> ` + amount(high)
	}
	return amount(low)
}

func (s *Server) permalink(p *Product) string {
	if p.Slug == "" || p.Status == "draft" || p.Status == "pending" {
		return s.cfg.HomeURL + "/?post_type=product&p=" + strconv.FormatInt(p.ID, 10)
	}
	return s.cfg.HomeURL + "/product/" + p.Slug + "/"
}

// onSale says whether a product, or a variation of it, has a sale price.
func (p *Product) onSale() bool {
	for i := range p.Variations {
		if p.Variations[i].sale() != "" {
			return true
		}
	}
	return p.sale() != ""
}

// product writes the 70 fields of a product.
func (w *writer) product(s *Server, c *call, p *Product) {
	zone := s.cfg.Location
	price := p.Price()
	stock := p.Stock()
	w.obj("")
	w.num("id", p.ID)
	w.str("name", p.Name)
	w.str("slug", p.Slug)
	w.str("permalink", s.permalink(p))
	w.dates("date_created", p.CreatedAt, zone)
	w.dates("date_modified", p.ModifiedAt, zone)
	w.str("type", p.Type)
	w.str("status", p.Status)
	w.flag("featured", p.Featured)
	w.str("catalog_visibility", p.CatalogVisibility)
	w.str("description", p.Description)
	w.str("short_description", p.ShortDescription)
	w.str("sku", p.SKU)
	w.str("price", price)
	w.str("regular_price", p.RegularPrice)
	w.str("sale_price", p.SalePrice)
	w.dates("date_on_sale_from", p.SaleFrom, zone)
	w.dates("date_on_sale_to", p.SaleTo, zone)
	w.flag("on_sale", p.onSale())
	w.flag("purchasable", price != "" && p.Status == "publish" && p.Type != "external" && p.Type != "grouped")
	w.num("total_sales", int64(p.TotalSales))
	w.flag("virtual", p.Virtual)
	w.flag("downloadable", p.Downloadable)
	w.raw("downloads", "[]")
	w.raw("download_limit", "-1")
	w.raw("download_expiry", "-1")
	w.str("external_url", p.ExternalURL)
	w.str("button_text", p.ButtonText)
	w.str("tax_status", p.TaxStatus)
	w.str("tax_class", p.TaxClass)
	w.flag("manage_stock", p.ManageStock)
	w.stock(p.ManageStock, p.StockQuantity)
	w.backorders(p.Backorders, stock)
	if p.LowStock != nil {
		w.num("low_stock_amount", int64(*p.LowStock))
	} else {
		w.null("low_stock_amount")
	}
	w.flag("sold_individually", p.SoldIndividually)
	w.str("weight", p.Weight)
	w.dimensions(p.Dimensions)
	w.flag("shipping_required", !p.Virtual)
	w.flag("shipping_taxable", !p.Virtual)
	w.str("shipping_class", "")
	w.num("shipping_class_id", 0)
	w.flag("reviews_allowed", p.ReviewsAllowed)
	w.str("average_rating", "0.00")
	w.num("rating_count", 0)
	w.ids("upsell_ids", p.UpsellIDs)
	w.ids("cross_sell_ids", p.CrossSellIDs)
	w.num("parent_id", 0)
	w.str("purchase_note", p.PurchaseNote)
	w.terms("categories", p.Categories)
	w.terms("brands", p.Brands)
	w.terms("tags", p.Tags)
	w.arr("images")
	for i := range p.Images {
		w.image("", s, &p.Images[i])
	}
	w.endArr()
	w.attributes(p.Attributes)
	w.choices("default_attributes", p.Defaults, false)
	w.arr("variations")
	high := price
	for i := range p.Variations {
		v := &p.Variations[i]
		if v.Status == "trash" || p.Type != "variable" {
			continue
		}
		w.num("", v.ID)
		if at := v.price(); at != "" && lessDecimal(high, at) {
			high = at
		}
	}
	w.endArr()
	w.ids("grouped_products", p.GroupedIDs)
	w.num("menu_order", int64(p.MenuOrder))
	was := ""
	if p.SalePrice != "" {
		was = p.RegularPrice
	}
	w.str("price_html", s.priceHTML(price, high, was))
	w.ids("related_ids", s.related())
	w.metas("meta_data", p.Meta, c)
	w.str("stock_status", stock)
	w.flag("has_options", len(p.Variations) > 0)
	w.str("post_password", "")
	w.str("global_unique_id", p.GlobalUniqueID)
	w.selfLinks(s, "/products", p.ID, allowAll)
	w.end()
	w.end()
}

// related are the products shown beside any other: the first ones.
func (s *Server) related() []int64 {
	out := make([]int64, 0, 5)
	for i := range min(5, s.cfg.Products) {
		out = append(out, s.productID(i))
	}
	return out
}

func (w *writer) stock(managed bool, quantity int) {
	if managed {
		w.num("stock_quantity", int64(quantity))
	} else {
		w.null("stock_quantity")
	}
}

func (w *writer) backorders(mode, stock string) {
	w.str("backorders", mode)
	w.flag("backorders_allowed", mode != "no")
	w.flag("backordered", stock == "onbackorder")
}

func (w *writer) attributes(list []Attribute) {
	w.arr("attributes")
	for _, a := range list {
		w.obj("")
		w.num("id", a.ID)
		w.str("name", a.Name)
		w.str("slug", a.Slug)
		w.num("position", int64(a.Position))
		w.flag("visible", a.Visible)
		w.flag("variation", a.Variation)
		w.texts("options", a.Options)
		w.end()
	}
	w.endArr()
}

func variationLink(p *Product, v *Variation) string {
	var b strings.Builder
	for i, c := range v.Choices {
		fmt.Fprintf(&b, "%cattribute_%s=%s", "?&"[min(i, 1)], urlEncode(c.Slug), urlEncode(strings.ToLower(c.Option)))
	}
	return b.String()
}
