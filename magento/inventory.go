package magento

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

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
	filter := filterName("location", query.LocationID, "items", items, "sku", query.SKU)
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
	found, err := e.salable(ctx, op, view, []filterOf{{group: oneOf("entity_id", ids), named: ids}})
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

var sourceItemReader = itemReader[sourceItemNode, catalog.InventoryLevel]{
	kind:   sourceItemKind,
	id:     func(n *sourceItemNode) string { return n.SKU },
	record: func(l *catalog.InventoryLevel) *catalog.Record { return &l.Record },
	convert: func(r *reader, n *sourceItemNode) catalog.InventoryLevel {
		return catalog.InventoryLevel{ItemID: itemID(n.SKU), SKU: n.SKU, LocationID: n.Source, Tracked: true, OnHand: r.quantity("quantity", only, n.Quantity)}
	},
}

// Locations lists the sources of stock, disabled ones too. A shop without the
// inventory modules has one, which stands for its stock.
// https://developer.adobe.com/commerce/webapi/rest/inventory/manage-sources
func (e *Engine) Locations(ctx context.Context, options catalog.ListOptions) iter.Seq2[catalog.Location, error] {
	l := listing[sourceNode, catalog.Location]{
		op: "list locations", resource: catalog.Locations, path: "/inventory/sources", options: options, reader: sourceReader,
	}
	return func(yield func(catalog.Location, error) bool) {
		for location, err := range listByText(ctx, e, l, "source_code") {
			if missing(err) {
				e.known.noMSI.Store(true)
				if options.After == "" {
					yield(e.onlyLocation(options.OmitRaw), nil)
				}
				return
			}
			if !yield(location, err) || err != nil {
				return
			}
		}
	}
}

// onlyLocation stands for the stock of a shop without sources.
func (e *Engine) onlyLocation(omitRaw bool) catalog.Location {
	l := catalog.Location{ID: defaultSource, Name: "Stock", Active: true, Ships: true, Fallback: true}
	l.Platform, l.Cursor = Platform, catalog.NewCursor(Platform, catalog.Locations, "", defaultSource)
	if !omitRaw {
		l.Raw, l.RawKind = json.RawMessage("{}"), "magento.no_source"
	}
	return l
}

var sourceReader = itemReader[sourceNode, catalog.Location]{
	kind:   "magento.source",
	id:     func(n *sourceNode) string { return n.Code },
	record: func(l *catalog.Location) *catalog.Record { return &l.Record },
	convert: func(_ *reader, n *sourceNode) catalog.Location {
		return catalog.Location{ID: n.Code, Name: cmp.Or(n.Name, n.Code), Active: n.Enabled, Ships: n.Enabled, Address: &catalog.Address{
			Name: strings.TrimSpace(n.Contact), Line1: n.Street, City: n.City, Province: n.Region, PostalCode: n.PostalCode, CountryCode: n.Country, Phone: n.Phone}}
	},
}
