package magentotest

import (
	"fmt"
	"time"
)

// The steps below are what the shop's own services do to an order. Quantities
// are ten-thousandths by line id; nil means everything that is left.

// top says whether a line counts in sums: children of others do not.
func (it *OrderItem) top() bool { return it.ParentID == 0 }

func (it *OrderItem) left(done string) int64 {
	return toUnits(it.Ordered) - toUnits(done) - toUnits(it.Canceled)
}

// toShip is what is left to ship: what was refunded is not shipped any more.
func (it *OrderItem) toShip() int64 {
	if !it.ships() {
		return 0
	}
	return max(0, toUnits(it.Ordered)-max(toUnits(it.Shipped), toUnits(it.Refunded))-toUnits(it.Canceled))
}

func (it *OrderItem) toInvoice() int64 { return max(0, it.left(it.Invoiced)) }

func (it *OrderItem) toRefund() int64 { return max(0, toUnits(it.Invoiced)-toUnits(it.Refunded)) }

// toCancel is what nobody paid for or sent yet.
func (it *OrderItem) toCancel() int64 {
	if !it.ships() {
		return it.toInvoice()
	}
	return min(it.toInvoice(), it.toShip())
}

func (it *OrderItem) ships() bool { return it.Type != TypeVirtual && it.Type != TypeDownloadable }

func (o *Order) firstToShip() *OrderItem {
	for i := range o.Items {
		if it := &o.Items[i]; it.top() && it.toShip() > 0 {
			return it
		}
	}
	return nil
}

// shippable counts what is left to ship, in whole pieces.
func (o *Order) shippable() int64 {
	var n int64
	for i := range o.Items {
		if it := &o.Items[i]; it.top() {
			n += it.toShip() / 10_000
		}
	}
	return n
}

// take moves a quantity of each wanted line and of its child to a document.
func (o *Order) take(want map[int64]int64, base int64, field func(*OrderItem) *string, left func(*OrderItem) int64) []DocumentItem {
	var out []DocumentItem
	for i := range o.Items {
		it := &o.Items[i]
		if !it.top() {
			continue
		}
		n := left(it)
		if want != nil {
			n = want[it.ID]
		}
		if n <= 0 {
			continue
		}
		for _, l := range []*OrderItem{it, o.child(it.ID)} {
			if l == nil {
				continue
			}
			f := field(l)
			*f = units(toUnits(*f) + n)
			out = append(out, DocumentItem{base*itemRoom + int64(len(out)), l.ID, units(n)})
		}
	}
	return out
}

// settle moves the state after an invoice, a shipment or a refund.
func (o *Order) settle() {
	var toInvoice, toShip int64
	for i := range o.Items {
		it := &o.Items[i]
		if !it.top() {
			continue
		}
		toInvoice += it.toInvoice()
		toShip += it.toShip()
	}
	switch {
	case o.State == StateCanceled || o.State == StateHolded:
	case len(o.CreditMemos) > 0 && toInvoice == 0 && toShip <= 0 && toUnits(o.Base.Refunded) >= toUnits(o.Base.Paid):
		o.State, o.Status = StateClosed, "closed"
	case toInvoice == 0 && toShip <= 0:
		o.State, o.Status = StateComplete, "complete"
	case len(o.Invoices)+len(o.Shipments) > 0 && o.State != StateProcessing:
		o.State, o.Status = StateProcessing, "processing"
	}
}

// share is the part of an amount that belongs to a document of these lines.
func (o *Order) share(items []DocumentItem) (amount, base int64) {
	for _, d := range items {
		it := o.Item(d.OrderItemID)
		q, all := toUnits(d.Qty), toUnits(it.Ordered)
		amount += mul(toUnits(it.Price), q) + toUnits(it.Tax)*q/all/100*100
		base += mul(toUnits(it.BasePrice), q) + toUnits(it.BaseTax)*q/all/100*100
	}
	return amount, base
}

func (o *Order) invoice(id int64, at time.Time, want map[int64]int64) *Invoice {
	items := o.take(want, id, func(it *OrderItem) *string { return &it.Invoiced },
		(*OrderItem).toInvoice)
	if len(items) == 0 {
		return nil
	}
	amount, base := o.share(items)
	inv := Invoice{ID: id, IncrementID: fmt.Sprintf("%d%08d", o.StoreID, id), State: 2, CreatedAt: at, UpdatedAt: at, Items: items, Shipping: "0", BaseShip: "0"}
	if len(o.Invoices) == 0 { // the first one carries shipping and discount
		inv.Shipping, inv.BaseShip = o.Totals.Shipping, o.Base.Shipping
		amount += toUnits(o.Totals.Shipping) + toUnits(o.Totals.Discount)
		base += toUnits(o.Base.Shipping) + toUnits(o.Base.Discount)
	}
	inv.Grand, inv.BaseGrand = units(amount), units(base)
	o.Totals.Paid, o.Base.Paid = units(toUnits(o.Totals.Paid)+amount), units(toUnits(o.Base.Paid)+base)
	o.Invoices = append(o.Invoices, inv)
	o.settle()
	return &o.Invoices[len(o.Invoices)-1]
}

func (o *Order) ship(id int64, at time.Time, source string, want map[int64]int64) *Shipment {
	items := o.take(want, id, func(it *OrderItem) *string { return &it.Shipped }, (*OrderItem).toShip)
	if len(items) == 0 {
		return nil
	}
	o.Shipments = append(o.Shipments, Shipment{
		ID: id, IncrementID: fmt.Sprintf("%d%08d", o.StoreID, id), Source: source, CreatedAt: at, UpdatedAt: at, Items: items,
	})
	o.settle()
	return &o.Shipments[len(o.Shipments)-1]
}

// cancelable says whether the shop would cancel the order.
func (o *Order) cancelable() bool {
	switch o.State {
	case StateComplete, StateClosed, StateCanceled, StateHolded, StatePaymentReview:
		return false
	}
	for i := range o.Items {
		if it := &o.Items[i]; it.top() && it.toInvoice() > 0 {
			return true
		}
	}
	return false
}

func (o *Order) cancel() {
	for i := range o.Items {
		it := &o.Items[i]
		it.Canceled = units(it.toCancel())
	}
	o.State, o.Status = StateCanceled, "canceled"
	if len(o.Invoices) > 0 {
		o.State, o.Status = StateProcessing, "processing"
		o.settle()
	}
	o.Totals.Canceled = units(toUnits(o.Totals.Grand) - toUnits(o.Totals.Paid))
	o.Base.Canceled = units(toUnits(o.Base.Grand) - toUnits(o.Base.Paid))
}

func (o *Order) holdable() bool {
	switch o.State {
	case StateComplete, StateClosed, StateCanceled, StateHolded, StatePaymentReview:
		return false
	}
	return true
}

func (o *Order) hold() {
	o.HoldState, o.HoldStatus = o.State, o.Status
	o.State, o.Status = StateHolded, "holded"
}

func (o *Order) unhold() {
	o.State, o.Status = o.HoldState, o.HoldStatus
	o.HoldState, o.HoldStatus = "", ""
}

// statusesOf are the statuses assigned to each state, the default one first.
var statusesOf = map[string][]string{
	StateNew: {"pending"}, StatePendingPayment: {"pending_payment"}, StatePaymentReview: {"payment_review", "fraud"},
	StateProcessing: {"processing", "fraud", "awaiting_pickup"}, StateComplete: {"complete"}, StateClosed: {"closed"},
	StateCanceled: {"canceled"}, StateHolded: {"holded"},
}
