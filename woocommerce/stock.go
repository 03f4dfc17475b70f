package woocommerce

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// stock reads the rows of all levels: first products, then variations, each by
// id; or those of some items or of one SKU.
type stock struct {
	e     *Engine
	op    string
	size  int
	items []int64
	sku   string
	query url.Values
}

// The parts of a reading, as cursors name them.
const (
	partProducts   = "p"
	partVariations = "v" // of the list of all variations
	partParents    = "w" // product by product
	partItems      = "i" // some items, or one SKU
)

// stockSpot is how far a reading has come.
type stockSpot struct {
	part string
	spot spot
	// item is the last variation of the product behind spot, or the last item.
	item int64
}

func (s stockSpot) position() string { return s.part + "." + s.spot.position() + "." + itoa(s.item) }

// parse reads what position wrote.
func (k *stock) parse(position string) (stockSpot, error) {
	first := stockSpot{part: partProducts}
	if len(k.items) > 0 || k.sku != "" {
		first.part = partItems
	}
	if position == "" {
		return first, nil
	}
	part, rest, _ := strings.Cut(position, ".")
	i := strings.LastIndexByte(rest, '.')
	if i < 0 || (part == partItems) != (first.part == partItems) || !slices.Contains([]string{partProducts, partVariations, partParents, partItems}, part) {
		return first, damaged(k.op)
	}
	at, err := parseSpot(k.op, rest[:i])
	item, also := strconv.ParseInt(rest[i+1:], 10, 64)
	if err != nil || also != nil || item < 0 {
		return first, damaged(k.op)
	}
	return stockSpot{part, at, item}, nil
}

// fetch reads the rows behind a spot. No rows do not mean the end.
func (k *stock) fetch(ctx context.Context, s stockSpot) (rows []*row[stockNode], next stockSpot, more bool, err error) {
	switch s.part {
	case partItems:
		rows, err := k.some(ctx, s.item)
		return rows, s, false, err
	case partParents:
		return k.parents(ctx, s)
	}
	path := "/products"
	if s.part == partVariations {
		path = "/variations"
	}
	next = s
	rows, next.spot, more, err = k.walk(path, k.query).fetch(ctx, s.spot)
	for _, r := range rows {
		if s.part == partProducts && r.node.Type == "variation" {
			continue // which the list of products holds only when asked by SKU
		}
		r.place = s.part + "." + r.place + ".0"
	}
	if err == nil && !more && s.part == partProducts {
		var all bool
		next, more = stockSpot{part: partParents}, true
		if all, err = k.e.hasVariations(ctx, k.op); all {
			next.part = partVariations
		}
	}
	return rows, next, more, err
}

func (k *stock) walk(path string, query url.Values) *walk[stockNode] {
	return &walk[stockNode]{e: k.e, call: call{op: k.op, path: path, query: query}, size: k.size, read: stockKind.readRow}
}

// parents reads the variations of a page of products, whatever the products'
// own change.
func (k *stock) parents(ctx context.Context, s stockSpot) (rows []*row[stockNode], next stockSpot, more bool, err error) {
	at := s.spot
	if s.item > 0 { // the product it left off in comes again
		at.id, at.rows = at.id-1, max(0, at.rows-1)
	}
	products, at, more, err := k.walk("/products", stockQuery()).fetch(ctx, at)
	if err != nil {
		return nil, s, false, err
	}
	variations, err := k.of(ctx, products)
	if err != nil {
		return nil, s, false, err
	}
	for _, p := range products {
		if p.err != nil {
			continue // told in the first part
		}
		here, err := parseSpot(k.op, p.place)
		if err != nil {
			return nil, s, false, err
		}
		for _, v := range variations[p.id] {
			if p.id == s.spot.id && v.id <= s.item {
				continue
			}
			v.place = stockSpot{partParents, here, v.id}.position()
			rows = append(rows, v)
		}
	}
	return rows, stockSpot{part: partParents, spot: at}, more, nil
}

// of reads the variations of products, by product and in the order of ids.
func (k *stock) of(ctx context.Context, products []*row[stockNode]) (map[int64][]*row[stockNode], error) {
	var groups []group
	for _, p := range products {
		if len(p.node.Variations) > 0 {
			groups = append(groups, group{p.id, p.node.Variations})
		}
	}
	found, err := k.e.variations(ctx, k.op, groups, k.query)
	if err != nil {
		return nil, err
	}
	all := map[int64][]*row[stockNode]{}
	for _, g := range groups {
		for _, id := range slices.Sorted(slices.Values(g.ids)) {
			if raw := found[id]; raw != nil {
				all[g.parent] = append(all[g.parent], stockKind.readRow(raw))
			}
		}
	}
	return all, nil
}

// some reads the items asked for, or those with the SKU, behind an id.
func (k *stock) some(ctx context.Context, after int64) ([]*row[stockNode], error) {
	byID := map[int64]*row[stockNode]{}
	add := func(rows []*row[stockNode]) {
		for _, r := range rows {
			byID[r.id] = r
		}
	}
	if len(k.items) == 0 {
		rows, err := k.e.bySKU(ctx, k.op, k.sku)
		if err != nil {
			return nil, err
		}
		add(rows)
		variations, err := k.of(ctx, rows) // those without a SKU have their product's
		if err != nil {
			return nil, err
		}
		for _, of := range variations {
			add(of)
		}
	}
	for ids := range slices.Chunk(k.items, mostIncluded) {
		w := k.walk("/products", maps.Clone(stockQuery()))
		w.size = mostIncluded
		w.call.query.Set("include", idList(ids))
		rows, err := everything(ctx, w)
		if err != nil {
			return nil, err
		}
		add(rows)
		var rest []int64
		for _, id := range ids {
			if byID[id] == nil {
				rest = append(rest, id)
			}
		}
		if rows, err = k.alone(ctx, rest); err != nil {
			return nil, err
		}
		add(rows)
	}
	var rows []*row[stockNode]
	for _, r := range byID {
		if r.id > after {
			r.place = stockSpot{part: partItems, item: r.id}.position()
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b *row[stockNode]) int { return cmp.Compare(a.id, b.id) })
	return rows, nil
}

// alone reads variations whose products are not known: where the store has no
// list of them, one by one by the products' route, which knows them too.
func (k *stock) alone(ctx context.Context, ids []int64) ([]*row[stockNode], error) {
	var rows []*row[stockNode]
	if len(ids) == 0 {
		return nil, nil
	}
	all, err := k.e.hasVariations(ctx, k.op)
	if err != nil {
		return nil, err
	}
	if all {
		w := k.walk("/variations", stockQuery())
		w.size = mostIncluded
		w.call.query.Set("include", idList(ids))
		return everything(ctx, w)
	}
	for _, id := range ids {
		a, err := k.e.get(ctx, call{op: k.op, path: "/products/" + idText(id), query: stockQuery(), shape: wantObject})
		if catalog.KindOf(err) == catalog.ErrNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, stockKind.readRow(a.body))
	}
	return rows, nil
}
