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

// Traps of amounts, times and types.

func TestTrapValuesPricesAreReadAsTheStoreKeepsThem(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1, Currency: "KWD", Decimals: 3})
	for stored, want := range map[string]string{"12.345": "12.345", "7": "7", "00012.5": "12.5", "0": "0", "0.10": "0.10", "-5": "-5", "": ""} {
		p := server.AddProduct(woocommercetest.Product{Name: "x", RegularPrice: stored})
		got, err := engine.Product(t.Context(), id(p.ID))
		if err != nil || got.Variants[0].Price.Amount() != want || want != "" && got.Variants[0].Price.Currency() != "KWD" || len(got.Problems) > 0 {
			t.Errorf("%q: %v, %v, %v", stored, got.Variants[0].Price, got.Problems, err)
		}
	}
}

// Amounts that plugins make are numbers; the price of a line is a float.
func TestTrapValuesNumbersStandForTextAndPassThroughNoFloat(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, small(woocommercetest.Config{}))
	order := server.Orders()[1]
	for raw, want := range map[string]string{`12.50`: "12.50", `"12.50"`: "12.50", `9007199254740993.01`: "9007199254740993.01", `0.1`: "0.1"} {
		server.Inject(woocommercetest.Replaced("total", raw).On("GET", "/orders/*"))
		got, err := engine.Order(t.Context(), id(order.ID))
		if err != nil || got.Total.Store.Amount() != want {
			t.Errorf("%s: %v, %v", raw, got.Total.Store, err)
		}
	}
	server.Inject(woocommercetest.Replaced("line_items.0.price", `33.333333333333336`).On("GET", "/orders/*"))
	got, err := engine.Order(t.Context(), id(order.ID))
	if unit := got.LineItems[0].UnitPrice.Store.Amount(); err != nil || len(unit) > 14 {
		t.Errorf("unit price %s, %v", unit, err)
	}
}

func TestTrapValuesCurrencyIsTheStoresForProductsAndTheOrdersForOrders(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: 5, Orders: 20, Customers: 5, Currency: "SAR", OtherCurrency: "EUR"})
	for p, err := range engine.Products(t.Context(), catalog.ProductQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Variants {
			if c := v.Price.Currency(); c != "SAR" {
				t.Errorf("product %s in %q", p.ID, c)
			}
		}
	}
	seen := map[string]bool{}
	for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if want := server.Order(number(o.ID)).Currency; o.Currency != want || o.Total.Store.Currency() != want {
			t.Errorf("order %s in %q, want %q", o.ID, o.Total.Store.Currency(), want)
		}
		seen[o.Currency] = true
	}
	if len(seen) != 2 {
		t.Errorf("currencies %v", seen)
	}
	for _, c := range server.Calls() {
		if strings.Contains(c.Route, "system_status") {
			t.Error("the slow system status was read")
		}
	}
}

// A variable product has the lowest price of its variations and no regular
// price; a sale price counts by what shoppers pay.
func TestTrapValuesVariationsHavePricesOfTheirOwn(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := server.AddProduct(woocommercetest.Product{Name: "x", Variations: []woocommercetest.Variation{{RegularPrice: "20", SalePrice: "15"}, {RegularPrice: "10"}, {}}})
	got, err := engine.Product(t.Context(), id(p.ID))
	if err != nil {
		t.Fatal(err)
	}
	var prices []string
	for _, v := range got.Variants {
		prices = append(prices, v.Price.Amount()+"/"+v.CompareAtPrice.Amount())
	}
	if !slices.Equal(prices, []string{"15/20", "10/", "/"}) || got.Variants[2].Available {
		t.Errorf("%v", prices)
	}
}

// Times without _gmt are the store's own, far from UTC.
func TestTrapValuesOnlyGMTTimesAreRead(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 28, 23, 30, 0, 0, time.UTC)
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1, Location: time.FixedZone("Pacific/Auckland", 13*3600)})
	p := server.AddProduct(woocommercetest.Product{Name: "x", CreatedAt: at, ModifiedAt: at})
	o := server.AddOrder(woocommercetest.Order{CreatedAt: at, PaidAt: at, CompletedAt: at, Status: "completed"})
	product, err := engine.Product(t.Context(), id(p.ID))
	if err != nil || !product.CreatedAt.Equal(at) || !product.UpdatedAt.Equal(at) {
		t.Errorf("product %v %v, %v", product.CreatedAt, product.UpdatedAt, err)
	}
	order, err := engine.Order(t.Context(), id(o.ID))
	if err != nil || !order.CreatedAt.Equal(at) || !order.ProcessedAt.Equal(at) || !order.ClosedAt.Equal(at) {
		t.Errorf("order %v %v %v, %v", order.CreatedAt, order.ProcessedAt, order.ClosedAt, err)
	}
}

// The store's bounds are exclusive, in whole seconds, and in the store's own
// zone unless told otherwise.
func TestTrapValuesFiltersByTimeIncludeTheSecondItself(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 28, 23, 30, 10, 0, time.UTC)
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1, Location: time.FixedZone("America/Los_Angeles", -8*3600)})
	for i := range 5 {
		moment := at.Add(time.Duration(i) * time.Second)
		server.AddProduct(woocommercetest.Product{Name: "x", CreatedAt: moment, ModifiedAt: moment})
	}
	for name, c := range map[string]struct {
		query catalog.ProductQuery
		want  int
	}{
		"since":               {catalog.ProductQuery{UpdatedSince: at.Add(2 * time.Second)}, 3},
		"since, in a zone":    {catalog.ProductQuery{UpdatedSince: at.Add(2 * time.Second).In(time.FixedZone("", 5*3600))}, 3},
		"since, amid":         {catalog.ProductQuery{UpdatedSince: at.Add(2*time.Second + time.Millisecond)}, 3},
		"before":              {catalog.ProductQuery{UpdatedBefore: at.Add(2 * time.Second)}, 2},
		"before, amid":        {catalog.ProductQuery{UpdatedBefore: at.Add(2*time.Second + time.Millisecond)}, 3},
		"created":             {catalog.ProductQuery{CreatedSince: at.Add(time.Second), CreatedBefore: at.Add(4 * time.Second)}, 3},
		"since, by change":    {catalog.ProductQuery{UpdatedSince: at.Add(2 * time.Second), ListOptions: catalog.ListOptions{Sort: catalog.SortUpdated, PageSize: 2}}, 3},
		"between, one second": {catalog.ProductQuery{UpdatedSince: at, UpdatedBefore: at.Add(time.Second)}, 1},
	} {
		if n := len(ids(t, engine.Products(t.Context(), c.query), productID)); n != c.want {
			t.Errorf("%s: %d products, want %d", name, n, c.want)
		}
	}
	for _, c := range server.Calls() {
		if strings.Contains(c.Query, "after=") && !(strings.Contains(c.Query, "Z") && strings.Contains(c.Query, "dates_are_gmt=true")) {
			t.Errorf("asked for %s", c.Query)
		}
	}
}

// The fields that are now this, now that.
func TestTrapValuesPolymorphicFieldsAreNoProblem(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := server.AddProduct(woocommercetest.Product{Name: "x", ManageStock: true, StockQuantity: 4,
		Meta: []woocommercetest.Meta{{ID: 1, Key: "a", Value: `{"b":[1,null]}`}, {ID: 2, Key: "c", Value: `1.1`}, {ID: 3, Key: "d", Value: `false`}},
		Variations: []woocommercetest.Variation{
			{ManageStock: woocommercetest.StockParent},              // its product's
			{ManageStock: "true", StockQuantity: -2},                // its own, oversold
			{ManageStock: "false", StockStatus: "onbackorder"},      // none
			{ManageStock: "false", Image: &woocommercetest.Image{}}, // without an address
		}})
	product, err := engine.Product(t.Context(), id(p.ID))
	if err != nil || len(product.Problems) > 0 {
		t.Fatalf("%v, %v", product.Problems, err)
	}
	v := product.Variants
	if !v[0].Tracked || *v[0].Quantity != catalog.NewQuantity(4) || v[0].InventoryItemID != id(p.ID) {
		t.Errorf("parent's stock: %+v", v[0])
	}
	if !v[1].Tracked || *v[1].Quantity != catalog.NewQuantity(-2) || v[1].InventoryItemID != "" || v[2].Tracked || v[2].Quantity != nil {
		t.Errorf("own stock: %+v, %+v", v[1], v[2])
	}
	o := server.AddOrder(woocommercetest.Order{Meta: []woocommercetest.Meta{{ID: 4, Key: "x", Value: `[1]`}, {ID: 5, Key: "n", Value: `7`}},
		Items: []woocommercetest.LineItem{{ID: 1, Name: "gone", ProductID: 77, Quantity: 1, Subtotal: "1", Total: "1", Meta: []woocommercetest.LineMeta{
			{ID: 6, Key: "_gift", Value: `{"to":"x"}`, DisplayKey: "_gift", DisplayValue: `{"to":"x"}`}, {ID: 7, Key: "gift", Value: `"a"`, DisplayKey: "gift", DisplayValue: `{"to":"x"}`}}}}})
	order, err := engine.Order(t.Context(), id(o.ID))
	if err != nil || len(order.Problems) > 0 || order.LineItems[0].ProductID != "" || len(order.LineItems[0].Attributes) != 0 {
		t.Errorf("%+v, %v, %v", order.LineItems, order.Problems, err)
	}
	if !slices.Equal(order.Attributes, []catalog.Attribute{{Name: "n", Value: "7"}}) {
		t.Errorf("%v", order.Attributes)
	}
}

// Names are kept as HTML: "A & B" reads back as "A &amp; B".
func TestTrapValuesNamesAreUnescapedOnce(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := server.AddProduct(woocommercetest.Product{Name: "A &amp; B &#8217; &amp;lt;", Categories: []woocommercetest.Term{{ID: 1, Name: "Mugs &amp; Cups"}},
		Tags: []woocommercetest.Term{{ID: 2, Name: "Q&amp;A"}}, Brands: []woocommercetest.Term{{ID: 3, Name: "O&#039;B"}}, Description: "<p>a &amp; b</p>",
		Attributes: []woocommercetest.Attribute{{Name: "Size &amp; Co", Slug: "x", Variation: true, Options: []string{"S &amp; M"}}},
		Variations: []woocommercetest.Variation{{Choices: []woocommercetest.Choice{{Name: "Size &amp; Co", Slug: "x", Option: "S &amp; M"}}}}})
	got, err := engine.Product(t.Context(), id(p.ID))
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{got.Title, got.Categories[0].Name, got.Tags[0], got.Vendor, got.Options[0].Name, got.Options[0].Values[0],
		got.Variants[0].Options[0].Name, got.Variants[0].Options[0].Value, got.Variants[0].Title, got.Description}
	want := []string{"A & B ’ &lt;", "Mugs & Cups", "Q&A", "O'B", "Size & Co", "S & M", "Size & Co", "S & M", "S & M", "<p>a &amp; b</p>"}
	if !slices.Equal(texts, want) {
		t.Errorf("%q", texts)
	}
	shop, err := engine.Shop(t.Context())
	if err != nil || shop.Name != "متجر التجربة & Co" {
		t.Errorf("%q, %v", shop.Name, err)
	}
}

// A variation is not a product of its own.
func TestTrapValuesTheIDOfAVariationIsNotAProduct(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := server.AddProduct(woocommercetest.Product{Name: "x", Variations: []woocommercetest.Variation{{}}})
	_, err := engine.Product(t.Context(), id(p.Variations[0].ID))
	if e := failure(t, err); e.Kind != catalog.ErrNotFound || !strings.Contains(e.Hint, id(p.ID)) {
		t.Errorf("%v", err)
	}
}

// The types of plugins stay as they are.
func TestTrapValuesUnknownTypesAreKept(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	for _, kind := range []string{"subscription", "bundle", "grouped", "external"} {
		p := server.AddProduct(woocommercetest.Product{Name: "x", Type: kind, RegularPrice: "5"})
		got, err := engine.Product(t.Context(), id(p.ID))
		if err != nil || got.Type != kind || len(got.Variants) != 1 || got.Variants[0].ID != got.ID || len(got.Problems) > 0 {
			t.Errorf("%s: %+v, %v", kind, got.Variants, err)
		}
	}
}

func TestTrapValuesACustomStatusIsKeptAndNamed(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	o := server.AddOrder(woocommercetest.Order{Status: "awaiting-shipment"})
	got, err := engine.Order(t.Context(), id(o.ID))
	if err != nil || got.Status != catalog.OrderStatusUnknown || got.NativeStatus != "awaiting-shipment" || len(got.Problems) != 1 {
		t.Errorf("%q %q %v, %v", got.Status, got.NativeStatus, got.Problems, err)
	}
}

// The number may be a plugin's; the id is what orders go by.
func TestTrapValuesTheNumberIsNotTheID(t *testing.T) {
	t.Parallel()
	_, engine := quick(t, woocommercetest.Config{Products: 5, Orders: 5, Customers: -1, NumberPrefix: "INV-"})
	for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil || !strings.HasPrefix(o.Number, "INV-") || strings.HasPrefix(o.ID, "INV") {
			t.Errorf("%q %q, %v", o.ID, o.Number, err)
		}
	}
}

// Refund lines are negative and name the order's line in a field of their own.
func TestTrapValuesRefundsArePositive(t *testing.T) {
	t.Parallel()
	_, engine := quick(t, woocommercetest.Config{Products: 20, Orders: 60, Customers: 5})
	lines := 0
	for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range o.Refunds {
			if r.Total.Store.Sign() <= 0 || r.CreatedAt.IsZero() {
				t.Errorf("order %s: %+v", o.ID, r)
			}
			for _, l := range r.Lines {
				lines++
				if l.Quantity.Decimal().Sign() <= 0 || l.Subtotal.Store.Sign() <= 0 || !slices.ContainsFunc(o.LineItems, func(i catalog.LineItem) bool { return i.ID == l.LineItemID }) {
					t.Errorf("order %s: %+v", o.ID, l)
				}
			}
		}
	}
	if lines == 0 {
		t.Error("no refund has lines")
	}
}

// Prices and weights of products need two settings, which are not asked for
// with every product.
func TestTrapValuesSettingsAreReadOncePerStore(t *testing.T) {
	t.Parallel()
	server := newServer(t, small(woocommercetest.Config{}))
	adapter := newAdapter(t, server, woocommerce.Config{})
	for range 3 {
		engine := openStore(t, adapter, server)
		for _, p := range server.Products() {
			if _, err := engine.Product(t.Context(), id(p.ID)); err != nil {
				t.Fatal(err)
			}
		}
	}
	settings, routes := 0, 0
	for _, c := range server.Calls() {
		if strings.HasPrefix(c.Route, "/settings/") {
			settings++
		}
		if strings.HasSuffix(c.Path, "/wc/v3") {
			routes++
		}
	}
	if settings != 3 || routes > 1 {
		t.Errorf("%d settings and %d indexes of routes read", settings, routes)
	}
}
