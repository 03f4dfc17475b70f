package woocommerce_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	catalogtest.Run(t, harness("https://shop.example.test/boutique"))
}

// The same over plain http, where every request is signed.
func TestConformanceSigned(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the rules are held over https already")
	}
	h := harness("http://shop.example.test")
	h.FaultRuns = 20 // how requests are signed makes no difference to the rest
	catalogtest.Run(t, h)
}

func harness(store string) catalogtest.Harness {
	return catalogtest.Harness{
		Platform:     woocommerce.Platform,
		New:          func(t testing.TB, o catalogtest.Options) *catalogtest.Store { return newConformanceStore(t, store, o) },
		UnknownID:    "999999999999",
		Native:       "/data/currencies/current",
		MalformedIDs: []string{"abc", "12a", "-1", "0", "1.5", "1e3", "../1", "1/notes", "12345678901234567890", "1 OR id:2", "١٢", "+1", "01"},
		Unpaced:      "WooCommerce has no rate limit",
		Wires: map[catalog.Resource]catalogtest.Wire{
			catalog.Products: {IsList: isPath("/products"), Word: "status",
				Odd: []string{"name", "date_modified_gmt", "regular_price", "stock_quantity", "categories", "attributes", "manage_stock"}},
			catalog.Orders: {IsList: isPath("/orders"), Word: "status",
				Odd: []string{"created_via", "date_created_gmt", "total", "line_items", "billing", "number", "meta_data"}},
			catalog.Customers: {IsList: isPath("/customers"),
				Odd: []string{"first_name", "date_created_gmt", "billing", "email", "username"}},
		},
		Answers: catalogtest.Answers{
			Unauthorized: refusal(401, "woocommerce_rest_authentication_error", "Consumer secret is invalid. {secret}", ""),
			Forbidden: []catalogtest.Answer{
				refusal(403, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources. {secret}", ""),
				refusal(401, "woocommerce_rest_authentication_error", "The API key provided does not have read permissions.", ""),
			},
			Invalid: refusal(400, "rest_invalid_param", "Invalid parameter(s): per_page", `,"params":{"per_page":"per_page must be between 1 and 100 {secret}"},"details":{"per_page":{"code":"rest_out_of_bounds","message":"","data":null}}`),
		},
		Unfilled: unfilled,
	}
}

func refusal(status int, code, message, data string) catalogtest.Answer {
	return catalogtest.Answer{Status: status, Body: fmt.Sprintf(`{"code":%q,"message":%q,"data":{"status":%d%s}}`, code, message, status, data)}
}

func isPath(path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/wc/v3"+path) }
}

// newConformanceStore starts a store whose first record of each kind is a
// sample.
func newConformanceStore(t testing.TB, address string, o catalogtest.Options) *catalogtest.Store {
	server := woocommercetest.NewServer(&woocommercetest.Config{StoreURL: address, Products: seeded(o.Products), Orders: seeded(o.Orders),
		Customers: seeded(o.Customers), Clock: o.Clock, SigningClock: time.Now, TB: t})
	t.Cleanup(server.Close)
	wrapped := o.Wrap(server.Transport())
	account := catalog.Account{ID: "tenant-1", Platform: woocommerce.Platform, Store: address}
	store := &catalogtest.Store{
		Account:    account,
		Credential: catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret())},
		NewAdapter: func() catalog.Adapter {
			a, err := woocommerce.New(woocommerce.Config{Transport: wrapped, Logger: o.Logger, Observer: o.Observer, PollInterval: time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			return a
		},
		Products: records(t, server.Products, func(p *woocommercetest.Product) int64 { return p.ID },
			func() int64 { return server.AddProduct(woocommercetest.Product{Name: "New"}).ID },
			func(id int64) error {
				return server.UpdateProduct(id, func(p *woocommercetest.Product) { p.Name += "!" })
			}, server.DeleteProduct),
		Orders: records(t, server.Orders, func(o *woocommercetest.Order) int64 { return o.ID },
			func() int64 { return server.AddOrder(woocommercetest.Order{}).ID },
			func(id int64) error {
				return server.UpdateOrder(id, func(o *woocommercetest.Order) { o.CreatedVia += "!" })
			}, server.DeleteOrder),
		Customers: records(t, server.Customers, func(c *woocommercetest.Customer) int64 { return c.ID },
			func() int64 { return server.AddCustomer(woocommercetest.Customer{FirstName: "New"}).ID },
			func(id int64) error {
				return server.UpdateCustomer(id, func(c *woocommercetest.Customer) { c.FirstName += "!" })
			}, server.DeleteCustomer),
		Inventory: catalogtest.Records{
			IDs:   func() []string { return mapped(levels(server), func(l level) string { return id(l.item) + "@" }) },
			Touch: func(text string) { touchStock(t, server, strings.TrimSuffix(text, "@")) },
		},
		Locations: catalogtest.Records{IDs: func() []string { return []string{"store"} }},
		Ledger:    func() catalogtest.Ledger { return catalogtest.Ledger{Requests: server.Ledger().Requests} },
		Webhooks:  conformanceWebhooks(server, account),
		Writes:    writes(t, server),
	}
	store.Samples = samples(server, o)
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

// level is what a store keeps stock under, as the server has it.
type level struct{ product, item int64 }

func levels(server *woocommercetest.Server) []level {
	var all []level
	for _, p := range server.Products() {
		if p.Type != "variable" || p.ManageStock {
			all = append(all, level{p.ID, p.ID})
		}
		for i := range p.Variations {
			if v := &p.Variations[i]; v.Status != "trash" && (v.ManageStock != woocommercetest.StockParent || !p.ManageStock) {
				all = append(all, level{p.ID, v.ID})
			}
		}
	}
	return all
}

// touchStock changes a level without moving it: what is counted counts one
// more, what is not is renamed.
func touchStock(t testing.TB, server *woocommercetest.Server, item string) {
	for _, l := range levels(server) {
		if id(l.item) != item {
			continue
		}
		err := server.UpdateProduct(l.product, func(p *woocommercetest.Product) {
			if p.StockQuantity++; l.item == l.product {
				return
			}
			i := slices.IndexFunc(p.Variations, func(v woocommercetest.Variation) bool { return v.ID == l.item })
			p.Variations[i].StockQuantity++
		})
		if err != nil {
			t.Error(err)
		}
		return
	}
	t.Errorf("there is no item %s", item)
}

func conformanceWebhooks(server *woocommercetest.Server, account catalog.Account) *catalogtest.Webhooks {
	sent := func(topic string, kind catalog.EventKind, of catalog.Resource, id, body string) catalogtest.Sent {
		return catalogtest.Sent{Topic: topic, Body: []byte(body), Kind: kind, Resource: of, ResourceID: id}
	}
	hook := int64(0)
	hooks := map[string]int64{}
	return &catalogtest.Webhooks{
		Secret: catalog.NewSecret("a1B2c3D4e5F6g7H8i9J0k1L2"), Account: &account,
		Proofs: []string{"X-Wc-Webhook-Signature"},
		Deliver: func(secret catalog.Secret, e catalogtest.Sent) catalog.Delivery {
			if hooks[e.Topic] == 0 {
				hook++
				hooks[e.Topic] = hook
			}
			d := server.DeliveryOf(woocommercetest.Subscription{ID: hooks[e.Topic], Topic: e.Topic, Secret: secret.Reveal()}, e.Body)
			d.Header.Set("X-WC-Webhook-Delivery-ID", "3cf1128a3eb6db4aaaf1f83ecc0882bf") // as in one second
			return catalog.Delivery{Method: http.MethodPost, Header: d.Header, Body: d.Body, ReceivedAt: time.Now()}
		},
		Events: []catalogtest.Sent{
			sent("order.created", catalog.EventOrderCreated, catalog.Orders, "9007199254740993", `{"id":9007199254740993,"number":"41","date_modified_gmt":"2026-11-20T23:57:43"}`),
			sent("order.created", catalog.EventOrderCreated, catalog.Orders, "9007199254740995", `{"id":9007199254740995,"number":"42"}`),
			sent("order.updated", catalog.EventOrderUpdated, catalog.Orders, "9007199254740995", `{"id":9007199254740995,"number":"42"}`),
			sent("order.deleted", catalog.EventOrderDeleted, catalog.Orders, "7", `{"id":7}`),
			sent("product.updated", catalog.EventProductUpdated, catalog.Products, "5", `{"id":5,"type":"simple","parent_id":0}`),
			sent("product.created", catalog.EventProductUpdated, catalog.Products, "5", `{"id":6,"type":"variation","parent_id":5}`),
			sent("product.deleted", catalog.EventProductDeleted, catalog.Products, "439", `{"id":439}`),
			sent("customer.created", catalog.EventCustomerCreated, catalog.Customers, "8", `{"id":8}`),
			sent("coupon.created", catalog.EventOther, "", "", `{"id":11,"code":"ten"}`),
			sent("action.woocommerce_order_status_completed", catalog.EventOther, "", "", `{"action":"woocommerce_order_status_completed","arg":480}`),
		},
	}
}
