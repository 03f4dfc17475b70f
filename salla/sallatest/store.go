package sallatest

import (
	"fmt"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Store is one merchant's store. Safe for concurrent use; records are handed
// out and taken in as copies.
type Store struct {
	server *Server
	cfg    Config
	token  string
	ids    idCodec
	limit  *window

	products *collection[Product]
	orders   *collection[Order]
	buyers   *collection[Customer]
	branches []*Branch
	skus     skuIndex
	pages    serverkit.Pages

	writing sync.Mutex // held while a request or queued work changes something
	queue   queue

	auditing sync.Mutex // held while a stock changes and is logged

	mu      sync.Mutex
	ledger  Ledger
	effects []Effect
	hooks   []hook
	dropped []hook
	trashed map[int64]*Product
	audit   []auditRow // oldest first
	made    struct{ tags, brands []Ref }
	nextID  int64
}

func newStore(server *Server, cfg Config) *Store {
	s := &Store{server: server, cfg: cfg, ids: newIDCodec(cfg.Seed), nextID: 831980095}
	s.limit = newWindow(cfg.PerMinute, cfg.Window, cfg.Window/60)
	s.products = newCollection(cfg.Products, s.ids, s.seedProduct, (*Product).clone)
	s.orders = newCollection(cfg.Orders, s.ids, s.seedOrder, (*Order).clone)
	s.buyers = newCollection(cfg.Customers, s.ids, s.seedCustomer, (*Customer).clone)
	for i := range cfg.Branches {
		s.branches = append(s.branches, s.seedBranch(i))
	}
	return s
}

func (s *Store) now() time.Time { return s.cfg.Clock().UTC() }

// stamp is the time a change is recorded with: whole seconds, as the API sends.
func (s *Store) stamp() time.Time { return s.now().Truncate(time.Second) }

// MerchantID returns the store's id, the number webhooks call merchant.
func (s *Store) MerchantID() int64 { return s.cfg.MerchantID }

// Token returns the static access token.
func (s *Store) Token() string { return s.token }

// Products returns every product in listing order.
func (s *Store) Products() []*Product { return s.products.all() }

// Product returns a product, or nil.
func (s *Store) Product(id int64) *Product { return s.products.get(id) }

// Orders returns every order, newest first.
func (s *Store) Orders() []*Order { return s.orders.all() }

// Order returns an order, or nil.
func (s *Store) Order(id int64) *Order { return s.orders.get(id) }

// Customers returns every customer, newest first.
func (s *Store) Customers() []*Customer { return s.buyers.all() }

// Customer returns a customer, or nil.
func (s *Store) Customer(id int64) *Customer { return s.buyers.get(id) }

// Branches returns every branch; the first is the default one.
func (s *Store) Branches() []*Branch {
	out := make([]*Branch, len(s.branches))
	for i, b := range s.branches {
		c := *b
		out[i] = &c
	}
	return out
}

// Quantities returns the stock of every product without variants and of every
// variant, in listing order.
func (s *Store) Quantities() []Quantity {
	var out []Quantity
	for _, p := range s.products.all() {
		out = append(out, quantitiesOf(p)...)
	}
	return out
}

func quantitiesOf(p *Product) []Quantity {
	if len(p.Variants) == 0 {
		return []Quantity{{p.ID, 0, p.SKU, p.Quantity, p.Sold, p.Unlimited}}
	}
	out := make([]Quantity, len(p.Variants))
	for i, v := range p.Variants {
		out[i] = Quantity{p.ID, v.ID, v.SKU, v.Quantity, v.Sold, v.Unlimited}
	}
	return out
}

// AddProduct puts a product in front of the list and returns it as stored: with
// a new id, the time of the change, and defaults for an empty Type (product),
// Currency (SAR), Status (sale), WeightType (kg), Weight and prices.
func (s *Store) AddProduct(p Product) *Product {
	return s.products.add(func(index int, id int64) *Product {
		r := p.clone()
		r.index, r.ID, r.UpdatedAt = index, id, s.stamp()
		orText(&r.Type, "product")
		orText(&r.Currency, "SAR")
		orText(&r.Status, "sale")
		orText(&r.WeightType, "kg")
		orText(&r.Weight, "0")
		orText(&r.Price, "0.00")
		orText(&r.RegularPrice, r.Price)
		for i := range r.Variants {
			if v := &r.Variants[i]; v.ID == 0 {
				v.ID = s.ids.encode(index*variantRoom + i)
			}
		}
		return r
	})
}

// UpdateProduct changes a product and sets its UpdatedAt. The error says that
// there is no such product.
func (s *Store) UpdateProduct(id int64, change func(*Product)) error {
	return missing("product", id, s.audited(id, "", func() bool {
		return s.products.update(id, func(p *Product) {
			index := p.index
			change(p)
			p.index, p.ID, p.UpdatedAt = index, id, s.stamp()
		})
	}))
}

// DeleteProduct removes a product.
func (s *Store) DeleteProduct(id int64) error {
	return missing("product", id, s.products.remove(id))
}

// AddOrder puts an order in front of the list and returns it as stored: with a
// new id, the time of the change, and defaults for empty fields.
func (s *Store) AddOrder(o Order) *Order {
	return s.orders.add(func(index int, id int64) *Order {
		r := o.clone()
		r.index, r.ID, r.UpdatedAt = index, id, s.stamp()
		if r.CreatedAt.IsZero() {
			r.CreatedAt = r.UpdatedAt
		}
		if r.ReferenceID == 0 {
			r.ReferenceID = 50_000_000 + int64(index)
		}
		if r.Status.ID == 0 {
			r.Status = orderStatus("under_review")
		}
		orText(&r.Currency, "SAR")
		orText(&r.PaymentMethod, "mada")
		orText(&r.Source, "store")
		orText(&r.TaxPercent, "0.00")
		for _, p := range []*string{&r.SubTotal, &r.ShippingCost, &r.CashFee, &r.Tax, &r.Total} {
			orText(p, "0.00")
		}
		for i := range r.Items {
			it := &r.Items[i]
			if it.ID == 0 {
				it.ID = s.ids.encode(index*itemRoom + i)
			}
			for _, p := range []*string{&it.Weight, &it.Price, &it.Discount, &it.Tax, &it.Total} {
				orText(p, "0.00")
			}
		}
		for i := range r.Shipments {
			if sh := &r.Shipments[i]; sh.ID == 0 {
				sh.ID, sh.OrderID = s.ids.encode(index*shipmentRoom+i), id
			}
		}
		return r
	})
}

// UpdateOrder changes an order and sets its UpdatedAt. The error says that there
// is no such order.
func (s *Store) UpdateOrder(id int64, change func(*Order)) error {
	return missing("order", id, s.orders.update(id, func(o *Order) {
		index := o.index
		change(o)
		o.index, o.ID, o.UpdatedAt = index, id, s.stamp()
	}))
}

// DeleteOrder removes an order.
func (s *Store) DeleteOrder(id int64) error { return missing("order", id, s.orders.remove(id)) }

// AddCustomer puts a customer in front of the list and returns it as stored.
func (s *Store) AddCustomer(c Customer) *Customer {
	return s.buyers.add(func(index int, id int64) *Customer {
		r := c.clone()
		r.index, r.ID, r.UpdatedAt = index, id, s.stamp()
		if r.CreatedAt.IsZero() {
			r.CreatedAt = r.UpdatedAt
		}
		orText(&r.Currency, "SAR")
		return r
	})
}

// UpdateCustomer changes a customer and sets its UpdatedAt. The error says that
// there is no such customer.
func (s *Store) UpdateCustomer(id int64, change func(*Customer)) error {
	return missing("customer", id, s.buyers.update(id, func(c *Customer) {
		index := c.index
		change(c)
		c.index, c.ID, c.UpdatedAt = index, id, s.stamp()
	}))
}

// DeleteCustomer removes a customer.
func (s *Store) DeleteCustomer(id int64) error {
	return missing("customer", id, s.buyers.remove(id))
}

// StatusNamed returns the status an order has after its slug was posted, such as
// "shipped" or "canceled". The empty slug gives the store's own custom status
// whose slug is null; an unknown one the zero value.
func (s *Store) StatusNamed(slug string) OrderStatus { return orderStatus(slug) }

func (s *Store) branch(id int64) *Branch {
	for _, b := range s.branches {
		if b.ID == id {
			return b
		}
	}
	return nil
}

func missing(kind string, id int64, found bool) error {
	if found {
		return nil
	}
	return fmt.Errorf("sallatest: the store has no %s %d", kind, id)
}

func orText(p *string, def string) {
	if *p == "" {
		*p = def
	}
}
