package salla_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla/sallatest"
)

// same compares records by value: amounts by their worth, and without what
// every record carries besides its fields.
var same = cmp.Options{
	cmp.Comparer(func(a, b catalog.Money) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b catalog.Quantity) bool { return a == b }),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
	cmpopts.IgnoreTypes(catalog.Record{}),
	cmpopts.EquateEmpty(),
}

// collect reads a list and holds each record to what every record must have.
func collect[T catalog.RawHolder](t *testing.T, seq iter.Seq2[T, error], record func(*T) catalog.Record) []T {
	t.Helper()
	all, err := catalog.Collect(seq)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		r := record(&all[i])
		if r.Platform != "salla" || len(r.Raw) == 0 || !strings.HasPrefix(string(r.RawKind), "salla.") || r.Cursor == "" {
			t.Fatalf("record %d carries %q, %d bytes, %q, cursor %q", i, r.Platform, len(r.Raw), r.RawKind, r.Cursor)
		}
		if len(r.Problems) > 0 {
			t.Errorf("record %d has problems: %v", i, r.Problems)
		}
	}
	return all
}

func TestProductsEqualTheStores(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 240, Orders: -1, Customers: -1})
	got := collect(t, engine.Products(t.Context(), catalog.ProductQuery{}), func(p *catalog.Product) catalog.Record { return p.Record })
	want := mapped(server.Products(), wantProduct)
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Fatalf("products (-want +got):\n%s", diff)
	}
	for i := 0; i < len(want); i += 37 {
		one, err := engine.Product(t.Context(), want[i].ID)
		if diff := cmp.Diff(want[i], one, same); err != nil || diff != "" || one.Cursor != "" || len(one.Raw) == 0 {
			t.Errorf("one product: %v (-want +got):\n%s", err, diff)
		}
	}
}

func TestOrdersEqualTheStores(t *testing.T) {
	t.Parallel()
	server := newServer(t, sallatest.Config{Products: 60, Orders: 150, Customers: 40, Unthrottled: true, PerMinute: 1_000_000})
	engine := openStore(t, newAdapter(t, server, withShipments), server.Store)
	got := collect(t, engine.Orders(t.Context(), catalog.OrderQuery{}), func(o *catalog.Order) catalog.Record { return o.Record })
	want := mapped(server.Orders(), wantOrder)
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Fatalf("orders (-want +got):\n%s", diff)
	}
	for i := 0; i < len(want); i += 23 {
		one, err := engine.Order(t.Context(), want[i].ID)
		if diff := cmp.Diff(want[i], one, same); err != nil || diff != "" || one.Cursor != "" {
			t.Errorf("one order: %v (-want +got):\n%s", err, diff)
		}
		if parts := len(want[i].LineItems); len(one.More) < parts {
			t.Errorf("%d parts for %d lines", len(one.More), parts)
		}
	}
	history := capability[catalog.OrderHistoryReader](t, engine)
	for _, o := range server.Orders() {
		got, err := catalog.Collect(history.OrderHistory(t.Context(), id(o.ID)))
		if diff := cmp.Diff(wantHistory(o), got, same); err != nil || diff != "" {
			t.Fatalf("history: %v (-want +got):\n%s", err, diff)
		}
	}
}

func TestCustomersEqualTheStores(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: -1, Orders: -1, Customers: 250})
	got := collect(t, engine.Customers(t.Context(), catalog.CustomerQuery{}), func(c *catalog.Customer) catalog.Record { return c.Record })
	want := mapped(server.Customers(), wantCustomer)
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Fatalf("customers (-want +got):\n%s", diff)
	}
	one, err := engine.Customer(t.Context(), want[7].ID)
	if diff := cmp.Diff(want[7], one, same); err != nil || diff != "" {
		t.Errorf("one customer: %v (-want +got):\n%s", err, diff)
	}
}

func TestStockBranchesAndShopEqualTheStores(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 100, Orders: 12, Customers: 7, Branches: 5})
	levels := collect(t, capability[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{}),
		func(l *catalog.InventoryLevel) catalog.Record { return l.Record })
	if diff := cmp.Diff(mapped(server.Quantities(), wantLevel), levels, same); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
	locations := collect(t, capability[catalog.LocationReader](t, engine).Locations(t.Context(), catalog.ListOptions{}),
		func(l *catalog.Location) catalog.Record { return l.Record })
	if diff := cmp.Diff(mapped(server.Branches(), wantLocation), locations, same); diff != "" {
		t.Errorf("locations (-want +got):\n%s", diff)
	}
	shop, err := engine.Shop(t.Context())
	if err != nil || shop.ID != id(server.MerchantID()) || shop.Currency != "SAR" || shop.Plan != "plus" || !shop.Test ||
		shop.Name == "" || shop.Email == "" || !strings.HasPrefix(shop.URL, "https://") || strings.Contains(shop.Domain, "://") || shop.RawKind != "salla.store" {
		t.Errorf("shop: %+v, %v", shop, err)
	}
	for resource, want := range map[catalog.Resource]int64{catalog.Products: 100, catalog.Orders: 12, catalog.Customers: 7} {
		if count, err := capability[catalog.Counter](t, engine).Count(t.Context(), resource); err != nil || count != (catalog.Count{N: want}) {
			t.Errorf("count of %s: %+v, %v", resource, count, err)
		}
	}
	if _, err := capability[catalog.Counter](t, engine).Count(t.Context(), catalog.Variants); catalog.KindOf(err) != catalog.ErrUnsupported {
		t.Errorf("count of variants: %v", err)
	}
}

func TestFeaturesAreWhatEnginesImplement(t *testing.T) {
	t.Parallel()
	_, engine := quick(t, sallatest.Config{})
	if diff := cmp.Diff(catalog.CapabilitiesOf(engine), engine.Features().Capabilities); diff != "" {
		t.Errorf("capabilities (-implemented +declared):\n%s", diff)
	}
	if engine.Platform() != "salla" || engine.Account().Platform != "salla" {
		t.Errorf("platform %q, account %+v", engine.Platform(), engine.Account())
	}
}

func TestBranchStockIsAskedForByBranch(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 20, Orders: -1, Customers: -1})
	branch := id(server.Branches()[1].ID)
	levels, err := catalog.Collect(capability[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{LocationID: branch}))
	if err != nil || len(levels) != len(server.Quantities()) {
		t.Fatalf("%d levels, %v", len(levels), err)
	}
	for _, l := range levels {
		if l.LocationID != branch {
			t.Fatalf("a level of %q", l.LocationID)
		}
	}
	for _, call := range server.Calls() {
		if strings.HasSuffix(call.Path, "/quantities") && !strings.Contains(call.Query, "branch="+branch) {
			t.Errorf("asked for %s", call.Query)
		}
	}
}

func TestLeavingAListEarlyLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 300, Orders: 90, Customers: -1})
	for p, err := range engine.Products(t.Context(), catalog.ProductQuery{}) {
		if err != nil || p.ID == "" {
			t.Fatal(err)
		}
		break
	}
	for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{ListOptions: catalog.ListOptions{Limit: 2}}) {
		if err != nil || o.ID == "" {
			t.Fatal(err)
		}
	}
	calls := server.Calls()
	if n := len(calls); n > 9 { // two pages of products; a page of two orders with two calls each
		t.Errorf("%d calls", n)
	}
}

func TestAListEndsWithItsContext(t *testing.T) {
	t.Parallel()
	_, engine := quick(t, sallatest.Config{Products: -1, Orders: 90})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range engine.Orders(ctx, catalog.OrderQuery{}) {
		cancel()
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("the list ended with %v", last)
	}
}
