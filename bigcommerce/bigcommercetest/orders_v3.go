package bigcommercetest

import (
	"slices"
	"strconv"
)

// refundsOf is how many refunds a seeded order has.
func refundsOf(i int) int { return btoi(i%15 == 4 || i%15 == 14) }

func (w *writer) refund(k string, o *Order, r *Refund) {
	w.obj(k)
	w.id("id", r.ID)
	w.id("order_id", o.ID)
	w.num("user_id", 1)
	w.iso("created", r.CreatedAt)
	w.str("reason", r.Reason)
	w.moneyNum("total_amount", r.Total)
	w.moneyNum("total_tax", r.Tax)
	w.flag("uses_merchant_override_values", false)
	w.arr("items")
	for _, it := range r.Items {
		w.obj("")
		w.str("item_type", it.Type)
		w.id("item_id", it.ID)
		w.str("reason", it.Reason)
		if it.Quantity > 0 {
			w.num("quantity", it.Quantity)
		}
		switch {
		case it.Type == "PRODUCT":
			w.null("requested_amount")
		case r.ID%2 == 0:
			w.str("requested_amount", Decimal(it.Amount))
		default:
			w.moneyNum("requested_amount", it.Amount)
		}
		w.raw("adjustments", "[]")
		w.end()
	}
	w.endArr()
	w.arr("payments")
	first := RefundPayment{r.Provider, r.Offline, r.Total}
	for _, p := range r.More {
		first.Amount -= p.Amount
	}
	for i, p := range append([]RefundPayment{first}, r.More...) {
		w.obj("")
		w.id("id", r.ID+1+int64(i))
		w.str("provider_id", p.Provider)
		w.moneyNum("amount", p.Amount)
		w.flag("offline", p.Offline)
		w.flag("is_declined", r.Declined != "")
		w.str("declined_message", r.Declined)
		w.str("transaction_id", strconv.FormatInt(r.ID+2+int64(i), 10))
		w.end()
	}
	w.endArr()
	w.end()
}

func listRefunds(c *call) {
	number, size, ok := c.window(maxLimit)
	if !ok {
		return
	}
	f := &filterReader{c: c}
	orders, ids, when := f.ids("order_id:in"), f.ids("id:in"), f.span("created:min", "created:max")
	if f.failed() {
		return
	}
	if orders == nil && ids == nil && when == (span{}) && f.text("transaction_id") == "" {
		p, refunds := c.store.refunds.page(number, size)
		c.list(p, func(w *writer) {
			for _, r := range refunds {
				w.refund("", r.of, &r.of.Refunds[r.pos])
			}
		})
		return
	}
	type found struct {
		o *Order
		r Refund
	}
	var list []found
	for _, o := range c.store.orders.selected(&selection[Order]{ids: orders}) {
		for _, r := range o.Refunds {
			if (ids == nil || slices.Contains(ids, r.ID)) && when.holds(r.CreatedAt.Unix()) &&
				(f.text("transaction_id") == "" || f.text("transaction_id") == strconv.FormatInt(r.ID+2, 10)) {
				list = append(list, found{o, r})
			}
		}
	}
	few(c, list, maxLimit, func(w *writer, v *found) { w.refund("", v.o, &v.r) })
}

func listOrderRefunds(c *call) {
	if o := c.order(); o != nil {
		few(c, o.Refunds, maxLimit, func(w *writer, r *Refund) { w.refund("", o, r) })
	}
}

func getRefund(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	for _, o := range c.store.orders.all() {
		for i := range o.Refunds {
			if o.Refunds[i].ID == id {
				c.data(func(w *writer) { w.refund("data", o, &o.Refunds[i]) })
				return
			}
		}
	}
	c.notFound()
}

func listTransactions(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	if len(o.Transactions) == 0 {
		c.none()
		return
	}
	few(c, o.Transactions, maxLimit, func(w *writer, t *Transaction) {
		w.obj("")
		w.id("id", t.ID)
		w.str("order_id", strconv.FormatInt(o.ID, 10)) // a string
		w.str("event", t.Event)
		w.str("method", t.Method)
		w.moneyNum("amount", t.Amount)
		w.str("currency", o.Currency)
		w.str("gateway", t.Gateway)
		w.str("gateway_transaction_id", "ch_"+strconv.FormatInt(t.ID, 36))
		w.zulu("date_created", t.CreatedAt)
		w.flag("test", true)
		w.str("status", t.Status)
		w.flag("fraud_review", false)
		for _, k := range []string{"offline", "custom", "gift_certificate", "store_credit"} {
			w.null(k)
		}
		w.raw("avs_result", `{"code":"","message":"","street_match":"","postal_match":""}`)
		w.raw("cvv_result", `{"code":"","message":""}`)
		w.str("payment_method_id", "testgateway.card")
		w.null("payment_instrument_token")
		w.raw("credit_card", `{"card_type":"visa","card_iin":"411111","card_last4":"1111","card_expiry_month":1,"card_expiry_year":2030}`)
		w.end()
	})
}
