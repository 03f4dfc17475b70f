package bigcommerce

import (
	"fmt"
	"slices"

	"github.com/soukhq/souk/catalog"
)

// patchVariants reads the variants' fields that are named, given the product as
// it is now. What belongs to the product itself goes into fields: the stock's
// counting, and everything of the only variant of a product without options.
func (w *productWriter) patchVariants(fields map[string]any, patches []catalog.VariantPatch, now *productNode) []step {
	var wants []want
	counted := map[bool]int{}
	for i, patch := range patches {
		at := fmt.Sprintf("Variants.%d.", i)
		k := slices.IndexFunc(now.Variants, func(v variantNode) bool { return idText(v.ID) == patch.ID })
		if k < 0 {
			w.err = &catalog.Error{Platform: Platform, Op: w.op, Kind: catalog.ErrNotFound, Message: "the product has no variant " + patch.ID,
				Fields: []catalog.FieldError{{Field: at + "ID", Message: "no such variant"}}}
			return nil
		}
		v := &now.Variants[k]
		base := len(now.Variants) == 1 && len(v.OptionValue) == 0
		own := map[string]any{}
		to := own
		if base {
			to = fields
		}
		w.codesOf(to, at, patch, v, base)
		priced := to
		if base && (v.Price != "" || v.SalePrice != "") { // it has prices of its own, which count
			priced = own
		}
		w.prices(priced, at, patch, v, now)
		if cost, ok := patch.Cost.Get(); ok {
			to := to
			if v.CostPrice != "" {
				to = own
			}
			to["cost_price"] = w.amountOrNone(at+"Cost", cost)
		}
		if weight, ok := patch.Weight.Get(); ok {
			to := to
			if v.Weight != "" {
				to = own
			}
			to["weight"] = w.weight(at, weight)
		}
		if tracked, ok := patch.Tracked.Get(); ok {
			counted[tracked]++
		}
		if len(own) > 0 {
			wants = append(wants, want{v.ID, own})
		}
	}
	w.counting(fields, counted, now)
	return stepsFor(idText(now.ID), wants)
}

// codesOf writes what identifies a variant. Without options it may lack an SKU.
func (w *productWriter) codesOf(to map[string]any, at string, patch catalog.VariantPatch, v *variantNode, base bool) {
	if sku, ok := patch.SKU.Get(); ok {
		if blank(sku) && !base {
			w.refuse(at+"SKU", "a variant's SKU cannot be emptied on BigCommerce")
		}
		to["sku"] = sku
	}
	if barcode, ok := patch.Barcode.Get(); ok {
		to["gtin"] = barcode
		if barcode == "" && v.UPC != "" {
			to["upc"] = "" // it would be read as the barcode
		}
	}
}

// amountOrNone writes an amount; 0 is how BigCommerce says that there is none.
func (w *productWriter) amountOrNone(field string, m catalog.Money) any {
	if m.IsZero() {
		return 0
	}
	return w.money(field, m)
}

// prices writes what a shopper pays and the regular price above it, of which
// one may be named and the other has to stay. BigCommerce keeps a regular price
// and one of a sale; a variant that has neither has the product's.
func (w *productWriter) prices(to map[string]any, at string, patch catalog.VariantPatch, v *variantNode, p *productNode) {
	price, named := patch.Price.Get()
	regular, above := patch.CompareAtPrice.Get()
	if !named && !above {
		return
	}
	p.store = w.store
	var n notes
	have := n.variant(slices.IndexFunc(p.Variants, func(o variantNode) bool { return o.ID == v.ID }), p)
	if !named {
		price = have.Price
	}
	if !above {
		regular = have.CompareAtPrice
	}
	product := len(p.Variants) == 1 && len(v.OptionValue) == 0 && v.Price == "" && v.SalePrice == ""
	switch {
	case !regular.IsZero():
		w.onSale(at, price, regular)
		to["price"], to["sale_price"] = w.money(at+"CompareAtPrice", regular), w.money(at+"Price", price)
		return
	case product && !p.SalePrice.nought():
		to["sale_price"] = 0
	case !product && !p.SalePrice.nought(): // null would be the product's
		if price.Sign() == 0 {
			w.refuse(at+"Price", "the product is on sale, so that a variant cannot cost 0; end the sale first")
		}
		to["sale_price"] = w.money(at+"Price", price)
	case !product && v.SalePrice != "":
		to["sale_price"] = nil
	case !named:
		return // there was none above it
	}
	to["price"] = w.money(at+"Price", price)
}

// counting writes whether stock is counted, which is one thing for the whole
// product.
func (w *productWriter) counting(fields map[string]any, counted map[bool]int, now *productNode) {
	tracked := now.Tracking == trackedByProduct || now.Tracking == trackedByVariant
	switch {
	case counted[!tracked] == 0: // as it is
	case counted[tracked] > 0 || counted[!tracked] < len(now.Variants):
		w.oneStock()
	case tracked:
		fields["inventory_tracking"] = "none"
	case len(now.Variants) == 1 && len(now.Variants[0].OptionValue) == 0:
		fields["inventory_tracking"] = trackedByProduct
	default:
		fields["inventory_tracking"] = trackedByVariant
	}
}
