package magentotest

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// store is the data of the shop; its exported methods are the Server's.
type store struct {
	cfg *Config

	mu        sync.RWMutex
	products  *table[Product]
	orders    *table[Order]
	customers *table[Customer]
	skus      map[string]int64 // by skuKey; nil until somebody asks
	stock     stockBook
	hooks     []Subscription
	events    []EventSubscription
	lastID    int64 // of parts of records that were not seeded
}

func newStore(cfg *Config) *store {
	s := &store{cfg: cfg, lastID: 1_000_000_000}
	s.products = newTable(cfg.Products, s.seedProductRow, s.seedProduct, func(p *Product) row {
		return row{id: p.ID, created: unix(p.CreatedAt), updated: unix(p.UpdatedAt)}
	})
	s.orders = newTable(cfg.Orders, s.seedOrderRow, s.seedOrder, func(o *Order) row {
		return row{id: o.ID, created: unix(o.CreatedAt), updated: unix(o.UpdatedAt)}
	})
	s.customers = newTable(cfg.Customers, s.seedCustomerRow, s.seedCustomer, func(c *Customer) row {
		return row{id: c.ID, created: unix(c.CreatedAt), updated: unix(c.UpdatedAt)}
	})
	s.stock.init(cfg)
	return s
}

// second is the clock at the database's grain.
func (s *store) second() time.Time { return s.cfg.Clock().UTC().Truncate(time.Second) }

// partID numbers the parts of records made at run time. The lock is held.
func (s *store) partID() int64 {
	s.lastID++
	return s.lastID
}

func snapshot[T any](s *store, t *table[T], clone func(*T) *T) []*T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := t.all()
	for i, r := range out {
		out[i] = clone(r)
	}
	return out
}

func lookup[T any](s *store, t *table[T], id int64, clone func(*T) *T) *T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if r := t.get(id); r != nil {
		return clone(r)
	}
	return nil
}

// Products returns every product in id order. It makes each of them, so large
// shops take a moment.
func (s *store) Products() []*Product { return snapshot(s, s.products, (*Product).clone) }

// Product returns a product, or nil.
func (s *store) Product(id int64) *Product { return lookup(s, s.products, id, (*Product).clone) }

// ProductBySKU returns a product, or nil. Case does not matter.
func (s *store) ProductBySKU(sku string) *Product {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.bySKU(sku); p != nil {
		return p.clone()
	}
	return nil
}

// Orders returns every order in id order, see Products.
func (s *store) Orders() []*Order { return snapshot(s, s.orders, (*Order).clone) }

// Order returns an order, or nil.
func (s *store) Order(id int64) *Order { return lookup(s, s.orders, id, (*Order).clone) }

// Customers returns every customer in id order.
func (s *store) Customers() []*Customer { return snapshot(s, s.customers, (*Customer).clone) }

// Customer returns a customer, or nil.
func (s *store) Customer(id int64) *Customer { return lookup(s, s.customers, id, (*Customer).clone) }

func skuKey(sku string) string { return strings.ToLower(strings.TrimSpace(sku)) }

// bySKU returns the shared record. The lock is held for writing, for the
// index is made at the first call.
func (s *store) bySKU(sku string) *Product {
	if s.skus == nil {
		s.skus = make(map[string]int64, len(s.products.rows))
		for _, r := range s.products.rows {
			if r.index >= 0 {
				s.skus[skuKey(seedSKU(int(r.index)))] = r.id
			} else {
				s.skus[skuKey(s.products.stored[r.id].SKU)] = r.id
			}
		}
	}
	id, ok := s.skus[skuKey(sku)]
	if !ok {
		return nil
	}
	return s.products.get(id)
}

func orText(p *string, def string) {
	if *p == "" {
		*p = def
	}
}

// AddProduct stores a product and returns it as stored: with a new id, the
// time of the change, and defaults for an empty SKU, Name, Type (simple),
// Status, Visibility, AttributeSetID and Websites. A SKU that is taken makes
// it panic, since the shop cannot have it twice.
func (s *store) AddProduct(p Product) *Product {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addProduct(p).clone()
}

func (s *store) addProduct(p Product) *Product {
	n := p.clone()
	n.index, n.ID = -1, s.products.nextID()
	orText(&n.SKU, fmt.Sprintf("NEW-%d", n.ID))
	if s.bySKU(n.SKU) != nil {
		panic(fmt.Sprintf("magentotest: SKU %q is taken", n.SKU))
	}
	orText(&n.Name, n.SKU)
	orText(&n.Type, TypeSimple)
	if n.Status == 0 {
		n.Status = 1
	}
	if n.Visibility == 0 {
		n.Visibility = 4
	}
	if n.AttributeSetID == 0 {
		n.AttributeSetID = 4
	}
	if n.Websites == nil {
		n.Websites = []int64{1}
	}
	n.UpdatedAt = s.second()
	if n.CreatedAt.IsZero() {
		n.CreatedAt = n.UpdatedAt
	}
	s.products.put(n)
	s.skus[skuKey(n.SKU)] = n.ID
	return n
}

// UpdateProduct changes a product and sets its UpdatedAt. The error says that
// there is no such product.
func (s *store) UpdateProduct(id int64, change func(*Product)) error {
	return s.changeProduct(id, true, change)
}

// UpdateProductQuietly changes a product and leaves its UpdatedAt, as mass
// updates of attributes do on some versions.
func (s *store) UpdateProductQuietly(id int64, change func(*Product)) error {
	return s.changeProduct(id, false, change)
}

func (s *store) changeProduct(id int64, stamp bool, change func(*Product)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.products.get(id)
	if p == nil {
		return fmt.Errorf("magentotest: no product %d", id)
	}
	n := p.clone()
	change(n)
	n.ID = id
	if stamp {
		n.UpdatedAt = s.second()
	}
	if skuKey(n.SKU) != skuKey(p.SKU) {
		s.bySKU(n.SKU) // makes the index
		delete(s.skus, skuKey(p.SKU))
		s.skus[skuKey(n.SKU)] = id
	}
	s.products.put(n)
	return nil
}

// DeleteProduct removes a product, and its stock.
func (s *store) DeleteProduct(id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.products.get(id)
	if p == nil {
		return fmt.Errorf("magentotest: no product %d", id)
	}
	s.bySKU(p.SKU)
	delete(s.skus, skuKey(p.SKU))
	s.products.drop(id)
	s.stock.forget(p.SKU)
	return nil
}

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
