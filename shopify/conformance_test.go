package shopify_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	catalogtest.Run(t, harness())
}

// harness is the platform as the suite knows it.
func harness() catalogtest.Harness {
	return catalogtest.Harness{
		Platform:  shopify.Platform,
		New:       newStore,
		UnknownID: "4711",
		Native:    `{ shop { name currencyCode } }`,
		MalformedIDs: []string{"abc", "12a", "-1", "1.5", "1e3", "gid://shopify/Shop/1", "gid://shopify/Product/", "../1",
			"123456789012345678901", "1 OR id:2"},
		Wires: map[catalog.Resource]catalogtest.Wire{
			catalog.Products: {List: "data.products.nodes", Word: "status", Odd: []string{"title", "createdAt", "tags",
				"variants.nodes.0.price", "variants.nodes.0.position", "variants.nodes.0.inventoryItem", "options"}},
			catalog.Orders: {List: "data.orders.nodes", Word: "displayFinancialStatus", Odd: []string{"name", "processedAt", "tags",
				"totalPriceSet.shopMoney.amount", "lineItems.nodes.0.quantity", "lineItems.nodes.0.taxLines", "currentTotalPriceSet"}},
			catalog.Customers: {List: "data.customers.nodes", Odd: []string{"displayName", "updatedAt", "tags", "amountSpent.amount",
				"numberOfOrders", "defaultEmailAddress"}},
		},
		Answers: catalogtest.Answers{
			Unauthorized: catalogtest.Answer{Status: 401, Body: `{"errors":"[API] Invalid API key or access token (unrecognized login or wrong password) {secret}"}`},
			Forbidden: []catalogtest.Answer{
				{Status: 403, Body: `{"errors":"[API] This action requires merchant approval for read_orders scope."}`},
				{Status: 402, Body: `{"errors":"This shop is unavailable"}`},
				{Status: 200, Body: `{"data":null,"errors":[{"message":"Access denied for shop field. {secret}","path":["shop"],"extensions":{"code":"ACCESS_DENIED","requiredAccess":"the read_orders access scope"}}]}`},
			},
			Invalid: catalogtest.Answer{Status: 200, Body: `{"errors":[{"message":"Variable $id of type ID! was provided invalid value {secret}",
				"extensions":{"value":"x","problems":[{"path":["id"],"explanation":"Invalid global id 'x' {secret}"}]}}]}`},
			Throttled: catalogtest.Answer{Status: 200, Body: `{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],
				"extensions":{"cost":{"requestedQueryCost":50,"actualQueryCost":null,"throttleStatus":{"maximumAvailable":2000.0,"currentlyAvailable":0,"restoreRate":100.0}}}}`},
		},
		Unfilled: map[string]string{
			"Product.Variants.ImageURL":     "a variant's picture is a connection of its own, which would cost too much in lists",
			"Customer.GroupIDs":             "Shopify has segments, which are queries and not groups of customers",
			"Location.Fallback":             "Shopify has real locations",
			"Location.Address.Name":         "locations carry no names of people",
			"Location.Address.FirstName":    "locations carry no names of people",
			"Location.Address.LastName":     "locations carry no names of people",
			"Location.Address.Company":      "locations carry no company",
			"Location.Address.ID":           "a location's address has no id",
			"Location.Address.Line2":        "no seeded location has one",
			"Location.Address.Province":     "no seeded location has one",
			"Location.Address.ProvinceCode": "no seeded location has one",
			"Location.Address.Phone":        "no seeded location has one",
			"Shop.Test":                     "the server is a paying shop",
		},
	}
}

// newStore starts a shop whose last record of each kind is a sample.
func newStore(t testing.TB, o catalogtest.Options) *catalogtest.Store {
	config := shopifytest.Config{Products: seeded(o.Products), Orders: seeded(o.Orders), Customers: seeded(o.Customers),
		Clock: o.Clock, TB: t, Bucket: shopifytest.Bucket{Capacity: 1e7, Restore: 1e7},
		Token: "shpat_5c1f6b0f9a2e4d7c8b3a", ClientID: "conformance", ClientSecret: "shpss_0d9e8f7a6b5c4d3e2f1a"}
	if o.Throttled {
		config.Bucket = shopifytest.Bucket{Capacity: 400, Restore: 2000}
	}
	srv := shopifytest.NewServer(&config)
	t.Cleanup(srv.Close)
	transport := o.Wrap(srv.Transport())
	var stock atomic.Int64 // every touch gives another number
	st := &catalogtest.Store{
		Account:    catalog.Account{ID: "tenant-1", Platform: shopify.Platform, Store: srv.Shop()},
		Credential: catalog.Credential{AccessToken: catalog.NewSecret(srv.Token())},
		AppSecrets: []catalog.Secret{catalog.NewSecret(srv.ClientSecret())},
		NewAdapter: func() catalog.Adapter {
			a, err := shopify.New(shopify.Config{ClientID: srv.ClientID(), ClientSecret: catalog.NewSecret(srv.ClientSecret()),
				Transport: transport, Logger: o.Logger, Observer: o.Observer, PollInterval: time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			return a
		},
		Products: records(srv.Products, func(p *shopifytest.Product) int64 { return p.ID },
			func() int64 { return srv.AddProduct(shopifytest.Product{Title: "New"}).ID },
			func(id int64) { srv.UpdateProduct(id, func(p *shopifytest.Product) { p.Title += "!" }) }, srv.DeleteProduct),
		Orders: records(srv.Orders, func(o *shopifytest.Order) int64 { return o.ID },
			func() int64 { return srv.AddOrder(shopifytest.Order{}).ID },
			func(id int64) { srv.UpdateOrder(id, func(o *shopifytest.Order) { o.Note += "!" }) }, srv.DeleteOrder),
		Customers: records(srv.Customers, func(c *shopifytest.Customer) int64 { return c.ID },
			func() int64 { return srv.AddCustomer(shopifytest.Customer{FirstName: "New"}).ID },
			func(id int64) { srv.UpdateCustomer(id, func(c *shopifytest.Customer) { c.Note += "!" }) }, srv.DeleteCustomer),
		Inventory: catalogtest.Records{IDs: func() []string { return levels(srv) }, Touch: func(id string) {
			item, location, _ := strings.Cut(id, "@")
			srv.SetInventory(number(item), number(location), int(stock.Add(1)))
		}},
		Locations: catalogtest.Records{IDs: func() (all []string) {
			for _, l := range srv.Locations() {
				all = append(all, text(l.ID))
			}
			return all
		}},
		Ledger: func() catalogtest.Ledger {
			l := srv.Ledger()
			return catalogtest.Ledger{Requests: l.Requests, Throttled: l.Throttled}
		},
		Webhooks: webhooks(srv),
		Writes:   writes(srv),
	}
	st.Samples = samples(t, srv, o)
	return st
}

func seeded(n int) int {
	if n <= 1 {
		return -1
	}
	return n - 1
}

func text(id int64) string { return strconv.FormatInt(id, 10) }

func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

// records tells and changes one kind of the server's records.
func records[T any](all func() []*T, id func(*T) int64, add func() int64, touch func(int64), remove func(int64) bool) catalogtest.Records {
	return catalogtest.Records{
		IDs: func() (ids []string) {
			for _, r := range all() {
				ids = append(ids, text(id(r)))
			}
			return ids
		},
		Add:    func() string { return text(add()) },
		Touch:  func(id string) { touch(number(id)) },
		Delete: func(id string) { remove(number(id)) },
	}
}

func levels(srv *shopifytest.Server) (ids []string) {
	for _, p := range srv.Products() {
		for _, v := range p.Variants {
			for _, l := range v.Item.Levels {
				ids = append(ids, text(l.ItemID)+"@"+text(l.LocationID))
			}
		}
	}
	return ids
}

func webhooks(srv *shopifytest.Server) *catalogtest.Webhooks {
	sent := func(topic string, kind catalog.EventKind, of catalog.Resource, id, body string) catalogtest.Sent {
		return catalogtest.Sent{Topic: topic, Body: []byte(body), Kind: kind, Resource: of, ResourceID: id}
	}
	return &catalogtest.Webhooks{
		Secret: catalog.NewSecret(srv.ClientSecret()),
		Proofs: []string{shopifytest.HeaderHMAC},
		Deliver: func(secret catalog.Secret, e catalogtest.Sent) catalog.Delivery {
			d := srv.Webhook(e.Topic, e.Body).Signed(secret.Reveal())
			return catalog.Delivery{Method: http.MethodPost, Header: d.Header, Body: d.Body, ReceivedAt: time.Now()}
		},
		Events: []catalogtest.Sent{
			sent("orders/create", catalog.EventOrderCreated, catalog.Orders, "9007199254740993", `{"id":9007199254740993,"name":"#1001"}`),
			sent("orders/create", catalog.EventOrderCreated, catalog.Orders, "9007199254740995", `{"id":9007199254740995,"name":"#1002"}`),
			sent("refunds/create", catalog.EventOrderRefunded, catalog.Orders, "7", `{"id":1,"order_id":7}`),
			sent("products/update", catalog.EventProductUpdated, catalog.Products, "5", `{"id":5,"title":"قهوة"}`),
			sent("products/delete", catalog.EventProductDeleted, catalog.Products, "5", `{"id":5}`),
			sent("inventory_levels/update", catalog.EventInventoryChanged, catalog.Inventory, "8", `{"inventory_item_id":8,"location_id":2,"available":3}`),
			sent("app/uninstalled", catalog.EventAppUninstalled, catalog.App, "3", `{"id":3}`),
			sent("themes/publish", catalog.EventOther, "", "11", `{"id":11}`),
		},
	}
}
