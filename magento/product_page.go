package magento

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// productPage is what is known of the products of one page together.
type productPage struct {
	engine     *Engine
	view       *viewNode
	zone       *time.Location
	now        time.Time
	attributes map[string]*attributeNode
	categories map[string]string                  // names by id
	children   map[string]*candidate[productNode] // by id
	salable    map[string]salableNode             // by folded SKU; nil = not read
	denied     bool                               // what can be sold may not be read
}

// productKind is the shape of a product in lists, of variants too.
const productKind catalog.RawKind = "magento.product"

// completeProducts reads what the rows of a page lack: the variants, the names
// of their options, the view's currency, and what can be sold.
func (e *Engine) completeProducts(ctx context.Context, op string, page []*candidate[productNode], salable bool) error {
	with := &productPage{engine: e, now: time.Now(), zone: time.UTC}
	var err error
	if with.view, err = e.viewOf(ctx); err != nil {
		return err
	}
	if with.view == nil {
		with.view = &viewNode{}
	}
	if zone, err := time.LoadLocation(with.view.TimeZone); err == nil {
		with.zone = zone
	}
	if with.children, err = e.readChildren(ctx, op, page); err != nil {
		return err
	}
	names, categories := map[string]bool{}, map[string]bool{}
	for _, c := range page {
		c.node.with = with
		for _, o := range c.node.Extension.Options {
			if checkID("", "", o.AttributeID) == nil {
				names[o.AttributeID] = true
			}
		}
		if c.node.Custom.of(e.vendor) != "" {
			names[e.vendor] = true
		}
		for _, category := range c.node.Extension.Categories {
			categories[category.ID] = true
		}
		for _, id := range c.node.Extension.Links {
			if child := with.children[id]; child != nil {
				c.part(productKind, child.raw)
			}
		}
	}
	if with.attributes, err = e.attributesOf(ctx, names); err != nil {
		return err
	}
	if with.categories, err = e.categoryNames(ctx, categories); err != nil {
		return err
	}
	if !salable {
		return nil
	}
	return e.salableOfPage(ctx, op, with, page)
}

// readChildren reads the variants of all configurable products of a page by
// their ids, a hundred at a call; those that are on the page themselves need
// none.
func (e *Engine) readChildren(ctx context.Context, op string, page []*candidate[productNode]) (map[string]*candidate[productNode], error) {
	all := map[string]*candidate[productNode]{}
	missing := map[string]bool{}
	for _, c := range page {
		all[c.id] = c
	}
	for _, c := range page {
		for _, id := range c.node.Extension.Links {
			if all[id] == nil && checkID("", "", id) == nil {
				missing[id] = true
			}
		}
	}
	chunks := slices.Collect(slices.Chunk(slices.Sorted(maps.Keys(missing)), batch))
	read := func(ctx context.Context, ids []string) ([]json.RawMessage, error) {
		return e.named(ctx, call{op: op + ": variants", path: "/products", proven: true}, []group{oneOf("entity_id", ids)}, len(ids), "entity_id")
	}
	for rows, err := range transport.InOrder(ctx, chunks, defaultMost, read) {
		if err != nil {
			return nil, err
		}
		for _, raw := range rows {
			if c := single(raw, productReader); c.err == nil {
				all[c.id] = c
			}
		}
	}
	return all, nil
}

// named reads records that the filters name: no more than so many, in one page
// unless the shop limits pages.
func (e *Engine) named(ctx context.Context, c call, groups []group, most int, sort ...string) ([]json.RawMessage, error) {
	var all []json.RawMessage
	q := criteria{groups: groups, sort: sort, size: int64(most)}
	for q.page = 1; q.page <= int64(most); q.page++ {
		rows, total, size, err := e.page(ctx, c, q)
		if err != nil {
			return nil, err
		}
		if q.page > 1 && size != q.size { // the limit was found out amid the list
			all, q.page, q.size = nil, 0, size
			continue
		}
		q.size = size
		all = append(all, rows...)
		if len(rows) == 0 || int64(len(all)) >= total || len(all) >= most {
			break
		}
	}
	return all, nil
}
