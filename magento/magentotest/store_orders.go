package magentotest

import "fmt"

// AddOrder stores an order and returns it as stored: with new ids, the time of
// the change, defaults for what is empty, and totals computed from its lines
// and Base.Shipping if it has none.
func (s *store) AddOrder(o Order) *Order { return s.addOrder(o, func(*Order) {}) }

// addOrder lets finish change the order before it is stored.
func (s *store) addOrder(o Order, finish func(*Order)) *Order {
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
		n.total(int(toUnits(n.Base.Shipping)), false)
	}
	finish(n)
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

// AddSale stores an order of three pieces of one new product and one of
// another, each with 100 pieces at the first source and 10 for shipping. A paid
// one has an invoice of all of it, so that it can be shipped and refunded and,
// as the shop has it, not cancelled; any other can be cancelled and shipped.
func (s *store) AddSale(paid bool) *Order {
	var items []OrderItem
	for n, qty := range []string{"3", "1"} {
		price := []string{"20", "7.5"}[n]
		p := s.AddProduct(Product{Name: fmt.Sprintf("Sold %d", n+1), Price: price, Visibility: 1})
		s.SetStock(p.SKU, "default", "100")
		items = append(items, OrderItem{ProductID: p.ID, SKU: p.SKU, Name: p.Name, BasePrice: price, Ordered: qty})
	}
	home := Address{FirstName: "Noura", LastName: "Saad", Street: []string{"King Fahd Road 1"}, City: "Riyadh", CountryID: "SA", Postcode: "12211", Telephone: "+966500000001"}
	o := Order{FirstName: "Noura", LastName: "Saad", Billing: home, Shipping: &home, Items: items, Base: Totals{Shipping: "10"}}
	return s.addOrder(o, func(o *Order) {
		if paid {
			o.invoice(s.partID(), s.second(), nil)
		}
	})
}
