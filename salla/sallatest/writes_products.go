package sallatest

import (
	"net/http"
	"slices"
	"strings"
)

var (
	productTypes  = []string{"product", "service", "group_products", "codes", "digital", "food", "booking", "donating"}
	productStates = []string{"sale", "out", "hidden"}
	weightUnits   = []string{"kg", "g", "lb", "oz"}
)

// The names a product is written with. Those that Product has no field for are
// taken and do nothing.
const (
	productChange = "name price status quantity booking_details unlimited_quantity description categories min_amount_donating " +
		"max_amount_donating sale_price cost_price sale_end sale_start require_shipping maximum_quantity_per_order weight weight_type " +
		"sku mpn gtin calories with_tax tax_reason_code hide_quantity show_in_web channels enable_upload_image enable_note pinned " +
		"active_advance subtitle promotion_title promotion_subtitle metadata_title metadata_description metadata_url scoped_prices " +
		"brand_id tags"
	productInput = productChange + " product_type images options"
)

const (
	msgSKUTaken = "قيمة حقل sku مُستخدمة من قبل."
	msgNumber   = "يجب على الحقل %s أن يكون رقمًا"
	msgNoValue  = "القيمة المدخلة للحقل %s غير موجودة."
	msgRequired = "حقل %s مطلوب."
)

// complaints are what is wrong with a body, by field.
type complaints map[string][]string

// about adds a complaint whose %s is the field's name.
func (bad complaints) about(field, text string) {
	bad[field] = []string{strings.ReplaceAll(text, "%s", field)}
}

// refused answers 422 when there are complaints.
func (c *call) refused(bad complaints) bool {
	if len(bad) == 0 {
		return false
	}
	c.failWith(http.StatusUnprocessableEntity, `"error"`, msgInvalid, bad)
	return true
}

// createProduct hides a product that has no image and takes one without stock
// off sale, whatever status was asked for, until it has them. With them it is on
// sale unless it was to be hidden.
func createProduct(c *call) {
	in, ok := c.input(productInput)
	if !ok {
		return
	}
	bad := complaints{}
	for _, name := range []string{"name", "price", "product_type"} {
		if !in.has(name) {
			bad.about(name, msgRequired)
		}
	}
	p := &Product{Type: in.text("product_type"), Currency: "SAR", index: -1}
	if in.has("product_type") && !slices.Contains(productTypes, p.Type) {
		bad.about("product_type", msgNoValue)
	}
	in.product(c.store, p, bad)
	for i, img := range in.list("images") {
		p.Images = append(p.Images, Image{URL: img.text("original"), Main: i == 0, Type: "image", Alt: img.text("alt"), Sort: i})
	}
	c.store.ownSKU(p, in, bad)
	list := in.list("options")
	if len(p.Options) == 0 && len(list) > 0 && len(p.combine(list, bad)) > variantRoom {
		bad.about("options", "عدد الخيارات كبير جدا.")
	}
	if c.refused(bad) {
		return
	}
	p.wanted = "sale"
	if p.Status == "hidden" {
		p.wanted = ""
	}
	made := c.store.AddProduct(*p)
	_ = c.store.products.update(made.ID, func(p *Product) {
		for i := range p.Images {
			p.Images[i].ID = p.part()
		}
		for _, o := range list {
			p.addOption(o, complaints{})
		}
		p.spread()
		p.release()
	})
	c.effect(made.ID)
	c.product(http.StatusCreated, c.store.products.get(made.ID))
}

// release gives a new product the status it can have by now.
func (p *Product) release() {
	if p.wanted == "" {
		return
	}
	switch {
	case len(p.Images) == 0:
		p.Status = "hidden"
	case !p.inStock():
		p.Status = "out"
	default:
		p.Status, p.wanted = p.wanted, ""
	}
}

func (p *Product) inStock() bool {
	return p.Unlimited || p.Quantity > 0 || slices.ContainsFunc(p.Variants, func(v Variant) bool { return v.Unlimited || v.Quantity > 0 })
}
