package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Money is an exact amount in one currency. It keeps the text the platform
// sent, digit for digit, and never passes through a float. The zero value is
// "no amount", which is different from an amount of zero. Money is immutable;
// compare with Equal or Cmp, since 1.0 and 1.00 differ as text.
type Money struct {
	amount   string
	currency string
}

// maxAmount bounds an amount's text: far beyond any price, short of abuse.
const maxAmount = 64

// NewMoney reads a plain decimal such as "12.50" or "-3". The currency is an
// ISO 4217 code or ""; it is upper-cased. Anything else, such as "12,50" or
// "1e9", is an ErrInvalid error.
func NewMoney(amount, currency string) (Money, error) {
	if !plainDecimal(amount) {
		return Money{}, &Error{Op: "read money", Kind: ErrInvalid,
			Message: fmt.Sprintf("%q is not a decimal amount", clip(amount, 40)), Hint: "write digits with a point, such as 12.50"}
	}
	return Money{amount, strings.ToUpper(currency)}, nil
}

// MoneyFromDecimal makes an amount from a decimal, with the decimal's scale.
// One that would take more than 64 characters is an ErrInvalid error.
func MoneyFromDecimal(d decimal.Decimal, currency string) (Money, error) {
	if d.Exponent() > maxAmount || d.Exponent() < -maxAmount || d.NumDigits() > maxAmount {
		return Money{}, &Error{Op: "make money", Kind: ErrInvalid, Message: "the decimal has too many digits for an amount", Hint: "round it first"}
	}
	return NewMoney(d.StringFixed(max(0, -d.Exponent())), currency)
}

// MoneyFromJSON reads an amount from a JSON string or number, from its bytes.
// null and "" give the zero Money. A number with an exponent is written out.
func MoneyFromJSON(raw []byte, currency string) (Money, error) {
	text := string(bytes.Trim(raw, " \t\r\n"))
	if text == "null" {
		return Money{}, nil
	}
	if strings.HasPrefix(text, `"`) {
		var s string
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			return Money{}, &Error{Op: "read money", Kind: ErrInvalid, Message: "the amount is not JSON", Err: err}
		}
		text = strings.TrimSpace(s)
	}
	if text == "" {
		return Money{}, nil
	}
	return NewMoney(writtenOut(text), currency)
}

// writtenOut turns "1.25e2" into "125"; what is no such number stays as it is.
func writtenOut(s string) string {
	i := strings.IndexAny(s, "eE")
	if i < 0 || len(s) > maxAmount || !plainDecimal(s[:i]) || !allDigits(strings.TrimLeft(s[i+1:], "+-")) {
		return s
	}
	d, err := decimal.NewFromString(s)
	if err != nil || d.Exponent() <= -maxAmount || d.Exponent() >= maxAmount {
		return s
	}
	return d.StringFixed(max(0, -d.Exponent()))
}

// plainDecimal accepts -?digits[.digits] of a bounded length.
func plainDecimal(s string) bool {
	if s == "" || len(s) > maxAmount {
		return false
	}
	s = strings.TrimPrefix(s, "-")
	whole, fraction, point := strings.Cut(s, ".")
	return allDigits(whole) && (!point || allDigits(fraction))
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// IsZero reports whether there is no amount. An amount of 0.00 is not zero in
// this sense; see Sign.
func (m Money) IsZero() bool { return m.amount == "" }

// Amount returns the decimal text, "" when there is no amount.
func (m Money) Amount() string { return m.amount }

// Currency returns the upper-case ISO 4217 code, "" when it is unknown.
func (m Money) Currency() string { return m.currency }

// Decimal returns the amount for arithmetic; zero when there is none.
func (m Money) Decimal() decimal.Decimal {
	d, err := decimal.NewFromString(m.amount)
	if err != nil {
		return decimal.Zero
	}
	return d
}

// Sign returns -1, 0 or 1.
func (m Money) Sign() int { return m.Decimal().Sign() }

// Add returns m + other. Adding "no amount" changes nothing; two different
// currencies, or a sum of more than 64 characters, are an ErrInvalid error.
func (m Money) Add(other Money) (Money, error) {
	switch {
	case other.IsZero():
		return m, nil
	case m.IsZero():
		return other, nil
	case m.currency != other.currency:
		return Money{}, &Error{Op: "add money", Kind: ErrInvalid,
			Message: fmt.Sprintf("cannot add %s to %s", other.currencyName(), m.currencyName()), Hint: "convert one of them first"}
	}
	a, b := m.Decimal(), other.Decimal()
	scale := max(0, -a.Exponent(), -b.Exponent())
	sum := a.Add(b).StringFixed(scale)
	if len(sum) > maxAmount {
		return Money{}, &Error{Op: "add money", Kind: ErrInvalid, Message: fmt.Sprintf("the sum has more than %d characters", maxAmount)}
	}
	return Money{sum, m.currency}, nil
}

func (m Money) currencyName() string {
	if m.currency == "" {
		return "an amount without a currency"
	}
	return m.currency
}

// Cmp compares two amounts of one currency: -1, 0 or 1. Different currencies
// are an ErrInvalid error.
func (m Money) Cmp(other Money) (int, error) {
	if m.currency != other.currency && !m.IsZero() && !other.IsZero() {
		return 0, &Error{Op: "compare money", Kind: ErrInvalid, Message: fmt.Sprintf("cannot compare %s with %s", m.currencyName(), other.currencyName())}
	}
	return m.Decimal().Cmp(other.Decimal()), nil
}

// Equal reports the same value in the same currency, whatever the scale. No
// amount equals only no amount.
func (m Money) Equal(other Money) bool {
	return m.IsZero() == other.IsZero() && m.currency == other.currency && m.Decimal().Equal(other.Decimal())
}

// String writes "12.50 SAR", or "" when there is no amount.
func (m Money) String() string { return strings.TrimSuffix(m.amount+" "+m.currency, " ") }

type moneyJSON struct {
	Amount   json.RawMessage `json:"amount"`
	Currency string          `json:"currency"`
}

// MarshalJSON writes {"amount":"12.50","currency":"SAR"}, or null.
func (m Money) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	currency, err := json.Marshal(m.currency)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, `{"amount":%q,"currency":%s}`, m.amount, currency), nil
}

// UnmarshalJSON reads what MarshalJSON writes; the amount may also be a JSON
// number.
func (m *Money) UnmarshalJSON(data []byte) error {
	var in moneyJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	read, err := MoneyFromJSON(in.Amount, in.Currency)
	if err == nil {
		*m = read
	}
	return err
}

// DualMoney is an amount as the store settles it and as the shopper saw it.
type DualMoney struct {
	// Store is the amount in the store's settlement currency.
	Store Money `json:"store,omitzero"`
	// Shopper is the amount in the currency the shopper was shown; zero where
	// the platform does not tell it.
	Shopper Money `json:"shopper,omitzero"`
}

// clip bounds foreign text for a message.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
