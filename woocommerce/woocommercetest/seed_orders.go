package woocommercetest

import (
	"fmt"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

func (s *Server) seedOrderStatus(j int) string {
	if j >= s.cfg.Orders {
		return "trash"
	}
	if j%20 == 18 && len(s.cfg.CustomStatuses) > 0 {
		return s.cfg.CustomStatuses[0]
	}
	switch j % 20 {
	case 0, 10:
		return "pending"
	case 1, 2, 7, 8, 16:
		return "processing"
	case 3:
		return "on-hold"
	case 4:
		return "cancelled"
	case 5:
		return "refunded"
	case 9:
		return "failed"
	case 19:
		return "checkout-draft"
	}
	return "completed"
}

func (s *Server) seedOrder(j int) *Order {
	r := serverkit.NewRand(s.cfg.Seed, kindOrder, j)
	k := s.orderKey(j)
	o := &Order{
		ID: k.id, Status: s.seedOrderStatus(j), Currency: s.cfg.Currency, Version: s.cfg.Version,
		Key: "wc_order_" + randomHex(r, 13), CreatedVia: "checkout", CreatedAt: fromUnix(k.created), ModifiedAt: fromUnix(k.modified),
		Method: "cod", MethodTitle: "Cash on delivery", IP: "203.0.113." + strconv.Itoa(j%250+1), UserAgent: "Mozilla/5.0",
		statusBefore: "processing", DiscountTotal: "0.00", CartTax: "0.00", TotalTax: "0.00",
	}
	if s.cfg.NumberPrefix != "" {
		o.Number = s.cfg.NumberPrefix + strconv.Itoa(1000+j)
	}
	if j%5 == 3 {
		o.Currency = s.cfg.OtherCurrency
	}
	switch j % 4 {
	case 1:
		o.Method, o.MethodTitle, o.TransactionID = "stripe", "Credit card (Stripe)", "ch_"+randomHex(r, 16)
	case 2:
		o.Method, o.MethodTitle, o.CreatedVia = "bacs", "تحويل بنكي", "rest-api"
	case 3:
		o.CreatedVia = "admin"
	}
	email := fmt.Sprintf("guest%d@example.test", j)
	if j%3 != 0 && s.cfg.Customers > 0 {
		at := j % s.cfg.Customers
		o.CustomerID = int64(at + len(staff) + 1)
		email = fmt.Sprintf("customer%d@example.test", at)
	}
	o.Billing = seedAddress(r, j, email)
	o.Shipping = o.Billing
	o.Shipping.Email = ""
	if j%7 == 2 {
		o.Shipping = Address{} // nothing to ship
	}
	if j%6 == 0 {
		o.CustomerNote = "Leave at the door — شكرا ☕ \"now\""
	}
	s.seedLines(o, r, j)
	s.seedMoments(o, j)
	s.seedRefunds(o, j)
	s.seedNotes(o, j)
	switch {
	case o.Status == "completed" && j%2 == 0: // a tracking plugin's
		o.Meta = append(o.Meta, Meta{k.id * 4, "_wc_shipment_tracking_items",
			`[{"tracking_provider":"aramex","tracking_number":"44` + strconv.Itoa(100000+j) + `","date_shipped":"` + strconv.FormatInt(k.modified, 10) + `"}]`})
	case j%9 == 1:
		o.Meta = append(o.Meta, Meta{k.id * 4, "_ext", `{"a":[1,2]}`}, Meta{k.id*4 + 1, "is_vat_exempt", `"no"`})
	}
	o.zeroAmounts()
	return o
}

// goneProduct is in lines of orders and nowhere else: a product once deleted.
func (s *Server) goneProduct() int64 { return s.cfg.FirstID - 7 }

func (s *Server) seedLines(o *Order, r *serverkit.Rand, j int) {
	if o.Status == "checkout-draft" || s.cfg.Products == 0 {
		o.ShippingTotal, o.Total = "0.00", "0.00"
		return
	}
	var sum, discount int64
	item := 1000 + int64(j)*12
	for n := range 1 + r.N(4) {
		at := r.N(s.cfg.Products)
		p := s.seedProduct(at)
		l := LineItem{ID: item, Name: p.Name, ProductID: p.ID, Quantity: 1 + r.N(4), SKU: p.SKU, SubtotalTax: "0.00", TotalTax: "0.00"}
		item++
		price := toCents(p.Price())
		switch {
		case j%17 == 6 && n == 0:
			l.ProductID, l.SKU = s.goneProduct(), ""
		case len(p.Variations) > 0:
			v := &p.Variations[r.N(len(p.Variations))]
			l.VariationID, l.ParentName, l.SKU = v.ID, p.Name, v.SKU
			price = toCents(v.price())
			for m, c := range v.Choices {
				value := string(appendText(nil, c.Option))
				l.Meta = append(l.Meta, LineMeta{l.ID*8 + int64(m), c.Slug, value, c.Name, value})
			}
			if v.Image != nil {
				l.ImageID, l.ImageSrc = v.Image.ID, v.Image.Src
			}
		case len(p.Images) > 0:
			l.ImageID, l.ImageSrc = p.Images[0].ID, p.Images[0].Src
		}
		sub := price * int64(l.Quantity)
		total := sub
		if j%8 == 2 {
			total = sub - sub/10
		}
		l.Subtotal, l.Total = cents(sub), cents(total)
		if o.StockReduced = reducesStock(o.Status); o.StockReduced && l.ProductID == p.ID && p.counts(l.VariationID) {
			q := `"` + strconv.Itoa(l.Quantity) + `"`
			l.Meta = append(l.Meta, LineMeta{l.ID*8 + 5, "_reduced_stock", q, "_reduced_stock", q})
		}
		if j%13 == 4 && n == 0 { // a plugin shows an object
			l.Meta = append(l.Meta, LineMeta{l.ID*8 + 6, "_gift", `{"to":"سارة"}`, "_gift", `{"to":"سارة"}`})
		}
		sum, discount = sum+total, discount+sub-total
		o.Items = append(o.Items, l)
	}
	if discount > 0 {
		o.DiscountTotal = cents(discount)
		o.Coupons = []ExtraLine{{ID: item, Title: "ten", Method: "percent", Total: cents(discount), Percent: "10"}}
		item++
	}
	shipping := int64(500)
	if j%7 == 2 {
		shipping = 0
	} else {
		o.ShippingLines = []ExtraLine{{ID: item, Title: "Flat rate", Method: "flat_rate", Total: "5.00", TotalTax: "0.00"}}
		item++
	}
	o.ShippingTotal = cents(shipping)
	if j%10 == 3 {
		o.Fees = []ExtraLine{{ID: item, Title: "Gift wrap 🎁", Total: "2.50", TotalTax: "0.00"}}
		item++
		sum += 250
	}
	if j%4 == 0 { // VAT on top
		tax := (sum*15 + 50) / 100
		for n := range o.Items {
			l := &o.Items[n]
			l.TotalTax, l.SubtotalTax = cents((toCents(l.Total)*15+50)/100), cents((toCents(l.Subtotal)*15+50)/100)
		}
		o.CartTax, o.TotalTax = cents(tax), cents(tax)
		o.Taxes = []ExtraLine{{ID: item, Title: "ضريبة القيمة المضافة", Method: "SA-VAT-1", Total: cents(tax), TotalTax: "0.00", Percent: "15"}}
		sum += tax
	}
	o.Total = cents(sum + shipping)
}

func (s *Server) seedMoments(o *Order, j int) {
	switch o.Status {
	case "processing", "completed", "refunded", "trash":
		o.PaidAt = o.CreatedAt.Add(time.Minute)
		if o.PaidAt.After(o.ModifiedAt) {
			o.PaidAt = o.ModifiedAt
		}
	}
	if o.Status == "completed" {
		o.CompletedAt = o.ModifiedAt
	}
}

func (s *Server) seedRefunds(o *Order, j int) {
	if o.Total == "0.00" {
		return
	}
	for n := range refundCount(j) {
		f := Refund{ID: o.ID + 1 + int64(n), Amount: "1.00", Reason: "Broken “cup” &amp; late", By: adminID, Paid: o.Method == "stripe", CreatedAt: o.ModifiedAt}
		switch {
		case o.Status == "refunded":
			f.Amount, f.Reason = o.Total, ""
		case n == 0 && len(o.Items) > 0:
			l := o.Items[0]
			part := toCents(l.Total) / int64(l.Quantity)
			f.Amount = cents(part)
			f.Lines = []LineItem{{
				ID: 1000 + int64(j)*12 + 11, Name: l.Name, ProductID: l.ProductID, VariationID: l.VariationID, Quantity: -1, SKU: l.SKU, ParentName: l.ParentName,
				Subtotal: cents(-part), Total: cents(-part), SubtotalTax: "0.00", TotalTax: "0.00",
				Meta: []LineMeta{{o.ID*8 + 7, "_refunded_item_id", `"` + strconv.FormatInt(l.ID, 10) + `"`, "_refunded_item_id", `"` + strconv.FormatInt(l.ID, 10) + `"`}},
			}}
		}
		o.Refunds = append(o.Refunds, f)
	}
}

func (s *Server) seedNotes(o *Order, j int) {
	at := 5000 + int64(j)*4
	o.Notes = append(o.Notes, Note{at, "WooCommerce", "Order status changed from Pending payment to " + s.statusName(o.Status) + ".", false, o.CreatedAt})
	if o.StockReduced {
		o.Notes = append(o.Notes, Note{at + 1, "WooCommerce", "Stock levels reduced: " + o.Items[0].Name + " (4&rarr;2)", false, o.CreatedAt})
	}
	if j%4 == 1 {
		o.Notes = append(o.Notes, Note{at + 2, "admin", "سيتم الشحن غدا <b>إن شاء الله</b>", true, o.ModifiedAt})
	}
}

// toCents reads an amount of seeded records, down to hundredths.
func toCents(s string) int64 { return dec(s).Shift(2).Round(0).IntPart() }
