package magentotest

import (
	"slices"
	"strings"
)

// EventSubscription is an event the shop sends to Adobe I/O, which knows where
// it goes from there. Its name is its key.
type EventSubscription struct {
	Name        string // "observer.catalog_product_save_commit_after"
	Parent      string // of a conditional event
	Fields      []string
	Rules       []EventRule
	Destination string // "" is default
	Priority    bool
	ProviderID  string // "" is default
	// Disabled ones send nothing and are not listed.
	Disabled bool
	// Declared ones come from a file of a module: they cannot be unsubscribed.
	Declared bool
}

// EventRule is a condition for an event to be sent.
type EventRule struct{ Field, Operator, Value string }

var ioEventNames = strings.Fields(`observer.catalog_product_save_commit_after observer.catalog_product_delete_commit_after
	observer.sales_order_save_commit_after plugin.sales.api.order_management.place observer.sales_order_shipment_save_after
	observer.sales_order_shipment_track_save_after observer.sales_order_creditmemo_save_after observer.sales_order_invoice_save_after
	observer.cataloginventory_stock_item_save_commit_after observer.customer_save_commit_after observer.customer_delete_commit_after`)

var ruleOperators = []string{"greaterThan", "lessThan", "equal", "regex", "in", "onChange"}

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
	for _, r := range e.Rules {
		w.obj("")
		w.str("field", r.Field)
		w.str("operator", r.Operator)
		w.str("value", r.Value)
		w.end()
	}
	w.endArr()
	w.str("destination", e.Destination)
	w.flag("priority", e.Priority)
	w.flag("hipaa_audit_required", false)
	w.str("provider_id", e.ProviderID)
	w.end()
}

const eventFields = "name parent fields rules destination priority hipaa_audit_required provider_id"

// eventOf reads an event; false after an error was answered.
func (c *call) eventOf(known string) (e EventSubscription, in input, ok bool) {
	body, ok := c.input(known)
	if !ok {
		return e, nil, false
	}
	if in, ok = c.object(body, "event", eventFields); !ok {
		return e, nil, false
	}
	e = EventSubscription{Name: in.text("name"), Parent: in.text("parent"), Priority: in.flag("priority"), Destination: in.text("destination"), ProviderID: in.text("provider_id")}
	fields, ok := c.objects(in, "fields", "name converter source")
	if !ok {
		return e, nil, false
	}
	for _, f := range fields {
		e.Fields = append(e.Fields, f.text("name"))
	}
	rules, ok := c.objects(in, "rules", "field operator value")
	if !ok {
		return e, nil, false
	}
	for _, r := range rules {
		if !slices.Contains(ruleOperators, r.text("operator")) {
			c.bad(`The "%1" operator is not supported.`, r.text("operator"))
			return e, nil, false
		}
		e.Rules = append(e.Rules, EventRule{r.text("field"), r.text("operator"), r.text("value")})
	}
	return e, in, true
}

// subscribeEvent stores a subscription, in the place of one of the same name.
// It answers nothing, which PHP writes as an empty array.
func subscribeEvent(c *call) {
	e, _, ok := c.eventOf("event force")
	if !ok {
		return
	}
	base := e.Name
	if e.Parent != "" {
		base = e.Parent
	}
	switch {
	case e.Name == "":
		c.required("name")
		return
	case !slices.Contains(ioEventNames, base):
		c.violation("no event %q", base)
		c.bad(`The "%1" event is not supported.`, base)
		return
	case len(e.Fields) == 0:
		c.required("fields")
		return
	case e.Parent != "" && len(e.Rules) == 0:
		c.required("rules")
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	action := "subscription.create"
	if at := s.eventAt(e.Name); at >= 0 && !s.events[at].Disabled {
		action = "subscription.update"
		e.Declared = s.events[at].Declared
		if sameEvent(s.events[at], e) {
			action = ""
		}
	}
	s.putEvent(e)
	if action != "" {
		s.effect(action, e.Name)
	}
	c.out.strs("", nil)
}

func sameEvent(a, b EventSubscription) bool {
	orText(&b.Destination, "default")
	orText(&b.ProviderID, "default")
	return a.Parent == b.Parent && a.Priority == b.Priority && a.Destination == b.Destination && a.ProviderID == b.ProviderID &&
		a.Disabled == b.Disabled && slices.Equal(a.Fields, b.Fields) && slices.Equal(a.Rules, b.Rules)
}

// updateEvent adds fields and rules to those there are, so none can be taken
// away by it; the rest it sets where it is named.
func updateEvent(c *call) {
	e, in, ok := c.eventOf("event")
	if !ok {
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.eventAt(c.args[0])
	if at < 0 || s.events[at].Disabled {
		c.bad(`The "%1" event is not registered.`, c.args[0])
		return
	}
	n := s.events[at]
	n.Fields, n.Rules = slices.Clone(n.Fields), slices.Clone(n.Rules)
	for _, f := range e.Fields {
		if !slices.Contains(n.Fields, f) {
			n.Fields = append(n.Fields, f)
		}
	}
	for _, r := range e.Rules {
		if i := slices.IndexFunc(n.Rules, func(x EventRule) bool { return x.Field == r.Field && x.Operator == r.Operator }); i >= 0 {
			n.Rules[i] = r
		} else {
			n.Rules = append(n.Rules, r)
		}
	}
	if in.has("priority") {
		n.Priority = e.Priority
	}
	for name, to := range map[string]*string{"destination": &n.Destination, "provider_id": &n.ProviderID, "parent": &n.Parent} {
		if v := in.text(name); v != "" {
			*to = v
		}
	}
	if !sameEvent(s.events[at], n) {
		s.effect("subscription.update", n.Name)
	}
	s.putEvent(n)
	c.out.strs("", nil)
}

func unsubscribeEvent(c *call) {
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.eventAt(c.args[0])
	switch {
	case at < 0 || s.events[at].Disabled:
		c.bad(`The "%1" event is not registered.`, c.args[0])
		return
	case s.events[at].Declared:
		c.bad(`The "%1" event is defined in io_events.xml and cannot be unsubscribed.`, c.args[0])
		return
	}
	s.events = slices.Delete(slices.Clone(s.events), at, at+1)
	s.effect("subscription.delete", c.args[0])
	c.out.strs("", nil)
}

// listEventSubscriptions answers those that are enabled.
func listEventSubscriptions(c *call) {
	c.out.arr("")
	for _, e := range c.server.EventSubscriptions() {
		if !e.Disabled {
			c.out.eventSubscription(&e)
		}
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
