package transport

import (
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// HasText reports whether a text read back is what the field was to write,
// blanks around it aside. A field that writes nothing has any.
func HasText(field catalog.Field[string], got string) bool {
	want, named := field.Get()
	return !named || strings.TrimSpace(want) == strings.TrimSpace(got)
}

// HasMoney reports whether an amount read back is what the field was to write,
// in value; the currency does not count. A field that writes nothing has any.
func HasMoney(field catalog.Field[catalog.Money], got catalog.Money) bool {
	want, named := field.Get()
	return !named || want.IsZero() == got.IsZero() && want.Decimal().Equal(got.Decimal())
}

// SameNames reports whether two lists hold the same names, such as tags, for
// platforms that tell them apart without case and keep no order: blanks around a
// name, repetitions and empty names do not count. Neither list is changed.
func SameNames(a, b []string) bool { return slices.Equal(plainNames(a), plainNames(b)) }

func plainNames(given []string) []string {
	var names []string
	for _, n := range given {
		if n = strings.ToLower(strings.TrimSpace(n)); n != "" {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// HasVariant reports whether a variant read back has what the patch was to
// write. Weights are compared in their own units.
func HasVariant(patch catalog.VariantPatch, v catalog.Variant) bool {
	if tracked, named := patch.Tracked.Get(); named && tracked != v.Tracked {
		return false
	}
	if weight, named := patch.Weight.Get(); named && !SameWeight(weight, v.Weight) {
		return false
	}
	return HasText(patch.SKU, v.SKU) && HasText(patch.Barcode, v.Barcode) &&
		HasMoney(patch.Price, v.Price) && HasMoney(patch.CompareAtPrice, v.CompareAtPrice) && HasMoney(patch.Cost, v.Cost)
}

// SameWeight reports whether two weights are one in value and unit. No weight
// is 0, and 0 is the same in all units.
func SameWeight(a, b catalog.Weight) bool {
	x, y := weighed(a), weighed(b)
	return x.Equal(y) && (a.Unit == b.Unit || x.IsZero())
}

// weighed is a weight's number; what is none is 0.
func weighed(w catalog.Weight) decimal.Decimal {
	d, err := decimal.NewFromString(w.Value)
	if err != nil {
		return decimal.Zero
	}
	return d
}

var markup = regexp.MustCompile(`<[^>]*>|\s+`)

// SameHTML reports whether two texts are the same to who reads them: tags,
// blanks and how characters are escaped do not count, as platforms tidy what
// they keep.
func SameHTML(a, b string) bool { return a == b || visible(a) == visible(b) }

// visible is what a reader sees of a text that may be HTML.
func visible(text string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markup.ReplaceAllString(text, " "))), " ")
}
