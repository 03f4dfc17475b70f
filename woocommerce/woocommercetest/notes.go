package woocommercetest

import (
	"net/http"
	"slices"
	"strconv"
)

func noteBody() []field {
	return append([]field{{name: "note", kind: "string", required: true}}, typed("boolean", "customer_note", "added_by_user")...)
}

func noOrder() *apiError {
	return fail(http.StatusNotFound, "woocommerce_rest_order_invalid_id", "Invalid order ID.")
}

func (w *writer) note(s *Server, o *Order, n *Note) {
	w.obj("")
	w.num("id", n.ID)
	w.str("author", n.Author)
	w.dates("date_created", n.CreatedAt, s.cfg.Location)
	w.str("note", n.Text)
	w.flag("customer_note", n.Customer)
	at := "/orders/" + strconv.FormatInt(o.ID, 10)
	w.selfLinks(s, at+"/notes", n.ID, "GET DELETE")
	w.link("up", s.apiURL(at), "")
	w.end()
	w.end()
}

// listNotes sends all notes at once, without totals.
func (c *call) listNotes() *apiError {
	o := c.server.anyOrder(c.args[0])
	if o == nil {
		return noOrder()
	}
	list := slices.Clone(o.Notes)
	switch c.params["type"] {
	case "customer":
		list = slices.DeleteFunc(list, func(n Note) bool { return !n.Customer })
	case "internal":
		list = slices.DeleteFunc(list, func(n Note) bool { return n.Customer })
	}
	rowsOf(c, list, func(w *writer, n Note) { w.note(c.server, o, &n) })
	return nil
}

func (c *call) findNote() (*Order, int, *apiError) {
	o := c.server.anyOrder(c.args[0])
	if o == nil {
		return nil, 0, noOrder()
	}
	n := slices.IndexFunc(o.Notes, func(n Note) bool { return n.ID == c.args[1] })
	if n < 0 {
		return nil, 0, fail(http.StatusNotFound, "woocommerce_rest_invalid_id", "Invalid resource ID.")
	}
	return o, n, nil
}

func (c *call) getNote() *apiError {
	o, n, err := c.findNote()
	if err == nil {
		c.answer(http.StatusOK, func(w *writer) { w.note(c.server, o, &o.Notes[n]) })
	}
	return err
}

// createNote adds a note. That neither moves the order's date nor fires a webhook.
func (c *call) createNote() *apiError {
	s := c.server
	note := Note{Author: "WooCommerce", CreatedAt: s.stamp()}
	c.input.text("note", &note.Text)
	note.Text = unslash(note.Text)
	c.input.flag("customer_note", &note.Customer)
	byUser := false
	if c.input.flag("added_by_user", &byUser); byUser {
		note.Author = "admin"
	}
	o := s.changeNotes(c.args[0], func(o *Order) {
		note.ID = s.nextNote
		s.nextNote++
		o.Notes = append(o.Notes, note)
	})
	if o == nil {
		return noOrder()
	}
	c.effect("note.create", note.ID)
	id := strconv.FormatInt(note.ID, 10)
	c.created("/orders/"+strconv.FormatInt(o.ID, 10)+"/notes/"+id, func(w *writer) { w.note(s, o, &note) })
	return nil
}

func (c *call) deleteNote() *apiError {
	o, n, err := c.findNote()
	if err != nil {
		return err
	}
	if force, _ := c.flag("force"); !force {
		return noTrash("Webhooks") // the store says so
	}
	note := o.Notes[n]
	removed := false
	c.server.changeNotes(o.ID, func(o *Order) {
		before := len(o.Notes)
		o.Notes = slices.DeleteFunc(o.Notes, func(x Note) bool { return x.ID == note.ID })
		removed = len(o.Notes) < before
	})
	if removed {
		c.effect("note.delete", note.ID)
	}
	c.answer(http.StatusOK, func(w *writer) { w.note(c.server, o, &note) })
	return nil
}

// changeNotes stores an order with other notes and the same date, and returns
// it; nil if there is none.
func (s *Server) changeNotes(id int64, change func(*Order)) *Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.orders.get(id)
	if old == nil {
		return nil
	}
	o := old.clone()
	change(o)
	s.orders.put(o)
	return o
}
