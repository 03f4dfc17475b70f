package woocommercetest

import (
	"net/http"
	"slices"
)

func (s *Server) orderBody() []field {
	return slices.Concat(
		typed("integer", "parent_id", "customer_id"),
		typed("string", "created_via", "customer_note", "payment_method", "payment_method_title", "transaction_id"),
		typed("object", "billing", "shipping"), typed("array", "meta_data", "line_items", "shipping_lines", "fee_lines", "coupon_lines"),
		typed("boolean", "set_paid", "manual_update"),
		[]field{oneOf("status", append([]string{"auto-draft"}, s.statuses()...)...), oneOf("currency", s.currencies()...)},
	)
}

func (c *call) createOrder() *apiError {
	m, err := c.insertOrder(c.input)
	return c.reply(m, err, "/orders")
}

func (c *call) putOrder() *apiError {
	m, err := c.changeOrder(c.args[0], c.input)
	return c.reply(m, err, "")
}

func (c *call) showOrder(o *Order) made {
	return made{o.ID, func(w *writer) { w.order(c.server, c, o, c.dp()) }}
}

func (c *call) insertOrder(in input) (made, *apiError) {
	if err := exists(in, "shop_order", "shop_order"); err != nil {
		return made{}, err
	}
	s := c.server
	o := &Order{Status: "pending", Currency: s.cfg.Currency, CreatedVia: "rest-api"}
	in.text("created_via", &o.CreatedVia)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := c.applyOrder(o, in); err != nil {
		return made{}, err
	}
	o, moved := s.addOrder(o)
	c.effect("order.create", o.ID)
	c.effect("refund.create", o.refundIDs(0)...)
	c.effect("stock.move", moved...)
	return c.showOrder(o), nil
}

// refundIDs are the refunds that came after so many.
func (o *Order) refundIDs(after int) (ids []int64) {
	for _, f := range o.Refunds[after:] {
		ids = append(ids, f.ID)
	}
	return ids
}

func (c *call) changeOrder(id int64, in input) (made, *apiError) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.orders.get(id)
	if old == nil {
		return made{}, invalidID("order", http.StatusBadRequest)
	}
	var adjusted []int64
	var err *apiError
	o, moved := s.editOrder(id, func(o *Order) bool {
		if err = c.applyOrder(o, in); err == nil {
			adjusted = s.adjustStock(old, o)
		}
		return err == nil
	})
	if err != nil {
		return made{}, err
	}
	if !same(old, o) {
		c.effect("order.update", id)
		c.effect("refund.create", o.refundIDs(len(old.Refunds))...)
	}
	c.effect("stock.move", slices.Concat(adjusted, moved)...)
	return c.showOrder(o), nil
}

func (a *Address) apply(in input) {
	for name, into := range map[string]*string{
		"first_name": &a.FirstName, "last_name": &a.LastName, "company": &a.Company, "address_1": &a.Address1, "address_2": &a.Address2,
		"city": &a.City, "state": &a.State, "postcode": &a.Postcode, "country": &a.Country, "email": &a.Email, "phone": &a.Phone,
	} {
		in.text(name, into)
	}
}

// applyOrder writes the fields of a body into o; called with mu held.
func (c *call) applyOrder(o *Order, in input) *apiError {
	s := c.server
	if in.has("customer_id") {
		id := in.id("customer_id")
		if id != 0 && s.customers.find(id) == nil {
			return fail(http.StatusBadRequest, "woocommerce_rest_invalid_customer_id", "Customer ID is invalid.")
		}
		o.CustomerID = id
	}
	for name, into := range map[string]*string{
		"currency": &o.Currency, "customer_note": &o.CustomerNote, "payment_method": &o.Method,
		"payment_method_title": &o.MethodTitle, "transaction_id": &o.TransactionID,
	} {
		in.text(name, into)
	}
	if in.has("parent_id") {
		o.ParentID = in.id("parent_id")
	}
	o.Billing.apply(in.object("billing"))
	o.Shipping.apply(in.object("shipping"))
	o.Shipping.Email = ""
	if err := c.applyExtras(o, in); err != nil {
		return err
	}
	for _, l := range in.objects("line_items") {
		if err := c.applyLine(o, l); err != nil {
			return err
		}
	}
	if in.has("line_items") || in.has("shipping_lines") || in.has("fee_lines") {
		o.recount()
	}
	o.Meta = s.mergeMeta(o.Meta, in.objects("meta_data"))
	if in.has("status") {
		status := textOf(in["status"])
		if !slices.Contains(s.statuses(), status) && status != "auto-draft" && status != "trash" {
			s.book.Violationf("%s %s: status %q does not exist; a batch makes it pending", c.method, c.at, status)
			status = "pending"
		}
		s.moveTo(o, status)
	}
	if paid := false; in.has("set_paid") {
		if in.flag("set_paid", &paid); paid && (o.ID == 0 || o.Status == "pending" || o.Status == "failed") {
			if o.Method == "cod" {
				s.moveTo(o, "completed")
			} else {
				s.moveTo(o, "processing")
			}
		}
	}
	return nil
}

func (c *call) deleteOrder() *apiError {
	force, _ := c.flag("force")
	m, err := c.dropOrder(c.args[0], force)
	return c.reply(m, err, "")
}

func (c *call) dropOrder(id int64, force bool) (made, *apiError) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.orders.get(id)
	switch {
	case o == nil:
		return made{}, invalidID("order", http.StatusNotFound)
	case force:
		s.orders.drop(id)
		c.effect("order.delete", id)
	case o.Status == "trash":
		return made{}, fail(http.StatusGone, "woocommerce_rest_already_trashed", "The order has already been deleted.")
	default:
		s.trashOrder(o)
		c.effect("order.trash", id)
	}
	return c.showOrder(o), nil
}
