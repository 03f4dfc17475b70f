package magento

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// patched says whether a product is as a patch leaves it, but for Tracked.
func patched(p catalog.Product, patch catalog.ProductPatch) bool {
	if status, ok := patch.Status.Get(); ok && p.Status != status {
		return false
	}
	if vendor, ok := patch.Vendor.Get(); ok && !strings.EqualFold(strings.TrimSpace(vendor), p.Vendor) {
		return false
	}
	if !transport.HasText(patch.Title, p.Title) || !transport.HasText(patch.Description, p.Description) {
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
	return transport.HasText(patch.SKU, v.SKU) && transport.HasText(patch.Barcode, v.Barcode) &&
		transport.HasMoney(patch.Price, v.Price) && transport.HasMoney(patch.CompareAtPrice, v.CompareAtPrice) && transport.HasMoney(patch.Cost, v.Cost)
}

// sameWeight compares a weight with one in the shop's unit.
func sameWeight(want, got catalog.Weight) bool {
	value, err := decimal.NewFromString(want.Value)
	factor, known := weights[want.Unit+">"+got.Unit]
	have, _ := decimal.NewFromString(got.Value)
	return err == nil && known && value.Mul(factor).Equal(have)
}
