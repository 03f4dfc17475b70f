package magento

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// prepare reads what is there, and sorts out what cannot be set.
func (b *stockBatch) prepare(ctx context.Context) error {
	skus := map[string]bool{}
	for _, l := range b.lines {
		skus[l.sku] = true
	}
	products, err := b.engine.whole.bySKU(ctx, b.op, slices.Sorted(maps.Keys(skus)))
	if err != nil {
		return err
	}
	items, err := b.engine.sourcesOf(ctx, b.op, slices.Sorted(maps.Keys(skus)))
	if missing(err) {
		b.engine.known.noMSI.Store(true)
		b.single, err = true, nil
	}
	if err != nil {
		return err
	}
	var salable map[string]salableNode
	if !b.single && slices.ContainsFunc(b.lines, func(l *stockLine) bool { return l.source == "" }) {
		if salable, err = b.salable(ctx); err != nil {
			return err
		}
	}
	b.lines = slices.DeleteFunc(b.lines, func(l *stockLine) bool {
		err := b.resolve(ctx, l, products[folded(l.sku)], items[folded(l.sku)], salable)
		if err != nil {
			b.failed[l.index] = err
		}
		return err != nil
	})
	return nil
}

func (b *stockBatch) salable(ctx context.Context) (map[string]salableNode, error) {
	view, err := b.engine.viewOf(ctx)
	if err != nil {
		return nil, err
	}
	var skus []string
	for _, l := range b.lines {
		if l.source == "" {
			skus = append(skus, l.sku)
		}
	}
	return b.engine.salable(ctx, b.op, view, bySKUs(skus))
}

// resolve says what a level's number is at its source.
func (b *stockBatch) resolve(ctx context.Context, l *stockLine, product *productNode, items []sourceItemNode, salable map[string]salableNode) error {
	switch {
	case product == nil:
		return &catalog.Error{Platform: Platform, Op: b.op, Kind: catalog.ErrNotFound, Message: "no product has this SKU",
			Fields: []catalog.FieldError{{Field: at("", l.index, "ItemID"), Message: "no product has this SKU"}}}
	case !hasStock(product.Type):
		return withHint(invalid(b.op, at("", l.index, "ItemID"), "a product of the type "+product.Type+" has no stock of its own"), "set that of its parts")
	case b.single && l.source != "" && l.source != defaultSource:
		return &catalog.Error{Platform: Platform, Op: b.op, Kind: catalog.ErrNotFound, Message: "the shop has no sources", Hint: "leave LocationID empty"}
	case b.single:
		l.sku = product.SKU
		return nil
	}
	l.sku = product.SKU
	if l.source != "" {
		for _, it := range items {
			if it.Source == l.source {
				l.before = it.standing()
			}
		}
		return nil
	}
	stock, told := salable[folded(l.sku)]
	if len(items) != 1 || !told || stock.Qty == nil {
		return withHint(invalid(b.op, at("", l.index, "LocationID"), fmt.Sprintf("the SKU is at %d sources, so that its stock as a whole cannot be set", len(items))),
			"name the source, as Locations returns them")
	}
	// What was sold and not yet shipped is between the two.
	held, err1 := decimal.NewFromString(items[0].Quantity)
	sellable, err2 := decimal.NewFromString(*stock.Qty)
	if err1 != nil || err2 != nil {
		return &catalog.Error{Platform: Platform, Op: b.op, Kind: catalog.ErrBadAnswer, Message: "the stock that is there is no number"}
	}
	switch {
	case items[0].Status != inStock:
		held = decimal.Zero // it counts for nothing while it is out of stock
	case stock.Salable && sellable.IsZero() && !held.IsZero(): // on back order, or not counted
		n, err := b.engine.whole.stockItem(ctx, b.op, l.sku)
		if err != nil {
			return err
		}
		if n.Managed != nil && !*n.Managed {
			held = decimal.Zero
		}
	}
	l.source, l.before = items[0].Source, items[0].standing()
	l.wanted = l.wanted.Add(held).Sub(sellable)
	l.quantity = exact(l.wanted)
	return nil
}

const inStock = "1"

// standing is the state of a level, "" where there is none.
func (n sourceItemNode) standing() string { return joinedBy(" ", n.Quantity, n.Status) }

// sourcesOf reads the stock of some SKUs at all sources, by folded SKU.
func (e *Engine) sourcesOf(ctx context.Context, op string, skus []string) (map[string][]sourceItemNode, error) {
	all := map[string][]sourceItemNode{}
	for _, f := range bySKUs(skus) {
		err := e.sourceItems(ctx, op, f, func(_ json.RawMessage, n sourceItemNode, _ []catalog.Problem) {
			all[folded(n.SKU)] = append(all[folded(n.SKU)], n)
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// lookAtLevels says what became of a call: levels that are all as it leaves them
// settle it, and one that is as it was before says that nothing happened.
func (e *Engine) lookAtLevels(ctx context.Context, lines []*stockLine) (catalog.Outcome, error) {
	skus := make([]string, len(lines))
	for i, l := range lines {
		skus[i] = l.sku
	}
	items, err := e.sourcesOf(ctx, "confirm set inventory", skus)
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	done, untouched := 0, false
	for _, l := range lines {
		var now sourceItemNode
		for _, it := range items[folded(l.sku)] {
			if it.Source == l.source {
				now = it
			}
		}
		got, err := decimal.NewFromString(now.Quantity)
		switch {
		case err == nil && got.Equal(l.wanted) && (now.Status == inStock) == l.wanted.IsPositive():
			done++
		case now.standing() == l.before:
			untouched = true
		}
	}
	switch {
	case done == len(lines):
		return catalog.OutcomeDone, nil
	case untouched:
		return catalog.OutcomeNotDone, nil
	}
	return catalog.OutcomeUnknown, nil
}

func (e *Engine) lookAtStockItem(ctx context.Context, l *stockLine) (catalog.Outcome, error) {
	n, err := e.stockItem(ctx, "confirm set inventory", l.sku)
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	got, err := decimal.NewFromString(n.Qty)
	if err == nil && got.Equal(l.wanted) && n.InStock != l.wanted.IsPositive() {
		return catalog.OutcomeUnknown, nil // not done, or a threshold of the shop's took it out of stock
	}
	return settled(err == nil && got.Equal(l.wanted), nil)
}
