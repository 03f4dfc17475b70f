package magento_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// SKUs hold anything. None is put into a path to find a product, and commas,
// which a list of values is split at, are no harm.
func TestTrapOddSKUsAreFoundOnEveryVersion(t *testing.T) {
	t.Parallel()
	skus := []string{"AB/12", "A+B", "A B", "a,b", "50% off & more #1?", "قطعة-1", "quote'\"s", "tilde~_.-", "per%2Fcent", "back\\slash", "semi;colon=x"}
	for _, version := range []string{magentotest.V247, magentotest.V248} {
		server, engine := quick(t, magentotest.Config{Version: version, Products: -1, NoEncodedSlashes: true})
		wanted := map[string]string{}
		for _, sku := range skus {
			p := server.AddProduct(magentotest.Product{SKU: sku})
			server.SetStock(sku, "default", "3")
			wanted[sku] = id(p.ID)
		}
		for _, sku := range skus {
			if got := ids(t, as[catalog.ProductFinder](t, engine).ProductsBySKU(t.Context(), sku), productID); !slices.Equal(got, []string{wanted[sku]}) {
				t.Errorf("%s: %q is %v, want %s", version, sku, got, wanted[sku])
			}
			for _, location := range []string{"", "default"} {
				for _, q := range []catalog.InventoryQuery{{SKU: sku, LocationID: location}, {ItemIDs: []string{strings.ReplaceAll(url.QueryEscape(sku), "+", "%20")}, LocationID: location}} {
					got := ids(t, as[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), q), func(l catalog.InventoryLevel) string { return l.SKU })
					if !slices.Equal(got, []string{sku}) {
						t.Errorf("%s: the stock of %q in %q is that of %q", version, sku, location, got)
					}
				}
			}
		}
		var items []string
		for level, err := range as[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{}) {
			if err != nil {
				t.Fatal(err)
			}
			items = append(items, level.ItemID)
		}
		got := ids(t, as[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{ItemIDs: items}), func(l catalog.InventoryLevel) string { return l.SKU })
		if slices.Sort(got); len(got) != len(skus) {
			t.Errorf("%s: all of them: %q", version, got)
		}
	}
}

// The database finds a SKU whatever its case; a finder finds it exactly.
func TestTrapSKUsAreComparedExactly(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1})
	server.AddProduct(magentotest.Product{SKU: "Mug-Blue"})
	for sku, want := range map[string]int{"Mug-Blue": 1, "mug-blue": 0, "MUG-BLUE ": 0} {
		if got := ids(t, as[catalog.ProductFinder](t, engine).ProductsBySKU(t.Context(), sku), productID); len(got) != want {
			t.Errorf("%q: %d products, want %d", sku, len(got), want)
		}
	}
}

// Variants are products of their own. Those of a page are read together, not
// product by product; a configurable product's own price means nothing.
func TestTrapVariantsAreReadByThePage(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 250, Orders: -1, Customers: -1})
	bySKU := map[string]*magentotest.Product{}
	byID := map[int64]*magentotest.Product{}
	for _, p := range server.Products() {
		bySKU[p.SKU], byID[p.ID] = p, p
	}
	variants := 0
	for p, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 60}}) {
		if err != nil {
			t.Fatal(err)
		}
		if p.Type != "configurable" {
			if len(p.Variants) != 1 || p.Variants[0].ID != p.ID {
				t.Errorf("product %s has %d variants", p.ID, len(p.Variants))
			}
			continue
		}
		for i, v := range p.Variants {
			variants++
			child := bySKU[v.SKU]
			if v.Price.IsZero() || v.Position != i+1 || len(v.Options) != len(p.Options) || v.ID != id(child.ID) || v.Available != (child.Status == 1 && p.Status == catalog.ProductActive) {
				t.Errorf("variant %s of %s: price %v, options %v, available %v", v.SKU, p.ID, v.Price, v.Options, v.Available)
			}
		}
		for _, part := range p.More {
			if part.Kind != "magento.product" || len(part.Raw) == 0 {
				t.Errorf("product %s has a part %s", p.ID, part.Kind)
			}
		}
	}
	want := 0
	for _, p := range byID {
		want += len(p.Children)
	}
	calls := map[string]int{}
	for _, call := range server.Calls() {
		calls[call.Path]++
		if strings.Contains(call.Path, "configurable-products") {
			t.Errorf("a call for one product's variants: %s", call.Path)
		}
	}
	// Five pages; the large product's variants that are not on its page.
	if n := calls["/rest/all/V1/products"]; variants != want || n > 10 {
		t.Errorf("%d variants of %d, %d calls for products", variants, want, n)
	}
}

// A variant may have been deleted, and its parent not yet told.
func TestTrapAVariantThatIsGoneIsAProblem(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 10})
	parent := server.Products()[0]
	server.Inject(magentotest.Replaced("items.0.extension_attributes.configurable_product_links", "[4,999999]").On("GET", "/V1/products"))
	p, err := engine.Product(t.Context(), id(parent.ID))
	if err != nil || len(p.Variants) != 1 || len(p.Problems) != 1 || p.Problems[0].Value != "999999" {
		t.Errorf("%d variants, %v, %v", len(p.Variants), p.Problems, err)
	}
}

// Without the resource for attributes the values of options have no names.
func TestTrapResourcesThatAreMissingAreProblems(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Products: 10, Orders: 20, Resources: []string{"Magento_Catalog::products", "Magento_Sales::actions_view"}})
	engine := openStore(t, newAdapter(t, server, magento.Config{ListSalable: true}), server)
	p, err := engine.Product(t.Context(), "1")
	if err != nil || len(p.Variants) == 0 || p.Options[0].Values[0] != "49" {
		t.Fatalf("%+v, %v", p.Options, err)
	}
	var said []string
	for _, problem := range p.Problems {
		said = append(said, problem.Reason)
	}
	for _, resource := range []string{"Magento_Catalog::attributes_attributes", "Magento_Backend::store"} {
		if !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, resource) }) {
			t.Errorf("no problem names %s: %q", resource, said)
		}
	}
	shipments, refunds := 0, 0
	for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range o.Problems {
			if strings.Contains(problem.Reason, "Magento_Sales::shipment") {
				shipments++
			}
			if strings.Contains(problem.Reason, "Magento_Sales::sales_creditmemo") {
				refunds++
			}
		}
	}
	if shipments == 0 || refunds == 0 {
		t.Errorf("%d orders say that shipments are hidden, %d that refunds are", shipments, refunds)
	}
	if _, err := engine.Shop(t.Context()); !errors.Is(err, catalog.ErrForbidden) {
		t.Errorf("the shop: %v", err)
	}
}

// Amounts are JSON numbers that PHP made from floats: they are read from their
// digits, and with an exponent too.
func TestTrapAmountsAreReadFromTheirDigits(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 30, Orders: 5})
	for raw, want := range map[string]string{
		"0.1": "0.1", "19.989999999999998": "19.989999999999998", "1099999999999999.99": "1099999999999999.99", "1.0e-5": "0.000010", "1.5E+3": "1500",
		`"29.990000"`: "29.990000", "0": "0", "12.3450": "12.3450",
	} {
		server.Inject(magentotest.Replaced("items.0.price", raw).On("GET", "/V1/products"))
		p, err := engine.Product(t.Context(), id(server.Products()[16].ID))
		if err != nil || len(p.Problems) > 0 || p.Variants[0].Price.Amount() != want && p.Variants[0].CompareAtPrice.Amount() != want {
			t.Errorf("%s is read as %v, want %s; %v, %v", raw, p.Variants[0].Price, want, p.Problems, err)
		}
	}
	// A price that is absent is none, and not 0.
	for _, p := range server.Products() {
		got, err := engine.Product(t.Context(), id(p.ID))
		if err != nil {
			t.Fatal(err)
		}
		if p.Type != magentotest.TypeConfigurable && (p.Price == "") != got.Variants[0].Price.IsZero() {
			t.Errorf("the price of %s is %v, the shop's is %q", p.SKU, got.Variants[0].Price, p.Price)
		}
	}
}

// Special prices hold from a day to a day of the shop's zone.
func TestTrapSpecialPricesHoldOnTheirDaysAlone(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1})
	for name, c := range map[string]struct{ from, to, price, want string }{
		"always":        {"", "", "80.000000", "80.000000"},
		"now":           {"2020-01-01 00:00:00", "2199-12-31 00:00:00", "80.000000", "80.000000"},
		"over":          {"2020-01-01 00:00:00", "2020-12-31 00:00:00", "80.000000", "100"},
		"not yet":       {"2199-01-01 00:00:00", "", "80.000000", "100"},
		"not a special": {"", "", "120.000000", "100"},
	} {
		attributes := []magentotest.Attribute{{Code: "special_price", Value: c.price}}
		if c.from != "" {
			attributes = append(attributes, magentotest.Attribute{Code: "special_from_date", Value: c.from})
		}
		if c.to != "" {
			attributes = append(attributes, magentotest.Attribute{Code: "special_to_date", Value: c.to})
		}
		added := server.AddProduct(magentotest.Product{Price: "100", Attributes: attributes})
		p, err := engine.Product(t.Context(), id(added.ID))
		if err != nil {
			t.Fatal(err)
		}
		v := p.Variants[0]
		if v.Price.Amount() != c.want || v.CompareAtPrice.IsZero() != (c.want == "100") {
			t.Errorf("%s: price %v, before %v", name, v.Price, v.CompareAtPrice)
		}
	}
}

// A view has values of its own, which filters do not see: Magento compares
// those all views start from.
func TestTrapStatusesOfAViewAreFilteredHere(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Products: -1})
	hidden := server.AddProduct(magentotest.Product{Scoped: map[string]map[string]string{"ar": {"status": "2"}}})
	shown := server.AddProduct(magentotest.Product{Status: 2, Scoped: map[string]map[string]string{"ar": {"status": "1"}}})
	adapter := newAdapter(t, server, magento.Config{})
	active := catalog.ProductQuery{Status: []catalog.ProductStatus{catalog.ProductActive}}
	for view, want := range map[string]int64{"all": hidden.ID, "ar": shown.ID} {
		if got := ids(t, openStore(t, adapter, server, "store_view", view).Products(t.Context(), active), productID); !slices.Equal(got, []string{id(want)}) {
			t.Errorf("active in %s: %v, want %d", view, got, want)
		}
	}
}

// Every choice of statuses selects what it says, in one request where groups
// can say it.
func TestStatusFilters(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1})
	of := map[catalog.ProductStatus][]string{}
	for status := 1; status <= 2; status++ {
		for visibility := 1; visibility <= 4; visibility++ {
			p := server.AddProduct(magentotest.Product{Status: status, Visibility: visibility})
			s := catalog.ProductDraft
			if status == 1 && visibility == 1 {
				s = catalog.ProductHidden
			} else if status == 1 {
				s = catalog.ProductActive
			}
			of[s] = append(of[s], id(p.ID))
		}
	}
	all := []catalog.ProductStatus{catalog.ProductActive, catalog.ProductHidden, catalog.ProductDraft}
	for mask := range 8 {
		var statuses []catalog.ProductStatus
		var want []string
		for i, s := range all {
			if mask>>i&1 == 1 {
				statuses, want = append(statuses, s), append(want, of[s]...)
			}
		}
		if mask == 0 {
			want = slices.Concat(of[all[0]], of[all[1]], of[all[2]])
		}
		server.ResetCalls()
		got := ids(t, engine.Products(t.Context(), catalog.ProductQuery{Status: statuses}), productID)
		slices.Sort(got)
		if slices.Sort(want); !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", statuses, got, want)
		}
		rows := server.Ledger().Rows
		if lists := len(want); rows > lists+20 {
			t.Errorf("%v: %d rows were read for %d products", statuses, rows, lists)
		}
	}
	for _, status := range []catalog.ProductStatus{catalog.ProductSoldOut, catalog.ProductArchived} {
		_, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{Status: []catalog.ProductStatus{status}}))
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v", status, err)
		}
	}
}
