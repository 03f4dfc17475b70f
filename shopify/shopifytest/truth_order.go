package shopifytest

import "fmt"

// AddOrder stores an order and returns it as stored; id, number, name,
// times and currencies are made up where they are missing.
func (s *Server) AddOrder(o Order) *Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := o.clone()
	if n.ID == 0 {
		n.ID = s.store.orders.nextID()
	}
	if n.Number == 0 {
		n.Number = 1001 + len(s.store.orders.ids)
	}
	if n.Name == "" {
		n.Name = fmt.Sprintf("#%d", n.Number)
	}
	if n.Currency == "" {
		n.Currency = s.currency
	}
	if n.PresentmentCurrency == "" {
		n.PresentmentCurrency = n.Currency
	}
	stamp(&n.CreatedAt, &n.UpdatedAt, s.second())
	for i := range n.Lines {
		if n.Lines[i].ID == 0 {
			n.Lines[i].ID = n.ID*1000 + int64(i) + 1
		}
	}
	s.store.orders.put(n)
	return n
}

// UpdateOrder changes an order, see UpdateProduct.
func (s *Server) UpdateOrder(id int64, change func(*Order)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.store.orders.get(id)
	if old == nil {
		return false
	}
	n := old.clone()
	change(n)
	n.ID = id
	if n.UpdatedAt.Equal(old.UpdatedAt) {
		n.UpdatedAt = s.second()
	}
	s.store.orders.put(n)
	return true
}

// DeleteOrder removes an order, see DeleteProduct.
func (s *Server) DeleteOrder(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.store.orders.drop(id) {
		return false
	}
	s.destroyed("ORDER", id)
	return true
}

// AddCustomer stores a customer and returns it as stored.
func (s *Server) AddCustomer(c Customer) *Customer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addCustomer(c)
}

func (s *Server) addCustomer(c Customer) *Customer {
	n := c.clone()
	if n.ID == 0 {
		n.ID = s.store.customers.nextID()
	}
	stamp(&n.CreatedAt, &n.UpdatedAt, s.second())
	s.store.customers.put(n)
	return n
}

// UpdateCustomer changes a customer, see UpdateProduct.
func (s *Server) UpdateCustomer(id int64, change func(*Customer)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.store.customers.get(id)
	if old == nil {
		return false
	}
	n := old.clone()
	change(n)
	n.ID = id
	if n.UpdatedAt.Equal(old.UpdatedAt) {
		n.UpdatedAt = s.second()
	}
	s.store.customers.put(n)
	return true
}

// DeleteCustomer removes a customer, see DeleteProduct.
func (s *Server) DeleteCustomer(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.store.customers.drop(id) {
		return false
	}
	s.destroyed("CUSTOMER", id)
	return true
}
