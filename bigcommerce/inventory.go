package bigcommerce

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// mostItems is the largest page of inventory items.
const mostItems = 1000

// productItem begins the id of stock that is told for a product and no
// variant.
const productItem = "product-"

// InventoryLevels lists the stock of products that count it, by product,
// variant and location. ItemID is the variant's id; stock that is counted by
// product is listed once, under its first variant. Levels carry no time of
// change.
//
// BigCommerce has page numbers only for stock. Here products are read by id and
// each page of them asked for its stock, so that a level comes exactly once;
// the size of a page is in products. Items and SKUs are asked for themselves.
// https://developer.bigcommerce.com/docs/rest-management/inventory/items
func (e *Engine) InventoryLevels(ctx context.Context, query catalog.InventoryQuery) iter.Seq2[catalog.InventoryLevel, error] {
	const op = "list inventory levels"
	refuse := transport.Failed[catalog.InventoryLevel]
	if !query.UpdatedSince.IsZero() || !query.UpdatedBefore.IsZero() {
		return refuse(catalog.Unsupported(Platform, op+" by change", "read all levels, or the changes of products, which carry their stock"))
	}
	c := call{op: op, path: "/v3/inventory/items", list: inData}
	if query.LocationID != "" {
		if err := checkID(op, "a location", query.LocationID); err != nil {
			return refuse(err)
		}
		c = c.with("location_id:in", query.LocationID)
	}
	items := slices.Clone(query.ItemIDs)
	for _, item := range items {
		if err := checkID(op, "an item of stock", strings.TrimPrefix(item, productItem)); err != nil {
			return refuse(err)
		}
	}
	l := listing[stockNode, catalog.InventoryLevel]{
		op: op, resource: catalog.Inventory, options: query.ListOptions, reader: levelReader,
		filter: transport.FilterName("location", query.LocationID, "items", transport.Words(items), "sku", query.SKU),
		pages:  pages[stockNode]{position: func(_, id string) string { return id }, begin: beginLevels},
	}
	l.pages.fetch = func(ctx context.Context, size int, state string) (page[stockNode], error) {
		return e.stockPage(ctx, c, size, state)
	}
	if len(items) > 0 || query.SKU != "" {
		l.pages.fetch = func(ctx context.Context, _ int, _ string) (page[stockNode], error) {
			return e.stockOf(ctx, c, items, query.SKU)
		}
	}
	if l.filter != "" {
		l.skip = func(n *stockNode) bool {
			return len(items) > 0 && !slices.Contains(items, n.item()) || query.SKU != "" && n.Identity.SKU != query.SKU ||
				query.LocationID != "" && n.location() != query.LocationID
		}
	}
	return list(ctx, l)
}

// item is what the stock is kept under.
func (n *stockNode) item() string {
	if n.Identity.VariantID != 0 {
		return idText(n.Identity.VariantID)
	}
	return productItem + idText(n.Identity.ProductID)
}

func (n *stockNode) location() string {
	if n.at >= len(n.Locations) {
		return ""
	}
	return idText(n.Locations[n.at].LocationID)
}

// place is where a level stands in the list: its product, variant and
// location.
type place [3]int64

var placeForm = regexp.MustCompile(`^([0-9]{1,18})\.([0-9]{1,18})\.([0-9]{1,18})$`)

func parsePlace(text string) (p place, ok bool) {
	parts := placeForm.FindStringSubmatch(text)
	if parts == nil {
		return place{}, false
	}
	for i := range p {
		p[i] = numeric(parts[i+1])
	}
	return p, true
}

func (p place) String() string {
	return strconv.FormatInt(p[0], 10) + "." + strconv.FormatInt(p[1], 10) + "." + strconv.FormatInt(p[2], 10)
}

func (n *stockNode) place() place {
	return place{n.Identity.ProductID, n.Identity.VariantID, numeric(n.location())}
}

// beginLevels goes on with the product a cursor names, behind its level.
func beginLevels(position string) (string, func(string) bool, bool) {
	last, ok := parsePlace(position)
	return strconv.FormatInt(max(last[0]-1, 0), 10), func(id string) bool {
		p, ok := parsePlace(id)
		return ok && slices.Compare(p[:], last[:]) <= 0
	}, ok
}

// stockPage reads the stock of the products behind an id.
func (e *Engine) stockPage(ctx context.Context, c call, size int, state string) (page[stockNode], error) {
	products := call{op: c.op + ": list products", path: "/v3/catalog/products", list: inData,
		query: url.Values{"include_fields": {"inventory_tracking"}, "sort": {"id"}, "direction": {"asc"}, "limit": {strconv.Itoa(size)}}}
	if state != "" {
		products = products.with("id:greater", state)
	}
	a, rows, err := e.rows(ctx, products)
	if err != nil {
		return page[stockNode]{}, err
	}
	var last int64
	var tracked []int64
	for _, raw := range rows {
		var p struct {
			ID       int64  `json:"id"`
			Tracking string `json:"inventory_tracking"`
		}
		if _, err := transport.Decode(raw, &p); err != nil || p.ID == 0 {
			return page[stockNode]{}, a.bad(c.op, "a product without an id")
		}
		if last = max(last, p.ID); p.Tracking != "none" {
			tracked = append(tracked, p.ID)
		}
	}
	next := page[stockNode]{next: strconv.FormatInt(last, 10), more: moreAfter(a.pagination(), len(rows), size)}
	levels, err := e.stock(ctx, c, "product_id:in", tracked)
	if err != nil {
		return page[stockNode]{}, err
	}
	next.rows = ready(levels)
	return next, nil
}

// stockOf reads the stock of certain items, or of an SKU, whole.
func (e *Engine) stockOf(ctx context.Context, c call, items []string, sku string) (page[stockNode], error) {
	var variants, products []int64
	for _, item := range items {
		if id, ok := strings.CutPrefix(item, productItem); ok {
			products = append(products, numeric(id))
		} else {
			variants = append(variants, numeric(item))
		}
	}
	switch {
	case len(items) > 0:
	case strings.Contains(sku, ","): // which would be two
		found, err := e.variantsBySKU(ctx, c.op, sku)
		if err != nil {
			return page[stockNode]{}, err
		}
		for _, v := range found {
			variants = append(variants, v.ID)
		}
	default:
		rows, err := e.levels(ctx, c.with("sku:in", sku))
		return page[stockNode]{rows: ready(rows)}, err
	}
	rows, err := e.stock(ctx, c, "variant_id:in", variants)
	if err != nil {
		return page[stockNode]{}, err
	}
	more, err := e.stock(ctx, c, "product_id:in", products)
	return page[stockNode]{rows: ready(sortedLevels(append(rows, more...)))}, err
}

// stock reads the levels of many ids, in order.
func (e *Engine) stock(ctx context.Context, c call, parameter string, ids []int64) ([]*candidate[stockNode], error) {
	var all []*candidate[stockNode]
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for chunk := range slices.Chunk(ids, mostIDs) {
		rows, err := e.levels(ctx, c.with(parameter, commas(chunk)))
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return sortedLevels(all), nil
}

// levels reads items and takes them apart: one row for each location, each
// with the whole item's JSON.
func (e *Engine) levels(ctx context.Context, c call) ([]*candidate[stockNode], error) {
	items, err := e.everything(ctx, c, mostItems)
	if err != nil {
		return nil, err
	}
	var all []*candidate[stockNode]
	for _, raw := range items {
		all = append(all, levelsIn(raw)...)
	}
	return sortedLevels(all), nil
}

func levelsIn(raw json.RawMessage) []*candidate[stockNode] {
	var n stockNode
	problems, err := transport.Decode(raw, &n)
	if err == nil && n.Identity.ProductID == 0 && n.Identity.VariantID == 0 {
		err = errors.New("it names neither product nor variant")
	}
	if err != nil {
		return []*candidate[stockNode]{{raw: raw, node: n, err: err}}
	}
	rows := make([]*candidate[stockNode], len(n.Locations))
	for i := range n.Locations {
		n.at = i
		rows[i] = &candidate[stockNode]{raw: raw, node: n, id: n.place().String(), problems: slices.Clone(problems)}
	}
	return rows
}

func sortedLevels(rows []*candidate[stockNode]) []*candidate[stockNode] {
	slices.SortStableFunc(rows, func(a, b *candidate[stockNode]) int {
		p, q := a.node.place(), b.node.place()
		return cmp.Compare(slices.Compare(p[:], q[:]), 0)
	})
	return slices.CompactFunc(rows, func(a, b *candidate[stockNode]) bool { return a.id != "" && a.id == b.id })
}

var levelReader = reader[stockNode, catalog.InventoryLevel]{
	kind:   "bigcommerce.v3.inventory_item",
	id:     func(n *stockNode) string { return n.place().String() },
	record: func(l *catalog.InventoryLevel) *catalog.Record { return &l.Record },
	convert: func(n *notes, s *stockNode) catalog.InventoryLevel {
		at := &s.Locations[s.at]
		return catalog.InventoryLevel{
			ItemID: s.item(), VariantID: idText(s.Identity.VariantID), ProductID: idText(s.Identity.ProductID), SKU: s.Identity.SKU,
			LocationID: idText(at.LocationID), Tracked: true,
			Available: n.Quantity("locations.%d.available_to_sell", s.at, string(at.Available)),
			OnHand:    n.Quantity("locations.%d.total_inventory_onhand", s.at, string(at.OnHand)),
		}
	},
}
