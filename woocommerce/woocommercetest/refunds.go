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
	w.shippingLines(f.ShippingLines, dp)
	w.raw("tax_lines", "[]")
	w.feeLines(f.Fees, dp)
	at := "/orders/" + strconv.FormatInt(o.ID, 10)
	w.selfLinks(s, at+"/refunds", f.ID, "GET DELETE")
	w.link("up", s.apiURL(at), "")
	w.end()
	w.end()
}

// findRefund finds a refund and its index; called with mu held.
func (s *Server) findRefund(order, id int64) (*Order, int, *apiError) {
	o := s.orders.get(order)
	if o == nil {
		return nil, 0, bare("woocommerce_rest_invalid_order_id", "Invalid order ID.", http.StatusNotFound)
	}
	n := slices.IndexFunc(o.Refunds, func(f Refund) bool { return f.ID == id })
	if n < 0 {
		return nil, 0, invalidID("shop_order_refund", http.StatusNotFound)
	}
	return o, n, nil
}

func (c *call) getRefund() *apiError {
	c.server.mu.RLock()
	o, n, err := c.server.findRefund(c.args[0], c.args[1])
	c.server.mu.RUnlock()
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, func(w *writer) { w.refund(c.server, o, &o.Refunds[n], c.dp(), false) })
	return nil
}
