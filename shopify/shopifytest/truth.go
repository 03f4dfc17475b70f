package shopifytest

import (
	"fmt"
	"slices"
	"time"
)

// Products returns a snapshot of every product in id order. It makes each of
// them, so large shops take a moment. The records are shared and must not be
// changed; UpdateProduct changes one.
func (s *Server) Products() []*Product {
	return snapshot(s, func(st *store) *table[Product] { return st.products })
}

// Orders returns a snapshot of every order in id order, see Products.
func (s *Server) Orders() []*Order {
	return snapshot(s, func(st *store) *table[Order] { return st.orders })
}

// Customers returns a snapshot of every customer in id order, see Products.
func (s *Server) Customers() []*Customer {
	return snapshot(s, func(st *store) *table[Customer] { return st.customers })
}

// Events returns the deletions so far, oldest first.
func (s *Server) Events() []*Event {
	return snapshot(s, func(st *store) *table[Event] { return st.events })
}

// Locations returns every location.
func (s *Server) Locations() []*Location {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.store.locations)
}

// Product returns one product, or nil.
func (s *Server) Product(id int64) *Product {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.store.products.get(id)
}

// Order returns one order, or nil.
func (s *Server) Order(id int64) *Order {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.store.orders.get(id)
}

// Customer returns one customer, or nil.
func (s *Server) Customer(id int64) *Customer {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.store.customers.get(id)
}

func snapshot[T any](s *Server, of func(*store) *table[T]) []*T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return of(s.store).all()
}

// second is the clock at the platform's grain.
func (s *Server) second() time.Time { return s.now().Truncate(time.Second) }

// AddProduct stores a product and returns it as stored: an id, handle,
// times, options and one variant are made up where they are missing.
func (s *Server) AddProduct(p Product) *Product {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addProduct(p)
}

// addProduct is AddProduct with mu held, as are the others in lower case.
func (s *Server) addProduct(p Product) *Product {
	n := p.clone()
	now := s.second()
	if n.ID == 0 {
		n.ID = s.store.products.nextID()
	}
	if n.Handle == "" {
		n.Handle = fmt.Sprintf("product-%d", n.ID)
	}
	if n.Status == "" {
		n.Status = "ACTIVE"
	}
	stamp(&n.CreatedAt, &n.UpdatedAt, now)
	if len(n.Variants) == 0 {
		n.Variants = []Variant{{Title: "Default Title", Price: "0.00"}}
	}
	next := s.store.nextVariant()
	for i := range n.Variants {
		v := &n.Variants[i]
		if v.ID == 0 {
			v.ID = next
		}
		if v.Item.ID == 0 {
			v.Item.ID = v.ID - variantBase + itemBase
		}
		next = max(next, v.ID) + 1
		v.Position = i + 1
		if v.Title == "" {
			v.Title = "Default Title"
		}
		if len(v.Options) == 0 {
			v.Options = []SelectedOption{{"Title", v.Title}}
		}
		stamp(&v.CreatedAt, &v.UpdatedAt, now)
		stamp(&v.Item.CreatedAt, &v.Item.UpdatedAt, now)
	}
	if len(n.Options) == 0 {
		n.Options = []Option{{ID: n.ID, Name: "Title"}}
		for i := range n.Variants {
			n.Options[0].Values = append(n.Options[0].Values, n.Variants[i].Title)
		}
	}
	s.store.products.put(n)
	s.store.touched()
	return n
}

func stamp(created, updated *time.Time, now time.Time) {
	if created.IsZero() {
		*created = now
	}
	if updated.IsZero() {
		*updated = now
	}
}

// UpdateProduct lets change edit a copy of the product and stores it with
// UpdatedAt from the clock, unless change set another. It reports whether
// the product exists.
func (s *Server) UpdateProduct(id int64, change func(*Product)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.store.products.get(id)
	if old == nil {
		return false
	}
	n := old.clone()
	change(n)
	n.ID = id
	if n.UpdatedAt.Equal(old.UpdatedAt) {
		n.UpdatedAt = s.second()
	}
	s.store.products.put(n)
	if !sameVariants(old, n) {
		s.store.touched()
	}
	return true
}

func sameVariants(a, b *Product) bool {
	return slices.EqualFunc(a.Variants, b.Variants, func(x, y Variant) bool {
		return x.ID == y.ID && x.Item.ID == y.Item.ID && x.SKU == y.SKU
	})
}

// DeleteProduct removes a product, leaves a destroy event, and reports
// whether there was one.
func (s *Server) DeleteProduct(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deleteProduct(id)
}

func (s *Server) deleteProduct(id int64) bool {
	if !s.store.products.drop(id) {
		return false
	}
	s.store.touched()
	s.destroyed("PRODUCT", id)
	return true
}

// destroyed is called with mu held.
func (s *Server) destroyed(subject string, id int64) {
	s.store.events.put(&Event{ID: 200_000_000_000 + int64(len(s.store.events.ids)), Action: "destroy",
		SubjectType: subject, SubjectID: id, CreatedAt: s.second()})
}

// SetInventory sets what an item has available at a location, stocking it
// there if it was not, and reports whether the item exists. The level, the
// item's variant and the product get the clock as their time of change.
func (s *Server) SetInventory(item, location int64, available int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.setInventory(item, location, available)
}

func (s *Server) setInventory(item, location int64, available int) bool {
	r := s.store.item(item)
	if r == nil {
		return false
	}
	now := s.second()
	n := r.p.clone()
	n.UpdatedAt = now
	for i := range n.Variants {
		v := &n.Variants[i]
		if v.Item.ID != item {
			continue
		}
		v.UpdatedAt = now
		k := slices.IndexFunc(v.Item.Levels, func(l InventoryLevel) bool { return l.LocationID == location })
		if k < 0 {
			k = len(v.Item.Levels)
			v.Item.Levels = append(v.Item.Levels, InventoryLevel{ID: levelBase*10 + item + location, ItemID: item, LocationID: location})
		}
		v.Item.Levels[k].Available, v.Item.Levels[k].UpdatedAt = available, now
	}
	s.store.products.put(n)
	return true
}

// InvalidateCursors makes every cursor handed out so far stale.
func (s *Server) InvalidateCursors() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
}
