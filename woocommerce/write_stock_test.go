package woocommerce_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

func toSet(item int64, n int64) catalog.InventorySet {
	return catalog.InventorySet{ItemID: id(item), Available: catalog.NewQuantity(n)}
}

// withVariations adds a product of so many variations; shared says that they
// have its stock.
func withVariations(server *woocommercetest.Server, n int, shared bool) *woocommercetest.Product {
	p := woocommercetest.Product{Name: "Shirt", Type: "variable", ManageStock: shared, StockQuantity: 5,
		Attributes: []woocommercetest.Attribute{{Name: "Size", Variation: true}}}
	for i := range n {
		size := "S" + id(int64(i+1))
		p.Attributes[0].Options = append(p.Attributes[0].Options, size)
		v := woocommercetest.Variation{RegularPrice: "10", ManageStock: "false", Choices: []woocommercetest.Choice{{Name: "Size", Option: size}}}
		if shared {
			v.ManageStock = woocommercetest.StockParent
		}
		p.Variations = append(p.Variations, v)
	}
	return server.AddProduct(p)
}

// TestStockIsCounted: a quantity without manage_stock would be passed over, and
// an item that was not counted is from then on.
func TestStockIsCounted(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := addSimple(server, func(*woocommercetest.Product) {})
	v := withVariations(server, 2, false)
	shared := withVariations(server, 2, true)
	if err := e.SetInventory(t.Context(), []catalog.InventorySet{toSet(p.ID, 7), toSet(v.Variations[1].ID, -2), toSet(shared.ID, 0)}, noOptions); err != nil {
		t.Fatal(err)
	}
	for l, err := range e.InventoryLevels(t.Context(), catalog.InventoryQuery{ItemIDs: []string{id(p.ID), id(v.Variations[1].ID), id(shared.ID)}}) {
		want := map[string]int64{id(p.ID): 7, id(v.Variations[1].ID): -2, id(shared.ID): 0}[l.ItemID]
		if err != nil || !l.Tracked || *l.Available != catalog.NewQuantity(want) {
			t.Errorf("%+v, %v; want %d", l, err, want)
		}
	}
	if v := server.Product(v.ID).Variations[0]; v.ManageStock != "false" {
		t.Error("another variation is counted too")
	}
	for what, c := range map[string]struct {
		set  catalog.InventorySet
		kind catalog.Kind
		says string
	}{
		"a variation that shares its product's": {toSet(shared.Variations[0].ID, 1), catalog.ErrInvalid, "set that of the product, " + id(shared.ID)},
		"a product of variations":               {toSet(v.ID, 1), catalog.ErrInvalid, "set theirs"},
		"half a piece":                          {catalog.InventorySet{ItemID: id(p.ID), Available: mustQuantity(t, "0.5")}, catalog.ErrInvalid, "whole pieces"},
		"another location":                      {catalog.InventorySet{ItemID: id(p.ID), LocationID: "2", Available: catalog.NewQuantity(1)}, catalog.ErrInvalid, "no locations"},
	} {
		before := len(sentTo(t, server))
		refusedAs(t, e.SetInventory(t.Context(), []catalog.InventorySet{c.set}, noOptions), c.kind, c.says)
		if len(sentTo(t, server)) > before {
			t.Errorf("%s was sent", what)
		}
	}
	one := toSet(p.ID, 3)
	one.LocationID = "store" // as Locations calls it
	if err := e.SetInventory(t.Context(), []catalog.InventorySet{one}, noOptions); err != nil {
		t.Error(err)
	}
}

func mustQuantity(t testing.TB, text string) catalog.Quantity {
	t.Helper()
	q, err := catalog.ParseQuantity(text)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// TestStockInSeveralCalls sets 250 products and the variations of two: by the
// hundred, and each product's variations for themselves.
func TestStockInSeveralCalls(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	var levels []catalog.InventorySet
	for range 250 {
		levels = append(levels, toSet(addSimple(server, func(*woocommercetest.Product) {}).ID, 4))
	}
	for range 2 {
		for _, v := range withVariations(server, 3, false).Variations {
			levels = append(levels, toSet(v.ID, 5))
		}
	}
	if err := e.SetInventory(t.Context(), levels, noOptions); err != nil {
		t.Fatal(err)
	}
	if n := len(server.Effects()); n != len(levels) {
		t.Errorf("%d levels were set, want %d", n, len(levels))
	}
	products, variations := 0, 0
	for _, s := range sentTo(t, server) {
		if s.route == "/products/batch" {
			products++
		} else if strings.HasSuffix(s.route, "/variations/batch") {
			variations++
		}
	}
	if products != 3 || variations != 2 {
		t.Errorf("%d calls for products and %d for variations, want 3 and 2", products, variations)
	}
}

// TestStockOfWhichACallIsLost: the items of that call say so, those of others
// are done or were not sent.
func TestStockOfWhichACallIsLost(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	var levels []catalog.InventorySet
	for range 120 {
		levels = append(levels, toSet(addSimple(server, func(*woocommercetest.Product) {}).ID, 4))
	}
	server.Inject(woocommercetest.Fault{Method: http.MethodPost, Skip: 1, Cut: woocommercetest.CutBefore})
	err := e.SetInventory(t.Context(), levels, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || batch.Total != 120 || len(batch.Failed) != 20 && len(batch.Failed) != 100 {
		t.Fatalf("got %v", err)
	}
	for i, why := range batch.Failed {
		if !errors.Is(why, catalog.ErrOutcomeUnknown) {
			t.Errorf("item %d: %v", i, why)
		}
		if len(batch.Failed) > 0 {
			confirmed(t, why, catalog.OutcomeDone)
			break
		}
	}
	// Sold meanwhile: nobody can tell whether it was set before.
	server.Inject(woocommercetest.Fault{Method: http.MethodPost, Cut: woocommercetest.CutRequest})
	err = e.SetInventory(t.Context(), []catalog.InventorySet{levels[0], toSet(addSimple(server, func(*woocommercetest.Product) {}).ID, 9)}, noOptions)
	confirmed(t, err, catalog.OutcomeNotDone)
	all := server.Products()
	if err := server.SetStock(all[len(all)-1].ID, 8); err != nil {
		t.Fatal(err)
	}
	confirmed(t, err, catalog.OutcomeUnknown)
}

// TestALostCallDoesNotHideWhatWasRefused: what became of the call says nothing
// of an item that was in none.
func TestALostCallDoesNotHideWhatWasRefused(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := addSimple(server, func(*woocommercetest.Product) {})
	server.Inject(woocommercetest.Fault{Method: http.MethodPost, Cut: woocommercetest.CutBefore})
	err := e.SetInventory(t.Context(), []catalog.InventorySet{toSet(4711, 4), toSet(p.ID, 4)}, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || batch.Total != 2 || !errors.Is(batch.Failed[0], catalog.ErrNotFound) {
		t.Fatalf("got %v", err)
	}
	confirmed(t, batch.Failed[1], catalog.OutcomeDone)
}
