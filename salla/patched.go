package salla

import (
	"encoding/json"
	"slices"

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
	if text, ok := patch.Description.Get(); ok && !transport.SameHTML(text, p.Description) {
		return false
	}
	if !transport.HasText(patch.Title, p.Title) || !transport.HasText(patch.Vendor, p.Vendor) || !transport.HasText(patch.Type, p.Type) {
		return false
	}
	return !slices.ContainsFunc(patch.Variants, func(change catalog.VariantPatch) bool {
		v := variantOf(p, change.ID)
		return v.ID == "" || !transport.HasVariant(change, v)
	})
}

func sorted(texts []string) []string {
	slices.Sort(texts)
	return texts
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
