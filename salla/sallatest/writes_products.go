package sallatest

import (
	"net/http"
	"slices"
	"strings"
	"time"
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

// part makes the id of an option, value, variant or image added to the product;
// none is ever used again.
func (p *Product) part() int64 {
	p.made++
	return partIDs + int64(p.index)<<16 + int64(p.made)
}

// partIDs is far above the ids of seeded parts, which idCodec makes.
const partIDs = 1 << 40

// productOfPart finds the product an option, value, variant or image belongs to
// by its id; room is that of the seeded ones.
func (s *Store) productOfPart(id int64, room int) *Product {
	if id >= partIDs {
		return s.products.get(s.ids.encode(int((id - partIDs) >> 16)))
	}
	index := s.ids.decode(id)
	if index < 0 {
		return nil
	}
	return s.products.get(s.ids.encode(index / room))
}

// product puts the fields that are named into p and adds complaints to bad. An
// empty text and null empty a field.
func (in input) product(s *Store, p *Product, bad complaints) {
	for name, to := range map[string]*string{
		"name": &p.Name, "description": &p.Description, "sku": &p.SKU, "mpn": &p.MPN, "gtin": &p.GTIN, "weight_type": &p.WeightType,
		"sale_end": &p.SaleEnd, "promotion_title": &p.Promotion, "subtitle": &p.Subtitle, "metadata_title": &p.MetaTitle, "metadata_description": &p.MetaText,
	} {
		if in.names(name) {
			*to = in.text(name)
		}
	}
	if in.names("name") {
		if p.NameEN = ""; p.Name == "" {
			bad.about("name", msgRequired)
		}
	}
	if in.names("weight_type") && !slices.Contains(weightUnits, p.WeightType) {
		bad.about("weight_type", msgNoValue)
	}
	if _, err := time.Parse(layoutDay, p.SaleEnd); in.names("sale_end") && p.SaleEnd != "" && err != nil {
		bad.about("sale_end", "التاريخ لا يتوافق مع الشكل Y-m-d.")
	}
	in.amounts(bad, map[string]*string{"price": &p.RegularPrice, "sale_price": &p.SalePrice, "cost_price": &p.CostPrice, "weight": &p.Weight})
	p.Price, p.SalePrice = effective(p.RegularPrice, p.SalePrice)
	in.stock(p, bad)
	in.links(s, p, bad)
	if in.names("with_tax") {
		p.WithTax = in.flag("with_tax")
	}
	if in.names("status") {
		if p.Status, p.wanted = in.text("status"), ""; !slices.Contains(append(productStates, "deleted"), p.Status) {
			bad.about("status", msgNoValue)
		}
	}
	if in.names("show_in_web") { // true hides, as documented
		p.Status, p.wanted = map[bool]string{true: "hidden", false: "sale"}[in.flag("show_in_web")], ""
	}
}

// ownSKU complains when another product has the SKU of the body.
func (s *Store) ownSKU(p *Product, in input, bad complaints) {
	if other := s.productBySKU(in.text("sku")); other != nil && other.ID != p.ID {
		bad.about("sku", msgSKUTaken)
	}
}

// effective returns what a buyer pays and the sale price, "" when there is none.
func effective(regular, sale string) (price, onSale string) {
	if toCents(sale) == 0 {
		return regular, ""
	}
	return sale, sale
}

// amounts reads decimals of at least 0; all but a price can be emptied.
func (in input) amounts(bad complaints, to map[string]*string) {
	for name, field := range to {
		if !in.names(name) {
			continue
		}
		v, ok := in.decimal(name)
		switch empty := in.text(name) == ""; {
		case empty && name == "price":
			bad.about(name, msgRequired)
		case empty && name == "weight":
			*field = "0"
		case empty:
			*field = ""
		case !ok || strings.HasPrefix(v, "-"):
			bad.about(name, msgNumber)
		default:
			*field = v
		}
	}
}

// stock sets the quantity of a product without variants; that of the others is
// the sum of theirs. A quantity of what is unlimited is passed over.
func (in input) stock(p *Product, bad complaints) {
	if in.names("unlimited_quantity") {
		p.Unlimited = in.flag("unlimited_quantity")
	}
	if !in.names("quantity") {
		return
	}
	n, ok := in.number("quantity")
	if !ok || n < 0 {
		bad.about("quantity", msgNumber)
		return
	}
	if len(p.Variants) == 0 && !p.Unlimited && p.Quantity != int(n) {
		p.Quantity, p.Branches = int(n), nil
	}
}

// links sets what a product refers to. Lists replace what was there.
func (in input) links(s *Store, p *Product, bad complaints) {
	refs := func(name string, known []Ref, to *[]Ref) {
		if !in.names(name) {
			return
		}
		*to = nil
		for _, id := range in.ids(name) {
			i := slices.IndexFunc(known, func(r Ref) bool { return r.ID == id })
			if i < 0 {
				bad.about(name, msgNoValue)
				return
			}
			*to = append(*to, known[i])
		}
	}
	refs("categories", categories, &p.Categories)
	refs("tags", s.tagList(), &p.Tags)
	if in.names("brand_id") {
		p.Brand = nil
		if id, ok := in.number("brand_id"); ok && id != 0 {
			known := s.brandList()
			i := slices.IndexFunc(known, func(r Ref) bool { return r.ID == id })
			if i < 0 {
				bad.about("brand_id", msgNoValue)
				return
			}
			p.Brand = &known[i]
		}
	}
	if in.names("channels") {
		p.Channels = in.texts("channels")
		if slices.ContainsFunc(p.Channels, func(ch string) bool { return ch != "web" && ch != "app" }) {
			bad.about("channels", msgNoValue)
		}
	}
	if in.names("images") {
		p.Images = nil
		for i, img := range in.list("images") {
			p.Images = append(p.Images, Image{URL: img.text("original"), Main: i == 0, Type: "image", Alt: img.text("alt"), Sort: i})
		}
	}
}
