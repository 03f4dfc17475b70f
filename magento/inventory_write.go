package magento

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// mostLevels is how many levels are set by one call; a shop that limits the
// lists it takes is sent fewer.
const mostLevels = 100

// SetInventory sets stock by SKU and source, a hundred levels per call, each
// call all or none. A SKU no product has is ErrNotFound and is not sent, since
// Magento would take it; a product that has no stock at the source yet gets it.
// What is set there is the physical stock, which orders not yet shipped still
// take from; a level at or below 0 is out of stock.
//
// With an empty LocationID the number is what the view's website can sell, as
// InventoryLevels tells it: that is possible where the SKU is at one source
// alone, and ErrInvalid elsewhere. Magento cannot compare, so Expected is
// ErrUnsupported. A shop without the inventory modules has one stock, set
// product by product.
//
// It sets a state and may be repeated; souk does not repeat it by itself, so as
// not to undo what somebody changed meanwhile.
// https://developer.adobe.com/commerce/webapi/rest/inventory/manage-source-items
func (e *Engine) SetInventory(ctx context.Context, levels []catalog.InventorySet, _ catalog.WriteOptions) error {
	b := stockBatch{op: "set inventory", engine: e, failed: map[int]error{}}
	for i, l := range levels {
		if err := b.add(i, l); err != nil {
			return err
		}
	}
	if len(b.lines) == 0 {
		return nil
	}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	return b.write(ctx)
}

// stockBatch is a write of any number of levels.
type stockBatch struct {
	op     string
	engine *Engine
	lines  []*stockLine
	failed map[int]error // by place in the input
	single bool          // the shop has one stock
}

// stockLine is one level of it.
type stockLine struct {
	index       int // in the caller's input
	sku, source string
	quantity    json.Number
	wanted      decimal.Decimal
	before      string // what was there; "" = nothing
}

func (l *stockLine) at() string { return folded(l.sku) + "@" + l.source }

func (b *stockBatch) add(i int, l catalog.InventorySet) error {
	sku, err := url.PathUnescape(l.ItemID)
	switch {
	case err != nil || strings.TrimSpace(sku) == "":
		return invalid(b.op, at("", i, "ItemID"), "it is not the id of an item")
	case l.LocationID != "" && !sourceForm.MatchString(l.LocationID):
		return invalid(b.op, at("", i, "LocationID"), "it is not the code of a source")
	case l.Expected != nil:
		return catalog.Unsupported(Platform, b.op+" where it is as expected", "read the level, and set it without Expected: Magento cannot compare")
	}
	line := &stockLine{index: i, sku: sku, source: l.LocationID, wanted: l.Available.Decimal()}
	if line.quantity, err = pieces(b.op, at("", i, "Available"), l.Available); err != nil {
		return err
	}
	for _, other := range b.lines {
		if folded(other.sku) == folded(sku) && (other.source == line.source || other.source == "" || line.source == "") {
			return invalid(b.op, at("", i, "ItemID"), fmt.Sprintf("the level is that of item %d of the input already", other.index))
		}
	}
	b.lines = append(b.lines, line)
	return nil
}

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
				l.before = it.Quantity
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
	l.source, l.before = items[0].Source, items[0].Quantity
	l.wanted = l.wanted.Add(held).Sub(sellable)
	l.quantity = exact(l.wanted)
	return nil
}

const inStock = "1"

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

// write sends the lines in calls of the shop's size.
func (b *stockBatch) write(ctx context.Context) error {
	total := len(b.lines) + len(b.failed)
	for rest := b.lines; len(rest) > 0; {
		n := min(len(rest), mostLevels)
		if most := int(b.engine.known.list.Load()); most > 0 {
			n = min(n, most)
		}
		if b.single {
			n = 1
		}
		err := b.call(ctx, rest[:n])
		if failed, ok := err.(*catalog.Error); ok && failed.Code == pageTooLarge && int(b.engine.known.list.Load()) < n {
			continue // in smaller calls
		}
		for _, l := range rest[:n] {
			if err != nil {
				b.failed[l.index] = err
			}
		}
		rest = rest[n:]
		// A refusal is about its own call; after anything else nothing is sent.
		if kind := catalog.KindOf(err); err != nil && kind != catalog.ErrInvalid && kind != catalog.ErrNotFound {
			if len(b.failed) == n && len(rest) == 0 && n == total {
				return err
			}
			for _, l := range rest {
				b.failed[l.index] = &catalog.Error{Platform: Platform, Op: b.op, Kind: catalog.ErrUnavailable, Message: "not sent, since a call before it failed"}
			}
			break
		}
	}
	if len(b.failed) == 0 {
		return nil
	}
	return &catalog.BatchError{Platform: Platform, Op: b.op, Failed: b.failed, Total: total}
}

func (b *stockBatch) call(ctx context.Context, lines []*stockLine) error {
	e := b.engine
	if b.single {
		l := lines[0]
		fields := map[string]any{"qty": l.quantity, "is_in_stock": l.wanted.IsPositive()}
		return e.setStockItem(ctx, b.op, l.sku, fields, func(ctx context.Context) (catalog.Outcome, error) { return e.lookAtStockItem(ctx, l) })
	}
	list := make([]any, len(lines))
	for i, l := range lines {
		status := 0
		if l.wanted.IsPositive() {
			status = 1
		}
		list[i] = map[string]any{"sku": l.sku, "source_code": l.source, "quantity": l.quantity, "status": status}
	}
	_, err := e.change(ctx, b.op, post, "/inventory/source-items", map[string]any{"sourceItems": list},
		func(ctx context.Context) (catalog.Outcome, error) { return e.lookAtLevels(ctx, lines) })
	return err
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
		now := ""
		for _, it := range items[folded(l.sku)] {
			if it.Source == l.source {
				now = it.Quantity
			}
		}
		got, err := decimal.NewFromString(now)
		switch {
		case err == nil && got.Equal(l.wanted):
			done++
		case now == l.before:
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
	return settled(err == nil && got.Equal(l.wanted), nil)
}
