package magentotest

import "fmt"

// AddCustomer stores a customer and returns it as stored.
func (s *store) AddCustomer(c Customer) *Customer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addCustomer(c).clone()
}

func (s *store) addCustomer(c Customer) *Customer {
	n := c.clone()
	n.index, n.ID, n.UpdatedAt = -1, s.customers.nextID(), s.second()
	if n.CreatedAt.IsZero() {
		n.CreatedAt = n.UpdatedAt
	}
	if n.GroupID == 0 {
		n.GroupID = 1
	}
	if n.WebsiteID == 0 {
		n.WebsiteID = 1
	}
	if n.StoreID == 0 {
		n.StoreID = 1
	}
	orText(&n.CreatedIn, "Default Store View")
	orText(&n.Email, fmt.Sprintf("new%d@example.com", n.ID))
	s.nameAddresses(n)
	s.customers.put(n)
	return n
}

func (s *store) nameAddresses(c *Customer) {
	for i := range c.Addresses {
		if c.Addresses[i].ID == 0 {
			c.Addresses[i].ID = s.partID()
		}
	}
}

// UpdateCustomer changes a customer and sets its UpdatedAt. The error says
// that there is no such customer.
func (s *store) UpdateCustomer(id int64, change func(*Customer)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.customers.get(id)
	if c == nil {
		return fmt.Errorf("magentotest: no customer %d", id)
	}
	n := c.clone()
	change(n)
	n.ID, n.UpdatedAt = id, s.second()
	s.nameAddresses(n)
	s.customers.put(n)
	return nil
}

// DeleteCustomer removes a customer.
func (s *store) DeleteCustomer(id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.customers.drop(id) {
		return fmt.Errorf("magentotest: no customer %d", id)
	}
	return nil
}
