package salla

import (
	"context"
	"fmt"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// updateVariants changes the variants a patch names of a product with options,
// one by one, and reads the product again.
func (e *Engine) updateVariants(ctx context.Context, w *productWriter, product catalog.Product, patch catalog.ProductPatch) (catalog.Product, error) {
	read := func(ctx context.Context) (catalog.Product, error) { return e.Product(ctx, product.ID) }
	var c change
	changed := 0
	for i, v := range patch.Variants {
		fields := map[string]any{}
		w.variant(fields, variantOf(product, v.ID), v, i, false)
		if w.err != nil {
			return product, w.err
		}
		if len(fields) == 0 {
			continue
		}
		c = change{op: w.op, method: put, path: "/products/variants/" + v.ID, fields: fields, look: func(ctx context.Context) (catalog.Outcome, error) {
			return asIs(func() (catalog.Product, error) { return read(ctx) }, func(p catalog.Product) bool { return patched(p, patch) })
		}}
		if _, err := e.write(ctx, c); err != nil {
			if changed > 0 {
				err = halfDone(err, fmt.Sprintf("the variants before number %d were changed", i+1), ", the others not")
			}
			return product, err
		}
		changed++
	}
	if rows := countingRows(patch.Variants); len(rows) > 0 {
		return e.countStock(ctx, w.op, product, patch, rows)
	}
	now, err := read(ctx)
	if err != nil {
		return product, e.unknown(c, "the variants were changed, but the product cannot be read", err)
	}
	return now, nil
}

// countingRows say of which variants stock is counted: only the bulk call
// takes that. Adding nothing leaves the level alone.
func countingRows(patches []catalog.VariantPatch) (rows []any) {
	for _, v := range patches {
		if tracked, ok := v.Tracked.Get(); ok {
			rows = append(rows, map[string]any{"identifer_type": "variant_id", "identifer": v.ID, "quantity": 0, "mode": "increment", "unlimited_quantity": !tracked})
		}
	}
	return rows
}

// countStock sends the rows and waits until they show. Only they are queued: what
// was written before is not waited for, since somebody may change it meanwhile.
func (e *Engine) countStock(ctx context.Context, op string, product catalog.Product, patch catalog.ProductPatch, rows []any) (catalog.Product, error) {
	c := change{op: op, method: post, path: bulkPath, slow: true, look: func(ctx context.Context) (catalog.Outcome, error) {
		return asIs(func() (catalog.Product, error) { return e.Product(ctx, product.ID) }, func(p catalog.Product) bool { return patched(p, patch) })
	}}
	for part := range slices.Chunk(rows, maxBulk) {
		c.fields = map[string]any{"products": part}
		if _, err := e.write(ctx, c); err != nil {
			return product, halfDone(err, "the variants were changed", ", except for whether the stock of all is counted")
		}
	}
	queued := counting(patch.Variants)
	for n := 1; ; n++ {
		now, err := e.Product(ctx, product.ID)
		if err == nil && patched(now, queued) {
			return now, nil
		}
		if err == nil {
			product = now
			err = transport.Pause(ctx, e.pollInterval(), n)
		}
		if err != nil || n == mostLooks {
			return product, e.unknown(c, "Salla queued whether the variants' stock is counted, and it does not show yet", err)
		}
	}
}

// counting is what patches say of whether stock is counted, and nothing else.
func counting(patches []catalog.VariantPatch) (p catalog.ProductPatch) {
	for _, v := range patches {
		if _, named := v.Tracked.Get(); named {
			p.Variants = append(p.Variants, catalog.VariantPatch{ID: v.ID, Tracked: v.Tracked})
		}
	}
	return p
}

func variantOf(p catalog.Product, id string) catalog.Variant {
	i := slices.IndexFunc(p.Variants, func(v catalog.Variant) bool { return v.ID == id })
	if i < 0 {
		return catalog.Variant{}
	}
	return p.Variants[i]
}
