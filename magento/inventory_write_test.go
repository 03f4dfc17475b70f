package magento_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento/magentotest"
)

func level(sku, source string, n int64) catalog.InventorySet {
	return catalog.InventorySet{ItemID: sku, LocationID: source, Available: catalog.NewQuantity(n)}
}

// stockAt is what a source has of a SKU, "" where it is not assigned.
func stockAt(server *magentotest.Server, sku, source string) string {
	for _, it := range server.SourceItems() {
		if it.SKU == sku && it.Source == source {
			return fmt.Sprint(it.Quantity, "/", it.Status)
		}
	}
	return ""
}

// manyProducts adds products of the SKUs "M-0" and on.
func manyProducts(server *magentotest.Server, n int) []catalog.InventorySet {
	levels := make([]catalog.InventorySet, n)
	for i := range levels {
		sku := fmt.Sprint("M-", i)
		server.AddProduct(magentotest.Product{SKU: sku, Name: sku, Price: "1"})
		levels[i] = level(sku, "default", int64(i))
	}
	return levels
}

// TestTrapStockOfSKUsNobodyHas: Magento takes stock of any SKU, and of products
// whose stock is that of their parts.
func TestTrapStockOfSKUsNobodyHas(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	server.AddProduct(magentotest.Product{SKU: "A,b/1 +", Name: "A", Price: "1"})
	server.AddProduct(magentotest.Product{SKU: "Box", Name: "B", Type: magentotest.TypeGrouped})
	err := e.SetInventory(t.Context(), []catalog.InventorySet{level("nobody", "default", 1), level("A%2Cb%2F1%20%2B", "riyadh", 4), level("box", "default", 1)}, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 2 || catalog.KindOf(batch.Failed[0]) != catalog.ErrNotFound || catalog.KindOf(batch.Failed[2]) != catalog.ErrInvalid {
		t.Fatalf("got %v", err)
	}
	if got := stockAt(server, "A,b/1 +", "riyadh"); got != "4/1" || len(server.Effects()) != 1 {
		t.Errorf("the stock is %q after %v", got, actions(server))
	}
	// At 0 and below it is out of stock.
	must(t, e.SetInventory(t.Context(), []catalog.InventorySet{level("A%2Cb%2F1%20%2B", "riyadh", 0), level("A%2Cb%2F1%20%2B", "jeddah", -2)}, noOptions))
	if a, b := stockAt(server, "A,b/1 +", "riyadh"), stockAt(server, "A,b/1 +", "jeddah"); a != "0/0" || b != "-2/0" {
		t.Errorf("the stock is %q and %q", a, b)
	}
	for what, l := range map[string][]catalog.InventorySet{
		"no item": {level("", "default", 1)}, "no code of a source": {level("a", "a source", 1)},
		"a number with nine digits": {level("a", "default", 100_000_000)}, "one of them twice": {level("a", "", 1), level("A", "default", 1)},
	} {
		refuses(t, what, e.SetInventory(t.Context(), l, noOptions), catalog.ErrInvalid)
	}
}

// TestTrapWhatCanBeSoldIsNotWhatIsThere: orders that were not shipped hold a
// part of the stock.
func TestTrapWhatCanBeSoldIsNotWhatIsThere(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	for _, sku := range []string{"one", "two", "out", "free"} {
		server.AddProduct(magentotest.Product{SKU: sku, Name: sku, Price: "1"})
		server.SetStock(sku, "default", "10")
		server.Reserve(sku, "-3")
	}
	server.SetStock("two", "riyadh", "5")
	server.SetStock("out", "default", "0")
	p := server.ProductBySKU("free")
	must(t, server.UpdateProduct(p.ID, func(p *magentotest.Product) { p.Unmanaged = true }))
	err := e.SetInventory(t.Context(), []catalog.InventorySet{level("one", "", 20), level("two", "", 20), level("out", "", 20), level("free", "", 20)}, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 1 || catalog.KindOf(batch.Failed[1]) != catalog.ErrInvalid {
		t.Fatalf("got %v", err)
	}
	for sku, want := range map[string]string{"one": "23/1", "two": "10/1", "out": "23/1", "free": "20/1"} {
		if got := stockAt(server, sku, "default"); got != want {
			t.Errorf("%s: the stock is %s, want %s", sku, got, want)
		}
	}
	for level, err := range e.InventoryLevels(t.Context(), catalog.InventoryQuery{ItemIDs: []string{"one", "out"}}) {
		if err != nil || *level.Available != catalog.NewQuantity(20) {
			t.Errorf("%s: %v can be sold, %v", level.SKU, level.Available, err)
		}
	}
}

func TestStockInSeveralCalls(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	levels := manyProducts(server, 250)
	must(t, e.SetInventory(t.Context(), levels, noOptions))
	if n := len(sent(server, "POST", "/V1/inventory/source-items")); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
	// A call that is refused takes its own levels along, and no others.
	for i := range levels {
		levels[i].Available = catalog.NewQuantity(1000)
	}
	server.Inject(magentotest.Invalid("Not valid.").On("POST", "/V1/inventory/source-items").Following(1))
	err := e.SetInventory(t.Context(), levels, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 100 || batch.Failed[99] != nil || !errors.Is(batch.Failed[100], catalog.ErrInvalid) || batch.Failed[200] != nil {
		t.Fatalf("the second refused: %v", err)
	}
	// After one whose outcome is unknown nothing is sent.
	server.Inject(magentotest.Disconnect(magentotest.CutBefore).On("POST", "/V1/inventory/source-items").Following(1))
	for i := range levels {
		levels[i].Available = catalog.NewQuantity(2000)
	}
	err = e.SetInventory(t.Context(), levels, noOptions)
	if batch, ok = errors.AsType[*catalog.BatchError](err); !ok || len(batch.Failed) != 150 || !errors.Is(batch.Failed[100], catalog.ErrOutcomeUnknown) || catalog.KindOf(batch.Failed[200]) != catalog.ErrUnavailable {
		t.Fatalf("the second lost: %v", err)
	}
	lost, _ := errors.AsType[*catalog.OutcomeError](batch.Failed[150])
	if found, err := lost.Confirm(t.Context()); err != nil || found != catalog.OutcomeDone {
		t.Errorf("Confirm says %s, %v", found, err)
	}
	server.SetStock("M-100", "default", "5") // and then somebody changed one
	if found, err := lost.Confirm(t.Context()); err != nil || found != catalog.OutcomeUnknown {
		t.Errorf("Confirm says %s, %v", found, err)
	}
}

// TestTrapShopsLimitLists: a longer one is refused as a whole.
func TestTrapShopsLimitLists(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{PageLimit: 50})
	must(t, e.SetInventory(t.Context(), manyProducts(server, 45), noOptions))
	bodies := sent(server, "POST", "/V1/inventory/source-items")
	if len(bodies) != 4 || len(server.Effects()) != 45 {
		t.Errorf("%d calls, %d levels", len(bodies), len(server.Effects()))
	}
	if sizes := mapped(bodies, func(b string) int { return strings.Count(b, `"sku"`) }); !slices.Equal(sizes[1:], []int{20, 20, 5}) {
		t.Errorf("calls of %v", sizes)
	}
}

// TestTrapAShopWithoutSources: its one stock is set product by product.
func TestTrapAShopWithoutSources(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{NoMSI: true})
	levels := manyProducts(server, 3)
	levels[1].LocationID = ""
	levels[2].LocationID = "riyadh"
	err := e.SetInventory(t.Context(), levels, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 1 || catalog.KindOf(batch.Failed[2]) != catalog.ErrNotFound {
		t.Fatalf("got %v", err)
	}
	for _, cut := range []magentotest.Cut{magentotest.CutUnread, magentotest.CutBefore} {
		levels = []catalog.InventorySet{level("M-0", "", 7), level("M-1", "", 7)}
		server.Inject(magentotest.Disconnect(cut).On("PUT", "/V1/products/*/stockItems/*"))
		err := e.SetInventory(t.Context(), levels, noOptions)
		if batch, ok = errors.AsType[*catalog.BatchError](err); !ok || len(batch.Failed) != 2 {
			t.Fatalf("got %v", err)
		}
		lost, _ := errors.AsType[*catalog.OutcomeError](batch.Failed[0])
		want := catalog.OutcomeNotDone
		if cut == magentotest.CutBefore {
			want = catalog.OutcomeDone
		}
		if found, err := lost.Confirm(t.Context()); err != nil || found != want {
			t.Errorf("Confirm says %s, %v; want %s", found, err, want)
		}
	}
	o := server.AddSale(true)
	if _, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{}, noOptions); err != nil {
		t.Error(err)
	}
}

// TestALevelThatCannotBeSetStopsNoOther: in a shop of one stock each level is a
// call of its own, and a SKU its web server does not take is that level's alone.
func TestALevelThatCannotBeSetStopsNoOther(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{NoMSI: true, NoEncodedSlashes: true})
	for _, sku := range []string{"a/b", "c"} {
		server.AddProduct(magentotest.Product{SKU: sku, Name: "x", Price: "1"})
	}
	err := e.SetInventory(t.Context(), []catalog.InventorySet{level("a%2Fb", "", 3), level("c", "", 4)}, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 1 || !errors.Is(batch.Failed[0], errors.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
}
