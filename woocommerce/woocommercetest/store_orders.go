package woocommercetest

import "cmp"

// AddOrder stores an order and returns it as stored: with a new id, times of now
// where they are missing, and defaults for an empty Status (pending), Currency,
// Key and amounts. Line items get ids. Stock moves as the status asks, and
// order.created and order.updated are queued.
func (s *Server) AddOrder(o Order) *Order {
	n := o.clone()
	now := s.stamp()
	s.mu.Lock()
	n.ID = s.nextID
	s.nextID++
	n.Status, n.Currency, n.Version = cmp.Or(n.Status, "pending"), cmp.Or(n.Currency, s.cfg.Currency), cmp.Or(n.Version, s.cfg.Version)
	orText(&n.Key, "wc_order_"+newRand(s.cfg.Seed, kindOrder, int(n.ID)).hex(13))
	if n.CreatedAt.IsZero() {
		n.CreatedAt = now
	}
	if n.ModifiedAt.IsZero() {
		n.ModifiedAt = now
	}
	s.completeLines(n)
	s.orders.put(n)
	s.mu.Unlock()
	s.settleStock(n.ID)
	s.event("order.created", n.ID)
	s.event("order.updated", n.ID)
	return s.Order(n.ID)
}

// completeLines gives new lines ids and amounts; called with mu held.
func (s *Server) completeLines(o *Order) {
	id := func(p *int64) {
		if *p == 0 {
			*p = s.nextItem
			s.nextItem++
		}
	}
	zero := func(list ...*string) {
		for _, p := range list {
			orText(p, "0")
		}
	}
	for i := range o.Items {
		l := &o.Items[i]
		id(&l.ID)
		l.Total = cmp.Or(l.Total, l.Subtotal)
		zero(&l.Subtotal, &l.Total, &l.SubtotalTax, &l.TotalTax)
	}
	for _, list := range [][]ExtraLine{o.ShippingLines, o.Fees, o.Coupons, o.Taxes} {
		for i := range list {
			id(&list[i].ID)
			zero(&list[i].Total, &list[i].TotalTax, &list[i].Percent)
		}
	}
	zero(&o.DiscountTotal, &o.ShippingTotal, &o.CartTax, &o.TotalTax, &o.Total)
}

// UpdateOrder lets change edit a copy of the order and stores it with ModifiedAt
// from the clock. Stock moves as the status asks and order.updated is queued.
// The error says that there is no such order.
func (s *Server) UpdateOrder(id int64, change func(*Order)) error {
	s.mu.Lock()
	old := s.orders.get(id)
	if old == nil {
		s.mu.Unlock()
		return missing("order", id)
	}
	o := old.clone()
	change(o)
	o.ID, o.ModifiedAt = id, s.stamp()
	s.completeLines(o)
	s.orders.put(o)
	s.mu.Unlock()
	s.settleStock(id)
	s.event("order.updated", id)
	return nil
}

// TrashOrder moves an order to the trash, which queues order.deleted.
func (s *Server) TrashOrder(id int64) error {
	s.mu.Lock()
	old := s.orders.get(id)
	if old == nil {
		s.mu.Unlock()
		return missing("order", id)
	}
	o := old.clone()
	if o.Status != "trash" {
		o.statusBefore, o.Status = o.Status, "trash"
	}
	s.orders.put(o)
	s.mu.Unlock()
	s.event("order.deleted", id)
	return nil
}

// DeleteOrder removes an order for good. That queues no webhook at all.
func (s *Server) DeleteOrder(id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.orders.drop(id) {
		return missing("order", id)
	}
	return nil
}

// moveTo changes the status as the store does: with the moments of payment and
// completion, and a note.
func (s *Server) moveTo(o *Order, status string) {
	if o.Status == status {
		return
	}
	now := s.stamp()
	o.Notes = append(o.Notes, Note{
		ID: s.nextNote, Author: "WooCommerce", CreatedAt: now,
		Text: "Order status changed from " + s.statusName(o.Status) + " to " + s.statusName(status) + ".",
	})
	s.nextNote++
	o.Status = status
	if isPaid(status) && o.PaidAt.IsZero() {
		o.PaidAt = now
	}
	if status == "completed" && o.CompletedAt.IsZero() {
		o.CompletedAt = now
	}
}

// settleStock takes sold items from the stock when a status asks for it, and
// puts them back when the order is cancelled or pending again.
func (s *Server) settleStock(id int64) {
	s.mu.Lock()
	o := s.orders.get(id)
	if o == nil {
		s.mu.Unlock()
		return
	}
	takes := reducesStock(o.Status) && !o.StockReduced
	gives := (o.Status == "cancelled" || o.Status == "pending") && o.StockReduced
	if !takes && !gives {
		s.mu.Unlock()
		return
	}
	n := o.clone()
	n.StockReduced = takes
	s.orders.put(n)
	s.mu.Unlock()
	for _, l := range n.Items {
		by := l.Quantity
		if takes {
			by = -by
		}
		s.addStock(cmp.Or(l.VariationID, l.ProductID), by)
	}
}
