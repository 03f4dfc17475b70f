package bigcommerce

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
)

const (
	// mostAdjusted is how many levels one call takes.
	mostAdjusted = 2000
	// mostRefused is how many calls of a batch may be refused before no more of
	// them are split: then it is not a few levels that are wrong.
	mostRefused = 100
)

// SetInventory sets what can be sold, in calls of up to 2,000 levels, one after
// the other: to what is on hand the location's safety stock is added. A level
// that is not there yet is made. Items that are unknown, or whose stock is not
// counted, fail without the others. Two reads for every 250 items come first,
// for how each is counted, and one for each item that has no level yet.
// Expected is errors.ErrUnsupported: BigCommerce has no compare-and-set.
//
// BigCommerce does the work after it has answered, so that a read at once may
// show the old numbers. It sets a state and may be repeated; a call that is
// refused for one of its levels is sent again in halves, to find which.
// https://developer.bigcommerce.com/docs/rest-management/inventory/adjustments
func (e *Engine) SetInventory(ctx context.Context, levels []catalog.InventorySet, _ catalog.WriteOptions) error {
	b := stockBatch{op: "set inventory", method: http.MethodPut, path: "/v3/inventory/adjustments/absolute", repeatable: true}
	for i, l := range levels {
		if l.Expected != nil {
			return catalog.Unsupported(Platform, b.op+" with an expected level", "use AdjustInventory, which does not overwrite what others changed")
		}
		b.add(i, l.ItemID, l.LocationID, "Available", l.Available)
	}
	return b.write(ctx, e)
}

// AdjustInventory adds differences to what is on hand, in calls as those of
// SetInventory. A location where the item was never stocked is ErrConflict: it
// has to be set first; and so is taking away more than can be sold. A difference
// of 0 is not sent.
//
// It must not be repeated before Confirm was asked. BigCommerce neither knows a
// call again nor tells who changed a level: Confirm answers OutcomeNotDone when
// level and product are as they were before, else OutcomeUnknown.
// https://developer.bigcommerce.com/docs/rest-management/inventory/adjustments
func (e *Engine) AdjustInventory(ctx context.Context, deltas []catalog.InventoryDelta, _ catalog.WriteOptions) error {
	b := stockBatch{op: "adjust inventory", method: http.MethodPost, path: "/v3/inventory/adjustments/relative"}
	for i, d := range deltas {
		b.add(i, d.ItemID, d.LocationID, "Delta", d.Delta)
	}
	return b.write(ctx, e)
}

// stockBatch is a write of any number of levels.
type stockBatch struct {
	op, method, path string
	repeatable       bool // it sets levels, so that sending it twice is harmless
	lines            []*stockLine
	failed           map[int]error
	calls, refused   int
	err              error // the first complaint
}

// stockLine is one level of it.
type stockLine struct {
	index          int // in the caller's input
	item, location string
	change         int64
	counted        counting
}

func (l *stockLine) sent(repeatable bool) int64 {
	if repeatable { // what can be sold is what is on hand without the reserve
		return l.change + l.counted.reserve
	}
	return l.change
}

func (b *stockBatch) refuse(i int, field, message string) {
	if b.err == nil {
		b.err = invalid(b.op, strconv.Itoa(i)+"."+field, message)
	}
}

func (b *stockBatch) add(i int, item, location, field string, q catalog.Quantity) {
	if checkID("", "", strings.TrimPrefix(item, productItem)) != nil {
		b.refuse(i, "ItemID", "it is not the id of an item of stock")
	}
	if checkID("", "", location) != nil {
		b.refuse(i, "LocationID", "it is not the id of a location")
	}
	n, exact := q.Int()
	if !exact {
		b.refuse(i, field, "BigCommerce counts whole pieces")
	}
	b.lines = append(b.lines, &stockLine{index: i, item: item, location: location, change: n})
}

// write looks how the items are counted and sends the lines.
func (b *stockBatch) write(ctx context.Context, e *Engine) error {
	if b.err != nil || len(b.lines) == 0 {
		return b.err
	}
	b.failed = map[int]error{}
	total := len(b.lines)
	if err := b.resolve(ctx, e); err != nil {
		return err
	}
	// A location's levels together, as BigCommerce asks for.
	slices.SortStableFunc(b.lines, func(x, y *stockLine) int { return cmp.Compare(numeric(x.location), numeric(y.location)) })
	stopped := false
	for chunk := range slices.Chunk(b.lines, mostAdjusted) {
		if stopped {
			b.notSent(chunk)
		} else {
			stopped = !b.send(ctx, e, chunk)
		}
	}
	switch {
	case len(b.failed) == 0:
		return nil
	case b.calls == 1 && len(b.lines) == total && total <= mostAdjusted:
		return b.failed[b.lines[0].index] // one error, of the only call
	}
	return &catalog.BatchError{Platform: Platform, Op: b.op, Failed: b.failed, Total: total}
}

// send sends one call and notes what fails of it; it reports whether others may
// follow. One that is refused, which does nothing, is sent again in halves where
// that is harmless: BigCommerce does not say which level it is.
func (b *stockBatch) send(ctx context.Context, e *Engine, lines []*stockLine) (goOn bool) {
	items := make([]any, len(lines))
	for i, line := range lines {
		items[i] = map[string]any{"location_id": numeric(line.location), line.counted.key: line.counted.id, "quantity": line.sent(b.repeatable)}
	}
	body := map[string]any{"reason": "souk: " + b.op, "items": items}
	b.calls++
	_, err := e.write(ctx, call{op: b.op, method: b.method, path: b.path}, body, func(ctx context.Context) (catalog.Outcome, error) {
		return b.look(ctx, e, lines)
	})
	if err == nil {
		return true
	}
	divisible := b.repeatable && catalog.KindOf(err) == catalog.ErrInvalid
	if divisible {
		b.refused++
	}
	if !divisible || len(lines) == 1 || b.refused > mostRefused {
		for _, line := range lines {
			b.failed[line.index] = err
		}
		return divisible
	}
	half := len(lines) / 2
	if !b.send(ctx, e, lines[:half]) {
		b.notSent(lines[half:])
		return false
	}
	return b.send(ctx, e, lines[half:])
}

// notSent says of levels that they were left alone.
func (b *stockBatch) notSent(lines []*stockLine) {
	for _, line := range lines {
		b.failed[line.index] = &catalog.Error{Platform: Platform, Op: b.op, Kind: catalog.ErrUnavailable, Message: "not sent, since a call before it failed"}
	}
}

// look says what became of a call. It did all or nothing: levels that were to
// be set are all as it leaves them or none is, unless somebody changed them
// since; a difference did not happen when a level is as it was, and its product.
func (b *stockBatch) look(ctx context.Context, e *Engine, lines []*stockLine) (catalog.Outcome, error) {
	now := make([]*stockLine, len(lines))
	for i, line := range lines {
		again := *line
		now[i] = &again
	}
	if err := e.readCounting(ctx, "confirm "+b.op, now); err != nil {
		return catalog.OutcomeUnknown, err
	}
	done, open, untouched := 0, 0, false
	for i, line := range lines {
		was, is := line.counted, now[i].counted
		there := func(c counting) bool { return c.stocked && c.onHand == line.sent(true) }
		switch {
		case !b.repeatable:
			untouched = untouched || was.stocked == is.stocked && was.onHand == is.onHand && was.modified == is.modified
		case !there(is):
			open++
		case !there(was):
			done++
		}
	}
	switch {
	case b.repeatable && open == 0:
		return catalog.OutcomeDone, nil
	case b.repeatable && done == 0 || untouched:
		return catalog.OutcomeNotDone, nil
	}
	return catalog.OutcomeUnknown, nil
}

// resolve finds how the items are counted, and drops those that cannot be
// written or need not be.
func (b *stockBatch) resolve(ctx context.Context, e *Engine) error {
	if err := e.readCounting(ctx, b.op, b.lines); err != nil {
		return err
	}
	seen := map[string]int{}
	kept := b.lines[:0]
	for _, line := range b.lines {
		at := fmt.Sprint(line.counted.key, line.counted.id, "@", line.location)
		first, twice := seen[at]
		why := line.counted.problem(b, line)
		switch {
		case why == nil && twice:
			return invalid(b.op, strconv.Itoa(line.index)+".ItemID", fmt.Sprintf("the level is that of item %d of the input already", first))
		case why != nil:
			b.failed[line.index] = why
			continue
		case !b.repeatable && line.change == 0: // a level that stays would tell Confirm that nothing happened
			continue
		}
		seen[at] = line.index
		kept = append(kept, line)
	}
	b.lines = kept
	return nil
}

// problem says why a level cannot be written.
func (c *counting) problem(b *stockBatch, line *stockLine) error {
	fail := func(kind catalog.Kind, message, hint string) error {
		return &catalog.Error{Platform: Platform, Op: b.op, Kind: kind, Message: message, Hint: hint}
	}
	switch {
	case c.product == 0:
		return fail(catalog.ErrNotFound, "no such item of stock: "+line.item, "")
	case c.key == "":
		return fail(catalog.ErrInvalid, "the stock of the product "+idText(c.product)+" is not counted", "have it counted first: VariantPatch.Tracked")
	case b.repeatable:
	case !c.stocked:
		return fail(catalog.ErrConflict, "the item was never stocked at the location", "set its level first")
	case line.change < 0 && c.onHand-c.reserve+line.change < 0:
		return fail(catalog.ErrConflict, "the level would fall below 0: it is "+strconv.FormatInt(c.onHand-c.reserve, 10), "")
	}
	return nil
}
