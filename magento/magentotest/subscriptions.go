package magentotest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Subscription is a recipient of Mage-OS async-events. The shop has one list
// for all: nothing tells an app's from another's.
type Subscription struct {
	ID           int64
	Event        string // "sales.order.created"
	URL          string
	Token        string // signs the deliveries
	Metadata     string // how it is sent; "" is http
	StoreID      int64
	Active       bool
	SubscribedAt time.Time
}

var asyncEventNames = strings.Fields(`sales.order.created sales.order.updated sales.order.paid sales.order.shipped sales.order.holded
	sales.order.unholded sales.order.cancelled sales.shipment.created sales.invoice.created sales.invoice.paid sales.creditmemo.created
	catalog.product.created catalog.product.updated customer.created customer.updated customer.deleted`)

// Subscriptions returns the recipients of async-events, oldest first, those
// that are switched off among them.
func (s *store) Subscriptions() []Subscription {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.hooks)
}

// AddForeignSubscription adds one that nobody asked for through the API, and
// returns it as stored: active, with an id and the time.
func (s *store) AddForeignSubscription(h Subscription) Subscription {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.ID, h.Active, h.SubscribedAt = s.partID(), true, s.second()
	orText(&h.Metadata, "http")
	s.hooks = append(s.hooks, h)
	return h
}

// UpdateSubscription changes one behind the back of its owner, as in the shop's
// admin; false when there is none.
func (s *store) UpdateSubscription(id int64, change func(*Subscription)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.hookAt(id)
	if at < 0 {
		return false
	}
	s.hooks = slices.Clone(s.hooks)
	change(&s.hooks[at])
	s.hooks[at].ID = id
	return true
}

// DropSubscription removes one, as no request can; false when there is none.
func (s *store) DropSubscription(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.hookAt(id)
	if at < 0 {
		return false
	}
	s.hooks = slices.Delete(slices.Clone(s.hooks), at, at+1)
	return true
}

func (s *store) hookAt(id int64) int {
	return slices.IndexFunc(s.hooks, func(h Subscription) bool { return h.ID == id })
}

// asyncEvent writes a subscription; token and metadata do not come back.
func (w *writer) asyncEvent(h *Subscription) {
	w.obj("")
	w.int("subscription_id", h.ID)
	w.str("event_name", h.Event)
	w.str("recipient_url", h.URL)
	w.flag("status", h.Active)
	w.time("subscribed_at", h.SubscribedAt)
	w.int("store_id", h.StoreID)
	w.end()
}

const asyncFields = "subscription_id event_name recipient_url verification_token metadata status subscribed_at store_id"

// addAsyncEvent stores a subscription, whatever there is already: two of the
// same both get every event. Names of events and addresses are not looked at.
func addAsyncEvent(c *call) {
	e, ok := c.asyncBody()
	if !ok {
		return
	}
	if e.whole("subscription_id") != 0 {
		c.changeAsyncEvent(e.whole("subscription_id"), e)
		return
	}
	for _, name := range []string{"event_name", "recipient_url", "metadata"} {
		if !e.has(name) {
			c.internal("%s is missing, and its column has no default", name)
			return
		}
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	h := Subscription{
		ID: s.partID(), Event: e.text("event_name"), URL: e.text("recipient_url"), Token: e.text("verification_token"),
		Metadata: e.text("metadata"), StoreID: e.whole("store_id"), Active: true, SubscribedAt: s.second(),
	}
	if !slices.Contains(asyncEventNames, h.Event) {
		c.violation("no async event %q will ever come", h.Event)
	}
	if h.Token == "" {
		c.violation("without a verification_token anybody can forge deliveries")
	}
	s.hooks = append(slices.Clone(s.hooks), h)
	s.effect("subscription.create", itoa(h.ID))
	c.out.asyncEvent(&h)
}

func (c *call) asyncBody() (input, bool) {
	in, ok := c.input("asyncEvent checkResources")
	if !ok {
		return nil, false
	}
	return c.object(in, "asyncEvent", asyncFields)
}

func putAsyncEvent(c *call) {
	e, ok := c.asyncBody()
	if !ok {
		return
	}
	id, ok := c.id(0)
	if ok {
		c.changeAsyncEvent(id, e)
	}
}

// changeAsyncEvent takes the status and the metadata alone. A status that is
// not named is false.
func (c *call) changeAsyncEvent(id int64, e input) {
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.hookAt(id)
	if at < 0 {
		c.fail(http.StatusNotFound, "Async event with subscription ID %1 does not exist", id)
		return
	}
	h := s.hooks[at]
	for name, now := range map[string]string{"event_name": h.Event, "recipient_url": h.URL, "verification_token": h.Token} {
		if e.has(name) && e.text(name) != now {
			c.violation("the %s of a subscription cannot be changed; it stays", name)
		}
	}
	if !e.has("status") {
		c.violation("no status: the subscription is switched off")
	}
	h.Active = e.flag("status")
	if v := e.text("metadata"); v != "" {
		h.Metadata = v
	}
	if h != s.hooks[at] {
		s.effect("subscription.update", itoa(id))
	}
	s.hooks = slices.Clone(s.hooks)
	s.hooks[at] = h
	c.out.asyncEvent(&h)
}

func getAsyncEvent(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	c.locked(func(s *store) {
		at := s.hookAt(id)
		if at < 0 {
			c.fail(http.StatusNotFound, "Async event with subscription ID %1 does not exist", id)
			return
		}
		c.out.asyncEvent(&s.hooks[at])
	})
}

func listAsyncEvents(c *call) {
	serveSlice(c, c.server.Subscriptions(), map[string]column[Subscription]{
		"subscription_id": {numberColumn, some(func(h *Subscription) string { return itoa(h.ID) })},
		"event_name":      {textColumn, some(func(h *Subscription) string { return h.Event })},
		"recipient_url":   {textColumn, some(func(h *Subscription) string { return h.URL })},
		"status":          {numberColumn, some(func(h *Subscription) string { return map[bool]string{true: "1", false: "0"}[h.Active] })},
		"store_id":        {numberColumn, some(func(h *Subscription) string { return itoa(h.StoreID) })},
	}, (*writer).asyncEvent)
}
