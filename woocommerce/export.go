package woocommerce

import (
	"context"
	"iter"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// exportAhead is how many pages of an export are read before their turn.
const exportAhead = 4

// ExportProducts yields what Products would, and in the same order: WooCommerce
// has no bulk export, so that several pages, of a hundred if PageSize does not
// say otherwise, are read at the same time, as Config.Pace allows, where a list
// reads two. That takes more of a small host for a shorter time. Filters, After,
// Limit and OnBadItem are honoured; Sort only stable. A page that cannot be read
// ends the list with an error after what was read before it. Memory is that of a
// few pages, however large the catalogue.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-products
func (e *Engine) ExportProducts(ctx context.Context, query catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	const op = "export products"
	if query.Sort != catalog.SortStable {
		return transport.Failed[catalog.Product](catalog.Unsupported(Platform, op+" sorted by "+string(query.Sort), "use the stable order, or Products"))
	}
	if query.PageSize == 0 {
		query.PageSize = mostIncluded
	}
	c, l, err := e.productList(op, query)
	if err != nil {
		return transport.Failed[catalog.Product](err)
	}
	w, first, err := byID(e, c, l)
	if err != nil {
		return transport.Failed[catalog.Product](err)
	}
	return l.deliver(l.records(readAhead(ctx, l, w, first, exportAhead, exportAhead)))
}
