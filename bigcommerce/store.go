package bigcommerce

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Engine is one BigCommerce store. It is safe for concurrent use.
type Engine struct {
	adapter     *Adapter
	account     catalog.Account
	channel     string // "" for all
	credentials catalog.CredentialSource
	budget      transport.Budget
	facts       *factsOfStore
}

// Platform returns "bigcommerce".
func (e *Engine) Platform() string { return Platform }

// Account returns a copy of the account the engine was opened with.
func (e *Engine) Account() catalog.Account { return e.account.Clone() }

// Features returns what the engine can do.
func (e *Engine) Features() catalog.Features { return e.adapter.Features() }

// Shop reads what the store says of itself.
// https://developer.bigcommerce.com/docs/rest-management/store-information
func (e *Engine) Shop(ctx context.Context) (catalog.Shop, error) {
	const op = "get shop"
	raw, err := e.storeInformation(ctx, op)
	if err != nil {
		return catalog.Shop{}, err
	}
	return readOne(ctx, op, raw, &shopReader, func(_ context.Context, c *candidate[storeNode]) error {
		if len(c.node.Currency) == 3 {
			e.remember(&c.node)
		}
		return nil
	})
}

func (e *Engine) storeInformation(ctx context.Context, op string) (json.RawMessage, error) {
	a, err := e.get(ctx, call{op: op, path: "/v2/store"})
	if err != nil {
		return nil, err
	}
	return a.object(op)
}

// shop reads the store's information for what products need of it.
func (e *Engine) shop(ctx context.Context, op string) (*storeNode, error) {
	raw, err := e.storeInformation(ctx, op)
	if err != nil {
		return nil, err
	}
	var n storeNode
	if _, err := transport.Decode(raw, &n); err != nil || len(n.Currency) != 3 {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "the store does not tell its currency", Err: err}
	}
	return &n, nil
}

var shopReader = reader[storeNode, catalog.Shop]{
	kind:   "bigcommerce.v2.store",
	id:     func(n *storeNode) string { return n.ID },
	record: func(s *catalog.Shop) *catalog.Record { return &s.Record },
	convert: func(_ *notes, n *storeNode) catalog.Shop {
		plan := n.PlanLevel
		if plan == "" {
			plan = n.PlanName
		}
		return catalog.Shop{
			ID: n.ID, Name: n.Name, Domain: n.Domain, URL: n.SecureURL, Email: n.AdminEmail, Currency: strings.ToUpper(n.Currency),
			TimeZone: n.TimeZone.Name, CountryCode: strings.ToUpper(n.CountryCode), WeightUnit: weightUnit(n.WeightUnits),
			TaxesIncluded: n.WithTax, Plan: plan, Test: n.Trial,
		}
	},
}

// Locations lists all locations, inactive ones too, in the order of their ids.
// https://developer.bigcommerce.com/docs/rest-management/inventory/locations
func (e *Engine) Locations(ctx context.Context, options catalog.ListOptions) iter.Seq2[catalog.Location, error] {
	const op = "list locations"
	return list(ctx, listing[locationNode, catalog.Location]{
		op: op, resource: catalog.Locations, options: options, reader: locationReader,
		pages: whole(e, call{op: op, path: "/v3/inventory/locations", list: inData}, &locationReader),
	})
}

var locationReader = reader[locationNode, catalog.Location]{
	kind:   "bigcommerce.v3.location",
	id:     func(n *locationNode) string { return idText(n.ID) },
	record: func(l *catalog.Location) *catalog.Record { return &l.Record },
	convert: func(_ *notes, n *locationNode) catalog.Location {
		a := &n.Address
		return catalog.Location{ID: idText(n.ID), Name: n.Label, Active: n.Enabled, Ships: n.Enabled, Address: &catalog.Address{
			Line1: a.Address1, Line2: a.Address2, City: a.City, Province: a.State, PostalCode: a.Zip,
			CountryCode: strings.ToUpper(a.CountryISO), Phone: a.Phone,
		}}
	},
}

// counted names the lists of V3 that count a resource. Of the fields one is
// asked for that the documents name: the id, which comes anyway, is not in
// their list for products.
var counted = map[catalog.Resource]call{
	catalog.Products:  {path: "/v3/catalog/products", list: inData, query: url.Values{"include_fields": {"sku"}}},
	catalog.Variants:  {path: "/v3/catalog/variants", list: inData, query: url.Values{"include_fields": {"sku"}}},
	catalog.Customers: {path: "/v3/customers", list: inData},
}

// Count counts products, variants, orders or customers; not variants where the
// account's setting names a channel. Incomplete orders do not count. Whether
// BigCommerce counts archived ones its documents do not say.
// https://developer.bigcommerce.com/docs/rest-management/orders#get-a-count-of-orders
func (e *Engine) Count(ctx context.Context, resource catalog.Resource) (catalog.Count, error) {
	op := "count " + string(resource)
	if resource == catalog.Orders {
		return e.countOrders(ctx, op)
	}
	c, ok := counted[resource]
	if !ok || resource == catalog.Variants && e.channel != "" {
		return catalog.Count{}, catalog.Unsupported(Platform, op, "read the list and count")
	}
	c.op = op
	if resource == catalog.Products {
		c = e.ofChannel(c, "channel_id:in")
	}
	a, _, err := e.rows(ctx, c.with("limit", "1"))
	if err != nil {
		return catalog.Count{}, err
	}
	p := a.pagination()
	if p == nil {
		return catalog.Count{}, a.bad(op, "the answer has no pagination")
	}
	return catalog.Count{N: p.Total}, nil
}

func (e *Engine) countOrders(ctx context.Context, op string) (catalog.Count, error) {
	a, err := e.get(ctx, e.ofChannel(call{op: op, path: "/v2/orders/count"}, "channel_id"))
	if err != nil {
		return catalog.Count{}, err
	}
	var n struct {
		Statuses []struct {
			ID    *int64 `json:"id"`
			Count int64  `json:"count"`
		} `json:"statuses"`
		Count *int64 `json:"count"`
	}
	problems, err := transport.Decode(a.page.Field(), &n)
	if err != nil || len(problems) > 0 || n.Count == nil {
		return catalog.Count{}, a.bad(op, "the answer holds no count")
	}
	count := *n.Count
	for _, s := range n.Statuses {
		if s.ID != nil && *s.ID == statusIncomplete {
			count -= s.Count
		}
	}
	return catalog.Count{N: max(0, count)}, nil
}

// ofChannel narrows a call to the account's channel, where it names one.
func (e *Engine) ofChannel(c call, parameter string) call {
	if e.channel == "" {
		return c
	}
	return c.with(parameter, e.channel)
}
