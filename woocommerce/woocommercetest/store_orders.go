package woocommercetest

import (
	"cmp"
	"strconv"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// AddOrder stores an order and returns it as stored: with a new id, times of now
// where they are missing, and defaults for an empty Status (pending), Currency,
// Key and amounts. Line items get ids. Stock moves as the status asks, and
// order.created and order.updated are queued.
func (s *Server) AddOrder(o Order) *Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, _ := s.addOrder(o.clone())
	return n.clone()
}

// AddPaidOrder stores an order of a guest that is paid and in work, and returns
// it: three pieces at 10.00 and one at 25.50, and 5.00 for shipping. Its payment
// method can pay back by itself. The goods are the last two simple seeded
// products whose stock is managed; a store with fewer sells what it has no
// product of.
func (s *Server) AddPaidOrder() *Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := &Order{
		Status: "processing", Method: "stripe", MethodTitle: "Card", TransactionID: "ch_" + strconv.FormatInt(s.nextID, 10),
		Billing: Address{FirstName: "نورة", LastName: "Saad", City: "جدة", Country: "SA", Email: "noura@example.test"},
		Items: []LineItem{
			{Name: "Cup", Quantity: 3, Subtotal: "30.00"}, {Name: "Pot", Quantity: 1, Subtotal: "25.50"},
		},
		ShippingLines: []ExtraLine{{Title: "Post", Method: "flat_rate", Total: "5.00"}},
		ShippingTotal: "5.00", Total: "60.50", PaidAt: s.stamp(),
	}
	n := 0
	for at := s.cfg.Products - 1; at >= 0 && n < len(o.Items); at-- {
		p := s.products.get(s.productID(at))
		if p != nil && p.Type == "simple" && p.ManageStock && p.Status == "publish" {
			o.Items[n].ProductID, o.Items[n].Name, o.Items[n].SKU = p.ID, p.Name, p.SKU
			n++
		}
	}
	o, _ = s.addOrder(o)
	return o.clone()
}

// addOrder stores a new order and tells of what stock moved; called with mu held.
func (s *Server) addOrder(n *Order) (*Order, []int64) {
	now := s.stamp()
	n.ID = s.nextID
	s.nextID++
	n.Status, n.Currency, n.Version = cmp.Or(n.Status, "pending"), cmp.Or(n.Currency, s.cfg.Currency), cmp.Or(n.Version, s.cfg.Version)
	orText(&n.Key, "wc_order_"+randomHex(serverkit.NewRand(s.cfg.Seed, kindOrder, int(n.ID)), 13))
	if n.CreatedAt.IsZero() {
		n.CreatedAt = now
	}
	if n.ModifiedAt.IsZero() {
		n.ModifiedAt = now
	}
	s.completeLines(n)
	moved := s.settleStock(n)
	s.orders.put(n)
	s.event("order.created", n.ID)
	s.event("order.updated", n.ID)
	return n, moved
}

// completeLines gives new lines ids and amounts; called with mu held.
func (s *Server) completeLines(o *Order) {
	id := func(p *int64) {
		if *p == 0 {
			*p = s.nextItem
			s.nextItem++
		}
	}
	for i := range o.Items {
		id(&o.Items[i].ID)
	}
	for _, list := range [][]ExtraLine{o.ShippingLines, o.Fees, o.Coupons, o.Taxes} {
		for i := range list {
			id(&list[i].ID)
		}
	}
	o.zeroAmounts()
}

// zeroAmounts writes missing amounts as zero.
func (o *Order) zeroAmounts() {
	zero := func(list ...*string) {
		for _, p := range list {
			orText(p, "0")
		}
	}
	for i := range o.Items {
		l := &o.Items[i]
		l.Total = cmp.Or(l.Total, l.Subtotal)
		zero(&l.Subtotal, &l.Total, &l.SubtotalTax, &l.TotalTax)
	}
	for _, list := range [][]ExtraLine{o.ShippingLines, o.Fees, o.Coupons, o.Taxes} {
		for i := range list {
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
	defer s.mu.Unlock()
	if o, _ := s.editOrder(id, func(o *Order) bool { change(o); return true }); o == nil {
		return missing("order", id)
	}
	return nil
}

// editOrder stores a changed copy of an order, unless change says no, and
// returns it with what stock moved; nil if there is none. Called with mu held.
func (s *Server) editOrder(id int64, change func(*Order) bool) (*Order, []int64) {
	old := s.orders.get(id)
	if old == nil {
		return nil, nil
	}
	o := old.clone()
	if !change(o) {
		return old, nil
	}
	o.ID, o.ModifiedAt = id, s.stamp()
	s.completeLines(o)
	moved := s.settleStock(o)
	s.orders.put(o)
	s.event("order.updated", id)
	return o, moved
}

// TrashOrder moves an order to the trash, which queues order.deleted.
func (s *Server) TrashOrder(id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.orders.get(id)
	if o == nil {
		return missing("order", id)
	}
	s.trashOrder(o)
	return nil
}

func (s *Server) trashOrder(old *Order) {
	o := old.clone()
	if o.Status != "trash" {
		o.statusBefore, o.Status = o.Status, "trash"
	}
	s.orders.put(o)
	s.event("order.deleted", o.ID)
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
// completion, a note, and for refunded a refund of the rest, which pays nobody.
func (s *Server) moveTo(o *Order, status string) {
	if o.Status == status {
		return
	}
	now := s.stamp()
	s.remark(o, "Order status changed from "+s.statusName(o.Status)+" to "+s.statusName(status)+".")
	o.Status = status
	if isPaid(status) && o.PaidAt.IsZero() {
		o.PaidAt = now
	}
	if status == "completed" && o.CompletedAt.IsZero() {
		o.CompletedAt = now
	}
	if left := dec(o.Total).Sub(dec(o.refunded())); status == "refunded" && left.IsPositive() {
		o.Refunds = append(o.Refunds, Refund{ID: s.nextID, Amount: left.String(), Reason: "Order fully refunded.", By: adminID, CreatedAt: now})
		s.nextID++
		s.remark(o, "Order status set to refunded. To return funds to the customer you will need to issue a refund through your payment gateway.")
	}
}

// remark adds a note of the store's own; called with mu held.
func (s *Server) remark(o *Order, text string) {
	o.Notes = append(o.Notes, Note{ID: s.nextNote, Author: "WooCommerce", CreatedAt: s.stamp(), Text: text})
	s.nextNote++
}
