package magentotest

import (
	"fmt"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Room for the parts of one seeded order in the ids of their kind.
const (
	itemRoom     = 16
	documentRoom = 4
	commentRoom  = 8
)

var (
	firstNames = []string{"Sara", "محمد", "نورة", "John", "Zoë", "خالد", "O'Brien"}
	lastNames  = []string{"العتيبي", "Smith", "Al-Harbi", "García", "القحطاني"}
	cities     = []struct {
		city, region, code, country, postcode, phone string
		regionID                                     int64
	}{
		{"الرياض", "الرياض", "", "SA", "12211", "+966500000001", 0},
		{"Jeddah", "Makkah", "", "SA", "21442", "0500000002", 0},
		{"Austin", "Texas", "TX", "US", "78701", "5125550100", 57},
		{"London", "", "", "GB", "SW1A 1AA", "+44 20 7946 0000", 0},
	}
	shipMethods = [][2]string{{"flatrate_flatrate", "Flat Rate - Fixed"}, {"aramex_express", "أرامكس - سريع"}, {"freeshipping_freeshipping", "Free Shipping - Free"}}
	payMethods  = [][]string{{"checkmo", "Check / Money order"}, {"cashondelivery", "الدفع عند الاستلام"}, {"hyperpay_mada", "mada", "4242"}}
	carriers    = [][2]string{{"custom", "أرامكس"}, {"ups", "United Parcel Service"}, {"dhl", "DHL"}}
)

func (s *store) seedOrderRow(i int) row {
	created, updated := seedTimes(s.cfg.Epoch, i, s.cfg.Orders, 101)
	return row{id: seedID(i, s.cfg.Orders), created: created, updated: updated}
}

func seedAddress(r *serverkit.Rand, first, last string) Address {
	c := serverkit.Pick(r, cities)
	a := Address{
		FirstName: first, LastName: last, Street: []string{"King Fahd Road " + strconv.Itoa(r.N(900))},
		City: c.city, Region: c.region, RegionCode: c.code, RegionID: c.regionID, Postcode: c.postcode,
		CountryID: c.country, Telephone: c.phone,
	}
	if r.N(3) == 0 {
		a.Street = append(a.Street, "شقة 12")
		a.Company = "Souk & Sons"
	}
	return a
}

// line prices are rounded to cents in each currency, so that rows add up.
func (o *Order) inCurrency(base int64) int64 {
	if o.Currency == o.BaseCurrency {
		return base
	}
	return (base*usdRate/10_000 + 50) / 100 * 100
}

func (s *store) seedOrder(i int) *Order {
	r := serverkit.NewRand(s.cfg.Seed, kindOrder, i)
	times := s.seedOrderRow(i)
	o := &Order{
		index: i, ID: times.id, StoreID: 1, BaseCurrency: baseCurrency, Currency: baseCurrency, Rate: "1",
		IncrementID: fmt.Sprintf("%09d", i+1),
		CreatedAt:   time.Unix(times.created, 0).UTC(), UpdatedAt: time.Unix(times.updated, 0).UTC(),
		RemoteIP: "192.0.2." + strconv.Itoa(r.N(250)),
	}
	if i%3 == 2 {
		o.StoreID, o.Currency, o.Rate = 3, "USD", units(usdRate)
		o.IncrementID = fmt.Sprintf("3%09d", i+1)
	}
	first, last := serverkit.Pick(r, firstNames), serverkit.Pick(r, lastNames)
	o.FirstName, o.LastName = first, last
	o.CustomerEmail = fmt.Sprintf("guest%d@example.com", i)
	if n := s.cfg.Customers; i%4 != 3 && n > 0 {
		k := r.N(n)
		o.CustomerID, o.CustomerEmail = seedID(k, n), seedEmail(k)
	} else if i%8 == 3 {
		o.FirstName, o.LastName = "", "" // guests have a name in the address alone
	}
	o.Billing = seedAddress(r, first, last)
	o.Billing.ID = int64(i)*2 + 1
	if i%17 != 5 {
		a := o.Billing
		if i%3 == 1 {
			a = seedAddress(r, serverkit.Pick(r, firstNames), last)
		}
		a.ID = int64(i)*2 + 2
		o.Shipping = &a
		m := serverkit.Pick(r, shipMethods)
		o.Method, o.MethodTxt = m[0], m[1]
	}
	pay := serverkit.Pick(r, payMethods)
	o.Payment, o.PayInfo = pay[0], pay[1:]
	if i%6 == 1 {
		o.Coupon, o.CustomerNote = "EID10", `Call "me" first & ring <twice> 🔔`
	}
	s.seedItems(o, r)
	o.total(r.N(4)*50_000, i%6 == 1)
	s.seedProgress(o, i)
	return o
}

func (s *store) seedItems(o *Order, r *serverkit.Rand) {
	n := s.cfg.Products
	for line := range 1 + r.N(4) {
		if n == 0 {
			break
		}
		k := r.N(n)
		at := placeOf(k)
		if o.Shipping == nil {
			k = k/blockLen*blockLen + 12 // the block's virtual product
			if k >= n || placeOf(k).kind != TypeVirtual {
				k = 12
			}
			at = place{kind: TypeVirtual, parent: -1}
		}
		parent := at.kind == TypeConfigurable || at.kind == TypeBundle || at.kind == TypeGrouped
		if parent || o.Shipping != nil && line == 0 && at.kind != TypeSimple { // something to ship there is
			k = min(k/blockLen*blockLen+15, n-1)
			at = place{kind: TypeSimple, parent: placeOf(k).parent}
		}
		price := seedPrice(s.cfg.Seed, k) / 100 * 100
		it := OrderItem{
			ID: int64(o.index*itemRoom+line*2) + 1, ProductID: s.productID(k), Type: at.kind, SKU: seedSKU(k),
			Name: seedName(s.cfg.Seed, k), BasePrice: units(price), Price: units(o.inCurrency(price)),
			Weight: "0.51", Ordered: strconv.Itoa(1 + r.N(3)),
		}
		switch {
		case o.index%19 == 7 && line == 0:
			it.Ordered = "1.5"
		case o.index%13 == 4 && line == 0: // the product was deleted since
			it.ProductID, it.SKU, it.Name = highIDs+290_000_000, "GONE-"+strconv.Itoa(o.index), "Discontinued ☠"
			at.parent = -1
		}
		if at.parent >= 0 {
			s.seedPair(o, it, k, at)
			continue
		}
		o.Items = append(o.Items, it)
	}
}

// seedPair adds the two lines of a variant: the parent's has the price and,
// oddly, the variant's SKU.
func (s *store) seedPair(o *Order, it OrderItem, k int, at place) {
	child := it
	child.ID, child.ParentID, child.Type = it.ID+1, it.ID, TypeSimple
	child.Price, child.BasePrice = "0", "0"
	it.Type, it.ProductID, it.Name = TypeConfigurable, s.productID(at.parent), seedName(s.cfg.Seed, at.parent)
	first := at.child
	if p := placeOf(at.parent); p.second > 0 {
		first = at.child / p.second
		it.Options = append(it.Options, ItemOption{attrSize.id, attrSize.first + int64(at.child%p.second)})
	}
	it.Options = append(it.Options, ItemOption{attrColor.id, attrColor.first + int64(first)})
	o.Items = append(o.Items, it, child)
}

// mul multiplies a price by a quantity, both in ten-thousandths, and rounds to
// hundredths.
func mul(price, qty int64) int64 { return (price*qty/10_000 + 50) / 100 * 100 }

// total computes the taxes and sums of an order whose lines have prices.
func (o *Order) total(baseShipping int, discounted bool) {
	var sub, baseSub, tax, baseTax int64
	for i := range o.Items {
		it := &o.Items[i]
		row, baseRow := mul(toUnits(it.Price), toUnits(it.Ordered)), mul(toUnits(it.BasePrice), toUnits(it.Ordered))
		sub, baseSub = sub+row, baseSub+baseRow
		t, bt := mul(row, 1_500), mul(baseRow, 1_500)
		it.Tax, it.BaseTax = units(t), units(bt)
		tax, baseTax = tax+t, baseTax+bt
		for _, q := range []*string{&it.Invoiced, &it.Shipped, &it.Refunded, &it.Canceled} {
			if *q == "" {
				*q = "0"
			}
		}
	}
	ship := int64(baseShipping)
	if o.Shipping == nil {
		ship = 0
	}
	var off, baseOff int64
	if discounted {
		off, baseOff = -mul(sub, 1_000), -mul(baseSub, 1_000)
	}
	sums := func(sub, ship, tax, off int64) Totals {
		return Totals{
			Subtotal: units(sub), Shipping: units(ship), Tax: units(tax), Discount: units(off),
			Grand: units(sub + ship + tax + off), Paid: "0", Refunded: "0", Canceled: "0",
		}
	}
	o.Totals, o.Base = sums(sub, o.inCurrency(ship), tax, off), sums(baseSub, ship, baseTax, baseOff)
}

// seedProgress brings the order to where it is in its life.
func (s *store) seedProgress(o *Order, i int) {
	o.State, o.Status = StateNew, "pending"
	stepID := func(n int) int64 { return int64(i*documentRoom+n) + 1 }
	at := func(part int) time.Time {
		return o.CreatedAt.Add(o.UpdatedAt.Sub(o.CreatedAt) * time.Duration(part) / 4)
	}
	invoice := func() { o.invoice(stepID(0), at(1), nil) }
	ship := func(n int, qty map[int64]int64) {
		sh := o.ship(stepID(n), at(2+n), []string{"default", "riyadh"}[i%2*min(s.cfg.Sources, 1)], qty)
		if sh == nil {
			return
		}
		for k := range 1 + i%2 {
			c := carriers[(i+k)%len(carriers)]
			sh.Tracks = append(sh.Tracks, Track{ID: stepID(n)*2 + int64(k), Number: fmt.Sprintf("1Z%08d%d", i, k), Title: c[1], Carrier: c[0], CreatedAt: at(2 + n)})
		}
	}
	switch i % 10 {
	case 1:
		invoice()
	case 2:
		invoice()
		if it := o.firstToShip(); it != nil && o.shippable() > 1 {
			ship(0, map[int64]int64{it.ID: min(10_000, toUnits(it.Ordered))})
		}
	case 3, 4:
		invoice()
		ship(0, nil)
	case 5:
		invoice()
		ship(0, nil)
		o.refund(stepID(0), at(4), nil, true, 0)
	case 6:
		o.cancel()
	case 7:
		o.hold()
	case 8:
		invoice()
		ship(0, nil)
		if len(o.Items) > 0 {
			o.refund(stepID(0), at(4), map[int64]int64{o.Items[0].ID: min(10_000, toUnits(o.Items[0].Ordered))}, false, int64(i%3-1)*10_000)
		}
	case 9:
		switch i / 10 % 4 {
		case 0:
			o.State, o.Status = StatePendingPayment, "pending_payment"
		case 1:
			o.State, o.Status = StatePaymentReview, "payment_review"
		case 2:
			invoice()
			o.Status = "fraud"
		case 3:
			invoice()
			o.Status = "awaiting_pickup" // the merchant's own
		}
	}
	o.History = append(o.History, Comment{ID: int64(i*commentRoom) + 1, Status: "pending", Entity: "order", Notified: 1, CreatedAt: o.CreatedAt})
	if i%3 == 1 {
		o.History = append(o.History, Comment{
			int64(i*commentRoom) + 2, `شكرا — "thanks" &amp; <b>bye</b>`, o.Status, "order", i % 3 % 2, i%2 == 0, o.UpdatedAt,
		})
	}
	if len(o.Shipments) > 0 && i%4 == 0 {
		o.Shipments[0].Comments = []Comment{{ID: int64(i*commentRoom) + 3, Text: "left the house", Entity: "shipment", CreatedAt: o.UpdatedAt}}
	}
}
