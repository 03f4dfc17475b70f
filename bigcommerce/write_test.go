package bigcommerce_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// writer opens an engine on a store of a few records, that looks at background
// work without waiting.
func writer(t *testing.T, config bigcommercetest.Config) (*bigcommercetest.Server, *bigcommerce.Engine) {
	t.Helper()
	if config.Products == 0 {
		config.Products, config.Orders, config.Customers = 5, 3, 3
	}
	config.Unthrottled, config.Quota = true, 1_000_000
	server := newServer(t, config)
	return server, writerOf(t, server.Store, newAdapter(t, server, bigcommerce.Config{PollInterval: time.Millisecond, AttemptTimeout: 10 * time.Minute}))
}

func writerOf(t *testing.T, store *bigcommercetest.Store, adapter *bigcommerce.Adapter) *bigcommerce.Engine {
	t.Helper()
	engine, ok := catalog.As[*bigcommerce.Engine](openStore(t, adapter, store))
	if !ok {
		t.Fatal("the engine is no *bigcommerce.Engine")
	}
	return engine
}

var noOptions catalog.WriteOptions

// sent are the requests that change something, with their bodies.
func sent(server *bigcommercetest.Server) (all []bigcommercetest.Call) {
	for _, c := range server.Calls() {
		if c.Method != http.MethodGet && !strings.HasSuffix(c.Path, "/refund_quotes") {
			all = append(all, c)
		}
	}
	return all
}

func sar(text string) catalog.Money { return amount(text, "SAR") }

func TestCreateProductAsAskedFor(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	choice := func(roast, size string) []catalog.OptionValue {
		return []catalog.OptionValue{{Name: "Roast", Value: roast}, {Name: "Size", Value: size}}
	}
	made, err := e.CreateProduct(t.Context(), catalog.ProductInput{
		Title: "قهوة", Description: "<p>سمراء</p>", Vendor: "O'Brien", Status: catalog.ProductHidden, Options: []catalog.Option{{Name: "Size"}, {Name: "Roast", Values: []string{"dark"}}},
		Variants: []catalog.VariantInput{
			{SKU: "S-D", Barcode: "6280000000001", Options: choice("dark", "S"), Price: sar("12.5"), CompareAtPrice: sar("20"), Cost: sar("5.1"), Tracked: true, Weight: catalog.Weight{Value: "0.250", Unit: "kg"}},
			{SKU: "L-D", Options: choice("dark", "L"), Tracked: true},
		},
		Images: []catalog.ImageInput{{URL: "https://cdn.example/1.jpg", Alt: "صورة"}},
	}, noOptions)
	if err != nil {
		t.Fatal(err)
	}
	read, err := e.Product(t.Context(), made.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]catalog.Product{"returned": made, "read": read} {
		if p.Title != "قهوة" || p.Vendor != "O'Brien" || p.Status != catalog.ProductHidden || p.Type != "physical" || len(p.Variants) != 2 || len(p.Options) != 2 || len(p.Images) != 1 || len(p.Problems) > 0 {
			t.Fatalf("%s: %+v", name, p)
		}
		v, w := p.Variants[0], p.Variants[1]
		if v.SKU != "S-D" || v.Barcode != "6280000000001" || !v.Price.Equal(sar("12.5")) || !v.CompareAtPrice.Equal(sar("20")) || !v.Cost.Equal(sar("5.1")) || !v.Tracked || v.Weight.Value != "0.25" || v.Title != "S / dark" {
			t.Errorf("%s: %+v", name, v)
		}
		if w.Price.Sign() != 0 || w.Price.IsZero() || !w.CompareAtPrice.IsZero() || w.Title != "L / dark" {
			t.Errorf("%s: %+v", name, w)
		}
	}
	if n := len(sent(server)); n != 1 {
		t.Errorf("%d calls, want one", n)
	}
}

// TestPricesOfASale: a price with another one above it is kept as two amounts
// whose meaning changes places.
func TestPricesOfASale(t *testing.T) {
	t.Parallel()
	set, none := catalog.Set[catalog.Money], catalog.Set(catalog.Money{})
	type variant = bigcommercetest.Variant
	for name, c := range map[string]struct {
		price, sale string // the product's
		variant     *variant
		patch       catalog.VariantPatch
		pays, above string // "" for none; pays "refused" is ErrInvalid
	}{
		"a price":                                  {"10", "0", nil, catalog.VariantPatch{Price: set(sar("8"))}, "8", ""},
		"one above it":                             {"10", "0", nil, catalog.VariantPatch{CompareAtPrice: set(sar("12"))}, "10", "12"},
		"both":                                     {"10", "0", nil, catalog.VariantPatch{Price: set(sar("8")), CompareAtPrice: set(sar("12"))}, "8", "12"},
		"a price on sale":                          {"10", "7", nil, catalog.VariantPatch{Price: set(sar("8"))}, "8", "10"},
		"a price on sale above the regular one":    {"10", "7", nil, catalog.VariantPatch{Price: set(sar("11"))}, "refused", ""},
		"a regular price below the one on sale":    {"10", "7", nil, catalog.VariantPatch{CompareAtPrice: set(sar("6"))}, "refused", ""},
		"a sale for nothing":                       {"10", "7", nil, catalog.VariantPatch{Price: set(sar("0"))}, "refused", ""},
		"the end of a sale":                        {"10", "7", nil, catalog.VariantPatch{CompareAtPrice: none}, "7", ""},
		"the end of a sale that is none":           {"10", "0", nil, catalog.VariantPatch{CompareAtPrice: none}, "10", ""},
		"the end of a sale, and a price":           {"10", "7", nil, catalog.VariantPatch{Price: set(sar("9")), CompareAtPrice: none}, "9", ""},
		"a variant's price":                        {"10", "0", &variant{}, catalog.VariantPatch{Price: set(sar("8"))}, "8", ""},
		"a variant's own, on sale":                 {"10", "0", &variant{Price: "9", SalePrice: "5"}, catalog.VariantPatch{Price: set(sar("6"))}, "6", "9"},
		"the end of a variant's own sale":          {"10", "0", &variant{Price: "9", SalePrice: "5"}, catalog.VariantPatch{CompareAtPrice: none}, "5", ""},
		"a variant of a product on sale":           {"10", "7", &variant{}, catalog.VariantPatch{Price: set(sar("8")), CompareAtPrice: none}, "8", ""},
		"nothing for one of a product on sale":     {"10", "7", &variant{}, catalog.VariantPatch{Price: set(sar("0")), CompareAtPrice: none}, "refused", ""},
		"the only variant with a price of its own": {"10", "0", &variant{ID: -1, Price: "9"}, catalog.VariantPatch{Price: set(sar("6"))}, "6", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, bigcommercetest.Config{})
			p := bigcommercetest.Product{Name: "Coffee", Price: c.price, SalePrice: c.sale}
			if c.variant != nil && c.variant.ID >= 0 {
				p.Options = []bigcommercetest.Option{{Name: "Size", Type: "dropdown", Values: []bigcommercetest.OptionValue{{ID: 91, Label: "S"}, {ID: 92, Label: "L"}}}}
				v := *c.variant
				v.SKU, v.Values = "C-S", []int64{91}
				p.Variants = []bigcommercetest.Variant{v, {SKU: "C-L", Values: []int64{92}}}
			} else if c.variant != nil {
				p.Variants = []bigcommercetest.Variant{{SKU: "C", Price: c.variant.Price}}
			}
			made := server.AddProduct(p)
			c.patch.ID = id(made.Variants[0].ID)
			got, err := e.UpdateProduct(t.Context(), id(made.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{c.patch}}, noOptions)
			if c.pays == "refused" {
				if !errors.Is(err, catalog.ErrInvalid) || len(sent(server)) > 0 {
					t.Errorf("got %v after %d calls", err, len(sent(server)))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			v := got.Variants[0]
			if !v.Price.Equal(sar(c.pays)) || c.above == "" != v.CompareAtPrice.IsZero() || c.above != "" && !v.CompareAtPrice.Equal(sar(c.above)) {
				t.Errorf("pays %s, above it %q; want %s and %q", v.Price, v.CompareAtPrice, c.pays, c.above)
			}
			if len(got.Variants) > 1 && got.Variants[1].Price.Decimal().String() != cmpOr(c.sale, "0", c.price) {
				t.Errorf("the other variant pays %s", got.Variants[1].Price)
			}
		})
	}
}

// cmpOr is a unless it is none, else b.
func cmpOr(a, none, b string) string {
	if a == none {
		return b
	}
	return a
}

// TestOrderFromNoteToRefund takes one order through everything.
func TestOrderFromNoteToRefund(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	ctx := t.Context()
	o := addPaidOrder(server.Store)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(e.AddOrderNote(ctx, o, catalog.NoteInput{Text: "Ring twice"}, noOptions))
	must(e.AddOrderNote(ctx, o, catalog.NoteInput{Text: "Gift"}, noOptions))
	order, err := e.Order(ctx, o)
	must(err)
	if got := order.Attributes; len(got) != 1 || got[0] != (catalog.Attribute{Name: "staff_notes", Value: "Ring twice\nGift"}) || order.Note != "" {
		t.Errorf("notes %+v, and for the shopper %q", got, order.Note)
	}
	first, second := order.LineItems[0].ID, order.LineItems[1].ID
	one := func(line string, n int64) []catalog.FulfillmentLine {
		return []catalog.FulfillmentLine{{LineItemID: line, Quantity: catalog.NewQuantity(n)}}
	}
	shipped, err := e.Fulfill(ctx, o, catalog.FulfillRequest{Lines: one(first, 2), Tracking: []catalog.Tracking{{Company: "DHL", Number: "1Z", URL: "https://example.com/1Z"}}}, noOptions)
	must(err)
	if want := (catalog.Tracking{Company: "dhl", Number: "1Z", URL: "https://example.com/1Z"}); len(shipped) != 1 || shipped[0].Tracking[0] != want || len(shipped[0].Lines) != 1 {
		t.Errorf("%+v", shipped)
	}
	must(e.UpdateTracking(ctx, o, shipped[0].ID, nil, false, noOptions))
	_, err = e.Fulfill(ctx, o, catalog.FulfillRequest{}, noOptions)
	must(err)
	if _, err = e.Fulfill(ctx, o, catalog.FulfillRequest{}, noOptions); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("shipping what is shipped: %v", err)
	}
	r, err := e.Refund(ctx, o, catalog.RefundRequest{Lines: one(second, 1), Note: "broken"}, noOptions)
	must(err)
	if !r.Total.Store.Equal(sar("5.75")) || !strings.HasPrefix(r.Note, "broken [souk ") || len(r.Lines) != 1 {
		t.Errorf("%+v", r)
	}
	r, err = e.Refund(ctx, o, catalog.RefundRequest{Shipping: true}, noOptions)
	must(err)
	if !r.Total.Store.Equal(sar("13.8")) {
		t.Errorf("the shipping: %+v", r)
	}
	if _, err = e.Refund(ctx, o, catalog.RefundRequest{Shipping: true}, noOptions); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("the shipping again: %v", err)
	}
	_, err = e.Refund(ctx, o, catalog.RefundRequest{Amount: sar("34.5")}, noOptions)
	must(err)
	order, err = e.Order(ctx, o)
	must(err)
	if order.Status != catalog.OrderRefunded || !order.Refunded.Store.Equal(order.Total.Store) || len(order.Fulfillments) != 2 || len(order.Fulfillments[0].Tracking) != 0 {
		t.Errorf("%+v", order)
	}
	must(e.CancelOrder(ctx, o, catalog.CancelRequest{Note: "all returned"}, noOptions))
	if order, err = e.Order(ctx, o); err != nil || order.Status != catalog.OrderCancelled || order.Attributes[0].Value != "Ring twice\nGift\nall returned" {
		t.Errorf("%v %s %+v", err, order.Status, order.Attributes)
	}
}

// TestExportIsTheList: windows of ids that are close together and far apart.
func TestExportIsTheList(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{Products: 2300, Orders: -1, Customers: -1})
	for _, p := range server.Products() {
		if p.ID%7 < 3 {
			update(t, server.DeleteProduct(p.ID))
		}
	}
	listed := collect(t, e.Products(t.Context(), catalog.ProductQuery{}))
	for name, q := range map[string]catalog.ProductQuery{
		"everything":  {},
		"the rest":    {ListOptions: catalog.ListOptions{After: listed[100].Cursor}},
		"a limit":     {ListOptions: catalog.ListOptions{Limit: 1100}},
		"a low limit": {ListOptions: catalog.ListOptions{Limit: 3, After: listed[100].Cursor}},
	} {
		want := collect(t, e.Products(t.Context(), q))
		got := collect(t, e.ExportProducts(t.Context(), q))
		if len(got) != len(want) {
			t.Fatalf("%s: %d of %d", name, len(got), len(want))
		}
		for i, p := range got {
			if p.ID != want[i].ID || p.Cursor != want[i].Cursor || len(p.Raw) == 0 || len(p.Problems) > 0 {
				t.Fatalf("%s: %+v\nis not\n%+v", name, p, want[i])
			}
		}
	}
}
