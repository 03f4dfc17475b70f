package shopifytest

import (
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// seeder makes records from their place in the seed: the same seed, sizes
// and start time give the same shop, and a record costs nothing until it is
// looked at.
type seeder struct {
	now                         time.Time // whole seconds
	seed                        uint64
	products, orders, customers int
	places                      int
	currency                    string
}

const (
	bigID        = 1<<53 + 1 // ids from here do not survive a float64
	productBase  = 8_100_000_000_000
	variantBase  = 44_000_000_000_000
	itemBase     = 53_000_000_000_000
	levelBase    = 110_000_000_000
	orderBase    = 5_900_000_000_000
	customerBase = 7_300_000_000_000
	locationBase = 70_000_000_001
	slots        = 2048 // ids kept free per product for its variants
	day          = 24 * time.Hour
)

func (s seeder) rnd(kind, i int) *serverkit.Rand {
	return serverkit.NewRand(int64(s.seed), uint64(kind), i)
}

// large reports whether record i of n is one of the last few, whose ids lie
// above 2^53.
func large(i, n int) bool { return n > 10 && i >= n-5 }

func (s seeder) productID(i int) int64 {
	if large(i, s.products) {
		return bigID + int64(i)*32
	}
	return productBase + int64(i)*32
}

func (s seeder) variantID(i, j int) int64 {
	if large(i, s.products) {
		return bigID + int64(i)*slots + int64(j)
	}
	return variantBase + int64(i)*slots + int64(j)
}

func (s seeder) itemID(i, j int) int64 {
	return s.variantID(i, j) - variantBase + itemBase
}

func (s seeder) orderID(i int) int64 {
	if large(i, s.orders) {
		return bigID + int64(i)*16
	}
	return orderBase + int64(i)*16
}

func (s seeder) customerID(i int) int64 {
	if large(i, s.customers) {
		return bigID + int64(i)*8
	}
	return customerBase + int64(i)*8
}

func (s seeder) ownsVariant(i int, id int64) bool {
	j := id - s.variantID(i, 0)
	return j >= 0 && j < int64(s.variantCount(i))
}

func (s seeder) variantCount(i int) int {
	switch i {
	case 7:
		return 300
	case 11:
		return 120
	case 13:
		return 150
	}
	return 1 + s.rnd(1, i).N(6)
}

func (s seeder) imageCount(i int) int {
	switch i {
	case 17:
		return 30
	case 19:
		return 260
	case 23:
		return 0
	}
	return 1 + i%3
}

// productKey spreads updates over the last 90 days; three of every ten
// products were changed in the very same second.
func (s seeder) productKey(i int) key {
	created := s.now.Add(-800*day + time.Duration(i)*600*day/time.Duration(max(1, s.products)))
	u := i
	if m := i % 10; m >= 3 && m <= 5 {
		u = i - m + 3
	}
	updated := s.now.Add(-time.Duration(60+s.rnd(2, u).N(90*86400)) * time.Second)
	return key{s.productID(i), created.Unix(), updated.Unix()}
}

func (s seeder) customerKey(i int) key {
	created := s.now.Add(-500*day + time.Duration(i)*300*day/time.Duration(max(1, s.customers)))
	updated := s.now.Add(-time.Duration(60+s.rnd(3, i/2).N(120*86400)) * time.Second)
	return key{s.customerID(i), created.Unix(), updated.Unix()}
}

func (s seeder) orderKey(i int) key {
	created := s.now.Add(-90*day + time.Duration(i)*90*day/time.Duration(max(1, s.orders)))
	created = created.Truncate(time.Second)
	updated := created.Add(time.Duration(s.rnd(4, i/3).N(5*86400)) * time.Second)
	if limit := s.now.Add(-time.Minute); updated.After(limit) {
		updated = limit
	}
	if updated.Before(created) {
		updated = created
	}
	return key{s.orderID(i), created.Unix(), updated.Unix()}
}

// price is the price of variant j of product i in hundredths.
func (s seeder) price(i, j int) int64 {
	if i%60 == 31 {
		return 0
	}
	return int64(500+s.rnd(5, i).N(30000)) + int64(j)*250
}

func (s seeder) locations() []*Location {
	cities := [][2]string{{"Riyadh", "الرياض"}, {"Jeddah", "جدة"}, {"Dubai", "دبي"}, {"Kuwait City", "الكويت"}}
	out := make([]*Location, s.places)
	for i := range out {
		c := cities[i%len(cities)]
		out[i] = &Location{
			ID: locationBase + int64(i)*100, Name: c[0] + " · " + c[1], Active: i < 3 || i%5 != 4,
			Address:   Address{Address1: strconv.Itoa(10+i) + " Market Street", City: c[0], CountryCode: "SA", Country: "Saudi Arabia", Zip: "1221" + strconv.Itoa(i%10)},
			CreatedAt: s.now.Add(-900 * day), UpdatedAt: s.now.Add(-300 * day),
		}
	}
	return out
}

// cents writes hundredths with two places, as the Money scalar does.
func cents(n int64) string {
	out := strconv.AppendInt(make([]byte, 0, 12), n/100, 10)
	return string(append(out, '.', byte('0'+n/10%10), byte('0'+n%10)))
}

// amount writes n units of 10^-places without needless zeros, but with one
// place at least, as the Decimal scalar does.
func amount(n int64, places int) string {
	text := strconv.FormatInt(n, 10)
	for len(text) <= places {
		text = "0" + text
	}
	whole, frac := text[:len(text)-places], strings.TrimRight(text[len(text)-places:], "0")
	if frac == "" {
		frac = "0"
	}
	return whole + "." + frac
}

// money converts hundredths of the shop's currency into the shopper's.
func money(n int64, presentment string) Money {
	m := Money{Shop: amount(n, 2)}
	switch presentment {
	case "USD":
		m.Presentment = amount(n*2667/10000, 2)
	case "AED":
		m.Presentment = amount(n*98/100, 2)
	case "KWD":
		m.Presentment = amount(n*82/100, 3)
	default:
		m.Presentment = m.Shop
	}
	return m
}

func at(unix int64) time.Time { return time.Unix(unix, 0).UTC() }
