package bigcommercetest

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Store is one merchant's store. Safe for concurrent use; records are handed
// out and taken in as copies.
type Store struct {
	server *Server
	cfg    Config
	quota  window

	products  *table[Product]
	orders    *table[Order]
	customers *table[Customer]
	locations []*Location
	skus      skuIndex

	variants  flat[Product]
	stock     flat[Product]
	addresses flat[Customer]
	refunds   flat[Order]

	writing sync.Mutex // held while a request changes something, before any other lock

	mu       sync.Mutex
	ledger   Ledger
	inFlight map[string]int
	pending  []job // in the order they came
	effects  []Effect

	declined   string  // what refunds are declined with
	moreBrands []named // that writes of products made
	nextPart   int64   // ids of parts that writes add
	hooks      hookBook
	events     []Event
	serial     int // of events
}

func newStore(server *Server, cfg Config) *Store {
	s := &Store{server: server, cfg: cfg, inFlight: map[string]int{}, nextPart: 1_500_000_000}
	s.quota = window{quota: cfg.Quota, span: cfg.Window}
	for i := range cfg.Locations {
		s.locations = append(s.locations, s.seedLocation(i))
	}
	s.products = newTable(cfg.Products, productBase, s.seedProduct, (*Product).clone, s.productTimes,
		func(p *Product) (int64, int64) { return p.CreatedAt.Unix(), p.ModifiedAt.Unix() })
	s.orders = newTable(cfg.Orders, orderBase, s.seedOrder, (*Order).clone, s.orderTimes,
		func(o *Order) (int64, int64) { return o.CreatedAt.Unix(), o.ModifiedAt.Unix() })
	s.customers = newTable(cfg.Customers, customerBase, s.seedCustomer, (*Customer).clone, s.customerTimes,
		func(c *Customer) (int64, int64) { return c.CreatedAt.Unix(), c.ModifiedAt.Unix() })
	s.variants = flat[Product]{table: s.products, seeded: variantsOf, parts: func(p *Product) int { return len(p.Variants) }}
	s.stock = flat[Product]{table: s.products, seeded: stockedOf, parts: (*Product).stocked}
	s.addresses = flat[Customer]{table: s.customers, seeded: addressesOf, parts: func(c *Customer) int { return len(c.Addresses) }}
	s.refunds = flat[Order]{table: s.orders, seeded: refundsOf, parts: func(o *Order) int { return len(o.Refunds) }}
	s.skus.store = s
	return s
}

func (s *Store) now() time.Time { return s.cfg.Clock().UTC() }

// stamp is the time a change is recorded with: whole seconds, as the API sends.
func (s *Store) stamp() time.Time { return s.now().Truncate(time.Second) }

// partID returns a new id for something a record holds.
func (s *Store) partID() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextPart++
	return s.nextPart
}

// StoreHash returns the hash that names the store in URLs.
func (s *Store) StoreHash() string { return s.cfg.StoreHash }

// StoreID returns the number that webhooks call store_id.
func (s *Store) StoreID() int64 { return s.cfg.StoreID }

// Token returns the access token of the store's own API account.
func (s *Store) Token() string { return s.cfg.Token }

// Currency returns the store's default currency.
func (s *Store) Currency() string { return s.cfg.Currency }

// Products returns every product by id.
func (s *Store) Products() []*Product {
	s.settle()
	return s.products.all()
}

// Product returns a product, or nil.
func (s *Store) Product(id int64) *Product {
	s.settle()
	return s.products.get(id)
}

// Orders returns every order by id.
func (s *Store) Orders() []*Order { return s.orders.all() }

// Order returns an order, or nil.
func (s *Store) Order(id int64) *Order { return s.orders.get(id) }

// Customers returns every customer by id.
func (s *Store) Customers() []*Customer { return s.customers.all() }

// Customer returns a customer, or nil.
func (s *Store) Customer(id int64) *Customer { return s.customers.get(id) }

// Locations returns every location; the first is the default one.
func (s *Store) Locations() []*Location {
	out := make([]*Location, len(s.locations))
	for i, l := range s.locations {
		c := *l
		out[i] = &c
	}
	return out
}

func (s *Store) location(id int64) *Location {
	i := slices.IndexFunc(s.locations, func(l *Location) bool { return l.ID == id })
	if i < 0 {
		return nil
	}
	return s.locations[i]
}

func missing(kind string, id int64) error {
	return fmt.Errorf("bigcommercetest: the store has no %s %d", kind, id)
}
