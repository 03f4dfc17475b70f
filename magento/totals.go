package magento

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
)

// stockNode is a product, with its stock.
type stockNode struct {
	ID        string `json:"id"`
	SKU       string `json:"sku"`
	salable   *salableNode
	onHand    []sourceItemNode
	stockItem *stockItemNode
}

// totals lists the stock of products over all sources.
func (e *Engine) totals(ctx context.Context, op string, options catalog.ListOptions, filter, location string, narrowed []group, passes func(string) bool) iter.Seq2[catalog.InventoryLevel, error] {
	l := listing[stockNode, catalog.InventoryLevel]{
		op: op, resource: catalog.Inventory, path: "/products", options: options, filter: filter, reader: totalReader(location),
		groups:   append(slices.Clone(narrowed), oneOf("type_id", []string{"simple", "virtual", "downloadable", "giftcard"})),
		project:  "items[id,sku],total_count",
		skip:     func(n *stockNode) bool { return !passes(n.SKU) },
		complete: func(ctx context.Context, page []*candidate[stockNode]) error { return e.completeStock(ctx, op, page) },
		drop:     func(n *stockNode) bool { return n.salable == nil && n.stockItem == nil },
	}
	return list(ctx, e, l)
}

// completeStock reads the stock of the products of a page.
func (e *Engine) completeStock(ctx context.Context, op string, page []*candidate[stockNode]) error {
	if e.known.noMSI.Load() {
		return e.stockItems(ctx, op, page)
	}
	bySKU := map[string]*candidate[stockNode]{}
	var skus, ids []string
	for _, c := range page {
		bySKU[folded(c.node.SKU)] = c
		skus, ids = append(skus, c.node.SKU), append(ids, c.id)
	}
	view, err := e.viewOf(ctx)
	if err != nil {
		return err
	}
	if view == nil {
		return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrForbidden, Message: "the view's website cannot be read, whose stock this is",
			Hint: "grant the integration the resource Magento_Backend::store, or name a LocationID"}
	}
	for _, f := range bySKUs(skus) {
		err := e.sourceItems(ctx, op, f, func(raw json.RawMessage, n sourceItemNode, problems []catalog.Problem) {
			if c := bySKU[folded(n.SKU)]; c != nil {
				c.node.onHand = append(c.node.onHand, n)
				c.keep(sourceItemKind, "source_items."+n.Source+".", raw, problems)
			}
		})
		if missing(err) {
			e.known.noMSI.Store(true)
			return e.stockItems(ctx, op, page)
		}
		if err != nil {
			return err
		}
	}
	found, err := e.salable(ctx, op, view, byIDs(ids))
	if err != nil {
		return err
	}
	if found == nil {
		return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Message: "the website of the store view sells from no stock",
			Hint: "set the account's store_view to a view of another website, or name a LocationID"}
	}
	for sku, n := range found {
		if c := bySKU[sku]; c != nil {
			c.node.salable, c.raw = &n, n.raw
		}
	}
	return nil
}

// sourceItems reads the physical stock of some SKUs at all sources. Its pages
// begin behind the last SKU read whole, and one SKU alone goes on by source.
func (e *Engine) sourceItems(ctx context.Context, op string, f filterOf, each func(json.RawMessage, sourceItemNode, []catalog.Problem)) error {
	var sku, source string
	for {
		q := criteria{groups: f.groups(), sort: []string{"sku", "source_code"}, size: 300}
		if sku != "" || source != "" {
			q = q.where(group{{"sku", "gteq", sku}}, group{{"sku", "gt", sku}, {"source_code", "gt", source}})
		}
		rows, total, asked, err := e.page(ctx, call{op: op + ": sources", path: "/inventory/source-items", proven: true}, q)
		if err != nil {
			return err
		}
		before := sku + "\x00" + source
		for _, raw := range rows {
			var n sourceItemNode
			problems, err := decode(raw, &n)
			if err == nil && n.SKU != "" {
				sku, source = n.SKU, n.Source
				each(raw, n, problems)
			}
		}
		n := int64(len(rows))
		if before == sku+"\x00"+source || total <= n && (total >= 0 || n < asked) {
			return nil
		}
	}
}

func totalReader(location string) itemReader[stockNode, catalog.InventoryLevel] {
	return itemReader[stockNode, catalog.InventoryLevel]{
		kind:    salableKind,
		id:      func(n *stockNode) string { return ref(n.ID) },
		updated: func(*stockNode) time.Time { return time.Time{} },
		record:  func(l *catalog.InventoryLevel) *catalog.Record { return &l.Record },
		convert: func(r *reader, n *stockNode) catalog.InventoryLevel {
			l := catalog.InventoryLevel{ItemID: itemID(n.SKU), ProductID: ref(n.ID), VariantID: ref(n.ID), SKU: n.SKU, LocationID: location}
			if s := n.salable; s != nil && s.Qty != nil {
				l.Tracked, l.Available = true, r.quantity("qty", only, *s.Qty)
			}
			if s := n.stockItem; s != nil {
				if l.Tracked = s.Managed == nil || *s.Managed; l.Tracked {
					l.OnHand = r.quantity("qty", only, s.Qty)
					if l.Available = l.OnHand; !s.InStock {
						l.Available = &catalog.Quantity{}
					}
				}
			}
			if len(n.onHand) > 0 {
				l.OnHand = r.sum(n.onHand)
			}
			return l
		},
	}
}

// sum adds up the stock of sources.
func (r *reader) sum(items []sourceItemNode) *catalog.Quantity {
	var total *catalog.Quantity
	for i, it := range items {
		q := r.quantity("source_items.%d.quantity", i, it.Quantity)
		if q == nil {
			continue
		}
		if total != nil {
			if sum, err := catalog.ParseQuantity(total.Decimal().Add(q.Decimal()).String()); err == nil {
				q = &sum
			}
		}
		total = q
	}
	return total
}
