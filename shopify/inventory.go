package shopify

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// levelKind names the shape of a stock level's Raw.
const levelKind catalog.RawKind = "shopify.graphql.InventoryLevel"

// InventoryLevels lists the stock of items at locations.
//
// With UpdatedSince or UpdatedBefore the levels come location by location,
// since only there Shopify filters by change; such a list continued from a
// cursor begins its location anew. Otherwise they come item by item, each
// exactly once. With ItemIDs they carry no cursor: name the items that are left.
// https://shopify.dev/docs/api/admin-graphql/latest/objects/InventoryLevel
func (e *Engine) InventoryLevels(ctx context.Context, query catalog.InventoryQuery) iter.Seq2[catalog.InventoryLevel, error] {
	const op = "list inventory"
	if query.Sort != catalog.SortStable {
		return transport.Failed[catalog.InventoryLevel](catalog.Unsupported(Platform, op+" sorted by change", "use catalog.InventoryChanges, which sorts"))
	}
	location := ""
	if query.LocationID != "" {
		global, err := gid(op, "Location", query.LocationID)
		if err != nil {
			return transport.Failed[catalog.InventoryLevel](err)
		}
		location = numericID(global)
	}
	keep := func(l *catalog.InventoryLevel) bool {
		return (location == "" || l.LocationID == location) && transport.Within(l.UpdatedAt, query.UpdatedSince, query.UpdatedBefore) &&
			(query.SKU == "" || l.SKU == query.SKU)
	}
	switch {
	case len(query.ItemIDs) > 0:
		return e.levelsOf(ctx, op, query, keep)
	case !query.UpdatedSince.IsZero() || !query.UpdatedBefore.IsZero():
		return e.levelsAt(ctx, op, query, location, keep)
	default:
		return e.levels(ctx, op, query, location, keep)
	}
}

// levels reads item by item. A position is the item and how many of its levels
// were delivered, so that a list can be continued between two of them.
func (e *Engine) levels(ctx context.Context, op string, query catalog.InventoryQuery, location string, keep func(*catalog.InventoryLevel) bool) iter.Seq2[catalog.InventoryLevel, error] {
	var s search
	if query.SKU != "" {
		s.equal("sku", query.SKU)
	}
	filter := "item:" + location + ":" + s.text()
	position, err := query.After.Position(Platform, catalog.Inventory, filter)
	if err != nil {
		return transport.Failed[catalog.InventoryLevel](err)
	}
	from, done, _ := strings.Cut(position, "+")
	skip, err := strconv.Atoi(done)
	if position != "" && (err != nil || !digits(from)) {
		return transport.Failed[catalog.InventoryLevel](damaged(op))
	}
	options := query.ListOptions
	options.After, options.Limit = "", 0 // which count items here
	items := list(ctx, e, listing[itemNode, item]{
		op: op, resource: catalog.Inventory, root: "inventoryItems", document: itemsDocument,
		options: options, search: s, from: from, reader: itemsReader,
	})
	return levelsIn(op, items, query, func(one *item, i int) bool {
		if one.id == from && i < skip || !keep(&one.levels[i]) {
			return false
		}
		one.levels[i].Cursor = catalog.NewCursor(Platform, catalog.Inventory, filter, one.id+"+"+strconv.Itoa(i+1))
		return true
	})
}

// levelsOf reads the items asked for.
func (e *Engine) levelsOf(ctx context.Context, op string, query catalog.InventoryQuery, keep func(*catalog.InventoryLevel) bool) iter.Seq2[catalog.InventoryLevel, error] {
	var ids []string
	for _, id := range query.ItemIDs {
		global, err := gid(op, "InventoryItem", id)
		if err != nil {
			return transport.Failed[catalog.InventoryLevel](err)
		}
		ids = append(ids, global)
	}
	if query.After != "" {
		return transport.Failed[catalog.InventoryLevel](catalog.Unsupported(Platform, op+" of named items from a cursor", "name the items that are left"))
	}
	items := func(yield func(item, error) bool) {
		for batch := range slices.Chunk(ids, 100) {
			for raw, err := range e.elements(ctx, op, itemsByIDDocument, "nodes", map[string]any{"ids": batch}) {
				if err == nil && null(raw.raw) && len(raw.problems()) == 0 {
					continue // no such item
				}
				var one item
				if err == nil {
					one, err = readItem(ctx, e, op, raw, itemsReader, query.OmitRaw)
				}
				skip, err := transport.BadItem(err, query.OnBadItem)
				if skip {
					continue
				}
				if !yield(one, err) || err != nil {
					return
				}
			}
		}
	}
	return levelsIn(op, items, query, func(one *item, i int) bool { return keep(&one.levels[i]) })
}

// levelsIn yields the levels of items that take accepts; it may finish them.
func levelsIn(op string, items iter.Seq2[item, error], query catalog.InventoryQuery, take func(one *item, i int) bool) iter.Seq2[catalog.InventoryLevel, error] {
	return func(yield func(catalog.InventoryLevel, error) bool) {
		count := 0
		for one, err := range items {
			if err != nil {
				yield(catalog.InventoryLevel{}, err)
				return
			}
			skip, err := transport.BadItem(one.own(op), query.OnBadItem)
			if skip {
				continue
			}
			if err != nil {
				yield(catalog.InventoryLevel{}, err)
				return
			}
			for i := range one.levels {
				if !take(&one, i) {
					continue
				}
				if !yield(one.levels[i], nil) {
					return
				}
				if count++; count == query.Limit {
					return
				}
			}
		}
	}
}

// levelsAt reads location by location, with Shopify's filter by change.
func (e *Engine) levelsAt(ctx context.Context, op string, query catalog.InventoryQuery, only string, keep func(*catalog.InventoryLevel) bool) iter.Seq2[catalog.InventoryLevel, error] {
	var s search
	s.between("updated_at", query.UpdatedSince, query.UpdatedBefore)
	filter := "at:" + only + ":" + query.SKU + ":" + s.text()
	position, err := query.After.Position(Platform, catalog.Inventory, filter)
	if err != nil {
		return transport.Failed[catalog.InventoryLevel](err)
	}
	return func(yield func(catalog.InventoryLevel, error) bool) {
		count := 0
		for place, err := range e.Locations(ctx, catalog.ListOptions{OmitRaw: true}) {
			if err != nil {
				yield(catalog.InventoryLevel{}, err)
				return
			}
			if only != "" && place.ID != only || position != "" && before(place.ID, position) {
				continue
			}
			cursor := catalog.NewCursor(Platform, catalog.Inventory, filter, place.ID)
			variables := map[string]any{"id": gidPrefix + "Location/" + place.ID, "query": s.text()}
			for raw, err := range e.nodes(ctx, nodesRequest{op: op, root: []string{"location", "inventoryLevels"}, document: levelsAtDocument, size: 250, variables: variables}) {
				var level catalog.InventoryLevel
				if err == nil {
					level, err = readItem(ctx, e, op, raw, levelsReader, query.OmitRaw)
				}
				skip, err := transport.BadItem(err, query.OnBadItem)
				if skip {
					continue
				}
				if err == nil && !keep(&level) {
					continue
				}
				level.Cursor = cursor
				if !yield(level, err) || err != nil {
					return
				}
				if count++; count == query.Limit {
					return
				}
			}
		}
	}
}

// before compares numeric ids of any length.
func before(a, b string) bool { return len(a) < len(b) || len(a) == len(b) && a < b }
