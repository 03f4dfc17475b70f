package bigcommercetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

var variantRules = rules(`
	sku text 0 255
	price amount?
	cost_price amount?
	sale_price amount?
	retail_price amount?
	map_price number?
	weight amount?
	width amount?
	height amount?
	depth amount?
	is_free_shipping flag
	fixed_cost_shipping_price amount?
	purchasing_disabled flag
	purchasing_disabled_message text 0 255
	upc text 0 14
	mpn text
	gtin text 0 14
	image_url text
	inventory_level int?
	inventory_warning_level int?
	bin_picking_number text? 0 255
	option_values list`)

const readOnlyVariant = "id product_id sku_id calculated_price calculated_weight "

// variantDefaults are the members that this server only keeps and sends.
var variantDefaults = map[string]string{
	"width": "null", "height": "null", "depth": "null", "is_free_shipping": "false", "fixed_cost_shipping_price": "null",
	"purchasing_disabled_message": `""`, "inventory_warning_level": "0", "bin_picking_number": `""`,
}

// fill copies the members that are there, which follow their rules. Stock is
// not among them.
func (v *Variant) fill(in input) {
	in.set(map[string]*string{"sku": &v.SKU, "upc": &v.UPC, "mpn": &v.MPN, "gtin": &v.GTIN, "image_url": &v.ImageURL})
	for name, to := range map[string]*string{"price": &v.Price, "cost_price": &v.CostPrice, "sale_price": &v.SalePrice,
		"retail_price": &v.RetailPrice, "weight": &v.Weight} {
		in.amount(name, to)
	}
	if in.has("purchasing_disabled") {
		v.PurchasingDisabled = in.flag("purchasing_disabled")
	}
	v.Other = in.keep(v.Other, variantDefaults)
}

// setStock is what the catalog does with a variant's inventory_level, see
// Product.setStock. The base variant's is the product's.
func (v *Variant) setStock(in input, p *Product) {
	n, ok := in.integer("inventory_level")
	switch {
	case !ok || n < 0:
	case p.Tracking == "variant":
		atDefault(&v.Levels, n)
	case p.Tracking == "product" && p.Simple():
		atDefault(&p.Levels, n)
	}
}

// complaint is a V3 error about one input.
type complaint struct {
	status, code int
	title        string
	fields       map[string]string
}

// complain writes a complaint as V3 has it.
func (w *writer) complain(k string, bad *complaint) {
	if bad.code == 0 {
		w.problem(k, bad.status, bad.title, bad.fields)
		return
	}
	fields, _ := json.Marshal(bad.fields) // texts marshal
	w.obj(k)
	w.num("status", bad.status)
	w.num("code", bad.code)
	w.str("title", bad.title)
	w.str("type", errorType)
	w.raw("errors", string(fields))
	w.end()
}

func (c *call) refuse(bad *complaint) {
	c.answer(bad.status, func(w *writer) { w.complain("", bad) })
}

func conflicting(title, field string) *complaint {
	return &complaint{status: http.StatusConflict, title: title, fields: map[string]string{field: title}}
}

func unprocessable(title, field, why string) *complaint {
	return &complaint{status: http.StatusUnprocessableEntity, title: title, fields: map[string]string{field: why}}
}

// wrongVariant says what is wrong with an input for a variant; id is 0 for a
// new one, which needs a SKU.
func (c *call) wrongVariant(p *Product, id int64, in input) *complaint {
	fields := in.wrong(variantRules)
	switch {
	case in.has("sku") && in.text("sku") == "" && fields["sku"] == "", !in.has("sku") && id == 0:
		return &complaint{http.StatusUnprocessableEntity, 22004, "Variant sku cannot be empty", map[string]string{"sku": "Variant sku cannot be empty"}}
	case len(fields) > 0:
		return &complaint{status: http.StatusUnprocessableEntity, title: msgBadJSON, fields: fields}
	case in.has("sku") && c.skuTaken(in.text("sku"), ownSKU(p, id), id):
		return conflicting("Sku "+in.text("sku")+" is not unique", "sku")
	}
	return nil
}

// ownSKU is the product whose SKU a variant may share: its own, where it is the
// base variant.
func ownSKU(p *Product, variant int64) int64 {
	if p.Simple() && variant != 0 {
		return p.ID
	}
	return 0
}

// chosen finds the values a new variant is made of: one of each option, and no
// other variant of the same.
func (p *Product) chosen(in input) ([]int64, *complaint) {
	list := in.list("option_values")
	if len(list) == 0 || len(list) != len(p.Options) {
		return nil, unprocessable("Missing Required Fields", "option_values", fmt.Sprintf("The product has %d options", len(p.Options)))
	}
	values := make([]int64, len(p.Options))
	for _, val := range list {
		id, _ := val.integer("id")
		option, hasOption := val.integer("option_id")
		at := slices.IndexFunc(p.Options, func(o Option) bool {
			return (!hasOption || o.ID == option) && slices.ContainsFunc(o.Values, func(v OptionValue) bool { return v.ID == id })
		})
		if at < 0 || values[at] != 0 {
			return nil, unprocessable("The option value is not of this product", "option_values", "unknown id "+val.text("id"))
		}
		values[at] = id
	}
	if slices.ContainsFunc(p.Variants, func(v Variant) bool { return slices.Equal(v.Values, values) }) {
		return nil, conflicting("The product has a variant with these options", "option_values")
	}
	return values, nil
}

// maxVariants is how many SKUs a product may have.
const maxVariants = 600

// newVariants makes options and variants of those sent with a new product;
// false when it has answered what is wrong with one.
func (c *call) newVariants(p *Product, in input) bool {
	list := in.list("variants")
	if len(list) > maxVariants {
		c.invalid("The product has too many variants", "variants", "at most 600")
		return false
	}
	seen := map[string]bool{in.text("sku"): in.text("sku") != ""}
	for _, row := range list {
		c.known(row, readOnlyVariant+names(variantRules))
		bad := c.wrongVariant(p, 0, row)
		if bad == nil && seen[row.text("sku")] {
			bad = conflicting("Sku "+row.text("sku")+" is not unique", "sku")
		}
		if bad == nil {
			bad = p.addVariant(row, in.text("inventory_tracking"))
		}
		if bad != nil {
			c.refuse(bad)
			return false
		}
		seen[row.text("sku")] = true
	}
	return true
}

// addVariant adds a variant of a new product, whose options come by name.
func (p *Product) addVariant(in input, tracking string) *complaint {
	v := Variant{}
	v.fill(in)
	values := in.list("option_values")
	if len(values) == 0 || len(p.Variants) > 0 && len(values) != len(p.Options) {
		return unprocessable("Missing Required Fields", "option_values", "each variant has a value of each option")
	}
	for at, val := range values {
		name, label := val.text("option_display_name"), val.text("label")
		if name == "" || label == "" {
			return unprocessable("Missing Required Fields", "option_values", "option_display_name and label are required")
		}
		if at >= len(p.Options) {
			p.Options = append(p.Options, Option{ID: p.ID*1000 + int64(at)*300, Name: name, Type: "rectangles"})
		}
		o := &p.Options[at]
		if o.Name != name {
			return unprocessable("The variants have different options", "option_values", "expected "+o.Name)
		}
		k := slices.IndexFunc(o.Values, func(c OptionValue) bool { return c.Label == label })
		if k < 0 {
			k = len(o.Values)
			o.Values = append(o.Values, OptionValue{ID: o.ID + 1 + int64(k), Label: label})
		}
		v.Values = append(v.Values, o.Values[k].ID)
	}
	if slices.ContainsFunc(p.Variants, func(o Variant) bool { return slices.Equal(o.Values, v.Values) }) {
		return conflicting("The product has a variant with these options", "option_values")
	}
	if n, ok := in.integer("inventory_level"); ok && n >= 0 && tracking == "variant" {
		atDefault(&v.Levels, n)
	}
	p.Variants = append(p.Variants, v)
	return nil
}
