package bigcommerce_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
)

func id(n int64) string { return strconv.FormatInt(n, 10) }

// reads makes the adapter send every request its reads know.
type reads struct {
	*testing.T
	engine *bigcommerce.Engine
	server *bigcommercetest.Server
	page   catalog.ListOptions
	since  time.Time
	before time.Time
}

func (r *reads) try(what string, err error) {
	r.Helper()
	if err != nil {
		r.Errorf("%s: %v", what, err)
	}
}

func (r *reads) products() {
	ctx := r.Context()
	all := drain(r, "products", r.engine.Products(ctx, catalog.ProductQuery{ListOptions: r.page}))
	after := r.page
	after.After = all[len(all)/2].Cursor
	drain(r, "products continued", r.engine.Products(ctx, catalog.ProductQuery{ListOptions: after}))
	drain(r, "products by time", r.engine.Products(ctx, catalog.ProductQuery{UpdatedSince: r.since, UpdatedBefore: r.before, CreatedSince: r.since, CreatedBefore: r.before}))
	for _, status := range []catalog.ProductStatus{catalog.ProductActive, catalog.ProductSoldOut, catalog.ProductHidden} {
		drain(r, "products by status", r.engine.Products(ctx, catalog.ProductQuery{Status: []catalog.ProductStatus{status}}))
	}
	_, err := r.engine.Product(ctx, all[0].ID)
	r.try("product", err)
	for _, sku := range []string{all[1].Variants[0].SKU, "no,such sku?&"} {
		drain(r, "products by SKU", r.engine.ProductsBySKU(ctx, sku))
	}
}

func (r *reads) orders() {
	ctx := r.Context()
	all := drain(r, "orders", r.engine.Orders(ctx, catalog.OrderQuery{ListOptions: r.page}))
	after := r.page
	after.After = all[len(all)/2].Cursor
	drain(r, "orders continued", r.engine.Orders(ctx, catalog.OrderQuery{ListOptions: after}))
	customer := all[0].ID
	for _, o := range all {
		if o.Customer != nil {
			customer = o.Customer.ID
		}
	}
	drain(r, "orders by time and customer", r.engine.Orders(ctx, catalog.OrderQuery{UpdatedSince: r.since, UpdatedBefore: r.before, CreatedSince: r.since, CreatedBefore: r.before, CustomerID: customer}))
	drain(r, "orders by one status", r.engine.Orders(ctx, catalog.OrderQuery{Status: []catalog.OrderStatus{catalog.OrderShipped}}))
	drain(r, "orders by states", r.engine.Orders(ctx, catalog.OrderQuery{Status: []catalog.OrderStatus{catalog.OrderOpen, catalog.OrderCompleted},
		Payment: []catalog.PaymentStatus{catalog.PaymentPaid}, Fulfillment: []catalog.FulfillmentStatus{catalog.FulfillmentDone}}))
	for _, o := range r.server.Orders() {
		_, err := r.engine.Order(ctx, id(o.ID))
		r.try("order", err)
		drain(r, "history", r.engine.OrderHistory(ctx, id(o.ID)))
	}
}

func (r *reads) customers() {
	ctx := r.Context()
	all := drain(r, "customers", r.engine.Customers(ctx, catalog.CustomerQuery{ListOptions: r.page}))
	after := r.page
	after.After = all[len(all)/2].Cursor
	drain(r, "customers continued", r.engine.Customers(ctx, catalog.CustomerQuery{ListOptions: after}))
	drain(r, "customers by time", r.engine.Customers(ctx, catalog.CustomerQuery{UpdatedSince: r.since, UpdatedBefore: r.before, CreatedSince: r.since, CreatedBefore: r.before}))
	_, err := r.engine.Customer(ctx, all[1].ID)
	r.try("customer", err)
	_, err = r.engine.CustomerByEmail(ctx, all[2].Email)
	r.try("customer by e-mail", err)
}

func (r *reads) stock() {
	ctx := r.Context()
	locations := drain(r, "locations", r.engine.Locations(ctx, catalog.ListOptions{}))
	all := drain(r, "stock", r.engine.InventoryLevels(ctx, catalog.InventoryQuery{ListOptions: r.page}))
	after := r.page
	after.After = all[len(all)/2].Cursor
	drain(r, "stock continued", r.engine.InventoryLevels(ctx, catalog.InventoryQuery{ListOptions: after}))
	for _, q := range []catalog.InventoryQuery{{LocationID: locations[0].ID}, {SKU: all[0].SKU}, {SKU: "a,b"}, {SKU: "A/B &"},
		{ItemIDs: []string{all[0].ItemID, "2", "product-" + all[1].ProductID}, LocationID: locations[1].ID}} {
		drain(r, "stock of some", r.engine.InventoryLevels(ctx, q))
	}
}

func (r *reads) counts(resources ...catalog.Resource) {
	for _, what := range resources {
		_, err := r.engine.Count(r.Context(), what)
		r.try("count "+string(what), err)
	}
}

// manyLines adds an order of sixty lines, whose consignment is cut.
func manyLines(s *bigcommercetest.Server) {
	var lines []bigcommercetest.LineItem
	for n := range 60 {
		lines = append(lines, bigcommercetest.LineItem{Name: fmt.Sprintf("line %d", n), Quantity: 1})
	}
	s.AddOrder(bigcommercetest.Order{StatusID: 11, Lines: lines})
}

// TestRequestsOfTheAdapter holds every request the adapter sends, and the
// calls a host makes through it, against the vendor's files.
func TestRequestsOfTheAdapter(t *testing.T) {
	t.Parallel()
	a := loadAPI(t)
	needed := map[string]int{}
	for name, settings := range map[string]map[string]string{"requests": nil, "requests for one channel": {"channel_id": "1"}} {
		t.Run(name, func(t *testing.T) {
			s := bigcommercetest.NewServer(&bigcommercetest.Config{TB: t, Products: 90, Orders: 60, Customers: 40, Unthrottled: true, Quota: 1_000_000})
			t.Cleanup(s.Close)
			manyLines(s)
			wire := &recorder{to: s.Transport()}
			e := open(t, bigcommerce.Config{Transport: wire, ListShipments: true, Attempts: 1}, catalog.Account{Store: s.StoreHash(), Settings: settings}, s.Token())
			r := &reads{t, e, s, catalog.ListOptions{PageSize: 30}, time.Date(2020, 1, 2, 22, 4, 5, 6, time.UTC), time.Now().Add(time.Hour)}
			_, err := e.Shop(t.Context())
			r.try("shop", err)
			r.products()
			r.orders()
			r.customers()
			r.stock()
			r.counts(catalog.Products, catalog.Orders, catalog.Customers)
			if settings == nil {
				r.counts(catalog.Variants)
			}
			for name, n := range wire.check(t, a, name) {
				needed[name] += n
			}
		})
	}
	for name, n := range allWrites(t).check(t, a, "requests of writes") {
		needed[name] += n
	}
	for name, e := range exceptions {
		if needed[name] == 0 {
			t.Errorf("the exception for %s (%s) is not needed", name, e.reason)
		}
	}
	for name, n := range needed {
		t.Logf("exception for %s, %d times: %s", name, n, exceptions[name].reason)
	}
	specs.Report(t, "bigcommerce exceptions to the vendor's files that were needed %d/%d", len(needed), len(exceptions))
}
