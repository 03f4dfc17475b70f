package woocommerce

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// atOnce is how many calls complete one page at the same time, budget allowing.
const atOnce = 4

// mostIncluded is how many records one page of the store can hold.
const mostIncluded = 100

// variationKind is the shape of the variations' own routes.
const variationKind catalog.RawKind = "woocommerce.variation"

// completeProducts reads the settings that prices need, and the variations of
// products that have some. They are asked for by their ids, which the product
// lists in its own order, so that no paging can lose one.
func (e *Engine) completeProducts(ctx context.Context, op string, rows []*row[productNode]) error {
	s, err := e.settings(ctx, op)
	if err != nil {
		return err
	}
	var groups []group
	for _, r := range rows {
		r.node.settings = s
		if len(r.node.Variations) > 0 {
			groups = append(groups, group{parent: r.node.ID, ids: r.node.Variations})
		}
	}
	found, err := e.variations(ctx, op, groups, nil)
	if err != nil {
		return err
	}
	for _, r := range rows {
		n := &r.node
		n.variants = make([]variationNode, 0, len(n.Variations))
		for _, id := range n.Variations {
			raw := found[id]
			if raw == nil {
				continue // deleted meanwhile
			}
			var v variationNode
			problems, err := transport.Decode(raw, &v)
			if err != nil || v.ID != id {
				problems = []catalog.Problem{catalog.NewProblem("variations", "a variation that cannot be read", idText(id))}
			} else {
				n.variants = append(n.variants, v)
			}
			for _, p := range problems {
				p.Path = "variants." + itoa(max(len(n.variants)-1, 0)) + "." + p.Path
				r.problems = append(r.problems, p)
			}
			r.parts = append(r.parts, catalog.RawPart{Kind: variationKind, Raw: raw})
		}
	}
	return nil
}

// group is some variations of one product.
type group struct {
	parent int64
	ids    []int64
}

// variations reads variations by their ids, with the fields of extra's
// choice. What is not found is left out.
func (e *Engine) variations(ctx context.Context, op string, groups []group, extra url.Values) (map[int64]json.RawMessage, error) {
	found := map[int64]json.RawMessage{}
	if len(groups) == 0 {
		return found, nil
	}
	all, err := e.hasVariations(ctx, op)
	if err != nil {
		return nil, err
	}
	if all {
		groups = together(groups)
	}
	return found, e.collect(ctx, op, parted(groups), extra, found)
}

// together puts the variations of several products into one call, which has
// no parent.
func together(groups []group) []group {
	var all []int64
	for _, g := range groups {
		all = append(all, g.ids...)
	}
	return []group{{ids: all}}
}

// parted cuts groups to what one answer holds.
func parted(groups []group) []group {
	var parts []group
	for _, g := range groups {
		for ids := range slices.Chunk(g.ids, mostIncluded) {
			parts = append(parts, group{g.parent, ids})
		}
	}
	return parts
}

// collect makes a call for each group, some at once.
func (e *Engine) collect(ctx context.Context, op string, groups []group, extra url.Values, found map[int64]json.RawMessage) error {
	ask := func(ctx context.Context, g group) ([]json.RawMessage, error) {
		c := call{op: op, path: "/variations", shape: wantList, query: url.Values{
			"include": {idList(g.ids)}, "per_page": {itoa(len(g.ids))}, "orderby": {"id"}, "order": {"asc"}}}
		for name, values := range extra {
			c.query[name] = values
		}
		if g.parent != 0 {
			c.path = "/products/" + idText(g.parent) + "/variations"
		}
		a, err := e.get(ctx, c)
		return a.items, err
	}
	for items, err := range transport.InOrder(ctx, groups, atOnce, ask) {
		if err != nil {
			return err
		}
		for _, raw := range items {
			var n struct {
				ID int64 `json:"id"`
			}
			if _, err := transport.Decode(raw, &n); err == nil {
				found[n.ID] = raw
			}
		}
	}
	return nil
}

// idList writes ids as the one form of a list that can be signed.
func idList(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = idText(id)
	}
	return strings.Join(texts, ",")
}
