package salla_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// TestPricesAreListAndSale: what shoppers pay and the crossed-out price are
// written as Salla keeps them, and neither moves the other.
func TestPricesAreListAndSale(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	price := func(amount string) catalog.Field[catalog.Money] { return catalog.Set(money(t, amount)) }
	none := catalog.Set(catalog.Money{})
	for name, p := range map[string]*sallatest.Product{"a product": simple(t, server), "a variant": varied(t, server)} {
		before, err := e.Product(t.Context(), id(p.ID))
		if err != nil {
			t.Fatal(err)
		}
		variant := before.Variants[0].ID
		for _, step := range []struct {
			price, compare catalog.Field[catalog.Money]
			kind           catalog.Kind
			want           string
		}{
			{price("80"), price("100"), "", "80.00 100.00"},
			{price("70"), catalog.Field[catalog.Money]{}, "", "70.00 100.00"},
			{catalog.Field[catalog.Money]{}, price("90"), "", "70.00 90.00"},
			{price("95"), catalog.Field[catalog.Money]{}, catalog.ErrInvalid, "70.00 90.00"},
			{price("0"), catalog.Field[catalog.Money]{}, catalog.ErrInvalid, "70.00 90.00"},
			{none, catalog.Field[catalog.Money]{}, catalog.ErrInvalid, "70.00 90.00"},
			{catalog.Field[catalog.Money]{}, none, "", "70.00 "},
			{price("95.05"), catalog.Field[catalog.Money]{}, "", "95.05 "},
			{catalog.Field[catalog.Money]{}, price("95.05"), catalog.ErrInvalid, "95.05 "},
			{price("0"), none, "", "0.00 "},
		} {
			_, err := e.UpdateProduct(t.Context(), before.ID, catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: variant, Price: step.price, CompareAtPrice: step.compare}}}, noOptions)
			if catalog.KindOf(err) != step.kind {
				t.Errorf("%s to %s: %v", name, step.want, err)
			}
			after, err := e.Product(t.Context(), before.ID)
			if err != nil {
				t.Fatal(err)
			}
			v := after.Variants[0]
			if got := written(v.Price) + " " + written(v.CompareAtPrice); got != step.want {
				t.Errorf("%s: prices are %q, want %q", name, got, step.want)
			}
		}
	}
}

// written is an amount with two digits; none is "".
func written(m catalog.Money) string {
	if m.IsZero() {
		return ""
	}
	return m.Decimal().StringFixed(2)
}

// TestStockOfAVariantIsCountedByTheBulkCall: nothing else takes it.
func TestStockOfAVariantIsCountedByTheBulkCall(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{QueueRequests: 5})
	p := varied(t, server)
	for _, tracked := range []bool{false, true} {
		patch := catalog.VariantPatch{ID: id(p.Variants[1].ID), Tracked: catalog.Set(tracked)}
		after, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{patch}}, noOptions)
		if err != nil || after.Variants[1].Tracked != tracked || !after.Variants[0].Tracked {
			t.Fatalf("%v: %+v", err, after.Variants)
		}
		if q := after.Variants[1].Quantity; tracked && (q == nil || *q != catalog.NewQuantity(int64(p.Variants[1].Quantity))) {
			t.Errorf("%v are left of %d", q, p.Variants[1].Quantity)
		}
	}
	if n := sent(server, "PUT", "/products/variants/"); n > 0 {
		t.Errorf("%d variants were written for nothing", n)
	}
}

func TestWhatAProductCannotBe(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	one, several := simple(t, server), varied(t, server)
	variant := func(p catalog.VariantPatch, of *sallatest.Product) catalog.ProductPatch {
		p.ID = id(of.ID)
		if len(of.Variants) > 0 {
			p.ID = id(of.Variants[0].ID)
		}
		return catalog.ProductPatch{Variants: []catalog.VariantPatch{p}}
	}
	for name, c := range map[string]struct {
		of    *sallatest.Product
		patch catalog.ProductPatch
		kind  catalog.Kind
	}{
		"another type":              {one, catalog.ProductPatch{Type: catalog.Set("digital")}, catalog.ErrUnsupported},
		"no brand":                  {one, catalog.ProductPatch{Vendor: catalog.Set("")}, catalog.ErrUnsupported},
		"an unknown brand":          {one, catalog.ProductPatch{Vendor: catalog.Set("nobody")}, catalog.ErrInvalid},
		"a draft":                   {one, catalog.ProductPatch{Status: catalog.Set(catalog.ProductDraft)}, catalog.ErrUnsupported},
		"no title":                  {one, catalog.ProductPatch{Title: catalog.Set(" ")}, catalog.ErrInvalid},
		"no cost":                   {one, variant(catalog.VariantPatch{Cost: catalog.Set(catalog.Money{})}, one), catalog.ErrUnsupported},
		"a weight in stones":        {one, variant(catalog.VariantPatch{Weight: catalog.Set(catalog.Weight{Value: "1", Unit: "st"})}, one), catalog.ErrInvalid},
		"a variant in another":      {one, variant(catalog.VariantPatch{SKU: catalog.Set("x")}, several), catalog.ErrNotFound},
		"a variant in another unit": {several, variant(catalog.VariantPatch{Weight: catalog.Set(catalog.Weight{Value: "1", Unit: "lb"})}, several), catalog.ErrUnsupported},
		"a variant of no change":    {several, variant(catalog.VariantPatch{}, several), catalog.ErrInvalid},
	} {
		if _, err := e.UpdateProduct(t.Context(), id(c.of.ID), c.patch, noOptions); catalog.KindOf(err) != c.kind {
			t.Errorf("%s: %v, want %q", name, err, c.kind)
		}
	}
	for name, input := range map[string]catalog.ProductInput{
		"a type of no word":       {Title: "x", Type: "Shirts"},
		"a picture of no address": {Title: "x", Images: []catalog.ImageInput{{URL: "1.jpg"}}},
		"eleven pictures":         {Title: "x", Images: slices.Repeat([]catalog.ImageInput{{URL: "https://cdn.example/1.jpg"}}, 11)},
		"variants of no options":  {Title: "x", Variants: make([]catalog.VariantInput, 2)},
	} {
		if _, err := e.CreateProduct(t.Context(), input, noOptions); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(server.Effects()); n > 0 {
		t.Errorf("%d changes", n)
	}
	_, err := e.CreateProduct(t.Context(), catalog.ProductInput{Title: "x", Variants: []catalog.VariantInput{{SKU: one.SKU}}}, noOptions)
	failed, ok := errors.AsType[*catalog.Error](err)
	if one.SKU == "" || !ok || failed.Kind != catalog.ErrInvalid || len(failed.Fields) != 1 || failed.Fields[0].Field != "sku" {
		t.Errorf("a SKU that is taken: %v", err)
	}
}

// TestALostCallIsNotToldAsRefused: of what comes after the variants nothing is
// certain when its answer is lost.
func TestALostCallIsNotToldAsRefused(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	p := varied(t, server)
	patch := catalog.ProductPatch{Title: catalog.Set("Mug"), Variants: []catalog.VariantPatch{{ID: id(p.Variants[0].ID), SKU: catalog.Set("X-1")}}}
	server.Inject(sallatest.Disconnect(sallatest.CutBefore).On("PUT", "/products/*"))
	_, err := e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions)
	if confirm(t, err) != catalog.OutcomeDone || strings.Contains(err.Error(), "fields not") || !strings.Contains(err.Error(), "Confirm") {
		t.Errorf("got %v", err)
	}
	server.Inject(sallatest.Invalid(nil).On("PUT", "/products/*"))
	if _, err = e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions); !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), "fields not") {
		t.Errorf("got %v", err)
	}
}

// TestOnlyWhatIsQueuedIsWaitedFor: a price that somebody changes meanwhile is not
// in the queue, and no reason to wait for it.
func TestOnlyWhatIsQueuedIsWaitedFor(t *testing.T) {
	t.Parallel()
	server := newServer(t, sallatest.Config{Products: 12, Orders: 3, Customers: 3, Unthrottled: true, PerMinute: 1_000_000})
	p := varied(t, server)
	adapter, err := salla.New(salla.Config{PollInterval: 50 * time.Microsecond, Transport: afterPost(server.Transport(), func() error {
		return server.UpdateProduct(p.ID, func(p *sallatest.Product) { p.Variants[0].SKU = "the merchant's" })
	})})
	must(t, err)
	e := capability[catalog.ProductWriter](t, openStore(t, adapter, server.Store))
	patch := catalog.VariantPatch{ID: id(p.Variants[0].ID), SKU: catalog.Set("ours"), Tracked: catalog.Set(false)}
	after, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{patch}}, noOptions)
	if err != nil || after.Variants[0].Tracked || after.Variants[0].SKU != "the merchant's" {
		t.Errorf("%+v, %v", after.Variants, err)
	}
}

// TestCountingManyVariantsTakesSeveralCalls: a call has up to a hundred rows.
func TestCountingManyVariantsTakesSeveralCalls(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	in := catalog.ProductInput{Title: "Shirt", Options: []catalog.Option{{Name: "Size"}}}
	for n := range int64(101) {
		size := "S" + id(n+1)
		in.Options[0].Values = append(in.Options[0].Values, size)
		in.Variants = append(in.Variants, catalog.VariantInput{Price: money(t, "10"), Tracked: true, Options: []catalog.OptionValue{{Name: "Size", Value: size}}})
	}
	p, err := e.CreateProduct(t.Context(), in, noOptions)
	if err != nil {
		t.Fatal(err)
	}
	before := sent(server, "POST", "/products/quantities/bulk")
	var patch catalog.ProductPatch
	for _, v := range p.Variants {
		patch.Variants = append(patch.Variants, catalog.VariantPatch{ID: v.ID, Tracked: catalog.Set(false)})
	}
	after, err := e.UpdateProduct(t.Context(), p.ID, patch, noOptions)
	if err != nil || len(after.Variants) != 101 {
		t.Fatalf("%d variants, %v", len(after.Variants), err)
	}
	for _, v := range after.Variants {
		if v.Tracked {
			t.Fatalf("the variant %s is counted", v.ID)
		}
	}
	if n := sent(server, "POST", "/products/quantities/bulk") - before; n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
}
