package sallatest

import (
	"cmp"
	"strconv"
)

func (s *Store) domain() string {
	return "https://salla.sa/dev-" + strconv.FormatInt(s.cfg.MerchantID, 36)
}

// absent writes an empty value in one of the forms given, by record.
func (w *writer) absent(k string, index int, forms ...string) {
	w.raw(k, forms[index%len(forms)])
}

func (p *Product) url(s *Store) string { return s.domain() + "/p" + strconv.FormatInt(p.ID, 10) }

// salePrice writes a sale price; without one it is 0 or an empty object.
func (w *writer) salePrice(k string, index int, amount, currency string) {
	switch {
	case amount != "":
		w.money(k, amount, currency)
	case index%3 == 2:
		w.raw(k, "{}")
	default:
		w.money(k, "0", currency)
	}
}

func (w *writer) quantity(k string, index, n int, unlimited bool) {
	switch {
	case unlimited:
		w.null(k)
	case index%3 == 1:
		w.str(k, strconv.Itoa(n))
	default:
		w.num(k, n)
	}
}

func (w *writer) product(k string, s *Store, p *Product, english bool) {
	w.obj(k)
	w.productFields(s, p, english)
	w.end()
}

func (w *writer) productFields(s *Store, p *Product, english bool) {
	name, url := text(p.Name, p.NameEN, english), p.url(s)
	w.id("id", p.ID)
	w.obj("promotion")
	if p.Promotion != "" || p.Subtitle != "" {
		w.strOrNull("title", p.Promotion)
		w.strOrNull("sub_title", p.Subtitle)
	} else if p.index%2 == 0 {
		w.str("title", "رمضان 🌙")
		w.str("sub_title", "عروض")
	} else {
		w.null("title")
		w.null("sub_title")
	}
	w.end()
	w.str("sku", p.SKU)
	thumb := "https://cdn.salla.sa/placeholder.png"
	if len(p.Images) > 0 {
		thumb = p.Images[0].URL
	}
	w.str("thumbnail", thumb)
	w.strOrNull("mpn", p.MPN)
	w.strOrNull("gtin", p.GTIN)
	w.str("type", p.Type)
	w.str("name", name)
	w.str("short_link_code", "s"+strconv.FormatInt(p.ID, 36))
	w.urls(url, "https://s.salla.sa/products/"+strconv.FormatInt(p.ID, 10))
	price, tax := toCents(p.Price), int64(0)
	if p.WithTax {
		tax = price * 15 / 100
	}
	if p.index%17 == 9 {
		w.moneyText("price", p.Price, p.Currency)
	} else {
		w.money("price", p.Price, p.Currency)
	}
	w.money("taxed_price", cents(price+tax), p.Currency)
	w.money("pre_tax_price", p.Price, p.Currency)
	w.money("tax", cents(tax), p.Currency)
	w.str("description", p.Description)
	w.quantity("quantity", p.index, p.Quantity, p.Unlimited)
	w.str("status", p.Status)
	w.flag("is_available", p.Status == "sale")
	w.num("views", p.index%70)
	w.salePrice("sale_price", p.index, p.SalePrice, p.Currency)
	if p.SaleEnd != "" {
		w.str("sale_end", p.SaleEnd)
	} else if p.SalePrice != "" {
		w.plainDate("sale_end", s.cfg.Epoch.AddDate(0, 1, 0))
	} else {
		w.absent("sale_end", p.index, "{}", "null")
	}
	w.flag("require_shipping", p.Weight != "0")
	w.strOrNull("cost_price", p.CostPrice)
	w.amount("weight", p.Weight)
	w.strOrNull("weight_type", p.WeightType)
	w.flag("with_tax", p.WithTax)
	w.str("url", url)
	if len(p.Images) > 0 {
		w.str("main_image", thumb)
	} else {
		w.null("main_image")
	}
	w.images(p.Images)
	w.num("sold_quantity", p.Sold)
	w.raw("rating", `{"total":0,"count":0,"rate":0}`)
	w.money("regular_price", p.RegularPrice, p.Currency)
	w.num("max_items_per_user", 0)
	w.absent("maximum_quantity_per_order", p.index, "10", "null")
	w.flag("show_in_app", true)
	w.absent("notify_quantity", p.index, `"10"`, "null", "10")
	w.flag("hide_quantity", false)
	w.flag("unlimited_quantity", p.Unlimited)
	w.flag("managed_by_branches", len(s.branches) > 1 && p.index%2 == 0)
	w.absent("calories", p.index, `"350"`, "null")
	w.flag("customized_sku_quantity", len(p.Variants) > 0)
	w.texts("channels", p.Channels)
	w.obj("metadata")
	w.str("title", cmp.Or(p.MetaTitle, name))
	w.str("description", p.MetaText)
	w.str("url", url)
	w.end()
	w.flag("is_pinned", false)
	w.plainDate("pinned_date", p.UpdatedAt)
	w.num("sort", 0)
	w.plainDate("updated_at", p.UpdatedAt)
	w.options(p)
	w.arr("skus")
	for i := range p.Variants {
		w.variant("", p, &p.Variants[i])
	}
	w.endArr()
	w.arr("categories")
	for i, c := range p.Categories {
		w.obj("")
		w.id("id", c.ID)
		w.str("name", c.Name)
		w.num("parent_id", 0)
		w.str("status", "active")
		w.num("sort_order", i)
		w.date("update_at", s.cfg.Epoch)
		w.end()
	}
	w.endArr()
	if p.Brand != nil {
		w.obj("brand")
		w.id("id", p.Brand.ID)
		w.str("name", p.Brand.Name)
		w.str("description", "")
		w.end()
	} else {
		w.absent("brand", p.index/3, "{}", "null", "[]")
	}
	w.refs("tags", p.Tags)
}

func (w *writer) urls(customer, admin string) {
	w.obj("urls")
	w.str("customer", customer)
	w.str("admin", admin)
	w.end()
}

func (w *writer) refs(k string, list []Ref) {
	w.arr(k)
	for _, t := range list {
		w.ref("", t)
	}
	w.endArr()
}

func (w *writer) ref(k string, t Ref) {
	w.obj(k)
	w.id("id", t.ID)
	w.str("name", t.Name)
	w.end()
}

func (w *writer) images(list []Image) {
	w.arr("images")
	for _, m := range list {
		w.obj("")
		w.id("id", m.ID)
		w.str("url", m.URL)
		w.flag("main", m.Main)
		w.str("three_d_image_url", "")
		w.str("alt", m.Alt)
		w.str("video_url", m.VideoURL)
		w.str("type", m.Type)
		w.num("sort", m.Sort)
		w.end()
	}
	w.endArr()
}

func (w *writer) options(p *Product) {
	w.arr("options")
	for i := range p.Options {
		w.obj("")
		w.option(p, &p.Options[i])
		w.end()
	}
	w.endArr()
}

func (w *writer) option(p *Product, o *Option) {
	w.id("id", o.ID)
	w.str("name", o.Name)
	w.str("type", o.Type)
	w.flag("required", true)
	w.str("display_type", "text")
	w.arr("values")
	for i := range o.Values {
		w.optionValue("", p, o, &o.Values[i])
	}
	w.endArr()
}

func (w *writer) optionValue(k string, p *Product, o *Option, v *OptionValue) {
	w.obj(k)
	w.id("id", v.ID)
	w.str("name", v.Name)
	w.money("price", v.Price, p.Currency)
	w.str("display_value", v.Name)
	w.str("hashed_display_value", "")
	w.str("image_url", "")
	w.id("option_id", o.ID)
	w.flag("is_default", v.Default)
	w.flag("is_out_of_stock", false)
	w.end()
}

// changedOption writes an option with the variants of its product.
func (w *writer) changedOption(k string, p *Product, o *Option) {
	w.obj(k)
	w.option(p, o)
	w.strOrNull("description", o.Description)
	w.num("associated_with_order_time", 0)
	w.num("sort", 0)
	w.str("visibility", "always")
	w.arr("skus")
	for i := range p.Variants {
		w.variant("", p, &p.Variants[i])
	}
	w.endArr()
	w.end()
}

// variant writes a sku: the rows of the variants endpoint and of a product's
// skus carry the same names.
func (w *writer) variant(k string, p *Product, v *Variant) {
	w.obj(k)
	w.id("id", v.ID)
	w.money("price", v.Price, p.Currency)
	w.money("regular_price", v.RegularPrice, p.Currency)
	w.money("cost_price", v.CostPrice, p.Currency)
	if v.SalePrice != "" {
		w.money("sale_price", v.SalePrice, p.Currency)
	} else {
		w.absent("sale_price", p.index, "{}", "null", `{"amount":0,"currency":"SAR"}`)
	}
	w.flag("has_special_price", v.SalePrice != "")
	w.quantity("stock_quantity", p.index, v.Quantity, v.Unlimited)
	w.flag("unlimited_quantity", v.Unlimited)
	w.str("notify_low", "13")
	w.str("barcode", v.Barcode)
	w.str("sku", v.SKU)
	w.strOrNull("mpn", cmp.Or(v.MPN, p.MPN))
	w.strOrNull("gtin", cmp.Or(v.GTIN, p.GTIN))
	w.ids("related_options", v.Options)
	w.ids("related_option_values", v.Values)
	w.amount("weight", v.Weight)
	w.str("weight_type", p.WeightType)
	w.str("weight_label", arabicDigits.Replace(v.Weight)+" كجم")
	w.flag("is_user_subscribed_to_sku", false)
	w.flag("is_default", false)
	w.end()
}
