package salla_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	catalogtest.Run(t, harness())
}

// harness is the platform as the suite knows it.
func harness() catalogtest.Harness {
	return catalogtest.Harness{
		Platform:     salla.Platform,
		New:          newConformanceStore,
		UnknownID:    "999999999999",
		Native:       "/store/info",
		MalformedIDs: []string{"abc", "12a", "-1", "1.5", "1e3", "../1", "1/items", "sku/1", "12345678901234567890", "1 OR id:2", "١٢"},
		Wires: map[catalog.Resource]catalogtest.Wire{
			catalog.Products: {List: "data", IsList: isPath("/products"), Word: "status",
				Odd: []string{"name", "updated_at", "regular_price.amount", "quantity", "price", "skus", "urls", "tags"}},
			catalog.Orders: {List: "data", IsList: isPath("/orders"), Detail: "data", Word: "status.slug",
				IsDetail: func(r *http.Request, id string) bool { return isPath("/orders/" + id)(r) },
				Odd:      []string{"source", "date", "amounts.sub_total.amount", "reference_id", "tags", "receiver", "amounts.discounts"}},
			catalog.Customers: {List: "data", IsList: isPath("/customers"),
				Odd: []string{"first_name", "updated_at", "mobile", "groups", "country_code"}},
		},
		Answers: catalogtest.Answers{
			Unauthorized: refusal(401, `{"code":"Unauthorized","message":"The access token is invalid {secret}"}`),
			Forbidden: []catalogtest.Answer{
				refusal(401, `{"code":"Unauthorized","message":"The access token should have access to one of those scopes: orders.read {secret}"}`),
				refusal(403, `{"code":"error","message":"Application does not have permission to customer wallet"}`),
				refusal(403, `{"code":"error","message":"هذا التطبيق لا يدعم هذه الخاصية {secret}"}`),
			},
			Invalid: refusal(422, `{"code":"validation_failed","message":"alert.invalid_fields",
				"fields":{"products.0.quantity":["الكمية مطلوبة {secret}"],"name":["required"]}}`),
			Throttled: catalogtest.Answer{Status: 429, Body: `{"status":429,"success":false,"error":{"code":"error","message":"Too Many Attempts. {secret}"}}`,
				Header: http.Header{"Retry-After": {"1"}, "X-Ratelimit-Limit": {"120"}, "X-Ratelimit-Remaining": {"0"}}},
		},
		Unfilled: unfilled,
	}
}

func refusal(status int, complaint string) catalogtest.Answer {
	return catalogtest.Answer{Status: status, Body: `{"status":` + strconv.Itoa(status) + `,"success":false,"error":` + complaint + `}`}
}

func isPath(path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.Path == "/admin/v2"+path }
}

// newConformanceStore starts a store whose first record of each kind is a
// sample.
func newConformanceStore(t testing.TB, o catalogtest.Options) *catalogtest.Store {
	config := sallatest.Config{Products: seeded(o.Products), Orders: seeded(o.Orders), Customers: seeded(o.Customers), Clock: o.Clock, TB: t,
		Token: "ory_at_5c1f6b0f9a2e4d7c8b3a", ClientID: "conformance", ClientSecret: "0d9e8f7a6b5c4d3e2f1a", WebhookSecret: "1a2b3c4d5e6f708192a3"}
	// The headers name the budget, which the client keeps to.
	config.Unthrottled, config.PerMinute = true, 1_000_000
	if o.Throttled {
		config.Unthrottled, config.PerMinute, config.Window = false, 60, 2*time.Second
	}
	server := sallatest.NewServer(&config)
	t.Cleanup(server.Close)
	transport := o.Wrap(server.Transport())
	store := &catalogtest.Store{
		Account:    catalog.Account{ID: "tenant-1", Platform: salla.Platform, Store: id(server.MerchantID())},
		Credential: catalog.Credential{AccessToken: catalog.NewSecret(server.Token())},
		AppSecrets: []catalog.Secret{catalog.NewSecret(server.ClientSecret())},
		NewAdapter: func() catalog.Adapter {
			// With shipments lists hold what single reads do.
			a, err := salla.New(salla.Config{PollInterval: 200 * time.Microsecond, ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()), ListShipments: true,
				CustomersBudget: customersWindow(t, 1_000_000, 10*time.Minute), Transport: transport, Logger: o.Logger, Observer: o.Observer})
			if err != nil {
				t.Fatal(err)
			}
			return a
		},
		Products: records(t, server.Products, func(p *sallatest.Product) int64 { return p.ID },
			func() int64 { return server.AddProduct(sallatest.Product{Name: "New"}).ID },
			func(id int64) error { return server.UpdateProduct(id, func(p *sallatest.Product) { p.Name += "!" }) }, server.DeleteProduct),
		Orders: records(t, server.Orders, func(o *sallatest.Order) int64 { return o.ID },
			func() int64 { return server.AddOrder(sallatest.Order{}).ID },
			func(id int64) error { return server.UpdateOrder(id, func(o *sallatest.Order) { o.Source += "!" }) }, server.DeleteOrder),
		Customers: records(t, server.Customers, func(c *sallatest.Customer) int64 { return c.ID },
			func() int64 { return server.AddCustomer(sallatest.Customer{FirstName: "New"}).ID },
			func(id int64) error {
				return server.UpdateCustomer(id, func(c *sallatest.Customer) { c.FirstName += "!" })
			}, server.DeleteCustomer),
		Inventory: catalogtest.Records{IDs: func() []string {
			return mapped(server.Quantities(), func(q sallatest.Quantity) string { return wantLevel(q).ItemID + "@" })
		}},
		Locations: catalogtest.Records{IDs: func() []string {
			return mapped(server.Branches(), func(b *sallatest.Branch) string { return id(b.ID) })
		}},
		Ledger: func() catalogtest.Ledger {
			l := server.Ledger()
			return catalogtest.Ledger{Requests: l.Requests, Throttled: l.Throttled}
		},
		Webhooks: conformanceWebhooks(t, server),
	}
	store.Samples = samples(server, o)
	store.Writes = writes(server)
	return store
}

// seeded leaves room for the sample; negative is none.
func seeded(n int) int {
	if n <= 1 {
		return -1
	}
	return n - 1
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

func conformanceWebhooks(t testing.TB, server *sallatest.Server) *catalogtest.Webhooks {
	sent := func(topic string, kind catalog.EventKind, of catalog.Resource, id, data string) catalogtest.Sent {
		d, err := server.Delivery(topic, json.RawMessage(data))
		if err != nil {
			t.Fatal(err)
		}
		return catalogtest.Sent{Topic: topic, Body: d.Body, Kind: kind, Resource: of, ResourceID: id}
	}
	return &catalogtest.Webhooks{
		Secret: catalog.NewSecret(server.WebhookSecret()),
		Proofs: []string{"X-Salla-Signature"},
		Deliver: func(secret catalog.Secret, e catalogtest.Sent) catalog.Delivery {
			d := sallatest.Delivery{Event: e.Topic, Merchant: server.MerchantID(), Body: e.Body}.SignedWith(sallatest.StrategySignature, secret.Reveal())
			return catalog.Delivery{Method: http.MethodPost, Header: d.Header, Body: d.Body, ReceivedAt: time.Now()}
		},
		Events: []catalogtest.Sent{
			sent("order.created", catalog.EventOrderCreated, catalog.Orders, "9007199254740993", `{"id":9007199254740993,"reference_id":41}`),
			sent("order.created", catalog.EventOrderCreated, catalog.Orders, "9007199254740995", `{"id":9007199254740995,"reference_id":42}`),
			// data.id is the history's row.
			sent("order.status.updated", catalog.EventOrderUpdated, catalog.Orders, "7", `{"id":1,"status":"تم الشحن","order":{"id":7,"status":{"slug":"shipped"}}}`),
			sent("order.refunded", catalog.EventOrderRefunded, catalog.Orders, "7", `{"id":7}`),
			sent("product.price.updated", catalog.EventProductUpdated, catalog.Products, "5", `{"id":5,"price":12.5,"currency":"SAR"}`),
			sent("product.deleted", catalog.EventProductDeleted, catalog.Products, "5", `{"id":5,"name":"قهوة"}`),
			sent("product.quantity.low", catalog.EventInventoryChanged, catalog.Inventory, "8", `{"id":8,"quantity":1}`),
			sent("app.uninstalled", catalog.EventAppUninstalled, catalog.App, "", `{}`),
			sent("review.added", catalog.EventOther, "", "", `{"id":11,"rating":5}`),
		},
	}
}
