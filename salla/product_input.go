package salla

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// productWriter turns the model's inputs into Salla's. Only what is named gets
// a key: an absent key leaves a field as it is.
type productWriter struct {
	op       string
	currency string
	gtins    map[string]bool // which variants have a GTIN of their own
	err      error           // the first complaint
}

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

func (w *productWriter) status(s catalog.ProductStatus) any {
	word, ok := wordFor(productStatuses, s)
	if !ok || word == "deleted" { // known in answers only
		w.unsupported("with the status "+string(s), "use active, sold_out or hidden; DeleteProduct deletes")
	}
	return word
}

// productTypes are what a product can be.
// https://docs.salla.dev/5394167e0
var productTypes = []string{"product", "service", "group_products", "codes", "digital", "food", "booking", "donating"}

// create reads the product's own fields and pictures.
func (w *productWriter) create(in catalog.ProductInput) map[string]any {
	fields := map[string]any{"name": in.Title, "product_type": "product"}
	if strings.TrimSpace(in.Title) == "" {
		w.refuse("Title", "a product needs a title")
	}
	if in.Type != "" {
		fields["product_type"] = in.Type
		if !slices.Contains(productTypes, in.Type) {
			w.refuse("Type", "it is none of Salla's types: %s", strings.Join(productTypes, ", "))
		}
	}
	if in.Description != "" {
		fields["description"] = in.Description
	}
	if in.Status != "" {
		fields["status"] = w.status(in.Status)
	}
	var images []any
	for i, image := range in.Images {
		if u, err := url.Parse(image.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			w.refuse(fmt.Sprintf("Images.%d.URL", i), "it is not the address of a picture")
		}
		images = append(images, map[string]any{"original": image.URL, "alt": image.Alt, "default": i == 0, "sort": i + 1})
	}
	if len(images) > maxImages {
		w.refuse("Images", "a product has at most %d pictures", maxImages)
	}
	if images != nil {
		fields["images"] = images
	}
	return fields
}

// maxImages is how many pictures a product has room for.
// https://docs.salla.dev/5394187e0
const maxImages = 10

// newVariants reads the variants of a new product: of one without options
// whole, of others the options and what they have in common.
func (w *productWriter) newVariants(fields map[string]any, in catalog.ProductInput) {
	fields["price"] = json.Number("0") // Salla wants one
	if len(in.Variants) == 0 {
		if len(in.Options) > 0 {
			w.refuse("Variants", "a product with options needs its variants named")
		}
		return
	}
	first := in.Variants[0]
	if len(in.Options) == 0 {
		if len(in.Variants) > 1 || len(first.Options) > 0 {
			w.refuse("Options", "variants with choices need the product's options named")
		}
		w.variant(fields, catalog.Variant{}, patchOf(first), 0, true)
		return
	}
	w.money(fields, "price", "Variants.0.Price", first.Price)
	fields["unlimited_quantity"] = !first.Tracked
	if first.Weight != (catalog.Weight{}) {
		fields["weight"], fields["weight_type"] = w.weight("Variants.0.Weight", first.Weight)
	}
	combinations := 1
	var options []any
	for i, o := range in.Options {
		var values []any
		for _, v := range o.Values {
			values = append(values, map[string]any{"name": v})
		}
		if o.Name == "" || len(values) == 0 {
			w.refuse(fmt.Sprintf("Options.%d", i), "an option needs a name and values")
		}
		combinations *= max(1, len(values))
		options = append(options, map[string]any{"name": o.Name, "display_type": "text", "values": values})
	}
	fields["options"] = options
	seen := map[string]bool{}
	for i, v := range in.Variants {
		at := fmt.Sprintf("Variants.%d", i)
		key, ok := choices(in.Options, v.Options)
		switch {
		case !ok:
			w.refuse(at+".Options", "it must choose one value of every option")
		case seen[key]:
			w.refuse(at+".Options", "another variant has the same choices")
		case v.Tracked != first.Tracked:
			w.unsupported("with stock counted for some variants only", "count it for all, or change single ones with a native call to /products/quantities/bulk")
		}
		seen[key] = true
		w.variant(map[string]any{}, catalog.Variant{Weight: first.Weight}, patchOf(v), i, false)
	}
	if len(seen) != combinations {
		w.unsupported("with some of the combinations of its options", "name a variant for every combination: Salla makes them all")
	}
}

// choices names what a variant chooses, in the order of the options.
func choices(options []catalog.Option, chosen []catalog.OptionValue) (string, bool) {
	var key []string
	for _, o := range options {
		i := slices.IndexFunc(chosen, func(c catalog.OptionValue) bool { return c.Name == o.Name })
		if i < 0 || !slices.Contains(o.Values, chosen[i].Value) {
			return "", false
		}
		key = append(key, chosen[i].Value)
	}
	return strings.Join(key, "\x00"), len(chosen) == len(options)
}

// patchOf names the fields of a new variant that are not zero. Of one without
// options whether its stock is counted is written always; that of others Salla
// does not count at first.
func patchOf(v catalog.VariantInput) catalog.VariantPatch {
	var p catalog.VariantPatch
	if v.SKU != "" {
		p.SKU = catalog.Set(v.SKU)
	}
	if v.Barcode != "" {
		p.Barcode = catalog.Set(v.Barcode)
	}
	for _, m := range []struct {
		from catalog.Money
		to   *catalog.Field[catalog.Money]
	}{{v.Price, &p.Price}, {v.CompareAtPrice, &p.CompareAtPrice}, {v.Cost, &p.Cost}} {
		if !m.from.IsZero() {
			*m.to = catalog.Set(m.from)
		}
	}
	if v.Weight != (catalog.Weight{}) {
		p.Weight = catalog.Set(v.Weight)
	}
	if len(v.Options) == 0 || v.Tracked {
		p.Tracked = catalog.Set(v.Tracked)
	}
	return p
}

// variantsOf finds a new product's variants by their choices.
func (w *productWriter) variantsOf(p catalog.Product, in catalog.ProductInput) (patch catalog.ProductPatch, err error) {
	for _, v := range in.Variants {
		want, _ := choices(in.Options, v.Options)
		i := slices.IndexFunc(p.Variants, func(made catalog.Variant) bool { got, _ := choices(in.Options, made.Options); return got == want })
		if i < 0 {
			return catalog.ProductPatch{}, &catalog.Error{Platform: Platform, Op: w.op, Kind: catalog.ErrBadAnswer, Message: "Salla did not make the variant " + strings.ReplaceAll(want, "\x00", " / ")}
		}
		one := patchOf(v)
		one.ID = p.Variants[i].ID
		if named(one) {
			patch.Variants = append(patch.Variants, one)
		}
	}
	return patch, nil
}

// named says that a patch changes anything.
func named(p catalog.VariantPatch) bool {
	p.ID = ""
	return !p.SKU.Equal(catalog.Field[string]{}) || !p.Barcode.Equal(catalog.Field[string]{}) || !p.Price.Equal(catalog.Field[catalog.Money]{}) ||
		!p.CompareAtPrice.Equal(catalog.Field[catalog.Money]{}) || !p.Cost.Equal(catalog.Field[catalog.Money]{}) ||
		!p.Tracked.Equal(catalog.Field[bool]{}) || !p.Weight.Equal(catalog.Field[catalog.Weight]{})
}

// patch reads the product's own fields that are named.
func (w *productWriter) patch(p catalog.ProductPatch) map[string]any {
	fields := map[string]any{}
	if title, ok := p.Title.Get(); ok {
		fields["name"] = title
		if strings.TrimSpace(title) == "" {
			w.refuse("Title", "a title cannot be empty on Salla")
		}
	}
	if text, ok := p.Description.Get(); ok {
		fields["description"] = text
	}
	if status, ok := p.Status.Get(); ok {
		fields["status"] = w.status(status)
	}
	if _, ok := p.Type.Get(); ok {
		w.unsupported("with another type", "a product keeps the type it was created with; create another one")
	}
	return fields
}

// money writes an amount that is there, as a number.
func (w *productWriter) money(to map[string]any, name, field string, m catalog.Money) {
	if m.IsZero() || w.err != nil {
		return
	}
	text, err := m.Format(w.currency, catalog.CurrencyDigits(w.currency))
	if err != nil {
		w.err = &catalog.Error{Platform: Platform, Op: w.op, Kind: catalog.ErrInvalid, Err: err, Fields: []catalog.FieldError{{Field: field, Message: err.Error()}}}
		return
	}
	to[name] = json.Number(text)
}

// weightUnits are Salla's and the model's alike.
var weightUnits = []string{"kg", "g", "lb", "oz"}

func (w *productWriter) weight(field string, weight catalog.Weight) (json.Number, string) {
	if weight == (catalog.Weight{}) {
		return "0", ""
	}
	value, err := decimal.NewFromString(weight.Value)
	if err != nil || value.Sign() < 0 || !slices.Contains(weightUnits, weight.Unit) {
		w.refuse(field, "a weight is a decimal of kg, g, lb or oz")
		return "0", ""
	}
	return json.Number(value.String()), weight.Unit
}
