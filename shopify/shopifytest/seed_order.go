package shopifytest

import (
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

func (s seeder) lineCount(i int) int {
	switch i {
	case 5:
		return 260
	case 9:
		return 60
	case 12:
		return 80
	}
	return 1 + s.rnd(8, i).N(5)
}

// presentment is the shopper's currency of order i.
func (s seeder) presentment(i int) string {
	switch i % 8 {
	case 2:
		return "USD"
	case 5:
		return "AED"
	case 7:
		return "KWD"
	}
	return s.currency
}

func (s seeder) order(i int) *Order {
	k := s.orderKey(i)
	r := s.rnd(9, i)
	o := &Order{
		ID: k.id, Number: 1001 + i, Name: "#" + strconv.Itoa(1001+i), CreatedAt: at(k.created), UpdatedAt: at(k.updated),
		ProcessedAt: at(k.created), SourceName: "web", Currency: s.currency, PresentmentCurrency: s.presentment(i),
		TaxesIncluded: true, ConfirmationNumber: "C" + strconv.FormatInt(k.id%1_000_000_007, 36),
		Gateways: []string{"mada"}, FinancialStatus: "PAID", Test: i%33 == 32,
	}
	if c := i % 12; c != 7 && s.customers > 0 {
		n := i % s.customers
		o.CustomerID = s.customerID(n)
		o.Email = "customer" + strconv.Itoa(n) + "@example.com"
		a := s.address(n)
		o.Shipping, o.Billing = &a, &a
		if c == 3 {
			o.Shipping = nil
		}
	}
	if i%4 == 1 {
		o.Note = "اتصل قبل التوصيل\n\"Ring twice\" 🔔"
	}
	if i%5 == 0 {
		o.Tags = []string{"vip", "رمضان"}
	}
	if i%6 == 3 {
		v := "نعم 👍"
		o.Attributes = []Attribute{{"gift_wrap", &v}, {"empty", nil}}
	}
	if i%14 == 9 {
		o.PONumber = "PO-" + strconv.Itoa(i)
	}
	if i%6 == 1 {
		o.DiscountCodes = []string{"RAMADAN10"}
	}
	s.fillLines(o, i, r)
	s.fillProgress(o, i)
	return o
}

// sums gathers hundredths while lines are made.
type sums struct{ gross, net, tax, discount int64 }

func (s seeder) fillLines(o *Order, i int, r *serverkit.Rand) {
	cur := o.PresentmentCurrency
	var sum sums
	o.Lines = make([]LineItem, s.lineCount(i))
	for n := range o.Lines {
		l := &o.Lines[n]
		pi := 0
		if s.products > 0 {
			pi = r.N(s.products)
		}
		j := r.N(s.variantCount(pi))
		*l = LineItem{ID: o.ID*4 + int64(n)<<32, Title: "Line " + strconv.Itoa(n+1) + " قهوة", SKU: "SKU-" + strconv.Itoa(pi) + "-" + strconv.Itoa(j+1),
			Vendor: serverkit.Pick(r, seedVendors), Quantity: 1 + r.N(3), RequiresShipping: true, Taxable: true,
			ProductID: s.productID(pi), VariantID: s.variantID(pi, j), VariantTitle: "M"}
		l.ID = 14_000_000_000_000 + int64(i)*512 + int64(n)
		switch {
		case n == 0 && i%11 == 3:
			l.ProductID, l.VariantID, l.SKU, l.VariantTitle = 0, 0, "", ""
		case n == 0 && i%17 == 6:
			l.GiftCard, l.RequiresShipping, l.Taxable, l.Title = true, false, false, "Gift card بطاقة هدية"
		case i%23 == 10:
			l.RequiresShipping = false
		}
		if n == 0 && i%9 == 4 {
			v := "نقش: \"أحمد\""
			l.Attributes = []Attribute{{"engraving", &v}}
		}
		unit := s.price(pi, j)
		if i%29 == 2 {
			unit = 0
		}
		gross := unit * int64(l.Quantity)
		off := int64(0)
		if len(o.DiscountCodes) > 0 {
			off = gross / 10
			l.TotalDiscount = money(off, cur)
		}
		tax := int64(0)
		if l.Taxable {
			tax = (gross - off) * 15 / 115
			l.TaxLines = []TaxLine{{"VAT", 0.15, money(tax, cur)}}
		}
		l.CurrentQuantity, l.Unfulfilled, l.Refundable = l.Quantity, l.Quantity, l.Quantity
		l.OriginalUnit, l.DiscountedUnit = money(unit, cur), money((gross-off)/int64(l.Quantity), cur)
		l.OriginalTotal, l.DiscountedTotal = money(gross, cur), money(gross-off, cur)
		sum.gross, sum.net, sum.tax, sum.discount = sum.gross+gross, sum.net+gross-off, sum.tax+tax, sum.discount+off
	}
	s.fillTotals(o, i, sum)
}

func (s seeder) fillTotals(o *Order, i int, sum sums) {
	cur := o.PresentmentCurrency
	ship := int64(0)
	if i%3 != 2 && sum.net > 0 {
		ship = 2500
	}
	if i%23 != 10 {
		o.ShippingLines = []ShippingLine{{ID: 4_800_000_000_000 + int64(i), Title: "SMSA Express سمسا", Code: "SMSA", Source: "shopify",
			Original: money(ship, cur), Discounted: money(ship, cur)}}
	}
	total := sum.net + ship
	o.Subtotal, o.CurrentSubtotal = money(sum.net, cur), money(sum.net, cur)
	o.Total, o.CurrentTotal = money(total, cur), money(total, cur)
	o.Tax, o.CurrentTax = money(sum.tax, cur), money(sum.tax, cur)
	o.Discounts, o.CurrentDiscounts = money(sum.discount, cur), money(sum.discount, cur)
	o.ShippingTotal, o.Refunded, o.Outstanding = money(ship, cur), money(0, cur), money(0, cur)
	o.Received, o.Net = o.Total, o.Total
	o.TaxLines = []TaxLine{{"VAT", 0.15, o.Tax}}
	if total == 0 {
		o.FinancialStatus, o.Gateways = "", nil
		return
	}
	o.Transactions = []Transaction{{ID: 6_500_000_000_000 + int64(i)*4, Kind: "SALE", Status: "SUCCESS", Gateway: "mada",
		Amount: o.Total, CreatedAt: o.CreatedAt, Test: o.Test}}
	switch {
	case i%18 == 14:
		o.FinancialStatus, o.Gateways = "PENDING", []string{"cash_on_delivery"}
		o.Transactions[0].Status, o.Transactions[0].Gateway = "PENDING", "cash_on_delivery"
		o.Outstanding, o.Received, o.Net = o.Total, money(0, cur), money(0, cur)
	case i%26 == 16:
		o.FinancialStatus, o.Transactions[0].Kind = "AUTHORIZED", "AUTHORIZATION"
	case i%20 == 7:
		s.refund(o, i, len(o.Lines), total, ship)
	case i%10 == 4:
		s.refund(o, i, 1, total, 0)
	}
}

func (s seeder) fillProgress(o *Order, i int) {
	switch {
	case i%15 == 8:
		o.CancelledAt, o.ClosedAt = o.CreatedAt.Add(30*time.Minute), o.CreatedAt.Add(30*time.Minute)
		o.CancelReason, o.CancelNote = "CUSTOMER", "ألغى العميل"
	case i%23 == 10:
		o.FulfillmentStatus = "FULFILLMENT_NOT_REQUIRED"
	case i%7 == 1:
		s.ship(o, i, (len(o.Lines)+1)/2, 1)
		o.FulfillmentStatus = "PARTIALLY_FULFILLED"
		if len(o.Lines) == 1 {
			o.FulfillmentStatus = "FULFILLED"
		}
	case i%3 == 0:
		s.ship(o, i, len(o.Lines), 1+i%2)
		o.FulfillmentStatus = "FULFILLED"
		o.ClosedAt = o.CreatedAt.Add(48 * time.Hour)
		if now := s.now; o.ClosedAt.After(now) {
			o.ClosedAt = time.Time{}
		}
	}
}
