package bigcommerce

import (
	"fmt"
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// productWriter turns the model's inputs into BigCommerce's. Only what is named
// gets a key: an absent key leaves a field as it is.
type productWriter struct {
	op    string
	store facts
	err   error // the first complaint
}

// The most characters of texts, and the most variants of a product.
const (
	maxName     = 250
	maxSKU      = 255
	maxGTIN     = 14
	maxVariants = 600
	maxImages   = 1000
)

func (w *productWriter) refuse(field, format string, values ...any) {
	if w.err == nil {
		w.err = invalid(w.op, field, fmt.Sprintf(format, values...))
	}
}

func (w *productWriter) unsupported(what, instead string) {
	if w.err == nil {
		w.err = catalog.Unsupported(Platform, w.op+" "+what, instead)
	}
}

// check refuses what can be seen to be wrong without asking the store.
func (w *productWriter) check(in catalog.ProductInput) {
	w.title(in.Title)
	w.kind(in.Type)
	if len(in.Tags) > 0 {
		w.tags()
	}
	if len(in.Variants) > maxVariants || len(in.Images) > maxImages {
		w.refuse("Variants", "BigCommerce takes at most %d variants and %d pictures", maxVariants, maxImages)
	}
	for i, image := range in.Images {
		if u, err := url.Parse(image.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			w.refuse(fmt.Sprintf("Images.%d.URL", i), "it is not the address of a picture")
		}
	}
	for i, v := range in.Variants {
		w.codes(fmt.Sprintf("Variants.%d.", i), v.SKU, v.Barcode)
	}
}

func (w *productWriter) title(title string) {
	if blank(title) {
		w.refuse("Title", "a product needs a title")
	}
	if utf8.RuneCountInString(title) > maxName {
		w.refuse("Title", "it is longer than %d characters", maxName)
	}
}

func (w *productWriter) kind(native string) {
	if native != "" && native != "physical" && native != "digital" {
		w.refuse("Type", `BigCommerce has the types "physical" and "digital"`)
	}
}

func (w *productWriter) tags() {
	w.unsupported("with tags", "write search_keywords with a native call, or assign categories")
}

func (w *productWriter) codes(at, sku, barcode string) {
	if utf8.RuneCountInString(sku) > maxSKU {
		w.refuse(at+"SKU", "it is longer than %d characters", maxSKU)
	}
	if utf8.RuneCountInString(barcode) > maxGTIN {
		w.refuse(at+"Barcode", "a GTIN has at most %d digits", maxGTIN)
	}
}

// create reads a new product, whose prices and weight cannot be left out.
func (w *productWriter) create(in catalog.ProductInput) map[string]any {
	fields := map[string]any{"name": in.Title, "type": "physical", "price": number(decimal.Zero), "weight": number(decimal.Zero)}
	for name, value := range map[string]string{"description": in.Description, "brand_name": in.Vendor, "type": in.Type} {
		if value != "" {
			fields[name] = value
		}
	}
	if in.Status != "" {
		w.status(fields, catalog.Set(in.Status), &productNode{Visible: true, Availability: "available"})
	}
	var pictures []any
	for i, image := range in.Images {
		pictures = append(pictures, map[string]any{"image_url": image.URL, "description": image.Alt, "sort_order": i, "is_thumbnail": i == 0})
	}
	if pictures != nil {
		fields["images"] = pictures
	}
	w.createVariants(fields, in)
	return fields
}

// createVariants reads the variants of a new product. The only one of a product
// without options is the product itself.
func (w *productWriter) createVariants(fields map[string]any, in catalog.ProductInput) {
	options := slices.Clone(in.Options)
	plain := len(options) == 0 && len(in.Variants) == 1 && len(in.Variants[0].Options) == 0
	var list []any
	tracked := 0
	used := map[[2]string]bool{}
	for i, v := range in.Variants {
		at := fmt.Sprintf("Variants.%d.", i)
		one := w.newVariant(at, v)
		if v.Tracked {
			tracked++
		}
		if i == 0 { // what variants do not say for themselves
			fields["price"], fields["weight"] = one["price"], one["weight"]
		}
		if plain {
			for name, value := range one {
				fields[name] = value
			}
			break
		}
		if blank(v.SKU) {
			w.refuse(at+"SKU", "each of a product's variants needs an SKU")
		}
		values := w.values(at, &options, len(in.Options) > 0, v.Options)
		for _, c := range v.Options {
			used[[2]string{c.Name, c.Value}] = true
		}
		one["option_values"] = values
		list = append(list, one)
	}
	for i, o := range in.Options {
		for _, value := range o.Values {
			if !used[[2]string{o.Name, value}] {
				w.refuse(fmt.Sprintf("Options.%d", i), "no variant has the value %q: BigCommerce makes options of the variants", value)
			}
		}
	}
	if list != nil {
		fields["variants"] = list
	}
	switch {
	case tracked == 0:
	case tracked < len(in.Variants):
		w.oneStock()
	case plain:
		fields["inventory_tracking"] = trackedByProduct
	default:
		fields["inventory_tracking"] = trackedByVariant
	}
}

func (w *productWriter) oneStock() {
	w.unsupported("with stock that is counted for some of its variants", "name all variants: BigCommerce counts the stock of all of a product's or of none")
}

// values are a variant's, in the order of the options: BigCommerce makes the
// options of them.
func (w *productWriter) values(at string, options *[]catalog.Option, fixed bool, chosen []catalog.OptionValue) []any {
	if len(chosen) == 0 {
		w.refuse(at+"Options", "each of several variants needs a value of every option")
	}
	for _, c := range chosen {
		if !slices.ContainsFunc(*options, func(o catalog.Option) bool { return o.Name == c.Name }) {
			if fixed {
				w.refuse(at+"Options", "the product has no option %q", c.Name)
			}
			*options = append(*options, catalog.Option{Name: c.Name})
		}
	}
	var values []any
	for _, o := range *options {
		k := slices.IndexFunc(chosen, func(c catalog.OptionValue) bool { return c.Name == o.Name })
		if k < 0 {
			w.refuse(at+"Options", "it has no value of the option %q", o.Name)
			continue
		}
		values = append(values, map[string]any{"option_display_name": o.Name, "label": chosen[k].Value})
	}
	return values
}

// newVariant reads the values of a new variant.
func (w *productWriter) newVariant(at string, v catalog.VariantInput) map[string]any {
	one := map[string]any{"price": number(decimal.Zero), "weight": w.weight(at, v.Weight)}
	for name, value := range map[string]string{"sku": v.SKU, "gtin": v.Barcode} {
		if value != "" {
			one[name] = value
		}
	}
	if !v.Price.IsZero() {
		one["price"] = w.money(at+"Price", v.Price)
	}
	if !v.CompareAtPrice.IsZero() {
		w.onSale(at, v.Price, v.CompareAtPrice)
		one["sale_price"], one["price"] = one["price"], w.money(at+"CompareAtPrice", v.CompareAtPrice)
	}
	if !v.Cost.IsZero() {
		one["cost_price"] = w.money(at+"Cost", v.Cost)
	}
	return one
}

// onSale holds a price against the regular one.
func (w *productWriter) onSale(at string, price, regular catalog.Money) {
	if !price.IsZero() && price.Sign() > 0 && price.Decimal().LessThan(regular.Decimal()) {
		return
	}
	w.refuse(at+"CompareAtPrice", "BigCommerce has one only above a price of more than 0")
}

func (w *productWriter) money(field string, m catalog.Money) any {
	n, err := sum(w.op, field, m, w.store.currency, w.store.digits)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n
}

// weight writes a weight in the store's unit, the only one there is; none is 0.
func (w *productWriter) weight(at string, weight catalog.Weight) any {
	if weight == (catalog.Weight{}) {
		return number(decimal.Zero)
	}
	value, err := decimal.NewFromString(weight.Value)
	if err != nil || value.Sign() < 0 {
		w.refuse(at+"Weight", "it is not a decimal from 0")
	}
	if weight.Unit != w.store.weightUnit {
		w.refuse(at+"Weight", "the store weighs everything in %s", w.store.weightUnit)
	}
	return number(value)
}

// statuses are what can be written, as visibility and whether it can be bought.
func (w *productWriter) status(fields map[string]any, status catalog.Field[catalog.ProductStatus], now *productNode) {
	wanted, named := status.Get()
	if !named {
		return
	}
	switch wanted {
	case catalog.ProductHidden:
		fields["is_visible"] = false
		return
	case catalog.ProductActive:
		if availabilities[now.Availability] != catalog.ProductActive {
			fields["availability"] = "available" // a preorder stays one
		}
	case catalog.ProductSoldOut:
		fields["availability"] = "disabled"
	default:
		w.unsupported("with the status "+string(wanted), "use active, sold_out or hidden")
		return
	}
	fields["is_visible"] = true
}
