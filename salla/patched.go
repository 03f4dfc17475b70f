package salla

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// patched says whether a product is as a patch leaves it, allowing for what
// Salla makes of the values.
func patched(p catalog.Product, patch catalog.ProductPatch) bool {
	if status, ok := patch.Status.Get(); ok && p.Status != status {
		return false
	}
	if tags, ok := patch.Tags.Get(); ok && !slices.Equal(sorted(tagNames(tags)), sorted(tagNames(p.Tags))) {
		return false
	}
	if text, ok := patch.Description.Get(); ok && text != p.Description && visible(text) != visible(p.Description) {
		return false
	}
	if !is(patch.Title, p.Title) || !is(patch.Vendor, p.Vendor) || !is(patch.Type, p.Type) {
		return false
	}
	return !slices.ContainsFunc(patch.Variants, func(change catalog.VariantPatch) bool {
		v := variantOf(p, change.ID)
		return v.ID == "" || !variantPatched(v, change)
	})
}

func variantPatched(v catalog.Variant, patch catalog.VariantPatch) bool {
	if tracked, ok := patch.Tracked.Get(); ok && tracked != v.Tracked {
		return false
	}
	if weight, ok := patch.Weight.Get(); ok {
		want, err := decimal.NewFromString(weight.Value)
		got, other := decimal.NewFromString(v.Weight.Value)
		if weight.Value != "" && (err != nil || other != nil || !want.Equal(got) || weight.Unit != v.Weight.Unit) || weight.Value == "" && !got.IsZero() {
			return false
		}
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

func sorted(texts []string) []string {
	slices.Sort(texts)
	return texts
}

var markup = regexp.MustCompile(`<[^>]*>|\s+`)

// visible is what a reader sees of a description, whose HTML may be tidied.
func visible(text string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markup.ReplaceAllString(text, " "))), " ")
}

// elements are those of a list; none of anything else.
func elements(raw json.RawMessage) (all []json.RawMessage) {
	for element, err := range transport.Elements(raw) {
		if err != nil {
			return nil
		}
		all = append(all, element)
	}
	return all
}
