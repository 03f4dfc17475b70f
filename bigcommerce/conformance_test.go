package bigcommerce_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	catalogtest.Run(t, harness())
}

// harness is the platform as the suite knows it.
func harness() catalogtest.Harness {
	return catalogtest.Harness{
		Platform:     bigcommerce.Platform,
		New:          newConformanceStore,
		UnknownID:    "999999999",
		Native:       "/v2/store",
		MalformedIDs: []string{"abc", "0", "01", "12a", "-1", "1.5", "1e3", "../1", "1/products", "1,2", "12345678901234567890", "1 OR id:2", "١٢"},
		Wires: map[catalog.Resource]catalogtest.Wire{
			catalog.Products: {List: "data", IsList: isPath("/v3/catalog/products"), Word: "availability",
				Odd: []string{"name", "price", "weight", "date_modified", "categories", "variants", "images", "custom_url", "custom_url.url", "is_visible"}},
			catalog.Orders: {List: "", IsList: isPath("/v2/orders"), Word: "payment_status",
				Odd: []string{"order_source", "date_created", "total_inc_tax", "subtotal_ex_tax", "billing_address", "billing_address.city", "staff_notes"}},
			catalog.Customers: {List: "data", IsList: isPath("/v3/customers"),
				Odd: []string{"first_name", "date_modified", "customer_group_id", "phone"}},
		},
		Answers: catalogtest.Answers{
			Unauthorized: catalogtest.Answer{Status: 401, Body: `{"status":401,"title":"You are not authorized {secret}","type":"about:blank"}`},
			Forbidden: []catalogtest.Answer{
				{Status: 403, Body: `{"status":403,"title":"You don't have a required scope {secret}","type":"about:blank","errors":{}}`},
				{Status: 403, Body: `[{"status":403,"message":"You don't have a required scope {secret}"}]`},
				{Status: 507, Body: `{"status":507,"title":"The plan's limit is reached"}`},
			},
			Invalid: catalogtest.Answer{Status: 422, Body: `{"status":422,"title":"JSON data is missing or invalid","errors":{"name":"Please provide a name {secret}","a":{"b":["x"]}}}`},
			Throttled: catalogtest.Answer{Status: 429, Body: `{"status":429,"title":"Too many requests {secret}"}`, Header: http.Header{
				"X-Rate-Limit-Time-Window-Ms": {"30000"}, "X-Rate-Limit-Time-Reset-Ms": {"1200"},
				"X-Rate-Limit-Requests-Quota": {"1000000"}, "X-Rate-Limit-Requests-Left": {"0"}, "X-Retry-After": {"1"}}},
		},
		Unfilled: unfilled,
	}
}

func isPath(path string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		_, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/stores/"), "/")
		return "/"+rest == path && r.URL.Query().Get("include") != ""
	}
}

// newConformanceStore starts a store whose last record of each kind is a
// sample. Incomplete and archived orders, which lists leave out, are made
// ordinary ones.
func newConformanceStore(t testing.TB, o catalogtest.Options) *catalogtest.Store {
	config := bigcommercetest.Config{Products: seeded(o.Products), Orders: seeded(o.Orders), Customers: seeded(o.Customers), Clock: o.Clock, TB: t,
		Token: "tok5c1f6b0f9a2e4d7c8b3a", ClientID: "conformance", ClientSecret: "0d9e8f7a6b5c4d3e2f1a"}
	// The headers name the quota, which the client keeps to.
	config.Unthrottled, config.Quota = true, 1_000_000
	if o.Throttled {
		config.Unthrottled, config.Quota, config.Window = false, 60, 2*time.Second
	}
	server := bigcommercetest.NewServer(&config)
	t.Cleanup(server.Close)
	for _, order := range server.Orders() {
		if order.StatusID == 0 || order.Deleted {
			update(t, server.UpdateOrder(order.ID, func(o *bigcommercetest.Order) { o.StatusID, o.Deleted = 11, false }))
		}
	}
	transport := o.Wrap(server.Transport())
	store := &catalogtest.Store{
		Account:    catalog.Account{ID: "tenant-1", Platform: bigcommerce.Platform, Store: server.StoreHash()},
		Credential: catalog.Credential{AccessToken: catalog.NewSecret(server.Token())},
		AppSecrets: []catalog.Secret{catalog.NewSecret(server.ClientSecret())},
		NewAdapter: func() catalog.Adapter {
			// With shipments lists hold what single reads do.
			a, err := bigcommerce.New(bigcommerce.Config{ClientSecret: catalog.NewSecret(server.ClientSecret()), ListShipments: true,
				Transport: transport, PollInterval: time.Millisecond, Logger: o.Logger, Observer: o.Observer})
			if err != nil {
				t.Fatal(err)
			}
			return a
		},
		Products: records(t, server.Products, func(p *bigcommercetest.Product) int64 { return p.ID },
			func() int64 { return server.AddProduct(bigcommercetest.Product{Name: "New"}).ID },
			func(id int64) error {
				return server.UpdateProduct(id, func(p *bigcommercetest.Product) { p.Name += "!" })
			}, server.DeleteProduct),
		Orders: records(t, server.Orders, func(o *bigcommercetest.Order) int64 { return o.ID },
			func() int64 { return server.AddOrder(bigcommercetest.Order{StatusID: 11}).ID },
			func(id int64) error {
				return server.UpdateOrder(id, func(o *bigcommercetest.Order) { o.StaffNotes += "!" })
			}, server.DeleteOrder),
		Customers: records(t, server.Customers, func(c *bigcommercetest.Customer) int64 { return c.ID },
			func() int64 { return server.AddCustomer(bigcommercetest.Customer{FirstName: "New"}).ID },
			func(id int64) error {
				return server.UpdateCustomer(id, func(c *bigcommercetest.Customer) { c.FirstName += "!" })
			}, server.DeleteCustomer),
		Inventory: catalogtest.Records{IDs: func() []string { return levelsOf(server.Products()) }},
		Locations: catalogtest.Records{IDs: func() []string {
			return mapped(server.Locations(), func(l *bigcommercetest.Location) string { return id(l.ID) })
		}},
		Ledger: func() catalogtest.Ledger {
			l := server.Ledger()
			return catalogtest.Ledger{Requests: l.Requests, Throttled: l.Throttled + l.Crowded}
		},
		Webhooks: conformanceWebhooks(t, server),
	}
	store.Samples = samples(server, o)
	store.Writes = writes(t, server)
	return store
}

// seeded leaves room for the sample; negative is none.
func seeded(n int) int {
	if n <= 1 {
		return -1
	}
	return n - 1
}

func update(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// levelsOf names every level of stock: by variant, or by the first variant
// where the product is what is counted.
func levelsOf(products []*bigcommercetest.Product) []string {
	var all []string
	add := func(v bigcommercetest.Variant, levels []bigcommercetest.Level) {
		for _, l := range levels {
			all = append(all, id(v.ID)+"@"+id(l.LocationID))
		}
	}
	for _, p := range products {
		switch p.Tracking {
		case "product":
			add(p.Variants[0], p.Levels)
		case "variant":
			for _, v := range p.Variants {
				add(v, v.Levels)
			}
		}
	}
	return all
}

// records tells and changes one kind of the server's records.
func records[T any](t testing.TB, all func() []*T, of func(*T) int64, add func() int64, touch, remove func(int64) error) catalogtest.Records {
	do := func(change func(int64) error) func(string) {
		return func(text string) {
			n, err := strconv.ParseInt(text, 10, 64)
			if err == nil {
				err = change(n)
			}
			update(t, err)
		}
	}
	return catalogtest.Records{
		IDs:   func() []string { return mapped(all(), func(r *T) string { return id(of(r)) }) },
		Add:   func() string { return id(add()) },
		Touch: do(touch), Delete: do(remove),
	}
}

func conformanceWebhooks(t testing.TB, server *bigcommercetest.Server) *catalogtest.Webhooks {
	sent := func(scope string, kind catalog.EventKind, of catalog.Resource, id, data string) catalogtest.Sent {
		d, err := server.Delivery(scope, json.RawMessage(data))
		if err != nil {
			t.Fatal(err)
		}
		return catalogtest.Sent{Topic: scope, Body: d.Body, Kind: kind, Resource: of, ResourceID: id}
	}
	return &catalogtest.Webhooks{
		Secret: catalog.NewSecret(server.ClientSecret()),
		Proofs: []string{bigcommercetest.HeaderID, bigcommercetest.HeaderTimestamp, bigcommercetest.HeaderSignature},
		Deliver: func(secret catalog.Secret, e catalogtest.Sent) catalog.Delivery {
			var body struct{ Hash string }
			_ = json.Unmarshal(e.Body, &body) // the suite also sends what is no JSON
			d := bigcommercetest.Delivery{Scope: e.Topic, Hash: body.Hash, Body: e.Body, Header: http.Header{bigcommercetest.HeaderID: {body.Hash + "x"}}}
			d = d.Signed(secret.Reveal(), time.Now())
			return catalog.Delivery{Method: http.MethodPost, Header: d.Header, Body: d.Body, ReceivedAt: time.Now()}
		},
		Events: []catalogtest.Sent{
			sent("store/order/created", catalog.EventOrderCreated, catalog.Orders, "9007199254740993", `{"type":"order","id":9007199254740993}`),
			sent("store/order/created", catalog.EventOrderCreated, catalog.Orders, "9007199254740995", `{"type":"order","id":9007199254740995}`),
			sent("store/order/statusUpdated", catalog.EventOrderCancelled, catalog.Orders, "7", `{"type":"order","id":7,"status":{"previous_status_id":11,"new_status_id":5}}`),
			sent("store/order/archived", catalog.EventOrderDeleted, catalog.Orders, "7", `{"type":"order","id":7}`),
			sent("store/order/refund/created", catalog.EventOrderRefunded, catalog.Orders, "7", `{"type":"order","id":7,"refund":{"refund_id":3}}`),
			sent("store/order/transaction/created", catalog.EventOrderUpdated, catalog.Orders, "250", `{"type":"transaction","order_id":"250","transaction_id":"17"}`),
			sent("store/product/updated", catalog.EventProductUpdated, catalog.Products, "205", `{"type":"product","id":205,"properties":["warranty"],"context":{"channel_id":2}}`),
			// data.id is an id no call takes.
			sent("store/sku/updated", catalog.EventProductUpdated, catalog.Products, "206", `{"type":"sku","id":461,"sku":{"product_id":206,"variant_id":509}}`),
			sent("store/sku/inventory/updated", catalog.EventInventoryChanged, catalog.Inventory, "509", `{"type":"sku","id":461,"inventory":{"product_id":206,"method":"absolute","value":5,"variant_id":509}}`),
			sent("store/customer/address/created", catalog.EventCustomerUpdated, catalog.Customers, "32", `{"type":"customer","id":60,"address":{"customer_id":32}}`),
			sent("store/app/uninstalled", catalog.EventAppUninstalled, catalog.App, "", `{"type":"store"}`),
			sent("store/cart/created", catalog.EventOther, "", "", `{"type":"cart","id":"09346904-4175-44fd-be53-f7e598531b6c"}`),
		},
	}
}
