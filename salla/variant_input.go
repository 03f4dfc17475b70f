package salla

import (
	"encoding/json"
	"fmt"

	"github.com/soukhq/souk/catalog"
)

// checkVariants checks the ids of the named variants.
func (w *productWriter) checkVariants(patches []catalog.VariantPatch) {
	seen := map[string]bool{}
	for i, v := range patches {
		at := fmt.Sprintf("Variants.%d", i)
		if checkID(w.op, "a variant", v.ID) != nil {
			w.refuse(at+".ID", "it is not the id of a variant")
		} else if seen[v.ID] {
			w.refuse(at+".ID", "the variant is named twice")
		}
		if !named(v) {
			w.refuse(at, "it names no field to change")
		}
		seen[v.ID] = true
	}
}

// checkAgainst checks that the product has the named variants.
func (w *productWriter) checkAgainst(p catalog.Product, patches []catalog.VariantPatch) {
	var n productNode
	_, _ = decode(p.Raw, &n) // it was read before
	w.gtins = map[string]bool{}
	for i := range n.SKUs {
		w.gtins[idText(n.SKUs[i].ID)] = n.ownGTIN(&n.SKUs[i]) != ""
	}
	for i, v := range patches {
		if variantOf(p, v.ID).ID == "" && w.err == nil {
			field := catalog.FieldError{Field: fmt.Sprintf("Variants.%d.ID", i), Message: "the product has no such variant"}
			w.err = &catalog.Error{Platform: Platform, Op: w.op, Kind: catalog.ErrNotFound, Message: field.Message, Fields: []catalog.FieldError{field}}
		}
	}
}

// dryRun checks all variants before the first is written.
func (w *productWriter) dryRun(p catalog.Product, patch catalog.ProductPatch) {
	for i, v := range patch.Variants {
		w.variant(map[string]any{}, variantOf(p, v.ID), v, i, false)
	}
}

// variant reads a variant's fields that are named. have is the variant as it
// is; sole says that it is the product itself.
func (w *productWriter) variant(fields map[string]any, have catalog.Variant, v catalog.VariantPatch, i int, sole bool) {
	at := func(name string) string { return fmt.Sprintf("Variants.%d.%s", i, name) }
	if sku, ok := v.SKU.Get(); ok {
		fields["sku"] = sku
	}
	if barcode, ok := v.Barcode.Get(); ok {
		if sole || barcode == "" && w.gtins[v.ID] { // which would show in its place
			fields["gtin"] = barcode
		}
		if !sole {
			fields["barcode"] = barcode
		}
	}
	w.prices(fields, have, v, at)
	if cost, ok := v.Cost.Get(); ok {
		if cost.IsZero() {
			w.unsupported("with an empty cost", "write a cost of 0")
		}
		w.money(fields, "cost_price", at("Cost"), cost)
	}
	if tracked, ok := v.Tracked.Get(); ok && sole { // of other variants see countStock
		fields["unlimited_quantity"] = !tracked
	}
	if weight, ok := v.Weight.Get(); ok {
		value, unit := w.weight(at("Weight"), weight)
		fields["weight"] = value
		switch {
		case unit == "": // none
		case sole:
			fields["weight_type"] = unit
		case unit != have.Weight.Unit:
			w.unsupported("with a variant's weight in "+unit, "variants are weighed in the product's unit, "+have.Weight.Unit)
		}
	}
}

// prices writes what shoppers pay and the crossed-out price as Salla's list
// price and sale price.
func (w *productWriter) prices(fields map[string]any, have catalog.Variant, v catalog.VariantPatch, at func(string) string) {
	price, priced := v.Price.Get()
	compare, compared := v.CompareAtPrice.Get()
	if !priced && !compared {
		return
	}
	if priced && price.IsZero() {
		w.refuse(at("Price"), "a price cannot be empty on Salla; write 0")
	}
	// Each is checked before the other is looked at.
	w.money(map[string]any{}, "", at("Price"), price)
	w.money(map[string]any{}, "", at("CompareAtPrice"), compare)
	if !priced {
		price = have.Price
	}
	if !compared {
		compare = have.CompareAtPrice
	}
	if compare.IsZero() {
		w.money(fields, "price", at("Price"), price)
		if compared {
			fields["sale_price"] = json.Number("0") // which is how Salla says none
		}
		return
	}
	switch above, err := compare.Cmp(price); {
	case w.err != nil:
	case err != nil:
		w.refuse(at("CompareAtPrice"), "%v", err)
	case above <= 0:
		w.refuse(at("CompareAtPrice"), "on Salla the crossed-out price %s must be above the price %s; name both", compare, price)
	case price.Sign() == 0:
		w.refuse(at("Price"), "on Salla a sale at 0 is none; empty CompareAtPrice for a price of 0")
	}
	w.money(fields, "price", at("CompareAtPrice"), compare)
	w.money(fields, "sale_price", at("Price"), price)
}
