package magento

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
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
	b := stockBatch{op: "set inventory", engine: e, bySKU: map[string][]*stockLine{}, failed: map[int]error{}}
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
	bySKU  map[string][]*stockLine // all that were given, by folded SKU
	failed map[int]error           // by place in the input
	single bool                    // the shop has one stock
}

// stockLine is one level of it.
type stockLine struct {
	index       int // in the caller's input
	sku, source string
	quantity    json.Number
	wanted      decimal.Decimal
	before      string // where it stood; "" = there was none
}

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
	for _, other := range b.bySKU[folded(sku)] {
		if other.source == line.source || other.source == "" || line.source == "" {
			return invalid(b.op, at("", i, "ItemID"), fmt.Sprintf("the level is that of item %d of the input already", other.index))
		}
	}
	b.lines, b.bySKU[folded(sku)] = append(b.lines, line), append(b.bySKU[folded(sku)], line)
	return nil
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
		if kind := catalog.KindOf(err); err != nil && kind != catalog.ErrInvalid && kind != catalog.ErrNotFound && kind != catalog.ErrUnsupported {
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
