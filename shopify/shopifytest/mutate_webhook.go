package shopifytest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Subscription is one webhook subscription made through the API.
type Subscription struct {
	ID        int64
	Topic     string // ORDERS_CREATE, ...
	URI       string
	Name      string // "" = null
	Filter    string // "" = null
	Format    string // "" is JSON
	Fields    []string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Subscriptions returns the app's own subscriptions, oldest first.
func (s *Server) Subscriptions() []Subscription {
	return s.subscriptionsOf(func() []*Subscription { return s.writes.hooks })
}

// ForeignSubscriptions returns those of other apps.
func (s *Server) ForeignSubscriptions() []Subscription {
	return s.subscriptionsOf(func() []*Subscription { return s.writes.foreign })
}

func (s *Server) subscriptionsOf(list func() []*Subscription) []Subscription {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []Subscription
	for _, h := range list() {
		all = append(all, *h)
	}
	return all
}

// AddForeignSubscription adds one of another app, which this app cannot see.
func (s *Server) AddForeignSubscription(h Subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.ID, h.CreatedAt, h.UpdatedAt = s.fresh(), s.second(), s.second()
	s.writes.foreign = append(s.writes.foreign, &h)
}

// UpdateSubscription changes one of the app's behind its back, and reports
// whether it is there.
func (s *Server) UpdateSubscription(id int64, change func(*Subscription)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, h := range s.writes.hooks {
		if h.ID == id {
			n := *h
			change(&n)
			n.ID = id
			s.writes.hooks[i] = &n
			return true
		}
	}
	return false
}

// DropSubscription removes one of the app's, as the platform does after many
// failed deliveries.
func (s *Server) DropSubscription(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.writes.hooks)
	s.writes.hooks = slices.DeleteFunc(slices.Clone(s.writes.hooks), func(h *Subscription) bool { return h.ID == id })
	return len(s.writes.hooks) < before
}

func (s *Server) subscription(id int64) any {
	for _, h := range s.writes.hooks {
		if h.ID == id {
			return h
		}
	}
	return nil
}

func subscriptions(x *exec, f *field, _ any) {
	var found []*Subscription
	topics := f.texts("topics")
	for _, h := range x.srv.writes.hooks {
		if (len(topics) == 0 || slices.Contains(topics, h.Topic)) && (f.text("uri") == "" || f.text("uri") == h.URI) {
			found = append(found, h)
		}
	}
	x.connection(f, "", placeSeq(len(found), func(i int) int64 { return found[i].ID }, func(i int) any { return found[i] }))
}

func webhookFields() map[string]fieldSet {
	return map[string]fieldSet{"WebhookSubscription": {
		"id":               gid("WebhookSubscription", func(h *Subscription) int64 { return h.ID }),
		"legacyResourceId": long(func(h *Subscription) int64 { return h.ID }),
		"topic":            str(func(h *Subscription) string { return h.Topic }),
		"uri":              str(func(h *Subscription) string { return h.URI }),
		"name":             opt(func(h *Subscription) string { return h.Name }),
		"format":           or("JSON", func(h *Subscription) string { return h.Format }),
		"filter":           opt(func(h *Subscription) string { return h.Filter }),
		"includeFields":    texts(func(h *Subscription) []string { return h.Fields }),
		"apiVersion": func(x *exec, f *field, _ any) { // the app's, whatever the request's was
			x.object(f, "ApiVersion", &x.srv.versions[len(x.srv.versions)-1])
		},
		"createdAt": instant(func(h *Subscription) time.Time { return h.CreatedAt }),
		"updatedAt": instant(func(h *Subscription) time.Time { return h.UpdatedAt }),
	}}
}

var subscriptionName = regexp.MustCompile(`^[A-Za-z0-9_-]{0,50}$`)

// setSubscription changes what is named and says what is wrong with it. The
// complaints name a field that is no input any more, as on the platform.
func (x *exec) setSubscription(h *Subscription, in input) []complaint {
	in.put("uri", &h.URI)
	in.put("name", &h.Name)
	in.put("filter", &h.Filter)
	in.put("format", &h.Format)
	if in.has("includeFields") {
		h.Fields = in.texts("includeFields")
	}
	address := func(message string) []complaint { return refuse("", message, "webhookSubscription", "callbackUrl") }
	switch {
	case strings.HasPrefix(h.URI, "http://"):
		return address("Address protocol http:// is not supported")
	case strings.Contains(h.URI, "myshopify.com"):
		return address("Address cannot be a Shopify or an internal domain")
	case !strings.HasPrefix(h.URI, "https://") && !strings.HasPrefix(h.URI, "pubsub://") && !strings.HasPrefix(h.URI, "arn:aws:events:"):
		return address("Address is invalid")
	case !subscriptionName.MatchString(h.Name):
		return refuse("", "Name is invalid", "webhookSubscription", "name")
	}
	for _, other := range x.srv.writes.hooks {
		if other.ID != h.ID && other.Topic == h.Topic && other.URI == h.URI && other.Filter == h.Filter {
			return address("Address for this topic has already been taken")
		}
	}
	return nil
}

func subscriptionCreate(x *exec, args input) payload {
	h := &Subscription{Topic: args.text("topic"), CreatedAt: x.srv.second(), UpdatedAt: x.srv.second()}
	if bad := x.setSubscription(h, args.sub("webhookSubscription")); bad != nil {
		return payload{bad: bad}
	}
	h.ID = x.srv.fresh()
	x.srv.writes.hooks = append(x.srv.writes.hooks, h)
	x.effect("webhookSubscriptionCreate", h.ID)
	return payload{parts: map[string]any{"webhookSubscription": h}}
}

func subscriptionUpdate(x *exec, args input) payload {
	id := args.id("id", "WebhookSubscription")
	for i, old := range x.srv.writes.hooks {
		if old.ID != id {
			continue
		}
		h := *old
		if bad := x.setSubscription(&h, args.sub("webhookSubscription")); bad != nil {
			return payload{bad: bad}
		}
		h.UpdatedAt = x.srv.second()
		x.srv.writes.hooks[i] = &h
		x.effect("webhookSubscriptionUpdate", id)
		return payload{parts: map[string]any{"webhookSubscription": &h}}
	}
	return payload{bad: refuse("", "Webhook subscription does not exist", "id")}
}

func subscriptionDelete(x *exec, args input) payload {
	id := args.id("id", "WebhookSubscription")
	if x.srv.subscription(id) == nil {
		return payload{bad: refuse("", "Webhook subscription does not exist", "id")}
	}
	x.srv.writes.hooks = slices.DeleteFunc(slices.Clone(x.srv.writes.hooks), func(h *Subscription) bool { return h.ID == id })
	x.effect("webhookSubscriptionDelete", id)
	return payload{parts: map[string]any{"deletedWebhookSubscriptionId": "gid://shopify/WebhookSubscription/" + strconv.FormatInt(id, 10)}}
}
