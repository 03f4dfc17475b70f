package magento_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// Up to 2.3 a page past the end is the last page again. Nothing here asks for
// one.
func TestTrapShopsThatRepeatTheLastPage(t *testing.T) {
	t.Parallel()
	for _, n := range []int{59, 60, 61} {
		server, engine := quick(t, magentotest.Config{Products: n, Orders: n, Customers: n, RepeatLastPage: true})
		options := catalog.ListOptions{PageSize: 20}
		for name, got := range map[string][]string{
			"products":  ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: options}), productID),
			"orders":    ids(t, engine.Orders(t.Context(), catalog.OrderQuery{ListOptions: options}), orderID),
			"customers": ids(t, engine.Customers(t.Context(), catalog.CustomerQuery{ListOptions: options}), customerID),
			"locations": ids(t, as[catalog.LocationReader](t, engine).Locations(t.Context(), catalog.ListOptions{PageSize: 1}), func(l catalog.Location) string { return l.ID }),
		} {
			want := n
			if name == "locations" {
				want = len(server.Sources())
			}
			slices.Sort(got)
			if len(got) != want || len(slices.Compact(got)) != want {
				t.Errorf("%d %s: got %d", n, name, len(got))
			}
		}
	}
}

// A page past the end of the list is empty on later versions, with the true
// total; a total may also be too large. An empty page ends a list.
func TestTrapATotalThatIsTooLarge(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 25, Orders: -1, Customers: -1})
	server.Inject(magentotest.Replaced("total_count", "16349").On("GET", "/V1/products").Repeat(-1))
	if got := ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 10}}), productID); len(got) != 25 {
		t.Errorf("%d products", len(got))
	}
}

// The database is free to return rows without an order in any, also from page
// to page: every list names its order, and reads the first page of what is
// left.
func TestTrapEveryListIsSortedAndReadsItsFirstPage(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 90, Orders: 40, Customers: 30})
	readAll(t, engine)
	for _, call := range server.Calls() {
		if !strings.Contains(call.Query, "searchCriteria") {
			continue
		}
		for _, want := range []string{"%5BcurrentPage%5D=1", "%5Bdirection%5D=ASC", "%5BpageSize%5D="} {
			if !strings.Contains(call.Query, want) {
				t.Errorf("%s?%s lacks %s", call.Path, call.Query, want)
			}
		}
	}
}

// An administrator can limit pages: what is asked for shrinks to the limit,
// once for the store.
func TestTrapAShopThatLimitsPages(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Products: 260, Orders: 50, Customers: 50, PageLimit: 15})
	adapter := newAdapter(t, server, magento.Config{ListSalable: true})
	engine := openStore(t, adapter, server)
	if n := len(ids(t, engine.Products(t.Context(), catalog.ProductQuery{}), productID)); n != 260 {
		t.Errorf("%d products", n)
	}
	readAll(t, openStore(t, adapter, server))
	level := func(l catalog.InventoryLevel) string { return l.ItemID }
	levels := ids(t, as[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{}), level)
	skus := mapped(server.SourceItems(), func(i magentotest.SourceItem) string { return i.SKU })
	if slices.Sort(skus); len(levels) != len(slices.Compact(skus)) {
		t.Errorf("%d levels of %d SKUs", len(levels), len(slices.Compact(skus)))
	}
	refused := 0
	for _, call := range server.Calls() {
		if call.Status == 400 {
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("%d calls asked for too much, want 1", refused)
	}
}

// Limits differ by list: one that is met amid a read of named records begins
// it anew.
func TestTrapTheLargestConfigurableOfAShopThatLimitsPages(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 250, PageLimit: 7})
	for _, p := range server.Products() {
		if len(p.Children) < 100 {
			continue
		}
		got, err := engine.Product(t.Context(), id(p.ID))
		if err != nil || len(got.Variants) != len(p.Children) || len(got.Problems) > 0 {
			t.Errorf("%d of %d variants, %v, %v", len(got.Variants), len(p.Children), got.Problems, err)
		}
		return
	}
	t.Fatal("the shop has no large product")
}

// Times are in UTC and say so nowhere.
func TestTrapTimesWithoutAZoneAreUTC(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1, Orders: -1, Customers: -1})
	at := time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC) // does not exist on clocks in Europe
	o := server.AddOrder(magentotest.Order{CreatedAt: at})
	order, err := engine.Order(t.Context(), id(o.ID))
	if err != nil || !order.CreatedAt.Equal(at) || order.CreatedAt.Location() != time.UTC {
		t.Errorf("%v, %v", order.CreatedAt, err)
	}
	riyadh := time.FixedZone("", 3*60*60)
	for since, want := range map[time.Time]int{at.In(riyadh): 1, at.Add(time.Second).In(riyadh): 0} {
		if got := ids(t, engine.Orders(t.Context(), catalog.OrderQuery{CreatedSince: since}), orderID); len(got) != want {
			t.Errorf("since %v: %d orders, want %d", since, len(got), want)
		}
	}
}

// A product's change time does not move when attributes are changed in bulk,
// nor when stock is sold: only a full read sees it.
func TestTrapTheBlindSpotsOfAProductsChangeTime(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 30, Orders: -1, Customers: -1, Epoch: time.Now().Add(-48 * time.Hour)})
	reader := catalog.ProductChanges(engine, "")
	drain(t, reader, productID)
	quiet, loud := server.Products()[20], server.Products()[21]
	if err := server.UpdateProductQuietly(quiet.ID, func(p *magentotest.Product) { p.Name = "mass update" }); err != nil {
		t.Fatal(err)
	}
	server.SetStock(server.Products()[22].SKU, "default", "1")
	if err := server.UpdateProduct(loud.ID, func(p *magentotest.Product) { p.Name = "edited" }); err != nil {
		t.Fatal(err)
	}
	if got := drain(t, catalog.ProductChanges(engine, reader.Checkpoint()), productID); !slices.Equal(got, []string{id(loud.ID)}) {
		t.Errorf("changed: %v, want %d alone", got, loud.ID)
	}
	full := drain(t, catalog.ProductChanges(engine, ""), func(p catalog.Product) string { return p.Title })
	if !slices.Contains(full, "mass update") {
		t.Error("a full read does not see it either")
	}
	for _, err := range catalog.InventoryChanges(engine, "").All(t.Context()) {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("stock: %v", err)
		}
	}
}

// A projection of an empty list is null, and the total is there only when it
// is named.
func TestTrapAProjectionOfNothing(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1, Orders: -1, Customers: -1})
	n, err := as[catalog.Counter](t, engine).Count(t.Context(), catalog.Products)
	if err != nil || n.N != 0 {
		t.Errorf("%+v, %v", n, err)
	}
	levels := ids(t, as[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{}), func(l catalog.InventoryLevel) string { return l.ItemID })
	if len(levels) > 0 {
		t.Errorf("levels %v", levels)
	}
	server.Inject(magentotest.Replaced("items", "null").On("GET", "/V1/orders").Repeat(-1))
	if got := ids(t, engine.Orders(t.Context(), catalog.OrderQuery{}), orderID); len(got) > 0 {
		t.Errorf("orders %v", got)
	}
	// What a shop cannot read of a projection it answers with an empty list.
	server.Inject(magentotest.Fault{Path: "/V1/products", Status: 200, Body: "[]"}.Repeat(-1))
	if _, err := as[catalog.Counter](t, engine).Count(t.Context(), catalog.Products); !errors.Is(err, catalog.ErrBadAnswer) {
		t.Errorf("counted %v", err)
	}
}

// A shop whose module passes over the filter would send the first page for
// ever.
func TestTrapAListThatDoesNotGoOnIsAnError(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 60, Orders: -1, Customers: -1})
	page := `{"items":[{"id":1,"sku":"A","status":1,"type_id":"simple"},{"id":2,"sku":"B","status":1,"type_id":"simple"}],"total_count":60}`
	server.Inject(magentotest.Fault{Path: "/V1/products", Status: 200, Body: page}.Repeat(-1))
	got, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 2}}))
	if !errors.Is(err, catalog.ErrBadAnswer) || len(got) != 2 {
		t.Errorf("%d products, %v", len(got), err)
	}
}

// Records without an id have no place behind which a list goes on: it goes
// past them by page, and asks about each once.
func TestTrapPagesOfRecordsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2, 3, 4, 7} {
		server := newServer(t, magentotest.Config{Products: -1, Orders: -1, Customers: 12})
		asked := 0
		query := catalog.CustomerQuery{ListOptions: catalog.ListOptions{PageSize: size, OnBadItem: func(*catalog.ItemError) error { asked++; return nil }}}
		transport := wrecker{base: server.Transport(), wrecked: map[string]bool{}}
		for i, c := range server.Customers() {
			transport.wrecked[c.Email] = i >= 3 && i < 8 || i == 11
		}
		engine := openStore(t, newAdapter(t, server, magento.Config{Transport: transport}), server)
		got := ids(t, engine.Customers(t.Context(), query), customerID)
		if len(got) != 6 || asked != 6 {
			t.Errorf("by pages of %d: %d customers, asked about %d", size, len(got), asked)
		}
	}
}
