package bigcommercetest

import (
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

var orderLabels = []string{"Incomplete", "Pending", "Shipped", "Partially Shipped", "Refunded", "Cancelled", "Declined",
	"Awaiting Payment", "Awaiting Pickup", "Awaiting Shipment", "Completed", "Awaiting Fulfillment",
	"Manual Verification Required", "Disputed", "Partially Refunded"}

// customLabels are the labels the merchant renamed.
var customLabels = map[int]string{1: "قيد الانتظار", 10: "Completed - Testing", 11: "جاري التجهيز ⏳"}

func customLabel(id int) string {
	if l, ok := customLabels[id]; ok {
		return l
	}
	return orderLabel(id)
}

func orderLabel(id int) string {
	if id < 0 || id >= len(orderLabels) {
		return ""
	}
	return orderLabels[id]
}

var paymentStatuses = []string{"", "pending", "paid", "captured", "refunded", "void", "declined", "authorized",
	"captured", "captured", "paid", "captured", "held for review", "captured", "partially refunded"}

func (s *Store) seedOrder(i int) *Order {
	r := serverkit.NewRand(s.cfg.Seed, kindOrder, i)
	created, modified := s.orderTimes(i)
	o := &Order{
		ID: orderBase + int64(i), StatusID: i % 15, PaymentMethod: serverkit.Pick(r, []string{"Credit Card", "Cash", "mada", "Test Payment Gateway"}),
		PaymentStatus: paymentStatuses[i%15], Currency: s.cfg.Currency, ExchangeRate: "1.0000000000", ToTransaction: "1.0000000000",
		ChannelID: 1 + int64(i%channels), Source: []string{"www", "external", "manual"}[i%3], Plain: i%17 == 0, Deleted: i%37 == 9,
		IP: "203.0.113." + strconv.Itoa(i%250), CartID: uuid(serverkit.NewRand(s.cfg.Seed, kindUUID, i)), Pickup: i%31 == 8,
		CreatedAt: unix(created), ModifiedAt: unix(modified),
	}
	s.seedBuyer(o, i)
	switch {
	case i%5 == 1:
		o.Currency = "USD"
	case i%16 == 3:
		o.Currency = "KWD"
	}
	o.DisplayCurrency = o.Currency
	if o.Currency != s.cfg.Currency {
		o.ToTransaction = rateOf(o.Currency)
	}
	if i%12 == 7 && o.Currency == s.cfg.Currency {
		o.DisplayCurrency, o.ExchangeRate = "EUR", rateOf("EUR")
	}
	switch i % 14 {
	case 2:
		o.StaffNotes, o.CustomerMessage = "BIN-45 \"left\"\nخلف الباب", "اترك الطلب عند الباب 🙏"
	case 5:
		o.ExternalSource, o.ExternalID = "M-MIG", "legacy-"+strconv.Itoa(i)
	case 9:
		o.ExternalSource = "POS"
	case 11:
		o.Fee = 12_3000
	}
	s.seedLines(o, i, r)
	if i%10 == 4 {
		o.CouponCode, o.CouponDiscount = "WELCOME5", 5*Unit
	}
	s.seedProgress(o, i)
	return o
}

func (s *Store) seedBuyer(o *Order, i int) {
	p := places[i%len(places)]
	a := OrderAddress{FirstName: "Guest", LastName: "زائر", Street1: p.street, City: p.city, State: p.state, Zip: p.zip,
		Country: p.country, CountryISO2: p.iso2, Phone: "+966500000000", Email: "guest" + strconv.Itoa(i) + "@example.com"}
	if s.cfg.Customers > 0 && i%9 != 2 {
		n := i * 7 % s.cfg.Customers
		o.CustomerID = customerBase + int64(n)
		a.FirstName, a.LastName = firstNames[n%len(firstNames)], lastNames[n%len(lastNames)]
		a.Email = "buyer" + strconv.Itoa(n+1) + "@example.com"
	}
	o.Billing = a
	if i%23 == 5 || o.Pickup {
		return // nothing is shipped
	}
	for k := range 1 + btoi(i%20 == 2) {
		to := a
		to.ID, to.ShippingMethod, to.Cost = addressBase+partBase+int64(i)*partRoom+int64(k), "Flat Rate", 11_0900
		if k > 0 {
			to.FirstName, to.City = "هدية", "جدة"
		}
		o.Shipping = append(o.Shipping, to)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *Store) seedLines(o *Order, i int, r *serverkit.Rand) {
	n := 1 + r.N(4)
	if i%40 == 17 {
		n = 120 // more than an included consignment shows
	}
	if i%20 == 2 {
		n = max(n, 2)
	}
	for k := range n {
		l := LineItem{ID: lineBase + int64(i)*lineRoom + int64(k), Quantity: 1 + r.N(3), Type: "physical"}
		if s.cfg.Products > 0 {
			at := (i*13 + k*7) % s.cfg.Products
			pos := r.N(variantsOf(at))
			l.ProductID, l.VariantID = productBase+int64(at), variantID(at, pos)
			l.Name, l.SKU = s.productName(at), variantSKU(at, pos)
			l.Price, _ = toMoney(s.productPrice(at))
			if a, _ := dims(at); a > 0 {
				l.Options = []LineOption{{"Size", labels[pos%a%len(labels)]}}
			}
		}
		switch {
		case i%11 == 4 && k == 0: // the product was deleted since
			l.ProductID, l.VariantID, l.Name, l.SKU, l.Price = 7, 9_000_007, "Discontinued «قديم»", "GONE-7", 15*Unit
		case i%13 == 6 && k == 0 || l.ProductID == 0: // a custom line
			l.ProductID, l.VariantID, l.Name, l.SKU, l.Price, l.Options = 0, 0, "Custom engraving", "", 20*Unit, nil
		}
		switch {
		case len(o.Shipping) > 0:
			l.AddressID = o.Shipping[k%len(o.Shipping)].ID
		case !o.Pickup:
			l.Type = "digital"
		}
		if i%27 == 6 && k == n-1 && n > 1 {
			l = LineItem{ID: l.ID, Name: "100.00 Gift Certificate", Type: "giftcertificate", Price: 100 * Unit, Quantity: 1}
		}
		if k == 0 && i%8 == 5 {
			l.Discount = min(l.Price*int64(l.Quantity), 1_5900)
		}
		o.Lines = append(o.Lines, l)
	}
}

// seedProgress adds what happened to the order because of its status.
func (s *Store) seedProgress(o *Order, i int) {
	id := func(k int) int64 { return partBase + int64(i)*partRoom + int64(k) }
	if o.StatusID != 0 && o.StatusID != 1 && o.StatusID != 7 {
		t := Transaction{ID: id(0), Event: "purchase", Method: "credit_card", Gateway: "testgateway", Status: "ok", Amount: o.Total(), CreatedAt: o.CreatedAt}
		if o.StatusID == 6 {
			t.Status = "error"
		}
		o.Transactions = append(o.Transactions, t)
	}
	switch o.StatusID {
	case 2, 10, 3:
		s.seedShipments(o, id)
	case 4:
		f := Refund{ID: id(20), Total: o.Total(), Tax: o.totals().tax, Provider: "testgateway", CreatedAt: o.ModifiedAt,
			Items: []RefundItem{{Type: "ORDER", ID: o.ID, Amount: o.Total(), Reason: "Returned"}}}
		for k := range o.Lines {
			o.Lines[k].Refunded = o.Lines[k].Quantity
		}
		o.Refunds = append(o.Refunds, f)
	case 14:
		l := &o.Lines[0]
		amount := l.Price + taxOf(l.Price)
		l.Refunded = 1
		o.Refunds = append(o.Refunds, Refund{ID: id(20), Total: amount, Tax: taxOf(l.Price), Provider: "storecredit", Offline: true,
			Reason: "تالف \"damaged\"", CreatedAt: o.ModifiedAt,
			Items: []RefundItem{{Type: "PRODUCT", ID: l.ID, Quantity: 1, Amount: amount, Reason: "damaged"}}})
	}
	if i%6 == 1 {
		o.Messages = []Message{
			{ID: id(30), CustomerID: o.CustomerID, Subject: "متى يصل الطلب؟", Text: "Where is it? 📦", Read: i%4 == 1, CreatedAt: o.CreatedAt.Add(time.Hour)},
			{ID: id(31), StaffID: 1, CustomerID: o.CustomerID, Subject: "Re: Order", Text: "Tomorrow & thanks <3", Flagged: true, CreatedAt: o.CreatedAt.Add(2 * time.Hour)},
		}
	}
}

var parcels = []Shipment{
	{Provider: "usps", Number: "EJ958083578US", Method: "Flat Rate"},
	{Carrier: "aramex", Number: "44012345678", Comments: "شحنة"},
	{Link: "https://track.example.com/abc?x=1&y=2", Number: "ABC"},
	{Provider: "carrier_12"},
}

// seedShipments ships every line, or for status 3 only the first Unit.
func (s *Store) seedShipments(o *Order, id func(int) int64) {
	for k := range o.Shipping {
		sh := parcels[(int(o.ID)+k)%len(parcels)]
		sh.ID, sh.AddressID, sh.CreatedAt = id(10+k), o.Shipping[k].ID, o.ModifiedAt
		for n := range o.Lines {
			l := &o.Lines[n]
			if l.AddressID != sh.AddressID {
				continue
			}
			l.Shipped = l.Quantity
			if o.StatusID == 3 {
				l.Shipped = 1
			}
			sh.Items = append(sh.Items, ShipmentItem{l.ID, l.Shipped})
			if o.StatusID == 3 {
				break
			}
		}
		if len(sh.Items) > 0 {
			o.Shipments = append(o.Shipments, sh)
			o.ShippedAt = o.ModifiedAt
		}
		if o.StatusID == 3 {
			return
		}
	}
}
