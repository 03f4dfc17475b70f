package woocommerce

import (
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// patched says whether a product is as a patch leaves it, allowing for what the
// store makes of the values: see UpdateProduct.
func patched(p catalog.Product, patch catalog.ProductPatch) bool {
	if status, ok := patch.Status.Get(); ok && p.Status != status {
		return false
	}
	if tags, ok := patch.Tags.Get(); ok && !slices.Equal(sorted(tags), sorted(p.Tags)) {
		return false
	}
	if text, ok := patch.Description.Get(); ok && visible(text) != visible(p.Description) {
		return false
	}
	if vendor, ok := patch.Vendor.Get(); ok && !strings.EqualFold(strings.TrimSpace(vendor), p.Vendor) {
		return false
	}
	if title, ok := patch.Title.Get(); ok && visible(title) != visible(p.Title) {
		return false
	}
	for _, change := range patch.Variants {
		i := slices.IndexFunc(p.Variants, func(v catalog.Variant) bool { return v.ID == change.ID })
		if i < 0 || !variantPatched(p.Variants[i], change) {
			return false
		}
	}
	return true
}

func variantPatched(v catalog.Variant, patch catalog.VariantPatch) bool {
	if tracked, ok := patch.Tracked.Get(); ok && tracked != v.Tracked {
		return false
	}
	if weight, ok := patch.Weight.Get(); ok && !sameWeight(weight, v.Weight) {
		return false
	}
	return wears(patch.SKU, v.SKU) && wears(patch.Barcode, v.Barcode) &&
		costs(patch.Price, v.Price) && costs(patch.CompareAtPrice, v.CompareAtPrice)
}

// wears says whether a text is what was to be written, if it was.
func wears(field catalog.Field[string], got string) bool {
	want, ok := field.Get()
	return !ok || strings.TrimSpace(want) == strings.TrimSpace(got)
}

func costs(field catalog.Field[catalog.Money], got catalog.Money) bool {
	want, ok := field.Get()
	return !ok || want.IsZero() == got.IsZero() && want.Decimal().Equal(got.Decimal())
}

// sameWeight compares weights, of which the one got is in the store's unit.
func sameWeight(want, got catalog.Weight) bool {
	w := productWriter{settings: settings{weightUnit: got.Unit}}
	text := w.weight("", want)
	a, there := amount(text)
	b, also := amount(got.Value)
	return w.err == nil && there == also && a.Equal(b)
}

// sorted are names as the store tells them apart.
func sorted(names []string) []string {
	var all []string
	for _, n := range names {
		if n = strings.ToLower(strings.TrimSpace(n)); n != "" {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

var markup = regexp.MustCompile(`<[^>]*>|\s+`)

// visible is what a reader sees of a text, whose HTML the store may tidy.
func visible(text string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markup.ReplaceAllString(text, " "))), " ")
}
