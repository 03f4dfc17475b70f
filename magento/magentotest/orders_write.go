package magentotest

import "slices"

// changeOrder runs f on a copy of the order a path names and stores it if f
// says so.
func (c *call) changeOrder(f func(s *store, o *Order) bool) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	c.changeOrderID(id, f)
}

// skuOf is the SKU stock is kept under for a line: the product's of today.
func (s *store) skuOf(it *OrderItem) string {
	if p := s.products.get(it.ProductID); p != nil && hasStock(p.Type) {
		return p.SKU
	}
	return it.SKU
}

func (c *call) changeOrderID(id int64, f func(s *store, o *Order) bool) {
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.orders.get(id)
	if old == nil {
		c.noEntity()
		return
	}
	o := old.clone()
	if f(s, o) {
		o.UpdatedAt = s.second()
		s.orders.put(o)
	}
}

// step answers true, or 200 with false when the order is not in the state for
// it.
func (c *call) step(may func(*Order) bool, do func(s *store, o *Order)) {
	c.changeOrder(func(s *store, o *Order) bool {
		ok := may(o)
		if ok {
			do(s, o)
		}
		c.out.flag("", ok)
		return ok
	})
}

func cancelOrder(c *call) {
	c.step((*Order).cancelable, func(s *store, o *Order) {
		for i := range o.Items {
			if it := &o.Items[i]; o.child(it.ID) == nil {
				s.stock.reserve(s.skuOf(it), it.toCancel())
			}
		}
		o.cancel()
		s.effect("order.cancel", itoa(o.ID))
	})
}

// holdOrder and unholdOrder fail with an error where cancel says false.
func holdOrder(c *call) {
	c.changeOrder(func(s *store, o *Order) bool {
		if !o.holdable() {
			c.bad("A hold action is not available.")
			return false
		}
		o.hold()
		s.effect("order.hold", itoa(o.ID))
		c.out.flag("", true)
		return true
	})
}

func unholdOrder(c *call) {
	c.changeOrder(func(s *store, o *Order) bool {
		if o.State != StateHolded {
			c.bad("You cannot remove the hold.")
			return false
		}
		o.unhold()
		s.effect("order.unhold", itoa(o.ID))
		c.out.flag("", true)
		return true
	})
}

func emailOrder(c *call) {
	c.withOrder(func(*Order) { c.out.flag("", true) })
}

func addComment(c *call) {
	in, ok := c.input("statusHistory")
	if !ok {
		return
	}
	h, ok := c.object(in, "statusHistory", "comment created_at entity_id entity_name is_customer_notified is_visible_on_front parent_id status extension_attributes")
	if !ok {
		return
	}
	c.changeOrder(func(s *store, o *Order) bool {
		status := h.text("status")
		if status != "" && !slices.Contains(statusesOf[o.State], status) {
			c.bad(`Unable to add comment: The status "%1" is not part of the order status history.`, status)
			return false
		}
		if p := h.whole("parent_id"); p != 0 && p != o.ID {
			c.violation("parent_id %d is not the order's", p)
		}
		if status != "" || c.server.cfg.Version == V246 {
			o.Status = status // before 2.4.7 the status is the comment's, whether it has one or not
		}
		o.History = append(o.History, Comment{
			ID: s.partID(), Text: h.text("comment"), Status: o.Status, Entity: "order",
			Notified: int(h.whole("is_customer_notified")), Visible: h.flag("is_visible_on_front"), CreatedAt: s.second(),
		})
		s.effect("order.comment", itoa(o.ID))
		c.out.flag("", true)
		return true
	})
}

// saveOrder is the bare repository, which overwrites whatever it is sent.
func saveOrder(c *call) {
	in, ok := c.input("entity")
	if !ok {
		return
	}
	e, ok := c.object(in, "entity", "*")
	if !ok {
		return
	}
	c.violation("orders are not to be saved through the repository: it overwrites any field")
	if !e.has("entity_id") {
		c.bad("The order could not be created here.")
		return
	}
	c.changeOrderID(e.whole("entity_id"), func(s *store, o *Order) bool {
		if e.has("status") {
			o.Status = e.text("status")
		}
		if e.has("state") {
			o.State = e.text("state")
		}
		s.effect("order.save", itoa(o.ID))
		c.out.order(o)
		return true
	})
}
