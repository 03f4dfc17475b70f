package woocommercetest

import (
	"fmt"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Kinds keep the random numbers of the same index apart.
const (
	kindProduct = iota + 1
	kindOrder
	kindCustomer
	kindKey
)

func randomHex(r *serverkit.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = hexDigits[r.N(16)]
	}
	return string(b)
}

// trashed is how many records lie in the trash beside n others.
func trashed(n int) int {
	if n == 0 {
		return 0
	}
	return n/100 + 1
}

// The seeded products repeat their shapes after period products, so that an id
// is found without making the records before it.
const period = 500

var productOffsets = func() (at [period + 1]int64) {
	for i := range period {
		at[i+1] = at[i] + 1 + int64(seedVariations(i))
	}
	return at
}()

// seedVariations is how many variations product i has.
func seedVariations(i int) int {
	a, b := seedShape(i)
	return a * max(b, 1)
}

// seedShape is how many values the two attributes of product i have; 0 for an
// attribute it lacks.
func seedShape(i int) (first, second int) {
	switch i %= period; {
	case i == 12:
		return 12, 10 // more than a page
	case i%100 == 36:
		return 6, 5
	case i%4 == 0:
		return 3, 2
	case i%7 == 3 && i%20 != 9:
		return 3, 0
	}
	return 0, 0
}

func (s *Server) productID(i int) int64 {
	return s.cfg.FirstID + int64(i/period)*productOffsets[period] + productOffsets[i%period]
}

// refundCount is how many refunds order j has.
func refundCount(j int) int {
	switch j % 20 {
	case 5, 16:
		return 1
	case 11:
		return 2
	}
	return 0
}

var orderOffsets = func() (at [21]int64) {
	for j := range 20 {
		at[j+1] = at[j] + 1 + int64(refundCount(j))
	}
	return at
}()

func (s *Server) orderID(j int) int64 {
	first := s.productID(s.cfg.Products+trashed(s.cfg.Products)) + 100
	return first + int64(j/20)*orderOffsets[20] + orderOffsets[j%20]
}

const day = 24 * time.Hour

// productKey gives a product's moments: two share the second they were made in,
// three the second they were changed in.
func (s *Server) productKey(i int) key {
	n := time.Duration(max(1, s.cfg.Products))
	created := s.cfg.Epoch.Add(-300 * day).Add(180 * day * time.Duration(i/2*2) / n)
	groups := max(1, (s.cfg.Products+2)/3)
	at := (i / 3 * 7919) % groups
	modified := s.cfg.Epoch.Add(-90 * day * time.Duration(at) / time.Duration(groups))
	if i%200 == 77 { // scheduled
		created = s.cfg.Epoch.Add(30 * day)
	}
	return key{s.productID(i), created.Unix(), modified.Unix()}
}

// orderKey gives an order's moments; every third group of three shares the
// second it was changed in.
func (s *Server) orderKey(j int) key {
	n := time.Duration(max(1, s.cfg.Orders))
	created := s.cfg.Epoch.Add(-90 * day).Add(90 * day * time.Duration(min(j, s.cfg.Orders-1)) / n)
	modified := created.Add(time.Duration(j%5) * time.Hour)
	if j%9 < 3 {
		modified = s.cfg.Epoch.Add(-90 * day).Add(90 * day * time.Duration(min(j/9*9+3, s.cfg.Orders)) / n)
	}
	if modified.After(s.cfg.Epoch) {
		modified = s.cfg.Epoch
	}
	return key{s.orderID(j), created.Unix(), max(modified.Unix(), created.Unix())}
}

// staff are the users beside the customers, with the first ids.
var staff = []struct{ role, first, email string }{
	{"administrator", "Admin", "admin@example.test"},
	{"shop_manager", "مدير", "manager@example.test"},
	{"subscriber", "Reader", "reader@example.test"},
}

// adminID is the user the first key belongs to.
const adminID = 1

func (s *Server) customerKey(i int) key {
	c := s.cfg.Epoch.Add(-400 * day)
	if i >= len(staff) {
		c = c.Add(300 * day * time.Duration(i) / time.Duration(s.cfg.Customers+len(staff)))
	}
	m := c.Add(time.Duration(i%7) * day)
	if i%9 == 4 {
		return key{int64(i + 1), c.Unix(), time.Time{}.Unix()}
	}
	return key{int64(i + 1), c.Unix(), m.Unix()}
}

func fromUnix(n int64) time.Time { return time.Unix(n, 0).UTC() }

var (
	firstNames = []string{"محمد", "نورة", "Layla", "José", "عبدالله", "Siân", "سارة", "O'Brien"}
	lastNames  = []string{"العتيبي", "القحطاني", "Müller", "Smith", "الحربي", "García"}
	cities     = []struct{ city, state, postcode, country string }{
		{"الرياض", "", "12211", "SA"}, {"جدة", "", "23424", "SA"}, {"Dubai", "DU", "", "AE"},
		{"London", "", "SW1A 1AA", "GB"}, {"Los Angeles", "CA", "90210", "US"},
	}
)

func seedAddress(r *serverkit.Rand, i int, email string) Address {
	c := serverkit.Pick(r, cities)
	a := Address{
		FirstName: serverkit.Pick(r, firstNames), LastName: serverkit.Pick(r, lastNames),
		Address1: fmt.Sprintf("%d شارع الملك فهد", i%200+1), City: c.city, State: c.state,
		Postcode: c.postcode, Country: c.country, Email: email, Phone: fmt.Sprintf("+9665%08d", i*37%100000000),
	}
	switch i % 8 {
	case 3:
		a.Company, a.Address2 = "Smith & Söhne", "Flat 2"
	case 5:
		a.Phone, a.Address1 = "", ""
	}
	return a
}

func (s *Server) seedCustomer(i int) *Customer {
	k := s.customerKey(i)
	c := &Customer{ID: k.id, CreatedAt: fromUnix(k.created), Role: "customer"}
	if k.modified > 0 {
		c.ModifiedAt = fromUnix(k.modified)
	}
	if i < len(staff) {
		c.Role, c.FirstName, c.Email = staff[i].role, staff[i].first, staff[i].email
		c.Username = staff[i].role
		return c
	}
	r := serverkit.NewRand(s.cfg.Seed, kindCustomer, i)
	n := i - len(staff)
	c.Email = fmt.Sprintf("customer%d@example.test", n)
	c.Username = fmt.Sprintf("customer%d", n)
	c.Billing = seedAddress(r, n, c.Email)
	c.FirstName, c.LastName = c.Billing.FirstName, c.Billing.LastName
	switch n % 6 {
	case 1:
		c.Billing = Address{} // registered, never bought
	case 2:
		c.LastName = ""
	case 3:
		c.Shipping = c.Billing
		c.Shipping.Email = ""
	}
	c.Paying = n%3 == 0
	if n%5 == 0 {
		c.Meta = []Meta{{ID: k.id * 8, Key: "loyalty", Value: `{"tier":"gold","points":["12",3]}`}}
	}
	return c
}
