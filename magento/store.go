package magento

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// Engine is one Magento store. It is safe for concurrent use.
type Engine struct {
	adapter         *Adapter
	account         catalog.Account
	at              address
	view            string
	vendor, barcode string  // codes of attributes
	set             string  // the attribute set of new products
	whole           *Engine // the same store in the scope of all views, in which products are written
	signature       Profile
	credentials     catalog.CredentialSource
	budget          transport.Budget
	known           *known
	lookups         lookups
}

// Platform returns "magento".
func (e *Engine) Platform() string { return Platform }

// Account returns a copy of the account the engine was opened with.
func (e *Engine) Account() catalog.Account { return e.account.Clone() }

// Features returns what the engine can do.
func (e *Engine) Features() catalog.Features { return e.adapter.Features() }

// allViews is the code of the scope whose values all views start from.
const allViews = "all"

// defaultView is the code the first view of a shop is made with.
const defaultView = "default"

// Shop reads what the store's view says of itself; without a view in the
// settings it is the one called "default", else the oldest. Magento tells a
// store's name nowhere: it is the host shoppers know. It needs the resource
// Magento_Backend::store.
// https://developer.adobe.com/commerce/webapi/rest/b2c-quick-reference
func (e *Engine) Shop(ctx context.Context) (catalog.Shop, error) {
	const op = "get shop"
	raw, err := e.readView(ctx, call{op: op})
	if err != nil {
		return catalog.Shop{}, err
	}
	return finish(op, itemReader[viewNode, catalog.Shop]{
		kind:   "magento.store_config",
		id:     func(n *viewNode) string { return n.ID },
		record: func(s *catalog.Shop) *catalog.Record { return &s.Record },
		convert: func(_ *reader, n *viewNode) catalog.Shop {
			front := cmp.Or(n.SecureLink, n.SecureURL, n.BaseURL)
			name := e.at.host
			if u, err := url.Parse(front); err == nil && u.Host != "" {
				name = u.Host
			}
			return catalog.Shop{ID: e.account.Store, Name: name, Domain: e.at.host + e.at.folder, URL: front,
				Currency: n.Currency, TimeZone: n.TimeZone, WeightUnit: unit(n.WeightUnit)}
		},
	}, single(raw, viewReader), false)
}

// viewReader only finds a view's id.
var viewReader = itemReader[viewNode, viewNode]{id: func(n *viewNode) string { return n.ID }}

// readView reads the configuration of the engine's view.
func (e *Engine) readView(ctx context.Context, c call) (json.RawMessage, error) {
	c.path, c.list = "/store/storeConfigs", atRoot
	a, err := e.get(ctx, c)
	if err != nil {
		return nil, err
	}
	if !a.page.Found {
		return nil, a.bad(c.op, "the answer holds no list")
	}
	wanted := e.view
	if wanted == allViews {
		wanted = defaultView
	}
	var best json.RawMessage
	var oldest string
	for _, raw := range a.page.Items {
		var n viewNode
		if _, err := decode(raw, &n); err != nil {
			continue // the others may be the one
		}
		if n.Code == wanted {
			return raw, nil
		}
		if id := n.ID; id != "" && id != "0" && (best == nil || len(id) < len(oldest) || len(id) == len(oldest) && id < oldest) {
			best, oldest = raw, id
		}
	}
	if e.view != allViews || best == nil {
		return nil, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrNotFound, Status: a.status,
			Message: "the shop has no active view with this code", Hint: "check the account's setting store_view"}
	}
	return best, nil
}

// counted names the list that counts a resource.
var counted = map[catalog.Resource]string{
	catalog.Products: "/products", catalog.Orders: "/orders", catalog.Customers: "/customers/search",
}

// Count counts products, variants of others among them, orders or customers
// by the total of their list.
func (e *Engine) Count(ctx context.Context, resource catalog.Resource) (catalog.Count, error) {
	op := "count " + string(resource)
	path, ok := counted[resource]
	if !ok {
		return catalog.Count{}, catalog.Unsupported(Platform, op, "read the list and count")
	}
	c := call{op: op, path: path, list: inItems, query: append(criteria{size: 1}.params(), fields("total_count"))}
	a, err := e.get(ctx, c)
	if err != nil {
		return catalog.Count{}, err
	}
	var body struct {
		Total *int64 `json:"total_count"`
	}
	if _, err := decode(a.page.Field(), &body); err != nil || body.Total == nil {
		return catalog.Count{}, a.bad(op, "the answer holds no total")
	}
	return catalog.Count{N: *body.Total}, nil
}

// fields asks for a part of an answer. Only what is not handed on is cut so:
// a projection turns lists of attributes into objects, and what it cannot read
// is answered with nothing.
// https://developer.adobe.com/commerce/webapi/rest/use-rest/retrieve-filtered-responses
func fields(projection string) oauth1.Param {
	return oauth1.Param{Name: "fields", Value: projection}
}
