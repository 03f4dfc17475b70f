package magentotest

import (
	"fmt"
	"time"
)

// memo are the amounts of a credit memo beside its lines, in ten-thousandths.
type memo struct {
	shipping, baseShipping int64
	discount, baseDiscount int64 // zero or negative
	adjust                 int64 // in the base currency
}

// refund gives back lines, the shipping cost if asked for, and an adjustment
// in the base currency.
func (o *Order) refund(id int64, at time.Time, want map[int64]int64, shipping bool, adjust int64) *CreditMemo {
	m := memo{adjust: adjust}
	if shipping {
		m.shipping, m.baseShipping = toUnits(o.Totals.Shipping), toUnits(o.Base.Shipping)
		m.discount, m.baseDiscount = toUnits(o.Totals.Discount), toUnits(o.Base.Discount)
	}
	return o.giveBack(id, at, want, m)
}

func (o *Order) giveBack(id int64, at time.Time, want map[int64]int64, a memo) *CreditMemo {
	items := o.take(want, id, func(it *OrderItem) *string { return &it.Refunded }, (*OrderItem).toRefund)
	amount, base := o.share(items)
	m := CreditMemo{
		ID: id, IncrementID: fmt.Sprintf("%d%08d", o.StoreID, id), State: 2, CreatedAt: at, UpdatedAt: at, Items: items,
		Shipping: units(a.shipping), BaseShip: units(a.baseShipping), Adjustment: units(o.inCurrency(a.adjust)), BaseAdjust: units(a.adjust),
	}
	if len(o.Invoices) > 0 {
		m.InvoiceID = o.Invoices[0].ID
	}
	amount += a.shipping + a.discount + o.inCurrency(a.adjust)
	base += a.baseShipping + a.baseDiscount + a.adjust
	m.Grand, m.BaseGrand = units(amount), units(base)
	o.Totals.Refunded, o.Base.Refunded = units(toUnits(o.Totals.Refunded)+amount), units(toUnits(o.Base.Refunded)+base)
	o.CreditMemos = append(o.CreditMemos, m)
	o.settle()
	return &o.CreditMemos[len(o.CreditMemos)-1]
}

// shippingLeft is what was not given back of the shipping cost.
func (o *Order) shippingLeft() (amount, base int64) {
	amount, base = toUnits(o.Totals.Shipping), toUnits(o.Base.Shipping)
	for i := range o.CreditMemos {
		amount, base = amount-toUnits(o.CreditMemos[i].Shipping), base-toUnits(o.CreditMemos[i].BaseShip)
	}
	return amount, base
}

// discountOf is the part of the discount that belongs to lines about to be
// refunded: what the refunds so far and these together have of it, less what
// was taken off before.
func (o *Order) discountOf(want map[int64]int64) (amount, base int64) {
	var rows, baseRows, taken, baseTaken int64
	for i := range o.Items {
		it := &o.Items[i]
		if !it.top() {
			continue
		}
		q := it.toRefund()
		if want != nil {
			q = want[it.ID]
		}
		q += toUnits(it.Refunded)
		rows, baseRows = rows+mul(toUnits(it.Price), q), baseRows+mul(toUnits(it.BasePrice), q)
	}
	for i := range o.CreditMemos {
		m := &o.CreditMemos[i]
		a, b := o.share(m.Items)
		taken += toUnits(m.Grand) - a - toUnits(m.Shipping) - toUnits(m.Adjustment)
		baseTaken += toUnits(m.BaseGrand) - b - toUnits(m.BaseShip) - toUnits(m.BaseAdjust)
	}
	part := func(discount, rows, all, taken int64) int64 {
		if all == 0 || discount == 0 {
			return 0
		}
		return discount/100*rows/all*100 - taken
	}
	return part(toUnits(o.Totals.Discount), rows, toUnits(o.Totals.Subtotal), taken),
		part(toUnits(o.Base.Discount), baseRows, toUnits(o.Base.Subtotal), baseTaken)
}
