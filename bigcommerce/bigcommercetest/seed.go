package bigcommercetest

import (
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// First ids of each kind. Parts of a record are numbered from its index, so
// that an id tells where it belongs without a search.
const (
	productBase  = 101
	orderBase    = 100
	customerBase = 1

	variantBase = 10_000_000
	variantRoom = 1000 // variants of one product; the platform allows 600 SKUs
	skuIDGap    = 9_000_000

	lineBase    = 20_000_000
	lineRoom    = 1000
	addressBase = 300_000 // of orders and of customers
	partBase    = 40_000_000
	partRoom    = 100 // shipments, refunds, messages, transactions of one order
)

// Categories and brands of every seeded store.
var categoryNames = []string{"Shop All", "Garden", "Kitchen", "ملابس", "Bags & Luggage", `Tools "Pro"`, "عطور", "Outlet"}
var brandNames = []string{"Acme", "دار العود", "O'Neill & Söhne", "Ça Va"}

const (
	categoryBase = 19
	brandBase    = 36
	channels     = 2
)

// currency is a currency of a store. Rate is from the default currency.
type currency struct {
	code, country, symbol, name string
	places                      int
	rate                        string
	transactional               bool
}

var currencies = []currency{
	{"SAR", "SA", "ر.س", "Saudi Riyal", 2, "1.0000000000", true},
	{"USD", "US", "$", "US Dollar", 2, "0.2666000000", true},
	{"KWD", "KW", "د.ك", "Kuwaiti Dinar", 3, "0.0817000000", true},
	{"EUR", "FR", "€", "Euro", 2, "0.2450000000", false},
}

func rateOf(code string) string {
	for _, c := range currencies {
		if c.code == code {
			return c.rate
		}
	}
	return "1.0000000000"
}

const day = 24 * 60 * 60

// productTimes spreads changes over 90 days; five neighbours share a second.
func (s *Store) productTimes(i int) (created, modified int64) {
	r := serverkit.Rand(uint64(s.cfg.Seed)*31 + uint64(i/5))
	modified = s.cfg.Epoch.Unix() - 60 - int64(r.Uint64()%(90*day))
	return modified - int64(i%300)*day/2, modified
}

// orderTimes spreads creation evenly over 90 days. Of each eight orders the
// first four were changed in the same second.
func (s *Store) orderTimes(i int) (created, modified int64) {
	at := func(i int) int64 {
		i = min(i, s.cfg.Orders-1)
		return s.cfg.Epoch.Unix() - 90*day + int64(i)*(90*day-day/2)/int64(max(1, s.cfg.Orders))
	}
	created, last := at(i), at(i)
	if i%8 < 4 {
		last = at(i - i%8 + 3)
	}
	r := serverkit.Rand(uint64(s.cfg.Seed)*37 + uint64(last))
	return created, min(last+int64(r.Uint64()%(5*day)), s.cfg.Epoch.Unix()-30)
}

// customerTimes: three neighbours share the second they were changed in.
func (s *Store) customerTimes(i int) (created, modified int64) {
	r := serverkit.Rand(uint64(s.cfg.Seed)*41 + uint64(i/3))
	modified = s.cfg.Epoch.Unix() - 120 - int64(r.Uint64()%(60*day))
	return modified - int64(i%50)*day, modified
}

func unix(t int64) time.Time { return time.Unix(t, 0).UTC() }

// groupOf gives the group ids of customers.
func groupOf(i int) int64 { return int64(i % 4) } // 0 is no group

var firstNames = []string{"Jane", "محمد", "نورة", "Zoë", "Łukasz", "عبد الله", "Mei"}
var lastNames = []string{"Doe", "العتيبي", "O'Brien", "Smith \"Jr\"", "القحطاني", "Nguyễn"}

type place struct{ street, city, state, zip, country, iso2 string }

var places = []place{
	{"طريق الملك فهد", "الرياض", "الرياض", "11564", "Saudi Arabia", "SA"},
	{"455 Main Street", "Austin", "Texas", "78751", "United States", "US"},
	{"شارع فلسطين", "جدة", "مكة المكرمة", "23326", "Saudi Arabia", "SA"},
	{"Salmiya Block 4", "Kuwait City", "", "", "Kuwait", "KW"},
	{"12 Rue de l'Été", "Paris", "", "75002", "France", "FR"},
}

func countryName(iso2 string) string {
	for _, p := range places {
		if p.iso2 == iso2 {
			return p.country
		}
	}
	return iso2
}

func (s *Store) seedCustomer(i int) *Customer {
	created, modified := s.customerTimes(i)
	c := &Customer{
		ID:        customerBase + int64(i),
		Email:     "buyer" + strconv.Itoa(i+1) + "@example.com",
		FirstName: firstNames[i%len(firstNames)], LastName: lastNames[i%len(lastNames)],
		Phone: "+9665" + strconv.Itoa(10_000_000+i), GroupID: groupOf(i), StoreCredit: "0",
		AcceptsMarketing: i%2 == 0, ChannelIDs: []int64{1},
		CreatedAt: unix(created), ModifiedAt: unix(modified),
	}
	switch {
	case i%9 == 3:
		c.Phone, c.Company, c.Notes = "", "Acme & Co <LLC>", "VIP 🚀\nسطر ثان"
	case i%7 == 5:
		c.StoreCredit, c.ChannelIDs = "43.15", nil
	}
	n := addressesOf(i)
	c.Addresses = make([]Address, 0, n)
	for k := range n {
		p := places[(i+k)%len(places)]
		c.Addresses = append(c.Addresses, Address{
			ID: addressBase + int64(i)*partRoom + int64(k), FirstName: c.FirstName, LastName: c.LastName,
			Phone: c.Phone, Street1: p.street + " " + strconv.Itoa(k+1), City: p.city, State: p.state, Zip: p.zip,
			CountryCode: p.iso2, Type: "residential",
		})
	}
	return c
}

// addressesOf is how many addresses a seeded customer has; more than ten are
// cut where they are sent inside the customer.
func addressesOf(i int) int {
	if i%25 == 12 {
		return 13
	}
	return []int{1, 2, 0, 1}[i%4]
}

func (s *Store) seedLocation(i int) *Location {
	p := places[i%len(places)]
	l := &Location{ID: int64(i + 1), Code: "BC-LOCATION-" + strconv.Itoa(i+1), Label: "مستودع " + strconv.Itoa(i+1),
		Type: "PHYSICAL", Enabled: i != 2, Default: i == 0, Email: "stock@example.com",
		Address: Address{Street1: p.street, City: p.city, State: p.state, Zip: p.zip, CountryCode: p.iso2}}
	if i%3 == 1 {
		l.Type = "VIRTUAL"
	}
	return l
}
