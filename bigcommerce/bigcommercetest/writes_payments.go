package bigcommercetest

import "net/http"

// payment serves capture and void, which need a payment that is authorized. The
// order waits in the pending status until the payment is made.
func payment(event, pending, status string) func(c *call) {
	return func(c *call) {
		o := c.order()
		if o == nil {
			return
		}
		result := c.alterOrder("payment", o.ID, o.ID, func(to *Order) bool {
			ok := to.PaymentStatus == "authorized"
			to.PaymentStatus = pending
			return ok
		})
		if result != changed {
			c.failWith(http.StatusUnprocessableEntity, "The payment of the order cannot be "+status+".", map[string]string{})
			return
		}
		s := c.store
		s.later(job{run: func() {
			_ = s.UpdateOrder(o.ID, func(to *Order) { // gone meanwhile: nothing to pay
				to.PaymentStatus = status
				to.Transactions = append(to.Transactions, Transaction{Event: event, Method: "credit_card", Gateway: "testgateway",
					Status: "ok", Amount: to.Total(), CreatedAt: s.stamp()})
			})
		}}, 0, s.cfg.PaymentRequests)
		c.answer(http.StatusCreated, func(w *writer) { w.raw("", "{}") })
	}
}

var (
	capturePayment = payment("capture", "capture pending", "captured")
	voidPayment    = payment("void", "void pending", "void")
)
