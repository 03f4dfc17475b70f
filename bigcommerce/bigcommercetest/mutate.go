package bigcommercetest

import (
	"fmt"
)

// AddProduct puts a product at the end and returns it as stored: with a new id,
// the clock's time as that of the change, and defaults for what is empty. It
// fires store/product/created.
func (s *Store) AddProduct(p Product) *Product {
	now := s.stamp()
	out := s.products.add(func(index int, id int64) *Product {
		r := p.clone()
		r.ID, r.ModifiedAt = id, now
		if r.CreatedAt.IsZero() {
			r.CreatedAt = now
		}
		s.fillProduct(r, index)
		return r
	}, s.skus.changed)
	s.fire("store/product/created", out.eventData())
	return out
}

func (s *Store) fillProduct(r *Product, index int) {
	orText(&r.Name, fmt.Sprint("Product ", r.ID))
	orText(&r.Type, "physical")
	orText(&r.Tracking, "none")
	orText(&r.Availability, "available")
	orText(&r.Condition, "New")
	orText(&r.URL, fmt.Sprintf("/product-%d/", r.ID))
	for _, p := range []*string{&r.Price, &r.CostPrice, &r.RetailPrice, &r.SalePrice, &r.Weight} {
		orText(p, "0")
	}
	if len(r.Channels) == 0 {
		r.Channels = []int64{1}
	}
	if len(r.Variants) == 0 {
		r.Variants = []Variant{{SKU: r.SKU}}
	}
	for i := range r.Options {
		o := &r.Options[i]
		if o.ID == 0 {
			o.ID = r.ID*1000 + int64(i)*100
		}
		for k := range o.Values {
			if o.Values[k].ID == 0 {
				o.Values[k].ID = o.ID + 1 + int64(k)
			}
		}
	}
	for i := range r.Variants {
		v := &r.Variants[i]
		if v.ID == 0 {
			v.ID = variantID(index, i)
		}
		if v.SKUID == 0 && len(r.Options) > 0 {
			v.SKUID = v.ID - skuIDGap
		}
	}
}

// UpdateProduct changes a product, sets its ModifiedAt from the clock and fires
// store/product/updated. The error says that there is no such product.
func (s *Store) UpdateProduct(id int64, change func(*Product)) error {
	now := s.stamp()
	found := s.products.update(id, func(p *Product) {
		change(p)
		p.ID, p.ModifiedAt = id, now
		s.fillProduct(p, int(id-productBase))
	}, s.skus.changed)
	if !found {
		return missing("product", id)
	}
	s.fire("store/product/updated", productEvent(id))
	return nil
}

// DeleteProduct removes a product and fires store/product/deleted.
func (s *Store) DeleteProduct(id int64) error {
	if !s.products.remove(id, s.skus.changed) {
		return missing("product", id)
	}
	s.fire("store/product/deleted", productEvent(id))
	return nil
}

// AddOrder puts an order at the end and returns it as stored: with a new id,
// the clock's time as that of the change, and defaults for what is empty. It
// fires store/order/created.
func (s *Store) AddOrder(o Order) *Order {
	now := s.stamp()
	out := s.orders.add(func(index int, id int64) *Order {
		r := o.clone()
		r.ID, r.ModifiedAt = id, now
		if r.CreatedAt.IsZero() {
			r.CreatedAt = now
		}
		orText(&r.Currency, s.cfg.Currency)
		orText(&r.DisplayCurrency, r.Currency)
		orText(&r.ExchangeRate, "1.0000000000")
		orText(&r.ToTransaction, "1.0000000000")
		orText(&r.PaymentMethod, "Manual")
		orText(&r.Source, "manual")
		if r.ChannelID == 0 {
			r.ChannelID = 1
		}
		s.fillOrder(r)
		return r
	}, nil)
	s.fire("store/order/created", orderEvent(out.ID))
	return out
}

// AddPaidOrder adds an order that is paid and awaits its fulfilment, so that it
// can be cancelled, shipped and refunded: three pieces of its first line and one
// of the second, of the store's first products, to one address.
func (s *Store) AddPaidOrder() *Order {
	o := Order{StatusID: 11, PaymentMethod: "Credit Card", PaymentStatus: "captured", Source: "www",
		Billing: OrderAddress{FirstName: "Noura", LastName: "Saad", Street1: "1 King Fahd Road", City: "Riyadh", State: "Riyadh", Zip: "11564",
			Country: "Saudi Arabia", CountryISO2: "SA", Email: "noura@example.com"}}
	to := o.Billing
	to.ShippingMethod, to.Cost = "Flat Rate", 10*Unit
	o.Shipping = []OrderAddress{to}
	for i, pieces := range []int{3, 1} {
		l := LineItem{Name: fmt.Sprint("Article ", i+1), Quantity: pieces, Price: int64(20+i) * Unit}
		if p := s.products.get(productBase + int64(i)); p != nil {
			l.ProductID, l.VariantID, l.Name, l.SKU = p.ID, p.Variants[0].ID, p.Name, p.Variants[0].SKU
		}
		o.Lines = append(o.Lines, l)
	}
	o.Transactions = []Transaction{{Event: "purchase", Method: "credit_card", Gateway: "testgateway", Status: "ok", Amount: o.Total(), CreatedAt: s.stamp()}}
	return s.AddOrder(o)
}

// fillOrder numbers new parts of an order.
func (s *Store) fillOrder(r *Order) {
	number := func(p *int64) {
		if *p == 0 {
			*p = s.partID()
		}
	}
	for i := range r.Shipping {
		number(&r.Shipping[i].ID)
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		number(&l.ID)
		orText(&l.Type, "physical")
		if l.AddressID == 0 && l.Type == "physical" && len(r.Shipping) > 0 {
			l.AddressID = r.Shipping[0].ID
		}
	}
	for i := range r.Shipments {
		number(&r.Shipments[i].ID)
	}
	for i := range r.Refunds {
		number(&r.Refunds[i].ID)
	}
	for i := range r.Messages {
		number(&r.Messages[i].ID)
	}
	for i := range r.Transactions {
		number(&r.Transactions[i].ID)
	}
}

// UpdateOrder changes an order, sets its ModifiedAt from the clock and fires
// store/order/updated, and store/order/statusUpdated if the status changed. The
// error says that there is no such order.
func (s *Store) UpdateOrder(id int64, change func(*Order)) error {
	now := s.stamp()
	var before, after int
	found := s.orders.update(id, func(o *Order) {
		change(o)
		o.ID, o.ModifiedAt = id, now
		s.fillOrder(o)
	}, func(old, now *Order) { before, after = old.StatusID, now.StatusID })
	if !found {
		return missing("order", id)
	}
	s.fire("store/order/updated", orderEvent(id))
	if before != after {
		s.fire("store/order/statusUpdated", statusEvent(id, before, after))
	}
	return nil
}

// DeleteOrder takes an order out of the store altogether, without an event: the
// API itself only archives, which UpdateOrder does with Deleted.
func (s *Store) DeleteOrder(id int64) error {
	if !s.orders.remove(id, nil) {
		return missing("order", id)
	}
	return nil
}

// AddCustomer puts a customer at the end, returns it as stored and fires
// store/customer/created.
func (s *Store) AddCustomer(c Customer) *Customer {
	now := s.stamp()
	out := s.customers.add(func(_ int, id int64) *Customer {
		r := c.clone()
		r.ID, r.ModifiedAt = id, now
		if r.CreatedAt.IsZero() {
			r.CreatedAt = now
		}
		orText(&r.StoreCredit, "0")
		s.fillCustomer(r)
		return r
	}, nil)
	s.fire("store/customer/created", customerEvent(out.ID))
	return out
}

func (s *Store) fillCustomer(c *Customer) {
	for i := range c.Addresses {
		a := &c.Addresses[i]
		if a.ID == 0 {
			a.ID = s.partID()
		}
		orText(&a.Type, "residential")
	}
}

// UpdateCustomer changes a customer, sets its ModifiedAt from the clock and
// fires store/customer/updated. The error says that there is no such customer.
func (s *Store) UpdateCustomer(id int64, change func(*Customer)) error {
	now := s.stamp()
	found := s.customers.update(id, func(c *Customer) {
		change(c)
		c.ID, c.ModifiedAt = id, now
		s.fillCustomer(c)
	}, nil)
	if !found {
		return missing("customer", id)
	}
	s.fire("store/customer/updated", customerEvent(id))
	return nil
}

// DeleteCustomer removes a customer and fires store/customer/deleted.
func (s *Store) DeleteCustomer(id int64) error {
	if !s.customers.remove(id, nil) {
		return missing("customer", id)
	}
	s.fire("store/customer/deleted", customerEvent(id))
	return nil
}
