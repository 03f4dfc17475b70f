package stall

import (
	"context"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Engine is one stall. It is safe for concurrent use.
type Engine struct {
	adapter     *Adapter
	account     catalog.Account
	credentials catalog.CredentialSource
	budget      transport.Budget
}

// Platform returns "stall".
func (e *Engine) Platform() string { return Platform }

// Account returns a copy of the account the engine was opened with.
func (e *Engine) Account() catalog.Account { return e.account.Clone() }

// Features returns what the engine can do.
func (e *Engine) Features() catalog.Features { return e.adapter.Features() }

// Shop reads what the stall says of itself.
func (e *Engine) Shop(ctx context.Context) (catalog.Shop, error) {
	return getFrom(ctx, e, "get shop", "/stall", shopReader)
}

var shopReader = reader[shopNode, catalog.Shop]{
	kind:   "stall.stall",
	id:     func(n *shopNode) string { return n.Name },
	record: func(s *catalog.Shop) *catalog.Record { return &s.Record },
	convert: func(notes *transport.Notes, n *shopNode) catalog.Shop {
		return catalog.Shop{ID: n.Name, Name: n.Title, Domain: n.Name + ".stall.example", Currency: n.Currency, CreatedAt: moment(notes, "created", n.Created)}
	},
}

// paths are the lists, and where they are.
var paths = map[catalog.Resource]string{catalog.Products: "/products", catalog.Orders: "/orders", catalog.Customers: "/customers"}

// Count counts products, orders or customers.
func (e *Engine) Count(ctx context.Context, resource catalog.Resource) (catalog.Count, error) {
	op := "count " + string(resource)
	path, ok := paths[resource]
	if !ok {
		return catalog.Count{}, catalog.Unsupported(Platform, op, "read the list and count")
	}
	body, err := e.call(ctx, op, path+"/count", nil)
	if err != nil {
		return catalog.Count{}, err
	}
	var answer struct {
		Count *int64 `json:"count"`
	}
	if _, err := transport.Decode(body, &answer); err != nil || answer.Count == nil {
		return catalog.Count{}, badAnswer(op, "the answer holds no count")
	}
	return catalog.Count{N: *answer.Count}, nil
}
