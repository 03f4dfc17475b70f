package magentotest

import (
	"maps"
	"slices"
	"strconv"
)

// product writes a product as the view of the call sees it. stock_item is in
// single reads alone.
func (c *call) product(w *writer, p *Product, single bool) {
	view := c.view.code
	w.obj("")
	w.int("id", p.ID)
	w.str("sku", p.SKU)
	w.str("name", p.scoped(view, "name", p.Name))
	w.int("attribute_set_id", int64(p.AttributeSetID))
	w.optNum("price", p.scoped(view, "price", p.Price))
	w.raw("status", p.scoped(view, "status", strconv.Itoa(p.Status)))
	w.raw("visibility", p.scoped(view, "visibility", strconv.Itoa(p.Visibility)))
	w.str("type_id", p.Type)
	w.time("created_at", p.CreatedAt)
	w.time("updated_at", p.UpdatedAt)
	w.optNum("weight", p.Weight)
	w.obj("extension_attributes")
	w.arr("website_ids")
	for _, id := range p.Websites {
		w.int("", id)
	}
	w.endArr()
	if len(p.Categories) > 0 {
		w.arr("category_links")
		for i, id := range p.Categories {
			w.obj("")
			w.int("position", int64(i))
			w.str("category_id", strconv.FormatInt(id, 10))
			w.end()
		}
		w.endArr()
	}
	if single {
		c.stockItem(w, "stock_item", p)
	}
	switch p.Type {
	case TypeConfigurable:
		w.arr("configurable_product_options")
		for i := range p.Options {
			w.option(p, &p.Options[i])
		}
		w.endArr()
		w.arr("configurable_product_links")
		for _, id := range p.Children {
			if c.server.products.get(id) != nil {
				w.int("", id)
			}
		}
		w.endArr()
	case TypeBundle:
		w.arr("bundle_product_options")
		for i := range p.Bundle {
			w.bundleOption(p, &p.Bundle[i])
		}
		w.endArr()
	case TypeDownloadable:
		w.arr("downloadable_product_links")
		w.endArr()
		w.arr("downloadable_product_samples")
		w.endArr()
	}
	w.end()
	w.arr("product_links")
	for _, l := range p.Links {
		w.obj("")
		w.str("sku", p.SKU)
		w.str("link_type", l.Type)
		w.str("linked_product_sku", l.SKU)
		w.str("linked_product_type", l.LinkedType)
		w.int("position", int64(l.Position))
		w.end()
	}
	w.endArr()
	w.arr("options")
	for _, o := range p.CustomOptions {
		w.obj("")
		w.str("product_sku", p.SKU)
		w.int("option_id", o.ID)
		w.str("title", o.Title)
		w.str("type", o.Type)
		w.int("sort_order", 1)
		w.flag("is_require", false)
		w.num("price", o.Price)
		w.str("price_type", "fixed")
		w.int("max_characters", 40)
		w.end()
	}
	w.endArr()
	w.arr("media_gallery_entries")
	for i := range p.Media {
		w.media(&p.Media[i])
	}
	w.endArr()
	w.arr("tier_prices")
	for _, t := range p.TierPrices {
		w.obj("")
		w.int("customer_group_id", t.GroupID)
		w.num("qty", t.Qty)
		w.num("value", t.Value)
		w.obj("extension_attributes")
		w.int("website_id", 0)
		w.end()
		w.end()
	}
	w.endArr()
	w.customAttributes(p, view)
	w.end()
}

func (w *writer) customAttributes(p *Product, view string) {
	w.arr("custom_attributes")
	for _, a := range p.Attributes {
		w.obj("")
		w.str("attribute_code", a.Code)
		if a.List != nil {
			w.strs("value", a.List)
		} else {
			w.str("value", p.scoped(view, a.Code, a.Value))
		}
		w.end()
	}
	for _, code := range slices.Sorted(maps.Keys(p.Scoped[view])) { // what this view alone has
		if _, own := attributeColumn(code); own && !slices.ContainsFunc(p.Attributes, func(a Attribute) bool { return a.Code == code }) {
			w.obj("")
			w.str("attribute_code", code)
			w.str("value", p.Scoped[view][code])
			w.end()
		}
	}
	w.endArr()
}

// child writes a variant as the list of variants does: less of it.
func (c *call) child(w *writer, p *Product) {
	view := c.view.code
	w.obj("")
	w.int("id", p.ID)
	w.str("sku", p.SKU)
	w.str("name", p.scoped(view, "name", p.Name))
	w.int("attribute_set_id", int64(p.AttributeSetID))
	w.optNum("price", p.Price)
	w.int("status", int64(p.Status))
	w.int("visibility", int64(p.Visibility))
	w.str("type_id", p.Type)
	w.time("created_at", p.CreatedAt)
	w.time("updated_at", p.UpdatedAt)
	w.optNum("weight", p.Weight)
	w.arr("product_links")
	w.endArr()
	w.arr("tier_prices")
	w.endArr()
	w.customAttributes(p, view)
	w.end()
}

func (w *writer) media(m *Media) {
	w.obj("")
	w.int("id", m.ID)
	w.str("media_type", m.Type)
	w.nullable("label", m.Label)
	w.int("position", int64(m.Position))
	w.flag("disabled", m.Disabled)
	w.strs("types", m.Types)
	w.str("file", m.File)
	if m.Type == "external-video" {
		w.obj("extension_attributes")
		w.obj("video_content")
		w.str("media_type", m.Type)
		w.str("video_provider", "")
		w.str("video_url", "https://www.youtube.com/watch?v="+strconv.FormatInt(m.ID, 10))
		w.str("video_title", m.Label)
		w.str("video_description", "")
		w.str("video_metadata", "")
		w.end()
		w.end()
	}
	w.end()
}

func (w *writer) option(p *Product, o *Option) {
	w.obj("")
	w.int("id", o.ID)
	w.str("attribute_id", strconv.FormatInt(o.AttributeID, 10))
	w.str("label", o.Label)
	w.int("position", int64(o.Position))
	w.arr("values")
	for _, v := range o.Values {
		w.obj("")
		w.int("value_index", v)
		w.end()
	}
	w.endArr()
	w.int("product_id", p.ID)
	w.end()
}

func (w *writer) bundleOption(p *Product, o *BundleOption) {
	w.obj("")
	w.int("option_id", o.ID)
	w.str("title", o.Title)
	w.flag("required", o.Required)
	w.str("type", "select")
	w.int("position", 1)
	w.str("sku", p.SKU)
	w.arr("product_links")
	for n := range o.Links {
		w.bundleLink(o, n)
	}
	w.endArr()
	w.end()
}

func (w *writer) bundleLink(o *BundleOption, n int) {
	l := &o.Links[n]
	w.obj("")
	w.str("id", strconv.FormatInt(l.ID, 10))
	w.str("sku", l.SKU)
	w.int("option_id", o.ID)
	w.num("qty", l.Qty)
	w.int("position", int64(n+1))
	w.flag("is_default", n == 0)
	w.int("price", 0)
	w.int("price_type", 0)
	w.int("can_change_quantity", 0)
	w.end()
}

// stockItem writes the old kind of stock, which reflects the default source.
func (c *call) stockItem(w *writer, k string, p *Product) {
	s := c.server
	qty, in := "0", false
	for _, it := range s.stock.of(p, s.seedIndexOf(p.ID)) {
		if it.Source == "default" {
			qty, in = it.Quantity, it.Status == 1
		}
	}
	if !hasStock(p.Type) {
		in = true
	}
	w.obj(k)
	w.int("item_id", stockItemID(p))
	w.int("product_id", p.ID)
	w.int("stock_id", 1)
	w.num("qty", qty)
	w.flag("is_in_stock", in)
	w.flag("is_qty_decimal", false)
	w.flag("show_default_notification_message", false)
	w.flag("use_config_min_qty", true)
	w.int("min_qty", 0)
	w.int("use_config_min_sale_qty", 1)
	w.int("min_sale_qty", 1)
	w.flag("use_config_max_sale_qty", true)
	w.int("max_sale_qty", 10000)
	w.flag("use_config_backorders", true)
	w.int("backorders", 0)
	w.flag("use_config_notify_stock_qty", true)
	w.int("notify_stock_qty", 1)
	w.flag("use_config_qty_increments", true)
	w.int("qty_increments", 0)
	w.flag("use_config_enable_qty_inc", true)
	w.flag("enable_qty_increments", false)
	w.flag("use_config_manage_stock", !p.Unmanaged)
	w.flag("manage_stock", !p.Unmanaged)
	w.raw("low_stock_date", "null")
	w.flag("is_decimal_divided", false)
	w.int("stock_status_changed_auto", 0)
	w.end()
}

func stockItemID(p *Product) int64 { return p.ID }
