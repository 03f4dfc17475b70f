package stall

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Product reads one product.
func (e *Engine) Product(ctx context.Context, id string) (catalog.Product, error) {
	return get(ctx, e, "get product", catalog.Products, id, productReader)
}

// Products lists products. Stall filters by change; the end of the range is
// applied here.
func (e *Engine) Products(ctx context.Context, query catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	const op = "list products"
	if len(query.Status) > 0 || !query.CreatedSince.IsZero() || !query.CreatedBefore.IsZero() {
		return transport.Failed[catalog.Product](catalog.Unsupported(Platform, op+" by status or creation", "list all and pick"))
	}
	return list(ctx, e, listing[productNode, catalog.Product]{
		op: op, resource: catalog.Products, options: query.ListOptions, reader: productReader,
		since: query.UpdatedSince, until: query.UpdatedBefore,
	})
}

// ProductsBySKU yields the products that have a variant with exactly this SKU.
func (e *Engine) ProductsBySKU(ctx context.Context, sku string) iter.Seq2[catalog.Product, error] {
	const op = "find products by SKU"
	if sku == "" {
		return transport.Failed[catalog.Product](invalid(op, "the SKU is empty"))
	}
	return list(ctx, e, listing[productNode, catalog.Product]{
		op: op, resource: catalog.Products, sku: sku, reader: productReader,
		keep: func(p *catalog.Product) bool {
			return slices.ContainsFunc(p.Variants, func(v catalog.Variant) bool { return v.SKU == sku })
		},
	})
}

var productStates = map[string]catalog.ProductStatus{
	"on_sale": catalog.ProductActive, "hidden": catalog.ProductHidden, "sold_out": catalog.ProductSoldOut,
}

var productReader = reader[productNode, catalog.Product]{
	kind:    "stall.product",
	id:      func(n *productNode) string { return n.identity() },
	record:  func(p *catalog.Product) *catalog.Record { return &p.Record },
	updated: func(p *catalog.Product) time.Time { return p.UpdatedAt },
	convert: func(notes *transport.Notes, n *productNode) catalog.Product {
		p := catalog.Product{
			ID: n.ID, Title: n.Name, Description: n.Text, Tags: n.Keywords, NativeStatus: n.State,
			Status:    transport.Word(notes, "state", transport.NoIndex, n.State, productStates, catalog.ProductStatusUnknown),
			CreatedAt: moment(notes, "created", n.Created), UpdatedAt: moment(notes, "modified", n.Modified),
		}
		for i, v := range n.Variants {
			variant := catalog.Variant{
				ID: v.ID, Title: v.Label, SKU: v.SKU, Price: money(notes, "variants.%d.price", i, v.Price),
				Position: i + 1, Available: p.Status == catalog.ProductActive,
			}
			if v.Stock != nil {
				quantity := catalog.NewQuantity(*v.Stock)
				variant.Tracked, variant.Quantity = true, &quantity
				variant.Available = variant.Available && *v.Stock > 0
			}
			p.Variants = append(p.Variants, variant)
		}
		return p
	},
}
