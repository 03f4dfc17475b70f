package bigcommercetest

import (
	"strconv"
	"strings"
)

// Amounts are kept as ten-thousandths of the currency's unit: V2 has four
// decimals.
const unit = 10_000

func appendMoney(b []byte, v int64) []byte {
	if v < 0 {
		b, v = append(b, '-'), -v
	}
	b = strconv.AppendInt(b, v/unit, 10)
	frac := v % unit
	return append(b, '.', byte('0'+frac/1000), byte('0'+frac/100%10), byte('0'+frac/10%10), byte('0'+frac%10))
}

// moneyText writes ten-thousandths as a decimal with four places.
func moneyText(v int64) string { return string(appendMoney(nil, v)) }

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
	s := moneyText(v * 100)
	return s[:len(s)-2]
}
