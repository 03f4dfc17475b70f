package stall

import (
	"context"
	"iter"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Customer reads one customer.
func (e *Engine) Customer(ctx context.Context, id string) (catalog.Customer, error) {
	return get(ctx, e, "get customer", catalog.Customers, id, customerReader)
}

// Customers lists customers, by their change only.
func (e *Engine) Customers(ctx context.Context, query catalog.CustomerQuery) iter.Seq2[catalog.Customer, error] {
	const op = "list customers"
	if query.Email != "" || !query.CreatedSince.IsZero() || !query.CreatedBefore.IsZero() {
		return transport.Failed[catalog.Customer](catalog.Unsupported(Platform, op+" by e-mail or creation", "list all and pick"))
	}
	return list(ctx, e, listing[buyerNode, catalog.Customer]{
		op: op, resource: catalog.Customers, options: query.ListOptions, reader: customerReader,
		since: query.UpdatedSince, until: query.UpdatedBefore,
	})
}

var customerReader = reader[buyerNode, catalog.Customer]{
	kind:    "stall.customer",
	id:      func(n *buyerNode) string { return n.identity() },
	record:  func(c *catalog.Customer) *catalog.Record { return &c.Record },
	updated: func(c *catalog.Customer) time.Time { return c.UpdatedAt },
	convert: func(notes *transport.Notes, n *buyerNode) catalog.Customer {
		return catalog.Customer{
			ID: n.ID, Name: n.Name, Email: n.Email, Phone: n.Phone,
			CreatedAt: moment(notes, "created", n.Created), UpdatedAt: moment(notes, "modified", n.Modified),
		}
	},
}
