package bigcommercetest

import (
	"slices"
	"strconv"
)

// productIncludes are the sub-resources a product can be asked with.
var productIncludes = []string{"variants", "images", "custom_fields", "options", "modifiers", "primary_image",
	"channels", "bulk_pricing_rules", "videos", "reviews", "parent_relations"}

// product writes a product with the sub-resources of include.
func (w *writer) product(k string, s *Store, p *Product, include []string) {
	kept := func(name string) { w.other(p.Other, productDefaults, name) }
	w.obj(k)
	w.id("id", p.ID)
	w.str("name", p.Name)
	w.str("type", p.Type)
	w.str("sku", p.SKU)
	w.str("description", p.Description)
	w.amount("weight", p.Weight)
	kept("width")
	kept("depth")
	kept("height")
	w.amount("price", p.Price)
	w.amount("cost_price", p.CostPrice)
	w.amount("retail_price", p.RetailPrice)
	w.amount("sale_price", p.SalePrice)
	kept("map_price")
	kept("tax_class_id")
	kept("product_tax_code")
	w.amount("calculated_price", p.calculated())
	w.ids("categories", p.Categories)
	w.id("brand_id", p.BrandID)
	if p.Simple() {
		w.null("option_set_id")
	} else {
		w.id("option_set_id", p.ID%1000)
	}
	w.str("option_set_display", "right")
	w.num("inventory_level", p.InventoryLevel())
	w.num("inventory_warning_level", p.WarningLevel)
	w.str("inventory_tracking", p.Tracking)
	w.num("reviews_rating_sum", 0)
	w.num("reviews_count", 0)
	w.num("total_sold", p.TotalSold)
	kept("fixed_cost_shipping_price")
	w.flag("is_free_shipping", p.FreeShipping)
	w.flag("is_visible", p.Visible)
	w.flag("is_featured", p.Featured)
	kept("related_products")
	kept("warranty")
	kept("bin_picking_number")
	kept("layout_file")
	w.str("upc", p.UPC)
	w.str("mpn", p.MPN)
	w.str("gtin", p.GTIN)
	w.null("date_last_imported")
	w.str("search_keywords", p.Keywords)
	w.str("availability", p.Availability)
	kept("availability_description")
	kept("gift_wrapping_options_type")
	kept("gift_wrapping_options_list")
	w.num("sort_order", p.SortOrder)
	w.str("condition", p.Condition)
	kept("is_condition_shown")
	kept("order_quantity_minimum")
	kept("order_quantity_maximum")
	kept("page_title")
	w.texts("meta_keywords", p.MetaKeywords)
	kept("meta_description")
	w.iso("date_created", p.CreatedAt)
	w.iso("date_modified", p.ModifiedAt)
	kept("view_count")
	w.iso("preorder_release_date", p.PreorderAt)
	kept("preorder_message")
	kept("is_preorder_only")
	kept("is_price_hidden")
	kept("price_hidden_label")
	w.obj("custom_url")
	w.str("url", p.URL)
	w.flag("is_customized", false)
	w.end()
	if p.Simple() {
		w.id("base_variant_id", p.Variants[0].ID)
	} else {
		w.null("base_variant_id")
	}
	kept("open_graph_type")
	kept("open_graph_title")
	kept("open_graph_description")
	kept("open_graph_use_meta_description")
	kept("open_graph_use_product_name")
	kept("open_graph_use_image")
	w.productParts(s, p, include)
	w.end()
}

// calculated is what a buyer pays before modifiers and customer groups.
func (p *Product) calculated() string {
	if v, _ := toMoney(p.SalePrice); v != 0 {
		return p.SalePrice
	}
	return p.Price
}

func (w *writer) productParts(s *Store, p *Product, include []string) {
	for _, part := range productIncludes {
		if !slices.Contains(include, part) {
			continue
		}
		switch part {
		case "variants":
			w.arr(part)
			for i := range p.Variants {
				w.variant("", s, p, &p.Variants[i])
			}
			w.endArr()
		case "images":
			w.arr(part)
			for i := range p.Images {
				w.image("", s, p, &p.Images[i])
			}
			w.endArr()
		case "primary_image":
			w.primaryImage(s, p)
		case "custom_fields":
			w.arr(part)
			for _, f := range p.CustomFields {
				w.customField(f)
			}
			w.endArr()
		case "options":
			w.arr(part)
			for i := range p.Options {
				w.option("", p, &p.Options[i], i)
			}
			w.endArr()
		case "modifiers":
			w.arr(part)
			for i := range p.Modifiers {
				w.modifier(p, &p.Modifiers[i], i)
			}
			w.endArr()
		case "channels":
			w.ids(part, p.Channels)
		default: // bulk_pricing_rules, videos, reviews, parent_relations
			w.raw(part, "[]")
		}
	}
}

func (w *writer) customField(f CustomField) {
	w.obj("")
	w.id("id", f.ID)
	w.str("name", f.Name)
	w.str("value", f.Value)
	w.end()
}

func (w *writer) primaryImage(s *Store, p *Product) {
	for i := range p.Images {
		if p.Images[i].Thumbnail {
			w.image("primary_image", s, p, &p.Images[i])
			return
		}
	}
	w.null("primary_image")
}

func (w *writer) image(k string, s *Store, p *Product, m *Image) {
	w.obj(k)
	w.id("id", m.ID)
	w.id("product_id", p.ID)
	w.flag("is_thumbnail", m.Thumbnail)
	w.num("sort_order", m.SortOrder)
	w.str("description", m.Description)
	w.str("image_file", m.File)
	for _, size := range []string{"zoom", "standard", "thumbnail", "tiny"} {
		w.str("url_"+size, "https://cdn11.bigcommerce.com/s-"+s.cfg.StoreHash+"/products/"+strconv.FormatInt(p.ID, 10)+
			"/images/"+strconv.FormatInt(m.ID, 10)+"/"+m.File+"?c=1&size="+size)
	}
	w.iso("date_modified", m.ModifiedAt)
	w.end()
}

func (w *writer) option(k string, p *Product, o *Option, at int) {
	w.obj(k)
	w.id("id", o.ID)
	w.id("product_id", p.ID)
	w.str("name", o.Name+strconv.FormatInt(p.ID, 10))
	w.str("display_name", o.Name)
	w.str("type", o.Type)
	w.num("sort_order", at)
	w.arr("option_values")
	for i := range o.Values {
		w.optionValue("", o, i)
	}
	w.endArr()
	w.raw("config", "[]") // PHP's empty map is an array
	w.end()
}

func (w *writer) optionValue(k string, o *Option, i int) {
	v := &o.Values[i]
	w.obj(k)
	w.id("id", v.ID)
	w.str("label", v.Label)
	w.num("sort_order", i)
	w.raw("value_data", [2]string{"null", `{"colors":["#123C91"]}`}[btoi(o.Type == "swatch")])
	w.flag("is_default", v.Default)
	w.end()
}

func (w *writer) modifier(p *Product, m *Modifier, at int) {
	w.obj("")
	w.id("id", m.ID)
	w.id("product_id", p.ID)
	w.str("name", m.Name+strconv.FormatInt(p.ID, 10))
	w.str("display_name", m.Name)
	w.str("type", m.Type)
	w.flag("required", m.Required)
	w.num("sort_order", at)
	w.raw("config", `{"default_value":""}`)
	w.raw("option_values", "[]")
	w.end()
}

// variant writes a variant; amounts it inherits are null.
func (w *writer) variant(k string, s *Store, p *Product, v *Variant) {
	kept := func(name string) { w.other(v.Other, variantDefaults, name) }
	w.obj(k)
	w.id("id", v.ID)
	w.id("product_id", p.ID)
	w.str("sku", v.SKU)
	w.idOrNull("sku_id", v.SKUID)
	w.amount("price", v.Price)
	price := p.calculated()
	switch sale, _ := toMoney(v.SalePrice); {
	case sale != 0:
		price = v.SalePrice
	case v.Price != "":
		price = v.Price
	}
	w.amount("calculated_price", price)
	w.amount("sale_price", v.SalePrice)
	w.amount("retail_price", v.RetailPrice)
	w.raw("map_price", [2]string{"null", "{}"}[v.ID%2])
	w.amount("weight", v.Weight)
	weight := v.Weight
	orText(&weight, p.Weight)
	w.amount("calculated_weight", weight)
	kept("width")
	kept("height")
	kept("depth")
	kept("is_free_shipping")
	kept("fixed_cost_shipping_price")
	w.flag("purchasing_disabled", v.PurchasingDisabled)
	kept("purchasing_disabled_message")
	w.str("image_url", v.ImageURL)
	w.amount("cost_price", v.CostPrice)
	w.str("upc", v.UPC)
	w.str("mpn", v.MPN)
	w.str("gtin", v.GTIN)
	level := onHand(v.Levels)
	if p.Simple() { // the base variant shows the product's stock
		level = p.InventoryLevel()
	}
	w.num("inventory_level", level)
	kept("inventory_warning_level")
	kept("bin_picking_number")
	w.arr("option_values")
	for i, id := range v.Values {
		if i >= len(p.Options) {
			break
		}
		o := &p.Options[i]
		at := slices.IndexFunc(o.Values, func(c OptionValue) bool { return c.ID == id })
		if at < 0 {
			continue
		}
		w.obj("")
		w.id("id", id)
		w.str("label", o.Values[at].Label)
		w.id("option_id", o.ID)
		w.str("option_display_name", o.Name)
		w.end()
	}
	w.endArr()
	w.end()
}
