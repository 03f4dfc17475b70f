package sallatest

import (
	"net/http"
	"slices"
	"strconv"
)

// rowOfSlug finds one of Salla's own statuses.
func rowOfSlug(slug string) *status {
	for i := range originals {
		if originals[i].slug == slug {
			return &originals[i]
		}
	}
	return nil
}

// editOrder changes an order of a request and notes the effect on the subject,
// the order or a part of it, if it made a difference. It returns nil when there
// is no such order.
func (s *Store) editOrder(endpoint string, id, subject int64, change func(*Order)) *Order {
	found, changed := s.orders.edit(id, change, func(o *Order) { o.UpdatedAt = s.stamp() })
	if changed {
		s.effect(endpoint, subject)
	}
	if !found {
		return nil
	}
	return s.orders.get(id)
}

// postStatus sets a status as often as it is sent: each time is written into
// the history, and each time the items are put back if that is asked for.
func postStatus(c *call) {
	in, ok := c.input("slug status_id note restore_items")
	if !ok {
		return
	}
	o := c.order()
	if o == nil {
		return
	}
	row := rowOfSlug(in.text("slug"))
	if id, ok := in.number("status_id"); ok {
		row = statusByID(id)
	}
	if row == nil {
		c.refused(complaints{
			"status_id": {"حقل الحالة مطلوب إذا لم يتوفّر رمز الحالة."}, "slug": {"حقل رمز الحالة مطلوب إذا لم يتوفّر الحالة."},
		})
		return
	}
	if c.store.setStatus(c.endpoint, o.ID, row, in.text("note"), in.flag("restore_items")) == nil {
		c.notFound()
		return
	}
	c.message(http.StatusCreated, msgUpdated)
}

// setStatus changes an order's status and writes its history; restore puts the
// items of the order back into stock.
func (s *Store) setStatus(endpoint string, id int64, to *status, note string, restore bool) *Order {
	o := s.editOrder(endpoint, id, id, func(o *Order) {
		o.Status = statusByRow(to)
		o.log(s, note)
	})
	if o == nil || !restore {
		return o
	}
	for _, it := range o.Items {
		s.putBack(&it, o.BranchID)
	}
	return o
}

// putBack returns the pieces of a line to stock, at the order's branch.
func (s *Store) putBack(it *OrderItem, branch int64) {
	add := func(have int) int { return have + it.Quantity }
	s.editProduct(author{"", changeReasons[2].Name}, it.ProductID, 0, func(p *Product) {
		if it.VariantID == 0 && !p.Unlimited && len(p.Variants) == 0 {
			p.Branches, p.Quantity = s.shift(p.Branches, p.Quantity, branch, add)
		}
		for i := range p.Variants {
			if v := &p.Variants[i]; v.ID == it.VariantID && !v.Unlimited {
				v.Branches, v.Quantity = s.shift(v.Branches, v.Quantity, branch, add)
				p.sumStock()
			}
		}
	})
}

func (o *Order) log(s *Store, note string) History {
	h := History{
		ID: s.ids.encode(o.index*historyRoom + len(o.Histories)%historyRoom), Status: o.Status, Note: note,
		CreatedAt: s.stamp(), By: &Ref{idFirst, "أحمد Conn"},
	}
	if len(o.Histories) >= historyRoom { // out of the seeded room
		h.ID = partIDs + int64(o.index)<<16 + int64(len(o.Histories))
	}
	o.Histories = append([]History{h}, o.Histories...)
	return h
}

func createHistory(c *call) {
	in, ok := c.input("note")
	if !ok {
		return
	}
	o := c.order()
	if o == nil {
		return
	}
	if in.text("note") == "" {
		c.invalid("note", "نص التعليق مطلوب")
		return
	}
	var h History
	if c.store.editOrder(c.endpoint, o.ID, o.ID, func(o *Order) { h = o.log(c.store, in.text("note")) }) == nil {
		c.notFound()
		return
	}
	c.answer(http.StatusOK, func(w *writer) { w.history("data", &h, c.english) })
}

var orderActionNames = []string{"change_status", "refund", "delete", "create_shipping_policy", "print_shipping_policy", "print_invoice"}

// orderActions queues change_status, refund and delete; the other actions are
// accepted and do nothing. Orders that are not there are passed over by the
// queue.
func orderActions(c *call) {
	in, ok := c.input("operations filters")
	if !ok {
		return
	}
	filters, operations := in.object("filters"), in.list("operations")
	ids, states := filters.ids("order_ids"), filters.ids("order_status")
	bad := complaints{}
	if len(operations) == 0 || len(ids) == 0 && len(states) == 0 {
		bad["operations"] = []string{"حقل العمليات مطلوب."}
	}
	var names []string
	for i, op := range operations {
		at := "operations." + strconv.Itoa(i) + "."
		names = append(names, op.text("action_name"))
		if !slices.Contains(orderActionNames, names[i]) {
			bad[at+"action_name"] = []string{"The selected " + at + "action_name is invalid."}
		}
		if names[i] == "change_status" && op.status() == nil {
			bad.about(at+"value", msgNoValue)
		}
	}
	if c.refused(bad) {
		return
	}
	if slices.Contains(names, "create_shipping_policy") && slices.Contains(names, "print_shipping_policy") {
		c.conflicting([]string{"create_shipping_policy", "print_shipping_policy"})
		return
	}
	s, endpoint := c.store, c.endpoint
	for _, o := range s.orders.all() {
		if slices.Contains(states, o.Status.ID) && !slices.Contains(ids, o.ID) {
			ids = append(ids, o.ID)
		}
	}
	s.later(func() {
		for _, op := range operations {
			for _, id := range ids {
				s.actOnOrder(endpoint, id, op)
			}
		}
	})
	c.answer(http.StatusCreated, func(w *writer) {
		w.arr("data")
		for _, name := range names {
			w.operation(s.takeID(), name, "in_progress")
		}
		w.endArr()
	})
}

// status reads the value of change_status: a slug or an id.
func (op input) status() *status {
	if n, ok := op.number("value"); ok {
		return statusByID(n)
	}
	return rowOfSlug(op.text("value"))
}

func (s *Store) actOnOrder(endpoint string, id int64, op input) {
	switch op.text("action_name") {
	case "change_status":
		s.setStatus(endpoint, id, op.status(), "", false)
	case "refund":
		s.setStatus(endpoint, id, rowOfSlug("restored"), "", false)
	case "delete":
		if s.DeleteOrder(id) == nil {
			s.effect(endpoint, id)
		}
	}
}

// conflicting refuses actions that cannot be done together. It has actions
// where other refusals have fields.
func (c *call) conflicting(actions []string) {
	c.status = http.StatusUnprocessableEntity
	w := &c.out
	w.b = w.b[:0]
	w.obj("")
	w.num("status", c.status)
	w.flag("success", false)
	w.obj("error")
	w.str("code", "error")
	w.str("message", "لا يمكن تنفيذ بعض الاجراءات معاً")
	w.texts("actions", actions)
	w.end()
	w.end()
}

// takeID returns a fresh number for objects without a seed.
func (s *Store) takeID() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	return s.nextID
}
