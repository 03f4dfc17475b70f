package magento_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/catalog/transport/oauth1"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	catalogtest.Run(t, harness())
}

func harness() catalogtest.Harness {
	return catalogtest.Harness{
		Platform:     magento.Platform,
		New:          newConformanceStore,
		UnknownID:    "999999999999",
		Native:       "/store/storeConfigs",
		MalformedIDs: []string{"abc", "12a", "-1", "0", "007", "1.5", "1e3", "../1", "1/items", "24-MB01", "12345678901234567890", "1 OR 1=1", "1,2", "%", "١٢"},
		Wires: map[catalog.Resource]catalogtest.Wire{
			catalog.Products: {List: "items", IsList: isProductList, Word: "status",
				Odd: []string{"name", "updated_at", "price", "weight", "type_id", "media_gallery_entries", "custom_attributes", "extension_attributes", "extension_attributes.category_links"}},
			catalog.Orders: {List: "items", IsList: isPath("/orders"), Word: "state",
				Odd: []string{"increment_id", "created_at", "base_grand_total", "total_paid", "items", "billing_address", "payment", "extension_attributes"}},
			catalog.Customers: {List: "items", IsList: isPath("/customers/search"),
				Odd: []string{"firstname", "updated_at", "group_id", "email", "addresses", "extension_attributes"}},
		},
		Answers: catalogtest.Answers{
			Unauthorized: catalogtest.Answer{Status: 401, Body: `{"message":"Access token has been revoked {secret}"}`},
			Forbidden: []catalogtest.Answer{
				{Status: 401, Body: `{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"Magento_Backend::store {secret}"}}`},
				{Status: 401, Body: `{"message":"Le consommateur ne peut pas accéder à %resources.","parameters":{"resources":"Magento_Backend::store"}}`},
				{Status: 403, Header: http.Header{"Content-Type": {"text/html"}}, Body: "<html><body>Access denied {secret}</body></html>"},
			},
			Invalid: catalogtest.Answer{Status: 400, Body: `{"message":"Validation of %1 failed {secret}","parameters":["searchCriteria"],
				"errors":[{"message":"\"%fieldName\" is required {secret}","parameters":{"fieldName":"sku"}}]}`},
			Throttled: catalogtest.Answer{Status: 429, Body: `{"message":"Too Many Requests {secret}"}`},
		},
		Unfilled: unfilled,
		Unpaced:  "Magento publishes no limit",
	}
}

func isPath(path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/V1"+path) }
}

// isProductList tells the pages of the list from what is read for them: by
// ids, or parts alone.
func isProductList(r *http.Request) bool {
	q := r.URL.Query()
	if !isPath("/products")(r) || q.Has("fields") {
		return false
	}
	for name := range q {
		if at, ok := strings.CutSuffix(name, "[field]"); ok && q.Get(name) == "entity_id" && q.Get(at+"[conditionType]") == "in" {
			return false
		}
	}
	return true
}

// leading are the seeded products that are variants or not simple: the suite
// spoils the first records, and a variant is part of another product too.
const leading = 15

// newConformanceStore starts a shop whose last records are samples.
func newConformanceStore(t testing.TB, o catalogtest.Options) *catalogtest.Store {
	config := magentotest.Config{Orders: seeded(o.Orders, 1), Customers: seeded(o.Customers, 1), Products: -1, Clock: o.Clock, TB: t,
		ConsumerKey: "k7f1c9e2b4a6d8f0c2e4a6b8d0f2c4e6", ConsumerSecret: "s1e3c5a7b9d1f3e5c7a9b1d3f5e7c9a1",
		AccessToken: "t2d4f6a8c0e2b4d6f8a0c2e4b6d8f0a2", AccessTokenSecret: "u9b7d5f3a1c9e7b5d3f1a9c7e5b3d1f9"}
	if o.Products > 0 {
		config.Products = o.Products - 2 + leading
	}
	server := magentotest.NewServer(&config)
	t.Cleanup(server.Close)
	if o.Products > 0 {
		for _, p := range server.Products()[:leading] {
			if err := server.DeleteProduct(p.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	transport := o.Wrap(server.Transport())
	store := &catalogtest.Store{
		Account:    catalog.Account{ID: "tenant-1", Platform: magento.Platform, Store: server.StoreURL(), Settings: map[string]string{"barcode_attribute": "barcode"}},
		Credential: integration(server),
		AppSecrets: []catalog.Secret{catalog.NewSecret(server.ClientSecret())},
		NewAdapter: func() catalog.Adapter {
			// With what can be sold lists hold what single reads do.
			a, err := magento.New(magento.Config{ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()), ListSalable: true,
				WebhookURL: webhooksAt, WebhookSecrets: []catalog.Secret{catalog.NewSecret(server.VerificationToken())}, PollInterval: time.Millisecond,
				Transport: transport, Logger: o.Logger, Observer: o.Observer})
			if err != nil {
				t.Fatal(err)
			}
			return a
		},
		Products: records(t, server.Products, func(p *magentotest.Product) int64 { return p.ID },
			func() int64 { return server.AddProduct(magentotest.Product{Name: "New", Price: "10"}).ID },
			func(id int64) error {
				return server.UpdateProduct(id, func(p *magentotest.Product) { p.Name += "!" })
			}, server.DeleteProduct),
		Orders: records(t, server.Orders, func(o *magentotest.Order) int64 { return o.ID },
			func() int64 { return server.AddOrder(magentotest.Order{}).ID },
			func(id int64) error {
				return server.UpdateOrder(id, func(o *magentotest.Order) { o.CustomerNote += "!" })
			}, server.DeleteOrder),
		Customers: records(t, server.Customers, func(c *magentotest.Customer) int64 { return c.ID },
			func() int64 { return server.AddCustomer(magentotest.Customer{FirstName: "New"}).ID },
			func(id int64) error {
				return server.UpdateCustomer(id, func(c *magentotest.Customer) { c.FirstName += "!" })
			}, server.DeleteCustomer),
		Inventory: catalogtest.Records{IDs: func() []string {
			all := mapped(server.SourceItems(), func(i magentotest.SourceItem) string { return oauth1.Encode(i.SKU) + "@" })
			slices.Sort(all)
			return slices.Compact(all)
		}},
		Locations: catalogtest.Records{IDs: func() []string {
			return mapped(server.Sources(), func(s magentotest.Source) string { return s.Code })
		}},
		Ledger:   func() catalogtest.Ledger { return catalogtest.Ledger{Requests: server.Ledger().Requests} },
		Webhooks: conformanceWebhooks(server),
		Writes:   writes(server),
	}
	store.Samples = samples(server, o)
	return store
}

// seeded leaves room for samples; negative is none.
func seeded(n, samples int) int {
	if n <= samples {
		return -1
	}
	return n - samples
}

// records tells and changes one kind of the server's records.
func records[T any](t testing.TB, all func() []*T, of func(*T) int64, add func() int64, touch, remove func(int64) error) catalogtest.Records {
	do := func(change func(int64) error) func(string) {
		return func(text string) {
			n, err := strconv.ParseInt(text, 10, 64)
			if err == nil {
				err = change(n)
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
	return catalogtest.Records{
		IDs:   func() []string { return mapped(all(), func(r *T) string { return id(of(r)) }) },
		Add:   func() string { return id(add()) },
		Touch: do(touch), Delete: do(remove),
	}
}

func conformanceWebhooks(server *magentotest.Server) *catalogtest.Webhooks {
	sent := func(topic string, kind catalog.EventKind, of catalog.Resource, id, data string) catalogtest.Sent {
		return catalogtest.Sent{Topic: topic, Body: []byte(`{"data":` + data + `}`), Kind: kind, Resource: of, ResourceID: id}
	}
	return &catalogtest.Webhooks{
		Secret:  catalog.NewSecret(server.VerificationToken()),
		Account: &catalog.Account{ID: "tenant-1", Platform: magento.Platform, Store: server.StoreURL()},
		Proofs:  []string{"X-Magento-Signature"},
		Deliver: func(secret catalog.Secret, e catalogtest.Sent) catalog.Delivery {
			return catalog.Delivery{Method: http.MethodPost, URL: &url.URL{Path: "/webhooks/tenant-1/" + e.Topic},
				Header: http.Header{"X-Magento-Signature": {magentotest.SignAsync(secret.Reveal(), e.Body)}}, Body: e.Body, ReceivedAt: time.Now()}
		},
		Events: []catalogtest.Sent{
			sent("sales.order.created", catalog.EventOrderCreated, catalog.Orders, "9007199254740993", `{"entity_id":9007199254740993,"increment_id":"000000041"}`),
			sent("sales.order.created", catalog.EventOrderCreated, catalog.Orders, "9007199254740995", `{"entity_id":9007199254740995,"increment_id":"000000042"}`),
			sent("sales.order.cancelled", catalog.EventOrderCancelled, catalog.Orders, "7", `{"entity_id":"7"}`),
			// The record is the shipment.
			sent("sales.shipment.created", catalog.EventOrderUpdated, catalog.Orders, "7", `{"entity_id":3,"order_id":7}`),
			sent("sales.creditmemo.created", catalog.EventOrderRefunded, catalog.Orders, "7", `{"entity_id":4,"order_id":7}`),
			sent("catalog.product.updated", catalog.EventProductUpdated, catalog.Products, "5", `{"id":5,"sku":"24-MB01","price":12.5}`),
			sent("customer.updated", catalog.EventCustomerUpdated, catalog.Customers, "8", `{"id":8,"email":"sara@example.com"}`),
			sent("newsletter.subscribed", catalog.EventOther, "", "", `{"id":11}`),
		},
	}
}
