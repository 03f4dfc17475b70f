package bigcommerce

import (
	"fmt"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// patch reads the product's own fields that are named.
func (w *productWriter) patch(p catalog.ProductPatch) map[string]any {
	fields := map[string]any{}
	if title, ok := p.Title.Get(); ok {
		w.title(title)
		fields["name"] = title
	}
	if text, ok := p.Description.Get(); ok {
		fields["description"] = text
	}
	if vendor, ok := p.Vendor.Get(); ok {
		fields["brand_name"] = vendor
		if blank(vendor) {
			delete(fields, "brand_name")
			fields["brand_id"] = 0
		}
	}
	if native, ok := p.Type.Get(); ok {
		if native == "" {
			w.refuse("Type", "a product cannot be without a type")
		}
		w.kind(native)
		fields["type"] = native
	}
	if _, ok := p.Tags.Get(); ok {
		w.tags()
	}
	if status, ok := p.Status.Get(); ok && w.err == nil {
		w.status(map[string]any{}, catalog.Set(status), &productNode{})
	}
	return fields
}

// checkVariants refuses what can be seen to be wrong without asking the store.
func (w *productWriter) checkVariants(patches []catalog.VariantPatch) {
	seen := map[string]bool{}
	for i, v := range patches {
		at := fmt.Sprintf("Variants.%d.", i)
		if err := checkID(w.op, "a variant", v.ID); err != nil {
			w.refuse(at+"ID", "it is not the id of a variant")
		} else if seen[v.ID] {
			w.refuse(at+"ID", "the variant is named twice")
		}
		seen[v.ID] = true
		sku, _ := v.SKU.Get()
		barcode, _ := v.Barcode.Get()
		w.codes(at, sku, strings.TrimSpace(barcode))
		if v == (catalog.VariantPatch{ID: v.ID}) {
			w.refuse(strings.TrimSuffix(at, "."), "it names no field to change")
		}
		if price, ok := v.Price.Get(); ok && price.IsZero() {
			w.refuse(at+"Price", "a price cannot be empty on BigCommerce; write 0")
		}
	}
}

// checkAmounts refuses amounts that the store cannot keep.
func (w *productWriter) checkAmounts(patches []catalog.VariantPatch) {
	for i, v := range patches {
		at := fmt.Sprintf("Variants.%d.", i)
		for name, field := range map[string]catalog.Field[catalog.Money]{"Price": v.Price, "CompareAtPrice": v.CompareAtPrice, "Cost": v.Cost} {
			if amount, ok := field.Get(); ok && !amount.IsZero() {
				w.money(at+name, amount)
			}
		}
		if weight, ok := v.Weight.Get(); ok {
			w.weight(at, weight)
		}
	}
}
