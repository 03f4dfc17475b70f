package catalog_test

import (
	"errors"
	"testing"

	"github.com/soukhq/souk/catalog"
)

func TestMoneyFormat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		amount, currency, wanted string
		want                     string // "" = refused
	}{
		"padded":             {"12.5", "SAR", "SAR", "12.50"},
		"whole":              {"12", "SAR", "SAR", "12.00"},
		"exact":              {"0.07", "SAR", "SAR", "0.07"},
		"zeros are no loss":  {"12.5000", "SAR", "SAR", "12.50"},
		"three digits":       {"1.234", "KWD", "kwd", "1.234"},
		"no digits":          {"1500", "JPY", "JPY", "1500"},
		"no digits, zeros":   {"1500.00", "JPY", "JPY", "1500"},
		"currency not said":  {"1.10", "", "SAR", "1.10"},
		"loses a digit":      {"12.505", "SAR", "SAR", ""},
		"loses half a yen":   {"0.5", "JPY", "JPY", ""},
		"negative":           {"-1.00", "SAR", "SAR", ""},
		"another currency":   {"1.00", "USD", "SAR", ""},
		"beyond any float64": {"90071992547409.93", "SAR", "SAR", "90071992547409.93"},
	} {
		m, err := catalog.NewMoney(c.amount, c.currency)
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.Format(c.wanted, catalog.CurrencyDigits(c.wanted))
		if got != c.want || (err != nil) != (c.want == "") || err != nil && !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, c.want)
		}
	}
	if _, err := (catalog.Money{}).Format("SAR", 2); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no amount: %v", err)
	}
}
