package magentotest

import (
	"cmp"
	"fmt"
	"slices"
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
	skuOnce   sync.Once
	skus      map[string]int64 // by skuKey; made when first asked for
	stock     stockBook
	hooks     []Subscription
	events    []EventSubscription
	effects   []Effect
	options   map[int64][]addedOption // of attributes, by id
	lastID    int64                   // of parts of records that were not seeded
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
	s.mu.RLock()
	defer s.mu.RUnlock()
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

// skuIndex is made when it is first asked for; the lock is held, be it for
// reading.
func (s *store) skuIndex() map[string]int64 {
	s.skuOnce.Do(func() {
		s.skus = make(map[string]int64, len(s.products.rows))
		for _, r := range s.products.rows {
			if r.index >= 0 {
				s.skus[skuKey(seedSKU(int(r.index)))] = r.id
			} else {
				s.skus[skuKey(s.products.stored[r.id].SKU)] = r.id
			}
		}
	})
	return s.skus
}

// bySKU returns the shared record, or nil. The lock is held.
func (s *store) bySKU(sku string) *Product {
	id, ok := s.skuIndex()[skuKey(sku)]
	if !ok {
		return nil
	}
	return s.products.get(id)
}

// rowsBySKU returns the rows of SKUs in product order. The lock is held.
func (s *store) rowsBySKU(skus []string) []row {
	var out []row
	for _, sku := range skus {
		if id, ok := s.skuIndex()[skuKey(sku)]; ok {
			i, _ := s.products.find(id)
			out = append(out, s.products.rows[i])
		}
	}
	slices.SortFunc(out, func(a, b row) int { return cmp.Compare(a.id, b.id) })
	return slices.Compact(out)
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
		delete(s.skuIndex(), skuKey(p.SKU))
		s.skus[skuKey(n.SKU)] = id
		s.stock.rename(p.SKU, n.SKU)
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
	s.dropProduct(p)
	return nil
}

// dropProduct is DeleteProduct with the lock held.
func (s *store) dropProduct(p *Product) {
	delete(s.skuIndex(), skuKey(p.SKU))
	s.products.drop(p.ID)
	s.stock.forget(p.SKU)
}
