package shopify_test

import (
	"errors"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// quick looks at background work without waiting.
var quick = shopify.Config{PollInterval: time.Millisecond}

// writer opens an engine on a store of a few records.
func writer(t *testing.T, config shopifytest.Config) (*shopifytest.Server, *shopify.Engine) {
	t.Helper()
	if config.Products == 0 {
		config.Products, config.Orders, config.Customers = 5, 3, 3
	}
	server := serve(t, config)
	engine, ok := catalog.As[*shopify.Engine](openWith(t, server, quick, catalog.StaticToken(server.Token())))
	if !ok {
		t.Fatal("the engine is no *shopify.Engine")
	}
	return server, engine
}

var noOptions catalog.WriteOptions

func TestCreateProductAsAskedFor(t *testing.T) {
	t.Parallel()
	server, e := writer(t, shopifytest.Config{})
	made, err := e.CreateProduct(t.Context(), catalog.ProductInput{
		Title: "قهوة", Description: "<p>سمراء</p>", Vendor: "O'Brien", Type: "Coffee", Status: catalog.ProductDraft, Tags: []string{" new ", "New", "x"},
		Options: []catalog.Option{{Name: "Size"}, {Name: "Roast", Values: []string{"dark", "light"}}},
		Variants: []catalog.VariantInput{
			{SKU: "S-D", Barcode: "628", Options: choice("S", "dark"), Price: money(t, "12.5", "SAR"), CompareAtPrice: money(t, "20", "SAR"), Cost: money(t, "5.1", "SAR"), Tracked: true, Weight: catalog.Weight{Value: "0.250", Unit: "kg"}},
			{Options: choice("L", "dark"), Price: money(t, "0", "SAR")},
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
		v := p.Variants[0]
		if p.Title != "قهوة" || p.Status != catalog.ProductDraft || len(p.Tags) != 2 || len(p.Variants) != 2 || len(p.Options) != 2 || len(p.Images) != 1 || len(p.Problems) > 0 ||
			v.SKU != "S-D" || v.Price.String() != "12.50 SAR" || v.CompareAtPrice.Amount() != "20.00" || v.Cost.Amount() != "5.10" || !v.Tracked || v.Weight.Value != "0.25" || v.Options[1].Value != "dark" {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if n := len(server.Effects()); n != 1 {
		t.Errorf("%d changes, want one", n)
	}
}

func choice(size, roast string) []catalog.OptionValue {
	return []catalog.OptionValue{{Name: "Size", Value: size}, {Name: "Roast", Value: roast}}
}

// TestOrderFromNoteToRefund takes one order through everything.
func TestOrderFromNoteToRefund(t *testing.T) {
	t.Parallel()
	server, e := writer(t, shopifytest.Config{})
	ctx := t.Context()
	o := addPaidOrder(server, 1)
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
	if order.Note != "Ring twice\nGift" {
		t.Errorf("note %q", order.Note)
	}
	first, second := order.LineItems[0].ID, order.LineItems[1].ID
	shipped, err := e.Fulfill(ctx, o, catalog.FulfillRequest{Lines: []catalog.FulfillmentLine{{LineItemID: first, Quantity: catalog.NewQuantity(2)}},
		Tracking: []catalog.Tracking{{Company: "SMSA", Number: "1Z", URL: "https://example.com/1Z"}}}, noOptions)
	must(err)
	if len(shipped) != 1 || shipped[0].Tracking[0].Number != "1Z" || len(shipped[0].Lines) != 1 {
		t.Errorf("%+v", shipped)
	}
	must(e.UpdateTracking(ctx, o, shipped[0].ID, []catalog.Tracking{{Company: "SMSA", Number: "2Z"}, {Company: "SMSA", Number: "3Z"}}, false, noOptions))
	rest, err := e.Fulfill(ctx, o, catalog.FulfillRequest{}, noOptions)
	must(err)
	if len(rest) != 2 { // the second line ships from another location
		t.Errorf("%d shipments of the rest, want 2: %+v", len(rest), rest)
	}
	if _, err = e.Fulfill(ctx, o, catalog.FulfillRequest{}, noOptions); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("shipping what is shipped: %v", err)
	}
	if err := e.CancelOrder(ctx, o, catalog.CancelRequest{}, noOptions); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("cancelling what is shipped: %v", err)
	}
	r, err := e.Refund(ctx, o, catalog.RefundRequest{Lines: []catalog.FulfillmentLine{{LineItemID: second, Quantity: catalog.NewQuantity(1)}}, Restock: true, Note: "broken"}, noOptions)
	must(err)
	if r.Total.Store.Amount() != "40.00" || r.Note != "broken" || len(r.Lines) != 1 || r.Lines[0].Restock != "RETURN" {
		t.Errorf("%+v", r)
	}
	if _, err = e.Refund(ctx, o, catalog.RefundRequest{Amount: money(t, "60.01", "SAR")}, noOptions); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("more than is left: %v", err)
	}
	_, err = e.Refund(ctx, o, catalog.RefundRequest{Amount: money(t, "60", "SAR")}, noOptions)
	must(err)
	order, err = e.Order(ctx, o)
	must(err)
	if order.Payment != catalog.PaymentRefunded || order.Fulfillment != catalog.FulfillmentDone || len(order.Fulfillments) != 3 || len(order.Fulfillments[0].Tracking) != 2 {
		t.Errorf("%+v", order)
	}
	history, err := catalog.Collect(e.OrderHistory(ctx, o))
	must(err)
	if len(history) < 8 {
		t.Errorf("%d entries", len(history))
	}
}

// addPaidOrder adds an order of 100 SAR: three pieces at 20 from the first
// location and one at 40 from the location of that index.
func addPaidOrder(server *shopifytest.Server, location int) string {
	both := func(s string) shopifytest.Money { return shopifytest.Money{Shop: s, Presentment: s} }
	p := server.Products()[0].Variants[0]
	line := func(n int, total string) shopifytest.LineItem {
		return shopifytest.LineItem{Title: "Coffee", Quantity: n, CurrentQuantity: n, Unfulfilled: n, Refundable: n, RequiresShipping: true, VariantID: p.ID,
			OriginalTotal: both(total), DiscountedTotal: both(total)}
	}
	second := line(1, "40.00")
	second.LocationID = server.Locations()[location].ID
	o := server.AddOrder(shopifytest.Order{FinancialStatus: "PAID", Lines: []shopifytest.LineItem{line(3, "60.00"), second}, Email: "a@example.com",
		Total: both("100.00"), CurrentTotal: both("100.00"), Net: both("100.00"), Received: both("100.00"), Refunded: both("0.00"), Gateways: []string{"mada"}})
	server.UpdateOrder(o.ID, func(o *shopifytest.Order) {
		o.Transactions = []shopifytest.Transaction{{ID: o.ID + 7, Kind: "SALE", Status: "SUCCESS", Gateway: "mada", Amount: both("100.00"), CreatedAt: o.CreatedAt}}
	})
	return gidOf(o.ID)
}

func TestCancelOrderToTheEnd(t *testing.T) {
	t.Parallel()
	server, e := writer(t, shopifytest.Config{})
	o := addPaidOrder(server, 0)
	if err := e.CancelOrder(t.Context(), o, catalog.CancelRequest{Reason: "customer", Note: "changed his mind", Restock: true, Refund: true}, noOptions); err != nil {
		t.Fatal(err)
	}
	order, err := e.Order(t.Context(), o)
	if err != nil || order.Status != catalog.OrderCancelled || order.CancelReason != "CUSTOMER" || order.Payment != catalog.PaymentRefunded {
		t.Errorf("%v %+v", err, order)
	}
	if err := e.CancelOrder(t.Context(), o, catalog.CancelRequest{}, noOptions); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("a second time: %v", err)
	}
	if err := e.CancelOrder(t.Context(), "4711", catalog.CancelRequest{}, noOptions); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("an unknown order: %v", err)
	}
}

func TestExportIsTheList(t *testing.T) {
	t.Parallel()
	_, e := writer(t, shopifytest.Config{Products: 60})
	listed, err := catalog.Collect(e.Products(t.Context(), catalog.ProductQuery{}))
	if err != nil {
		t.Fatal(err)
	}
	exported, err := catalog.Collect(e.ExportProducts(t.Context(), catalog.ProductQuery{}))
	if err != nil || len(exported) != len(listed) {
		t.Fatalf("%d of %d, %v", len(exported), len(listed), err)
	}
	for i, p := range exported {
		if p.ID != listed[i].ID || len(p.Variants) != len(listed[i].Variants) || len(p.Images) != len(listed[i].Images) || p.Cursor != listed[i].Cursor || len(p.Problems) > 0 {
			t.Errorf("%+v\nis not\n%+v", p, listed[i])
		}
	}
}
