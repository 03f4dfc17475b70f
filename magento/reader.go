package magento

import (
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// reader turns the parts of one native record into the model and notes what
// does not fit.
type reader struct{ transport.Notes }

// only marks a path without an index.
const only = transport.NoIndex

// money reads an amount from its digits. PHP writes very large and very small
// numbers with an exponent.
func (r *reader) money(path string, i int, text, currency string) catalog.Money {
	if !strings.ContainsAny(text, "eE") {
		return r.Money(path, i, text, currency)
	}
	m, err := catalog.MoneyFromJSON([]byte(text), currency)
	if err != nil {
		r.Add(path, i, "not a decimal amount", text)
	}
	return m
}

// quantity reads a count; PHP may write it with an exponent too.
func (r *reader) quantity(path string, i int, text string) *catalog.Quantity {
	if strings.ContainsAny(text, "eE") {
		if m, err := catalog.MoneyFromJSON([]byte(text), ""); err == nil {
			text = m.Amount()
		}
	}
	return r.Quantity(path, i, text)
}

// count is a quantity that is 0 where the platform says nothing.
func (r *reader) count(path string, i int, text string) catalog.Quantity {
	if q := r.quantity(path, i, text); q != nil {
		return *q
	}
	return catalog.Quantity{}
}

// currencies are those of one order: the shop's base currency, in which it
// settles, and the one the shopper was shown.
type currencies struct{ base, order string }

// dual places an amount told in both.
func (r *reader) dual(path string, i int, base, order string, c currencies) catalog.DualMoney {
	return catalog.DualMoney{Store: r.money("base_"+path, i, base, c.base), Shopper: r.money(path, i, order, c.order)}
}

// plus and minus calculate in both currencies; no amount counts as none. An
// amount that cannot be taken from another is left out: it was found odd
// before.
func plus(a, b catalog.DualMoney) catalog.DualMoney {
	add := func(a, b catalog.Money) catalog.Money {
		if sum, err := a.Add(b); err == nil {
			return sum
		}
		return a
	}
	return catalog.DualMoney{Store: add(a.Store, b.Store), Shopper: add(a.Shopper, b.Shopper)}
}

func minus(a, b catalog.DualMoney) catalog.DualMoney { return plus(a, negative(b)) }

func negative(m catalog.DualMoney) catalog.DualMoney {
	turn := func(m catalog.Money) catalog.Money {
		if m.IsZero() || m.Sign() == 0 {
			return m
		}
		turned, err := catalog.MoneyFromDecimal(m.Decimal().Neg(), m.Currency())
		if err != nil {
			return catalog.Money{}
		}
		return turned
	}
	return catalog.DualMoney{Store: turn(m.Store), Shopper: turn(m.Shopper)}
}

// ref clears the id that stands for none.
func ref(id string) string {
	if id == "0" {
		return ""
	}
	return id
}

func joined(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}

// units are the words for units of weight.
var units = map[string]string{"kgs": "kg", "lbs": "lb"}

func unit(word string) string {
	if known, ok := units[word]; ok {
		return known
	}
	return word
}
