package catalog_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

func TestParseQuantity(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text, want string
		whole      int64
		exact, bad bool
	}{
		"whole":                {text: "3", want: "3", whole: 3, exact: true},
		"negative":             {text: "-2", want: "-2", whole: -2, exact: true},
		"zero":                 {text: "0.0000", want: "0", exact: true},
		"minus zero":           {text: "-0", want: "0", exact: true},
		"trailing zeros":       {text: "1.5000", want: "1.5", whole: 1},
		"whole with a scale":   {text: "100.0000", want: "100", whole: 100, exact: true},
		"less than one":        {text: "-0.25", want: "-0.25"},
		"nine digits":          {text: "1.123456789", want: "1.123456789", whole: 1},
		"beyond a float":       {text: "9007199254740993", want: "9007199254740993", whole: 9007199254740993, exact: true},
		"largest":              {text: "9223372036854775807", want: "9223372036854775807", whole: 9223372036854775807, exact: true},
		"ten digits":           {text: "1.1234567891", bad: true},
		"too large":            {text: "9223372036854775808", bad: true},
		"too large with scale": {text: "9223372036854775807.5", bad: true},
		"empty":                {text: "", bad: true},
		"exponent":             {text: "1e3", bad: true},
		"comma":                {text: "1,5", bad: true},
		"plus":                 {text: "+1", bad: true},
		"space":                {text: " 1", bad: true},
		"no whole part":        {text: ".5", bad: true},
		"sign in the fraction": {text: "1.-5", bad: true},
		"word":                 {text: "in stock", bad: true},
		"very long":            {text: strings.Repeat("0", 1_000_000), bad: true},
	} {
		q, err := catalog.ParseQuantity(c.text)
		if c.bad {
			if !errors.Is(err, catalog.ErrInvalid) || !q.IsZero() || len(err.Error()) > 200 {
				t.Errorf("%s: got %v, %v; want ErrInvalid", name, q, err)
			}
			continue
		}
		whole, exact := q.Int()
		if err != nil || q.String() != c.want || whole != c.whole || exact != c.exact {
			t.Errorf("%s: got %v (%d, %v), %v; want %s (%d, %v)", name, q, whole, exact, err, c.want, c.whole, c.exact)
		}
	}
	if _, err := catalog.ParseQuantity("many"); err.Error() != `read quantity: invalid: "many" is not a quantity` {
		t.Errorf("text is %q", err)
	}
}

func TestQuantityEquality(t *testing.T) {
	t.Parallel()
	a, _ := catalog.ParseQuantity("1.50")
	b, _ := catalog.ParseQuantity("1.5")
	c, _ := catalog.ParseQuantity("3.000")
	if a != b || c != catalog.NewQuantity(3) {
		t.Error("equal quantities differ by ==")
	}
	if (catalog.Quantity{}) != catalog.NewQuantity(0) {
		t.Error("the zero value is not 0")
	}
}

func TestQuantityJSON(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{`3`: "3", `"3"`: "3", ` 1.5000 `: "1.5", `"-0.25"`: "-0.25"} {
		var q catalog.Quantity
		if err := json.Unmarshal([]byte(in), &q); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if out, err := json.Marshal(q); err != nil || string(out) != want {
			t.Errorf("%s came out as %s, %v; want %s", in, out, err, want)
		}
	}
	for _, in := range []string{`null`, `""`, `"x"`, `1e3`, `true`, `{}`, `[1]`} {
		q := catalog.NewQuantity(7)
		if err := json.Unmarshal([]byte(in), &q); !errors.Is(err, catalog.ErrInvalid) || q != catalog.NewQuantity(7) {
			t.Errorf("%s: got %v, %v; want ErrInvalid and the old value", in, q, err)
		}
	}
	var level catalog.InventoryLevel
	if err := json.Unmarshal([]byte(`{"available":null,"on_hand":0}`), &level); err != nil || level.Available != nil || level.OnHand == nil || !level.OnHand.IsZero() {
		t.Errorf("got %v and %v, %v; want unknown and 0", level.Available, level.OnHand, err)
	}
}

func FuzzParseQuantity(f *testing.F) {
	for _, seed := range []string{"3", "-0.5", "1.5000", "9223372036854775807", "1e3", "", "1.123456789", "-0.0", "+1", "٣"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := catalog.ParseQuantity(s)
		if err != nil {
			if !errors.Is(err, catalog.ErrInvalid) {
				t.Fatalf("%q: %v, want ErrInvalid", s, err)
			}
			return
		}
		if want, err := decimal.NewFromString(s); err != nil || !want.Equal(q.Decimal()) {
			t.Fatalf("%q is %s by our reading, %s by decimal's (%v)", s, q, want, err)
		}
		if back, err := catalog.ParseQuantity(q.String()); err != nil || back != q {
			t.Fatalf("%q reads back from %q as %v, %v", s, q.String(), back, err)
		}
		text, err := json.Marshal(q)
		var back catalog.Quantity
		if err != nil || json.Unmarshal(text, &back) != nil || back != q {
			t.Fatalf("%q became %s and came back as %v (%v)", s, text, back, err)
		}
	})
}
