package magentotest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Subscription is a recipient of Mage-OS async-events.
type Subscription struct {
	ID      int64
	Event   string // "sales.order.created"
	URL     string
	Token   string // signs the deliveries
	StoreID int64
	Active  bool
}

// EventSubscription is an event the shop sends to Adobe I/O.
type EventSubscription struct {
	Name     string // "observer.catalog_product_save_commit_after"
	Parent   string
	Fields   []string
	Priority bool
}

var asyncEventNames = strings.Fields(`sales.order.created sales.order.updated sales.order.paid sales.order.shipped sales.order.holded
	sales.order.unholded sales.order.cancelled sales.shipment.created sales.invoice.created sales.invoice.paid sales.creditmemo.created
	catalog.product.created catalog.product.updated customer.created customer.updated customer.deleted`)

var ioEventNames = strings.Fields(`observer.catalog_product_save_commit_after observer.catalog_product_delete_commit_after
	observer.sales_order_save_commit_after plugin.sales.api.order_management.place observer.sales_order_shipment_save_after
	observer.sales_order_shipment_track_save_after observer.sales_order_creditmemo_save_after observer.sales_order_invoice_save_after
	observer.cataloginventory_stock_item_save_commit_after observer.customer_save_commit_after observer.customer_delete_commit_after`)

// Subscriptions returns the recipients of async-events, oldest first.
func (s *store) Subscriptions() []Subscription {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.hooks)
}

// EventSubscriptions returns what the shop sends to Adobe I/O.
func (s *store) EventSubscriptions() []EventSubscription {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.events)
}

// asyncEvent writes a subscription; the token does not come back.
func (w *writer) asyncEvent(h *Subscription) {
	w.obj("")
	w.int("subscription_id", h.ID)
	w.str("event_name", h.Event)
	w.str("recipient_url", h.URL)
	w.flag("status", h.Active)
	w.str("metadata", "http")
	w.int("store_id", h.StoreID)
	w.end()
}

func saveAsyncEvent(c *call) {
	in, ok := c.input("asyncEvent")
	if !ok {
		return
	}
	e, ok := c.object(in, "asyncEvent", "subscription_id event_name recipient_url verification_token metadata status store_id")
	if !ok {
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	h := Subscription{Active: true, StoreID: 1}
	at := -1
	if c.r.Method == http.MethodPut {
		id, ok := c.id(0)
		if !ok {
			return
		}
		if at = slices.IndexFunc(s.hooks, func(x Subscription) bool { return x.ID == id }); at < 0 {
			c.noEntity()
			return
		}
		h = s.hooks[at]
	}
	for name, to := range map[string]*string{"event_name": &h.Event, "recipient_url": &h.URL, "verification_token": &h.Token} {
		if e.has(name) {
			*to = e.text(name)
		}
		if *to == "" {
			c.required(name)
			return
		}
	}
	if e.has("status") {
		h.Active = e.flag("status")
	}
	if e.has("store_id") {
		h.StoreID = e.whole("store_id")
	}
	u, err := url.Parse(h.URL)
	switch {
	case !slices.Contains(asyncEventNames, h.Event):
		c.violation("no async event %q", h.Event)
		c.bad("The event %1 does not exist.", h.Event)
		return
	case err != nil || u.Host == "":
		c.bad("Invalid recipient URL")
		return
	case e.has("metadata") && e.text("metadata") != "http":
		c.violation("metadata %q; this server sends by http", e.text("metadata"))
	}
	if at >= 0 {
		s.hooks[at] = h
	} else {
		h.ID = s.partID()
		s.hooks = append(s.hooks, h)
	}
	c.out.asyncEvent(&h)
}

func listAsyncEvents(c *call) {
	serveSlice(c, c.server.Subscriptions(), map[string]column[Subscription]{
		"subscription_id": {numberColumn, some(func(h *Subscription) string { return itoa(h.ID) })},
		"event_name":      {textColumn, some(func(h *Subscription) string { return h.Event })},
		"recipient_url":   {textColumn, some(func(h *Subscription) string { return h.URL })},
	}, (*writer).asyncEvent)
}

func (w *writer) eventSubscription(e *EventSubscription) {
	w.obj("")
	w.str("name", e.Name)
	w.str("parent", e.Parent)
	w.arr("fields")
	for _, f := range e.Fields {
		w.obj("")
		w.str("name", f)
		w.end()
	}
	w.endArr()
	w.arr("rules")
	w.endArr()
	w.str("destination", "default")
	w.flag("priority", e.Priority)
	w.flag("hipaa_audit_required", false)
	w.str("provider_id", "default")
	w.end()
}

// subscribeEvent answers nothing, which PHP writes as an empty array.
func subscribeEvent(c *call) {
	in, ok := c.input("event force")
	if !ok {
		return
	}
	e, ok := c.object(in, "event", "name parent fields rules destination priority hipaa_audit_required provider_id")
	if !ok {
		return
	}
	if !e.has("name") {
		c.required("name")
		return
	}
	sub := EventSubscription{Name: e.text("name"), Parent: e.text("parent"), Priority: e.flag("priority")}
	fields, ok := c.objects(e, "fields", "name converter source")
	if !ok {
		return
	}
	for _, f := range fields {
		sub.Fields = append(sub.Fields, f.text("name"))
	}
	base := sub.Name
	if sub.Parent != "" {
		base = sub.Parent
	}
	if !slices.Contains(ioEventNames, base) {
		c.violation("no event %q", base)
		c.bad(`The "%1" event is not supported.`, base)
		return
	}
	if len(sub.Fields) == 0 {
		c.required("fields")
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = slices.DeleteFunc(s.events, func(x EventSubscription) bool { return x.Name == sub.Name })
	s.events = append(s.events, sub)
	c.out.strs("", nil)
}

func unsubscribeEvent(c *call) {
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.events)
	s.events = slices.DeleteFunc(s.events, func(x EventSubscription) bool { return x.Name == c.args[0] })
	if len(s.events) == before {
		c.bad(`The "%1" event is not registered.`, c.args[0])
		return
	}
	c.out.flag("", true)
}

func listEventSubscriptions(c *call) {
	c.out.arr("")
	for _, e := range c.server.EventSubscriptions() {
		c.out.eventSubscription(&e)
	}
	c.out.endArr()
}

func listSupported(c *call) {
	c.out.arr("")
	for _, name := range ioEventNames {
		c.out.obj("")
		c.out.str("name", name)
		c.out.end()
	}
	c.out.endArr()
}
