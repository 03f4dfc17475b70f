package salla

import (
	"context"
	"iter"
	"net/url"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// InventoryLevels lists the stock of products without variants and of
// variants: over all branches together, with an empty LocationID, or of the
// branch the query names. ItemIDs are "product-<id>" and "variant-<id>", as in
// catalog.Variant.InventoryItemID, since the numbers alone are not unique.
// Salla filters by branch; the other filters read all. Levels carry no time of
// change.
// https://docs.salla.dev/9612796e0
func (e *Engine) InventoryLevels(ctx context.Context, query catalog.InventoryQuery) iter.Seq2[catalog.InventoryLevel, error] {
	const op = "list inventory levels"
	if !query.UpdatedSince.IsZero() || !query.UpdatedBefore.IsZero() {
		return transport.Failed[catalog.InventoryLevel](catalog.Unsupported(Platform, op+" by change",
			"read all levels, or take the changes of products, which carry their stock"))
	}
	c := call{path: "/products/quantities", query: url.Values{}}
	if query.LocationID != "" {
		if err := checkID(op, "a branch", query.LocationID); err != nil {
			return transport.Failed[catalog.InventoryLevel](err)
		}
		c.query.Set("branch", query.LocationID)
	}
	items := slices.Clone(query.ItemIDs)
	l := listing[quantityNode, catalog.InventoryLevel]{
		op: op, resource: catalog.Inventory, call: c, options: query.ListOptions, reader: levelReader(query.LocationID),
		filter: transport.FilterName("location", query.LocationID, "items", transport.Words(items), "sku", query.SKU),
	}
	if len(items) > 0 || query.SKU != "" {
		l.skip = func(n *quantityNode) bool {
			return len(items) > 0 && !slices.Contains(items, n.item()) || query.SKU != "" && n.SKU != query.SKU
		}
	}
	return list(ctx, e, l)
}

// item is what the row's stock is kept under.
func (n *quantityNode) item() string {
	switch {
	case ref(n.SKUID) != "":
		return variantItem + ref(n.SKUID)
	case n.ID != 0:
		return productItem + idText(n.ID)
	}
	return ""
}

func levelReader(location string) itemReader[quantityNode, catalog.InventoryLevel] {
	return itemReader[quantityNode, catalog.InventoryLevel]{
		kind:   "salla.quantity",
		id:     (*quantityNode).item,
		record: func(l *catalog.InventoryLevel) *catalog.Record { return &l.Record },
		convert: func(r *reader, n *quantityNode) catalog.InventoryLevel {
			l := catalog.InventoryLevel{ItemID: n.item(), ProductID: idText(n.ID), VariantID: ref(n.SKUID), SKU: n.SKU,
				LocationID: location, Tracked: !n.Unlimited}
			if l.VariantID == "" {
				l.VariantID = l.ProductID // as the product's only variant is called
			}
			if l.Tracked {
				l.Available = r.Quantity("quantity", only, string(n.Quantity))
			}
			return l
		},
	}
}
