package woocommercetest

import (
	"fmt"
	"reflect"
	"slices"
)

// Products returns every product outside the trash in id order. It makes each of
// them, so large stores take a moment.
func (s *Server) Products() []*Product {
	return snapshot(s, s.products, func(p *Product) bool { return p.Status != "trash" }, (*Product).clone)
}

// TrashedProducts returns the products in the trash in id order.
func (s *Server) TrashedProducts() []*Product {
	return snapshot(s, s.products, func(p *Product) bool { return p.Status == "trash" }, (*Product).clone)
}

// Orders returns every order outside the trash in id order, see Products.
func (s *Server) Orders() []*Order {
	return snapshot(s, s.orders, func(o *Order) bool { return o.Status != "trash" }, (*Order).clone)
}

// Customers returns every customer in id order, without the users of other roles.
func (s *Server) Customers() []*Customer {
	return snapshot(s, s.customers, func(c *Customer) bool { return c.Role == "customer" }, (*Customer).clone)
}

func snapshot[T any](s *Server, t *table[T], keep func(*T) bool, clone func(*T) *T) []*T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []*T
	for _, r := range t.rows {
		if rec := t.load(r); keep(rec) {
			out = append(out, clone(rec))
		}
	}
	return out
}

// Product returns a product, also one in the trash, or nil. A variation's id
// gives nil.
func (s *Server) Product(id int64) *Product {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if p := s.products.get(id); p != nil {
		return p.clone()
	}
	return nil
}

// Order returns an order, also one in the trash, or nil.
func (s *Server) Order(id int64) *Order {
	if o := s.anyOrder(id); o != nil {
		return o.clone()
	}
	return nil
}

// Customer returns a user of any role, or nil.
func (s *Server) Customer(id int64) *Customer {
	if u := s.anyCustomer(id); u != nil {
		return u.clone()
	}
	return nil
}

// AddProduct stores a product and returns it as stored: with a new id, times of
// now where they are missing, and defaults for an empty Type (simple), Status
// (publish), Slug, TaxStatus, StockStatus and Backorders. Variations get ids and
// the same defaults. Webhooks for product.created are queued.
func (s *Server) AddProduct(p Product) *Product {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addProduct(p.clone()).clone()
}

// addProduct stores a new product; called with mu held.
func (s *Server) addProduct(n *Product) *Product {
	now := s.stamp()
	n.ID = s.nextID
	s.nextID++
	orText(&n.Type, "simple")
	if len(n.Variations) > 0 {
		n.Type = "variable"
	}
	orText(&n.Status, "publish")
	orText(&n.Slug, fmt.Sprintf("product-%d", n.ID))
	orText(&n.CatalogVisibility, "visible")
	orText(&n.TaxStatus, "taxable")
	orText(&n.StockStatus, "instock")
	orText(&n.Backorders, "no")
	if n.CreatedAt.IsZero() {
		n.CreatedAt = now
	}
	if n.ModifiedAt.IsZero() {
		n.ModifiedAt = now
	}
	for i := range n.Variations {
		s.completeVariation(&n.Variations[i])
	}
	s.putProduct(n)
	s.event("product.created", n.ID)
	return n
}

// completeVariation fills in what a new variation lacks; called with mu held.
func (s *Server) completeVariation(v *Variation) {
	if v.ID == 0 {
		v.ID = s.nextID
		s.nextID++
	}
	now := s.stamp()
	orText(&v.Status, "publish")
	orText(&v.ManageStock, "false")
	orText(&v.StockStatus, "instock")
	orText(&v.Backorders, "no")
	if v.CreatedAt.IsZero() {
		v.CreatedAt = now
	}
	if v.ModifiedAt.IsZero() {
		v.ModifiedAt = now
	}
}

func (s *Server) putProduct(p *Product) {
	now := s.now()
	p.asleep = asleep(p.SaleFrom, p.SaleTo, now)
	for i := range p.Variations {
		v := &p.Variations[i]
		v.asleep = asleep(v.SaleFrom, v.SaleTo, now)
	}
	s.products.put(p)
	s.indexCodes(p)
}

// UpdateProduct lets change edit a copy of the product and stores it with
// ModifiedAt from the clock; variations that differ get it too. product.updated
// is queued. The error says that there is no such product.
func (s *Server) UpdateProduct(id int64, change func(*Product)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.editProduct(id, func(p *Product) bool { change(p); return true }) == nil {
		return missing("product", id)
	}
	return nil
}

// editProduct stores a changed copy of a product, unless change says no, and
// returns it; nil if there is none. Called with mu held.
func (s *Server) editProduct(id int64, change func(*Product) bool) *Product {
	old := s.products.get(id)
	if old == nil {
		return nil
	}
	p := old.clone()
	if !change(p) {
		return old
	}
	p.ID, p.ModifiedAt = id, s.stamp()
	events := []int64{id}
	for i := range p.Variations {
		v := &p.Variations[i]
		n := slices.IndexFunc(old.Variations, func(o Variation) bool { return o.ID == v.ID })
		if n >= 0 && reflect.DeepEqual(old.Variations[n], *v) {
			continue
		}
		s.completeVariation(v)
		v.ModifiedAt = p.ModifiedAt
		events = append(events, v.ID)
	}
	s.putProduct(p)
	for _, id := range events {
		s.event("product.updated", id)
	}
	return p
}

// TrashProduct moves a product to the trash, which queues product.deleted.
func (s *Server) TrashProduct(id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.products.get(id)
	if p == nil {
		return missing("product", id)
	}
	s.trashProduct(p)
	return nil
}

func (s *Server) trashProduct(old *Product) {
	p := old.clone()
	if p.Status != "trash" {
		p.statusBefore, p.Status = p.Status, "trash"
	}
	s.putProduct(p)
	s.event("product.deleted", p.ID)
}

// DeleteProduct removes a product for good. That queues no webhook at all.
func (s *Server) DeleteProduct(id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.products.drop(id) {
		return missing("product", id)
	}
	return nil
}

// SetStock sets the quantity of a product or of a variation and turns managing
// of its stock on. The error says that there is neither.
func (s *Server) SetStock(id int64, quantity int) error {
	p, v := s.anyProduct(id)
	if p == nil {
		return missing("product or variation", id)
	}
	return s.UpdateProduct(p.ID, func(p *Product) {
		if v == nil {
			p.ManageStock, p.StockQuantity = true, quantity
			return
		}
		for i := range p.Variations {
			if w := &p.Variations[i]; w.ID == id {
				w.ManageStock, w.StockQuantity = "true", quantity
			}
		}
	})
}

func missing(kind string, id int64) error {
	return fmt.Errorf("woocommercetest: the store has no %s %d", kind, id)
}
