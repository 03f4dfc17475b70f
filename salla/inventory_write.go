package salla

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// maxBulk is how many rows souk puts into one bulk call; Salla names no limit.
const maxBulk = 100

// bulkPath takes stock.
const bulkPath = "/products/quantities/bulk"

// SetInventory sets what is available, 100 levels per call, of a branch or,
// without a LocationID, of the item as a whole. Items are those of
// catalog.Variant.InventoryItemID. Salla queues such a call and answers before
// it applies, without saying which rows it could not: each level is read
// before, so that an unknown item is ErrNotFound and one whose stock is not
// counted ErrConflict, and again until it shows, for five minutes by default;
// what does not show by then, or before ctx ends, is ErrOutcomeUnknown.
//
// Salla cannot compare and set: an Expected is ErrUnsupported. It sets a state
// and may be repeated; it is sent once, since a call that comes late would
// overwrite what was sold meanwhile. Confirm looks for five minutes before it
// says that nothing happened.
// https://docs.salla.dev/5394192e0
func (e *Engine) SetInventory(ctx context.Context, levels []catalog.InventorySet, _ catalog.WriteOptions) error {
	b := stockBatch{op: "set inventory"}
	for i, l := range levels {
		if l.Expected != nil {
			return catalog.Unsupported(Platform, b.op+" where it is as expected", "adjust by the difference, which undoes nobody's change")
		}
		line := b.add(i, l.ItemID, l.LocationID)
		line.number, line.mode = b.whole(i, "Available", l.Available), "overwrite"
		if line.number < 0 {
			b.refuse(i, "Available", "stock cannot be negative")
		}
	}
	return b.write(ctx, e)
}

// AdjustInventory adds differences to what is available, in calls as those of
// SetInventory. Taking away more than there is is ErrConflict. It is sent once
// and must not be repeated before Confirm was asked, which looks for five
// minutes, as Salla may take that long, and then says OutcomeNotDone if the
// level, sales aside, is what it was. It never says OutcomeDone: who changed a
// level cannot be told. Nor does it say OutcomeNotDone where sales may have hidden
// a change: of a variant without a SKU, whose sales Salla does not tell, and of a
// variant or a branch whose product sold as much meanwhile.
// https://docs.salla.dev/5394192e0
func (e *Engine) AdjustInventory(ctx context.Context, deltas []catalog.InventoryDelta, _ catalog.WriteOptions) error {
	b := stockBatch{op: "adjust inventory", adds: true}
	for i, d := range deltas {
		line := b.add(i, d.ItemID, d.LocationID)
		line.number, line.mode = b.whole(i, "Delta", d.Delta), "increment"
		if line.number < 0 {
			line.mode = "decrement"
		}
	}
	return b.write(ctx, e)
}

// stockBatch is a write of any number of levels.
type stockBatch struct {
	op    string
	adds  bool
	lines []*stockLine
	seen  map[string]int
	err   error // the first complaint
}

// stockLine is one level of it.
type stockLine struct {
	index          int // in the caller's input
	item, location string
	number         int64 // the level, or the difference
	mode           string
	before         stock
}

func (b *stockBatch) refuse(i int, field, message string) {
	if b.err == nil {
		b.err = invalid(b.op, strconv.Itoa(i)+"."+field, message)
	}
}

func (b *stockBatch) add(i int, item, location string) *stockLine {
	if kind, id := itemParts(item); kind == "" || checkID(b.op, "an item", id) != nil {
		b.refuse(i, "ItemID", "it is not the id of an item, such as product-1 or variant-1")
	}
	if location != "" && checkID(b.op, "a branch", location) != nil {
		b.refuse(i, "LocationID", "it is not the id of a branch")
	}
	if b.seen == nil {
		b.seen = map[string]int{}
	}
	level := item + "@" + location
	if first, twice := b.seen[level]; twice {
		b.refuse(i, "ItemID", fmt.Sprintf("the level is that of item %d of the input already", first))
	}
	b.seen[level] = i
	line := &stockLine{index: i, item: item, location: location}
	b.lines = append(b.lines, line)
	return line
}

// itemParts splits an item's id into Salla's word for its kind and the number.
func itemParts(item string) (kind, id string) {
	if id, ok := strings.CutPrefix(item, productItem); ok {
		return "id", id
	}
	if id, ok := strings.CutPrefix(item, variantItem); ok {
		return "variant_id", id
	}
	return "", item
}

func (b *stockBatch) whole(i int, field string, q catalog.Quantity) int64 {
	n, exact := q.Int()
	if !exact {
		b.refuse(i, field, "Salla counts whole pieces")
	}
	return n
}

// row is a line as Salla wants it; the misspelling is its own.
func (l *stockLine) row() map[string]any {
	kind, id := itemParts(l.item)
	row := map[string]any{"identifer_type": kind, "identifer": id, "quantity": max(l.number, -l.number), "mode": l.mode}
	if l.location != "" {
		row["branch"] = idNumber(l.location)
	}
	return row
}

// write sends the lines in calls of a hundred.
func (b *stockBatch) write(ctx context.Context, e *Engine) error {
	if b.err != nil || len(b.lines) == 0 {
		return b.err
	}
	failed := map[int]error{}
	good, err := b.look(ctx, e, failed)
	if err != nil {
		return err
	}
	for from := 0; from < len(good) && err == nil; from += maxBulk {
		part := good[from:min(from+maxBulk, len(good))]
		if err = b.call(ctx, e, part, failed); err == nil {
			continue
		}
		for _, line := range part {
			if failed[line.index] == nil {
				failed[line.index] = err
			}
		}
		for _, line := range good[from+len(part):] {
			failed[line.index] = &catalog.Error{Platform: Platform, Op: b.op, Kind: catalog.ErrUnavailable, Message: "not sent, since a call before it failed"}
		}
	}
	if len(failed) == 0 {
		return nil
	}
	first := failed[b.lines[0].index]
	if first != nil && !slices.ContainsFunc(b.lines, func(l *stockLine) bool { return failed[l.index] != first }) {
		return first // it is about all there is
	}
	return &catalog.BatchError{Platform: Platform, Op: b.op, Failed: failed, Total: len(b.lines)}
}

// look reads the levels as they are and sorts out what cannot be written.
func (b *stockBatch) look(ctx context.Context, e *Engine, failed map[int]error) (good []*stockLine, err error) {
	found, err := e.stocks(ctx, b.op, b.lines, b.adds)
	if err != nil {
		return nil, err
	}
	refuse := func(line *stockLine, kind catalog.Kind, message, hint string) {
		failed[line.index] = &catalog.Error{Platform: Platform, Op: b.op, Kind: kind, Message: message, Hint: hint}
	}
	for _, line := range b.lines {
		s, ok := found[line]
		switch {
		case !ok:
			refuse(line, catalog.ErrNotFound, "there is no such item", "stock is kept by products without options, and by variants")
		case s.unlimited:
			refuse(line, catalog.ErrConflict, "its stock is not counted", "set Tracked with UpdateProduct first")
		case b.adds && s.quantity+line.number < 0:
			refuse(line, catalog.ErrConflict, fmt.Sprintf("only %d are there", s.quantity), "")
		case b.adds && line.number == 0: // nothing to do
		default:
			line.before = s
			good = append(good, line)
		}
	}
	return good, nil
}
