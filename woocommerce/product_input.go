package woocommerce

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// productWriter turns the model's inputs into the store's. Only what is named
// gets a key: an absent key leaves a field as it is, and "" empties it.
type productWriter struct {
	op string
	settings
	decimals int   // of prices
	err      error // the first complaint
}

func (w *productWriter) title(text string) string {
	if strings.TrimSpace(text) == "" {
		w.refuse("Title", "a product needs a title")
	}
	return text
}

// kept is a name, a description or a note as it has to be sent: the store takes a
// level of backslashes off.
func kept(text string) string { return strings.ReplaceAll(text, `\`, `\\`) }

// status writes a status; had is the visibility there is now, "" for a new
// product.
func (w *productWriter) status(fields map[string]any, s catalog.ProductStatus, had string) {
	switch s {
	case catalog.ProductActive:
		fields["status"] = "publish"
		if had == "hidden" {
			fields["catalog_visibility"] = "visible"
		}
	case catalog.ProductDraft:
		fields["status"] = "draft"
	case catalog.ProductHidden:
		fields["status"], fields["catalog_visibility"] = "publish", "hidden"
	case catalog.ProductArchived:
		w.unsupported("the status archived", "move it to the trash with Do: DELETE /products/ID without force")
	default:
		w.unsupported("the status "+string(s), "use active, draft or hidden")
	}
}

// typeFor checks the type asked for; the store's own word follows from the
// variants.
func (w *productWriter) typeFor(in catalog.ProductInput) string {
	native := "simple"
	if len(in.Options) > 0 || len(in.Variants) > 1 || len(in.Variants) == 1 && len(in.Variants[0].Options) > 0 {
		native = "variable"
	}
	if in.Type != "" && in.Type != native {
		w.unsupported("the type "+in.Type, "leave it out: WooCommerce's type says how a product is bought, and this one is "+native)
	}
	return native
}

// create reads a new product's own fields, those of its only variant where it
// has no options.
func (w *productWriter) create(in catalog.ProductInput) map[string]any {
	fields := map[string]any{"name": kept(w.title(in.Title)), "type": w.typeFor(in)}
	if in.Description != "" {
		fields["description"] = kept(in.Description)
	}
	w.names("Vendor", in.Vendor)
	w.names("Tags", in.Tags...)
	if in.Status != "" {
		w.status(fields, in.Status, "")
	}
	var images []any
	for i, image := range in.Images {
		if u, err := url.Parse(image.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			w.refuse(fmt.Sprintf("Images.%d.URL", i), "it is not the address of a picture")
		}
		images = append(images, map[string]any{"src": image.URL, "alt": image.Alt})
	}
	if images != nil {
		fields["images"] = images
	}
	if fields["type"] == "variable" {
		fields["attributes"] = w.attributes(in)
	} else if len(in.Variants) == 1 {
		w.variant(fields, 0, in.Variants[0])
	}
	return fields
}

// attributes are the options of a new product, which its variations differ in.
func (w *productWriter) attributes(in catalog.ProductInput) []any {
	options := slices.Clone(in.Options)
	if len(in.Variants) == 0 {
		w.refuse("Variants", "a product with options needs variants")
	}
	for i, v := range in.Variants {
		at := fmt.Sprintf("Variants.%d.Options", i)
		if len(v.Options) == 0 {
			w.refuse(at, "each of several variants needs a value of every option")
		}
		for _, chosen := range v.Options {
			k := slices.IndexFunc(options, func(o catalog.Option) bool { return o.Name == chosen.Name })
			switch {
			case strings.TrimSpace(chosen.Name) == "" || strings.TrimSpace(chosen.Value) == "":
				w.refuse(at, "an option needs a name and a value")
				return nil
			case k < 0 && len(in.Options) > 0:
				w.refuse(at, "the product has no option %q", chosen.Name)
				return nil
			case k < 0:
				k, options = len(options), append(options, catalog.Option{Name: chosen.Name})
			}
			if !slices.Contains(options[k].Values, chosen.Value) {
				options[k].Values = append(slices.Clone(options[k].Values), chosen.Value)
			}
		}
	}
	var all []any
	for i, o := range options {
		if len(o.Values) == 0 {
			w.refuse(fmt.Sprintf("Options.%d", i), "the option has no values, and no variant names one")
		}
		if slices.ContainsFunc(o.Values, func(v string) bool { return strings.ContainsRune(v, '|') }) {
			w.refuse(fmt.Sprintf("Options.%d", i), "WooCommerce separates values with |, so that none can hold one")
		}
		all = append(all, map[string]any{"name": o.Name, "position": i, "visible": true, "variation": true, "options": o.Values})
	}
	return all
}

// variation reads a variant of a new product with options.
func (w *productWriter) variation(i int, v catalog.VariantInput) map[string]any {
	var chosen []any
	for _, o := range v.Options {
		chosen = append(chosen, map[string]any{"name": o.Name, "option": o.Value})
	}
	fields := map[string]any{"attributes": chosen}
	w.variant(fields, i, v)
	return fields
}

// variant reads what a new product's only variant and its variations have in
// common.
func (w *productWriter) variant(fields map[string]any, i int, v catalog.VariantInput) {
	at := func(name string) string { return fmt.Sprintf("Variants.%d.%s", i, name) }
	set := catalog.VariantPatch{}
	if v.SKU != "" {
		set.SKU = catalog.Set(v.SKU)
	}
	if v.Barcode != "" {
		set.Barcode = catalog.Set(v.Barcode)
	}
	if v.Weight != (catalog.Weight{}) {
		set.Weight = catalog.Set(v.Weight)
	}
	if v.Tracked {
		set.Tracked = catalog.Set(true)
	}
	if !v.Cost.IsZero() {
		set.Cost = catalog.Set(v.Cost)
	}
	if !v.Price.IsZero() {
		set.Price = catalog.Set(v.Price)
	}
	if !v.CompareAtPrice.IsZero() {
		set.CompareAtPrice = catalog.Set(v.CompareAtPrice)
	}
	w.patchVariant(fields, at, priceNode{}, set)
}

// patchVariant reads the fields a patch names.
func (w *productWriter) patchVariant(fields map[string]any, at func(string) string, had priceNode, v catalog.VariantPatch) {
	if sku, ok := v.SKU.Get(); ok {
		fields["sku"] = sku
	}
	if code, ok := v.Barcode.Get(); ok {
		if !barcode.MatchString(code) {
			w.refuse(at("Barcode"), "a barcode has only digits, hyphens and X: the store drops everything else")
		}
		fields["global_unique_id"] = code
	}
	if _, ok := v.Cost.Get(); ok {
		w.unsupported("a cost", "keep it elsewhere: WooCommerce itself has no field for it")
	}
	w.prices(fields, at, had, v)
	if tracked, ok := v.Tracked.Get(); ok {
		switch {
		case had.Manage == "parent" && !tracked:
			w.refuse(at("Tracked"), "the stock is counted for the whole product, not for this variant")
		case had.Manage != "parent":
			fields["manage_stock"] = tracked
		}
	}
	if weight, ok := v.Weight.Get(); ok {
		fields["weight"] = w.weight(at("Weight"), weight)
	}
}

// barcode is what the store keeps of a global unique id.
var barcode = regexp.MustCompile(`^[0-9X-]*$`)

// perUnit says how many of the second unit one of the first has, for those
// that convert exactly.
var perUnit = map[[2]string]string{{"kg", "g"}: "1000", {"g", "kg"}: "0.001", {"lb", "oz"}: "16", {"oz", "lb"}: "0.0625"}

// weight writes a weight in the store's unit; none empties it.
func (w *productWriter) weight(field string, weight catalog.Weight) string {
	if weight == (catalog.Weight{}) {
		return ""
	}
	value, err := decimal.NewFromString(weight.Value)
	if err != nil || value.Sign() < 0 {
		w.refuse(field, "a weight is a decimal")
		return ""
	}
	if weight.Unit == w.weightUnit {
		return value.String()
	}
	factor := perUnit[[2]string{weight.Unit, w.weightUnit}]
	if factor == "" {
		w.refuse(field, "the store weighs in %s, which %q does not convert to exactly", w.weightUnit, weight.Unit)
		return ""
	}
	return value.Mul(decimal.RequireFromString(factor)).String()
}

// patch reads the product's own fields that are named, terms and variants
// excepted.
func (w *productWriter) patch(p catalog.ProductPatch, visibility string) map[string]any {
	fields := map[string]any{}
	if title, ok := p.Title.Get(); ok {
		fields["name"] = kept(w.title(title))
	}
	if text, ok := p.Description.Get(); ok {
		fields["description"] = kept(text)
	}
	vendor, _ := p.Vendor.Get()
	w.names("Vendor", vendor)
	names, _ := p.Tags.Get()
	w.names("Tags", names...)
	if kind, ok := p.Type.Get(); ok {
		w.unsupported("the type "+kind, "create another product: WooCommerce's type says how a product is bought")
	}
	if status, ok := p.Status.Get(); ok {
		w.status(fields, status, visibility)
	}
	return fields
}

// checkVariants looks at what needs no answer of the store.
func (w *productWriter) checkVariants(patches []catalog.VariantPatch) {
	seen := map[string]bool{}
	for i, v := range patches {
		field := fmt.Sprintf("Variants.%d", i)
		if err := checkID(w.op, "a variant", v.ID); err != nil {
			w.refuse(field+".ID", "it is not the id of a variant")
		}
		if seen[v.ID] {
			w.refuse(field+".ID", "the variant is named twice")
		}
		seen[v.ID] = true
		if unnamed(v) {
			w.refuse(field, "it names no field to change")
		}
		w.patchVariant(map[string]any{}, variantField(i), priceNode{}, catalog.VariantPatch{Barcode: v.Barcode, Cost: v.Cost})
	}
}

func unnamed(v catalog.VariantPatch) bool {
	for _, named := range []bool{is(v.SKU), is(v.Barcode), is(v.Price), is(v.CompareAtPrice), is(v.Cost), is(v.Tracked), is(v.Weight)} {
		if named {
			return false
		}
	}
	return true
}

// is reports a field that is named.
func is[T any](f catalog.Field[T]) bool { _, ok := f.Get(); return ok }
