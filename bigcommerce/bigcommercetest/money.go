package bigcommercetest

import (
	"strconv"
	"strings"
)

// Unit is one of a currency in the amounts of an [Order], which are kept in
// ten-thousandths since V2 has four decimals: 12.50 is 12*Unit + Unit/2.
const Unit = 10_000

func appendMoney(b []byte, v int64) []byte {
	if v < 0 {
		b, v = append(b, '-'), -v
	}
	b = strconv.AppendInt(b, v/Unit, 10)
	frac := v % Unit
	return append(b, '.', byte('0'+frac/1000), byte('0'+frac/100%10), byte('0'+frac/10%10), byte('0'+frac%10))
}

// Decimal writes an amount of an [Order] as a decimal with four places.
func Decimal(v int64) string { return string(appendMoney(nil, v)) }

// toMoney reads a decimal; places after the fourth are cut off. ok is false for
// text that is no decimal.
func toMoney(s string) (v int64, ok bool) {
	s = strings.TrimSpace(s)
	text, negative := strings.CutPrefix(s, "-")
	whole, frac, _ := strings.Cut(text, ".")
	if whole == "" || strings.Trim(whole+frac, "0123456789") != "" || len(whole) > 12 {
		return 0, false
	}
	v, _ = strconv.ParseInt(whole+(frac + "0000")[:4], 10, 64)
	if negative {
		v = -v
	}
	return v, true
}

// cents writes an amount in hundredths as a decimal with two places.
func cents(v int64) string {
	s := Decimal(v * 100)
	return s[:len(s)-2]
}
