package magento

import (
	"context"
	"maps"
	"slices"

	"github.com/soukhq/souk/catalog"
)

// salableOfPage reads what can be sold of the products of a page and of their
// variants, in the website of the engine's view.
func (e *Engine) salableOfPage(ctx context.Context, op string, with *productPage, page []*candidate[productNode]) error {
	ids := map[string]bool{}
	add := func(c *candidate[productNode]) {
		if c != nil && hasStock(c.node.Type) && checkID("", "", c.id) == nil {
			ids[c.id] = true
		}
	}
	for _, c := range page {
		add(c)
		for _, id := range c.node.Extension.Links {
			add(with.children[id])
		}
	}
	var filters []filterOf
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(ids)), batch) {
		filters = append(filters, filterOf{group: oneOf("entity_id", chunk), named: chunk})
	}
	found, err := e.salable(ctx, op, with.view, filters)
	if catalog.KindOf(err) == catalog.ErrForbidden {
		with.denied = true
		return nil
	}
	with.salable = found
	return err
}

// salable reads what can be sold of the products that the filters name, by
// folded SKU: stock less reservations, over the sources of the view's website.
// It is nil where the shop cannot tell.
//
// The list counts what is on its page and leaves out what no source has, so
// that nothing in it says when it ends: each filter selects what fits into one
// page.
// https://developer.adobe.com/commerce/webapi/rest/inventory/check-salable-quantity
func (e *Engine) salable(ctx context.Context, op string, view *viewNode, filters []filterOf) (map[string]salableNode, error) {
	if view == nil || view.WebsiteID == "" || e.known.noMSI.Load() {
		return nil, nil
	}
	website, err := e.websiteCode(ctx, view.WebsiteID)
	if err != nil || website == "" {
		return nil, err
	}
	all := map[string]salableNode{}
	for _, f := range filters {
		for _, group := range e.paged(f) {
			c := call{op: op + ": salable quantities", path: "/inventory/export-stock-salable-qty/website/" + website, proven: true}
			rows, _, _, err := e.page(ctx, c, criteria{groups: group.groups(), sort: []string{"entity_id"}, size: int64(len(group.named))})
			if catalog.KindOf(err) == catalog.ErrNotFound {
				return nil, nil // no such module, or no stock for the website
			}
			if err != nil {
				return nil, err
			}
			for _, raw := range rows {
				var n salableNode
				if problems, err := decode(raw, &n); err == nil && len(problems) == 0 {
					n.raw = raw
					all[folded(n.SKU)] = n
				}
			}
		}
	}
	return all, nil
}

func (f filterOf) groups() []group { return []group{f.group} }

// paged cuts a filter into such that fit into a page of a shop that limits
// them.
func (e *Engine) paged(f filterOf) []filterOf {
	most := int(e.known.size.Load())
	if most <= 0 || len(f.named) <= most {
		return []filterOf{f}
	}
	var all []filterOf
	for named := range slices.Chunk(f.named, most) {
		part := filterOf{named: named}
		if f.group[0].how == "in" {
			part.group = oneOf(f.group[0].field, named)
		} else {
			for _, one := range named {
				part.group = append(part.group, is(f.group[0].field, one)...)
			}
		}
		all = append(all, part)
	}
	return all
}
