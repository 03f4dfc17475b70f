package bigcommerce

import (
	"context"
	"maps"
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

// levelKey names a level as adjustments do.
type levelKey struct {
	key      string
	id       int64
	location string
}

// readCounting fills in how the lines' items are counted, and their levels. An
// item whose stock is counted by product must not be named by its variant's id.
func (e *Engine) readCounting(ctx context.Context, op string, lines []*stockLine) error {
	found := map[levelKey]*stockNode{}
	products, err := e.readItems(ctx, op, lines, found)
	if err != nil {
		return err
	}
	type product struct {
		ID       int64  `json:"id"`
		Tracking string `json:"inventory_tracking"`
		Modified string `json:"date_modified"`
	}
	known := map[int64]product{}
	c := call{op: op + ": list products", path: "/v3/catalog/products", list: inData, query: url.Values{"include_fields": {"inventory_tracking,date_modified"}}}
	if err := eachID(ctx, e, c, "id:in", slices.Collect(maps.Values(products)), func(p product) { known[p.ID] = p }); err != nil {
		return err
	}
	var whole []int64 // products whose levels did not come with their variants
	for _, line := range lines {
		p := known[products[line.item]]
		line.counted = counting{product: p.ID, modified: p.Modified}
		switch {
		case p.Tracking == trackedByProduct:
			line.counted.key, line.counted.id = "product_id", p.ID
			if found[levelKey{"product_id", p.ID, line.location}] == nil {
				whole = append(whole, p.ID)
			}
		case p.Tracking == trackedByVariant && !strings.HasPrefix(line.item, productItem):
			line.counted.key, line.counted.id = "variant_id", numeric(line.item)
		}
	}
	rows, err := e.stock(ctx, levelsCall(op), "product_id:in", whole)
	if err != nil {
		return err
	}
	gather(found, rows)
	for _, line := range lines {
		if n := found[levelKey{line.counted.key, line.counted.id, line.location}]; n != nil {
			at := n.Locations[n.at]
			line.counted.stocked = true
			line.counted.onHand, line.counted.reserve = numeric(string(at.OnHand)), numeric(string(at.Settings.Reserve))
		}
	}
	return nil
}

func levelsCall(op string) call {
	return call{op: op + ": list levels", path: "/v3/inventory/items", list: inData}
}

// gather files levels under the variant and, where the product is what is
// counted, under the product.
func gather(found map[levelKey]*stockNode, rows []*candidate[stockNode]) {
	for _, row := range rows {
		if row.err == nil {
			n := &row.node
			found[levelKey{"variant_id", n.Identity.VariantID, n.location()}] = n
			found[levelKey{"product_id", n.Identity.ProductID, n.location()}] = n
		}
	}
}

// readItems reads the levels of the lines' items and finds their products. An
// item that has no level yet is looked for in the catalogue.
func (e *Engine) readItems(ctx context.Context, op string, lines []*stockLine, found map[levelKey]*stockNode) (products map[string]int64, err error) {
	products = map[string]int64{}
	var variants []int64
	for _, line := range lines {
		if id, ok := strings.CutPrefix(line.item, productItem); ok {
			products[line.item] = numeric(id)
		} else {
			variants = append(variants, numeric(line.item))
		}
	}
	rows, err := e.stock(ctx, levelsCall(op), "variant_id:in", variants)
	if err != nil {
		return nil, err
	}
	gather(found, rows)
	for _, row := range rows {
		products[idText(row.node.Identity.VariantID)] = row.node.Identity.ProductID
	}
	missing := slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(variants))), func(id int64) bool { return products[idText(id)] != 0 })
	c := call{op: op + ": get variant", path: "/v3/catalog/variants", list: inData, query: url.Values{"include_fields": {"product_id"}}}
	one := func(ctx context.Context, id int64) (skuNode, error) {
		var v skuNode
		_, rows, err := e.rows(ctx, c.with("id", idText(id)))
		if err == nil && len(rows) > 0 {
			_, err = transport.Decode(rows[0], &v)
		}
		return v, err
	}
	for v, err := range transport.InOrder(ctx, missing, atOnce, one) {
		if err != nil {
			return nil, err
		}
		products[idText(v.ID)] = v.ProductID
	}
	return products, nil
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
