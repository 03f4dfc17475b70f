package bigcommerce_test

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// counted adds products: one whose stock is counted for itself, one for its
// variants, one not at all.
func counted(server *bigcommercetest.Server) (product, variants, none *bigcommercetest.Product) {
	location := server.Locations()[0].ID
	product = server.AddProduct(bigcommercetest.Product{Name: "By product", Tracking: "product", Levels: []bigcommercetest.Level{{LocationID: location, OnHand: 9, SafetyStock: 2}}})
	variants = server.AddProduct(bigcommercetest.Product{Name: "By variant", Tracking: "variant",
		Options: []bigcommercetest.Option{{Name: "Size", Type: "dropdown", Values: []bigcommercetest.OptionValue{{ID: 901, Label: "S"}, {ID: 902, Label: "L"}}}},
		Variants: []bigcommercetest.Variant{{SKU: "V-S", Values: []int64{901}, Levels: []bigcommercetest.Level{{LocationID: location, OnHand: 9}}},
			{SKU: "V-L", Values: []int64{902}}}})
	none = server.AddProduct(bigcommercetest.Product{Name: "Not counted", Tracking: "none"})
	return product, variants, none
}

func levelOf(item string, server *bigcommercetest.Server, n int64) catalog.InventorySet {
	return catalog.InventorySet{ItemID: item, LocationID: id(server.Locations()[0].ID), Available: catalog.NewQuantity(n)}
}

// An item must be named as it is counted, or the whole call is refused; what
// can be sold is what is on hand without the safety stock.
func TestTrapStockIsNamedAsItIsCounted(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	p, v, none := counted(server)
	err := e.SetInventory(t.Context(), []catalog.InventorySet{
		levelOf(id(p.Variants[0].ID), server, 20), levelOf(id(v.Variants[0].ID), server, 30), levelOf(id(v.Variants[1].ID), server, 40), // never stocked
		levelOf(id(none.Variants[0].ID), server, 50), levelOf("product-"+id(v.ID), server, 60), levelOf("999999999", server, 70),
	}, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 3 || !errors.Is(batch.Failed[3], catalog.ErrInvalid) || !errors.Is(batch.Failed[4], catalog.ErrInvalid) || !errors.Is(batch.Failed[5], catalog.ErrNotFound) {
		t.Fatalf("got %v", err)
	}
	if n := len(sent(server)); n != 1 {
		t.Errorf("%d calls, want one", n)
	}
	now := func() (int, int, int) {
		p, v := server.Product(p.ID), server.Product(v.ID)
		return p.Levels[0].OnHand, v.Variants[0].Levels[0].OnHand, v.Variants[1].Levels[0].OnHand
	}
	if a, b, c := now(); a != 22 || b != 30 || c != 40 {
		t.Errorf("on hand %d, %d, %d; want 22, 30, 40", a, b, c)
	}
	twice := []catalog.InventorySet{levelOf(id(p.Variants[0].ID), server, 1), levelOf("product-"+id(p.ID), server, 2)}
	if err := e.SetInventory(t.Context(), twice, noOptions); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("one level by two names: %v", err)
	}
	if err := e.SetInventory(t.Context(), []catalog.InventorySet{levelOf("product-"+id(p.ID), server, 5)}, noOptions); err != nil {
		t.Error(err)
	}
	if a, _, _ := now(); a != 7 {
		t.Errorf("on hand %d, want 7", a)
	}
}

// A difference needs a level that was set before, and must not go below zero:
// either would cost the whole call.
func TestTrapDifferencesNeedALevel(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	p, v, _ := counted(server)
	location := id(server.Locations()[0].ID)
	delta := func(item int64, n int64) catalog.InventoryDelta {
		return catalog.InventoryDelta{ItemID: id(item), LocationID: location, Delta: catalog.NewQuantity(n)}
	}
	err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{delta(p.Variants[0].ID, -8), delta(v.Variants[0].ID, -9), delta(v.Variants[1].ID, 1)}, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 2 || !errors.Is(batch.Failed[0], catalog.ErrConflict) || !errors.Is(batch.Failed[2], catalog.ErrConflict) {
		t.Fatalf("got %v", err)
	}
	if n := server.Product(v.ID).Variants[0].Levels[0].OnHand; n != 0 {
		t.Errorf("on hand %d, want 0", n)
	}
}

// BigCommerce refuses a whole call for one level, and says which in words only.
func TestTrapABadLevelDoesNotCostTheOthers(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	p, v, _ := counted(server)
	bad := levelOf(id(v.Variants[1].ID), server, 3)
	bad.LocationID = "987654"
	err := e.SetInventory(t.Context(), []catalog.InventorySet{levelOf(id(p.Variants[0].ID), server, 1), bad, levelOf(id(v.Variants[0].ID), server, 2)}, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 1 || !errors.Is(batch.Failed[1], catalog.ErrInvalid) || batch.Total != 3 {
		t.Fatalf("got %v", err)
	}
	if a, b := server.Product(p.ID).Levels[0].OnHand, server.Product(v.ID).Variants[0].Levels[0].OnHand; a != 3 || b != 2 {
		t.Errorf("on hand %d and %d, want 3 and 2", a, b)
	}
}

// When all are wrong it is not looked for which.
func TestTrapABatchOfBadLevelsIsGivenUp(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{Products: 300, Orders: -1, Customers: -1})
	var levels []catalog.InventorySet
	for _, p := range server.Products() {
		if p.Tracking == "product" {
			levels = append(levels, catalog.InventorySet{ItemID: id(p.Variants[0].ID), LocationID: "987654"})
		}
	}
	err := e.SetInventory(t.Context(), levels, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != len(levels) || !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	if n := len(sent(server)); len(levels) < 80 || n > 120 || len(server.Effects()) > 0 {
		t.Errorf("%d calls for %d levels", n, len(levels))
	}
}

// The work is done after the answer: Confirm looks until it shows.
func TestTrapStockShowsLate(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{InventoryRequests: 8})
	p, _, _ := counted(server)
	server.Inject(bigcommercetest.LostAnswer(http.StatusInternalServerError).On(http.MethodPut, "/v3/inventory/adjustments/absolute"))
	err := e.SetInventory(t.Context(), []catalog.InventorySet{levelOf(id(p.Variants[0].ID), server, 77)}, noOptions)
	lost, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	if now := server.Product(p.ID); now.Levels[0].OnHand != 9 {
		t.Fatalf("it shows at once: %d", now.Levels[0].OnHand)
	}
	if found, err := lost.Confirm(t.Context()); found != catalog.OutcomeDone || err != nil {
		t.Errorf("Confirm: %s, %v", found, err)
	}
}

// A call takes 2,000 levels. One of which nothing is known stops those behind.
func TestTrapTwoThousandLevelsACall(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	var levels []catalog.InventorySet
	p := bigcommercetest.Product{Tracking: "variant", Options: []bigcommercetest.Option{{Name: "Size", Type: "dropdown"}}}
	for n := range int64(500) {
		p.Options[0].Values = append(p.Options[0].Values, bigcommercetest.OptionValue{ID: 901 + n, Label: id(n + 1)})
	}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		p.Name, p.Variants = name, nil
		for n := range int64(500) {
			p.Variants = append(p.Variants, bigcommercetest.Variant{SKU: name + id(n+1), Values: []int64{901 + n},
				Levels: []bigcommercetest.Level{{LocationID: server.Locations()[0].ID}}})
		}
		for _, v := range server.AddProduct(p).Variants {
			levels = append(levels, levelOf(id(v.ID), server, 5))
		}
	}
	if err := e.SetInventory(t.Context(), levels, noOptions); err != nil {
		t.Fatal(err)
	}
	if n := len(sent(server)); n != 2 || len(server.Effects()) != 2500 {
		t.Errorf("%d calls, %d levels", n, len(server.Effects()))
	}
	for i := range levels {
		levels[i].Available = catalog.NewQuantity(6)
	}
	server.Inject(bigcommercetest.ServerError(http.StatusBadGateway).On(http.MethodPut, ""))
	err := e.SetInventory(t.Context(), levels, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 2500 || !errors.Is(batch.Failed[0], catalog.ErrOutcomeUnknown) || !strings.Contains(batch.Failed[2400].Error(), "not sent") {
		t.Fatalf("got %.300v", err)
	}
	lost, _ := errors.AsType[*catalog.OutcomeError](batch.Failed[7])
	if found, err := lost.Confirm(t.Context()); found != catalog.OutcomeNotDone || err != nil {
		t.Errorf("Confirm: %s, %v", found, err)
	}
}

// A sale of as many pieces as were added does not hide that they were.
func TestTrapALevelBackWhereItWas(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	server, e := writer(t, bigcommercetest.Config{Clock: clock})
	p, _, _ := counted(server)
	location := server.Locations()[0].ID
	ahead.Store(int64(time.Minute))
	server.Inject(bigcommercetest.LostAnswer(http.StatusInternalServerError).On(http.MethodPost, "/v3/inventory/adjustments/relative"))
	err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{{ItemID: id(p.Variants[0].ID), LocationID: id(location), Delta: catalog.NewQuantity(3)}}, noOptions)
	lost, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	update(t, server.SetStock(p.ID, 0, location, 9)) // as before
	if found, err := lost.Confirm(t.Context()); found != catalog.OutcomeUnknown || err != nil {
		t.Errorf("Confirm: %s, %v", found, err)
	}
}
