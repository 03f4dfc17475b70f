package sallatest

import (
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// eventNames are the events a store's webhook can be subscribed to. Those of
// apps are delivered by themselves and refused here.
var eventNames = strings.Fields(`
order.created order.updated order.status.updated order.cancelled order.refunded order.deleted order.products.updated
order.payment.updated order.coupon.updated order.total.price.updated order.shipment.creating order.shipment.created
order.shipment.cancelled order.shipment.return.creating order.shipment.return.created order.shipment.return.cancelled
order.shipping.address.updated order.customer.updated
product.created product.updated product.deleted product.available product.quantity.low product.price.updated
product.status.updated product.image.updated product.category.updated product.brand.updated product.tags.updated
product.channels.changed
shipping.zone.created shipping.zone.updated shipping.company.created shipping.company.updated shipping.company.deleted
shipment.creating shipment.created shipment.cancelled shipment.updated
customer.created customer.updated customer.login customer.otp.request
category.created category.updated brand.created brand.updated brand.deleted
store.branch.created store.branch.updated store.branch.setDefault store.branch.activated store.branch.deleted storetax.created
abandoned.cart abandoned.cart.status.changed abandoned.cart.purchased coupon.applied invoice.created
specialoffer.created specialoffer.updated review.added`)

// subscription writes a webhook; old is the form that registering one of version
// 1 is answered with.
func (w *writer) subscription(k string, h *Subscription, security, old bool) {
	w.obj(k)
	w.id("id", h.ID)
	w.str("name", h.Name)
	w.str("event", h.Event)
	if !old {
		w.num("version", h.Version)
		w.strOrNull("rule", h.Rule)
		w.str("type", "manual")
	}
	w.str("url", h.URL)
	if len(h.Headers) == 0 {
		w.absent("headers", int(h.ID%2), "[]", "{}") // PHP's empty map is an array
	} else {
		w.obj("headers")
		for _, name := range slices.Sorted(maps.Keys(h.Headers)) {
			w.name(name)
			w.b = appendText(w.b, h.Headers[name], w.php)
		}
		w.end()
	}
	if security {
		w.obj("security")
		w.str("strategy", h.Strategy)
		w.strOrNull("secret", h.Secret)
		w.end()
	}
	w.end()
}

// listWebhooks lists those of the whole store, the app's or not.
func listWebhooks(c *call) {
	list := c.store.webhooks()
	pg := c.paginate(len(list), maxSize, maxSize)
	c.rows(pg, func(w *writer) {
		for i := pg.from; i < pg.to; i++ {
			w.subscription("", &list[i].Subscription, false, false)
		}
	})
}

func listEvents(c *call) {
	c.answer(http.StatusOK, func(w *writer) {
		w.arr("data")
		for i, name := range eventNames {
			w.obj("")
			w.id("id", c.store.ids.encode(i))
			w.str("label", "حدث "+name)
			w.str("event", name)
			w.end()
		}
		w.endArr()
	})
}

// fill takes the fields that are named and returns complaints.
func (h *Subscription) fill(c *call, in input) complaints {
	fields := complaints{}
	for name, to := range map[string]*string{"name": &h.Name, "event": &h.Event, "url": &h.URL, "rule": &h.Rule} {
		if in.names(name) {
			*to = in.text(name)
		}
	}
	if in.names("headers") {
		h.Headers = map[string]string{}
		for _, row := range in.list("headers") {
			h.Headers[row.text("key")] = row.text("value")
		}
	}
	if n, ok := in.number("version"); ok {
		if h.Version = int(n); n != 1 && n != 2 {
			fields["version"] = []string{"القيمة المدخلة للحقل version غير موجودة."}
		}
	}
	if u, err := url.Parse(h.URL); err != nil || u.Host == "" || strings.Contains(h.URL, "localhost") || strings.Contains(h.URL, "test.") {
		fields["url"] = []string{"لابد أن يكون الرابط صالح وفعّال (لا يحتوي على localhost أو test.)"}
	}
	if !slices.Contains(eventNames, h.Event) {
		fields["event"] = []string{"حقل event غير صالحٍ"}
	}
	if in.has("security_strategy") {
		h.Strategy = in.text("security_strategy")
		switch h.Strategy {
		case StrategySignature, StrategyToken:
			if h.Secret = in.text("secret"); h.Secret == "" {
				fields["secret"] = []string{"حقل secret مطلوب."}
			}
		default:
			fields["security_strategy"] = []string{"القيمة المدخلة غير موجودة."}
		}
	} else if _, null := in["security_strategy"]; null {
		h.Strategy, h.Secret = "", ""
	}
	return fields
}

// subscribe takes no strategy, as its schema has none: PUT sets one. A URL that
// has a webhook keeps it, with its id and its strategy, and the webhook gets
// the new event; one that was removed comes back without its strategy.
func subscribe(c *call) {
	in, ok := c.input("name event version rule url headers security_strategy secret")
	if !ok {
		return
	}
	delete(in, "security_strategy")
	h := Subscription{Version: 2}
	if c.refused(h.fill(c, in)) {
		return
	}
	h.ID = c.store.takeID()
	if c.store.register(&h) {
		c.effect(h.ID)
	}
	c.answer(http.StatusOK, func(w *writer) { w.subscription("data", &h, false, h.Version == 1) })
}

// register stores a webhook and gives it the id it has; false when it was there
// as it is.
func (s *Store) register(h *Subscription) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	same := func(o hook) bool { return o.URL == h.URL && (o.Event == h.Event || !s.cfg.EventsShareURL) }
	if at := slices.IndexFunc(s.hooks, same); at >= 0 {
		old := s.hooks[at]
		h.ID, h.Strategy, h.Secret = old.ID, old.Strategy, old.Secret
		s.hooks[at] = hook{h.clone(), old.foreign}
		return !reflect.DeepEqual(old, s.hooks[at])
	}
	foreign := false
	if at := slices.IndexFunc(s.dropped, same); at >= 0 {
		h.ID, foreign = s.dropped[at].ID, s.dropped[at].foreign
		s.dropped = slices.Delete(s.dropped, at, at+1)
	}
	s.hooks = append(s.hooks, hook{h.clone(), foreign})
	return true
}

func updateWebhook(c *call) {
	in, ok := c.input("name url version rule headers security_strategy secret")
	if !ok {
		return
	}
	id, s := c.id(0), c.store
	s.mu.Lock()
	at := slices.IndexFunc(s.hooks, func(o hook) bool { return o.ID == id })
	if at < 0 {
		s.mu.Unlock()
		c.notFound()
		return
	}
	old := s.hooks[at].Subscription
	h := old.clone()
	bad := h.fill(c, in)
	if len(bad) == 0 {
		s.hooks[at].Subscription = h.clone()
	}
	s.mu.Unlock()
	if c.refused(bad) {
		return
	}
	if !reflect.DeepEqual(old, h) {
		c.effect(id)
	}
	c.answer(http.StatusOK, func(w *writer) { w.subscription("data", &h, true, false) })
}

func unsubscribe(c *call) {
	id, u := c.query.Get("id"), c.query.Get("url")
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil && (id != "" || u == "") {
		c.invalid("id", "يجب أن يكون حقل id عددًا صحيحًا")
		return
	}
	var gone []hook
	c.store.mu.Lock()
	c.store.hooks = slices.DeleteFunc(slices.Clone(c.store.hooks), func(h hook) bool {
		hit := id != "" && h.ID == n || u != "" && h.URL == u
		if hit {
			gone = append(gone, h)
		}
		return hit
	})
	c.store.dropped = append(c.store.dropped, gone...)
	c.store.mu.Unlock()
	if len(gone) == 0 {
		c.notFound()
		return
	}
	for _, h := range gone {
		c.effect(h.ID)
	}
	c.message(http.StatusAccepted, msgRemoved)
}
