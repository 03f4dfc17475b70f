package woocommerce

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// A private product is shown to the staff alone and one that is not in the
// shop's catalogue to those who have its link; both are hidden. A product in
// the trash is not in lists unless it is asked for.
var productStatuses = map[string]catalog.ProductStatus{
	"publish": catalog.ProductActive, "draft": catalog.ProductDraft, "pending": catalog.ProductDraft, "future": catalog.ProductDraft,
	"auto-draft": catalog.ProductDraft, "private": catalog.ProductHidden, "trash": catalog.ProductArchived,
}

// Product reads one product with its variants and images. The id of a
// variation is not found: variations belong to their product.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#retrieve-a-product
func (e *Engine) Product(ctx context.Context, id string) (catalog.Product, error) {
	const op = "get product"
	if err := checkID(op, "a product", id); err != nil {
		return catalog.Product{}, err
	}
	return e.product(ctx, op, id)
}

func (e *Engine) product(ctx context.Context, op, id string) (catalog.Product, error) {
	return one(ctx, e, call{op: op, path: "/products/" + id}, productKind, func(ctx context.Context, rows []*row[productNode]) error {
		if n := &rows[0].node; n.Type == "variation" {
			return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Message: "that is the id of a variation",
				Hint: "read the product it belongs to, " + idText(n.ParentID)}
		}
		return e.completeProducts(ctx, op, rows)
	})
}

// Products lists products with their variants and images. WooCommerce filters
// by times and by one status. The variations of a page's products are read by
// the hundred where the store has a list of them all (WooCommerce 10.3), else
// product by product, some at once.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-products
func (e *Engine) Products(ctx context.Context, query catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	c, l, err := e.productList("list products", query)
	if err != nil {
		return transport.Failed[catalog.Product](err)
	}
	return start(ctx, e, c, l)
}

// productList is the call and the listing of a query for products.
func (e *Engine) productList(op string, query catalog.ProductQuery) (call, *listing[productNode, catalog.Product], error) {
	c := call{path: "/products", query: url.Values{}}
	between(c.query, "modified_after", "modified_before", query.UpdatedSince, query.UpdatedBefore)
	between(c.query, "after", "before", query.CreatedSince, query.CreatedBefore)
	native, err := nativeStatus(query.Status)
	if err != nil {
		return c, nil, err
	}
	if native != "" {
		c.query.Set("status", native)
	}
	statuses := slices.Clone(query.Status)
	l := &listing[productNode, catalog.Product]{
		op: op, resource: catalog.Products, kind: productKind, options: query.ListOptions,
		filter:   transport.FilterName("status", transport.Words(statuses), "updated", transport.Span(query.UpdatedSince, query.UpdatedBefore), "created", transport.Span(query.CreatedSince, query.CreatedBefore)),
		complete: func(ctx context.Context, rows []*row[productNode]) error { return e.completeProducts(ctx, op, rows) },
	}
	if l.filter != "" {
		l.skip = func(n *productNode) bool {
			return !transport.Within(n.Modified.Time, query.UpdatedSince, query.UpdatedBefore) ||
				!transport.Within(n.Created.Time, query.CreatedSince, query.CreatedBefore) ||
				len(statuses) > 0 && !slices.Contains(statuses, statusOf(n))
		}
	}
	return c, l, nil
}

// nativeStatus is the status to ask for, "" for all outside the trash: the
// store takes one, and hidden products have two.
func nativeStatus(wanted []catalog.ProductStatus) (string, error) {
	var native []string
	for _, w := range wanted {
		switch w {
		case catalog.ProductActive:
			native = append(native, "publish")
		case catalog.ProductArchived:
			native = append(native, "trash")
		case catalog.ProductDraft, catalog.ProductHidden:
			native = append(native, "") // several
		default:
			return "", catalog.Unsupported(Platform, fmt.Sprintf("filter by status %q", w), "filter by active, draft, hidden or archived, or look at the products")
		}
	}
	slices.Sort(native)
	switch native = slices.Compact(native); {
	case len(native) == 1:
		return native[0], nil
	case slices.Contains(native, "trash"):
		return "", catalog.Unsupported(Platform, "filter by archived and another status", "list archived products for themselves")
	}
	return "", nil
}

// statusOf normalises a product's status; "" for an unknown word.
func statusOf(n *productNode) catalog.ProductStatus {
	if n.Status == "publish" && n.Visibility == "hidden" {
		return catalog.ProductHidden
	}
	return productStatuses[n.Status]
}

// ProductsBySKU finds the products that have a variant with this SKU, compared
// exactly. A variation without a SKU of its own has its product's.
func (e *Engine) ProductsBySKU(ctx context.Context, sku string) iter.Seq2[catalog.Product, error] {
	const op = "find products by SKU"
	if strings.TrimSpace(sku) == "" {
		return transport.Failed[catalog.Product](&catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the SKU is empty"})
	}
	return func(yield func(catalog.Product, error) bool) {
		rows, err := e.bySKU(ctx, op, sku)
		if err != nil {
			yield(catalog.Product{}, err)
			return
		}
		seen := map[int64]bool{}
		for _, r := range rows {
			id := r.node.ID
			if r.node.Type == "variation" {
				id = r.node.ParentID
			}
			if id == 0 || seen[id] || r.node.SKU != sku {
				continue
			}
			seen[id] = true
			product, err := e.product(ctx, op, idText(id))
			if catalog.KindOf(err) == catalog.ErrNotFound {
				continue // deleted meanwhile
			}
			if err == nil && !slices.ContainsFunc(product.Variants, func(v catalog.Variant) bool { return v.SKU == sku }) {
				continue
			}
			if !yield(product, err) || err != nil {
				return
			}
		}
	}
}

// bySKU reads as much as stock needs of the products and variations with the
// SKU, in any case of letters. The store takes lists of SKUs with commas, and
// the text as a whole for one of them.
func (e *Engine) bySKU(ctx context.Context, op, sku string) ([]*row[stockNode], error) {
	c := call{op: op, path: "/products", query: stockQuery()}
	c.query.Set("sku", sku)
	return everything(ctx, &walk[stockNode]{e: e, call: c, size: mostIncluded, read: stockKind.readRow})
}

// everything reads a short list to its end.
func everything[N any](ctx context.Context, w *walk[N]) ([]*row[N], error) {
	var all []*row[N]
	for at, more := (spot{}), true; more; {
		rows, next, again, err := w.fetch(ctx, at)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.err == nil {
				all = append(all, r)
			}
		}
		at, more = next, again
	}
	return all, nil
}
