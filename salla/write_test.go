package salla_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

var noOptions catalog.WriteOptions

// writer opens an engine on a store of a few records that looks at what is
// queued without waiting.
func writer(t testing.TB, config sallatest.Config) (*sallatest.Server, *salla.Engine) {
	t.Helper()
	if config.Products == 0 {
		config.Products, config.Orders, config.Customers = 12, 3, 3
	}
	config.Unthrottled, config.PerMinute = true, 1_000_000
	server := newServer(t, config)
	engine, ok := catalog.As[*salla.Engine](openStore(t, newAdapter(t, server, salla.Config{PollInterval: 50 * time.Microsecond}), server.Store))
	if !ok {
		t.Fatal("the engine is no *salla.Engine")
	}
	return server, engine
}

func money(t testing.TB, amount string) catalog.Money {
	t.Helper()
	m, err := catalog.NewMoney(amount, "SAR")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// simple and varied are products of the server without and with options.
func simple(t testing.TB, s *sallatest.Server) *sallatest.Product {
	t.Helper()
	all := s.Products()
	i := slices.IndexFunc(all, func(p *sallatest.Product) bool { return len(p.Variants) == 0 && !p.Unlimited })
	if i < 0 {
		t.Fatal("the server has no product without options")
	}
	return all[i]
}

func varied(t testing.TB, s *sallatest.Server) *sallatest.Product {
	t.Helper()
	all := s.Products()
	i := slices.IndexFunc(all, func(p *sallatest.Product) bool { return len(p.Variants) > 1 && !p.Unlimited })
	if i < 0 {
		t.Fatal("the server has no product with options")
	}
	return all[i]
}

// sent counts the requests of a method whose path begins so.
func sent(s *sallatest.Server, method, path string) (n int) {
	for _, c := range s.Calls() {
		if c.Method == method && strings.HasPrefix(c.Path, "/admin/v2"+path) {
			n++
		}
	}
	return n
}

func confirm(t testing.TB, err error) catalog.Outcome {
	t.Helper()
	found, err := catalogtest.Confirm(t, err)
	if err != nil {
		t.Fatalf("Confirm: %v", err)
	}
	return found
}

func TestCreateProductAsAskedFor(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	brand := ""
	for _, p := range server.Products() {
		if p.Brand != nil {
			brand = p.Brand.Name
		}
	}
	made, err := e.CreateProduct(t.Context(), catalog.ProductInput{
		Title: "قهوة", Description: "<p>سمراء</p>", Vendor: brand, Type: "product", Status: catalog.ProductActive, Tags: []string{" souk ", "souk", "سوق"},
		Variants: []catalog.VariantInput{{SKU: "S-1", Barcode: "6280000000001", Price: money(t, "12.5"), CompareAtPrice: money(t, "20"), Cost: money(t, "5.1"),
			Weight: catalog.Weight{Value: "0.250", Unit: "kg"}}},
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
		if p.Title != "قهوة" || p.Vendor != brand || p.Status != catalog.ProductActive || len(p.Tags) != 2 || len(p.Images) != 1 || len(p.Problems) > 0 ||
			v.SKU != "S-1" || v.Barcode != "6280000000001" || !v.Price.Equal(money(t, "12.50")) || !v.CompareAtPrice.Equal(money(t, "20")) || !v.Cost.Equal(money(t, "5.10")) ||
			v.Tracked || v.Weight != (catalog.Weight{Value: "0.25", Unit: "kg"}) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if n := sent(server, "POST", "/products/tags"); n != 2 {
		t.Errorf("%d tags were made, want 2", n)
	}
	again, err := e.UpdateProduct(t.Context(), made.ID, catalog.ProductPatch{Tags: catalog.Set([]string{"سوق"})}, noOptions)
	if n := sent(server, "POST", "/products/tags"); err != nil || n != 2 || !slices.Equal(again.Tags, []string{"سوق"}) {
		t.Errorf("%v, tags %q; %d were made", err, again.Tags, n)
	}
	if again, err = e.UpdateProduct(t.Context(), made.ID, catalog.ProductPatch{Tags: catalog.Set[[]string](nil)}, noOptions); err != nil || len(again.Tags) > 0 {
		t.Errorf("%v, tags %q", err, again.Tags)
	}
}

// TestANewProductIsHiddenWithoutAPicture: Salla decides, and what is returned
// says so.
func TestANewProductIsHiddenWithoutAPicture(t *testing.T) {
	t.Parallel()
	_, e := writer(t, sallatest.Config{})
	picture := []catalog.ImageInput{{URL: "https://cdn.example/1.jpg"}}
	for name, c := range map[string]struct {
		images  []catalog.ImageInput
		tracked bool
		want    catalog.ProductStatus
	}{
		"no picture":       {nil, false, catalog.ProductHidden},
		"no stock":         {picture, true, catalog.ProductSoldOut},
		"stock is endless": {picture, false, catalog.ProductActive},
	} {
		p, err := e.CreateProduct(t.Context(), catalog.ProductInput{Title: name, Status: catalog.ProductActive, Images: c.images, Variants: []catalog.VariantInput{{Tracked: c.tracked}}}, noOptions)
		if err != nil || p.Status != c.want || p.Variants[0].Tracked != c.tracked {
			t.Errorf("%s: %s, %+v, %v; want %s", name, p.Status, p.Variants, err, c.want)
		}
	}
}

func TestCreateProductWithOptions(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	pick := func(size, roast string) []catalog.OptionValue {
		return []catalog.OptionValue{{Name: "Roast", Value: roast}, {Name: "Size", Value: size}}
	}
	input := catalog.ProductInput{Title: "قهوة", Options: []catalog.Option{{Name: "Size", Values: []string{"S", "L"}}, {Name: "Roast", Values: []string{"dark", "light"}}},
		Variants: []catalog.VariantInput{
			{SKU: "S-D", Barcode: "628", Options: pick("S", "dark"), Price: money(t, "12.5"), CompareAtPrice: money(t, "20"), Cost: money(t, "5.1"), Tracked: true},
			{SKU: "L-L", Options: pick("L", "light"), Price: money(t, "30"), Tracked: true},
			{SKU: "L-D", Options: pick("L", "dark"), Price: money(t, "31"), Tracked: true},
		}}
	if _, err := e.CreateProduct(t.Context(), input, noOptions); !errors.Is(err, errors.ErrUnsupported) || len(server.Effects()) > 0 {
		t.Errorf("three of four combinations: %v", err)
	}
	input.Variants = append(input.Variants, catalog.VariantInput{SKU: "S-L", Options: pick("S", "light"), Price: money(t, "32"), Tracked: true})
	p, err := e.CreateProduct(t.Context(), input, noOptions)
	if err != nil || len(p.Variants) != 4 {
		t.Fatalf("%d variants, %v", len(p.Variants), err)
	}
	for _, want := range input.Variants {
		i := slices.IndexFunc(p.Variants, func(v catalog.Variant) bool { return v.SKU == want.SKU })
		if i < 0 {
			t.Errorf("there is no %s", want.SKU)
			continue
		}
		v := p.Variants[i]
		if !v.Price.Equal(want.Price) || !v.CompareAtPrice.Equal(want.CompareAtPrice) || v.Barcode != want.Barcode || !v.Tracked || v.Title != want.Options[1].Value+" / "+want.Options[0].Value {
			t.Errorf("%s: %+v", want.SKU, v)
		}
	}
}

// TestAProductHalfMadeIsTold: the variants are written after the product, and
// what fails then does not look as if nothing had happened.
func TestAProductHalfMadeIsTold(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	input := catalog.ProductInput{Title: "قهوة", Options: []catalog.Option{{Name: "Size", Values: []string{"S", "L"}}}, Variants: []catalog.VariantInput{
		{SKU: "HALF-S", Options: []catalog.OptionValue{{Name: "Size", Value: "S"}}, Price: money(t, "1")},
		{SKU: "HALF-L", Options: []catalog.OptionValue{{Name: "Size", Value: "L"}}, Price: money(t, "2")}}}
	refusal := sallatest.Invalid(map[string][]string{"sku": {"taken"}}).On("PUT", "/products/variants/*")
	refusal.Skip = 1
	server.Inject(refusal)
	p, err := e.CreateProduct(t.Context(), input, noOptions)
	if !errors.Is(err, catalog.ErrOutcomeUnknown) || p.ID == "" || !strings.Contains(err.Error(), p.ID) || !strings.Contains(err.Error(), "taken") {
		t.Fatalf("product %q, %v", p.ID, err)
	}
	if found := confirm(t, err); found != catalog.OutcomeUnknown {
		t.Errorf("Confirm says %q of half a product", found)
	}
	last := p.Variants[1]
	if _, err := e.UpdateProduct(t.Context(), p.ID, catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: last.ID, SKU: catalog.Set("HALF-L"), Price: catalog.Set(money(t, "2"))}}}, noOptions); err != nil {
		t.Fatal(err)
	}
	if found := confirm(t, err); found != catalog.OutcomeDone {
		t.Errorf("Confirm says %q once it is whole", found)
	}
}

// TestAVariantThatWasNotMadeIsNeverDone: the others may be as asked for from the
// start.
func TestAVariantThatWasNotMadeIsNeverDone(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	input := catalog.ProductInput{Title: "قهوة", Options: []catalog.Option{{Name: "Size", Values: []string{"S", "L"}}}, Variants: []catalog.VariantInput{
		{Options: []catalog.OptionValue{{Name: "Size", Value: "S"}}, Price: money(t, "1")}, {Options: []catalog.OptionValue{{Name: "Size", Value: "L"}}, Price: money(t, "2")}}}
	garbled := sallatest.Replaced("data.options.0.values.1.name", `"XL"`).On("POST", "/products")
	server.Inject(garbled)
	_, err := e.CreateProduct(t.Context(), input, noOptions)
	if !errors.Is(err, catalog.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "did not make the variant L") {
		t.Fatalf("got %v", err)
	}
	if found := confirm(t, err); found != catalog.OutcomeUnknown {
		t.Errorf("Confirm says %q", found)
	}
}
