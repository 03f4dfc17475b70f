package catalog_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

func mustMoney(t *testing.T, amount, currency string) catalog.Money {
	t.Helper()
	m, err := catalog.NewMoney(amount, currency)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMoneyFromJSON(t *testing.T) {
	t.Parallel()
	digits := strings.Repeat("1234567890", 4)
	for name, c := range map[string]struct {
		raw  string
		want string // amount
		bad  bool
	}{
		"string":                      {raw: `"12.50"`, want: "12.50"},
		"number":                      {raw: `12.50`, want: "12.50"},
		"negative":                    {raw: `-0.5`, want: "-0.5"},
		"scale of four":               {raw: `"100.0000"`, want: "100.0000"},
		"zero is an amount":           {raw: `0`, want: "0"},
		"2^53+1 as number":            {raw: `9007199254740993`, want: "9007199254740993"},
		"2^53+1 with cents":           {raw: `"9007199254740993.01"`, want: "9007199254740993.01"},
		"40 digits as number":         {raw: digits, want: digits},
		"40 digits after the point":   {raw: `"0.` + digits + `"`, want: "0." + digits},
		"exponent":                    {raw: `1.25e2`, want: "125"},
		"capital exponent with plus":  {raw: `1.2E+3`, want: "1200"},
		"negative exponent":           {raw: `125e-4`, want: "0.0125"},
		"exponent keeps scale":        {raw: `1.500e1`, want: "15.00"},
		"exponent in a string":        {raw: `"1e3"`, want: "1000"},
		"space around":                {raw: " \n\"12.50\"\t", want: "12.50"},
		"space within":                {raw: `" 12.50 "`, want: "12.50"},
		"escaped digits":              {raw: `"12\u002e50"`, want: "12.50"},
		"space that is not JSON's":    {raw: "\f12", bad: true},
		"null":                        {raw: `null`},
		"empty string":                {raw: `""`},
		"blank string":                {raw: `"  "`},
		"nothing":                     {raw: ``},
		"decimal comma":               {raw: `"12,50"`, bad: true},
		"thousands":                   {raw: `"1,250.00"`, bad: true},
		"currency in the text":        {raw: `"12.50 SAR"`, bad: true},
		"NaN":                         {raw: `NaN`, bad: true},
		"NaN as string":               {raw: `"NaN"`, bad: true},
		"infinity":                    {raw: `"Infinity"`, bad: true},
		"leading plus":                {raw: `"+12.50"`, bad: true},
		"leading plus and exponent":   {raw: `"+1e3"`, bad: true},
		"no whole part":               {raw: `".5"`, bad: true},
		"no fraction":                 {raw: `"5."`, bad: true},
		"two points":                  {raw: `"1.2.3"`, bad: true},
		"inner space":                 {raw: `"1 250"`, bad: true},
		"underscore":                  {raw: `"1_000"`, bad: true},
		"hexadecimal":                 {raw: `"0x10"`, bad: true},
		"arabic digits":               {raw: `"١٢"`, bad: true},
		"minus alone":                 {raw: `"-"`, bad: true},
		"exponent alone":              {raw: `e5`, bad: true},
		"exponent without digits":     {raw: `1e`, bad: true},
		"exponent of two signs":       {raw: `1e+-5`, bad: true},
		"exponent too large":          {raw: `1e99999999`, bad: true},
		"exponent that fills memory":  {raw: `1e2147483647`, bad: true},
		"exponent with long mantissa": {raw: strings.Repeat("9", 60) + "e39", bad: true},
		"65 digits":                   {raw: strings.Repeat("9", 65), bad: true},
		"a million digits":            {raw: strings.Repeat("9", 1_000_000), bad: true},
		"unclosed string":             {raw: `"12.50`, bad: true},
		"quote alone":                 {raw: `"`, bad: true},
		"quoted null":                 {raw: `"null"`, bad: true},
		"object":                      {raw: `{"amount":1}`, bad: true},
		"array":                       {raw: `[1]`, bad: true},
		"true":                        {raw: `true`, bad: true},
	} {
		got, err := catalog.MoneyFromJSON([]byte(c.raw), "sar")
		switch {
		case c.bad:
			if !errors.Is(err, catalog.ErrInvalid) || !got.IsZero() {
				t.Errorf("%s: got %v, %v; want ErrInvalid", name, got, err)
			}
			if err != nil && len(err.Error()) > 300 {
				t.Errorf("%s: the error has %d characters", name, len(err.Error()))
			}
		case err != nil || got.Amount() != c.want || got.IsZero() != (c.want == ""):
			t.Errorf("%s: got %q, %v; want %q", name, got.Amount(), err, c.want)
		case c.want != "" && got.Currency() != "SAR":
			t.Errorf("%s: currency %q, want SAR", name, got.Currency())
		}
	}
}

func TestMoneyErrorText(t *testing.T) {
	t.Parallel()
	_, err := catalog.NewMoney("12,50", "SAR")
	if want := `read money: invalid: "12,50" is not a decimal amount; write digits with a point, such as 12.50`; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestMoneyJSONRoundTrip(t *testing.T) {
	t.Parallel()
	for amount, text := range map[string]string{
		"100.00":           `{"amount":"100.00","currency":"SAR"}`,
		"-3":               `{"amount":"-3","currency":"SAR"}`,
		"9007199254740993": `{"amount":"9007199254740993","currency":"SAR"}`,
		"0.0000":           `{"amount":"0.0000","currency":"SAR"}`,
	} {
		m := mustMoney(t, amount, "SAR")
		got, err := json.Marshal(m)
		if err != nil || string(got) != text {
			t.Errorf("Marshal(%s) = %s, %v; want %s", amount, got, err, text)
		}
		var back catalog.Money
		if err := json.Unmarshal(got, &back); err != nil || back != m {
			t.Errorf("%s came back as %v, %v", got, back, err)
		}
	}
	for name, c := range map[string]struct {
		text, want string
		bad        bool
	}{
		"number":         {text: `{"amount":12.50,"currency":"sar"}`, want: "12.50 SAR"},
		"no currency":    {text: `{"amount":"1"}`, want: "1"},
		"null":           {text: `null`},
		"null amount":    {text: `{"amount":null,"currency":"SAR"}`},
		"empty object":   {text: `{}`},
		"decimal comma":  {text: `{"amount":"12,50"}`, bad: true},
		"bare text":      {text: `"12.50"`, bad: true},
		"nested":         {text: `{"amount":{"amount":"1"}}`, bad: true},
		"currency as id": {text: `{"amount":"1","currency":7}`, bad: true},
	} {
		m := mustMoney(t, "7", "USD")
		if err := json.Unmarshal([]byte(c.text), &m); (err != nil) != c.bad || !c.bad && m.String() != c.want {
			t.Errorf("%s: got %q, %v", name, m, err)
		} else if c.bad && m.String() != "7 USD" {
			t.Errorf("%s: a failed read changed the value to %s", name, m)
		}
	}
	var in struct {
		Price catalog.Money     `json:"price,omitzero"`
		Both  catalog.DualMoney `json:"both,omitzero"`
	}
	if text, err := json.Marshal(in); err != nil || string(text) != "{}" {
		t.Errorf("absent amounts give %s, %v; want {}", text, err)
	}
}

func TestMoneyAdd(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("9", 64)
	for name, c := range map[string]struct {
		a, ac, b, bc string
		want         string
		text         string // of the error
	}{
		"same scale":        {a: "0.10", ac: "SAR", b: "0.20", bc: "SAR", want: "0.30 SAR"},
		"larger scale wins": {a: "1.5", ac: "SAR", b: "1.250", bc: "sar", want: "2.750 SAR"},
		"to zero":           {a: "1.50", ac: "SAR", b: "-1.50", bc: "SAR", want: "0.00 SAR"},
		"beyond a float":    {a: "9007199254740993", ac: "SAR", b: "0.01", bc: "SAR", want: "9007199254740993.01 SAR"},
		"no amount":         {a: "1.50", ac: "SAR", want: "1.50 SAR"},
		"to no amount":      {b: "1.50", bc: "SAR", want: "1.50 SAR"},
		"two currencies":    {a: "1", ac: "SAR", b: "1", bc: "USD", text: "add money: invalid: cannot add USD to SAR; convert one of them first"},
		"unknown currency":  {a: "1", ac: "SAR", b: "1", text: "add money: invalid: cannot add an amount without a currency to SAR; convert one of them first"},
		"too long":          {a: long, ac: "SAR", b: "1", bc: "SAR", text: "add money: invalid: the sum has more than 64 characters"},
	} {
		var a, b catalog.Money
		if c.a != "" {
			a = mustMoney(t, c.a, c.ac)
		}
		if c.b != "" {
			b = mustMoney(t, c.b, c.bc)
		}
		got, err := a.Add(b)
		if c.text != "" {
			if !errors.Is(err, catalog.ErrInvalid) || err.Error() != c.text || !got.IsZero() {
				t.Errorf("%s: got %v, %v; want %s", name, got, err, c.text)
			}
		} else if err != nil || got.String() != c.want {
			t.Errorf("%s: got %v, %v; want %s", name, got, err, c.want)
		}
	}
}

func TestMoneyCompare(t *testing.T) {
	t.Parallel()
	one := mustMoney(t, "1.0", "SAR")
	for name, c := range map[string]struct {
		other catalog.Money
		equal bool
		cmp   int
		bad   bool
	}{
		"other scale":    {other: mustMoney(t, "1.00", "SAR"), equal: true},
		"less":           {other: mustMoney(t, "1.01", "SAR"), cmp: -1},
		"more":           {other: mustMoney(t, "-5", "SAR"), cmp: 1},
		"no amount":      {other: catalog.Money{}, cmp: 1},
		"other currency": {other: mustMoney(t, "1.0", "USD"), bad: true},
	} {
		if got := one.Equal(c.other); got != c.equal {
			t.Errorf("%s: Equal = %v", name, got)
		}
		got, err := one.Cmp(c.other)
		if errors.Is(err, catalog.ErrInvalid) != c.bad || got != c.cmp {
			t.Errorf("%s: Cmp = %d, %v", name, got, err)
		}
	}
	if zero := mustMoney(t, "0.00", "SAR"); zero.IsZero() || zero.Sign() != 0 || zero.Equal(catalog.Money{}) {
		t.Error("an amount of 0.00 must not be the absent amount")
	}
	if one == mustMoney(t, "1.00", "SAR") {
		t.Error("== is not supposed to see through the scale: the text is kept")
	}
}

func TestMoneyFromDecimal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"12.50": "12.50 SAR", "1e3": "1000 SAR", "-0.001": "-0.001 SAR"} {
		if got, err := catalog.MoneyFromDecimal(decimal.RequireFromString(text), "sar"); err != nil || got.String() != want {
			t.Errorf("%s gives %s, %v; want %s", text, got, err, want)
		}
	}
	for _, exponent := range []int32{65, -65, 2_000_000_000, -2_000_000_000} {
		if got, err := catalog.MoneyFromDecimal(decimal.New(1, exponent), "SAR"); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("1e%d gives %s, %v; want ErrInvalid", exponent, got, err)
		}
	}
}

func FuzzMoneyFromJSON(f *testing.F) {
	for _, seed := range []string{`"12.50"`, `12.5`, `null`, `""`, `1e3`, `-1.25E-7`, `"12,50"`, `"\u0031"`, `9007199254740993`, ` "1" `, `NaN`, `"`, "\f\"0\"", `+1`, "1e40", `"null"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := catalog.MoneyFromJSON(raw, "SAR")
		if err != nil {
			if !errors.Is(err, catalog.ErrInvalid) || !m.IsZero() {
				t.Fatalf("got %v, %v; want a zero amount and ErrInvalid", m, err)
			}
			return
		}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back catalog.Money
		if err := json.Unmarshal(text, &back); err != nil || back != m {
			t.Fatalf("%q became %s, which reads back as %v, %v", raw, text, back, err)
		}
		if m.IsZero() {
			return
		}
		var plain string
		if json.Unmarshal(raw, &plain) != nil {
			plain = string(raw)
		}
		want, err := decimal.NewFromString(strings.TrimSpace(plain))
		if err != nil || !want.Equal(m.Decimal()) {
			t.Fatalf("%q is %s by our reading, %s by decimal's (%v)", raw, m, want, err)
		}
	})
}
