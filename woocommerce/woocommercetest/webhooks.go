package woocommercetest

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

type hookList struct {
	mu    sync.Mutex
	last  int64
	list  []*Subscription
	queue []event
	run   sync.Mutex // one delivery run at a time, as in the store
}

// event is one delivery waiting: its body is made when it is sent.
type event struct {
	hook int64
	arg  int64
}

var topics = regexp.MustCompile(`^((coupon|customer|order|product)\.(created|updated|deleted|restored)|action\.(woocommerce|wc)_\w+)$`)

// knownTopic says whether webhooks may have a topic. Since 10.9 there is no
// customer.restored, and product.published is new.
func (s *Server) knownTopic(topic string) bool {
	topic = strings.ToLower(topic)
	if s.cfg.atLeast(10, 9) {
		switch topic {
		case "customer.restored":
			return false
		case "product.published":
			return true
		}
	}
	return topics.MatchString(topic)
}

// Subscriptions returns the webhooks of the store, oldest first, with their
// secrets and failure counts.
func (s *Server) Subscriptions() []Subscription {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	out := make([]Subscription, len(s.hooks.list))
	for i, h := range s.hooks.list {
		out[i] = *h
	}
	return out
}

// AddSubscription stores a webhook as it is, without a ping, and returns it with
// a new id. Empty fields become: Status active, UserID of the first key.
func (s *Server) AddSubscription(h Subscription) Subscription {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	s.hooks.last++
	h.ID, h.Status, h.UserID = s.hooks.last, cmp.Or(h.Status, "active"), cmp.Or(h.UserID, adminID)
	orText(&h.Name, "Webhook created on "+s.now().In(s.cfg.Location).Format("Jan 2, 2006 @ 03:04 PM"))
	if h.CreatedAt.IsZero() {
		h.CreatedAt = s.stamp()
	}
	if h.ModifiedAt.IsZero() {
		h.ModifiedAt = h.CreatedAt
	}
	s.hooks.list = append(s.hooks.list, &h)
	return h
}

// AddForeignSubscription stores a webhook of another app. The API lists it like
// any other; only its name and address tell. Empty fields become: Name "Other
// app", Topic order.updated, an address and a secret of that app.
func (s *Server) AddForeignSubscription(h Subscription) Subscription {
	orText(&h.Name, "Other app")
	orText(&h.Topic, "order.updated")
	orText(&h.DeliveryURL, "https://other-app.example.test/webhooks")
	orText(&h.Secret, "othersecret")
	return s.AddSubscription(h)
}

// UpdateSubscription lets change edit a webhook behind the app's back, such as
// its Status or FailureCount, and reports whether there is such a one.
func (s *Server) UpdateSubscription(id int64, change func(*Subscription)) bool {
	return s.changeSubscription(id, func(h *Subscription) {
		change(h)
		h.ID, h.ModifiedAt = id, s.stamp()
	})
}

// DropSubscription removes a webhook, as the merchant does in the admin, and
// reports whether there was such a one.
func (s *Server) DropSubscription(id int64) bool {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	before := len(s.hooks.list)
	s.hooks.list = slices.DeleteFunc(s.hooks.list, func(h *Subscription) bool { return h.ID == id })
	return len(s.hooks.list) < before
}

func (s *Server) subscription(id int64) *Subscription {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	for _, h := range s.hooks.list {
		if h.ID == id {
			c := *h
			return &c
		}
	}
	return nil
}

// changeSubscription edits a webhook in place; false when there is none.
func (s *Server) changeSubscription(id int64, change func(*Subscription)) bool {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	for _, h := range s.hooks.list {
		if h.ID == id {
			change(h)
			return true
		}
	}
	return false
}

// Queue makes the store see an event of a record, as changes do by themselves:
// every active webhook of the topic gets a delivery, one while it waits. Stores
// before 10.9 fire product.deleted for anything trashed, such as a coupon.
func (s *Server) Queue(topic string, id int64) { s.event(topic, id) }

func (s *Server) event(topic string, id int64) {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	for _, h := range s.hooks.list {
		if h.Status != "active" || !strings.EqualFold(h.Topic, topic) {
			continue
		}
		if e := (event{h.ID, id}); !slices.Contains(s.hooks.queue, e) {
			s.hooks.queue = append(s.hooks.queue, e)
		}
	}
}

// unixText is a moment as the store puts it into a delivery's id.
func unixText(id int64, t time.Time) string {
	return strconv.FormatInt(id, 10) + strconv.FormatInt(t.Unix(), 10)
}
