package magento

import (
	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// money writes an amount, and none as the empty text, which empties.
func (w *productWriter) money(field string, m catalog.Money) any {
	if m.IsZero() {
		return ""
	}
	text, err := amount(w.op, field, w.with.view.Currency, m)
	if err != nil {
		w.refuse(err)
	}
	return text
}

// prices writes what is paid, and what it is compared with, as Magento's price
// and special price. What is in effect today is what Variant shows.
func (w *productWriter) prices(fields map[string]any, i int, n *productNode, v catalog.VariantPatch) {
	price, priced := v.Price.Get()
	compare, compared := v.CompareAtPrice.Get()
	if !priced && !compared {
		return
	}
	field := at("Variants", i, "Price")
	quiet := &reader{}
	now := quiet.variant(only, n, &productNode{Status: n.Status, with: n.with})
	switch {
	case priced && price.IsZero():
		w.invalid(field, "a price cannot be empty on Magento; write 0")
		return
	case !priced && now.Price.IsZero():
		w.invalid(at("Variants", i, "CompareAtPrice"), "the product has no price to compare")
		return
	case !priced:
		price = now.Price
	}
	if !compared {
		compare = now.CompareAtPrice
	}
	paid := w.money(field, price)
	if !compare.IsZero() {
		full := w.money(at("Variants", i, "CompareAtPrice"), compare)
		if w.err != nil {
			return
		}
		if price.Decimal().GreaterThanOrEqual(compare.Decimal()) {
			w.invalid(field, "it must be below the price it is compared with, "+compare.String()+": name CompareAtPrice too")
			return
		}
		if compared {
			fields["price"] = full
		}
		w.custom(fields, "special_price", paid)
		if n.special(n.with) == "" { // dates of an offer that is over, or yet to come
			for _, date := range []string{"special_from_date", "special_to_date"} {
				if n.Custom.of(date) != "" {
					w.custom(fields, date, "")
				}
			}
		}
		return
	}
	if w.err != nil {
		return
	}
	fields["price"] = paid
	// An offer whose time it is ends where that was asked for, or where the new
	// price would bring it into effect; one that is yet to come stays.
	if offer, err := decimal.NewFromString(n.special(n.with)); err == nil && (compared || offer.LessThan(price.Decimal())) {
		w.custom(fields, "special_price", "")
	}
}

// weight writes a weight in the shop's unit, exactly.
func (w *productWriter) weight(fields map[string]any, field string, weight catalog.Weight) {
	value, err := decimal.NewFromString(weight.Value)
	shop := unit(w.with.view.WeightUnit)
	factor, known := weights[weight.Unit+">"+shop]
	switch {
	case weight == (catalog.Weight{}):
		w.invalid(field, "a weight cannot be emptied on Magento; write 0")
	case err != nil || value.IsNegative():
		w.invalid(field, "a weight is a decimal from 0 up")
	case !known:
		w.invalid(field, "the shop weighs in "+shop+", which "+weight.Unit+" does not turn into exactly")
	case !value.Mul(factor).Round(priceDigits).Equal(value.Mul(factor)):
		w.invalid(field, "Magento keeps four digits after the point of its "+shop)
	default:
		fields["weight"] = exact(value.Mul(factor))
	}
}

var weights = map[string]decimal.Decimal{
	"kg>kg": decimal.NewFromInt(1), "g>kg": decimal.New(1, -3),
	"lb>lb": decimal.NewFromInt(1), "oz>lb": decimal.New(625, -4),
}
