package salla_test

import (
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla/sallatest"
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

func TestOrderChangesCostWhatChanged(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 20, Orders: 120, Customers: 10, Epoch: time.Now().Add(-48 * time.Hour)})
	orderID := func(o catalog.Order) string { return o.ID }
	reader := catalog.OrderChanges(engine, "")
	if n := len(drain(t, reader, orderID)); n != 120 {
		t.Fatalf("%d orders at first", n)
	}
	saved := reader.Checkpoint()
	changed := []int64{server.Orders()[100].ID, server.Orders()[7].ID}
	for _, order := range changed {
		if err := server.UpdateOrder(order, func(o *sallatest.Order) { o.Status = server.StatusNamed("shipped") }); err != nil {
			t.Fatal(err)
		}
	}
	created := server.AddOrder(sallatest.Order{Currency: "SAR", Total: "5"})
	before := len(server.Calls())
	reader = catalog.OrderChanges(engine, saved)
	got := drain(t, reader, orderID)
	for _, want := range append(changed, created.ID) {
		if !slices.Contains(got, id(want)) {
			t.Errorf("order %d is missing from %v", want, got)
		}
	}
	if n := len(server.Calls()) - before; len(got) > 5 || n > 40 {
		t.Errorf("%d changes for %d calls", len(got), n)
	}
	if again := drain(t, catalog.OrderChanges(engine, reader.Checkpoint()), orderID); len(again) > len(got) {
		t.Errorf("the next reader gives %v", again)
	}
}

func TestProductAndCustomerChangesAreFoundByReadingAll(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 80, Orders: -1, Customers: 80, Epoch: time.Now().Add(-48 * time.Hour)})
	products := catalog.ProductChanges(engine, "")
	customers := catalog.CustomerChanges(engine, "")
	productID, customerID := func(p catalog.Product) string { return p.ID }, func(c catalog.Customer) string { return c.ID }
	if a, b := len(drain(t, products, productID)), len(drain(t, customers, customerID)); a != 80 || b != 80 {
		t.Fatalf("%d products, %d customers at first", a, b)
	}
	product, customer := server.Products()[70].ID, server.Customers()[60].ID
	if err := server.UpdateProduct(product, func(p *sallatest.Product) { p.Name = "new" }); err != nil {
		t.Fatal(err)
	}
	if err := server.UpdateCustomer(customer, func(c *sallatest.Customer) { c.FirstName = "new" }); err != nil {
		t.Fatal(err)
	}
	if got := drain(t, catalog.ProductChanges(engine, products.Checkpoint()), productID); !slices.Equal(got, []string{id(product)}) {
		t.Errorf("products %v", got)
	}
	if got := drain(t, catalog.CustomerChanges(engine, customers.Checkpoint()), customerID); !slices.Equal(got, []string{id(customer)}) {
		t.Errorf("customers %v", got)
	}
	for _, err := range catalog.InventoryChanges(engine, "").All(t.Context()) {
		if catalog.KindOf(err) != catalog.ErrUnsupported {
			t.Errorf("stock: %v", err)
		}
	}
}
