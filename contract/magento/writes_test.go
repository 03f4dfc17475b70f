package magento_test

import (
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

var noOptions catalog.WriteOptions

func must[T any](t *testing.T, what string) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		return v
	}
}

// writeEverything makes the adapter send every request its writes know.
func writeEverything(t *testing.T, e *magento.Engine, s *magentotest.Server) {
	t.Helper()
	ctx := t.Context()
	try := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	price := func(text string) catalog.Money {
		return must[catalog.Money](t, "an amount")(catalog.NewMoney(text, "SAR"))
	}
	simple := must[catalog.Product](t, "a product")(e.CreateProduct(ctx, catalog.ProductInput{Title: "A", Description: "<p>a</p>", Vendor: "New & old", Status: catalog.ProductHidden,
		Variants: []catalog.VariantInput{{SKU: "A/1 +", Price: price("12.50"), CompareAtPrice: price("20"), Cost: price("5"), Tracked: true, Weight: catalog.Weight{Value: "250", Unit: "g"}}}}, noOptions))
	shirt := must[catalog.Product](t, "a product with variants")(e.CreateProduct(ctx, catalog.ProductInput{Title: "Shirt", Options: []catalog.Option{{Name: "Size"}, {Name: "Color"}},
		Variants: []catalog.VariantInput{{SKU: "S1", Price: price("1"), Options: []catalog.OptionValue{{Name: "Size", Value: "S"}, {Name: "Color", Value: "Ivory"}}},
			{SKU: "S2", Price: price("2"), Options: []catalog.OptionValue{{Name: "Size", Value: "M"}, {Name: "Color", Value: "Ivory"}}}}}, noOptions))
	_, err := e.UpdateProduct(ctx, shirt.ID, catalog.ProductPatch{Title: catalog.Set("T-shirt"), Description: catalog.Set(""), Vendor: catalog.Set(""), Status: catalog.Set(catalog.ProductDraft),
		Variants: []catalog.VariantPatch{{ID: shirt.Variants[0].ID, SKU: catalog.Set("S1b"), Price: catalog.Set(price("3")), CompareAtPrice: catalog.Set(price("4")), Cost: catalog.Set(catalog.Money{}),
			Weight: catalog.Set(catalog.Weight{Value: "1.5", Unit: "kg"}), Tracked: catalog.Set(true)}}}, noOptions)
	try("change a product", err)
	_, err = e.UpdateProduct(ctx, simple.ID, catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: simple.ID, CompareAtPrice: catalog.Set(catalog.Money{})}}}, noOptions)
	try("end an offer", err)
	try("set stock", e.SetInventory(ctx, []catalog.InventorySet{{ItemID: simple.Variants[0].InventoryItemID, LocationID: "default", Available: catalog.NewQuantity(7)},
		{ItemID: "S2", LocationID: "default"}}, noOptions))
	try("delete a product", e.DeleteProduct(ctx, shirt.Variants[1].ID, noOptions))

	open, sold := id(s.AddSale(false).ID), id(s.AddSale(true).ID)
	try("note", e.AddOrderNote(ctx, open, catalog.NoteInput{Text: "n", ForShopper: true}, noOptions))
	try("cancel", e.CancelOrder(ctx, open, catalog.CancelRequest{}, noOptions))
	order := must[catalog.Order](t, "an order")(e.Order(ctx, sold))
	shipped := must[[]catalog.Fulfillment](t, "ship")(e.Fulfill(ctx, sold, catalog.FulfillRequest{Lines: []catalog.FulfillmentLine{{LineItemID: order.LineItems[0].ID, Quantity: catalog.NewQuantity(2)}},
		Tracking: []catalog.Tracking{{Company: "DHL", Number: "1"}}, Notify: true}, noOptions))
	try("track", e.UpdateTracking(ctx, sold, shipped[0].ID, []catalog.Tracking{{Company: "Aramex", Number: "2"}}, false, noOptions))
	_, err = e.Fulfill(ctx, sold, catalog.FulfillRequest{LocationID: "default"}, noOptions)
	try("ship the rest", err)
	_, err = e.Refund(ctx, sold, catalog.RefundRequest{Lines: []catalog.FulfillmentLine{{LineItemID: order.LineItems[0].ID, Quantity: catalog.NewQuantity(1)}}, Shipping: true, Restock: true, Note: "n", Notify: true}, noOptions)
	try("refund lines", err)
	_, err = e.Refund(ctx, sold, catalog.RefundRequest{Amount: price("1.05")}, noOptions)
	try("refund an amount", err)

	c := must[catalog.Customer](t, "a customer")(e.CreateCustomer(ctx, catalog.CustomerPatch{FirstName: catalog.Set("A"), LastName: catalog.Set("B"), Email: catalog.Set("new@example.com")}, noOptions))
	_, err = e.UpdateCustomer(ctx, c.ID, catalog.CustomerPatch{LastName: catalog.Set("C")}, noOptions)
	try("change a customer", err)
	drain(t, "export", e.ExportProducts(ctx, catalog.ProductQuery{}))
}

// TestWritesOfTheAdapter holds every request of the adapter's writes against the
// description of its edition. Subscriptions are another module's, which is not
// described there.
func TestWritesOfTheAdapter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spec   string
		config magentotest.Config
	}{
		"writes against 2.4.9":                      {onPremises, magentotest.Config{}},
		"writes against 2.4.9, without the modules": {onPremises, magentotest.Config{NoMSI: true}},
		"writes against SaaS":                       {asService, magentotest.Config{Edition: magentotest.SaaS}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := loadAPI(t, c.spec)
			c.config.TB, c.config.Products, c.config.Orders, c.config.Customers = t, 20, 2, 2
			s := magentotest.NewServer(&c.config)
			t.Cleanup(s.Close)
			wire := &recorder{to: s.Transport()}
			writeEverything(t, open(t, s, wire, c.config.Edition == magentotest.SaaS), s)
			sent := 0
			for _, one := range wire.requests {
				if one.Method != "GET" && !strings.Contains(one.URL.Path, "/ims/") {
					sent++
				}
			}
			if sent < 20 {
				t.Errorf("only %d writes were sent", sent)
			}
			wire.check(t, a, name)
		})
	}
}
