package woocommerce

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

func changedOrder(n *orderNode) time.Time { return n.Modified.Time }

// amount reads an amount of an order. WooCommerce states each once, in the
// order's currency: it is the store's, and no other is told.
func (r *reader) amount(path string, i int, text, currency string) catalog.DualMoney {
	return catalog.DualMoney{Store: r.money(path, i, text, currency)}
}

// unitDecimals is how exactly a line's subtotal is divided.
const unitDecimals = 6

// line reads a position. All amounts are without tax; the store's own price of
// one piece is after discounts and a float, so it is not used.
func (r *reader) line(i int, n *itemNode, currency string) catalog.LineItem {
	l := catalog.LineItem{
		ID: idText(n.ID), Title: plain(n.Name), Attributes: attributes(n.Meta),
		Tax: r.amount("line_items.%d.total_tax", i, n.TotalTax, currency), Total: r.amount("line_items.%d.total", i, n.Total, currency),
	}
	if len(n.SKU) > 0 { // absent once the product is gone
		l.ProductID, l.VariantID = idText(n.ProductID), idText(n.VariationID)
		if l.VariantID == "" {
			l.VariantID = l.ProductID // as the product's only variant is called
		}
		_ = json.Unmarshal(n.SKU, &l.SKU) // a number stays unread
	}
	if variant, ok := strings.CutPrefix(n.Name, n.ParentName+" - "); ok && n.ParentName != "" {
		l.Title, l.Variant = plain(n.ParentName), plain(variant)
	}
	if q := r.Quantity("line_items.%d.quantity", i, n.Quantity); q != nil {
		l.Quantity = *q
	}
	subtotal := r.money("line_items.%d.subtotal", i, n.Subtotal, currency)
	if !subtotal.IsZero() && !l.Total.Store.IsZero() {
		l.Discount.Store = money(subtotal.Decimal().Sub(l.Total.Store.Decimal()), currency)
	}
	if !subtotal.IsZero() && !l.Quantity.IsZero() {
		l.UnitPrice.Store = money(divided(subtotal.Decimal(), l.Quantity.Decimal()), currency)
	}
	return l
}

// divided is the exact quotient where it is no longer than unitDecimals, with
// as many decimals as the dividend at least.
func divided(whole, by decimal.Decimal) decimal.Decimal {
	places := max(0, -whole.Exponent())
	for ; places < unitDecimals; places++ {
		if q := whole.DivRound(by, places); q.Mul(by).Equal(whole) {
			return q
		}
	}
	return whole.DivRound(by, max(places, unitDecimals))
}

// money keeps a decimal that was worked out from amounts.
func money(d decimal.Decimal, currency string) catalog.Money {
	m, err := catalog.MoneyFromDecimal(d, currency)
	if err != nil {
		return catalog.Money{} // longer than any amount
	}
	return m
}

// subtotal adds up the lines, after their discounts.
func (r *reader) subtotal(lines []catalog.LineItem, currency string) catalog.DualMoney {
	sum := decimal.Zero
	for _, l := range lines {
		sum = sum.Add(l.Total.Store.Decimal())
	}
	if len(lines) == 0 {
		return catalog.DualMoney{}
	}
	return catalog.DualMoney{Store: money(sum, currency)}
}

// attributes are the free fields a person can read: those whose name begins
// with an underscore are plugins' own, and so are values that are no scalars.
func attributes(meta []metaNode) []catalog.Attribute {
	var all []catalog.Attribute
	for _, m := range meta {
		if m.Key == "" || m.Key[0] == '_' {
			continue
		}
		name, value := m.Key, m.Value
		if m.DisplayKey != "" {
			name = m.DisplayKey
		}
		if len(m.DisplayValue) > 0 {
			value = m.DisplayValue
		}
		if text, ok := scalar(value); ok {
			all = append(all, catalog.Attribute{Name: plain(name), Value: text})
		}
	}
	return all
}

// scalar writes a text or a number of meta_data.
func scalar(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || raw[0] == 'n' {
		return "", false
	}
	if raw[0] != '"' {
		return string(raw), true
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return plainText(text), err == nil
}

func (n addressNode) name() string { return joined(" ", n.FirstName, n.LastName) }

// address returns nil for an empty address, which a download's has.
func (n addressNode) address() *catalog.Address {
	a := catalog.Address{Name: n.name(), FirstName: n.FirstName, LastName: n.LastName, Company: n.Company, Line1: n.Line1, Line2: n.Line2,
		City: n.City, PostalCode: n.Postcode, CountryCode: strings.ToUpper(n.Country), Phone: n.Phone}
	setState(&a, n.State)
	if a == (catalog.Address{}) {
		return nil
	}
	return &a
}

// stateCode is the form of the codes of countries whose states WooCommerce
// knows; elsewhere shoppers type a name.
var stateCode = regexp.MustCompile(`^[A-Z0-9-]{1,6}$`)

func setState(a *catalog.Address, state string) {
	if stateCode.MatchString(state) {
		a.ProvinceCode = state
		return
	}
	a.Province = state
}
