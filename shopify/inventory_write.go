package shopify

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog"
)

// SetInventory sets what is available, 250 levels per call, each call all or
// none: when Shopify refuses some of its levels, the others are sent again
// without them, so that a *BatchError's failed items are its only ones. A level
// must exist: an item that a location does not stock is ErrNotFound.
//
// Expected becomes Shopify's changeFromQuantity, so a level that somebody
// changed is ErrConflict; nil overwrites whatever is there. Each call carries an
// idempotency key and is repeated with it; the whole may be repeated with the
// same key and levels.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventorySetQuantities
func (e *Engine) SetInventory(ctx context.Context, levels []catalog.InventorySet, options catalog.WriteOptions) error {
	b := inventoryBatch{op: "set inventory", document: inventorySetDocument, root: "inventorySetQuantities", list: "quantities", key: keyOf(options)}
	for i, l := range levels {
		line := b.add(i, l.ItemID, l.LocationID)
		line.fields["quantity"] = b.whole(i, "Available", l.Available)
		line.fields["changeFromQuantity"] = nil // explicit: absent is an error
		if l.Expected != nil {
			line.fields["changeFromQuantity"] = b.whole(i, "Expected", *l.Expected)
		}
		line.set = &l.Available
	}
	return b.write(ctx, e)
}

// AdjustInventory adds differences to what is available, in calls as those of
// SetInventory. Each carries an idempotency key and is repeated with it, so that
// no difference is added twice; the whole may be repeated with the same key and
// deltas, and never with another one while its outcome is unknown.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventoryAdjustQuantities
func (e *Engine) AdjustInventory(ctx context.Context, deltas []catalog.InventoryDelta, options catalog.WriteOptions) error {
	b := inventoryBatch{op: "adjust inventory", document: inventoryAdjustDocument, root: "inventoryAdjustQuantities", list: "changes", key: keyOf(options)}
	for i, d := range deltas {
		line := b.add(i, d.ItemID, d.LocationID)
		line.fields["delta"] = b.whole(i, "Delta", d.Delta)
		line.fields["changeFromQuantity"] = nil
	}
	return b.write(ctx, e)
}

// inventoryBatch is a write of any number of levels.
type inventoryBatch struct {
	op       string
	document document
	root     string
	list     string // of the input
	key      string
	lines    []*inventoryLine
	seen     map[string]int
	err      error // the first complaint
}

// inventoryLine is one level of it.
type inventoryLine struct {
	index  int    // in the caller's input
	level  string // item@location
	item   string
	fields map[string]any
	set    *catalog.Quantity // what it is to be; nil = not known
}

func (b *inventoryBatch) refuse(i int, field, message string) {
	if b.err == nil {
		b.err = invalid(b.op, strconv.Itoa(i)+"."+field, message)
	}
}

func (b *inventoryBatch) add(i int, item, location string) *inventoryLine {
	itemID, err := gid(b.op, "InventoryItem", item)
	if err != nil {
		b.refuse(i, "ItemID", "it is not the id of an inventory item")
	}
	locationID, err := gid(b.op, "Location", location)
	if err != nil {
		b.refuse(i, "LocationID", "it is not the id of a location")
	}
	line := &inventoryLine{index: i, item: itemID, level: numericID(itemID) + "@" + numericID(locationID), fields: map[string]any{"inventoryItemId": itemID, "locationId": locationID}}
	if b.seen == nil {
		b.seen = map[string]int{}
	}
	if first, twice := b.seen[line.level]; twice {
		b.refuse(i, "ItemID", fmt.Sprintf("the level is that of item %d of the input already", first))
	}
	b.seen[line.level] = i
	b.lines = append(b.lines, line)
	return line
}

func (b *inventoryBatch) whole(i int, field string, q catalog.Quantity) int64 {
	n, exact := q.Int()
	if !exact {
		b.refuse(i, field, "Shopify counts whole pieces")
	}
	return n
}

// write sends the lines in calls of Shopify's size.
func (b *inventoryBatch) write(ctx context.Context, e *Engine) error {
	if b.err != nil || len(b.lines) == 0 {
		return b.err
	}
	failed, part := map[int]error{}, 0
	var last error // of a call that failed as a whole
	for from := 0; from < len(b.lines); from += maxInput {
		lines := b.lines[from:min(from+maxInput, len(b.lines))]
		for len(lines) > 0 && last == nil {
			refused, err := b.call(ctx, e, lines, derivedKey(b.key, part))
			part++
			if err != nil && len(refused) == 0 {
				last = err
				break
			}
			var rest []*inventoryLine
			for i, line := range lines {
				if why := refused[i]; why != nil {
					failed[line.index] = why
				} else if len(refused) > 0 {
					rest = append(rest, line)
				}
			}
			lines = rest
		}
		if last == nil {
			continue
		}
		// Nothing came of this call that is known, and nothing is sent after it.
		if from == 0 && len(failed) == 0 && len(b.lines) <= maxInput {
			return last
		}
		for _, line := range lines {
			failed[line.index] = last
		}
		for _, line := range b.lines[min(from+maxInput, len(b.lines)):] {
			failed[line.index] = &catalog.Error{Platform: Platform, Op: b.op, Kind: catalog.ErrUnavailable, Message: "not sent, since a call before it failed"}
		}
		break
	}
	if len(failed) == 0 {
		return nil
	}
	return &catalog.BatchError{Platform: Platform, Op: b.op, Failed: failed, Total: len(b.lines)}
}

// call sends one call and returns, by their place in it, the lines that
// Shopify refused. It did nothing then.
func (b *inventoryBatch) call(ctx context.Context, e *Engine, lines []*inventoryLine, key string) (map[int]error, error) {
	fields := make([]any, len(lines))
	for i, line := range lines {
		fields[i] = line.fields
	}
	since := e.clock.now()
	_, err := e.mutate(ctx, mutation{op: b.op, document: b.document, root: b.root, key: key,
		variables: map[string]any{"input": map[string]any{"name": "available", "reason": "correction", b.list: fields}},
		look:      func(ctx context.Context) (catalog.Outcome, error) { return e.lookAtLevels(ctx, lines, since) }})
	refusal, ok := errors.AsType[*catalog.Error](err)
	if !ok || catalog.KindOf(err) == catalog.ErrOutcomeUnknown {
		return nil, err
	}
	refused := map[int]error{}
	for _, f := range refusal.Fields {
		i, ok := lineOf(f.Field, b.list)
		if !ok || i >= len(lines) {
			return nil, err // it is about the call, not about a line
		}
		one := *refusal
		one.Code, one.Message, one.Fields = f.Code, f.Message, []catalog.FieldError{f}
		one.Kind = mutation{}.kindOf(complaint{Code: f.Code})
		if one.Code == "ITEM_NOT_STOCKED_AT_LOCATION" {
			one.Kind, one.Hint = catalog.ErrNotFound, "stock the item at the location first"
		}
		if refused[i] == nil {
			refused[i] = &one
		}
	}
	return refused, err
}

// lineOf finds the line a complaint is about: input.quantities.3.quantity.
func lineOf(field, list string) (int, bool) {
	var at int
	var name string
	n, _ := fmt.Sscanf(field, "input."+list+".%d.%s", &at, &name)
	return at, n >= 1
}

// lookAtLevels says what became of a call. Levels that are as it leaves them
// settle it; one that nobody changed since says that nothing happened.
func (e *Engine) lookAtLevels(ctx context.Context, lines []*inventoryLine, since time.Time) (catalog.Outcome, error) {
	query := catalog.InventoryQuery{}
	wanted := map[string]*inventoryLine{}
	for _, line := range lines {
		query.ItemIDs = append(query.ItemIDs, line.item)
		wanted[line.level] = line
	}
	done, untouched := 0, false
	for level, err := range e.InventoryLevels(ctx, query) {
		if err != nil {
			return catalog.OutcomeUnknown, err
		}
		line := wanted[level.ItemID+"@"+level.LocationID]
		if line == nil {
			continue
		}
		switch {
		case line.set != nil && level.Available != nil && *level.Available == *line.set:
			done++
		case level.UpdatedAt.Before(since):
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
