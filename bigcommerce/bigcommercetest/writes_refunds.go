package bigcommercetest

import (
	"fmt"
	"net/http"
	"slices"
)

// settled payments can be refunded.
func (o *Order) settled() bool {
	return slices.Contains([]string{"captured", "paid", "partially refunded"}, o.PaymentStatus)
}

// refundOf works out what a client wants back; the text is why it cannot be.
func (c *call) refundOf(o *Order, in input) (r Refund, problem string) {
	r = Refund{Reason: in.text("reason"), CreatedAt: c.store.stamp()}
	if !o.settled() {
		return r, fmt.Sprintf("Order %d has no settled payment.", o.ID)
	}
	items := in.list("items")
	if len(items) == 0 {
		return r, "At least one item is required."
	}
	back := int64(0)
	for _, old := range o.Refunds {
		back += old.Total
	}
	for _, item := range items {
		c.known(item, "item_type item_id quantity amount reason adjustments")
		it := RefundItem{Type: item.text("item_type"), Reason: item.text("reason")}
		it.ID, _ = item.integer("item_id")
		n, _ := item.integer("quantity")
		switch it.Type {
		case "PRODUCT", "GIFT_WRAPPING":
			l := o.line(it.ID)
			if l == nil || n < 1 || l.Refunded+int(n) > l.Quantity {
				return r, fmt.Sprintf("Product %d cannot be refunded in that quantity.", it.ID)
			}
			it.Quantity = int(n)
			l.Refunded += int(n) // o is this request's own copy
			it.Amount = (l.Price + taxOf(l.Price)) * n
			r.Tax += taxOf(l.Price) * n
		case "SHIPPING", "HANDLING", "ORDER", "FEE", "TAX":
			amount, ok := toMoney(item.text("amount"))
			known := it.Type != "ORDER" || it.ID == o.ID
			known = known && (it.Type != "SHIPPING" && it.Type != "HANDLING" || o.address(it.ID) != nil)
			if !ok || amount <= 0 || !known {
				return r, fmt.Sprintf("Item %d cannot be refunded.", it.ID)
			}
			it.Amount = amount
		default:
			return r, "Unknown item_type " + it.Type + "."
		}
		r.Items = append(r.Items, it)
		r.Total += it.Amount
	}
	if back+r.Total > o.Total() {
		return r, "The refund is more than what is left of the order."
	}
	return r, ""
}

// refuseRefund answers as refunds do: the error inside data.
func (c *call) refuseRefund(problem string) {
	c.answer(http.StatusUnprocessableEntity, func(w *writer) {
		w.obj("")
		w.arr("data")
		w.problem("", http.StatusUnprocessableEntity, problem, nil)
		w.endArr()
		w.end()
	})
}

func quoteRefund(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	in, ok := c.input("items tax_adjustment_amount")
	if !ok {
		return
	}
	r, problem := c.refundOf(o, in)
	if problem != "" {
		c.failWith(http.StatusUnprocessableEntity, problem, map[string]string{})
		return
	}
	c.data(func(w *writer) {
		w.obj("data")
		w.id("order_id", o.ID)
		w.moneyNum("total_refund_amount", r.Total)
		w.moneyNum("total_refund_tax_amount", r.Tax)
		w.num("order_level_refund_amount", 0)
		w.num("rounding", 0)
		w.num("adjustment", 0)
		w.flag("tax_inclusive", false)
		w.arr("refund_methods")
		for _, m := range []struct {
			id, name string
			offline  bool
		}{{"testgateway", "Test Payment Gateway", false}, {"storecredit", "Store Credit", true}, {"custom", "Custom", true}} {
			w.arr("")
			w.obj("")
			w.str("provider_id", m.id)
			w.str("provider_description", m.name)
			w.moneyNum("amount", r.Total)
			w.flag("offline", m.offline)
			w.flag("offline_provider", m.offline)
			w.str("offline_reason", "")
			w.end()
			w.endArr()
		}
		w.endArr()
		w.end()
	})
	c.status = http.StatusCreated
}

func createRefund(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	in, ok := c.input("items payments merchant_calculated_override tax_adjustment_amount reason")
	if !ok {
		return
	}
	r, problem := c.refundOf(o, in)
	if problem != "" {
		c.refuseRefund(problem)
		return
	}
	sum := int64(0)
	for _, p := range in.list("payments") {
		n, _ := toMoney(p.text("amount"))
		sum += n
		r.Provider, r.Offline = p.text("provider_id"), p.flag("offline")
	}
	switch {
	case sum != r.Total:
		c.refuseRefund("The sum of the payments does not match the amount of the refund.")
		return
	case r.Provider == "storecredit" && o.CustomerID == 0:
		c.refuseRefund("Unable to provide store credit for a guest customer.")
		return
	}
	r.ID = c.store.partID()
	stored := false
	_ = c.store.UpdateOrder(o.ID, func(to *Order) { // just found
		before := int64(0)
		for _, old := range to.Refunds {
			before += old.Total
		}
		if before+r.Total > to.Total() { // another refund came first
			return
		}
		stored = true
		for _, it := range r.Items {
			if l := to.line(it.ID); l != nil && it.Type == "PRODUCT" {
				l.Refunded += it.Quantity
			}
		}
		to.Refunds = append(to.Refunds, r)
		to.StatusID, to.PaymentStatus = 14, "partially refunded"
		if before+r.Total == to.Total() {
			to.StatusID, to.PaymentStatus = 4, "refunded"
		}
	})
	if !stored {
		c.refuseRefund("The refund is more than what is left of the order.")
		return
	}
	c.store.fire("store/order/refund/created", refundEvent(o.ID, r.ID))
	c.data(func(w *writer) { w.refund("data", o, &r) })
	c.status = http.StatusCreated
}

// payment serves capture and void, which need a payment that is authorized.
func payment(event, status string) func(c *call) {
	return func(c *call) {
		o := c.order()
		if o == nil {
			return
		}
		if o.PaymentStatus != "authorized" {
			c.failWith(http.StatusUnprocessableEntity, "The payment of the order cannot be "+status+".", map[string]string{})
			return
		}
		_ = c.store.UpdateOrder(o.ID, func(to *Order) { // just found
			to.PaymentStatus = status
			to.Transactions = append(to.Transactions, Transaction{Event: event, Method: "credit_card", Gateway: "testgateway",
				Status: "ok", Amount: to.Total(), CreatedAt: c.store.stamp()})
		})
		c.answer(http.StatusCreated, func(w *writer) { w.raw("", "{}") })
	}
}

var (
	capturePayment = payment("capture", "captured")
	voidPayment    = payment("void", "void")
)
