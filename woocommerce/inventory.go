package woocommerce

import (
	"context"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// stockFields are what a level needs of a product or a variation.
const stockFields = "id,parent_id,type,sku,date_modified_gmt,manage_stock,stock_quantity,variations"

func stockQuery() url.Values { return url.Values{"_fields": {stockFields}} }

// InventoryLevels lists what stock is kept under: products without variations,
// variations, and products whose stock stands for that of variations. An
// ItemID is the id of one of them. A level's change is its product's or
// variation's. WooCommerce filters by change, id and SKU. Stores before
// WooCommerce 10.3 have no list of all variations: there it costs a call for
// each product that has some.
func (e *Engine) InventoryLevels(ctx context.Context, query catalog.InventoryQuery) iter.Seq2[catalog.InventoryLevel, error] {
	const op = "list inventory levels"
	refuse := transport.Failed[catalog.InventoryLevel]
	if query.LocationID != "" {
		return refuse(catalog.Unsupported(Platform, op+" by location", "WooCommerce has no locations; read without this filter"))
	}
	items := make([]int64, len(query.ItemIDs))
	for i, id := range query.ItemIDs {
		if err := checkID(op, "a product or a variation", id); err != nil {
			return refuse(err)
		}
		items[i], _ = strconv.ParseInt(id, 10, 64)
	}
	slices.Sort(items)
	items = slices.Compact(items)
	l := &listing[stockNode, catalog.InventoryLevel]{
		op: op, resource: catalog.Inventory, kind: stockKind, options: query.ListOptions,
		filter: filterOf("updated", span(query.UpdatedSince, query.UpdatedBefore), "items", idList(items), "sku", query.SKU),
	}
	l.skip = func(n *stockNode) bool {
		return !n.keepsStock() || !transport.Within(n.Modified.Time, query.UpdatedSince, query.UpdatedBefore) ||
			len(items) > 0 && !slices.Contains(items, n.ID) || query.SKU != "" && n.SKU != query.SKU
	}
	position, err := l.position()
	if err != nil {
		return refuse(err)
	}
	s := &stock{e: e, op: op, size: l.size(), items: items, sku: query.SKU, query: stockQuery()}
	between(s.query, "modified_after", "modified_before", query.UpdatedSince, query.UpdatedBefore)
	first, err := s.parse(position)
	if err != nil {
		return refuse(err)
	}
	return l.deliver(l.records(pages(ctx, l.options.Limit > 0, first, filtered(l, s.fetch))))
}

// keepsStock reports what a level is told of. A product with variations keeps
// stock only for those that share it.
func (n *stockNode) keepsStock() bool {
	switch {
	case n.Type == "variation" || n.Type == "" && n.ParentID != 0:
		return n.Manage != "parent"
	case len(n.Variations) > 0 || strings.HasPrefix(n.Type, "variable"):
		return n.Manage == "true"
	}
	return true
}

var stockKind = recordKind[stockNode, catalog.InventoryLevel]{
	name:    "woocommerce.stock",
	id:      func(n *stockNode) int64 { return n.ID },
	changed: func(n *stockNode) time.Time { return n.Modified.Time },
	record:  func(l *catalog.InventoryLevel) *catalog.Record { return &l.Record },
	convert: func(r *reader, n *stockNode) catalog.InventoryLevel {
		l := catalog.InventoryLevel{ItemID: idText(n.ID), VariantID: idText(n.ID), ProductID: idText(n.ID), SKU: n.SKU,
			Tracked: n.Manage.counted(), UpdatedAt: n.Modified.Time}
		switch {
		case n.ParentID != 0:
			l.ProductID = idText(n.ParentID)
		case len(n.Variations) > 0:
			l.VariantID = "" // it stands for several
		}
		if l.Tracked {
			l.Available = r.Quantity("stock_quantity", only, n.Quantity)
		}
		return l
	},
}
