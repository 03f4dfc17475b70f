package woocommercetest

import "cmp"

// AddCustomer stores a user and returns it as stored: with a new id, times of
// now, and the role customer if none is given.
func (s *Server) AddCustomer(u Customer) *Customer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addCustomer(u.clone()).clone()
}

// addCustomer stores a new user; called with mu held.
func (s *Server) addCustomer(n *Customer) *Customer {
	now := s.stamp()
	n.ID = 1
	if rows := s.customers.rows; len(rows) > 0 {
		n.ID = rows[len(rows)-1].id + 1
	}
	n.Role = cmp.Or(n.Role, "customer")
	if n.CreatedAt.IsZero() {
		n.CreatedAt = now
	}
	if n.ModifiedAt.IsZero() {
		n.ModifiedAt = now
	}
	orText(&n.Username, n.Email)
	s.customers.put(n)
	s.event("customer.created", n.ID)
	s.event("customer.updated", n.ID)
	return n
}

// UpdateCustomer lets change edit a copy of the user and stores it with
// ModifiedAt from the clock. The error says that there is no such user.
func (s *Server) UpdateCustomer(id int64, change func(*Customer)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.editCustomer(id, func(u *Customer) bool { change(u); return true }) == nil {
		return missing("customer", id)
	}
	return nil
}

// editCustomer stores a changed copy of a user, unless change says no, and
// returns it; nil if there is none. Called with mu held.
func (s *Server) editCustomer(id int64, change func(*Customer) bool) *Customer {
	old := s.customers.get(id)
	if old == nil {
		return nil
	}
	u := old.clone()
	if !change(u) {
		return old
	}
	u.ID, u.ModifiedAt = id, s.stamp()
	s.customers.put(u)
	s.event("customer.updated", id)
	return u
}

// DeleteCustomer removes a user, which queues customer.deleted for the role
// customer.
func (s *Server) DeleteCustomer(id int64) error {
	s.mu.Lock()
	u := s.customers.get(id)
	if u == nil {
		s.mu.Unlock()
		return missing("customer", id)
	}
	s.customers.drop(id)
	s.mu.Unlock()
	if u.Role == "customer" {
		s.event("customer.deleted", id)
	}
	return nil
}
