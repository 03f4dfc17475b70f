package shopify

import (
	"context"
	"errors"
	"iter"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// productKind names the shape of a product's Raw.
const productKind catalog.RawKind = "shopify.graphql.Product"

var productStatuses = map[string]catalog.ProductStatus{
	"ACTIVE": catalog.ProductActive, "DRAFT": catalog.ProductDraft,
	"ARCHIVED": catalog.ProductArchived, "UNLISTED": catalog.ProductHidden,
}

// Product reads one product by its numeric id or GID, with all variants and
// images.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/product
func (e *Engine) Product(ctx context.Context, id string) (catalog.Product, error) {
	const op = "get product"
	global, err := gid(op, "Product", id)
	if err != nil {
		return catalog.Product{}, err
	}
	one, err := e.one(ctx, op, productDocument, "product", map[string]any{"id": global})
	if err != nil {
		return catalog.Product{}, err
	}
	return readOne(ctx, e, op, one, productReader)
}

// Products lists products with all variants and images.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/products
func (e *Engine) Products(ctx context.Context, query catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	return list(ctx, e, productListing(query))
}

func productListing(query catalog.ProductQuery) listing[productNode, catalog.Product] {
	var s search
	s.between("updated_at", query.UpdatedSince, query.UpdatedBefore)
	s.between("created_at", query.CreatedSince, query.CreatedBefore)
	anyOf(&s, "status", query.Status, map[catalog.ProductStatus]string{
		catalog.ProductActive: "active", catalog.ProductDraft: "draft", catalog.ProductArchived: "archived", catalog.ProductHidden: "unlisted"})
	return listing[productNode, catalog.Product]{
		op: "list products", resource: catalog.Products, root: "products", document: productsDocument,
		options: query.ListOptions, search: s, reader: productReader,
		keep: exactly(s, func(p *catalog.Product) bool {
			return transport.Within(p.UpdatedAt, query.UpdatedSince, query.UpdatedBefore) && transport.Within(p.CreatedAt, query.CreatedSince, query.CreatedBefore)
		}),
	}
}

// ProductsBySKU finds the products that have a variant with exactly this SKU.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/productVariants
func (e *Engine) ProductsBySKU(ctx context.Context, sku string) iter.Seq2[catalog.Product, error] {
	const op = "find products by SKU"
	if sku == "" {
		return transport.Failed[catalog.Product](&catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the SKU is empty"})
	}
	var s search
	s.equal("sku", sku)
	return func(yield func(catalog.Product, error) bool) {
		seen := map[string]bool{}
		for raw, err := range e.nodes(ctx, nodesRequest{op: op, root: []string{"productVariants"}, document: skuDocument, size: 50, variables: map[string]any{"query": s.text()}}) {
			var m match
			if err == nil {
				m, err = readMatch(op, raw)
			}
			if err != nil {
				yield(catalog.Product{}, err)
				return
			}
			// The search is not exact: it ignores case and splits words.
			if m.SKU != sku || seen[m.Product.ID] {
				continue
			}
			seen[m.Product.ID] = true
			product, err := e.Product(ctx, m.Product.ID)
			if vanished(err) {
				continue // deleted since the search
			}
			if !yield(product, err) || err != nil {
				return
			}
		}
	}
}

// match is a variant that a search found.
type match struct {
	ID      string `json:"id"`
	SKU     string `json:"sku"`
	Product nodeID `json:"product"`
}

func readMatch(op string, node rawNode) (match, error) {
	var m match
	_, err := transport.Decode(node.raw, &m)
	if err == nil && m.Product.ID == "" {
		err = errors.New("it has no product")
	}
	if err != nil {
		return m, unreadable(op, node, numericID(m.ID), err)
	}
	return m, nil
}

// productReader turns a product's node into the model.
var productReader = itemReader[productNode, catalog.Product]{
	kind:     productKind,
	id:       func(n *productNode) string { return n.ID },
	record:   func(p *catalog.Product) *catalog.Record { return &p.Record },
	position: func(p *catalog.Product) (string, string) { return p.ID, stamp(p.UpdatedAt) },
	complete: func(ctx context.Context, e *Engine, n *productNode, x *extra) error {
		if err := more(ctx, e, moreVariants, n.ID, &n.Variants, x); err != nil {
			return err
		}
		return more(ctx, e, moreMedia, n.ID, &n.Media, x)
	},
	reset: func(n *productNode) {
		variants, media := emptied(n.Variants.Nodes), emptied(n.Media.Nodes)
		*n = productNode{}
		n.Variants.Nodes, n.Media.Nodes = variants, media
	},
	convert: func(r *reader, n *productNode, page pageContext) catalog.Product {
		p := catalog.Product{
			ID: numericID(n.ID), Title: n.Title, Handle: n.Handle, Description: n.DescriptionHTML,
			Vendor: n.Vendor, Type: n.ProductType, Tags: n.Tags, URL: n.OnlineStoreURL,
			Status: transport.Word(&r.Notes, "status", only, n.Status, productStatuses, catalog.ProductStatusUnknown), NativeStatus: n.Status,
			CreatedAt: r.time("createdAt", only, n.CreatedAt), UpdatedAt: r.time("updatedAt", only, n.UpdatedAt),
			PublishedAt: r.time("publishedAt", only, n.PublishedAt),
		}
		if c := n.Category; c != nil {
			p.Categories = []catalog.Category{{ID: numericID(c.ID), Name: c.FullName}}
		}
		if len(n.Options) > 0 {
			p.Options = make([]catalog.Option, len(n.Options))
			for i, o := range n.Options {
				p.Options[i] = catalog.Option{ID: numericID(o.ID), Name: o.Name, Values: o.Values}
			}
		}
		p.Variants = make([]catalog.Variant, len(n.Variants.Nodes))
		for i := range n.Variants.Nodes {
			p.Variants[i] = r.variant(i, &n.Variants.Nodes[i], page.currency)
		}
		if page.currency == "" && len(p.Variants) > 0 {
			r.Add("shop.currencyCode", only, "the answer names no currency, so the prices have none", "")
		}
		if len(n.Media.Nodes) > 0 {
			p.Images = make([]catalog.Image, len(n.Media.Nodes))
			for i := range n.Media.Nodes {
				p.Images[i] = image(i, &n.Media.Nodes[i])
			}
		}
		return p
	},
}

func (r *reader) variant(i int, n *variantNode, currency string) catalog.Variant {
	item := &n.InventoryItem
	v := catalog.Variant{
		ID: numericID(n.ID), InventoryItemID: numericID(item.ID), Title: n.Title, SKU: n.SKU, Barcode: n.Barcode,
		Price:          r.Money("variants.nodes.%d.price", i, n.Price, currency),
		CompareAtPrice: r.Money("variants.nodes.%d.compareAtPrice", i, n.CompareAtPrice, currency),
		Cost:           r.Money("variants.nodes.%d.inventoryItem.unitCost", i, item.UnitCost.Amount, item.UnitCost.CurrencyCode),
		Tracked:        item.Tracked, Available: n.AvailableForSale, RequiresShipping: item.RequiresShipping, Taxable: n.Taxable,
		Position:  n.Position,
		CreatedAt: r.time("variants.nodes.%d.createdAt", i, n.CreatedAt), UpdatedAt: r.time("variants.nodes.%d.updatedAt", i, n.UpdatedAt),
	}
	if item.Tracked {
		v.Quantity = quantity(n.InventoryQuantity)
	}
	if w := item.Measurement.Weight; w.Value != "" {
		v.Weight = catalog.Weight{Value: w.Value.String(), Unit: weightUnit(w.Unit)}
	}
	if len(n.SelectedOptions) > 0 {
		v.Options = make([]catalog.OptionValue, len(n.SelectedOptions))
		for j, o := range n.SelectedOptions {
			v.Options[j] = catalog.OptionValue{Name: o.Name, Value: o.Value}
		}
	}
	return v
}

func weightUnit(native string) string {
	switch native {
	case "GRAMS":
		return "g"
	case "KILOGRAMS":
		return "kg"
	case "OUNCES":
		return "oz"
	case "POUNDS":
		return "lb"
	}
	return native
}

func image(i int, n *mediumNode) catalog.Image {
	m := catalog.Image{ID: numericID(n.ID), Alt: n.Alt, Kind: n.MediaContentType, Position: i + 1,
		URL: n.Preview.Image.URL, Width: n.Preview.Image.Width, Height: n.Preview.Image.Height}
	switch n.MediaContentType {
	case "IMAGE":
		m.Kind = "image"
	case "VIDEO", "EXTERNAL_VIDEO":
		m.Kind = "video"
	}
	return m
}
