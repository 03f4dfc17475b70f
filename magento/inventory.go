package magento

import (
	"context"
	"iter"
	"net/url"
	"regexp"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// The shapes of stock.
const (
	salableKind    catalog.RawKind = "magento.salable_quantity"
	sourceItemKind catalog.RawKind = "magento.source_item"
	stockItemKind  catalog.RawKind = "magento.stock_item"
)

// sourceForm is the code of a source.
var sourceForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,255}$`)

// InventoryLevels lists stock by SKU: over all sources together, with an empty
// LocationID, or of the source the query names.
//
// Together, Available is what the website of the engine's view can sell, which
// is stock less what was sold and not yet shipped, and OnHand the sum over all
// sources; what the website does not sell is not there. Of one source only
// OnHand is known: reservations belong to no source. Of one source it is read
// fast; together it takes three calls for a page, one of which Magento answers
// slowly.
//
// A shop without the inventory modules has one stock, read product by product.
// ItemIDs are SKUs, percent-encoded where they hold other than letters, digits
// and -._~ as in catalog.Variant.InventoryItemID. Levels carry no time of
// change.
// https://developer.adobe.com/commerce/webapi/rest/inventory
func (e *Engine) InventoryLevels(ctx context.Context, query catalog.InventoryQuery) iter.Seq2[catalog.InventoryLevel, error] {
	const op = "list inventory levels"
	refuse := transport.Failed[catalog.InventoryLevel]
	if !query.UpdatedSince.IsZero() || !query.UpdatedBefore.IsZero() {
		return refuse(catalog.Unsupported(Platform, op+" by change", "read all levels: stock carries no time of change, and a product's does not move with it"))
	}
	if query.LocationID != "" && !sourceForm.MatchString(query.LocationID) {
		return refuse(&catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "that is not the code of a source", Hint: "use ids as Locations returns them"})
	}
	var skus []string
	if query.SKU != "" {
		skus = []string{query.SKU}
	}
	for _, id := range query.ItemIDs {
		sku, err := url.PathUnescape(id)
		if err != nil || sku == "" {
			return refuse(&catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "that is not the id of an item", Hint: "use ids as this package returns them"})
		}
		skus = append(skus, sku)
	}
	items := slices.Clone(query.ItemIDs)
	passes := func(sku string) bool {
		return (query.SKU == "" || sku == query.SKU) && (len(items) == 0 || slices.Contains(items, itemID(sku)))
	}
	filter := transport.FilterName("location", query.LocationID, "items", transport.Words(items), "sku", query.SKU)
	narrowed := skuGroup(skus)
	if query.LocationID == "" {
		return e.totals(ctx, op, query.ListOptions, filter, "", narrowed, passes)
	}
	l := listing[sourceItemNode, catalog.InventoryLevel]{
		op: op, resource: catalog.Inventory, path: "/inventory/source-items", options: query.ListOptions, filter: filter,
		groups: append(narrowed, is("source_code", query.LocationID)), reader: sourceItemReader,
		skip: func(n *sourceItemNode) bool { return !passes(n.SKU) || n.Source != query.LocationID },
	}
	return func(yield func(catalog.InventoryLevel, error) bool) {
		if !e.known.noMSI.Load() {
			for level, err := range listByText(ctx, e, l, "sku") {
				if missing(err) {
					e.known.noMSI.Store(true)
					break
				}
				if !yield(level, err) || err != nil {
					return
				}
			}
		}
		if e.known.noMSI.Load() && query.LocationID == defaultSource {
			e.totals(ctx, op, query.ListOptions, filter, defaultSource, narrowed, passes)(yield)
		}
	}
}

// defaultSource is the source every shop has. It stands for the one stock of
// a shop without the inventory modules too.
const defaultSource = "default"

// missing reports that a list is not there at all: lists that are there are
// empty, not absent.
func missing(err error) bool {
	e, ok := err.(*catalog.Error)
	return ok && e.Kind == catalog.ErrNotFound && e.Code == noRoute
}

// skuGroup narrows a list to SKUs; none where they are too many for a request,
// which then reads all.
func skuGroup(skus []string) []group {
	slices.Sort(skus)
	skus = slices.Compact(skus)
	var g group
	length := 0
	for _, f := range bySKUs(skus) {
		g = append(g, f.group...)
		length += f.length
	}
	if len(g) == 0 || len(g) > mostIndexes || length > 5500 {
		return nil
	}
	return []group{g}
}

var sourceItemReader = itemReader[sourceItemNode, catalog.InventoryLevel]{
	kind:   sourceItemKind,
	id:     func(n *sourceItemNode) string { return n.SKU },
	record: func(l *catalog.InventoryLevel) *catalog.Record { return &l.Record },
	convert: func(r *reader, n *sourceItemNode) catalog.InventoryLevel {
		return catalog.InventoryLevel{ItemID: itemID(n.SKU), SKU: n.SKU, LocationID: n.Source, Tracked: true, OnHand: r.quantity("quantity", only, n.Quantity)}
	},
}
