package magento

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// patched says whether a product is as a patch leaves it, but for Tracked.
func patched(p catalog.Product, patch catalog.ProductPatch) bool {
	if status, ok := patch.Status.Get(); ok && p.Status != status {
		return false
	}
	if vendor, ok := patch.Vendor.Get(); ok && !strings.EqualFold(strings.TrimSpace(vendor), p.Vendor) {
		return false
	}
	if !hasText(patch.Title, p.Title) || !hasText(patch.Description, p.Description) {
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
	if weight, ok := patch.Weight.Get(); ok && !sameWeight(weight, v.Weight) {
		return false
	}
	return hasText(patch.SKU, v.SKU) && hasText(patch.Barcode, v.Barcode) &&
		hasAmount(patch.Price, v.Price) && hasAmount(patch.CompareAtPrice, v.CompareAtPrice) && hasAmount(patch.Cost, v.Cost)
}

// hasText says whether a text is what was to be written, if it was.
func hasText(field catalog.Field[string], got string) bool {
	want, ok := field.Get()
	return !ok || strings.TrimSpace(want) == strings.TrimSpace(got)
}

func hasAmount(field catalog.Field[catalog.Money], got catalog.Money) bool {
	want, ok := field.Get()
	return !ok || want.IsZero() == got.IsZero() && want.Decimal().Equal(got.Decimal())
}

// sameWeight compares a weight with one in the shop's unit.
func sameWeight(want, got catalog.Weight) bool {
	value, err := decimal.NewFromString(want.Value)
	factor, known := weights[want.Unit+">"+got.Unit]
	have, _ := decimal.NewFromString(got.Value)
	return err == nil && known && value.Mul(factor).Equal(have)
}
