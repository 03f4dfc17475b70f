package bigcommerce_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
)

// decoding reads samples and counts them.
type decoding struct {
	*testing.T
	good, all int
}

// engine opens a store whose answers are the script's.
func (d *decoding) engine(s script) *bigcommerce.Engine {
	d.Helper()
	return open(d, bigcommerce.Config{Transport: s, Attempts: 1, ListShipments: true}, catalog.Account{Store: "abc123"}, "a token")
}

// look holds one record against the sample it came from.
func (d *decoding) look(what string, r catalog.Record, raw json.RawMessage, err error) {
	d.Helper()
	d.all++
	if err != nil {
		d.Errorf("%s: %v", what, err)
		return
	}
	good := true
	for _, p := range r.Problems {
		good = false
		d.Errorf("%s: %s", what, p)
	}
	if raw != nil && string(r.Raw) != string(raw) || r.RawKind == "" {
		good = false
		d.Errorf("%s: Raw is %.100s of %s", what, r.Raw, r.RawKind)
	}
	if good {
		d.good++
	}
}

func (d *decoding) want(what string, ok bool, got ...any) {
	d.Helper()
	if d.all++; !ok {
		d.Errorf("%s is not as in the sample: %+v", what, got)
		return
	}
	d.good++
}

// TestSamplesOfReads reads every sample of an answer the adapter knows: none
// may be odd to the decoders, and each record keeps its JSON.
func TestSamplesOfReads(t *testing.T) {
	t.Parallel()
	all, a := samples(t), loadAPI(t)
	d := &decoding{T: t}
	store := shown(t, all, "GET /store", "")
	d.store(store)
	d.orders(all, a)
	d.customers(all)
	d.catalogue(all, a, store)
	d.stock(a, store)
	specs.Report(t, "bigcommerce samples of reads %d/%d", d.good, d.all)
}

func (d *decoding) store(sample json.RawMessage) {
	e := d.engine(script{"/v2/store": sample})
	shop, err := e.Shop(d.Context())
	d.look("store", shop.Record, sample, err)
	d.want("the store", shop.ID == "abc123" && shop.Currency == "USD" && shop.TimeZone == "America/Chicago" && shop.Name == "BigCommerce")
}

func (d *decoding) orders(all []sample, a *api) {
	products, places := shown(d, all, "GET /orders/{order_id}/products", ""), shown(d, all, "GET /orders/{order_id}/shipping_addresses", "")
	parcels, refunds := shown(d, all, "GET /orders/{order_id}/shipments", ""), parsed(d, a.made(d, "orders.v3.yml", "/orders/payment_actions/refunds"))
	pickups := shown(d, all, "GET /orders/{order_id}/consignments", "")
	for _, name := range []string{"Response", "Multiple Items"} {
		sample := shown(d, all, "GET /orders/{order_id}", name)
		order := parsed(d, sample)
		number := fmt.Sprint(order["id"])
		refund, ok := refunds["data"].([]any)[0].(object)
		if !ok {
			d.Fatal("the description of refunds has none")
		}
		refund["order_id"] = order["id"]
		at := "/v2/orders/" + number
		s := script{at: sample, at + "/products": products, at + "/shipping_addresses": places, at + "/shipments": parcels,
			"/v3/orders/payment_actions/refunds": enveloped(d, refund)}
		got, err := d.engine(s).Order(d.Context(), number)
		d.look("order "+name, got.Record, sample, err)
		d.want("order "+name, got.Total.Store.Amount() == trimmed(order["total_inc_tax"]) && got.Currency != "" && len(got.LineItems) == 2 && len(got.Refunds) == 1 &&
			got.LineItems[0].SKU == "S-ORAN" && got.ShippingAddress != nil && got.ShippingAddress.City == "San Antonio" && !got.Refunded.Store.IsZero(),
			got.Total, got.Currency, len(got.LineItems), len(got.Refunds), got.ShippingAddress, got.Refunded)

		// Shipped in part, by way of the consignments that were asked for.
		order["items_shipped"], order["consignments"] = 1, parsed(d, pickups)
		s[at] = marshal(d, order)
		got, err = d.engine(s).Order(d.Context(), number)
		d.look("order with pickups "+name, got.Record, s[at], err)
		d.want("order with pickups "+name, len(got.Fulfillments) == 2 && got.Fulfillments[0].Tracking[0].Number == "EJ958083578US" &&
			slices.ContainsFunc(got.ShippingLines, func(l catalog.ShippingLine) bool { return l.Title == "Pick Up" }), got.Fulfillments, got.ShippingLines)
	}
	list := shown(d, all, "GET /orders", "")
	e := d.engine(script{"/v2/orders": list, "/v2/orders/100/products": products, "/v2/orders/count": shown(d, all, "GET /orders/count", "")})
	for o, err := range e.Orders(d.Context(), catalog.OrderQuery{ListOptions: catalog.ListOptions{Limit: 1}}) {
		d.look("orders", o.Record, nil, err)
		d.want("orders", o.ID == "100" && len(o.LineItems) == 2, o.ID, len(o.LineItems))
	}
	var counted struct {
		Count    int64
		Statuses []struct{ Count int64 }
	}
	if err := unmarshal(shown(d, all, "GET /orders/count", ""), &counted); err != nil || len(counted.Statuses) == 0 {
		d.Fatal(err)
	}
	n, err := e.Count(d.Context(), catalog.Orders) // the first status is of the incomplete
	d.want("the count", err == nil && n.N == counted.Count-counted.Statuses[0].Count, n, err)

	messages := shown(d, all, "GET /orders/{order_id}/messages", "")
	for h, err := range d.engine(script{"/v2/orders/181/messages": messages}).OrderHistory(d.Context(), "181") {
		d.look("message", h.Record, nil, err)
		d.want("the message", h.ID == "2" && strings.Contains(h.Text, "Thank you") && h.Author == "staff 1")
	}
}

// trimmed is an amount as the model writes it.
func trimmed(v any) string {
	m, err := catalog.NewMoney(fmt.Sprint(v), "USD")
	if err != nil {
		return err.Error()
	}
	return m.Amount()
}

// customers: the sample of a customer has no id, and that of addresses none of
// a list, so the customer gets the id the addresses name.
func (d *decoding) customers(all []sample) {
	sample, ok := parsed(d, shown(d, all, "GET /customers", ""))["data"].([]any)[0].(object)
	if !ok {
		d.Fatal("the sample holds no customer")
	}
	_, has := sample["id"]
	d.want("the customer without an id", !has)
	sample["id"], sample["date_modified"], sample["date_created"] = 1, "2026-03-01T08:09:10Z", "2026-03-01T08:09:10Z"
	sample["address_count"] = 1
	e := d.engine(script{"/v3/customers": enveloped(d, sample)})
	c, err := e.Customer(d.Context(), "1")
	d.look("customer", c.Record, nil, err)
	d.want("the customer", c.Email == "jane.smith@example.com" && c.TaxExempt && len(c.Addresses) == 1 && c.Addresses[0].Line1 == "Addr1")

	sample["address_count"] = 2
	e = d.engine(script{"/v3/customers": enveloped(d, sample), "/v3/customers/addresses": shown(d, all, "GET /customers/addresses", "")})
	c, err = e.Customer(d.Context(), "1")
	d.look("customer with addresses", c.Record, nil, err)
	d.want("the addresses", len(c.Addresses) == 1 && c.Addresses[0].ID == "18" && c.Addresses[0].City == "Austin" && len(c.More) == 1)
}

func (d *decoding) catalogue(all []sample, a *api, store json.RawMessage) {
	sample := shown(d, all, "GET /catalog/products/{product_id}", "")
	product, ok := parsed(d, sample)["data"].(object)
	if !ok {
		d.Fatal("the sample holds no product")
	}
	s := script{"/v2/store": store, "/v3/catalog/products/174": sample}
	got, err := d.engine(s).Product(d.Context(), "174")
	d.look("product", got.Record, nil, err)
	d.want("the product", got.Title == "1L Le Parfait Jar" && len(got.Categories) == 2)

	variants := parsed(d, shown(d, all, "GET /catalog/products/{product_id}/variants", ""))["data"]
	product["variants"] = variants
	s["/v3/catalog/products/174"] = marshal(d, object{"data": product, "meta": object{}})
	got, err = d.engine(s).Product(d.Context(), "174")
	d.look("variants", got.Record, nil, err)
	d.want("the variants", len(got.Variants) == len(variants.([]any)) && got.Variants[0].SKU == "SMIT" && got.Variants[0].Price.Amount() == trimmed("10"))

	// As described, with each field filled.
	list := a.made(d, "products_catalog.v3.yml", "/catalog/products")
	described, ok := parsed(d, list)["data"].([]any)[0].(object)
	if !ok {
		d.Fatal("the description of products has none")
	}
	described["id"] = 9
	s["/v3/catalog/products"] = enveloped(d, described)
	s["/v3/catalog/brands"] = a.made(d, "brands_catalog.v3.yml", "/catalog/brands")
	s["/v3/catalog/categories"] = a.made(d, "categories_catalog.v3.yml", "/catalog/categories")
	for p, err := range d.engine(s).Products(d.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{Limit: 1}}) {
		d.look("products as described", p.Record, nil, err)
		d.want("products as described", p.ID == "9" && len(p.Images) == 1 && !p.UpdatedAt.IsZero(), p.ID, len(p.Variants), len(p.Images), p.UpdatedAt)
	}
	one, ok := parsed(d, a.made(d, "product-variants_catalog.v3.yml", "/catalog/variants"))["data"].([]any)[0].(object)
	if !ok {
		d.Fatal("the description of variants has none")
	}
	one["product_id"] = 9
	described["variants"] = []any{one}
	s["/v3/catalog/variants"], s["/v3/catalog/products"] = enveloped(d, one), enveloped(d, described)
	found := 0
	for p, err := range d.engine(s).ProductsBySKU(d.Context(), fmt.Sprint(one["sku"])) {
		d.look("variants as described", p.Record, nil, err)
		found++
	}
	d.want("variants as described", found == 1)
}

func (d *decoding) stock(a *api, store json.RawMessage) {
	places := a.made(d, "locations.v3.yml", "/inventory/locations")
	items := a.made(d, "inventory.v3.yml", "/inventory/items")
	item, ok := parsed(d, items)["data"].([]any)[0].(object)
	if !ok {
		d.Fatal("the description of stock has none")
	}
	place, ok := parsed(d, places)["data"].([]any)[0].(object)
	if !ok {
		d.Fatal("the description of locations has none")
	}
	place["id"] = 7
	identity, ok := item["identity"].(object)
	if !ok {
		d.Fatal("the description of stock has no identity")
	}
	s := script{"/v2/store": store, "/v3/inventory/locations": enveloped(d, place), "/v3/inventory/items": enveloped(d, item)}
	n := 0
	for l, err := range d.engine(s).Locations(d.Context(), catalog.ListOptions{}) {
		d.look("location", l.Record, nil, err)
		n++
	}
	for l, err := range d.engine(s).InventoryLevels(d.Context(), catalog.InventoryQuery{SKU: fmt.Sprint(identity["sku"])}) {
		d.look("stock", l.Record, nil, err)
		d.want("the stock", l.Available != nil && l.OnHand != nil && l.SKU == identity["sku"])
		n++
	}
	d.want("locations and stock", n == 2)
}
