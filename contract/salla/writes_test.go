package salla_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// writeEverything makes the adapter send every request its writes know, with
// each field by itself.
func writeEverything(ctx context.Context, t testing.TB, e *salla.Engine, s *sallatest.Server) {
	t.Helper()
	try := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	var none catalog.WriteOptions
	money := func(amount string) catalog.Money {
		m, err := catalog.NewMoney(amount, "SAR")
		try(amount, err)
		return m
	}
	brand := ""
	for _, p := range s.Products() {
		if p.Brand != nil {
			brand = p.Brand.Name
		}
	}
	made, err := e.CreateProduct(ctx, catalog.ProductInput{Title: "قهوة", Description: "<p>x</p>", Vendor: brand, Type: "product", Status: catalog.ProductHidden,
		Tags: []string{"souk"}, Images: []catalog.ImageInput{{URL: "https://cdn.example/1.jpg", Alt: "a"}},
		Variants: []catalog.VariantInput{{SKU: "CON-1", Barcode: "6280000000001", Price: money("12.5"), CompareAtPrice: money("20"), Cost: money("5"), Tracked: true, Weight: catalog.Weight{Value: "0.25", Unit: "kg"}}}}, none)
	try("create a product", err)
	size := func(v string) []catalog.OptionValue { return []catalog.OptionValue{{Name: "Size", Value: v}} }
	varied, err := e.CreateProduct(ctx, catalog.ProductInput{Title: "قميص", Options: []catalog.Option{{Name: "Size", Values: []string{"S", "L"}}},
		Variants: []catalog.VariantInput{{SKU: "CON-S", Options: size("S"), Price: money("1"), Tracked: true}, {SKU: "CON-L", Options: size("L"), Price: money("2"), Tracked: true}}}, none)
	try("create a product with options", err)
	text, price := catalog.Set("x"), catalog.Set(money("9"))
	for what, patch := range map[string]catalog.ProductPatch{
		"title": {Title: text}, "description": {Description: catalog.Set("")}, "vendor": {Vendor: catalog.Set(brand)}, "status": {Status: catalog.Set(catalog.ProductActive)},
		"tags": {Tags: catalog.Set([]string{"souk", "سوق"})}, "no tags": {Tags: catalog.Set[[]string](nil)},
	} {
		_, err = e.UpdateProduct(ctx, made.ID, patch, none)
		try(what, err)
	}
	for _, p := range []catalog.Product{made, varied} {
		for what, v := range map[string]catalog.VariantPatch{
			"sku": {SKU: text}, "barcode": {Barcode: catalog.Set("6280000000002")}, "no barcode": {Barcode: catalog.Set("")}, "price": {Price: price}, "sale": {CompareAtPrice: catalog.Set(money("90.5"))},
			"no sale": {CompareAtPrice: catalog.Set(catalog.Money{})}, "cost": {Cost: price}, "tracked": {Tracked: catalog.Set(true)},
			"weight": {Weight: catalog.Set(catalog.Weight{Value: "2", Unit: "kg"})},
		} {
			v.ID = p.Variants[0].ID
			if what == "sku" {
				v.SKU = catalog.Set("CON-" + p.ID)
			}
			_, err = e.UpdateProduct(ctx, p.ID, catalog.ProductPatch{Variants: []catalog.VariantPatch{v}}, none)
			try(what, err)
		}
	}
	item, branch := made.Variants[0].InventoryItemID, itoa(s.Branches()[0].ID)
	try("set stock", e.SetInventory(ctx, []catalog.InventorySet{{ItemID: item, Available: catalog.NewQuantity(5)}, {ItemID: varied.Variants[0].InventoryItemID, LocationID: branch, Available: catalog.NewQuantity(6)}}, none))
	for _, n := range []int64{3, -2} {
		try("adjust stock", e.AdjustInventory(ctx, []catalog.InventoryDelta{{ItemID: item, Delta: catalog.NewQuantity(n)}}, none))
	}
	try("delete a product", e.DeleteProduct(ctx, made.ID, none))

	order := s.AddOpenOrder()
	o := itoa(order.ID)
	try("note", e.AddOrderNote(ctx, o, catalog.NoteInput{Text: "n"}, none))
	shipped, err := e.Fulfill(ctx, o, catalog.FulfillRequest{LocationID: branch, Tracking: []catalog.Tracking{{Company: "Naqel", Number: "1Z", URL: "https://example.com/1Z"}},
		Lines: []catalog.FulfillmentLine{{LineItemID: itoa(order.Items[0].ID), Quantity: catalog.NewQuantity(1)}}}, none)
	try("ship a part", err)
	_, err = e.Fulfill(ctx, o, catalog.FulfillRequest{}, none)
	try("ship the rest", err)
	try("tracking", e.UpdateTracking(ctx, o, shipped[0].ID, []catalog.Tracking{{Company: "Zajil", Number: "2Z"}}, false, none))
	cod := s.AddOpenOrder()
	try("cod", s.UpdateOrder(cod.ID, func(o *sallatest.Order) { o.PaymentMethod = "cod" }))
	_, err = e.Fulfill(ctx, itoa(cod.ID), catalog.FulfillRequest{}, none)
	try("ship what is paid on delivery", err)
	for _, request := range []catalog.CancelRequest{{}, {Restock: true, Note: "n"}} {
		try("cancel", e.CancelOrder(ctx, itoa(s.AddOpenOrder().ID), request, none))
	}

	customer, err := e.CreateCustomer(ctx, catalog.CustomerPatch{FirstName: text, LastName: text, Email: catalog.Set("con@example.com"), Phone: catalog.Set("+966591234567")}, none)
	try("create a customer", err)
	for what, patch := range map[string]catalog.CustomerPatch{"name": {FirstName: text}, "last name": {LastName: catalog.Set("")}, "e-mail": {Email: catalog.Set("con2@example.com")}, "phone": {Phone: catalog.Set("+966591234568")}} {
		_, err = e.UpdateCustomer(ctx, customer.ID, patch, none)
		try("update a customer's "+what, err)
	}
	secret := catalog.NewSecret("s3cret")
	for _, wanted := range [][]catalog.Subscription{
		{{Topic: "order.created", URL: "https://example.com/a"}, {Topic: "order.updated", URL: "https://example.com/b", Name: "b", Rule: "price > 1", Secret: secret, Headers: map[string]catalog.Secret{"X-Key": secret}}},
		{{Topic: "order.created", URL: "https://example.com/c", Version: "1"}, {Topic: "order.updated", URL: "https://example.com/b", Name: "b"}}, nil,
	} {
		_, err = e.EnsureSubscriptions(ctx, wanted)
		try("subscriptions", err)
	}
}

func TestWritesOfTheAdapter(t *testing.T) {
	t.Parallel()
	a := loadAPI(t)
	s := sallatest.NewServer(&sallatest.Config{TB: t, Unthrottled: true, PerMinute: 1_000_000, Products: 20, Orders: 5, Customers: 5})
	t.Cleanup(s.Close)
	wire := &recorder{to: s.Transport()}
	app := adapter(t, wire, salla.Config{Attempts: 1, PollInterval: 100 * time.Microsecond})
	opened, err := app.Open(catalog.Account{Store: itoa(s.MerchantID())}, catalog.StaticToken(s.Token()))
	if err != nil {
		t.Fatal(err)
	}
	e, _ := catalog.As[*salla.Engine](opened)
	writeEverything(t.Context(), t, e, s)
	wire.coverage(t, a, "requests of the adapter's writes")
	wire.pages(t)
}

// bodies are the fields of requests the file does not cover, as the vendor's
// pages have them, with the kinds of JSON each may be.
// https://docs.salla.dev/5394167e0, 5394170e0 and 5394192e0
var bodies = map[string]map[string]string{
	"POST /products": {"name": "text", "price": "number", "status": "text", "product_type": "text", "unlimited_quantity": "flag", "description": "text",
		"sale_price": "number", "cost_price": "number", "weight": "number", "weight_type": "text", "sku": "text", "gtin": "text", "brand_id": "number", "tags": "list",
		"images": "list", "options": "list"},
	"PUT /products/{id}": {"name": "text", "price": "number", "status": "text", "unlimited_quantity": "flag", "description": "text", "sale_price": "number",
		"cost_price": "number", "weight": "number", "weight_type": "text", "sku": "text", "gtin": "text", "brand_id": "number", "tags": "list"},
}

var required = map[string][]string{"POST /products": {"name", "price", "product_type"}}

// pages holds bodies against what the vendor's pages and samples say.
func (r *recorder) pages(t testing.TB) {
	t.Helper()
	var bulk struct {
		Request struct{ Products []map[string]any }
	}
	if err := json.Unmarshal(raw(t, samples(t)["_bulk-quantities"].members), &bulk); err != nil || len(bulk.Request.Products) == 0 {
		t.Fatalf("the sample of the bulk call: %v", err)
	}
	row := map[string]string{}
	for name, value := range bulk.Request.Products[0] {
		row[name] = jsonKind(value)
	}
	row["branch"] = "number" // text in the sample, a number in the page's schema
	valid, total := 0, 0
	check := func(kind string, body map[string]any, known map[string]string, need []string) {
		total++
		good := true
		for name, value := range body {
			if known[name] != jsonKind(value) {
				good = false
				t.Errorf("%s: %s is %s, want %q", kind, name, jsonKind(value), known[name])
			}
		}
		for _, name := range need {
			if body[name] == nil {
				good = false
				t.Errorf("%s lacks %s", kind, name)
			}
		}
		if good {
			valid++
		}
	}
	for _, one := range r.requests {
		kind := one.kind(t)
		var body map[string]any
		if known := bodies[kind]; known != nil {
			if err := json.Unmarshal(one.Body, &body); err != nil {
				t.Error(err)
			}
			check(kind, body, known, required[kind])
		}
		var call struct{ Products []map[string]any }
		if kind == "POST /products/quantities/bulk" {
			if err := json.Unmarshal(one.Body, &call); err != nil {
				t.Error(err)
			}
		}
		for _, one := range call.Products {
			check(kind, one, row, []string{"identifer_type", "identifer", "quantity"})
		}
	}
	specs.Report(t, "salla bodies of the adapter's writes against the vendor's pages %d/%d", valid, total)
}

func jsonKind(value any) string {
	switch value.(type) {
	case string:
		return "text"
	case float64:
		return "number"
	case bool:
		return "flag"
	case []any:
		return "list"
	case map[string]any:
		return "object"
	}
	return "null"
}

func raw(t testing.TB, members map[string]json.RawMessage) []byte {
	t.Helper()
	text, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
