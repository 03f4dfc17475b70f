package transport_test

import (
	"slices"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

func TestWhatWasWrittenIsKnownAgain(t *testing.T) {
	t.Parallel()
	amount := func(text string) catalog.Money {
		m, err := catalog.NewMoney(text, "SAR")
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	none := catalog.Money{}
	for name, is := range map[string]struct{ got, want bool }{
		"a text that is not named":    {transport.HasText(catalog.Field[string]{}, "x"), true},
		"a text":                      {transport.HasText(catalog.Set(" x"), "x "), true},
		"another text":                {transport.HasText(catalog.Set("x"), "y"), false},
		"an emptied text":             {transport.HasText(catalog.Set(""), "x"), false},
		"an amount that is not":       {transport.HasMoney(catalog.Field[catalog.Money]{}, amount("1")), true},
		"an amount":                   {transport.HasMoney(catalog.Set(amount("1.5")), amount("1.50")), true},
		"another amount":              {transport.HasMoney(catalog.Set(amount("1.5")), amount("1.51")), false},
		"an emptied amount":           {transport.HasMoney(catalog.Set(none), none), true},
		"an emptied amount that is":   {transport.HasMoney(catalog.Set(none), amount("0")), false},
		"a weight":                    {transport.SameWeight(catalog.Weight{Value: "0.250", Unit: "kg"}, catalog.Weight{Value: "0.25", Unit: "kg"}), true},
		"a weight in another unit":    {transport.SameWeight(catalog.Weight{Value: "1", Unit: "kg"}, catalog.Weight{Value: "1", Unit: "g"}), false},
		"no weight":                   {transport.SameWeight(catalog.Weight{}, catalog.Weight{Value: "0.0", Unit: "kg"}), true},
		"HTML":                        {transport.SameHTML("<p>Tom &amp; Jerry</p>", "<div> Tom\n& <b>Jerry</b></div>"), true},
		"HTML that says other things": {transport.SameHTML("<p>Tom</p>", "<p>Jerry</p>"), false},
	} {
		if is.got != is.want {
			t.Errorf("%s: %t", name, is.got)
		}
	}
}

func TestSameNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a, b []string
		want bool
	}{
		"none and empty ones":    {nil, []string{"", " "}, true},
		"order, case and blanks": {[]string{" New ", "قهوة", "x"}, []string{"X", "new", "قهوة"}, true},
		"repetitions":            {[]string{"a", "A", "b"}, []string{"b", "a"}, true},
		"one more":               {[]string{"a"}, []string{"a", "b"}, false},
		"another":                {[]string{"a"}, []string{"b"}, false},
	} {
		given := slices.Clone(c.a)
		if got := transport.SameNames(c.a, c.b); got != c.want || !slices.Equal(given, c.a) {
			t.Errorf("%s: %t, want %t; the list is now %q", name, got, c.want, c.a)
		}
	}
}

func TestHasVariantHoldsEachNamedField(t *testing.T) {
	t.Parallel()
	price, err := catalog.NewMoney("12.50", "SAR")
	if err != nil {
		t.Fatal(err)
	}
	v := catalog.Variant{SKU: "A", Barcode: "628", Price: price, Tracked: true, Weight: catalog.Weight{Value: "0.5", Unit: "kg"}}
	other, err := catalog.NewMoney("13", "SAR")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		patch catalog.VariantPatch
		want  bool
	}{
		"nothing":      {catalog.VariantPatch{}, true},
		"all as it is": {catalog.VariantPatch{SKU: catalog.Set("A"), Barcode: catalog.Set("628"), Price: catalog.Set(price), Tracked: catalog.Set(true), Weight: catalog.Set(catalog.Weight{Value: "0.50", Unit: "kg"})}, true},
		"SKU":          {catalog.VariantPatch{SKU: catalog.Set("B")}, false},
		"barcode":      {catalog.VariantPatch{Barcode: catalog.Set("")}, false},
		"price":        {catalog.VariantPatch{Price: catalog.Set(other)}, false},
		"compare-at":   {catalog.VariantPatch{CompareAtPrice: catalog.Set(other)}, false},
		"cost":         {catalog.VariantPatch{Cost: catalog.Set(other)}, false},
		"tracked":      {catalog.VariantPatch{Tracked: catalog.Set(false)}, false},
		"weight":       {catalog.VariantPatch{Weight: catalog.Set(catalog.Weight{Value: "0.5", Unit: "g"})}, false},
	} {
		if got := transport.HasVariant(c.patch, v); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
