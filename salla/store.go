package salla

import (
	"cmp"
	"context"
	"iter"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Engine is one Salla store. It is safe for concurrent use.
type Engine struct {
	adapter     *Adapter
	account     catalog.Account
	language    string
	credentials catalog.CredentialSource
	budget      transport.Budget
	statuses    statusCache
	money       atomic.Pointer[string] // the store's currency, once read
}

// pollInterval is Config.PollInterval or its default.
func (e *Engine) pollInterval() time.Duration {
	return cmp.Or(e.adapter.config.PollInterval, 500*time.Millisecond)
}

// Platform returns "salla".
func (e *Engine) Platform() string { return Platform }

// Account returns a copy of the account the engine was opened with.
func (e *Engine) Account() catalog.Account { return e.account.Clone() }

// Features returns what the engine can do.
func (e *Engine) Features() catalog.Features { return e.adapter.Features() }

// Shop reads what the store says of itself. Salla tells neither its time zone
// nor its country.
// https://docs.salla.dev/5394261e0
func (e *Engine) Shop(ctx context.Context) (catalog.Shop, error) {
	const op = "get shop"
	a, err := e.get(ctx, call{op: op, path: "/store/info"})
	if err != nil {
		return catalog.Shop{}, err
	}
	raw, err := a.object(op)
	if err != nil {
		return catalog.Shop{}, err
	}
	return readOne(ctx, op, raw, shopReader, nil)
}

var shopReader = itemReader[storeNode, catalog.Shop]{
	kind:   "salla.store",
	id:     func(n *storeNode) string { return idText(n.ID) },
	record: func(s *catalog.Shop) *catalog.Record { return &s.Record },
	convert: func(_ *reader, n *storeNode) catalog.Shop {
		_, domain, found := strings.Cut(n.Domain, "://")
		if !found {
			domain = n.Domain
		}
		return catalog.Shop{
			ID: idText(n.ID), Name: n.Name, Domain: strings.TrimSuffix(domain, "/"), URL: n.Domain, Email: n.Email,
			Currency: strings.ToUpper(n.Currency), Plan: n.Plan, Test: n.Type == "demo" || n.Type == "development",
		}
	},
}

// Locations lists all branches and warehouses, inactive ones too. Salla does
// not say which of them take part in deliveries; active ones are taken to.
// https://docs.salla.dev/5394224e0
func (e *Engine) Locations(ctx context.Context, options catalog.ListOptions) iter.Seq2[catalog.Location, error] {
	return list(ctx, e, listing[branchNode, catalog.Location]{
		op: "list locations", resource: catalog.Locations, call: call{path: "/branches"}, options: options, reader: branchReader,
	})
}

var branchReader = itemReader[branchNode, catalog.Location]{
	kind:   "salla.branch",
	id:     func(n *branchNode) string { return idText(n.ID) },
	record: func(l *catalog.Location) *catalog.Record { return &l.Record },
	convert: func(r *reader, n *branchNode) catalog.Location {
		address := catalog.Address{
			Name: n.Name, Line1: n.Line, Line2: joined(string(n.Building), n.Street, n.Local),
			PostalCode: string(n.Postal), Phone: string(n.Contacts.Phone),
		}
		if address.Line1 == "" {
			address.Line1, address.Line2 = address.Line2, ""
		}
		if country := take(r, "country", n.Country); country != nil {
			address.Country, address.CountryCode = country.Name, strings.ToUpper(country.Code)
		}
		if city := take(r, "city", n.City); city != nil {
			address.City = city.Name
		}
		active := n.Status == "active"
		return catalog.Location{ID: idText(n.ID), Name: n.Name, Active: active, Ships: active, Address: &address}
	},
}

// counted names the list that counts a resource.
var counted = map[catalog.Resource]call{
	catalog.Products:  {path: "/products", query: url.Values{"format": {"light"}}},
	catalog.Orders:    {path: "/orders"},
	catalog.Customers: {path: "/customers"},
}

// Count counts products, orders or customers by the total of their list.
func (e *Engine) Count(ctx context.Context, resource catalog.Resource) (catalog.Count, error) {
	op := "count " + string(resource)
	c, ok := counted[resource]
	if !ok {
		return catalog.Count{}, catalog.Unsupported(Platform, op, "read the list and count")
	}
	c.op = op
	w := walk{call: c, size: 1}
	a, p, err := w.read(ctx, e, 1)
	if err != nil {
		return catalog.Count{}, err
	}
	if p == nil {
		return catalog.Count{}, a.bad(op, "the answer has no pagination")
	}
	return catalog.Count{N: p.Total}, nil
}
