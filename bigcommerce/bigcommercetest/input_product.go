package bigcommercetest

import (
	"encoding/json"
	"slices"
	"time"
)

var productRules = rules(`
	name text 1 250
	type word physical digital
	sku text 0 255
	description text
	weight amount 0 9999999999
	width amount 0 9999999999
	depth amount 0 9999999999
	height amount 0 9999999999
	price amount
	cost_price amount
	retail_price amount
	sale_price amount
	map_price number
	tax_class_id int 0 255
	product_tax_code text 0 255
	categories ids
	brand_id int 0 1000000000
	brand_name text
	inventory_level int
	inventory_warning_level int 0 2147483647
	inventory_tracking word none product variant
	fixed_cost_shipping_price amount
	is_free_shipping flag
	is_visible flag
	is_featured flag
	related_products ids
	warranty text 0 65535
	bin_picking_number text 0 255
	layout_file text 0 500
	upc text 0 14
	mpn text
	gtin text 0 14
	search_keywords text 0 65535
	availability word available disabled preorder
	availability_description text 0 255
	gift_wrapping_options_type word any none list
	gift_wrapping_options_list ids
	sort_order int -2147483648 2147483647
	condition word New Used Refurbished
	is_condition_shown flag
	order_quantity_minimum int 0 1000000000
	order_quantity_maximum int 0 1000000000
	page_title text 0 255
	meta_keywords texts
	meta_description text 0 65535
	view_count int 0 1000000000
	preorder_release_date date?
	preorder_message text 0 255
	is_preorder_only flag
	is_price_hidden flag
	price_hidden_label text 0 200
	custom_url object
	open_graph_type word product album book drink food game movie song tv_show
	open_graph_title text
	open_graph_description text
	open_graph_use_meta_description flag
	open_graph_use_product_name flag
	open_graph_use_image flag
	custom_fields list
	bulk_pricing_rules list
	images list
	videos list`)

// productDefaults are the members that this server only keeps and sends.
var productDefaults = map[string]string{
	"width": "0", "depth": "0", "height": "0", "map_price": "0", "tax_class_id": "0", "product_tax_code": `""`,
	"fixed_cost_shipping_price": "0", "related_products": "[-1]", "warranty": `""`, "bin_picking_number": `""`,
	"layout_file": `"product.html"`, "availability_description": `""`, "gift_wrapping_options_type": `"any"`,
	"gift_wrapping_options_list": "[]", "is_condition_shown": "false", "order_quantity_minimum": "0", "order_quantity_maximum": "0",
	"page_title": `""`, "meta_description": `""`, "view_count": "10", "preorder_message": `""`, "is_preorder_only": "false",
	"is_price_hidden": "false", "price_hidden_label": `""`, "open_graph_type": `"product"`, "open_graph_title": `""`,
	"open_graph_description": `""`, "open_graph_use_meta_description": "true", "open_graph_use_product_name": "true", "open_graph_use_image": "true",
}

// other writes a member that is kept as it came, or its default.
func (w *writer) other(kept map[string]json.RawMessage, defaults map[string]string, name string) {
	if raw, ok := kept[name]; ok {
		w.raw(name, string(raw))
		return
	}
	w.raw(name, defaults[name])
}

// fill copies the members that are there, which follow their rules. Stock and
// the address in the shop are not among them: they may fail on their own.
func (p *Product) fill(in input) {
	in.set(map[string]*string{"name": &p.Name, "type": &p.Type, "sku": &p.SKU, "description": &p.Description,
		"inventory_tracking": &p.Tracking, "availability": &p.Availability, "upc": &p.UPC, "mpn": &p.MPN, "gtin": &p.GTIN,
		"condition": &p.Condition, "search_keywords": &p.Keywords})
	for name, to := range map[string]*string{"price": &p.Price, "cost_price": &p.CostPrice, "retail_price": &p.RetailPrice,
		"sale_price": &p.SalePrice, "weight": &p.Weight} {
		in.amount(name, to)
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
	if list := in.ids("categories"); in.has("categories") && !slices.Equal(list, p.Categories) { // the list replaces
		p.Categories = list
	}
	if list := in.texts("meta_keywords"); in.has("meta_keywords") && !slices.Equal(list, p.MetaKeywords) {
		p.MetaKeywords = list
	}
	if _, ok := in["preorder_release_date"]; ok {
		at, _ := time.Parse(time.RFC3339, in.text("preorder_release_date")) // none when null
		p.PreorderAt = at.UTC()
	}
	p.Other = in.keep(p.Other, productDefaults)
	if p.Simple() && len(p.Variants) == 1 {
		v := &p.Variants[0]
		v.SKU, v.UPC, v.MPN, v.GTIN = p.SKU, p.UPC, p.MPN, p.GTIN
	}
}

// fillParts changes the parts of a product that have an id and adds the others;
// those that are not named stay. New parts get their ids from fresh.
func (p *Product) fillParts(in input, fresh func() int64, now time.Time) {
	for _, part := range in.list("custom_fields") {
		id, _ := part.integer("id")
		i := slices.IndexFunc(p.CustomFields, func(f CustomField) bool { return f.ID == id })
		if i < 0 {
			i = len(p.CustomFields)
			p.CustomFields = append(p.CustomFields, CustomField{ID: fresh()})
		}
		part.set(map[string]*string{"name": &p.CustomFields[i].Name, "value": &p.CustomFields[i].Value})
	}
	for _, part := range in.list("images") {
		id, _ := part.integer("id")
		i := slices.IndexFunc(p.Images, func(m Image) bool { return m.ID == id })
		if i < 0 {
			i = len(p.Images)
			p.Images = append(p.Images, Image{ID: fresh(), SortOrder: i, Thumbnail: i == 0})
		}
		p.fillImage(i, part, now)
	}
}

// fillImage changes an image; one that becomes the thumbnail takes that from
// the others.
func (p *Product) fillImage(i int, in input, now time.Time) {
	m := &p.Images[i]
	before := *m
	in.set(map[string]*string{"description": &m.Description})
	if u := in.text("image_url"); u != "" {
		m.File = imageFile(u, m.ID)
	}
	if n, ok := in.integer("sort_order"); ok {
		m.SortOrder = int(n)
	}
	if in.flag("is_thumbnail") {
		for k := range p.Images {
			p.Images[k].Thumbnail = k == i
		}
	}
	if *m != before {
		m.ModifiedAt = now
	}
}

// setStock is what the catalog does with inventory_level: it sets the default
// location, although what it sends is the sum of all. Where the product is
// tracked another way the member does nothing. More than the greatest number
// becomes that.
func (p *Product) setStock(in input) {
	if n, ok := in.integer("inventory_level"); ok && p.Tracking == "product" {
		atDefault(&p.Levels, n)
	}
}

// maxOnHand is the most a location holds of an item.
const maxOnHand = 1<<31 - 1

// atDefault sets the stock of the default location.
func atDefault(levels *[]Level, n int64) { levelAt(levels, 1).OnHand = int(min(n, maxOnHand)) }
