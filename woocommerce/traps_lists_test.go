package woocommerce_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// Traps of lists. That paging survives change is in paging_test.go.

func TestTrapListsPagesHaveAHundredRecordsAtMost(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: 210, Orders: -1, Customers: -1})
	for size, want := range map[int]string{0: "per_page=50", 1000: "per_page=100", 7: "per_page=7"} {
		before := len(server.Calls())
		if n := len(ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: size}}), productID)); n != 210 {
			t.Errorf("%d products", n)
		}
		for _, c := range server.Calls()[before:] {
			if c.Route == "/products" && !strings.HasSuffix(c.Query, want) && !strings.Contains(c.Query, want+"&") {
				t.Errorf("PageSize %d asked for %s", size, c.Query)
			}
		}
	}
}

// A page past the end is an empty list and no error.
func TestTrapListsAPageBeyondTheEndIsEmpty(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: 10, Orders: -1, Customers: -1})
	all, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range server.Products()[2:] {
		_ = server.DeleteProduct(p.ID)
	}
	got := ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 5, After: all[9].Cursor}}), productID)
	if len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// Pages are found by number, never by the link to the next, which repeats the
// query.
func TestTrapListsLinksAreNeverFollowed(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 30, Orders: -1, Customers: -1})
	server.Inject(woocommercetest.Fault{Path: "/products", Times: -1, Header: map[string][]string{"Link": {`<https://evil.example/wp-json/wc/v3/products?page=2>; rel="next"`}}})
	engine := openStore(t, newAdapter(t, server, woocommerce.Config{}), server)
	if n := len(ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 7}}), productID)); n != 30 {
		t.Errorf("%d products", n)
	}
	for _, c := range server.Calls() {
		if strings.Contains(c.Query, "page=") && strings.Contains(strings.ReplaceAll(c.Query, "per_page=", ""), "page=") {
			t.Errorf("asked for %s", c.Query)
		}
	}
}

// Unknown parameters are ignored without a word: customers cannot be asked for
// by change, and all come. The server fails the test if it is tried.
func TestTrapListsCustomersHaveNoFilterByChange(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: 30, Epoch: time.Now().Add(-48 * time.Hour)})
	c := server.Customers()[20]
	since := time.Now().Add(-time.Minute)
	if err := server.UpdateCustomer(c.ID, func(c *woocommercetest.Customer) { c.FirstName = "new" }); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, engine.Customers(t.Context(), catalog.CustomerQuery{UpdatedSince: since}), customerID); !slices.Equal(got, []string{id(c.ID)}) {
		t.Errorf("%v", got)
	}
	if f := engine.Features().Resources[catalog.Customers]; f.Changes != catalog.ChangesScan || f.SortsUpdated {
		t.Errorf("%+v", f)
	}
}

// A customer that was never changed has no time of change.
func TestTrapListsACustomerNeverChangedCountsAsChangedWhenMade(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: 30})
	never := 0
	for c, err := range engine.Customers(t.Context(), catalog.CustomerQuery{}) {
		if err != nil || c.UpdatedAt.IsZero() {
			t.Errorf("%s: %v, %v", c.ID, c.UpdatedAt, err)
		}
		if server.Customer(number(c.ID)).ModifiedAt.IsZero() {
			never++
		}
	}
	if never == 0 {
		t.Error("the server has no such customer")
	}
}

// Without a status lists leave out what is in the trash.
func TestTrapListsAnyStatusHidesTheTrash(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: 60, Orders: -1, Customers: -1})
	trashed := mapped(server.TrashedProducts(), func(p *woocommercetest.Product) string { return id(p.ID) })
	for _, one := range ids(t, engine.Products(t.Context(), catalog.ProductQuery{}), productID) {
		if slices.Contains(trashed, one) {
			t.Errorf("%s is in the trash", one)
		}
	}
	got := ids(t, engine.Products(t.Context(), catalog.ProductQuery{Status: []catalog.ProductStatus{catalog.ProductArchived}}), productID)
	if slices.Sort(got); len(trashed) == 0 || !slices.Equal(got, trashed) {
		t.Errorf("archived %v, want %v", got, trashed)
	}
	for _, status := range [][]catalog.ProductStatus{{catalog.ProductSoldOut}, {catalog.ProductArchived, catalog.ProductActive}, {"nonsense"}} {
		if _, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{Status: status})); catalog.KindOf(err) != catalog.ErrUnsupported {
			t.Errorf("%v: %v", status, err)
		}
	}
}

// The store finds SKUs in any case, and a variation under the products; a
// variation without a SKU shows its product's.
func TestTrapListsASKUFindsVariationsAndIsExact(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"10.5.2", "10.2.0"} {
		server, engine := quick(t, woocommercetest.Config{Version: version, Products: -1, Orders: -1, Customers: -1})
		simple := server.AddProduct(woocommercetest.Product{Name: "a", SKU: "one"})
		several := server.AddProduct(woocommercetest.Product{Name: "b", SKU: "many", Variations: []woocommercetest.Variation{{SKU: "many-1", ManageStock: "true", StockQuantity: 3}, {}}})
		comma := server.AddProduct(woocommercetest.Product{Name: "c", SKU: "x,y"})
		finder, reader := capability[catalog.ProductFinder](t, engine), capability[catalog.InventoryReader](t, engine)
		for sku, want := range map[string][]string{"one": {id(simple.ID)}, "ONE": nil, "many-1": {id(several.ID)}, "many": {id(several.ID)}, "x,y": {id(comma.ID)}, "x": nil, " one": nil} {
			if got := ids(t, finder.ProductsBySKU(t.Context(), sku), productID); !slices.Equal(got, want) {
				t.Errorf("%s: products with %q: %v, want %v", version, sku, got, want)
			}
		}
		for sku, want := range map[string][]string{"one": {id(simple.ID)}, "many-1": {id(several.Variations[0].ID)}, "many": {id(several.Variations[1].ID)}, "none": nil} {
			if got := ids(t, reader.InventoryLevels(t.Context(), catalog.InventoryQuery{SKU: sku}), itemID); !slices.Equal(got, want) {
				t.Errorf("%s: levels with %q: %v, want %v", version, sku, got, want)
			}
		}
	}
}

// Customers are those with the role customer; an e-mail address is looked up
// among all users.
func TestTrapListsStaffIsNoCustomerButCanBeFound(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: 5})
	boss := server.AddCustomer(woocommercetest.Customer{Email: "Boss@Example.com", Role: "shop_manager"})
	if got := ids(t, engine.Customers(t.Context(), catalog.CustomerQuery{}), customerID); slices.Contains(got, id(boss.ID)) || len(got) != 5 {
		t.Errorf("%v", got)
	}
	got, err := capability[catalog.CustomerFinder](t, engine).CustomerByEmail(t.Context(), "boss@example.com")
	if err != nil || got.ID != id(boss.ID) || got.Cursor != "" {
		t.Errorf("%q, %v", got.ID, err)
	}
}

// Notes come all at once, without totals, and not in order.
func TestTrapListsNotesAreNotPaged(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	var notes []woocommercetest.Note
	for i := range 150 {
		notes = append(notes, woocommercetest.Note{ID: int64(1000 - i), Text: "n", CreatedAt: day(1, 0).Add(time.Duration(i%50) * time.Minute)})
	}
	o := server.AddOrder(woocommercetest.Order{Notes: notes})
	before, last, n := len(server.Calls()), time.Time{}, 0
	for h, err := range capability[catalog.OrderHistoryReader](t, engine).OrderHistory(t.Context(), id(o.ID)) {
		if err != nil || h.At.Before(last) {
			t.Fatalf("%v after %v, %v", h.At, last, err)
		}
		last = h.At
		n++
	}
	if calls := len(server.Calls()) - before; n < 150 || calls != 1 {
		t.Errorf("%d notes in %d calls", n, calls)
	}
}

// Counting asks for one id and reads the header.
func TestTrapListsCountsAreTheHeadersTotal(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: 33, Orders: 22, Customers: 11})
	counter := capability[catalog.Counter](t, engine)
	for resource, want := range map[catalog.Resource]int64{catalog.Products: 33, catalog.Orders: 22, catalog.Customers: 11} {
		before := len(server.Calls())
		if n, err := counter.Count(t.Context(), resource); err != nil || n.N != want {
			t.Errorf("%s: %v, %v", resource, n, err)
		}
		if calls := server.Calls()[before:]; len(calls) != 1 || !strings.Contains(calls[0].Query, "_fields=id") {
			t.Errorf("%s: %d calls", resource, len(calls))
		}
	}
	server.Inject(woocommercetest.Fault{Path: "/products", Header: map[string][]string{"X-WP-Total": {""}}})
	if _, err := counter.Count(t.Context(), catalog.Products); catalog.KindOf(err) != catalog.ErrBadAnswer {
		t.Errorf("without the header: %v", err)
	}
}

// Without the header a full page says that there may be more.
func TestTrapListsWithoutTotalsAShortPageIsTheLast(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: 33})
	server.Inject(woocommercetest.Fault{Path: "/customers", Times: -1, Header: map[string][]string{"X-WP-Total": {""}}})
	if n := len(ids(t, engine.Customers(t.Context(), catalog.CustomerQuery{ListOptions: catalog.ListOptions{PageSize: 11}}), customerID)); n != 33 {
		t.Errorf("%d customers", n)
	}
}

// Levels are light: as much of each record as they need.
func TestTrapListsLevelsAskForFewFields(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: 40, Orders: -1, Customers: -1})
	reader := capability[catalog.InventoryReader](t, engine)
	levels := ids(t, reader.InventoryLevels(t.Context(), catalog.InventoryQuery{}), itemID)
	for _, c := range server.Calls() {
		if strings.HasSuffix(c.Route, "products") && !strings.Contains(c.Query, "_fields=") {
			t.Errorf("asked for %s", c.Query)
		}
	}
	if got := ids(t, reader.InventoryLevels(t.Context(), catalog.InventoryQuery{ItemIDs: []string{levels[3], levels[60], "999999999"}}), itemID); !slices.Equal(got, []string{levels[3], levels[60]}) {
		t.Errorf("%v", got)
	}
}

// Before 10.3 there is no list of all variations: they are read product by
// product, some at once. Which it is is found out once per store.
func TestTrapListsVariationsAreReadInBulkWhereTheStoreCan(t *testing.T) {
	t.Parallel()
	for version, bulk := range map[string]bool{"10.5.2": true, "10.2.3": false, "9.0.0": false} {
		server := newServer(t, woocommercetest.Config{Version: version, Products: 100, Orders: -1, Customers: -1, Latency: time.Millisecond})
		adapter := newAdapter(t, server, woocommerce.Config{})
		for range 2 {
			variants := 0
			for p, err := range openStore(t, adapter, server).Products(t.Context(), catalog.ProductQuery{}) {
				if err != nil {
					t.Fatal(err)
				}
				own := server.Product(number(p.ID)).Variations
				if variants += len(p.Variants); len(own) > 0 && len(own) != len(p.Variants) {
					t.Errorf("%s: product %s has %d of %d variants", version, p.ID, len(p.Variants), len(own))
				}
			}
		}
		all, each, asked := 0, 0, 0
		for _, c := range server.Calls() {
			switch {
			case c.Route == "/variations":
				all++
			case strings.HasSuffix(c.Route, "/variations"):
				each++
			case strings.HasSuffix(c.Path, "/wc/v3"):
				asked++
			}
		}
		if (all > 0) != bulk || (each > 0) == bulk || asked != 1 {
			t.Errorf("%s: %d calls in bulk, %d by product, asked %d times", version, all, each, asked)
		}
		if n := server.Ledger().Concurrent; !bulk && (n < 2 || n > 16) {
			t.Errorf("%s: %d at once", version, n)
		}
	}
}

// A product with more variations than a page holds.
func TestTrapListsManyVariationsAreAllRead(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"10.5.2", "10.2.0"} {
		server, engine := quick(t, woocommercetest.Config{Version: version, Products: -1, Orders: -1, Customers: -1})
		p := server.AddProduct(woocommercetest.Product{Name: "x", Variations: make([]woocommercetest.Variation, 257)})
		got, err := engine.Product(t.Context(), id(p.ID))
		if err != nil || len(got.Variants) != 257 || len(got.More) != 257 || got.Variants[200].ID != id(p.Variations[200].ID) {
			t.Errorf("%s: %d variants, %v", version, len(got.Variants), err)
		}
	}
}
