package woocommercetest

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// cents prints hundredths with two decimals.
func cents(v int64) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	frac := strconv.FormatInt(v%100, 10)
	if len(frac) == 1 {
		frac = "0" + frac
	}
	return sign + strconv.FormatInt(v/100, 10) + "." + frac
}

// dec reads a decimal; what is none is zero, as in PHP.
func dec(s string) decimal.Decimal {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Zero
	}
	return d
}

func lessDecimal(a, b string) bool    { return dec(a).LessThan(dec(b)) }
func addDecimal(a, b string) string   { return dec(a).Add(dec(b)).String() }
func negated(s string) string         { return dec(s).Neg().String() }
func timesInt(s string, n int) string { return dec(s).Mul(decimal.NewFromInt(int64(n))).String() }
func rounded(s string, dp int) string { return dec(s).StringFixed(int32(dp)) }

// fixed prints a decimal with dp digits after the point.
func fixed(s string, dp int) string {
	if whole, frac, found := strings.Cut(s, "."); found && len(frac) == dp && whole != "" {
		return s
	}
	return rounded(s, dp)
}

// isAmount says whether a client wrote a plain decimal, which is all that the
// store takes as it is meant.
func isAmount(s string) bool {
	whole, frac, dot := strings.Cut(s, ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return s == "" || digits(whole) && (!dot || digits(frac))
}

// cleanAmount is what the store makes of any text given as a price: it drops
// everything but digits, points and signs, and never refuses.
func cleanAmount(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return -1
	}, s)
}
