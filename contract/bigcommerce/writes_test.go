package bigcommerce_test

import (
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// writes makes the adapter send every write it knows, and the reads that go
// with them.
type writes struct{ reads }

func sar(t testing.TB, text string) catalog.Money {
	t.Helper()
	m, err := catalog.NewMoney(text, "SAR")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var noOptions catalog.WriteOptions

func (w *writes) products() {
	ctx := w.Context()
	size := func(v string) []catalog.OptionValue { return []catalog.OptionValue{{Name: "Size", Value: v}} }
	made, err := w.engine.CreateProduct(ctx, catalog.ProductInput{
		Title: "Coffee", Description: "<p>dark</p>", Vendor: "Acme", Type: "physical", Status: catalog.ProductHidden,
		Variants: []catalog.VariantInput{
			{SKU: "C-S", Barcode: "6280000000001", Options: size("S"), Price: sar(w, "12.5"), CompareAtPrice: sar(w, "20"), Cost: sar(w, "5.1"), Tracked: true, Weight: catalog.Weight{Value: "0.25", Unit: "kg"}},
			{SKU: "C-L", Options: size("L"), Tracked: true},
		},
		Images: []catalog.ImageInput{{URL: "https://cdn.example/1.jpg", Alt: "coffee"}},
	}, noOptions)
	w.try("create a product", err)
	variant := func(n int) catalog.VariantPatch {
		return catalog.VariantPatch{ID: made.Variants[n].ID, SKU: catalog.Set(made.Variants[n].SKU + "-2"), Barcode: catalog.Set("6280000000018"), Price: catalog.Set(sar(w, "8")), Cost: catalog.Set(catalog.Money{}),
			Tracked: catalog.Set(false), Weight: catalog.Set(catalog.Weight{Value: "1", Unit: "kg"})}
	}
	for what, patch := range map[string]catalog.ProductPatch{
		"all of a product": {Title: catalog.Set("Tea"), Description: catalog.Set(""), Vendor: catalog.Set(""), Type: catalog.Set("digital"), Status: catalog.Set(catalog.ProductActive)},
		"a brand":          {Vendor: catalog.Set("New brand")},
		"two variants":     {Variants: []catalog.VariantPatch{variant(0), variant(1)}},
		"the end of a sale": {Variants: []catalog.VariantPatch{{ID: made.Variants[0].ID, Price: catalog.Set(sar(w, "8")), CompareAtPrice: catalog.Set(sar(w, "9"))},
			{ID: made.Variants[1].ID, CompareAtPrice: catalog.Set(sar(w, "99"))}}},
		"no sale": {Variants: []catalog.VariantPatch{{ID: made.Variants[0].ID, CompareAtPrice: catalog.Set(catalog.Money{})}}},
	} {
		_, err := w.engine.UpdateProduct(ctx, made.ID, patch, noOptions)
		w.try("update "+what, err)
	}
	w.try("delete a product", w.engine.DeleteProduct(ctx, made.ID, noOptions))
	drain(w, "export", w.engine.ExportProducts(ctx, catalog.ProductQuery{}))
	drain(w, "export by time", w.engine.ExportProducts(ctx, catalog.ProductQuery{UpdatedSince: w.since, Status: []catalog.ProductStatus{catalog.ProductActive}}))
}

func (w *writes) levels() {
	ctx := w.Context()
	location := id(w.server.Locations()[0].ID)
	var set []catalog.InventorySet
	var deltas []catalog.InventoryDelta
	for _, p := range w.server.Products() {
		if p.Tracking != "none" && len(set) < 20 {
			item := id(p.Variants[0].ID)
			set = append(set, catalog.InventorySet{ItemID: item, LocationID: location, Available: catalog.NewQuantity(7)})
			deltas = append(deltas, catalog.InventoryDelta{ItemID: item, LocationID: location, Delta: catalog.NewQuantity(-2)})
		}
	}
	for _, tracking := range []string{"product", "variant"} { // that were never stocked
		p := w.server.AddProduct(bigcommercetest.Product{Name: "Never stocked by " + tracking, Tracking: tracking})
		set = append(set, catalog.InventorySet{ItemID: id(p.Variants[0].ID), LocationID: location, Available: catalog.NewQuantity(7)})
	}
	w.try("set stock", w.engine.SetInventory(ctx, set, noOptions))
	w.try("adjust stock", w.engine.AdjustInventory(ctx, deltas, noOptions))
}

func (w *writes) paidOrder() string {
	const unit = bigcommercetest.Unit
	o := w.server.AddOrder(bigcommercetest.Order{StatusID: 11, PaymentStatus: "captured", PaymentMethod: "Credit Card",
		Shipping: []bigcommercetest.OrderAddress{{FirstName: "N", City: "Riyadh", CountryISO2: "SA", Cost: 12 * unit}},
		Lines:    []bigcommercetest.LineItem{{Name: "Coffee", Type: "physical", Price: 10 * unit, Quantity: 3}}})
	return id(o.ID)
}

func (w *writes) orders() {
	ctx := w.Context()
	order := w.paidOrder()
	w.try("note", w.engine.AddOrderNote(ctx, order, catalog.NoteInput{Text: "Gift"}, noOptions))
	o, err := w.engine.Order(ctx, order)
	w.try("order", err)
	one := []catalog.FulfillmentLine{{LineItemID: o.LineItems[0].ID, Quantity: catalog.NewQuantity(1)}}
	made, err := w.engine.Fulfill(ctx, order, catalog.FulfillRequest{Lines: one, Tracking: []catalog.Tracking{{Company: "usps", Number: "1Z", URL: "https://example.com/1"}}}, noOptions)
	w.try("ship", err)
	w.try("track", w.engine.UpdateTracking(ctx, order, made[0].ID, []catalog.Tracking{{Company: "DHL", Number: "2Z"}}, false, noOptions))
	w.try("track no more", w.engine.UpdateTracking(ctx, order, made[0].ID, nil, false, noOptions))
	_, err = w.engine.Fulfill(ctx, order, catalog.FulfillRequest{}, noOptions)
	w.try("ship the rest", err)
	for what, r := range map[string]catalog.RefundRequest{"lines and shipping": {Lines: one, Shipping: true, Note: "broken"}, "an amount": {Amount: sar(w, "1.05")}} {
		_, err = w.engine.Refund(ctx, order, r, noOptions)
		w.try("refund "+what, err)
	}
	w.try("cancel", w.engine.CancelOrder(ctx, w.paidOrder(), catalog.CancelRequest{Note: "a mistake"}, noOptions))
}

func (w *writes) customers() {
	ctx := w.Context()
	set := catalog.Set[string]
	c, err := w.engine.CreateCustomer(ctx, catalog.CustomerPatch{FirstName: set("N"), LastName: set("S"), Email: set("n.s@example.com"), Phone: set("+966 5"), Note: set("VIP")}, noOptions)
	w.try("create a customer", err)
	_, err = w.engine.UpdateCustomer(ctx, c.ID, catalog.CustomerPatch{LastName: set("A"), Note: set("")}, noOptions)
	w.try("update a customer", err)
}

func (w *writes) hooks() {
	headers := map[string]catalog.Secret{"X-Key": catalog.NewSecret("k")}
	for _, wanted := range [][]catalog.Subscription{
		{{Topic: "store/order/*", URL: "https://h.example.com/a", Headers: headers}, {Topic: "store/app/uninstalled", URL: "https://h.example.com/a"}},
		{{Topic: "store/order/*", URL: "https://h.example.com/b"}},
		nil,
	} {
		_, err := w.engine.EnsureSubscriptions(w.Context(), wanted)
		w.try("subscribe", err)
	}
	_, err := w.engine.Subscriptions(w.Context())
	w.try("subscriptions", err)
}

// allWrites sends all of them to a store of a few records.
func allWrites(t *testing.T) *recorder {
	s := bigcommercetest.NewServer(&bigcommercetest.Config{TB: t, Products: 40, Orders: 4, Customers: 4, Unthrottled: true, Quota: 1_000_000})
	t.Cleanup(s.Close)
	wire := &recorder{to: s.Transport()}
	e := open(t, bigcommerce.Config{Transport: wire, Attempts: 1, PollInterval: time.Millisecond}, catalog.Account{Store: s.StoreHash()}, s.Token())
	w := &writes{reads{T: t, engine: e, server: s, since: time.Date(2020, 1, 2, 22, 4, 5, 6, time.UTC)}}
	w.products()
	w.levels()
	w.orders()
	w.customers()
	w.hooks()
	return wire
}
