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

// refunded is what was given back; what a provider declined was not.
func (o *Order) refunded() int64 {
	sum := int64(0)
	for _, r := range o.Refunds {
		if r.Declined == "" {
			sum += r.Total
		}
	}
	return sum
}

// refund is one that is asked for.
type refund struct {
	Refund
	asked int64 // before rounding and before it was cut to what is left
}

// refundOf works out what a client wants back; the text is why it cannot be. It
// counts the pieces on o, which is the request's own copy.
func (c *call) refundOf(o *Order, in input) (r refund, problem string) {
	r = refund{Refund: Refund{Reason: in.text("reason"), CreatedAt: c.store.stamp()}}
	if !o.settled() {
		return r, fmt.Sprintf("Order %d has no settled payment.", o.ID)
	}
	if in.has("tax_adjustment_amount") && in.text("tax_adjustment_amount") != "0" {
		c.violation("this server adjusts no taxes")
	}
	items := in.list("items")
	if len(items) == 0 {
		return r, "At least one item is required."
	}
	for _, item := range items {
		c.known(item, "item_type item_id quantity amount reason adjustments")
		if problem := r.add(o, item); problem != "" {
			return r, problem
		}
	}
	left := o.Total() - o.refunded()
	if left <= 0 {
		return r, "The order has nothing left to refund."
	}
	r.asked = r.Total
	r.Total = min((r.Total+50)/100*100, left) // rounded to hundredths
	return r, ""
}

// add puts one item into the refund.
func (r *refund) add(o *Order, item input) (problem string) {
	it := RefundItem{Type: item.text("item_type"), Reason: item.text("reason")}
	it.ID, _ = item.integer("item_id")
	n, _ := item.integer("quantity")
	switch it.Type {
	case "PRODUCT":
		l := o.line(it.ID)
		if l == nil || n < 1 || int64(l.Refunded)+n > int64(l.Quantity) {
			return fmt.Sprintf("Product %d cannot be refunded in that quantity.", it.ID)
		}
		it.Quantity = int(n)
		l.Refunded += int(n)
		it.Amount = (l.Price + taxOf(l.Price)) * n
		r.Tax += taxOf(l.Price) * n
	case "SHIPPING", "HANDLING", "ORDER", "FEE":
		amount, ok := toMoney(item.text("amount"))
		known := it.Type == "ORDER" && it.ID == o.ID || it.Type == "FEE" && o.Fee != 0 ||
			(it.Type == "SHIPPING" || it.Type == "HANDLING") && o.address(it.ID) != nil
		if !ok || amount <= 0 || !known {
			return fmt.Sprintf("Item %d cannot be refunded.", it.ID)
		}
		if it.Type == "SHIPPING" && amount > o.address(it.ID).Cost+taxOf(o.address(it.ID).Cost)-o.given("SHIPPING", it.ID) {
			return "The refund is more than the shipping cost."
		}
		it.Amount = amount
	default:
		return "Unknown item_type " + it.Type + "."
	}
	r.Items = append(r.Items, it)
	r.Total += it.Amount
	return ""
}

// given is what was given back of an item.
func (o *Order) given(kind string, id int64) (sum int64) {
	for _, r := range o.Refunds {
		for _, it := range r.Items {
			if it.Type == kind && it.ID == id && r.Declined == "" {
				sum += it.Amount
			}
		}
	}
	return sum
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

// refundMethod is a way to give money back.
type refundMethod struct {
	id, name string
	offline  bool // paid outside, so that it is only noted
}

// refundMethods are those of an order: the gateway it was paid by, store credit
// for a registered customer, and a payment outside.
func (o *Order) refundMethods() []refundMethod {
	var all []refundMethod
	switch o.PaymentMethod {
	case "Manual", "Cash", "Bank Deposit":
	default:
		all = append(all, refundMethod{"testgateway", "Test Payment Gateway", false})
	}
	if o.CustomerID != 0 {
		all = append(all, refundMethod{"storecredit", "Store Credit", false})
	}
	return append(all, refundMethod{"custom", "Custom", true})
}

// quoteRefund works a refund out. More than is left of the order is no error:
// the quote is of what is left, and adjustment says the difference.
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
	rounded := (r.asked + 50) / 100 * 100
	c.data(func(w *writer) {
		w.obj("data")
		w.id("order_id", o.ID)
		w.moneyNum("total_refund_amount", r.Total)
		w.moneyNum("total_refund_tax_amount", r.Tax)
		w.num("order_level_refund_amount", 0)
		w.moneyNum("rounding", rounded-r.asked)
		w.moneyNum("adjustment", r.Total-rounded)
		w.flag("tax_inclusive", false)
		w.arr("refund_methods")
		for _, m := range o.refundMethods() {
			w.arr("")
			w.obj("")
			w.str("provider_id", m.id)
			w.str("provider_description", m.name)
			w.moneyNum("amount", r.Total)
			w.flag("offline", m.offline)
			w.flag("offline_provider", m.offline)
			w.str("offline_reason", [2]string{"", "This is an offline payment provider."}[btoi(m.offline)])
			w.end()
			w.endArr()
		}
		w.endArr()
		w.end()
	})
	c.status = http.StatusCreated
}

// payments reads how a refund is paid; the text says what is wrong.
func (r *refund) payments(o *Order, in input) string {
	sum := int64(0)
	for i, p := range in.list("payments") {
		n, ok := toMoney(p.text("amount"))
		pay := RefundPayment{p.text("provider_id"), p.flag("offline"), n}
		methods := o.refundMethods()
		at := slices.IndexFunc(methods, func(m refundMethod) bool { return m.id == pay.Provider })
		switch {
		case pay.Provider == "storecredit" && o.CustomerID == 0:
			return "Unable to provide store credit for a guest customer."
		case at < 0 || !ok || n <= 0:
			return "The payment provider " + pay.Provider + " cannot refund this order."
		case methods[at].offline && !pay.Offline:
			return "The payment provider " + pay.Provider + " is offline only."
		}
		if sum += n; i == 0 {
			r.Provider, r.Offline = pay.Provider, pay.Offline
		} else {
			r.More = append(r.More, pay)
		}
	}
	if sum != r.Total {
		return "The sum of the payments does not match the amount of the refund."
	}
	return ""
}

func createRefund(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	in, ok := c.input("order_id items payments merchant_calculated_override tax_adjustment_amount reason")
	if !ok {
		return
	}
	r, problem := c.refundOf(o, in)
	if over := in.object("merchant_calculated_override"); problem == "" && over != nil {
		r.Total, ok = toMoney(over.text("total_amount"))
		r.Tax, _ = toMoney(over.text("total_tax"))
		if !ok || r.Total <= 0 || r.Total > o.Total()-o.refunded() {
			problem = "The override is not within what is left of the order."
		}
	}
	if problem == "" {
		problem = r.payments(o, in)
	}
	if problem != "" {
		c.refuseRefund(problem)
		return
	}
	s := c.store
	s.mu.Lock()
	declined := s.declined
	s.mu.Unlock()
	r.ID = s.partID()
	c.alterOrder("refund", r.ID, o.ID, func(to *Order) bool {
		to.Refunds = append(to.Refunds, r.Refund)
		for _, it := range r.Items {
			if l := to.line(it.ID); l != nil && it.Type == "PRODUCT" {
				l.Refunded += it.Quantity
			}
		}
		return true
	})
	s.fire("store/order/refund/created", refundEvent(o.ID, r.ID))
	s.later(job{run: func() { s.payRefund(o.ID, r.ID, declined) }}, 0, s.cfg.PaymentRequests)
	o = s.orders.get(o.ID)
	at := -1
	if o != nil {
		at = slices.IndexFunc(o.Refunds, func(v Refund) bool { return v.ID == r.ID })
	}
	if at < 0 {
		c.notFound()
		return
	}
	c.data(func(w *writer) { w.refund("data", o, &o.Refunds[at]) })
	c.status = http.StatusCreated
}

// payRefund is the payment of a refund: the order's status follows it.
func (s *Store) payRefund(order, id int64, declined string) {
	_ = s.UpdateOrder(order, func(o *Order) { // gone meanwhile: nothing to pay
		i := slices.IndexFunc(o.Refunds, func(r Refund) bool { return r.ID == id })
		if i < 0 {
			return
		}
		r := &o.Refunds[i]
		if r.Declined = declined; declined != "" {
			for _, it := range r.Items {
				if l := o.line(it.ID); l != nil && it.Type == "PRODUCT" {
					l.Refunded -= it.Quantity
				}
			}
			return
		}
		o.StatusID, o.PaymentStatus = 14, "partially refunded"
		if o.refunded() >= o.Total() {
			o.StatusID, o.PaymentStatus = 4, "refunded"
		}
		o.Transactions = append(o.Transactions, Transaction{Event: "refund", Method: "credit_card", Gateway: r.Provider, Status: "ok",
			Amount: r.Total, CreatedAt: s.stamp()})
	})
}

// DeclineRefunds makes the payments of refunds to come be declined with the
// message; "" stops that. Such a refund is there, says so, and gives nothing
// back.
func (s *Store) DeclineRefunds(message string) {
	s.mu.Lock()
	s.declined = message
	s.mu.Unlock()
}
