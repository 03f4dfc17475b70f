package shopifytest

import (
	"strconv"
	"time"
)

// ship sends the first n lines in the given number of parcels groups.
func (s seeder) ship(o *Order, i, n, groups int) {
	per := (n + groups - 1) / groups
	for g := range groups {
		f := Fulfillment{ID: 5_300_000_000_000 + int64(i)*8 + int64(g), Name: o.Name + "." + strconv.Itoa(g+1), Status: "SUCCESS",
			DisplayStatus: "IN_TRANSIT", CreatedAt: o.CreatedAt.Add(2 * time.Hour), UpdatedAt: o.CreatedAt.Add(3 * time.Hour),
			LocationID: locationBase}
		if i%2 == 0 {
			f.DisplayStatus, f.DeliveredAt = "DELIVERED", o.CreatedAt.Add(40*time.Hour)
		}
		number := "SM" + strconv.Itoa(100000+i*4+g)
		f.Tracking = []Tracking{{"SMSA Express", number, "https://track.example.com/" + number}}
		if i%6 == 0 { // several parcels, one without a number yet
			f.Tracking = append(f.Tracking, Tracking{"SMSA Express", number + "B", ""}, Tracking{Company: "Aramex"})
		}
		for k := g * per; k < min(n, (g+1)*per); k++ {
			l := &o.Lines[k]
			f.Lines = append(f.Lines, FulfillmentLine{ID: l.ID + 1<<50, LineID: l.ID, Quantity: l.Quantity})
			l.Unfulfilled = 0
		}
		if len(f.Lines) > 0 {
			o.Fulfillments = append(o.Fulfillments, f)
		}
	}
}

// refund gives back the first n lines (one piece of each, or all of them
// when the whole order goes back) and, on top, shipping.
func (s seeder) refund(o *Order, i, n int, total, shipping int64) {
	cur := o.PresentmentCurrency
	full := i%20 == 7
	re := Refund{ID: 960_000_000_000 + int64(i), CreatedAt: o.CreatedAt.Add(20 * time.Hour), Note: "مرتجع"}
	if limit := s.now; re.CreatedAt.After(limit) {
		re.CreatedAt = limit
	}
	sum := shipping
	for k := range n {
		l := &o.Lines[k]
		qty := 1
		if full {
			qty = l.Quantity
		}
		back := parseCents(l.DiscountedTotal.Shop) * int64(qty) / int64(l.Quantity)
		sum += back
		l.CurrentQuantity -= qty
		l.Refundable -= qty
		re.Lines = append(re.Lines, RefundLine{ID: l.ID + 1<<51, LineID: l.ID, Quantity: qty, RestockType: []string{"RETURN", "NO_RESTOCK"}[i%2],
			LocationID: locationBase * int64(1-i%2), Subtotal: money(back, cur), Tax: money(back*15/115, cur)})
	}
	if full {
		sum = total
	}
	re.Total = money(sum, cur)
	t := Transaction{ID: o.Transactions[0].ID + 1, ParentID: o.Transactions[0].ID, Kind: "REFUND", Status: "SUCCESS",
		Gateway: "mada", Amount: re.Total, CreatedAt: re.CreatedAt, Test: o.Test}
	re.Transactions = []Transaction{t}
	o.Transactions = append(o.Transactions, t)
	o.Refunds = append(o.Refunds, re)
	o.Refunded, o.CurrentTotal, o.Net = re.Total, money(total-sum, cur), money(total-sum, cur)
	o.FinancialStatus = "PARTIALLY_REFUNDED"
	if sum >= total {
		o.FinancialStatus, o.ReturnStatus = "REFUNDED", "RETURNED"
	}
}

// parseCents reads what amount wrote with two places.
func parseCents(s string) int64 {
	var n, places int64
	dot := false
	for _, c := range s {
		if c == '.' {
			dot = true
			continue
		}
		n = n*10 + int64(c-'0')
		if dot {
			places++
		}
	}
	for ; places < 2; places++ {
		n *= 10
	}
	return n
}

func (s seeder) address(i int) Address {
	a := Address{ID: 9_400_000_000_000 + int64(i)*4, FirstName: seedFirst[i%len(seedFirst)], LastName: seedLast[i%len(seedLast)],
		Address1: strconv.Itoa(i+1) + " شارع الملك فهد", City: "الرياض", Country: "Saudi Arabia", CountryCode: "SA", Zip: "12211",
		Phone: "+9665000" + strconv.Itoa(10000+i)}
	if i%5 == 3 {
		a.City, a.Province, a.ProvinceCode, a.Country, a.CountryCode, a.Zip = "Dubai", "Dubai", "DU", "United Arab Emirates", "AE", ""
	}
	if i%7 == 2 {
		a.Company, a.Address2 = "شركة \"النور\"", "Floor 3"
	}
	return a
}

var (
	seedFirst = []string{"Ahmed", "نورة", "Sara", "محمد", "O'Brien", "李", "Layla", "عبدالله", "Zoë"}
	seedLast  = []string{"Al-Qahtani", "الحربي", "Smith", "السبيعي", "García", "", "Khan"}
)

func (s seeder) customer(i int) *Customer {
	k := s.customerKey(i)
	c := &Customer{ID: k.id, CreatedAt: at(k.created), UpdatedAt: at(k.updated),
		FirstName: seedFirst[i%len(seedFirst)], LastName: seedLast[i%len(seedLast)],
		Email: "customer" + strconv.Itoa(i) + "@example.com", Phone: "+9665000" + strconv.Itoa(10000+i),
		Locale: "ar", VerifiedEmail: i%3 != 1, State: []string{"DISABLED", "ENABLED", "INVITED"}[i%3]}
	switch i % 10 {
	case 4:
		c.Email = ""
	case 6:
		c.Phone = ""
	case 8:
		c.FirstName, c.LastName = "", ""
	}
	if i%4 == 1 {
		c.Note, c.Tags = "عميل مميز ⭐", []string{"vip", "newsletter"}
	}
	if i%2 == 0 {
		c.MarketingState = "SUBSCRIBED"
	}
	for n := range i % 4 {
		a := s.address(i)
		a.ID += int64(n)
		c.Addresses = append(c.Addresses, a)
	}
	// Orders go round the customers, except those that have no customer.
	for o := i; o < s.orders; o += max(1, s.customers) {
		if o%12 != 7 {
			c.NumberOfOrders++
		}
	}
	c.AmountSpent = amount(c.NumberOfOrders*12_345, 2)
	return c
}
