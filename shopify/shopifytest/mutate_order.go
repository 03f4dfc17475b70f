package shopifytest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// orderCancel begins the job that cancels.
func orderCancel(x *exec, args input) payload {
	id := args.id("orderId", "Order")
	o := x.srv.store.orders.get(id)
	bad := func(code, message string, field string) payload { return payload{bad: refuse(code, message, field)} }
	switch {
	case o == nil:
		return bad("NOT_FOUND", "Order does not exist", "orderId")
	case !o.CancelledAt.IsZero():
		return bad("INVALID", "Cannot cancel an order that has already been canceled", "orderId")
	case slices.ContainsFunc(o.Fulfillments, func(f Fulfillment) bool { return f.Status == "SUCCESS" || f.Status == "" }):
		return bad("INVALID", "Cannot cancel an order that has outstanding fulfillments", "orderId")
	case slices.ContainsFunc(x.srv.writes.jobs, func(j *job) bool { return j.order == id && j.left > 0 }):
		return bad("INVALID", "Cannot cancel an order that is already being canceled", "orderId")
	case utf8.RuneCountInString(args.text("staffNote")) > 255:
		return bad("INVALID", "Staff note is too long (maximum is 255 characters)", "staffNote")
	}
	j := x.srv.start(func() { x.srv.cancel(id, args) })
	j.order = id
	return payload{parts: map[string]any{"job": j}}
}

// cancel is the job's work.
func (s *Server) cancel(id int64, args input) {
	o := s.store.orders.get(id)
	if o == nil || !o.CancelledAt.IsZero() {
		return
	}
	n := o.clone()
	n.CancelledAt, n.ClosedAt = s.second(), s.second()
	n.CancelReason, n.CancelNote = args.text("reason"), args.text("staffNote")
	if args.bool("restock") {
		for i := range n.Lines {
			s.restock(&n.Lines[i], n.Lines[i].Unfulfilled, 0)
		}
	}
	if args.sub("refundMethod").bool("originalPaymentMethodsRefund") && n.paid() {
		s.giveBack(n, Refund{ID: s.fresh(), CreatedAt: s.second()}, n.Net.presented())
	}
	s.putOrder(n, "cancelled", "The order was canceled.")
	s.effect("orderCancel", id)
}

// restock returns pieces of a line to stock, at a location or the first one.
func (s *Server) restock(l *LineItem, pieces int, location int64) {
	v := s.store.variant(l.VariantID)
	if v == nil || pieces == 0 {
		return
	}
	for i := range v.v.Item.Levels {
		if level := v.v.Item.Levels[i]; level.LocationID == location || location == 0 {
			s.setInventory(level.ItemID, level.LocationID, level.Available+pieces)
			return
		}
	}
}

// putOrder stores a changed order and what happened in its history.
func (s *Server) putOrder(n *Order, action, message string) {
	n.UpdatedAt = s.second()
	s.store.orders.put(n)
	if action == "" {
		return
	}
	if s.writes.history == nil {
		s.writes.history = map[int64][]*Event{}
	}
	s.writes.history[n.ID] = append(s.writes.history[n.ID], &Event{ID: s.fresh(), Action: action, Message: message, AppTitle: "Test App",
		SubjectType: "ORDER", SubjectID: n.ID, CreatedAt: s.second()})
}

// orderEvents is what happened to an order, oldest first.
func orderEvents(x *exec, f *field, v any) {
	o := v.(*Order)
	all := []*Event{{ID: 300_000_000_000_000 + o.ID%1_000_000_000*4, Action: "placed", Message: "The order was placed.", SubjectType: "ORDER", SubjectID: o.ID, CreatedAt: o.CreatedAt}}
	made := x.srv.writes.history[o.ID]
	if !o.CancelledAt.IsZero() && !slices.ContainsFunc(made, func(e *Event) bool { return e.Action == "cancelled" }) {
		all = append(all, &Event{ID: all[0].ID + 1, Action: "cancelled", Message: "The order was canceled.", SubjectType: "ORDER", SubjectID: o.ID, CreatedAt: o.CancelledAt})
	}
	all = append(all, made...)
	slices.SortStableFunc(all, func(a, b *Event) int { return a.CreatedAt.Compare(b.CreatedAt) })
	x.connection(f, "", placeSeq(len(all), func(i int) int64 { return int64(i) }, func(i int) any { return all[i] }))
}

func orderUpdate(x *exec, args input) payload {
	in := args.sub("input")
	o := x.srv.store.orders.get(in.id("id", "Order"))
	switch {
	case o == nil:
		return payload{bad: refuse("", "Order does not exist", "id")}
	case len(in) < 2:
		return payload{bad: refuse("", "No valid update parameters have been provided")}
	case utf8.RuneCountInString(in.text("note")) > 5000:
		return payload{bad: refuse("", "Note is too long (maximum is 5000 characters)", "note")}
	}
	n := o.clone()
	in.put("note", &n.Note)
	in.put("email", &n.Email)
	in.put("phone", &n.Phone)
	in.put("poNumber", &n.PONumber)
	if in.has("tags") {
		n.Tags = normalTags(in.texts("tags"))
	}
	action := ""
	if in.has("note") {
		action = "note_updated"
	}
	x.srv.putOrder(n, action, "The note was changed.")
	x.effect("orderUpdate", n.ID)
	return payload{parts: map[string]any{"order": n}}
}

func customerCreate(x *exec, args input) payload {
	in := args.sub("input")
	c := Customer{}
	if bad := x.setCustomer(&c, in); bad != nil {
		return payload{bad: bad}
	}
	made := x.srv.addCustomer(c)
	x.effect("customerCreate", made.ID)
	return payload{parts: map[string]any{"customer": made}}
}

func customerUpdate(x *exec, args input) payload {
	in := args.sub("input")
	old := x.srv.store.customers.get(in.id("id", "Customer"))
	if old == nil {
		return payload{bad: refuse("", "Customer does not exist", "id")}
	}
	n := old.clone()
	if bad := x.setCustomer(n, in); bad != nil {
		return payload{parts: map[string]any{"customer": old}, bad: bad}
	}
	n.UpdatedAt = x.srv.second()
	x.srv.store.customers.put(n)
	x.effect("customerUpdate", n.ID)
	return payload{parts: map[string]any{"customer": n}}
}

func (x *exec) setCustomer(c *Customer, in input) []complaint {
	in.put("firstName", &c.FirstName)
	in.put("lastName", &c.LastName)
	in.put("note", &c.Note)
	in.put("locale", &c.Locale)
	for name, to := range map[string]*string{"email": &c.Email, "phone": &c.Phone} {
		value := strings.TrimSpace(in.text(name))
		if !in.has(name) || strings.EqualFold(value, *to) {
			continue
		}
		if name == "email" && value != "" && !strings.Contains(value, "@") {
			return refuse("", "Email is invalid", "email")
		}
		for _, other := range x.srv.store.customers.all() {
			if value != "" && other.ID != c.ID && (name == "email" && strings.EqualFold(other.Email, value) || name == "phone" && other.Phone == value) {
				return refuse("", strings.ToUpper(name[:1])+name[1:]+" has already been taken", name)
			}
		}
		*to = value
	}
	if in.has("tags") {
		c.Tags = normalTags(in.texts("tags"))
	}
	if c.FirstName+c.LastName+c.Email+c.Phone == "" {
		return refuse("", "A name, phone number, or email address must be present")
	}
	return nil
}

// trackings reads the numbers of a fulfillment, one or several.
func trackings(in input) []Tracking {
	numbers, urls := in.texts("numbers"), in.texts("urls")
	if in.has("number") || in.has("url") {
		numbers, urls = []string{in.text("number")}, []string{in.text("url")}
	}
	var all []Tracking
	for i := range max(len(numbers), len(urls)) {
		t := Tracking{Company: in.text("company")}
		if i < len(numbers) {
			t.Number = numbers[i]
		}
		if i < len(urls) {
			t.URL = urls[i]
		}
		all = append(all, t)
	}
	if len(all) == 0 && in.text("company") != "" {
		all = []Tracking{{Company: in.text("company")}}
	}
	return all
}

func trackingUpdate(x *exec, args input) payload {
	id := args.id("fulfillmentId", "Fulfillment")
	part := x.orderPart("Fulfillment", id)
	if part == nil {
		return payload{bad: refuse("", "Fulfillment does not exist.", "fulfillmentId")}
	}
	n := part.order.clone()
	for i := range n.Fulfillments {
		if f := &n.Fulfillments[i]; f.ID == id {
			f.Tracking, f.UpdatedAt = trackings(args.sub("trackingInfoInput")), x.srv.second()
			x.srv.putOrder(n, "fulfillment_tracking_updated", "The tracking information was changed.")
			x.effect("fulfillmentTrackingInfoUpdate", id)
			return payload{parts: map[string]any{"fulfillment": &orderPart{n, "Fulfillment", f}}}
		}
	}
	return payload{}
}
