package woocommerce

import (
	"context"
	"iter"
	"net/url"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Shop reads what the store says of itself: its general settings now, its
// name, zone and units at most a quarter of an hour ago.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-setting-options
func (e *Engine) Shop(ctx context.Context) (catalog.Shop, error) {
	const op = "get shop"
	a, general, err := e.general(ctx, op)
	if err != nil {
		return catalog.Shop{}, err
	}
	i, err := e.index(ctx, op)
	if err != nil {
		return catalog.Shop{}, err
	}
	s, err := e.settings(ctx, op)
	if err != nil {
		return catalog.Shop{}, err
	}
	country, _, _ := strings.Cut(general["woocommerce_default_country"], ":")
	shop := catalog.Shop{
		ID: e.account.Store, Name: i.name, Domain: i.home.Host + i.home.Path, URL: i.home.String(),
		Currency: strings.ToUpper(general["woocommerce_currency"]), TimeZone: i.zone, CountryCode: country,
		WeightUnit: s.weightUnit, TaxesIncluded: s.taxesIncluded,
	}
	shop.Record = catalog.Record{Platform: Platform, Raw: i.raw, RawKind: "woocommerce.index",
		More: []catalog.RawPart{{Kind: "woocommerce.settings", Raw: a.body}}}
	if i.hidden {
		shop.Problems = []catalog.Problem{catalog.NewProblem("name", "the site tells its name and zone to nobody without a login", "")}
	}
	return shop, nil
}

// general reads the store's general settings.
func (e *Engine) general(ctx context.Context, op string) (answer, map[string]string, error) {
	a, err := e.send(ctx, call{op: op, path: "/settings/general", query: settingFields, shape: wantList})
	if err != nil {
		return a, nil, err
	}
	values := map[string]string{}
	for _, raw := range a.items {
		var n settingNode
		if _, err := transport.Decode(raw, &n); err == nil { // values of other forms are of no interest here
			values[n.ID] = n.Value
		}
	}
	if values["woocommerce_currency"] == "" {
		return a, nil, badAnswer(op, "the store's settings hold no currency")
	}
	return a, values, nil
}

// onlyLocation is the id of the one location.
const onlyLocation = "store"

// Locations yields the store's one stand-in: WooCommerce keeps stock in no
// place. It has the store's address.
func (e *Engine) Locations(ctx context.Context, options catalog.ListOptions) iter.Seq2[catalog.Location, error] {
	const op = "list locations"
	l := &listing[settingNode, catalog.Location]{op: op, resource: catalog.Locations, options: options}
	position, err := l.position()
	if err != nil {
		return transport.Failed[catalog.Location](err)
	}
	return func(yield func(catalog.Location, error) bool) {
		if position != "" {
			return // behind the only one
		}
		_, general, err := e.general(ctx, op)
		if err != nil {
			yield(catalog.Location{}, err)
			return
		}
		i, err := e.index(ctx, op)
		if err != nil {
			yield(catalog.Location{}, err)
			return
		}
		country, state, _ := strings.Cut(general["woocommerce_default_country"], ":")
		a := catalog.Address{Line1: general["woocommerce_store_address"], Line2: general["woocommerce_store_address_2"],
			City: general["woocommerce_store_city"], PostalCode: general["woocommerce_store_postcode"], CountryCode: country}
		setState(&a, state)
		location := catalog.Location{ID: onlyLocation, Name: i.name, Active: true, Ships: true, Fallback: true, Address: &a}
		location.Record = catalog.Record{Platform: Platform, Cursor: catalog.NewCursor(Platform, catalog.Locations, "", onlyLocation)}
		if !options.OmitRaw {
			location.Raw, location.RawKind = i.raw, "woocommerce.index"
		}
		yield(location, nil)
	}
}

// counted names the list that counts a resource.
var counted = map[catalog.Resource]string{catalog.Products: "/products", catalog.Orders: "/orders", catalog.Customers: "/customers"}

// Count counts products, orders or customers, those in the trash excepted, by
// the total of their list.
func (e *Engine) Count(ctx context.Context, resource catalog.Resource) (catalog.Count, error) {
	op := "count " + string(resource)
	path, ok := counted[resource]
	if !ok {
		return catalog.Count{}, catalog.Unsupported(Platform, op, "read the list and count")
	}
	a, err := e.send(ctx, call{op: op, path: path, shape: wantList, query: url.Values{"per_page": {"1"}, "_fields": {"id"}}})
	if err != nil {
		return catalog.Count{}, err
	}
	total := a.total()
	if total < 0 {
		return catalog.Count{}, badAnswer(op, "the answer does not tell the total; a proxy may drop the X-WP-Total header")
	}
	return catalog.Count{N: int64(total)}, nil
}
