package sallatest

import (
	"slices"
	"strings"
	"time"
)

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
}
