package salla_test

import (
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla/sallatest"
)

func TestReadsTheWholeStore(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 200, Orders: 100, Customers: 130})
	shop, err := engine.Shop(t.Context())
	t.Log(shop.Name, shop.Problems, err)
	products, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{}))
	t.Log(len(products), err)
	for _, p := range products {
		if len(p.Problems) > 0 {
			t.Log(p.ID, p.Problems)
		}
	}
	orders, err := catalog.Collect(engine.Orders(t.Context(), catalog.OrderQuery{}))
	t.Log(len(orders), err)
	for _, p := range orders {
		if len(p.Problems) > 0 {
			t.Log(p.ID, p.Problems)
		}
	}
	customers, err := catalog.Collect(engine.Customers(t.Context(), catalog.CustomerQuery{}))
	t.Log(len(customers), err)
	for _, p := range customers {
		if len(p.Problems) > 0 {
			t.Log(p.ID, p.Problems)
		}
	}
	levels, err := catalog.Collect(capability[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{}))
	t.Log(len(levels), err, len(server.Quantities()))
	locations, err := catalog.Collect(capability[catalog.LocationReader](t, engine).Locations(t.Context(), catalog.ListOptions{}))
	t.Log(len(locations), err)
	t.Logf("%+v", server.Ledger())
}
