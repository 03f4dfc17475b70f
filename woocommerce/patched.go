package woocommerce

import (
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// patched says whether a product is as a patch leaves it, allowing for what the
// store makes of the values: see UpdateProduct.
func patched(p catalog.Product, patch catalog.ProductPatch) bool {
	if status, ok := patch.Status.Get(); ok && p.Status != status {
		return false
	}
	if tags, ok := patch.Tags.Get(); ok && !transport.SameNames(tags, p.Tags) {
		return false
	}
	if text, ok := patch.Description.Get(); ok && !transport.SameHTML(text, p.Description) {
		return false
	}
	if vendor, ok := patch.Vendor.Get(); ok && !strings.EqualFold(strings.TrimSpace(vendor), p.Vendor) {
		return false
	}
	if title, ok := patch.Title.Get(); ok && !transport.SameHTML(title, p.Title) {
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
	return transport.HasText(patch.SKU, v.SKU) && transport.HasText(patch.Barcode, v.Barcode) &&
		transport.HasMoney(patch.Price, v.Price) && transport.HasMoney(patch.CompareAtPrice, v.CompareAtPrice)
}

// sameWeight compares weights, of which the one got is in the store's unit.
func sameWeight(want, got catalog.Weight) bool {
	w := productWriter{settings: settings{weightUnit: got.Unit}}
	text := w.weight("", want)
	return w.err == nil && transport.SameWeight(catalog.Weight{Value: text, Unit: got.Unit}, got)
}
