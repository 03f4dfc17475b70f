package catalog

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Quantity is an exact count of goods. It is whole on most platforms; Magento
// also sells fractions. The zero value is 0. Equal quantities compare equal
// with ==, whatever scale they were sent with.
type Quantity struct {
	units int64 // value times 10^scale, without trailing zeros
	scale uint8
}

// NewQuantity makes a whole quantity.
func NewQuantity(n int64) Quantity { return Quantity{units: n} }

// ParseQuantity reads a decimal such as "3" or "1.5000", with at most nine
// digits after the point. Anything else is an ErrInvalid error.
func ParseQuantity(s string) (Quantity, error) {
	whole, fraction, _ := strings.Cut(s, ".")
	fraction = strings.TrimRight(fraction, "0")
	if plainDecimal(s) && len(fraction) <= 9 {
		if n, err := strconv.ParseInt(whole+fraction, 10, 64); err == nil {
			return Quantity{n, uint8(len(fraction))}, nil
		}
	}
	return Quantity{}, &Error{Op: "read quantity", Kind: ErrInvalid, Message: fmt.Sprintf("%q is not a quantity", clip(s, 40))}
}

// Int returns the whole part, and whether that is the whole quantity.
func (q Quantity) Int() (n int64, exact bool) {
	n = q.units
	for range q.scale {
		n /= 10
	}
	return n, q.scale == 0
}

// Equal reports the same quantity.
func (q Quantity) Equal(other Quantity) bool { return q == other }

// IsZero reports whether the quantity is 0.
func (q Quantity) IsZero() bool { return q.units == 0 }

// Decimal returns the quantity for arithmetic.
func (q Quantity) Decimal() decimal.Decimal { return decimal.New(q.units, -int32(q.scale)) }

// String writes the quantity without trailing zeros.
func (q Quantity) String() string {
	if q.scale == 0 {
		return strconv.FormatInt(q.units, 10)
	}
	return q.Decimal().String()
}

// MarshalJSON writes a JSON number.
func (q Quantity) MarshalJSON() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalJSON reads a JSON number or string from its bytes. null is an error,
// since unknown is not 0: decode into a *Quantity where it can come.
func (q *Quantity) UnmarshalJSON(data []byte) error {
	read, err := ParseQuantity(string(bytes.Trim(bytes.TrimSpace(data), `"`)))
	if err == nil {
		*q = read
	}
	return err
}
