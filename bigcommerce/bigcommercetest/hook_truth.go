package bigcommercetest

import "slices"

// Subscriptions returns the hooks of the store's own API account, oldest first.
func (s *Store) Subscriptions() []Hook {
	return slices.DeleteFunc(s.Hooks(), func(h Hook) bool { return h.ClientID != s.cfg.ClientID })
}

// ForeignSubscriptions returns the hooks of other accounts, which this one
// cannot see.
func (s *Store) ForeignSubscriptions() []Hook {
	return slices.DeleteFunc(s.Hooks(), func(h Hook) bool { return h.ClientID == s.cfg.ClientID })
}

// AddForeignSubscription adds a hook of another account and returns it as
// stored. An empty ClientID is made up; Active is as given.
func (s *Store) AddForeignSubscription(h Hook) Hook {
	h = h.clone()
	h.ID, h.secret = 18_048_287+s.partID(), "foreign-secret"
	orText(&h.ClientID, "foreign0client0of0another0account")
	now := s.stamp()
	h.CreatedAt, h.UpdatedAt, h.LastEvent = now, now, now
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks.list = append(s.hooks.list, &h)
	return h.clone()
}

// UpdateSubscription changes a hook behind the back of its account and reports
// whether it is there.
func (s *Store) UpdateSubscription(id int64, change func(*Hook)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks.find(id)
	if h == nil {
		return false
	}
	next := h.clone()
	change(&next)
	next.ID, next.secret = h.ID, h.secret
	*h = next.clone()
	return true
}

// DropSubscription removes a hook, as happens when it is deleted in another
// place, and reports whether it was there.
func (s *Store) DropSubscription(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.hooks.list)
	s.hooks.list = slices.DeleteFunc(s.hooks.list, func(h *Hook) bool { return h.ID == id })
	return len(s.hooks.list) < before
}
