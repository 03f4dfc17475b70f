package shopify

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// productWriter turns the model's inputs into Shopify's. Only what is named
// gets a key: an absent key leaves a field as it is, and null empties it.
type productWriter struct {
	op       string
	currency string
	err      error // the first complaint
}

func (w *productWriter) refuse(field, format string, values ...any) {
	if w.err == nil {
		w.err = invalid(w.op, field, fmt.Sprintf(format, values...))
	}
}

func (w *productWriter) status(s catalog.ProductStatus) any {
	for native, word := range productStatuses {
		if word == s {
			return native
		}
	}
	if w.err == nil {
		w.err = catalog.Unsupported(Platform, w.op+" with the status "+string(s), "use active, draft, archived or hidden")
	}
	return nil
}

// create reads the product's own fields and pictures.
func (w *productWriter) create(in catalog.ProductInput) map[string]any {
	fields := map[string]any{"title": in.Title}
	if strings.TrimSpace(in.Title) == "" {
		w.refuse("Title", "a product needs a title")
	}
	for name, value := range map[string]string{"descriptionHtml": in.Description, "vendor": in.Vendor, "productType": in.Type} {
		if value != "" {
			fields[name] = value
		}
	}
	if in.Status != "" {
		fields["status"] = w.status(in.Status)
	}
	if len(in.Tags) > 0 {
		fields["tags"] = in.Tags
	}
	var files []any
	for i, image := range in.Images {
		if u, err := url.Parse(image.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			w.refuse(fmt.Sprintf("Images.%d.URL", i), "it is not the address of a picture")
		}
		files = append(files, map[string]any{"originalSource": image.URL, "alt": image.Alt, "contentType": "IMAGE"})
	}
	if files != nil {
		fields["files"] = files
	}
	return fields
}

// variants reads the variants of a new product and the options they need.
func (w *productWriter) variants(fields map[string]any, in catalog.ProductInput) {
	options := slices.Clone(in.Options)
	for i := range options {
		options[i].Values = slices.Clone(options[i].Values)
	}
	var variants []any
	for i, v := range in.Variants {
		at := func(name string) string { return fmt.Sprintf("Variants.%d.%s", i, name) }
		one := map[string]any{}
		chosen := v.Options
		if len(chosen) == 0 && len(in.Variants) == 1 && len(options) == 0 {
			chosen = []catalog.OptionValue{{Name: "Title", Value: "Default Title"}}
		}
		if len(chosen) == 0 {
			w.refuse(at("Options"), "each of several variants needs a value of every option")
		}
		var values []any
		for _, c := range chosen {
			k := slices.IndexFunc(options, func(o catalog.Option) bool { return o.Name == c.Name })
			if k < 0 {
				if len(in.Options) > 0 {
					w.refuse(at("Options"), "the product has no option %q", c.Name)
					continue
				}
				k, options = len(options), append(options, catalog.Option{Name: c.Name})
			}
			if !slices.Contains(options[k].Values, c.Value) {
				options[k].Values = append(options[k].Values, c.Value)
			}
			values = append(values, map[string]any{"optionName": c.Name, "name": c.Value})
		}
		one["optionValues"] = values
		item := map[string]any{"tracked": v.Tracked}
		w.money(one, "price", at("Price"), v.Price)
		w.money(one, "compareAtPrice", at("CompareAtPrice"), v.CompareAtPrice)
		w.money(item, "cost", at("Cost"), v.Cost)
		if v.Barcode != "" {
			one["barcode"] = v.Barcode
		}
		if v.SKU != "" {
			item["sku"] = v.SKU
		}
		if v.Weight != (catalog.Weight{}) {
			w.weight(item, at("Weight"), v.Weight)
		}
		one["inventoryItem"] = item
		variants = append(variants, one)
	}
	var list []any
	for i, o := range options {
		if len(o.Values) == 0 {
			w.refuse(fmt.Sprintf("Options.%d", i), "the option has no values, and no variant names one")
		}
		var values []any
		for _, v := range o.Values {
			values = append(values, map[string]any{"name": v})
		}
		list = append(list, map[string]any{"name": o.Name, "position": i + 1, "values": values})
	}
	if list != nil {
		fields["productOptions"] = list
	}
	if variants != nil {
		fields["variants"] = variants
	}
}

// money writes an amount that is there.
func (w *productWriter) money(to map[string]any, name, field string, m catalog.Money) {
	if m.IsZero() || w.err != nil {
		return
	}
	text, err := m.Format(w.currency, catalog.CurrencyDigits(w.currency))
	if err != nil {
		w.err = &catalog.Error{Platform: Platform, Op: w.op, Kind: catalog.ErrInvalid, Err: err, Fields: []catalog.FieldError{{Field: field, Message: err.Error()}}}
		return
	}
	to[name] = text
}

var weightUnits = map[string]string{"g": "GRAMS", "kg": "KILOGRAMS", "oz": "OUNCES", "lb": "POUNDS"}

// weight writes a weight exactly; none is 0.
func (w *productWriter) weight(item map[string]any, field string, weight catalog.Weight) {
	unit, ok := weightUnits[weight.Unit]
	if weight == (catalog.Weight{}) {
		weight.Value, unit, ok = "0", "KILOGRAMS", true
	}
	value, err := decimal.NewFromString(weight.Value)
	if !ok || err != nil || value.Sign() < 0 {
		w.refuse(field, "a weight is a decimal of g, kg, oz or lb")
		return
	}
	item["measurement"] = map[string]any{"weight": map[string]any{"unit": unit, "value": number(value.String())}}
}

// patch reads the product's own fields that are named.
func (w *productWriter) patch(p catalog.ProductPatch) map[string]any {
	fields := map[string]any{}
	for name, field := range map[string]catalog.Field[string]{"title": p.Title, "descriptionHtml": p.Description, "vendor": p.Vendor, "productType": p.Type} {
		if value, ok := field.Get(); ok {
			fields[name] = value
		}
	}
	if title, ok := p.Title.Get(); ok && strings.TrimSpace(title) == "" {
		w.refuse("Title", "a title cannot be empty on Shopify")
	}
	if status, ok := p.Status.Get(); ok {
		fields["status"] = w.status(status)
	}
	if tags, ok := p.Tags.Get(); ok {
		fields["tags"] = append([]string{}, tags...) // [] empties, null would not
	}
	return fields
}

func (w *productWriter) checkVariants(patches []catalog.VariantPatch) {
	seen := map[string]bool{}
	if len(patches) > maxInput {
		w.refuse("Variants", "Shopify changes at most %d variants at once", maxInput)
	}
	for i, v := range patches {
		global, err := gid(w.op, "ProductVariant", v.ID)
		if err != nil {
			w.refuse(fmt.Sprintf("Variants.%d.ID", i), "it is not the id of a variant")
		} else if seen[global] {
			w.refuse(fmt.Sprintf("Variants.%d.ID", i), "the variant is named twice")
		}
		seen[global] = true
	}
}

// patchVariants reads the variants' fields that are named.
func (w *productWriter) patchVariants(patches []catalog.VariantPatch) []any {
	var all []any
	for i, v := range patches {
		at := func(name string) string { return fmt.Sprintf("Variants.%d.%s", i, name) }
		global, _ := gid(w.op, "ProductVariant", v.ID) // checked before
		one, item := map[string]any{"id": global}, map[string]any{}
		if sku, ok := v.SKU.Get(); ok {
			item["sku"] = sku
		}
		if barcode, ok := v.Barcode.Get(); ok {
			one["barcode"] = barcode
		}
		if price, ok := v.Price.Get(); ok {
			if price.IsZero() {
				w.refuse(at("Price"), "a price cannot be empty on Shopify; write 0")
			}
			w.money(one, "price", at("Price"), price)
		}
		for name, field := range map[string]catalog.Field[catalog.Money]{"compareAtPrice": v.CompareAtPrice, "cost": v.Cost} {
			to, label := one, "CompareAtPrice"
			if name == "cost" {
				to, label = item, "Cost"
			}
			if amount, ok := field.Get(); ok {
				to[name] = nil
				w.money(to, name, at(label), amount)
			}
		}
		if tracked, ok := v.Tracked.Get(); ok {
			item["tracked"] = tracked
		}
		if weight, ok := v.Weight.Get(); ok {
			w.weight(item, at("Weight"), weight)
		}
		if len(item) > 0 {
			one["inventoryItem"] = item
		}
		if len(one) == 1 {
			w.refuse(fmt.Sprintf("Variants.%d", i), "it names no field to change")
		}
		all = append(all, one)
	}
	return all
}
