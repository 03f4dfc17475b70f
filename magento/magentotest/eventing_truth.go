package magentotest

import "slices"

// EventSubscriptions returns what the shop sends to Adobe I/O, oldest first.
func (s *store) EventSubscriptions() []EventSubscription {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := slices.Clone(s.events)
	for i := range out {
		out[i].Fields, out[i].Rules = slices.Clone(out[i].Fields), slices.Clone(out[i].Rules)
	}
	return out
}

// AddForeignEventSubscription adds one that nobody asked for through the API,
// in the place of one of the same name.
func (s *store) AddForeignEventSubscription(e EventSubscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.putEvent(e)
}

// UpdateEventSubscription changes one behind the back of its owner; false when
// there is none.
func (s *store) UpdateEventSubscription(name string, change func(*EventSubscription)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.eventAt(name)
	if at < 0 {
		return false
	}
	e := s.events[at]
	e.Fields, e.Rules = slices.Clone(e.Fields), slices.Clone(e.Rules)
	change(&e)
	e.Name = name
	s.putEvent(e)
	return true
}

// DropEventSubscription removes one; false when there is none.
func (s *store) DropEventSubscription(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.eventAt(name)
	if at >= 0 {
		s.events = slices.Delete(slices.Clone(s.events), at, at+1)
	}
	return at >= 0
}

func (s *store) eventAt(name string) int {
	return slices.IndexFunc(s.events, func(e EventSubscription) bool { return e.Name == name })
}

func (s *store) putEvent(e EventSubscription) {
	orText(&e.Destination, "default")
	orText(&e.ProviderID, "default")
	s.events = slices.Clone(s.events)
	if at := s.eventAt(e.Name); at >= 0 {
		s.events[at] = e
		return
	}
	s.events = append(s.events, e)
}
