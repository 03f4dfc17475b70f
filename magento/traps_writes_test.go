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

// TestTrapCreatingOverAProductChangesIt: Magento takes a POST with a SKU that is
// there as a change of that product, and adds a number to one that is renamed.
func TestTrapCreatingOverAProductChangesIt(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	p := server.AddProduct(magentotest.Product{SKU: "Taken", Name: "Old", Price: "10"})
	other := server.AddProduct(magentotest.Product{SKU: "Other", Name: "Other", Price: "10"})
	_, err := e.CreateProduct(t.Context(), catalog.ProductInput{Title: "New", Variants: []catalog.VariantInput{{SKU: "taken", Price: sar(t, "1")}}}, noOptions)
	refuses(t, "creating over it", err, catalog.ErrConflict)
	_, err = e.UpdateProduct(t.Context(), id(other.ID), catalog.ProductPatch{Title: catalog.Set("x"), Variants: []catalog.VariantPatch{{ID: id(other.ID), SKU: catalog.Set("TAKEN")}}}, noOptions)
	refuses(t, "renaming to it", err, catalog.ErrConflict)
	if n := server.Effects(); len(n) > 0 || server.Product(p.ID).Name != "Old" {
		t.Errorf("changes: %+v", n)
	}
	// In other letters it is its own.
	if _, err = e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: id(p.ID), SKU: catalog.Set("TAKEN")}}}, noOptions); err != nil || server.Product(p.ID).SKU != "TAKEN" {
		t.Errorf("%v, the SKU is %q", err, server.Product(p.ID).SKU)
	}
}

// TestTrapProductsAreWrittenForAllViews: written in a view, values would be that
// view's alone from then on.
func TestTrapProductsAreWrittenForAllViews(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{}, "store_view", "ar")
	p := server.AddProduct(magentotest.Product{SKU: "V", Name: "Coffee", Price: "10", Scoped: map[string]map[string]string{"ar": {"name": "قهوة"}}})
	got, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Title: catalog.Set("Dark coffee"), Description: catalog.Set("new")}, noOptions)
	must(t, err)
	now := server.Product(p.ID)
	if now.Name != "Dark coffee" || now.Scoped["ar"]["name"] != "قهوة" || len(now.Scoped["ar"]) != 1 || got.Title != "قهوة" || got.Description != "new" {
		t.Errorf("%+v, returned %q %q", now, got.Title, got.Description)
	}
	// An answer that is lost is looked for in the same scope.
	server.Inject(magentotest.Disconnect(magentotest.CutBefore).On("POST", "/V1/products"))
	_, err = e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Title: catalog.Set("Light coffee")}, noOptions)
	lost, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok {
		t.Fatal(err)
	}
	if found, err := lost.Confirm(t.Context()); err != nil || found != catalog.OutcomeDone {
		t.Errorf("Confirm says %s, %v", found, err)
	}
}

// TestTrapValuesOfListsHaveNumbers: a new one is known by its name at once, in
// every view, and of a product's own options too.
func TestTrapValuesOfListsHaveNumbers(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{}, "store_view", "ar")
	p := server.AddProduct(magentotest.Product{SKU: "L", Name: "L", Price: "10"})
	for _, vendor := range []string{"Zara", "Ibn al-Haytham & sons", ""} { // one that is there first, so that the list is remembered
		got, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Vendor: catalog.Set(vendor)}, noOptions)
		if err != nil || got.Vendor != vendor {
			t.Errorf("%v, the vendor is %q, want %q", err, got.Vendor, vendor)
		}
	}
	for _, color := range []string{"Black", "Saffron"} {
		got, err := e.CreateProduct(t.Context(), catalog.ProductInput{Title: color, Type: "configurable", Options: []catalog.Option{{Name: "Color"}},
			Variants: []catalog.VariantInput{{SKU: "L-" + color, Price: sar(t, "1"), Options: []catalog.OptionValue{{Name: "Color", Value: color}}}}}, noOptions)
		if err != nil || len(got.Variants) != 1 || got.Variants[0].Title != color {
			t.Errorf("%v %+v", err, got.Variants)
		}
	}
	// Options of the only variant are options all the same.
	got, err := e.CreateProduct(t.Context(), catalog.ProductInput{Title: "One", Variants: []catalog.VariantInput{{SKU: "O", Price: sar(t, "1"), Options: []catalog.OptionValue{{Name: "Color", Value: "White"}}}}}, noOptions)
	if err != nil || got.Type != "configurable" {
		t.Errorf("%v %+v", err, got)
	}
	_, err = e.CreateProduct(t.Context(), catalog.ProductInput{Title: "x", Type: "virtual", Options: []catalog.Option{{Name: "Color"}}, Variants: []catalog.VariantInput{{SKU: "X", Price: sar(t, "1")}}}, noOptions)
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a virtual product with options: %v", err)
	}
	_, err = e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Status: catalog.Set(catalog.ProductStatus(""))}, noOptions)
	refuses(t, "no status", err, catalog.ErrInvalid)
}

// TestTrapPricesAndOffers: what is paid may be a special price, which holds for
// some days.
func TestTrapPricesAndOffers(t *testing.T) {
	t.Parallel()
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format("2006-01-02 00:00:00") }
	none := catalog.Set(catalog.Money{})
	set := func(amount string) catalog.Field[catalog.Money] { return catalog.Set(sar(t, amount)) }
	for name, c := range map[string]struct {
		special, from, to        string // beside a price of 20
		price, compare           catalog.Field[catalog.Money]
		wantPrice, wantSpecial   string // "" = refused
		paid, comparedTo, remain string
	}{
		"a price":                              {price: set("25"), wantPrice: "25", paid: "25"},
		"a price below an offer's":             {special: "15", price: set("12"), wantPrice: "20", wantSpecial: "12", paid: "12", comparedTo: "20"},
		"a price above the one compared":       {special: "15", price: set("25")},
		"a price where the offer is over":      {special: "15", from: day(-9), to: day(-2), price: set("25"), wantPrice: "25", wantSpecial: "15", paid: "25"},
		"a price where the offer will be":      {special: "15", from: day(3), price: set("25"), wantPrice: "25", wantSpecial: "15", paid: "25"},
		"a price that an idle offer undercuts": {special: "22", price: set("25"), wantPrice: "25", paid: "25"},
		"a new offer":                          {compare: set("30"), wantPrice: "30", wantSpecial: "20", paid: "20", comparedTo: "30"},
		"a new offer after one that is over":   {special: "15", from: day(-9), to: day(-2), price: set("10"), compare: set("30"), wantPrice: "30", wantSpecial: "10", paid: "10", comparedTo: "30"},
		"an offer that is none":                {price: set("30"), compare: set("30")},
		"the end of an offer":                  {special: "15", compare: none, wantPrice: "15", paid: "15"},
		"the end of an offer at a price":       {special: "15", price: set("18"), compare: none, wantPrice: "18", paid: "18"},
		"no offer where there is none":         {compare: none, wantPrice: "20", paid: "20"},
		"no price":                             {price: none},
		"a price in five digits":               {price: set("1.00005")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, magentotest.Config{})
			p := server.AddProduct(magentotest.Product{SKU: "P", Name: "P", Price: "20"})
			must(t, server.UpdateProduct(p.ID, func(p *magentotest.Product) {
				for code, value := range map[string]string{"special_price": c.special, "special_from_date": c.from, "special_to_date": c.to} {
					if value != "" {
						p.SetAttribute(code, value)
					}
				}
			}))
			got, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: id(p.ID), Price: c.price, CompareAtPrice: c.compare}}}, noOptions)
			if c.wantPrice == "" {
				refuses(t, name, err, catalog.ErrInvalid)
				return
			}
			must(t, err)
			now, v := server.Product(p.ID), got.Variants[0]
			if now.Price != c.wantPrice || strings.TrimSuffix(now.Attribute("special_price"), ".000000") != c.wantSpecial {
				t.Errorf("price %q, special price %q; want %q and %q", now.Price, now.Attribute("special_price"), c.wantPrice, c.wantSpecial)
			}
			if !v.Price.Equal(sar(t, c.paid)) || v.CompareAtPrice.IsZero() != (c.comparedTo == "") || c.comparedTo != "" && !v.CompareAtPrice.Equal(sar(t, c.comparedTo)) {
				t.Errorf("paid is %s, compared with %s; want %s and %q", v.Price, v.CompareAtPrice, c.paid, c.comparedTo)
			}
		})
	}
}

// TestTrapWhetherStockIsCounted: it is no field of the product, where it would
// stand for all of the stock.
func TestTrapWhetherStockIsCounted(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	p := server.AddProduct(magentotest.Product{SKU: "T/1", Name: "T", Price: "20"})
	server.SetStock("T/1", "default", "7")
	patch := catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: id(p.ID), Tracked: catalog.Set(false)}}}
	_, err := e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions)
	must(t, err)
	if got := actions(server); !slices.Equal(got, []string{"stock.manage"}) || !server.Product(p.ID).Unmanaged {
		t.Errorf("changes: %v", got)
	}
	patch.Variants[0].Tracked = catalog.Set(true)
	for _, cut := range []magentotest.Cut{magentotest.CutUnread, magentotest.CutBefore} {
		server.Inject(magentotest.Disconnect(cut).On("PUT", "/V1/products/*/stockItems/*"))
		_, err = e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions)
		lost, ok := errors.AsType[*catalog.OutcomeError](err)
		if !ok {
			t.Fatal(err)
		}
		found, err := lost.Confirm(t.Context())
		if want := map[bool]catalog.Outcome{true: catalog.OutcomeNotDone, false: catalog.OutcomeDone}[server.Product(p.ID).Unmanaged]; err != nil || found != want {
			t.Errorf("Confirm says %s, %v; want %s", found, err, want)
		}
	}
}

// TestTrapARefusedProductLeavesNoVariants: they are products of their own, made
// before the one they belong to.
func TestTrapARefusedProductLeavesNoVariants(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	input := catalog.ProductInput{Title: "Shirt", Options: []catalog.Option{{Name: "Size"}}, Variants: []catalog.VariantInput{
		{SKU: "S-1", Price: sar(t, "1"), Options: []catalog.OptionValue{{Name: "Size", Value: "S"}}}, {SKU: "S-2", Price: sar(t, "1"), Options: []catalog.OptionValue{{Name: "Size", Value: "M"}}}}}
	before := len(server.Products())
	server.Inject(magentotest.Invalid("URL key for specified store already exists.").On("POST", "/V1/products").Following(2))
	_, err := e.CreateProduct(t.Context(), input, noOptions)
	refuses(t, "the product", err, catalog.ErrInvalid)
	if n := len(server.Products()); n != before {
		t.Errorf("%d products are left of it", n-before)
	}
	// Where one cannot be taken back, the error names it.
	server.Inject(magentotest.Invalid("URL key for specified store already exists.").On("POST", "/V1/products").Following(2))
	server.Inject(magentotest.ServerError(500).On("DELETE", "/V1/products/*"))
	_, err = e.CreateProduct(t.Context(), input, noOptions)
	if err == nil || !strings.Contains(err.Error(), "S-1 S-2") {
		t.Errorf("%v does not name what is left", err)
	}
	// A lost answer is confirmed by what is there: the product's SKU is its own.
	input.Variants[0].SKU, input.Variants[1].SKU = "U-1", "U-2"
	for skip, want := range []catalog.Outcome{catalog.OutcomeUnknown, catalog.OutcomeUnknown, catalog.OutcomeDone} {
		input.Variants[0].SKU += "x"
		input.Variants[1].SKU += "x"
		server.Inject(magentotest.Disconnect(magentotest.CutBefore).On("POST", "/V1/products").Following(skip))
		_, err = e.CreateProduct(t.Context(), input, noOptions)
		lost, ok := errors.AsType[*catalog.OutcomeError](err)
		if !ok {
			t.Fatal(err)
		}
		if found, err := lost.Confirm(t.Context()); err != nil || found != want {
			t.Errorf("with answer %d lost Confirm says %s, %v; want %s", skip, found, err, want)
		}
	}
}

// TestTrapCustomersKeepTheirAddresses: a list of addresses would replace them,
// and a change needs who the customer is.
func TestTrapCustomersKeepTheirAddresses(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	var with *magentotest.Customer
	for _, c := range server.Customers() {
		if len(c.Addresses) > 0 {
			with = c
		}
	}
	got, err := e.UpdateCustomer(t.Context(), id(with.ID), catalog.CustomerPatch{LastName: catalog.Set("Ali")}, noOptions)
	must(t, err)
	now := server.Customer(with.ID)
	if now.LastName != "Ali" || now.FirstName != with.FirstName || now.Email != with.Email || now.GroupID != with.GroupID || len(now.Addresses) != len(with.Addresses) ||
		now.DefaultBilling != with.DefaultBilling || now.Birthday != with.Birthday || got.LastName != "Ali" || len(got.Addresses) != len(with.Addresses) {
		t.Errorf("%+v\nbecame\n%+v", with, now)
	}
	for name, patch := range map[string]catalog.CustomerPatch{"no name": {FirstName: catalog.Set(" ")}, "no address": {Email: catalog.Set("nobody")}} {
		_, err := e.UpdateCustomer(t.Context(), id(with.ID), patch, noOptions)
		refuses(t, name, err, catalog.ErrInvalid)
	}
}

// TestTrapSubscriptionsHaveNoOwner: those below the app's address are its own.
func TestTrapSubscriptionsHaveNoOwner(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	theirs := server.AddForeignSubscription(magentotest.Subscription{Event: "sales.order.created", URL: "https://app.example.com/webhooks", Active: true})
	off := server.AddForeignSubscription(magentotest.Subscription{Event: "customer.created", URL: webhooksAt + "a"})
	server.UpdateSubscription(off.ID, func(s *magentotest.Subscription) { s.Active = false })
	wanted := []catalog.Subscription{{Topic: "customer.created", URL: webhooksAt + "a"}, {Topic: "sales.order.created", URL: webhooksAt + "b", Secret: catalog.NewSecret("own-secret-of-this")}}
	changes, err := e.EnsureSubscriptions(t.Context(), wanted)
	if err != nil || len(changes.Created) != 1 || len(changes.Updated) != 1 || changes.Updated[0].ID != id(off.ID) || !changes.Updated[0].Active {
		t.Errorf("%v %+v", err, changes)
	}
	for _, s := range server.Subscriptions() {
		if s.ID == theirs.ID && s != theirs {
			t.Errorf("somebody else's became %+v", s)
		}
		if s.Event == "sales.order.created" && s.ID != theirs.ID && s.Token != "own-secret-of-this" {
			t.Errorf("signed with %q", s.Token)
		}
	}
	if all, err := e.Subscriptions(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("%v %+v", err, all)
	}
	for name, s := range map[string]catalog.Subscription{"elsewhere": {Topic: "customer.created", URL: "https://other.example.com/x"}, "no event": {Topic: "orders/create", URL: webhooksAt}} {
		_, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{s})
		refuses(t, name, err, catalog.ErrInvalid)
	}
}

// TestTrapSubscriptionsAreAModules: shops without it, and other schemes, have
// none to manage.
func TestTrapSubscriptionsAreAModules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server magentotest.Config
		config magento.Config
		want   error
	}{
		"a shop without the module": {magentotest.Config{Edition: magentotest.Commerce}, magento.Config{WebhookURL: webhooksAt}, errors.ErrUnsupported},
		"another scheme":            {magentotest.Config{}, magento.Config{WebhookURL: webhooksAt, WebhookScheme: magento.SchemeStandard}, errors.ErrUnsupported},
		"no address of the app":     {magentotest.Config{}, magento.Config{}, catalog.ErrInvalid},
	} {
		c.server.Products, c.server.Orders, c.server.Customers = -1, -1, -1
		server := magentotest.NewServer(&c.server) // what it lacks is asked for on purpose
		t.Cleanup(server.Close)
		e := as[catalog.Subscriber](t, openStore(t, newAdapter(t, server, c.config), server))
		if _, err := e.Subscriptions(t.Context()); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := e.EnsureSubscriptions(t.Context(), nil); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
