package shopify

import (
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// patched says whether a product is as a patch leaves it, allowing for what
// Shopify makes of the values: see UpdateProduct.
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
	if !transport.HasText(patch.Title, p.Title) || !transport.HasText(patch.Vendor, p.Vendor) || !transport.HasText(patch.Type, p.Type) {
		return false
	}
	for _, change := range patch.Variants {
		i := slices.IndexFunc(p.Variants, func(v catalog.Variant) bool { return v.ID == numericID(change.ID) })
		if i < 0 || !transport.HasVariant(change, p.Variants[i]) {
			return false
		}
	}
	return true
}
