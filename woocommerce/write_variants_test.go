package woocommerce_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

func shirts(skus ...string) catalog.ProductInput {
	in := catalog.ProductInput{Title: "Shirt", Vendor: "Acme", Tags: []string{"new"}, Images: []catalog.ImageInput{{URL: "https://example.com/shirt.jpg", Alt: "A shirt"}}}
	for i, sku := range skus {
		in.Variants = append(in.Variants, catalog.VariantInput{SKU: sku, Price: amount("10", "SAR"), CompareAtPrice: amount("12", "SAR"), Tracked: true,
			Weight: catalog.Weight{Value: "200", Unit: "g"}, Options: []catalog.OptionValue{{Name: "Size", Value: "S" + id(int64(i+1))}}})
	}
	return in
}

// TestCreatingVariants: a product and, in calls of a hundred, its variations.
func TestCreatingVariants(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	var skus []string
	for i := range 120 {
		skus = append(skus, "SHIRT-"+id(int64(i+1)))
	}
	p, err := e.CreateProduct(t.Context(), shirts(skus...), noOptions)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Variants) != 120 || p.Vendor != "Acme" || len(p.Images) != 1 || p.Images[0].Alt != "A shirt" || len(p.Options) != 1 || len(p.Options[0].Values) != 120 {
		t.Fatalf("%d variants of %s, %v", len(p.Variants), p.Vendor, p.Images)
	}
	for i, v := range p.Variants {
		if v.SKU != skus[i] || !same(v.Price, "10") || !same(v.CompareAtPrice, "12") || !v.Tracked || v.Weight != (catalog.Weight{Value: "0.2", Unit: "kg"}) {
			t.Fatalf("variant %d is %+v", i, v)
		}
	}
	if n := len(server.Product(mustID(t, p.ID)).Variations); n != 120 {
		t.Errorf("%d variations", n)
	}
}

// TestAProductIsCreatedWholeOrNotAtAll: of one whose second variation is refused
// nothing stays.
func TestAProductIsCreatedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	addSimple(server, func(p *woocommercetest.Product) { p.SKU = "TAKEN" })
	_, err := e.CreateProduct(t.Context(), shirts("A", "TAKEN"), noOptions)
	if failed, ok := errors.AsType[*catalog.Error](err); !ok || failed.Kind != catalog.ErrInvalid || failed.Code != "product_invalid_sku" || failed.Hint != "" {
		t.Errorf("got %v", err)
	}
	if n := len(server.Products()) + len(server.TrashedProducts()); n != 1 {
		t.Errorf("%d products are left, want 1", n)
	}
	// Nor can it be undone: the error names what is left.
	server.Inject(woocommercetest.Firewall(403).On(http.MethodDelete, "/products/*").Repeat(-1))
	_, err = e.CreateProduct(t.Context(), shirts("A", "TAKEN"), noOptions)
	refusedAs(t, err, catalog.ErrOutcomeUnknown, "was created, perhaps without its variations")
	server.ClearFaults()
	confirmed(t, err, catalog.OutcomeUnknown)
	// The variations' answer is lost: that is done, or for somebody to look at.
	server.Inject(woocommercetest.Fault{Method: http.MethodPost, Path: "/products/*/variations/batch", Cut: woocommercetest.CutBefore})
	_, err = e.CreateProduct(t.Context(), shirts("B", "C"), noOptions)
	confirmed(t, err, catalog.OutcomeDone)
	server.Inject(woocommercetest.Fault{Method: http.MethodPost, Path: "/products/*/variations/batch", Cut: woocommercetest.CutRequest})
	_, err = e.CreateProduct(t.Context(), shirts("D", "E"), noOptions)
	confirmed(t, err, catalog.OutcomeUnknown)
	if !strings.Contains(err.Error(), "was created, perhaps") {
		t.Errorf("%v does not name the product that is left", err)
	}
}

// TestNewProductsThatMakeNoSense are refused before anything is sent.
func TestNewProductsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	choice := func(name, value string) []catalog.OptionValue {
		return []catalog.OptionValue{{Name: name, Value: value}}
	}
	for name, in := range map[string]catalog.ProductInput{
		"options without variants":    {Title: "x", Options: []catalog.Option{{Name: "Size", Values: []string{"S"}}}},
		"variants without options":    {Title: "x", Variants: []catalog.VariantInput{{SKU: "a"}, {SKU: "b"}}},
		"an option it does not have":  {Title: "x", Options: []catalog.Option{{Name: "Size", Values: []string{"S"}}}, Variants: []catalog.VariantInput{{Options: choice("Colour", "Red")}}},
		"two values in one":           {Title: "x", Variants: []catalog.VariantInput{{Options: choice("Size", "S|M")}}},
		"a value of nothing":          {Title: "x", Variants: []catalog.VariantInput{{Options: choice("Size", " ")}}},
		"a barcode the store mangles": {Title: "x", Variants: []catalog.VariantInput{{Barcode: "628 000"}}},
		"a picture of no address":     {Title: "x", Images: []catalog.ImageInput{{URL: "shirt.jpg"}}},
		"a weight in stones":          {Title: "x", Variants: []catalog.VariantInput{{Weight: catalog.Weight{Value: "1", Unit: "st"}}}},
		"a sale above the price":      {Title: "x", Variants: []catalog.VariantInput{{Price: amount("2", "SAR"), CompareAtPrice: amount("1", "SAR")}}},
	} {
		if _, err := e.CreateProduct(t.Context(), in, noOptions); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, in := range map[string]catalog.ProductInput{
		"a type of another kind": {Title: "x", Type: "variable"}, "a cost": {Title: "x", Variants: []catalog.VariantInput{{Cost: amount("1", "SAR")}}}, "the trash": {Title: "x", Status: catalog.ProductArchived},
	} {
		if _, err := e.CreateProduct(t.Context(), in, noOptions); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(sentTo(t, server)); n > 0 {
		t.Errorf("%d were sent", n)
	}
}

// TestSeveralVariations change in one call; those that are refused are named.
func TestSeveralVariations(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := withVariations(server, 3, false)
	taken := addSimple(server, func(p *woocommercetest.Product) { p.SKU = "TAKEN" })
	sku := func(n int, text string) catalog.VariantPatch {
		return catalog.VariantPatch{ID: id(p.Variations[n].ID), SKU: catalog.Set(text)}
	}
	patch := catalog.ProductPatch{Title: catalog.Set("Shirts"), Variants: []catalog.VariantPatch{sku(0, "A"), sku(1, "TAKEN"), sku(2, "C")}}
	_, err := e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions)
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok || failed.Kind != catalog.ErrInvalid || len(failed.Fields) != 1 || failed.Fields[0].Field != "Variants.1" || !strings.Contains(failed.Hint, "variants were changed") {
		t.Fatalf("got %v", err)
	}
	now := server.Product(p.ID)
	if now.Variations[0].SKU != "A" || now.Variations[1].SKU != "" || now.Variations[2].SKU != "C" || now.Name != "Shirt" {
		t.Errorf("%s with %q, %q and %q", now.Name, now.Variations[0].SKU, now.Variations[1].SKU, now.Variations[2].SKU)
	}
	patch.Variants[1].SKU = catalog.Set("B")
	got, err := e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions)
	if err != nil || got.Title != "Shirts" || got.Variants[1].SKU != "B" {
		t.Errorf("%s, %v", got.Title, err)
	}
	// A variation of another product, and a product's variation as a product.
	_, err = e.UpdateProduct(t.Context(), id(taken.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{sku(0, "Z")}}, noOptions)
	refusedAs(t, err, catalog.ErrNotFound, "no variant")
	_, err = e.UpdateProduct(t.Context(), id(p.Variations[0].ID), catalog.ProductPatch{Title: catalog.Set("x")}, noOptions)
	refusedAs(t, err, catalog.ErrNotFound, "update the product it belongs to, "+id(p.ID))
	_, err = e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: id(p.ID), Price: catalog.Set(amount("1", "SAR"))}}}, noOptions)
	refusedAs(t, err, catalog.ErrInvalid, "in others")
}

// TestALostCallIsNotToldAsRefused: of what comes after the variations nothing is
// certain when its answer is lost.
func TestALostCallIsNotToldAsRefused(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := withVariations(server, 2, false)
	patch := catalog.ProductPatch{Title: catalog.Set("Mug"), Variants: []catalog.VariantPatch{{ID: id(p.Variations[0].ID), SKU: catalog.Set("X-1")}}}
	server.Inject(woocommercetest.Disconnect(woocommercetest.CutBefore).On(http.MethodPost, "/products/*"))
	_, err := e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions)
	confirmed(t, err, catalog.OutcomeDone)
	if strings.Contains(err.Error(), "were not") || !strings.Contains(err.Error(), "Confirm") {
		t.Errorf("got %v", err)
	}
}

// TestAValueOfNoVariantIsOneToo: the store would cut it in two.
func TestAValueOfNoVariantIsOneToo(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	in := shirts("A")
	in.Options = []catalog.Option{{Name: "Size", Values: []string{"S1", "M|L"}}}
	_, err := e.CreateProduct(t.Context(), in, noOptions)
	refusedAs(t, err, catalog.ErrInvalid, "separates values")
	if n := len(server.Products()); n > 0 {
		t.Errorf("%d products were made", n)
	}
}
