package magento_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

func levelsOf(t *testing.T, e catalog.Engine, q catalog.InventoryQuery) []catalog.InventoryLevel {
	t.Helper()
	all, err := catalog.Collect(as[catalog.InventoryReader](t, e).InventoryLevels(t.Context(), q))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func text(q *catalog.Quantity) string {
	if q == nil {
		return "unknown"
	}
	return q.String()
}

// What can be sold is stock less reservations, over the sources of a website;
// what lies at a source is another thing.
func TestTrapSalableIsNotPhysical(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1, Sources: 3})
	p := server.AddProduct(magentotest.Product{SKU: "MUG"})
	for source, n := range map[string]string{"default": "5", "riyadh": "2.5", "old": "7"} { // the last is disabled
		server.SetStock("MUG", source, n)
	}
	server.Reserve("MUG", "-1.5")
	got := levelsOf(t, engine, catalog.InventoryQuery{})
	if len(got) != 1 || text(got[0].Available) != "6" || text(got[0].OnHand) != "14.5" || got[0].LocationID != "" || got[0].ProductID != id(p.ID) || len(got[0].More) != 3 {
		t.Errorf("together: %+v", got)
	}
	got = levelsOf(t, engine, catalog.InventoryQuery{LocationID: "riyadh"})
	if len(got) != 1 || text(got[0].OnHand) != "2.5" || got[0].Available != nil || got[0].LocationID != "riyadh" {
		t.Errorf("at riyadh: %+v", got)
	}
	product, err := engine.Product(t.Context(), id(p.ID))
	if err != nil || text(product.Variants[0].Quantity) != "6" || !product.Variants[0].Available {
		t.Errorf("the product: %s, %v", text(product.Variants[0].Quantity), err)
	}
	server.Reserve("MUG", "-6")
	if product, err = engine.Product(t.Context(), id(p.ID)); err != nil || product.Variants[0].Available || text(product.Variants[0].Quantity) != "0" {
		t.Errorf("sold out: %s, %v, %v", text(product.Variants[0].Quantity), product.Variants[0].Available, err)
	}
}

// The list of what can be sold counts what is on its page and leaves out what
// no source has: its total ends nothing.
func TestTrapTheTotalOfSalableQuantitiesIsAPagesOwn(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 400, Orders: -1, Customers: -1})
	want := map[string]string{}
	for _, item := range server.SourceItems() {
		want[item.SKU] = ""
	}
	server.Inject(magentotest.Replaced("total_count", "0").On("GET", "/V1/inventory/export-stock-salable-qty/*/*").Repeat(-1))
	seen := map[string]bool{}
	for _, size := range []int{0, 13} {
		clear(seen)
		for _, l := range levelsOf(t, engine, catalog.InventoryQuery{ListOptions: catalog.ListOptions{PageSize: size}}) {
			if seen[l.SKU] || l.Available == nil {
				t.Errorf("%q: twice %v, available %s", l.SKU, seen[l.SKU], text(l.Available))
			}
			seen[l.SKU] = true
		}
		if len(seen) != len(want) {
			t.Errorf("by pages of %d: the stock of %d SKUs, want %d", size, len(seen), len(want))
		}
	}
	for _, call := range server.Calls() {
		if strings.Contains(call.Path, "export-stock") && !strings.Contains(call.Query, "entity_id") {
			t.Errorf("not by explicit ids: %s", call.Query)
		}
	}
}

// A SKU may lie at more sources than fit into a page.
func TestTrapASKUAtMoreSourcesThanAPageHolds(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1, Sources: 40, PageLimit: 7})
	for _, sku := range []string{"A", "B", "C"} {
		server.AddProduct(magentotest.Product{SKU: sku})
		for _, source := range server.Sources() {
			server.SetStock(sku, source.Code, "2")
		}
	}
	for _, l := range levelsOf(t, engine, catalog.InventoryQuery{}) {
		if want := 2 * len(server.Sources()); text(l.OnHand) != id(int64(want)) || len(l.More) != len(server.Sources()) {
			t.Errorf("%s: %s at %d sources, want %d", l.SKU, text(l.OnHand), len(l.More), want)
		}
	}
}

// A shop can be without the inventory modules. It is found out by what is not
// there, once, and the stock is read as it was before them.
func TestTrapShopsWithoutSources(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{NoMSI: true, Products: 60, Orders: -1, Customers: -1})
	adapter := newAdapter(t, server, magento.Config{ListSalable: true})
	engine := openStore(t, adapter, server)
	locations, err := catalog.Collect(as[catalog.LocationReader](t, engine).Locations(t.Context(), catalog.ListOptions{}))
	if err != nil || len(locations) != 1 || !locations[0].Fallback || locations[0].ID != "default" {
		t.Fatalf("locations %+v, %v", locations, err)
	}
	want := map[string]string{}
	for _, item := range server.SourceItems() {
		if item.Source == "default" {
			want[item.SKU] = item.Quantity
		}
	}
	for _, location := range []string{"", "default"} {
		n := 0
		for _, l := range levelsOf(t, openStore(t, adapter, server), catalog.InventoryQuery{LocationID: location}) {
			if l.LocationID != location || l.ItemID == "" || len(l.Problems) > 0 {
				t.Errorf("%+v", l)
			}
			if q, ok := want[l.SKU]; ok {
				n++
				if wanted, err := catalog.ParseQuantity(q); err != nil || l.OnHand == nil || *l.OnHand != wanted {
					t.Errorf("%q: %s, want %s", l.SKU, text(l.OnHand), q)
				}
			}
		}
		if n != len(want) {
			t.Errorf("at %q: %d of %d SKUs", location, n, len(want))
		}
	}
	if got := levelsOf(t, engine, catalog.InventoryQuery{LocationID: "riyadh"}); len(got) > 0 {
		t.Errorf("a source that is not there has %d levels", len(got))
	}
	missing := 0
	for _, call := range server.Calls() {
		if call.Status == 404 {
			missing++
		}
	}
	if missing != 1 {
		t.Errorf("%d calls for what is not there, want 1", missing)
	}
	for p, err := range engine.Products(t.Context(), catalog.ProductQuery{}) {
		if err != nil || p.Variants != nil && len(p.Variants) > 0 && p.Variants[0].Quantity != nil {
			t.Errorf("product %s: %v, %v", p.ID, p.Variants, err)
		}
	}
}

// Only the stock of such shops is asked for by a SKU in the path. Apache does
// not take a slash there as it comes, and versions sign it differently.
func TestTrapSKUsInPaths(t *testing.T) {
	t.Parallel()
	skus := []string{"A+B", "A B", "AB/12", "50% & more", "قطعة", "a,b", "per%2Fcent"}
	for _, version := range []string{magentotest.V246, magentotest.V248} {
		for _, strict := range []bool{false, true} {
			server, engine := quick(t, magentotest.Config{Version: version, NoMSI: true, NoEncodedSlashes: strict, Products: -1})
			for _, sku := range skus {
				server.AddProduct(magentotest.Product{SKU: sku})
				server.SetStock(sku, "default", "4")
			}
			for _, l := range levelsOf(t, engine, catalog.InventoryQuery{}) {
				if strict && strings.Contains(l.SKU, "/") {
					if len(l.Problems) != 1 || l.OnHand != nil {
						t.Errorf("%s: the stock of %q is %s, %v; want a problem", version, l.SKU, text(l.OnHand), l.Problems)
					}
				} else if text(l.OnHand) != "4" || len(l.Problems) > 0 {
					t.Errorf("%s: the stock of %q is %s, %v", version, l.SKU, text(l.OnHand), l.Problems)
				}
			}
			for _, call := range server.Calls() {
				if strings.ContainsAny(call.Path, "+ &,") {
					t.Errorf("%s: not escaped as RFC 3986 has it: %s", version, call.Path)
				}
			}
		}
	}
}

// A website may sell from no stock, and a view may be hidden: said, not
// guessed.
func TestTrapAWebsiteWithoutStock(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 20})
	server.Inject(magentotest.Fault{Path: "/V1/inventory/export-stock-salable-qty/*/*", Status: 404,
		Body: `{"message":"No linked stock found for sales channel type: %1 code: %2","parameters":["website","base"]}`}.Repeat(-1))
	_, err := catalog.Collect(as[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{}))
	if !errors.Is(err, catalog.ErrNotFound) || !strings.Contains(err.Error(), "store_view") {
		t.Errorf("got %v", err)
	}
	if p, err := engine.Product(t.Context(), id(server.Products()[16].ID)); err != nil || p.Variants[0].Quantity != nil {
		t.Errorf("a product: %v, %v", p.Variants[0].Quantity, err)
	}
	if n := len(levelsOf(t, engine, catalog.InventoryQuery{LocationID: "default"})); n == 0 {
		t.Error("no physical stock")
	}
}

func TestSourcesAreLocations(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1, Sources: 9})
	var got []string
	for l, err := range as[catalog.LocationReader](t, engine).Locations(t.Context(), catalog.ListOptions{PageSize: 2}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, l.ID)
		if l.ID == "old" && (l.Active || l.Ships) {
			t.Errorf("a disabled source is active: %+v", l)
		}
	}
	want := mapped(server.Sources(), func(s magentotest.Source) string { return s.Code })
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	_, err := catalog.Collect(as[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{LocationID: "a/b"}))
	if !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no code of a source: %v", err)
	}
	_, err = catalog.Collect(as[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{ItemIDs: []string{"%zz"}}))
	if !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no id of an item: %v", err)
	}
}
