package bigcommerce

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog/transport"
)

// counting is how the stock of an item is counted, and where one of its levels
// stands.
type counting struct {
	product  int64  // 0 = there is no such item
	key      string // what adjustments name it by; "" = it is not counted
	id       int64
	modified string // when the product was changed

	stocked         bool // the location has a level
	onHand, reserve int64
}

// readCounting fills in how the lines' items are counted and their levels: an
// item counted by product is refused by its variant's id. known says that the
// items' products were found before.
func (e *Engine) readCounting(ctx context.Context, op string, lines []*stockLine, known bool) error {
	if !known {
		if err := e.readProductsOf(ctx, op, lines); err != nil {
			return err
		}
	}
	ids := make([]int64, 0, len(lines))
	for _, line := range lines {
		if line.counted.product != 0 {
			ids = append(ids, line.counted.product)
		}
	}
	type product struct {
		ID       int64  `json:"id"`
		Tracking string `json:"inventory_tracking"`
		Modified string `json:"date_modified"`
	}
	products := map[int64]product{}
	c := call{op: op + ": list products", path: "/v3/catalog/products", list: inData, query: url.Values{"include_fields": {"inventory_tracking,date_modified"}}}
	err := eachID(ctx, e, c, "id:in", ids, func(p product) { products[p.ID] = p })
	if err != nil {
		return err
	}
	var variants, whole []int64
	for _, line := range lines {
		counted := &line.counted
		p := products[counted.product]
		*counted = counting{product: p.ID, modified: p.Modified}
		switch p.Tracking {
		case trackedByProduct:
			counted.key, counted.id = "product_id", p.ID
			whole = append(whole, p.ID)
		case trackedByVariant:
			if strings.HasPrefix(line.item, productItem) {
				continue // its variants are what is counted
			}
			counted.key, counted.id = "variant_id", numeric(line.item)
			variants = append(variants, counted.id)
		}
	}
	return e.readLevels(ctx, op, lines, variants, whole)
}

// readProductsOf finds the products of the lines' items.
func (e *Engine) readProductsOf(ctx context.Context, op string, lines []*stockLine) error {
	var variants []int64
	for _, line := range lines {
		if id, ok := strings.CutPrefix(line.item, productItem); ok {
			line.counted.product = numeric(id)
		} else {
			variants = append(variants, numeric(line.item))
		}
	}
	products := map[int64]int64{}
	c := call{op: op + ": list variants", path: "/v3/catalog/variants", list: inData, query: url.Values{"include_fields": {"product_id"}}}
	err := eachID(ctx, e, c, "id:in", variants, func(v skuNode) { products[v.ID] = v.ProductID })
	for _, line := range lines {
		if line.counted.product == 0 {
			line.counted.product = products[numeric(line.item)]
		}
	}
	return err
}

// readLevels finds the lines' levels.
func (e *Engine) readLevels(ctx context.Context, op string, lines []*stockLine, variants, products []int64) error {
	c := call{op: op + ": list levels", path: "/v3/inventory/items", list: inData}
	rows, err := e.stock(ctx, c, "variant_id:in", variants)
	if err != nil {
		return err
	}
	more, err := e.stock(ctx, c, "product_id:in", products)
	if err != nil {
		return err
	}
	type level struct {
		key      string
		id       int64
		location string
	}
	found := map[level]*stockNode{}
	for _, row := range rows {
		if row.err == nil {
			found[level{"variant_id", row.node.Identity.VariantID, row.node.location()}] = &row.node
		}
	}
	for _, row := range more {
		if row.err == nil {
			found[level{"product_id", row.node.Identity.ProductID, row.node.location()}] = &row.node
		}
	}
	for _, line := range lines {
		n := found[level{line.counted.key, line.counted.id, line.location}]
		if n == nil {
			continue
		}
		at := n.Locations[n.at]
		line.counted.stocked = true
		line.counted.onHand, line.counted.reserve = numeric(string(at.OnHand)), numeric(string(at.Settings.Reserve))
	}
	return nil
}

// eachID reads records of many ids.
func eachID[N any](ctx context.Context, e *Engine, c call, parameter string, ids []int64, each func(N)) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for chunk := range slices.Chunk(ids, mostIDs) {
		rows, err := e.everything(ctx, c.with(parameter, commas(chunk)), mostRows)
		if err != nil {
			return err
		}
		for _, raw := range rows {
			var n N
			if _, err := transport.Decode(raw, &n); err == nil {
				each(n)
			}
		}
	}
	return nil
}
