package woocommercetest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

// refundRow is a refund in a list.
type refundRow struct {
	key
	order *row[Order]
	n     int
}

func (r refundRow) at() key { return r.key }

func (s *Server) appendRefunds(out []refundRow, r *row[Order]) []refundRow {
	o := s.orders.load(r)
	for n := range o.Refunds {
		f := &o.Refunds[n]
		out = append(out, refundRow{key{f.ID, f.CreatedAt.Unix(), f.CreatedAt.Unix()}, r, n})
	}
	return out
}

// listOrderRefunds lists those of one order; of a missing order none.
func (c *call) listOrderRefunds() *apiError {
	id := c.args[0]
	c.serveRefunds("f"+strconv.FormatInt(id, 10), false, func() []refundRow {
		if r := c.server.orders.find(id); r != nil {
			return c.server.appendRefunds(nil, r)
		}
		return nil
	})
	return nil
}

func (c *call) listRefunds() *apiError {
	c.serveRefunds("f", true, func() []refundRow {
		var out []refundRow
		for _, r := range c.server.orders.rows {
			if r.rec != nil || refundCount(int(r.index)) > 0 {
				out = c.server.appendRefunds(out, r)
			}
		}
		return out
	})
	return nil
}

func (c *call) serveRefunds(prefix string, global bool, of func() []refundRow) {
	s := c.server
	s.mu.RLock()
	rows := kept(s.orders, c.viewName(prefix), func() []refundRow {
		b := c.bounds()
		include, exclude := c.ids("include"), c.ids("exclude")
		rows := slices.DeleteFunc(of(), func(r refundRow) bool {
			return !b.keep(r.key) || include != nil && !slices.Contains(include, r.id) || slices.Contains(exclude, r.id)
		})
		if !order(c, rows, cmp.Or(c.params["orderby"], "date"), refundRow.at) {
			order(c, rows, "id", refundRow.at)
		}
		if c.descending("desc") {
			slices.Reverse(rows)
		}
		return rows
	})
	s.mu.RUnlock()
	from, to := c.cut(len(rows))
	rowsOf(c, rows[from:to], func(w *writer, r refundRow) {
		o := s.orders.load(r.order)
		w.refund(s, o, &o.Refunds[r.n], c.dp(), global)
	})
}

func (w *writer) refund(s *Server, o *Order, f *Refund, dp int, global bool) {
	w.obj("")
	w.num("id", f.ID)
	if global {
		w.num("parent_id", o.ID)
	}
	w.dates("date_created", f.CreatedAt, s.cfg.Location)
	w.str("amount", fixed(f.Amount, dp))
	w.str("reason", f.Reason)
	w.num("refunded_by", f.By)
	w.flag("refunded_payment", f.Paid)
	w.metas("meta_data", f.Meta, nil)
	w.arr("line_items")
	for i := range f.Lines {
		w.lineItem(s, &f.Lines[i], dp)
	}
	w.endArr()
	w.b = append(w.b, `,"shipping_lines":[],"tax_lines":[],"fee_lines":[]`...)
	at := "/orders/" + strconv.FormatInt(o.ID, 10)
	w.selfLinks(s, at+"/refunds", f.ID, "GET DELETE")
	w.link("up", s.apiURL(at), "")
	w.end()
	w.end()
}

func (c *call) findRefund() (*Order, int, *apiError) {
	o := c.server.anyOrder(c.args[0])
	if o == nil {
		return nil, 0, bare("woocommerce_rest_invalid_order_id", "Invalid order ID.", http.StatusNotFound)
	}
	n := slices.IndexFunc(o.Refunds, func(f Refund) bool { return f.ID == c.args[1] })
	if n < 0 {
		return nil, 0, invalidID("shop_order_refund", http.StatusNotFound)
	}
	return o, n, nil
}

func (c *call) getRefund() *apiError {
	o, n, err := c.findRefund()
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, func(w *writer) { w.refund(c.server, o, &o.Refunds[n], c.dp(), false) })
	return nil
}

func (c *call) deleteRefund() *apiError {
	o, n, err := c.findRefund()
	if err != nil {
		return err
	}
	if force, given := c.flag("force"); given && !force {
		return noTrash("Refunds")
	}
	s := c.server
	c.answer(http.StatusOK, func(w *writer) { w.refund(s, o, &o.Refunds[n], c.dp(), false) })
	id := c.args[1]
	return found("order", s.UpdateOrder(o.ID, func(o *Order) {
		o.Refunds = slices.DeleteFunc(o.Refunds, func(f Refund) bool { return f.ID == id })
	}))
}

// found turns the error of a mutator, which says that a record went away
// meanwhile, into the API's.
func found(kind string, err error) *apiError {
	if err != nil {
		return invalidID(kind, http.StatusNotFound)
	}
	return nil
}

func refundBody() []field {
	return append(typed("string", "amount", "reason"), slices.Concat(
		typed("integer", "refunded_by"), typed("array", "meta_data", "line_items", "shipping_lines", "fee_lines"),
		typed("boolean", "api_refund", "api_restock"))...)
}

// refundsItself says whether a payment method can pay back on request.
func refundsItself(method string) bool { return method == "stripe" }

func (c *call) createRefund() *apiError {
	s, in := c.server, c.input
	o := s.anyOrder(c.args[0])
	if o == nil {
		return bare("woocommerce_rest_invalid_order_id", "Invalid order ID.", http.StatusNotFound)
	}
	f := Refund{By: c.key.UserID, Paid: true, CreatedAt: s.stamp()}
	restock := true
	in.flag("api_refund", &f.Paid)
	in.flag("api_restock", &restock)
	in.text("reason", &f.Reason)
	in.text("amount", &f.Amount)
	c.checkAmount("amount", f.Amount)
	back := map[int64]int{} // product or variation to quantity
	sum := "0"
	for _, l := range in.objects("line_items") {
		id := l.id("id")
		n := slices.IndexFunc(o.Items, func(x LineItem) bool { return x.ID == id })
		if n < 0 {
			continue
		}
		line := o.Items[n]
		quantity := 0
		l.number("quantity", &quantity)
		total := cmp.Or(textOf(l["refund_total"]), "0")
		sum = addDecimal(sum, total)
		line.ID, line.Quantity = s.newItem(), -quantity
		line.Subtotal, line.Total, line.SubtotalTax, line.TotalTax = negated(total), negated(total), "0", "0"
		ref := `"` + strconv.FormatInt(id, 10) + `"`
		line.Meta = []LineMeta{{s.newMeta(), "_refunded_item_id", ref, "_refunded_item_id", ref}}
		f.Lines = append(f.Lines, line)
		back[cmp.Or(line.VariationID, line.ProductID)] += quantity
	}
	if f.Amount == "" {
		f.Amount = sum
	}
	left := dec(o.Total).Sub(dec(o.refunded()))
	switch {
	case dec(f.Amount).IsNegative():
		return bare("woocommerce_rest_invalid_order_refund", "Refund amount must be greater than zero.", http.StatusBadRequest)
	case dec(f.Amount).GreaterThan(left):
		return bare("woocommerce_rest_cannot_create_order_refund", "Invalid refund amount.", http.StatusInternalServerError)
	case f.Paid && !refundsItself(o.Method):
		return bare("woocommerce_rest_cannot_create_order_refund",
			"The payment gateway for this order does not support automatic refunds.", http.StatusInternalServerError)
	}
	f.ID = s.newID()
	err := s.UpdateOrder(o.ID, func(o *Order) {
		o.Refunds = append(o.Refunds, f)
		if dec(o.refunded()).Equal(dec(o.Total)) && dec(o.Total).IsPositive() {
			s.moveTo(o, "refunded")
		}
	})
	if err != nil {
		return invalidID("order", http.StatusNotFound)
	}
	if restock {
		for id, quantity := range back {
			s.addStock(id, quantity)
		}
	}
	o = s.anyOrder(o.ID)
	c.created("/orders/"+strconv.FormatInt(o.ID, 10)+"/refunds/"+strconv.FormatInt(f.ID, 10), func(w *writer) {
		w.refund(s, o, &f, s.cfg.Decimals, false)
	})
	return nil
}
