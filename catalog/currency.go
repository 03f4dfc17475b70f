package catalog

import (
	"fmt"
	"strings"
)

// currencyDigits are the currencies whose minor unit is not a hundredth, by ISO 4217.
var currencyDigits = func() map[string]int {
	all := map[string]int{}
	for digits, codes := range map[int]string{
		0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
		3: "BHD IQD JOD KWD LYD OMR TND",
	} {
		for code := range strings.FieldsSeq(codes) {
			all[code] = digits
		}
	}
	return all
}()

// CurrencyDigits is how many digits after the point amounts of a currency
// have; 2 for a currency it does not know.
func CurrencyDigits(currency string) int {
	if n, ok := currencyDigits[strings.ToUpper(currency)]; ok {
		return n
	}
	return 2
}

// Format writes an amount to be sent: with exactly so many digits after the
// point. No amount, a negative one, one of another currency (where both are
// known), and one that would lose digits are ErrInvalid.
func (m Money) Format(currency string, digits int) (string, error) {
	refuse := func(format string, values ...any) (string, error) {
		return "", &Error{Op: "format money", Kind: ErrInvalid, Message: fmt.Sprintf(format, values...)}
	}
	d := m.Decimal()
	switch {
	case m.IsZero():
		return refuse("there is no amount")
	case m.currency != "" && currency != "" && !strings.EqualFold(m.currency, currency):
		return refuse("the amount is in %s, but %s is wanted", m.currency, currency)
	case d.Sign() < 0:
		return refuse("the amount %s is negative", m.amount)
	case !d.Equal(d.Truncate(int32(digits))):
		return refuse("the amount %s has more than %d digits after the point", m.amount, digits)
	}
	return d.StringFixed(int32(digits)), nil
}
