package magentotest

import "fmt"

// AddOrder stores an order and returns it as stored: with new ids, the time of
// the change, defaults for what is empty, and totals computed from its lines
// if it has none.
func (s *store) AddOrder(o Order) *Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := o.clone()
	n.index, n.ID, n.UpdatedAt = -1, s.orders.nextID(), s.second()
	if n.CreatedAt.IsZero() {
		n.CreatedAt = n.UpdatedAt
	}
	if n.StoreID == 0 {
		n.StoreID = 1
	}
	orText(&n.IncrementID, fmt.Sprintf("%d%09d", n.StoreID, s.partID()))
	orText(&n.State, StateNew)
	if n.Status == "" && statusesOf[n.State] != nil {
		n.Status = statusesOf[n.State][0]
	}
	orText(&n.BaseCurrency, baseCurrency)
	orText(&n.Currency, n.BaseCurrency)
	orText(&n.Rate, "1")
	orText(&n.CustomerEmail, "buyer@example.com")
	orText(&n.Payment, "checkmo")
	if n.Shipping != nil {
		orText(&n.Method, "flatrate_flatrate")
		orText(&n.MethodTxt, "Flat Rate - Fixed")
	}
	for i := range n.Items {
		it := &n.Items[i]
		if it.ID == 0 {
			it.ID = s.partID()
		}
		orText(&it.Type, TypeSimple)
		orText(&it.Ordered, "1")
		orText(&it.BasePrice, "0")
		orText(&it.Price, units(n.inCurrency(toUnits(it.BasePrice))))
	}
	if n.Totals.Grand == "" {
		n.total(0, false)
	}
	s.orders.put(n)
	for _, it := range n.Items {
		if it.ParentID == 0 && n.child(it.ID) != nil {
			continue
		}
		s.stock.reserve(it.SKU, -toUnits(it.Ordered))
	}
	return n.clone()
}

// UpdateOrder changes an order and sets its UpdatedAt. The error says that
// there is no such order.
func (s *store) UpdateOrder(id int64, change func(*Order)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.changeOrder(id, change) {
		return fmt.Errorf("magentotest: no order %d", id)
	}
	return nil
}

// changeOrder is UpdateOrder with the lock held.
func (s *store) changeOrder(id int64, change func(*Order)) bool {
	o := s.orders.get(id)
	if o == nil {
		return false
	}
	n := o.clone()
	change(n)
	n.ID, n.UpdatedAt = id, s.second()
	s.orders.put(n)
	return true
}

// DeleteOrder removes an order, which the shop itself never does.
func (s *store) DeleteOrder(id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.orders.drop(id) {
		return fmt.Errorf("magentotest: no order %d", id)
	}
	return nil
}
