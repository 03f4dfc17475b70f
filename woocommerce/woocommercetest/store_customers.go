package woocommercetest

import "cmp"

// AddCustomer stores a user and returns it as stored: with a new id, times of
// now, and the role customer if none is given.
func (s *Server) AddCustomer(u Customer) *Customer {
	n := u.clone()
	now := s.stamp()
	s.mu.Lock()
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
	s.mu.Unlock()
	s.event("customer.created", n.ID)
	s.event("customer.updated", n.ID)
	return n.clone()
}

// UpdateCustomer lets change edit a copy of the user and stores it with
// ModifiedAt from the clock. The error says that there is no such user.
func (s *Server) UpdateCustomer(id int64, change func(*Customer)) error {
	s.mu.Lock()
	old := s.customers.get(id)
	if old == nil {
		s.mu.Unlock()
		return missing("customer", id)
	}
	u := old.clone()
	change(u)
	u.ID, u.ModifiedAt = id, s.stamp()
	s.customers.put(u)
	s.mu.Unlock()
	s.event("customer.updated", id)
	return nil
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
