package woocommerce

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// SetInventory sets what is in stock, a hundred items per call; variations of
// each product take calls of their own. An item that was not counted is counted
// from then on. A variation that shares its product's stock is refused: set the
// product's. LocationID is "" or the id of the one location.
//
// The store has no compare-and-set, so Expected is ErrUnsupported. Levels are
// read before they are written. It sets a state and may be repeated; souk sends
// each call once, so as not to undo a sale. After a call that failed nothing
// more is sent.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#batch-update-products
func (e *Engine) SetInventory(ctx context.Context, levels []catalog.InventorySet, _ catalog.WriteOptions) error {
	b := stockBatch{e: e, op: "set inventory", lines: make([]*stockLine, len(levels)), failed: map[int]error{}}
	if err := b.check(levels); err != nil || len(levels) == 0 {
		return err
	}
	if err := b.read(ctx); err != nil {
		return err
	}
	return b.write(ctx)
}

// stockLine is one level to be set.
type stockLine struct {
	index  int // in the caller's input
	id     int64
	to     int64
	parent int64 // of a variation; 0 = it is a product
	had    stockNode
}

// stockBatch is a write of any number of levels.
type stockBatch struct {
	e      *Engine
	op     string
	lines  []*stockLine
	failed map[int]error
}

// check looks at what needs no answer of the store.
func (b *stockBatch) check(levels []catalog.InventorySet) error {
	seen := map[int64]int{}
	for i, l := range levels {
		at := func(name string) string { return itoa(i) + "." + name }
		if err := checkID(b.op, "a product or a variation", l.ItemID); err != nil {
			return invalid(b.op, at("ItemID"), "it is not the id of a product or a variation")
		}
		n, exact := l.Available.Int()
		switch {
		case l.LocationID != "" && l.LocationID != onlyLocation:
			return invalid(b.op, at("LocationID"), "WooCommerce has no locations; leave it empty")
		case l.Expected != nil:
			return catalog.Unsupported(Platform, b.op+" with an expected level", "read the level just before and set it without: WooCommerce has no compare-and-set")
		case !exact:
			return invalid(b.op, at("Available"), "WooCommerce counts whole pieces")
		}
		id, _ := strconv.ParseInt(l.ItemID, 10, 64)
		if first, twice := seen[id]; twice {
			return invalid(b.op, at("ItemID"), fmt.Sprintf("the item is that of %d of the input already", first))
		}
		seen[id] = i
		b.lines[i] = &stockLine{index: i, id: id, to: n}
	}
	return nil
}

// read finds out what each item is; those that have no stock fail.
func (b *stockBatch) read(ctx context.Context) error {
	found, err := b.rows(ctx, b.lines)
	if err != nil {
		return err
	}
	b.lines = slices.DeleteFunc(b.lines, func(l *stockLine) bool {
		n, ok := found[l.id]
		refuse := func(kind catalog.Kind, message, hint string) bool {
			b.failed[l.index] = &catalog.Error{Platform: Platform, Op: b.op, Kind: kind, Message: message, Hint: hint,
				Fields: []catalog.FieldError{{Field: itoa(l.index) + ".ItemID", Message: message}}}
			return true
		}
		switch {
		case !ok:
			return refuse(catalog.ErrNotFound, "there is no such product or variation", "")
		case n.Manage == "parent":
			return refuse(catalog.ErrInvalid, "the variation shares the stock of its product", "set that of the product, "+idText(n.ParentID))
		case !n.keepsStock():
			return refuse(catalog.ErrInvalid, "the stock is kept by the product's variations", "set theirs")
		}
		l.had = n
		if n.Type == "variation" || n.Type == "" {
			l.parent = n.ParentID
		}
		return false
	})
	return nil
}

// rows reads items as they are now.
func (b *stockBatch) rows(ctx context.Context, lines []*stockLine) (map[int64]stockNode, error) {
	k := &stock{e: b.e, op: b.op, query: stockQuery()}
	for _, l := range lines {
		k.items = append(k.items, l.id)
	}
	slices.Sort(k.items)
	rows, err := k.some(ctx, 0)
	if err != nil {
		return nil, err
	}
	found := map[int64]stockNode{}
	for _, r := range rows {
		if r.err == nil {
			found[r.id] = r.node
		}
	}
	return found, nil
}

// calls are the lines of each call: those of products, then those of each
// product's variations.
func (b *stockBatch) calls() [][]*stockLine {
	var parents []int64
	of := map[int64][]*stockLine{}
	for _, l := range b.lines {
		if of[l.parent] == nil {
			parents = append(parents, l.parent)
		}
		of[l.parent] = append(of[l.parent], l)
	}
	var all [][]*stockLine
	for _, p := range parents {
		all = slices.AppendSeq(all, slices.Chunk(of[p], mostIncluded))
	}
	return all
}

// write sends the calls, some at once, and none after one that failed.
func (b *stockBatch) write(ctx context.Context) error {
	calls := b.calls()
	total, refused := len(b.lines)+len(b.failed), len(b.failed)
	var stop atomic.Bool
	var last error
	send := func(ctx context.Context, lines []*stockLine) (map[int]error, error) {
		if stop.Load() {
			return nil, &catalog.Error{Platform: Platform, Op: b.op, Kind: catalog.ErrUnavailable, Message: "not sent, since a call before it failed"}
		}
		refusals, err := b.send(ctx, lines)
		if err != nil {
			stop.Store(true)
		}
		return refusals, err
	}
	i := 0
	for refusals, err := range transport.InOrder(ctx, calls, atOnce, send) {
		for _, l := range calls[i] {
			if err != nil {
				b.failed[l.index], last = err, err
			}
		}
		for index, why := range refusals {
			b.failed[index] = why
		}
		i++
	}
	switch {
	case len(b.failed) == 0:
		return nil
	case len(calls) == 1 && last != nil && refused == 0:
		return last // of all, and nothing else to tell
	case total == 1:
		for _, why := range b.failed {
			return why
		}
	}
	return &catalog.BatchError{Platform: Platform, Op: b.op, Failed: b.failed, Total: total}
}

// send makes one call and returns, by their place in the input, the lines that
// the store refused or failed at.
func (b *stockBatch) send(ctx context.Context, lines []*stockLine) (map[int]error, error) {
	path := "/products/batch"
	if parent := lines[0].parent; parent != 0 {
		path = "/products/" + idText(parent) + "/variations/batch"
	}
	items := make([]any, len(lines))
	for i, l := range lines {
		items[i] = map[string]any{"id": l.id, "manage_stock": true, "stock_quantity": l.to}
	}
	c := change{post(b.op, path, map[string]any{"update": items}), func(ctx context.Context) (catalog.Outcome, error) { return b.look(ctx, lines) }}
	results, err := b.e.batch(ctx, c, "update", len(lines))
	if err != nil {
		return nil, err
	}
	refused := map[int]error{}
	for i, r := range results {
		if r.err != nil {
			r.err.Fields = append(r.err.Fields, catalog.FieldError{Field: itoa(lines[i].index) + ".ItemID", Code: r.err.Code, Message: r.err.Message})
			one := c
			one.look = func(ctx context.Context) (catalog.Outcome, error) { return b.look(ctx, lines[i:i+1]) }
			refused[lines[i].index] = b.e.lost(one, r.err)
		}
	}
	return refused, nil
}

// look says what became of a call. Levels that are as it leaves them settle it;
// one that is as it was before, of the same time of change, says that nothing
// happened.
func (b *stockBatch) look(ctx context.Context, lines []*stockLine) (catalog.Outcome, error) {
	found, err := b.rows(ctx, lines)
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	done, untouched := 0, false
	for _, l := range lines {
		now, there := found[l.id]
		switch {
		case there && now.Manage == "true" && now.Quantity == itoa(l.to):
			done++
		case there && now.Modified.Equal(l.had.Modified.Time) && now.Quantity == l.had.Quantity && now.Manage == l.had.Manage:
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
