package bigcommerce

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

// included parts of a product. Options and modifiers would cut a page to ten
// products without a word: the options are told by the variants' values.
const productParts = "variants,images"

// Product reads one product with its variants and images, and the names of its
// brand and categories, which are remembered for ten minutes.
// https://developer.bigcommerce.com/docs/rest-catalog/products#get-a-product
func (e *Engine) Product(ctx context.Context, id string) (catalog.Product, error) {
	const op = "get product"
	if err := checkID(op, "a product", id); err != nil {
		return catalog.Product{}, err
	}
	a, err := e.get(ctx, call{op: op, path: "/v3/catalog/products/" + id, query: url.Values{"include": {productParts}}})
	if err != nil {
		return catalog.Product{}, err
	}
	raw, err := a.object(op, "data")
	if err != nil {
		return catalog.Product{}, err
	}
	return readOne(ctx, op, raw, &productReader, func(ctx context.Context, c *candidate[productNode]) error {
		return e.named(ctx, op, []*candidate[productNode]{c})
	})
}

// statusOfProduct is what shoppers can do with a product: one that is not
// visible is hidden, whatever else.
func (n *notes) statusOfProduct(p *productNode) catalog.ProductStatus {
	known := transport.Word(&n.Notes, "availability", only, p.Availability, availabilities, catalog.ProductStatusUnknown)
	if !p.Visible {
		return catalog.ProductHidden
	}
	return known
}

var availabilities = map[string]catalog.ProductStatus{
	"available": catalog.ProductActive, "preorder": catalog.ProductActive, "disabled": catalog.ProductSoldOut,
}

// Products lists products with their variants and images by id. BigCommerce
// filters by change, by visibility and by the account's channel; creation and
// the finer states are filtered here, at the price of reading all.
// https://developer.bigcommerce.com/docs/rest-catalog/products#get-all-products
func (e *Engine) Products(ctx context.Context, query catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	l, err := e.productQuery("list products", query)
	if err != nil {
		return transport.Failed[catalog.Product](err)
	}
	return list(ctx, l)
}

// productQuery is the list a query asks for.
func (e *Engine) productQuery(op string, query catalog.ProductQuery) (l listing[productNode, catalog.Product], err error) {
	statuses := slices.Clone(query.Status)
	for _, status := range statuses {
		if !slices.Contains([]catalog.ProductStatus{catalog.ProductActive, catalog.ProductSoldOut, catalog.ProductHidden}, status) {
			return l, catalog.Unsupported(Platform, fmt.Sprintf("filter by status %q", status), "filter by active, sold_out or hidden, or look at the products")
		}
	}
	updated, created := times{query.UpdatedSince, query.UpdatedBefore}, times{query.CreatedSince, query.CreatedBefore}
	c := updated.of(e.productsCall(op), "date_modified:min", "date_modified:max")
	if hidden := slices.Contains(statuses, catalog.ProductHidden); len(statuses) > 0 && !hidden {
		c = c.with("is_visible", "true")
	} else if hidden && len(slices.Compact(slices.Sorted(slices.Values(statuses)))) == 1 {
		c = c.with("is_visible", "false")
	}
	l = e.productListing(op, c, query.ListOptions)
	l.filter = transport.FilterName("updated", updated.name(), "created", created.name(), "status", transport.Words(statuses), "channel", e.channel)
	if updated != (times{}) || created != (times{}) {
		l.skip = func(n *productNode) bool {
			return !updated.holds(n.DateModified.Time) || !created.holds(n.DateCreated.Time)
		}
	}
	if len(statuses) > 0 {
		l.keep = func(p *catalog.Product) bool { return slices.Contains(statuses, p.Status) }
	}
	return l, nil
}

func (e *Engine) productsCall(op string) call {
	c := call{op: op, path: "/v3/catalog/products", list: inData, query: url.Values{"include": {productParts}, "sort": {"id"}, "direction": {"asc"}}}
	return e.ofChannel(c, "channel_id:in")
}

func (e *Engine) productListing(op string, c call, options catalog.ListOptions) listing[productNode, catalog.Product] {
	return listing[productNode, catalog.Product]{
		op: op, resource: catalog.Products, options: options, reader: productReader, calls: c,
		pages: byID(e, c, &productReader, greater),
		batch: func(ctx context.Context, rows []*candidate[productNode]) error { return e.named(ctx, op, rows) },
	}
}

// ProductsBySKU finds the products that have a variant with this SKU, by id.
// BigCommerce ignores letters' case, the result does not.
// https://developer.bigcommerce.com/docs/rest-catalog/product-variants#get-all-variants
func (e *Engine) ProductsBySKU(ctx context.Context, sku string) iter.Seq2[catalog.Product, error] {
	const op = "find products by SKU"
	if strings.TrimSpace(sku) == "" {
		return transport.Failed[catalog.Product](&catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the SKU is empty"})
	}
	return func(yield func(catalog.Product, error) bool) {
		variants, err := e.variantsBySKU(ctx, op, sku)
		if err != nil {
			yield(catalog.Product{}, err)
			return
		}
		var ids []int64
		for _, v := range variants {
			ids = append(ids, v.ProductID)
		}
		slices.Sort(ids)
		for chunk := range slices.Chunk(slices.Compact(ids), mostIDs) {
			l := e.productListing(op, e.productsCall(op).with("id:in", commas(chunk)), catalog.ListOptions{})
			l.keep = func(p *catalog.Product) bool {
				return slices.ContainsFunc(p.Variants, func(v catalog.Variant) bool { return v.SKU == sku })
			}
			for product, err := range list(ctx, l) {
				product.Cursor = ""
				if !yield(product, err) || err != nil {
					return
				}
			}
		}
	}
}

// skuNode is a variant as far as it tells what an SKU belongs to.
type skuNode struct {
	ID        int64  `json:"id"`
	ProductID int64  `json:"product_id"`
	SKU       string `json:"sku"`
}

// variantsBySKU finds the variants with exactly this SKU.
func (e *Engine) variantsBySKU(ctx context.Context, op, sku string) ([]skuNode, error) {
	c := call{op: op + ": list variants", path: "/v3/catalog/variants", list: inData, query: url.Values{"sku": {sku}, "include_fields": {"product_id,sku"}}}
	rows, err := e.everything(ctx, c, mostRows)
	if err != nil {
		return nil, err
	}
	var found []skuNode
	for _, raw := range rows {
		var n skuNode
		if _, err := transport.Decode(raw, &n); err == nil && n.SKU == sku {
			found = append(found, n)
		}
	}
	return found, nil
}

// named gives products what is the same for many of a store's: its currency,
// the names of brands and categories.
func (e *Engine) named(ctx context.Context, op string, rows []*candidate[productNode]) error {
	store, err := e.storeFacts(ctx, op)
	if err != nil {
		return err
	}
	var brands, categories []int64
	for _, c := range rows {
		if c.node.BrandID != 0 {
			brands = append(brands, c.node.BrandID)
		}
		categories = append(categories, c.node.Categories...)
	}
	brandOf, err := e.namesOf(ctx, op, brandNames, brands)
	if err != nil {
		return err
	}
	categoryOf, err := e.namesOf(ctx, op, categoryNames, categories)
	if err != nil {
		return err
	}
	for _, c := range rows {
		c.node.store, c.node.brand = store, brandOf[c.node.BrandID]
		for _, id := range c.node.Categories {
			c.node.names = append(c.node.names, categoryOf[id])
		}
	}
	return nil
}
