package salla

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// CreateProduct creates a product and returns it. Salla hides one without a
// picture, and takes one whose stock is counted off sale until it has some.
// Pictures are fetched by Salla. Type is one of Salla's, such as "product",
// which "" means, or "digital"; it cannot be changed later. Vendor must be the
// name of one of the store's brands.
//
// A product without options takes one call. With options Salla makes a variant
// of every combination, so all of them must be named; prices, SKUs and the
// like of variants are written afterwards, a call each. When one of these
// fails, the product is there without it: the error is ErrOutcomeUnknown, its
// hint names the product, which is also returned, and UpdateProduct completes
// it. Confirm then says OutcomeDone once it is as asked for, else
// OutcomeUnknown.
//
// It is sent once, after a look at what there is. Confirm finds a product of
// the same SKU, or without one of the same title, that was not there before; it
// may be somebody else's, so that is OutcomeUnknown. With a SKU it may be
// repeated even then: Salla refuses a second product of the same SKU.
// https://docs.salla.dev/5394167e0
func (e *Engine) CreateProduct(ctx context.Context, input catalog.ProductInput, _ catalog.WriteOptions) (catalog.Product, error) {
	const op = "create product"
	w := productWriter{op: op}
	fields := w.create(input)
	if w.err == nil {
		w.currency, w.err = e.currency(ctx)
	}
	w.newVariants(fields, input)
	if w.err == nil {
		w.err = e.references(ctx, op, fields, input.Vendor, input.Tags)
	}
	if w.err != nil {
		return catalog.Product{}, w.err
	}
	before, err := e.alike(ctx, op, input)
	if err != nil {
		return catalog.Product{}, err
	}
	c := change{op: op, method: post, path: "/products", fields: fields, look: func(ctx context.Context) (catalog.Outcome, error) {
		now, err := e.alike(ctx, "confirm "+op, input)
		if err != nil || len(now) > 0 && slices.ContainsFunc(now, func(id string) bool { return !slices.Contains(before, id) }) {
			return catalog.OutcomeUnknown, err
		}
		return catalog.OutcomeNotDone, nil
	}}
	a, err := e.write(ctx, c)
	if err != nil {
		return catalog.Product{}, err
	}
	product, err := record(ctx, e, c, a, productReader)
	if err != nil || len(input.Options) == 0 {
		return product, err
	}
	return e.completeVariants(ctx, c, &w, product, input)
}

// completeVariants writes what a new product's variants are to be.
func (e *Engine) completeVariants(ctx context.Context, c change, w *productWriter, product catalog.Product, input catalog.ProductInput) (catalog.Product, error) {
	patch, err := w.variantsOf(product, input)
	if err == nil && len(patch.Variants) > 0 {
		product, err = e.updateVariants(ctx, w, product, patch)
	}
	if err == nil {
		return product, nil
	}
	id := product.ID
	c.look = func(ctx context.Context) (catalog.Outcome, error) {
		found, err := asIs(func() (catalog.Product, error) { return e.Product(ctx, id) }, func(p catalog.Product) bool { return len(patch.Variants) > 0 && patched(p, patch) })
		if err == nil && found != catalog.OutcomeDone {
			found = catalog.OutcomeUnknown // it is there, but not whole
		}
		return found, err
	}
	return product, withHint(e.unknown(c, "the product was created, but its variants are not complete", err),
		fmt.Sprintf("do not create it again: complete the product %s with UpdateProduct, or delete it", id))
}

// alike finds the products an input cannot be told from: by their SKU or,
// without one, by their title.
func (e *Engine) alike(ctx context.Context, op string, input catalog.ProductInput) (ids []string, err error) {
	if len(input.Options) == 0 && len(input.Variants) == 1 && input.Variants[0].SKU != "" {
		for p, err := range e.ProductsBySKU(ctx, input.Variants[0].SKU) {
			if err != nil {
				return nil, err
			}
			ids = append(ids, p.ID)
		}
		return ids, nil
	}
	for p, err := range list(ctx, e, listing[productNode, catalog.Product]{
		op: op, resource: catalog.Products, call: call{path: "/products", query: map[string][]string{"keyword": {input.Title}}},
		filter: "title", reader: productReader, keep: func(p *catalog.Product) bool { return strings.TrimSpace(p.Title) == strings.TrimSpace(input.Title) },
	}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, p.ID)
	}
	return ids, nil
}

// UpdateProduct changes the named fields and nothing else. Salla keeps a list
// price and a sale price: Price is what shoppers pay, CompareAtPrice the list
// price above it, and setting it to none ends the sale. The dates of a sale
// stay. A brand cannot be emptied and a type not changed: ErrUnsupported. Where
// variants are named the product is read first, since prices depend on
// each other. Each variant of a product with options takes a call of its own,
// before the product's own fields; when a later call fails, the error's hint
// says what was changed.
//
// It sets a state and may be repeated; souk does not repeat it by itself, so as
// not to undo what somebody changed meanwhile.
// https://docs.salla.dev/5394170e0 and 5394204e0
func (e *Engine) UpdateProduct(ctx context.Context, id string, patch catalog.ProductPatch, _ catalog.WriteOptions) (catalog.Product, error) {
	const op = "update product"
	none := catalog.Product{}
	if err := checkID(op, "a product", id); err != nil {
		return none, err
	}
	w := productWriter{op: op}
	fields := w.patch(patch)
	vendor, tags := w.referred(patch)
	w.checkVariants(patch.Variants)
	if w.err == nil && len(fields)+len(patch.Variants) == 0 && vendor == "" && tags == nil {
		w.err = invalid(op, "patch", "it names no field to change")
	}
	if w.err == nil && len(patch.Variants) > 0 {
		w.currency, w.err = e.currency(ctx)
	}
	if w.err != nil {
		return none, w.err
	}
	var product catalog.Product
	apart := false // the variants take calls of their own
	if len(patch.Variants) > 0 {
		var err error
		if product, err = e.product(ctx, op, "/products/"+id); err != nil {
			return none, err
		}
		w.checkAgainst(product, patch.Variants)
		if sole(product) && w.err == nil {
			w.variant(fields, product.Variants[0], patch.Variants[0], 0, true)
		} else {
			apart = true
			w.dryRun(product, patch)
		}
	}
	if w.err == nil {
		w.err = e.references(ctx, op, fields, vendor, tags)
	}
	if w.err != nil {
		return none, w.err
	}
	if tags != nil && len(tagNames(tags)) == 0 {
		fields["tags"] = []int64{}
	}
	var err error
	if apart {
		if product, err = e.updateVariants(ctx, &w, product, patch); err != nil || len(fields) == 0 {
			return product, err
		}
	}
	c := change{op: op, method: put, path: "/products/" + id, fields: fields, look: func(ctx context.Context) (catalog.Outcome, error) {
		return asIs(func() (catalog.Product, error) { return e.Product(ctx, id) }, func(p catalog.Product) bool { return patched(p, patch) })
	}}
	a, err := e.write(ctx, c)
	if err != nil {
		if apart {
			err = halfDone(err, "the variants were changed", ", the product's own fields not")
		}
		return none, err
	}
	return record(ctx, e, c, a, productReader)
}

// sole says that a product has no options: its one variant is itself.
func sole(p catalog.Product) bool {
	return len(p.Variants) == 1 && strings.HasPrefix(p.Variants[0].InventoryItemID, productItem)
}

// DeleteProduct deletes a product; one that is gone is ErrNotFound. It may be
// repeated: souk does not, so that the answer says whose doing it was.
// https://docs.salla.dev/5394171e0
func (e *Engine) DeleteProduct(ctx context.Context, id string, _ catalog.WriteOptions) error {
	const op = "delete product"
	if err := checkID(op, "a product", id); err != nil {
		return err
	}
	_, err := e.write(ctx, change{op: op, method: http.MethodDelete, path: "/products/" + id, look: func(ctx context.Context) (catalog.Outcome, error) {
		p, err := e.Product(ctx, id)
		switch {
		case vanished(err), err == nil && p.NativeStatus == "deleted":
			return catalog.OutcomeDone, nil
		}
		return catalog.OutcomeNotDone, err
	}})
	return err
}
