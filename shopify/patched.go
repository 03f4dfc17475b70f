package shopify

import (
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// patched says whether a product is as a patch leaves it, allowing for what
// Shopify makes of the values: see UpdateProduct.
func patched(p catalog.Product, patch catalog.ProductPatch) bool {
	if status, ok := patch.Status.Get(); ok && p.Status != status {
		return false
	}
	if tags, ok := patch.Tags.Get(); ok && !slices.Equal(normalTags(tags), normalTags(p.Tags)) {
		return false
	}
	if text, ok := patch.Description.Get(); ok && text != p.Description && visible(text) != visible(p.Description) {
		return false
	}
	if !is(patch.Title, p.Title) || !is(patch.Vendor, p.Vendor) || !is(patch.Type, p.Type) {
		return false
	}
	for _, change := range patch.Variants {
		i := slices.IndexFunc(p.Variants, func(v catalog.Variant) bool { return v.ID == numericID(change.ID) })
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
	return is(patch.SKU, v.SKU) && is(patch.Barcode, v.Barcode) &&
		isAmount(patch.Price, v.Price) && isAmount(patch.CompareAtPrice, v.CompareAtPrice) && isAmount(patch.Cost, v.Cost)
}

// is says whether a text is what was to be written, if it was.
func is(field catalog.Field[string], got string) bool {
	want, ok := field.Get()
	return !ok || strings.TrimSpace(want) == strings.TrimSpace(got)
}

func isAmount(field catalog.Field[catalog.Money], got catalog.Money) bool {
	want, ok := field.Get()
	return !ok || want.IsZero() == got.IsZero() && want.Decimal().Equal(got.Decimal())
}

func sameWeight(a, b catalog.Weight) bool {
	x, y := weighed(a), weighed(b)
	return x.Equal(y) && (a.Unit == b.Unit || x.IsZero())
}

// weighed is a weight's number; none is 0.
func weighed(w catalog.Weight) decimal.Decimal {
	d, err := decimal.NewFromString(w.Value)
	if err != nil {
		return decimal.Zero
	}
	return d
}

// normalTags are tags as Shopify keeps them, in an order of their own.
func normalTags(given []string) []string {
	var tags []string
	for _, t := range given {
		if t = strings.ToLower(strings.TrimSpace(t)); t != "" {
			tags = append(tags, t)
		}
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

var markup = regexp.MustCompile(`<[^>]*>|\s+`)

// visible is what a reader sees of a description, whose HTML may be tidied.
func visible(text string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markup.ReplaceAllString(text, " "))), " ")
}
