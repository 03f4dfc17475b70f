package bigcommerce_test

import (
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// drain reads all changes and returns the ids in their order.
func drain[T any](t *testing.T, c *catalog.Changes[T], id func(T) string) []string {
	t.Helper()
	var all []string
	for v, err := range c.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, id(v))
	}
	return all
}

func orderID(o catalog.Order) string       { return o.ID }
func productID(p catalog.Product) string   { return p.ID }
func customerID(c catalog.Customer) string { return c.ID }

// Changes are asked for by time: what has not changed is not read again.
func TestChangesCostWhatChanged(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 900, Orders: 900, Customers: 900, Epoch: time.Now().Add(-48 * time.Hour)})
	products, orders, customers := catalog.ProductChanges(engine, ""), catalog.OrderChanges(engine, ""), catalog.CustomerChanges(engine, "")
	hidden := 0
	for _, o := range server.Orders() {
		if o.StatusID == 0 || o.Deleted {
			hidden++
		}
	}
	if a, b, c := len(drain(t, products, productID)), len(drain(t, orders, orderID)), len(drain(t, customers, customerID)); a != 900 || b != 900-hidden || c != 900 {
		t.Fatalf("%d products, %d orders, %d customers at first", a, b, c)
	}
	before := len(server.Calls())
	product, order, customer := server.Products()[7].ID, server.Orders()[301].ID, server.Customers()[899].ID
	update(t, server.UpdateProduct(product, func(p *bigcommercetest.Product) { p.Name = "new" }))
	update(t, server.UpdateOrder(order, func(o *bigcommercetest.Order) { o.StatusID = 5 }))
	update(t, server.UpdateCustomer(customer, func(c *bigcommercetest.Customer) { c.FirstName = "new" }))
	if got := drain(t, catalog.ProductChanges(engine, products.Checkpoint()), productID); !slices.Equal(got, []string{id(product)}) {
		t.Errorf("products %v", got)
	}
	if got := drain(t, catalog.OrderChanges(engine, orders.Checkpoint()), orderID); !slices.Equal(got, []string{id(order)}) {
		t.Errorf("orders %v", got)
	}
	if got := drain(t, catalog.CustomerChanges(engine, customers.Checkpoint()), customerID); !slices.Equal(got, []string{id(customer)}) {
		t.Errorf("customers %v", got)
	}
	if n := len(server.Calls()) - before; n > 6 {
		t.Errorf("%d calls for three changes", n)
	}
}

// An order whose checkout is finished after a while shows up then, and one that
// is archived merely stops.
func TestChangesOfOrdersThatWereHidden(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 5, Orders: -1, Customers: 5})
	cart := server.AddOrder(bigcommercetest.Order{StatusID: 0})
	kept := server.AddOrder(bigcommercetest.Order{StatusID: 11})
	reader := catalog.OrderChanges(engine, "")
	if got := drain(t, reader, orderID); !slices.Equal(got, []string{id(kept.ID)}) {
		t.Fatalf("at first: %v", got)
	}
	update(t, server.UpdateOrder(cart.ID, func(o *bigcommercetest.Order) { o.StatusID = 11 }))
	reader = catalog.OrderChanges(engine, reader.Checkpoint())
	if got := drain(t, reader, orderID); !slices.Contains(got, id(cart.ID)) {
		t.Errorf("after its checkout: %v", got)
	}
	update(t, server.UpdateOrder(kept.ID, func(o *bigcommercetest.Order) { o.Deleted = true }))
	if got := drain(t, catalog.OrderChanges(engine, reader.Checkpoint()), orderID); slices.Contains(got, id(kept.ID)) {
		t.Errorf("archived: %v", got)
	}
}

// Times of filters are written out whole: to a date alone V3 adds the time of
// day of the call, which the server reports. Ends are as souk has them, by the
// second.
func TestEndsOfTimeFilters(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 11, 20, 15, 4, 5, 0, time.UTC)
	server, engine := quick(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1, Clock: func() time.Time { return clock }})
	midnight := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	var made []string
	for _, at := range []time.Time{midnight.Add(-time.Second), midnight, midnight.Add(time.Second)} {
		clock = at
		made = append(made, id(server.AddProduct(bigcommercetest.Product{}).ID))
	}
	clock = midnight.Add(15 * time.Hour)
	riyadh := time.FixedZone("", 3*3600)
	for name, c := range map[string]struct {
		q    catalog.ProductQuery
		want []string
	}{
		"since midnight":        {catalog.ProductQuery{UpdatedSince: midnight}, made[1:]},
		"since, in another one": {catalog.ProductQuery{UpdatedSince: midnight.In(riyadh)}, made[1:]},
		"since within a second": {catalog.ProductQuery{UpdatedSince: midnight.Add(300 * time.Millisecond)}, made[1:]},
		"before midnight":       {catalog.ProductQuery{UpdatedBefore: midnight}, made[:1]},
		"created since":         {catalog.ProductQuery{CreatedSince: midnight.Add(time.Second)}, made[2:]},
		"both":                  {catalog.ProductQuery{UpdatedSince: midnight, UpdatedBefore: midnight.Add(time.Second)}, made[1:2]},
	} {
		if got := mapped(collect(t, engine.Products(t.Context(), c.q)), productID); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
