package magento_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// writer opens a shop of a few records, looking for lost answers without
// waiting.
func writer(t testing.TB, config magentotest.Config, settings ...string) (*magentotest.Server, *magento.Engine) {
	t.Helper()
	if config.Products == 0 {
		config.Products, config.Orders, config.Customers = 30, 3, 3
	}
	server := newServer(t, config)
	a := newAdapter(t, server, magento.Config{PollInterval: time.Millisecond, WebhookURL: webhooksAt,
		WebhookSecrets: []catalog.Secret{catalog.NewSecret("souk-webhook-secret")}})
	return server, as[*magento.Engine](t, openStore(t, a, server, append([]string{"barcode_attribute", "barcode"}, settings...)...))
}

func sar(t testing.TB, amount string) catalog.Money {
	t.Helper()
	m, err := catalog.NewMoney(amount, "SAR")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// actions are what requests changed, in order.
func actions(server *magentotest.Server) []string {
	return mapped(server.Effects(), func(e magentotest.Effect) string { return e.Action })
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refuses(t testing.TB, what string, err error, kind catalog.Kind) {
	t.Helper()
	if !errors.Is(err, kind) || errors.Is(err, catalog.ErrOutcomeUnknown) && kind != catalog.ErrOutcomeUnknown {
		t.Errorf("%s: %v, want %q", what, err, kind)
	}
}

func TestCreateProductAsAskedFor(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	made, err := e.CreateProduct(t.Context(), catalog.ProductInput{Title: "قهوة", Description: "<p>سمراء</p>", Vendor: "O'Brien & co", Status: catalog.ProductHidden,
		Variants: []catalog.VariantInput{{SKU: " C/1 + ", Barcode: "628", Price: sar(t, "12.5"), CompareAtPrice: sar(t, "20"), Cost: sar(t, "5.1234"), Tracked: true, Weight: catalog.Weight{Value: "250", Unit: "g"}}}}, noOptions)
	must(t, err)
	read, err := e.Product(t.Context(), made.ID)
	must(t, err)
	for name, p := range map[string]catalog.Product{"returned": made, "read": read} {
		v := p.Variants[0]
		if p.Title != "قهوة" || p.Vendor != "O'Brien & co" || p.Status != catalog.ProductHidden || len(p.Variants) != 1 || len(p.Problems) > 0 ||
			v.SKU != "C/1 +" || v.Barcode != "628" || !v.Price.Equal(sar(t, "12.5")) || !v.CompareAtPrice.Equal(sar(t, "20")) || !v.Cost.Equal(sar(t, "5.1234")) || v.Weight.Value != "0.25" {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if got := actions(server); !slices.Equal(got, []string{"attribute.option", "product.create"}) {
		t.Errorf("changes: %v", got)
	}
	// The same vendor in other letters is the same vendor.
	again, err := e.CreateProduct(t.Context(), catalog.ProductInput{Title: "Tea", Vendor: "o'brien & CO", Variants: []catalog.VariantInput{{SKU: "C-2", Price: sar(t, "0")}}}, noOptions)
	if err != nil || again.Vendor != "O'Brien & co" || !again.Variants[0].Available || made.Variants[0].Available {
		t.Errorf("%v %+v", err, again)
	}
}

func TestCreateProductWithVariants(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	variant := func(sku, size, color string) catalog.VariantInput {
		return catalog.VariantInput{SKU: sku, Price: sar(t, "30"), Options: []catalog.OptionValue{{Name: "Size", Value: size}, {Name: "Color", Value: color}}}
	}
	made, err := e.CreateProduct(t.Context(), catalog.ProductInput{Title: "Linen Shirt", Options: []catalog.Option{{Name: "Size"}, {Name: "Color"}},
		Variants: []catalog.VariantInput{variant("L-S-I", "S", "Ivory"), variant("L-M-I", "M", "Ivory"), variant("L-M-B", "M", "Black")}}, noOptions)
	must(t, err)
	if len(made.Variants) != 3 || made.Variants[1].Title != "M / Ivory" || made.Variants[2].Options[1].Value != "Black" || made.Status != catalog.ProductActive || len(made.Options) != 2 {
		t.Errorf("%+v", made)
	}
	got := slices.DeleteFunc(actions(server), func(a string) bool { return a == "stock.manage" || a == "stock.set" })
	if !slices.Equal(got, []string{"attribute.option", "product.create", "product.create", "product.create", "product.create"}) {
		t.Errorf("changes: %v", got)
	}
	child, err := e.Product(t.Context(), made.Variants[0].ID)
	if err != nil || child.Status != catalog.ProductHidden || child.Title != "Linen Shirt - S - Ivory" {
		t.Errorf("%v %+v", err, child)
	}
	for name, c := range map[string]struct {
		change func(*catalog.ProductInput)
		kind   catalog.Kind
	}{
		"an option without an attribute": {func(p *catalog.ProductInput) {
			p.Options[0].Name, p.Variants[0].Options[0].Name = "Sleeve", "Sleeve"
		}, catalog.ErrInvalid},
		"a variant without a value": {func(p *catalog.ProductInput) { p.Variants[0].Options = p.Variants[0].Options[:1] }, catalog.ErrInvalid},
		"an option nobody named": {func(p *catalog.ProductInput) {
			p.Variants[0].Options = append(p.Variants[0].Options, catalog.OptionValue{Name: "Fit", Value: "slim"})
		}, catalog.ErrInvalid},
		"a SKU that is taken":    {func(p *catalog.ProductInput) { p.Variants[0].SKU = "l-m-b " }, catalog.ErrConflict},
		"a variant of no price":  {func(p *catalog.ProductInput) { p.Variants[0].Price = catalog.Money{} }, catalog.ErrInvalid},
		"a price in many digits": {func(p *catalog.ProductInput) { p.Variants[0].Price = sar(t, "123456789012.1234") }, catalog.ErrInvalid},
	} {
		before := len(server.Effects())
		input := catalog.ProductInput{Title: "Other", Options: []catalog.Option{{Name: "Size"}, {Name: "Color"}}, Variants: []catalog.VariantInput{variant("O-1", "S", "Black")}}
		c.change(&input)
		_, err := e.CreateProduct(t.Context(), input, noOptions)
		refuses(t, name, err, c.kind)
		if n := len(server.Effects()) - before; n > 0 {
			t.Errorf("%s: %d changes", name, n)
		}
	}
}

// TestOrderFromNoteToRefund takes one order through everything.
func TestOrderFromNoteToRefund(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	ctx := t.Context()
	o := id(server.AddSale(true).ID)
	must(t, e.AddOrderNote(ctx, o, catalog.NoteInput{Text: "Ring twice"}, noOptions))
	must(t, e.AddOrderNote(ctx, o, catalog.NoteInput{Text: "It is on its way", ForShopper: true}, noOptions))
	order, err := e.Order(ctx, o)
	must(t, err)
	first, second := order.LineItems[0].ID, order.LineItems[1].ID
	shipped, err := e.Fulfill(ctx, o, catalog.FulfillRequest{Lines: []catalog.FulfillmentLine{{LineItemID: first, Quantity: catalog.NewQuantity(2)}},
		Tracking: []catalog.Tracking{{Company: "dhl", Number: "1Z"}, {Number: "2Z"}}}, noOptions)
	must(t, err)
	if len(shipped) != 1 || len(shipped[0].Tracking) != 2 || shipped[0].LocationID != "default" || len(shipped[0].Lines) != 1 || shipped[0].CreatedAt.IsZero() {
		t.Errorf("%+v", shipped)
	}
	must(t, e.UpdateTracking(ctx, o, shipped[0].ID, []catalog.Tracking{{Company: "dhl", Number: "1Z"}, {Company: "Aramex", Number: "3Z"}}, false, noOptions))
	if got := actions(server); !slices.Equal(got[len(got)-2:], []string{"track.create", "track.delete"}) {
		t.Errorf("changes: %v", got)
	}
	refuses(t, "a shipment of another order", e.UpdateTracking(ctx, id(server.AddSale(true).ID), shipped[0].ID, nil, false, noOptions), catalog.ErrNotFound)
	if _, err = e.Fulfill(ctx, o, catalog.FulfillRequest{}, noOptions); err != nil {
		t.Fatal(err)
	}
	_, err = e.Fulfill(ctx, o, catalog.FulfillRequest{}, noOptions)
	refuses(t, "shipping what is shipped", err, catalog.ErrConflict)
	refuses(t, "cancelling what is shipped", e.CancelOrder(ctx, o, catalog.CancelRequest{}, noOptions), catalog.ErrConflict)
	r, err := e.Refund(ctx, o, catalog.RefundRequest{Lines: []catalog.FulfillmentLine{{LineItemID: second, Quantity: catalog.NewQuantity(1)}}, Restock: true, Note: "broken"}, noOptions)
	must(t, err)
	if r.Note != "broken" || len(r.Lines) != 1 || r.Lines[0].LineItemID != second || r.Total.Store.Sign() <= 0 {
		t.Errorf("%+v", r)
	}
	order, err = e.Order(ctx, o)
	must(t, err)
	left, err := order.Total.Store.Add(catalog.Money{})
	must(t, err)
	rest := left.Decimal().Sub(order.Refunded.Store.Decimal())
	more, err := catalog.MoneyFromDecimal(rest.Add(sar(t, "0.01").Decimal()), "SAR")
	must(t, err)
	_, err = e.Refund(ctx, o, catalog.RefundRequest{Amount: more}, noOptions)
	refuses(t, "more than is left", err, catalog.ErrInvalid)
	all, err := catalog.MoneyFromDecimal(rest, "SAR")
	must(t, err)
	_, err = e.Refund(ctx, o, catalog.RefundRequest{Amount: all}, noOptions)
	must(t, err)
	order, err = e.Order(ctx, o)
	must(t, err)
	if order.Payment != catalog.PaymentRefunded || order.Fulfillment != catalog.FulfillmentDone || len(order.Fulfillments) != 2 || len(order.Refunds) != 2 || order.Refunds[0].Note != "broken" {
		t.Errorf("%+v", order)
	}
	history, err := catalog.Collect(e.OrderHistory(ctx, o))
	must(t, err)
	if !slices.ContainsFunc(history, func(h catalog.HistoryEntry) bool { return h.ForShopper && h.Text == "It is on its way" }) {
		t.Errorf("%+v", history)
	}
}
