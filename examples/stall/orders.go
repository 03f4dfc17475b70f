package stall

import (
	"context"
	"iter"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Order reads one order.
func (e *Engine) Order(ctx context.Context, id string) (catalog.Order, error) {
	return get(ctx, e, "get order", catalog.Orders, id, orderReader)
}

// Orders lists orders, by their change only.
func (e *Engine) Orders(ctx context.Context, query catalog.OrderQuery) iter.Seq2[catalog.Order, error] {
	const op = "list orders"
	if len(query.Status)+len(query.Payment)+len(query.Fulfillment) > 0 || query.CustomerID != "" ||
		!query.CreatedSince.IsZero() || !query.CreatedBefore.IsZero() {
		return transport.Failed[catalog.Order](catalog.Unsupported(Platform, op+" by state, customer or creation", "list all and pick"))
	}
	return list(ctx, e, listing[orderNode, catalog.Order]{
		op: op, resource: catalog.Orders, options: query.ListOptions, reader: orderReader,
		since: query.UpdatedSince, until: query.UpdatedBefore,
	})
}

var orderStates = map[string]catalog.OrderStatus{
	"placed": catalog.OrderPending, "paid": catalog.OrderOpen, "sent": catalog.OrderShipped, "void": catalog.OrderCancelled,
}

var orderReader = reader[orderNode, catalog.Order]{
	kind:    "stall.order",
	id:      func(n *orderNode) string { return n.identity() },
	record:  func(o *catalog.Order) *catalog.Record { return &o.Record },
	updated: func(o *catalog.Order) time.Time { return o.UpdatedAt },
	convert: func(notes *transport.Notes, n *orderNode) catalog.Order {
		o := catalog.Order{
			ID: n.ID, Number: n.Number, NativeStatus: n.State,
			Status:    transport.Word(notes, "state", transport.NoIndex, n.State, orderStates, catalog.OrderStatusUnknown),
			Total:     catalog.DualMoney{Store: money(notes, "total", transport.NoIndex, n.Total)},
			CreatedAt: moment(notes, "created", n.Created), UpdatedAt: moment(notes, "modified", n.Modified),
		}
		o.Currency = o.Total.Store.Currency()
		if n.Buyer != nil {
			o.Customer = &catalog.OrderCustomer{ID: n.Buyer.ID, Name: n.Buyer.Name, Email: n.Buyer.Email}
			o.Email = n.Buyer.Email
		}
		for i, line := range n.Lines {
			o.LineItems = append(o.LineItems, catalog.LineItem{
				ID: line.ID, ProductID: line.Product, VariantID: line.Variant, Title: line.Name, Quantity: catalog.NewQuantity(line.Count),
				UnitPrice: catalog.DualMoney{Store: money(notes, "lines.%d.price", i, line.Price)},
			})
		}
		return o
	},
}
