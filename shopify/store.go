package shopify

import (
	"context"
	"encoding/json"
	"iter"
	"sync/atomic"

	"github.com/soukhq/souk/catalog"
)

// Engine is one Shopify store. It is safe for concurrent use.
type Engine struct {
	adapter     *Adapter
	account     catalog.Account
	shop        string // the host the credential may be sent to
	credentials catalog.CredentialSource
	clock       clock
	money       atomic.Pointer[string] // the store's currency, once it is known
}

// Platform returns "shopify".
func (e *Engine) Platform() string { return Platform }

// Account returns a copy of the account the engine was opened with.
func (e *Engine) Account() catalog.Account { return e.account.Clone() }

// Features returns what the engine can do.
func (e *Engine) Features() catalog.Features { return e.adapter.Features() }

// Shop reads what the store says of itself.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/shop
func (e *Engine) Shop(ctx context.Context) (catalog.Shop, error) {
	one, err := e.one(ctx, "get shop", shopDocument, "shop", nil)
	if err != nil {
		return catalog.Shop{}, err
	}
	return readOne(ctx, e, "get shop", one, shopReader)
}

var shopReader = itemReader[shopNode, catalog.Shop]{
	kind:   "shopify.graphql.Shop",
	id:     func(n *shopNode) string { return n.ID },
	record: func(s *catalog.Shop) *catalog.Record { return &s.Record },
	convert: func(r *reader, n *shopNode, _ pageContext) catalog.Shop {
		s := catalog.Shop{
			ID: numericID(n.ID), Name: n.Name, Domain: n.MyshopifyDomain, URL: n.PrimaryDomain.URL, Email: n.ContactEmail,
			Currency: n.CurrencyCode, TimeZone: n.IanaTimezone, CountryCode: n.ShopAddress.CountryCode, WeightUnit: weightUnit(n.WeightUnit),
			TaxesIncluded: n.TaxesIncluded, Plan: n.Plan.PublicDisplayName, Test: n.Plan.PartnerDevelopment,
			CreatedAt: r.time("createdAt", only, n.CreatedAt),
		}
		if s.Email == "" {
			s.Email = n.Email
		}
		return s
	},
}

// Locations lists all locations, those out of use and those of fulfilment
// services too.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/locations
func (e *Engine) Locations(ctx context.Context, options catalog.ListOptions) iter.Seq2[catalog.Location, error] {
	return list(ctx, e, listing[locationNode, catalog.Location]{
		op: "list locations", resource: catalog.Locations, root: "locations", document: locationsDocument, options: options,
		reader: itemReader[locationNode, catalog.Location]{
			kind:     "shopify.graphql.Location",
			id:       func(n *locationNode) string { return n.ID },
			record:   func(l *catalog.Location) *catalog.Record { return &l.Record },
			position: func(l *catalog.Location) (string, string) { return l.ID, "" },
			convert: func(r *reader, n *locationNode, _ pageContext) catalog.Location {
				return catalog.Location{ID: numericID(n.ID), Name: n.Name, Active: n.IsActive, Ships: n.FulfillsOnlineOrders, Address: r.address(&n.Address)}
			},
		},
	})
}

// counts names the root field that counts a resource.
var counts = map[catalog.Resource]string{
	catalog.Products: "productsCount", catalog.Variants: "productVariantsCount",
	catalog.Orders: "ordersCount", catalog.Customers: "customersCount",
}

// Count counts products, variants, orders or customers.
func (e *Engine) Count(ctx context.Context, resource catalog.Resource) (catalog.Count, error) {
	op := "count " + string(resource)
	root, ok := counts[resource]
	if !ok {
		return catalog.Count{}, catalog.Unsupported(Platform, op, "read the list and count")
	}
	one, err := e.one(ctx, op, countsDocuments[root], root, nil)
	if err != nil {
		return catalog.Count{}, err
	}
	var n struct {
		Count     int64  `json:"count"`
		Precision string `json:"precision"`
	}
	if err := json.Unmarshal(one.raw, &n); err != nil {
		return catalog.Count{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Err: err}
	}
	return catalog.Count{N: n.Count, AtLeast: n.Precision != "EXACT"}, nil
}
