package sallatest

import (
	"fmt"
	"slices"
)

// Subscriptions returns the app's webhooks registered through the API, oldest
// first.
func (s *Store) Subscriptions() []Subscription { return s.subscriptions(false) }

// ForeignSubscriptions returns the webhooks that are not the app's, oldest
// first.
func (s *Store) ForeignSubscriptions() []Subscription { return s.subscriptions(true) }

func (s *Store) subscriptions(foreign bool) []Subscription {
	var out []Subscription
	for _, h := range s.webhooks() {
		if h.foreign == foreign {
			out = append(out, h.Subscription)
		}
	}
	return out
}

// AddForeignSubscription registers a webhook of the merchant or of another app.
// The API lists the webhooks of the store, so the app sees it and could change
// or remove it; nothing in the answer tells it from the app's own.
func (s *Store) AddForeignSubscription(h Subscription) Subscription {
	h = h.clone()
	if h.ID = s.takeID(); h.Version == 0 {
		h.Version = 2
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = append(s.hooks, hook{h, true})
	return h.clone()
}

// UpdateSubscription changes a webhook behind the app's back. The error says
// that there is no such webhook.
func (s *Store) UpdateSubscription(id int64, change func(*Subscription)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.hooks, func(h hook) bool { return h.ID == id })
	if at < 0 {
		return fmt.Errorf("sallatest: the store has no webhook %d", id)
	}
	h := s.hooks[at].clone()
	change(&h)
	h.ID = id
	s.hooks[at].Subscription = h
	return nil
}

// DropSubscription removes a webhook behind the app's back, as when the merchant
// turns it off: the API lists only webhooks that are active. Registering its URL
// again brings it back under its old id.
func (s *Store) DropSubscription(id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.hooks, func(h hook) bool { return h.ID == id })
	if at < 0 {
		return fmt.Errorf("sallatest: the store has no webhook %d", id)
	}
	s.dropped = append(s.dropped, s.hooks[at])
	s.hooks = slices.Delete(slices.Clone(s.hooks), at, at+1)
	return nil
}

// hook is a webhook and whose it is.
type hook struct {
	Subscription
	foreign bool
}

// webhooks returns copies of all, oldest first.
func (s *Store) webhooks() []hook {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.hooks)
	for i := range out {
		out[i].Subscription = out[i].clone()
	}
	return out
}
