package woocommerce_test

import (
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// drain reads all changes and returns the ids in their order.
func drain[T any](t *testing.T, c *catalog.Changes[T], id func(T) string) []string {
	t.Helper()
	return ids(t, c.All(t.Context()), id)
}

func TestChangesCostWhatChanged(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: 150, Orders: 150, Customers: 10, Epoch: time.Now().Add(-48 * time.Hour)})
	products, orders := catalog.ProductChanges(engine, ""), catalog.OrderChanges(engine, "")
	if a, b := len(drain(t, products, productID)), len(drain(t, orders, orderID)); a != 150 || b != 150 {
		t.Fatalf("%d products, %d orders at first", a, b)
	}
	product, order := server.Products()[70].ID, server.Orders()[60].ID
	if err := server.UpdateProduct(product, func(p *woocommercetest.Product) { p.Name = "new" }); err != nil {
		t.Fatal(err)
	}
	if err := server.UpdateOrder(order, func(o *woocommercetest.Order) { o.Number = "new" }); err != nil {
		t.Fatal(err)
	}
	before := len(server.Calls())
	if got := drain(t, catalog.ProductChanges(engine, products.Checkpoint()), productID); !slices.Equal(got, []string{id(product)}) {
		t.Errorf("products %v", got)
	}
	if got := drain(t, catalog.OrderChanges(engine, orders.Checkpoint()), orderID); !slices.Equal(got, []string{id(order)}) {
		t.Errorf("orders %v", got)
	}
	if n := len(server.Calls()) - before; n > 4 {
		t.Errorf("%d calls", n)
	}
}

// What was sold changes the variation; levels are found by its own time, on
// stores with a list of all variations and on those without.
func TestInventoryChangesAreThoseOfItems(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"10.5.2", "10.2.0"} {
		server, engine := quick(t, woocommercetest.Config{Version: version, Products: 40, Orders: -1, Customers: -1, Epoch: time.Now().Add(-48 * time.Hour)})
		changes := catalog.InventoryChanges(engine, "")
		if n := len(drain(t, changes, itemID)); n != len(levels(server)) {
			t.Fatalf("%d levels at first", n)
		}
		var simple, variation int64
		for _, p := range server.Products() {
			switch {
			case len(p.Variations) > 0 && p.Variations[1].ManageStock == "true":
				variation = p.Variations[1].ID
			case len(p.Variations) == 0 && p.ManageStock:
				simple = p.ID
			}
		}
		for _, item := range []int64{variation, simple} {
			if err := server.SetStock(item, 77); err != nil {
				t.Fatal(err)
			}
		}
		got := map[string]string{}
		for l, err := range catalog.InventoryChanges(engine, changes.Checkpoint()).All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got[l.ItemID] = l.Available.String()
		}
		if len(got) != 2 || got[id(simple)] != "77" || got[id(variation)] != "77" {
			t.Errorf("%s: %v", version, got)
		}
	}
}

func TestCustomerChangesAreFoundByReadingAll(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: 80, Epoch: time.Now().Add(-48 * time.Hour)})
	changes := catalog.CustomerChanges(engine, "")
	if n := len(drain(t, changes, customerID)); n != 80 {
		t.Fatalf("%d customers at first", n)
	}
	c := server.Customers()[60].ID
	if err := server.UpdateCustomer(c, func(c *woocommercetest.Customer) { c.FirstName = "new" }); err != nil {
		t.Fatal(err)
	}
	if got := drain(t, catalog.CustomerChanges(engine, changes.Checkpoint()), customerID); !slices.Equal(got, []string{id(c)}) {
		t.Errorf("%v", got)
	}
}

// A reader that dies at any record goes on in another process, in a store
// whose records changed in a few moments.
func TestChangesResumeAmongEqualTimes(t *testing.T) {
	t.Parallel()
	start := time.Now().Add(-time.Hour).Truncate(time.Second)
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1, UnstableTies: true})
	var want []string
	for i := range 24 {
		want = append(want, id(server.AddProduct(woocommercetest.Product{Name: "x", ModifiedAt: start.Add(time.Duration(i/9) * time.Second)}).ID))
	}
	for stop := 1; stop < 24; stop++ {
		seen := map[string]bool{}
		reader := catalog.ProductChanges(engine, "", catalog.ChangeOptions{PageSize: 4})
		for p, err := range reader.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if seen[p.ID] = true; len(seen) == stop {
				break
			}
		}
		for _, one := range drain(t, catalog.ProductChanges(engine, reader.Checkpoint(), catalog.ChangeOptions{PageSize: 3}), productID) {
			seen[one] = true
		}
		for _, one := range want {
			if !seen[one] {
				t.Errorf("stopped at %d: %s never came", stop, one)
			}
		}
	}
}
