package woocommercetest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

func refundBody() []field {
	return append(typed("string", "amount", "reason"), slices.Concat(
		typed("integer", "refunded_by"), typed("array", "meta_data", "line_items", "shipping_lines", "fee_lines"),
		typed("boolean", "api_refund", "api_restock"))...)
}

// refundsItself says whether a payment method can pay back on request.
func refundsItself(method string) bool { return method == "stripe" }

func (c *call) createRefund() *apiError {
	m, err := c.insertRefund(c.input)
	return c.reply(m, err, "/orders/"+strconv.FormatInt(c.args[0], 10)+"/refunds")
}

// insertRefund gives money back: through the payment gateway, and with the goods
// put back into the stock, unless the request says otherwise. Only the sum is
// held against what is left, neither pieces nor the sum of a line. Its errors
// have a number in place of data and come with 500.
func (c *call) insertRefund(in input) (made, *apiError) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.orders.get(c.args[0])
	if o == nil {
		return made{}, bare("woocommerce_rest_invalid_order_id", "Invalid order ID.", http.StatusNotFound)
	}
	f := Refund{By: c.key.UserID, Paid: true, CreatedAt: s.stamp()}
	restock := true
	in.flag("api_refund", &f.Paid)
	in.flag("api_restock", &restock)
	in.text("reason", &f.Reason)
	lines, sum := refundedLines(in)
	f.Amount = sum
	if in.has("amount") {
		f.Amount = cmp.Or(textOf(in["amount"]), "0")
	}
	c.checkAmount("amount", f.Amount)
	left := dec(o.Total).Sub(dec(o.refunded()))
	switch {
	case dec(f.Amount).IsNegative():
		return made{}, bare("woocommerce_rest_invalid_order_refund", "Refund amount must be greater than zero.", http.StatusBadRequest)
	case dec(f.Amount).GreaterThan(left):
		return made{}, bare("woocommerce_rest_cannot_create_order_refund", "Invalid refund amount.", http.StatusInternalServerError)
	case f.Paid && !refundsItself(o.Method):
		return made{}, bare("woocommerce_rest_cannot_create_order_refund",
			"The payment gateway for this order does not support automatic refunds.", http.StatusInternalServerError)
	}
	f.ID = s.nextID
	s.nextID++
	f.Meta = s.mergeMeta(nil, in.objects("meta_data"))
	var moved []int64
	o, _ = s.editOrder(o.ID, func(o *Order) bool {
		s.fillRefund(&f, o, lines)
		if restock {
			moved = s.restock(o, lines)
		}
		o.Refunds = append(o.Refunds, f)
		if !left.GreaterThan(dec(f.Amount)) {
			s.moveTo(o, "refunded")
		}
		return true
	})
	c.effect("refund.create", f.ID)
	c.effect("stock.move", moved...)
	return made{f.ID, func(w *writer) { w.refund(s, o, &f, s.cfg.Decimals, false) }}, nil
}

// refundedLine is what a request gives back of a line.
type refundedLine struct {
	quantity   int
	total, tax string
}

// refundedLines reads the lines of a refund by their ids, and what they add up
// to: "0" where one does not say. A line without an id spoils all.
func refundedLines(in input) (lines map[int64]refundedLine, sum string) {
	lines, sum = map[int64]refundedLine{}, "0"
	priced, named := true, true
	for _, l := range in.objects("line_items") {
		x := refundedLine{total: textOf(l["refund_total"]), tax: "0"}
		l.number("quantity", &x.quantity)
		for _, t := range l.objects("refund_tax") {
			x.tax = addDecimal(x.tax, textOf(t["refund_total"]))
		}
		id := l.id("id")
		priced, named = priced && x.total != "", named && id != 0
		sum = addDecimal(addDecimal(sum, x.total), x.tax)
		lines[id] = x
	}
	if !priced {
		sum = "0"
	}
	if !named {
		clear(lines)
	}
	return lines, sum
}

// fillRefund makes the refund's own lines, which are negative; called with mu held.
func (s *Server) fillRefund(f *Refund, o *Order, lines map[int64]refundedLine) {
	id := func() int64 {
		s.nextItem++
		return s.nextItem - 1
	}
	for _, l := range o.Items {
		x, ok := lines[l.ID]
		if !ok || x.quantity == 0 && dec(x.total).IsZero() && dec(x.tax).IsZero() {
			continue
		}
		ref := `"` + strconv.FormatInt(l.ID, 10) + `"`
		l.Meta = []LineMeta{{s.nextMeta, "_refunded_item_id", ref, "_refunded_item_id", ref}}
		s.nextMeta++
		l.ID, l.Quantity = id(), -x.quantity
		l.Total, l.TotalTax = negated(x.total), negated(x.tax)
		l.Subtotal, l.SubtotalTax = l.Total, l.TotalTax
		f.Lines = append(f.Lines, l)
	}
	for _, kind := range []struct{ of, to *[]ExtraLine }{{&o.ShippingLines, &f.ShippingLines}, {&o.Fees, &f.Fees}} {
		for _, l := range *kind.of {
			if x, ok := lines[l.ID]; ok && (!dec(x.total).IsZero() || !dec(x.tax).IsZero()) {
				l.ID, l.Total, l.TotalTax = id(), negated(x.total), negated(x.tax)
				*kind.to = append(*kind.to, l)
			}
		}
	}
}

// restock puts goods back that the order took from the stock, and tells whose
// stock moved; called with mu held.
func (s *Server) restock(o *Order, lines map[int64]refundedLine) (moved []int64) {
	for i := range o.Items {
		l := &o.Items[i]
		n := lines[l.ID].quantity
		if n == 0 || l.tally(reducedStock) == 0 {
			continue
		}
		of, from, ok := s.moveStock(cmp.Or(l.VariationID, l.ProductID), n)
		if !ok {
			continue
		}
		s.setTally(l, restocked, l.tally(restocked)+n)
		s.setTally(l, reducedStock, l.tally(reducedStock)-n)
		s.remark(o, fmt.Sprintf("Item #%d stock increased from %d to %d.", of, from, from+n))
		moved = append(moved, of)
	}
	return moved
}

func (c *call) deleteRefund() *apiError {
	if force, given := c.flag("force"); given && !force {
		return noTrash("Refunds")
	}
	m, err := c.dropRefund(c.args[0], c.args[1])
	return c.reply(m, err, "")
}

func (c *call) dropRefund(order, id int64) (made, *apiError) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	old, n, err := s.findRefund(order, id)
	if err != nil {
		return made{}, err
	}
	s.editOrder(order, func(o *Order) bool {
		o.Refunds = slices.Delete(o.Refunds, n, n+1)
		return true
	})
	c.effect("refund.delete", id)
	return made{id, func(w *writer) { w.refund(s, old, &old.Refunds[n], c.dp(), false) }}, nil
}
