package magento

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Product reads one product with its variants, and what can be sold of them.
// It is read by a filter, since paths hold SKUs, which many shops cannot take
// there.
// https://developer.adobe.com/commerce/webapi/rest/tutorials/configurable-product
func (e *Engine) Product(ctx context.Context, id string) (catalog.Product, error) {
	const op = "get product"
	one, err := e.product(ctx, op, id, true)
	if err != nil {
		return catalog.Product{}, err
	}
	return finish(op, productReader, one, false)
}

// product reads one product and what its row lacks.
func (e *Engine) product(ctx context.Context, op, id string, salable bool) (*candidate[productNode], error) {
	if err := checkID(op, "a product", id); err != nil {
		return nil, err
	}
	rows, _, _, err := e.page(ctx, call{op: op, path: "/products"}, criteria{groups: []group{is("entity_id", id)}, size: 1})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Message: "there is no product with this id"}
	}
	one := single(rows[0], productReader)
	if one.err == nil {
		err = e.completeProducts(ctx, op, []*candidate[productNode]{one}, salable)
	}
	return one, err
}

// Products lists products, the variants of configurable ones among them: to
// Magento these are products like any other, with change times of their own.
// The variants of a page are read together. Filters by status are exact
// everywhere, and cost reading all products where a view is set: Magento
// compares the values all views start from.
// https://developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches
func (e *Engine) Products(ctx context.Context, query catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	l, err := e.products("list products", query)
	if err != nil {
		return transport.Failed[catalog.Product](err)
	}
	return list(ctx, e, l)
}

// products is the list of a query.
func (e *Engine) products(op string, query catalog.ProductQuery) (listing[productNode, catalog.Product], error) {
	l := e.productList(op, query.ListOptions)
	statuses := slices.Clone(query.Status)
	for _, status := range statuses {
		if !slices.Contains([]catalog.ProductStatus{catalog.ProductActive, catalog.ProductHidden, catalog.ProductDraft}, status) {
			return l, catalog.Unsupported(Platform, fmt.Sprintf("filter by status %q", status), "filter by active, hidden or draft, or look at the products")
		}
	}
	l.groups = append(within("updated_at", query.UpdatedSince, query.UpdatedBefore), within("created_at", query.CreatedSince, query.CreatedBefore)...)
	if e.view == allViews {
		l.groups = append(l.groups, statusGroups(statuses)...)
	}
	l.filter = transport.FilterName("updated", transport.Span(query.UpdatedSince, query.UpdatedBefore), "created", transport.Span(query.CreatedSince, query.CreatedBefore), "status", transport.Words(statuses))
	if l.filter != "" {
		l.skip = func(n *productNode) bool {
			return !transport.Within(n.UpdatedAt.Time, query.UpdatedSince, query.UpdatedBefore) ||
				!transport.Within(n.CreatedAt.Time, query.CreatedSince, query.CreatedBefore) ||
				len(statuses) > 0 && !slices.Contains(statuses, statusOf(n.Status, n.Visibility))
		}
	}
	return l, nil
}

func (e *Engine) productList(op string, options catalog.ListOptions) listing[productNode, catalog.Product] {
	return listing[productNode, catalog.Product]{
		op: op, resource: catalog.Products, path: "/products", options: options, reader: productReader,
		complete: func(ctx context.Context, page []*candidate[productNode]) error {
			return e.completeProducts(ctx, op, page, e.adapter.config.ListSalable)
		},
	}
}

// Statuses and visibilities of products.
const (
	statusEnabled  = "1"
	statusDisabled = "2"
	notVisible     = "1"
)

// statusOf normalises a product's status: "" where it has none, unknown where
// souk does not know it.
func statusOf(status, visibility string) catalog.ProductStatus {
	switch {
	case status == "":
		return ""
	case status == statusEnabled && visibility == notVisible:
		return catalog.ProductHidden
	case status == statusEnabled:
		return catalog.ProductActive
	case status == statusDisabled:
		return catalog.ProductDraft
	}
	return catalog.ProductStatusUnknown
}

// statusGroups filters by status as far as groups can say it: no group can
// hold two conditions together.
func statusGroups(wanted []catalog.ProductStatus) []group {
	active, hidden, draft := slices.Contains(wanted, catalog.ProductActive), slices.Contains(wanted, catalog.ProductHidden), slices.Contains(wanted, catalog.ProductDraft)
	enabled, disabled := is("status", statusEnabled), is("status", statusDisabled)
	visible, invisible := group{{"visibility", "neq", notVisible}}, is("visibility", notVisible)
	switch {
	case active && hidden && draft, !active && !hidden && !draft:
		return nil
	case active && hidden:
		return []group{enabled}
	case active && draft:
		return []group{append(disabled, visible...)}
	case hidden && draft:
		return []group{append(disabled, invisible...)}
	case active:
		return []group{enabled, visible}
	case hidden:
		return []group{enabled, invisible}
	}
	return []group{disabled}
}

// ProductsBySKU finds the product with this SKU and the configurable products
// it is a variant of. Magento does not tell these: the links of all
// configurable products are read, a page of a hundred at a call, and
// remembered for ten minutes.
func (e *Engine) ProductsBySKU(ctx context.Context, sku string) iter.Seq2[catalog.Product, error] {
	const op = "find products by SKU"
	if strings.TrimSpace(sku) == "" {
		return transport.Failed[catalog.Product](&catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the SKU is empty"})
	}
	return func(yield func(catalog.Product, error) bool) {
		l := e.productList(op, catalog.ListOptions{})
		l.groups, l.filter = []group{is("sku", sku)}, transport.FilterName("sku", sku)
		l.skip = func(n *productNode) bool { return n.SKU != sku }
		var child string
		for product, err := range list(ctx, e, l) {
			product.Cursor = ""
			if !yield(product, err) || err != nil {
				return
			}
			child = product.ID
		}
		if child == "" {
			return
		}
		parents, err := e.lookups.parents.get(ctx, struct{}{}, e.readParents)
		if err != nil {
			yield(catalog.Product{}, err)
			return
		}
		for ids := range slices.Chunk(parents[child], batch) {
			l := e.productList(op, catalog.ListOptions{})
			l.groups, l.filter = []group{oneOf("entity_id", ids)}, transport.FilterName("parents", transport.Words(ids))
			l.keep = func(p *catalog.Product) bool {
				return slices.ContainsFunc(p.Variants, func(v catalog.Variant) bool { return v.SKU == sku })
			}
			for product, err := range list(ctx, e, l) {
				product.Cursor = ""
				if !yield(product, err) || err != nil {
					return
				}
			}
		}
	}
}

// readParents reads which products each product is a variant of.
func (e *Engine) readParents(ctx context.Context, _ struct{}) (map[string][]string, error) {
	const op = "read links of configurable products"
	parents := map[string][]string{}
	projection := fields("items[id,extension_attributes[configurable_product_links]],total_count")
	for after := (place{}); ; {
		q := criteria{sort: []string{"entity_id"}, size: batch}.where(is("type_id", "configurable")).where(after.behind(catalog.SortStable)...)
		rows, total, _, err := e.page(ctx, call{op: op, path: "/products"}, q, projection)
		if err != nil {
			return nil, err
		}
		before := after
		for _, raw := range rows {
			var n productNode
			if _, err := decode(raw, &n); err != nil {
				continue // the list of products reports it
			}
			if at, ok := placeOf(catalog.SortStable, n.ID, time.Time{}); ok && at.after(after) {
				after = at
			}
			for _, child := range n.Extension.Links {
				if !slices.Contains(parents[child], n.ID) {
					parents[child] = append(parents[child], n.ID)
				}
			}
		}
		if after == before || total >= 0 && total <= int64(len(rows)) {
			return parents, nil
		}
	}
}
