package shopify

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// item is an inventory item with its levels; only the levels leave the
// package.
type item struct {
	catalog.Record
	id     string
	levels []catalog.InventoryLevel
}

// levelsPath leads to the levels in an item's JSON.
const levelsPath = "inventoryLevels"

// own gives each level its own part of the item's JSON and its own problems;
// the item's go to all. Where a level could not be read they cannot be told
// apart, and each carries the item's. An item whose levels were withheld is an
// error: it must not look like one that is stocked nowhere.
func (o *item) own(op string) error {
	var parts []json.RawMessage
	if page, err := transport.OpenPage(o.Raw, levelsPath, "nodes"); err == nil {
		parts = page.Items
	}
	for _, m := range o.More {
		parts = append(parts, m.Raw)
	}
	for i := range o.levels {
		l := &o.levels[i].Record
		l.Platform, l.Raw, l.RawKind = o.Platform, o.Raw, o.RawKind
		if len(parts) == len(o.levels) {
			l.Raw, l.RawKind = parts[i], levelKind
		}
	}
	for _, p := range o.Problems {
		if len(o.levels) == 0 && (p.Path == "" || under(p.Path, levelsPath)) {
			return &catalog.ItemError{Platform: Platform, Op: op, ID: o.id, Raw: o.Raw, Err: fmt.Errorf("its stock cannot be read: %s", p)}
		}
		o.assign(p)
	}
	return nil
}

// assign gives a problem to the level it is about, else to all.
func (o *item) assign(p catalog.Problem) {
	if rest, ok := strings.CutPrefix(p.Path, levelsPath+".nodes."); ok {
		index, path, _ := strings.Cut(rest, ".")
		if i, err := strconv.Atoi(index); err == nil && i < len(o.levels) {
			p.Path = path
			o.levels[i].Problems = append(o.levels[i].Problems, p)
			return
		}
	}
	for i := range o.levels {
		o.levels[i].Problems = append(o.levels[i].Problems, p)
	}
}

var itemsReader = itemReader[itemNode, item]{
	kind:     "shopify.graphql.InventoryItem",
	id:       func(n *itemNode) string { return n.ID },
	record:   func(i *item) *catalog.Record { return &i.Record },
	position: func(i *item) (string, string) { return i.id, "" },
	complete: func(ctx context.Context, e *Engine, n *itemNode, x *extra) error {
		return more(ctx, e, moreLevels, n.ID, &n.Levels, x)
	},
	convert: func(r *reader, n *itemNode, _ pageContext) item {
		one := item{id: numericID(n.ID)}
		for i := range n.Levels.Nodes {
			one.levels = append(one.levels, r.level(i, &n.Levels.Nodes[i], n))
		}
		return one
	},
}

var levelsReader = itemReader[levelNode, catalog.InventoryLevel]{
	kind:   levelKind,
	id:     func(n *levelNode) string { return n.ID },
	record: func(l *catalog.InventoryLevel) *catalog.Record { return &l.Record },
	convert: func(r *reader, n *levelNode, _ pageContext) catalog.InventoryLevel {
		return r.level(only, n, n.Item)
	},
}

func (r *reader) level(i int, n *levelNode, of *itemNode) catalog.InventoryLevel {
	l := catalog.InventoryLevel{LocationID: numericID(n.Location.ID)}
	path := "updatedAt"
	if i != only {
		path = "inventoryLevels.nodes.%d.updatedAt"
	}
	l.UpdatedAt = r.time(path, i, n.UpdatedAt)
	if of != nil {
		l.ItemID, l.SKU, l.Tracked = numericID(of.ID), of.SKU, of.Tracked
		if of.Variant != nil {
			l.VariantID, l.ProductID = numericID(of.Variant.ID), numericOf(of.Variant.Product)
		}
	}
	for _, q := range n.Quantities {
		known := catalog.NewQuantity(q.Quantity)
		switch q.Name {
		case "available":
			l.Available = &known
		case "on_hand":
			l.OnHand = &known
		case "committed":
			l.Committed = &known
		case "incoming":
			l.Incoming = &known
		}
	}
	return l
}
