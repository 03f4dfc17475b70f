package woocommercetest

import (
	"html"
	"strconv"
)

func (w *writer) address(k string, a Address, withEmail, statesLast bool) {
	w.obj(k)
	w.str("first_name", a.FirstName)
	w.str("last_name", a.LastName)
	w.str("company", a.Company)
	w.str("address_1", a.Address1)
	w.str("address_2", a.Address2)
	w.str("city", a.City)
	if !statesLast {
		w.str("state", a.State)
	}
	w.str("postcode", a.Postcode)
	w.str("country", a.Country)
	if statesLast {
		w.str("state", a.State)
	}
	if withEmail {
		w.str("email", a.Email)
	}
	w.str("phone", a.Phone)
	w.end()
}

// gone says whether a line's product was deleted since, and its SKU now.
func (s *Server) lineProduct(l *LineItem) (sku string, gone bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.products.find(l.ProductID)
	switch {
	case r == nil:
		return "", true
	case r.rec == nil:
		return l.SKU, false
	case l.VariationID == 0:
		return r.rec.SKU, false
	}
	for i := range r.rec.Variations {
		if v := &r.rec.Variations[i]; v.ID == l.VariationID {
			return v.sku(r.rec), false
		}
	}
	return "", true
}

func (w *writer) lineItem(s *Server, l *LineItem, dp int) {
	sku, gone := s.lineProduct(l)
	w.obj("")
	w.num("id", l.ID)
	w.str("name", l.Name)
	w.num("product_id", l.ProductID)
	w.num("variation_id", l.VariationID)
	w.num("quantity", int64(l.Quantity))
	w.str("tax_class", "")
	w.str("subtotal", fixed(l.Subtotal, dp))
	w.str("subtotal_tax", fixed(l.SubtotalTax, dp))
	w.str("total", fixed(l.Total, dp))
	w.str("total_tax", fixed(l.TotalTax, dp))
	w.arr("taxes")
	if toCents(l.TotalTax) != 0 {
		w.obj("")
		w.num("id", 1)
		w.str("total", l.TotalTax)
		w.str("subtotal", l.SubtotalTax)
		w.end()
	}
	w.endArr()
	w.lineMeta(l.Meta)
	if gone {
		w.null("sku")
		w.null("global_unique_id")
	} else {
		w.str("sku", sku)
		w.str("global_unique_id", "")
	}
	price := 0.0
	if l.Quantity != 0 {
		total, _ := dec(l.Total).Float64()
		price = total / float64(l.Quantity)
	}
	w.float("price", price) // a number, with whatever digits the division has
	w.obj("image")
	switch {
	case l.ImageID != 0:
		w.num("id", l.ImageID)
	case l.VariationID != 0 || gone:
		w.num("id", 0)
	default:
		w.str("id", "")
	}
	w.str("src", l.ImageSrc)
	w.end()
	if l.ParentName != "" && !gone {
		w.str("parent_name", l.ParentName)
	} else {
		w.null("parent_name")
	}
	w.end()
}

func (w *writer) lineMeta(list []LineMeta) {
	w.arr("meta_data")
	for _, m := range list {
		w.obj("")
		w.num("id", m.ID)
		w.str("key", m.Key)
		w.raw("value", asPHP([]byte(m.Value)))
		w.str("display_key", m.DisplayKey)
		w.raw("display_value", asPHP([]byte(m.DisplayValue)))
		w.end()
	}
	w.endArr()
}

// lines writes an array of lines of one kind.
func lines[T any](w *writer, k string, list []T, each func(*T)) {
	w.arr(k)
	for i := range list {
		w.obj("")
		each(&list[i])
		w.end()
	}
	w.endArr()
}

func (w *writer) order(s *Server, c *call, o *Order, dp int) {
	zone := s.cfg.Location
	w.obj("")
	w.num("id", o.ID)
	w.num("parent_id", o.ParentID)
	w.str("status", o.Status)
	w.str("currency", o.Currency)
	w.str("version", o.Version)
	w.flag("prices_include_tax", false)
	w.date("date_created", o.CreatedAt, zone)
	w.date("date_modified", o.ModifiedAt, zone)
	w.str("discount_total", fixed(o.DiscountTotal, dp))
	w.str("discount_tax", fixed("0", dp))
	w.str("shipping_total", fixed(o.ShippingTotal, dp))
	w.str("shipping_tax", fixed("0", dp))
	w.str("cart_tax", fixed(o.CartTax, dp))
	w.str("total", fixed(o.Total, dp))
	w.str("total_tax", fixed(o.TotalTax, dp))
	w.num("customer_id", o.CustomerID)
	w.str("order_key", o.Key)
	w.address("billing", o.Billing, true, false)
	w.address("shipping", o.Shipping, false, false)
	w.str("payment_method", o.Method)
	w.str("payment_method_title", o.MethodTitle)
	w.str("transaction_id", o.TransactionID)
	w.str("customer_ip_address", o.IP)
	w.str("customer_user_agent", o.UserAgent)
	w.str("created_via", o.CreatedVia)
	w.str("customer_note", o.CustomerNote)
	w.date("date_completed", o.CompletedAt, zone)
	w.date("date_paid", o.PaidAt, zone)
	w.str("cart_hash", "")
	id := strconv.FormatInt(o.ID, 10)
	if o.Number != "" {
		w.str("number", o.Number)
	} else {
		w.str("number", id)
	}
	w.metas("meta_data", o.Meta, c)
	w.arr("line_items")
	for i := range o.Items {
		w.lineItem(s, &o.Items[i], dp)
	}
	w.endArr()
	w.extraLines(o, dp)
	w.arr("refunds")
	for i := len(o.Refunds) - 1; i >= 0; i-- { // newest first
		f := &o.Refunds[i]
		w.obj("")
		w.num("id", f.ID)
		w.str("reason", f.Reason)
		w.str("total", fixed(negated(f.Amount), dp))
		w.end()
	}
	w.endArr()
	w.str("payment_url", s.cfg.HomeURL+"/checkout/order-pay/"+id+"/?pay_for_order=true&key="+o.Key)
	w.flag("is_editable", o.Status == "pending" || o.Status == "on-hold" || o.Status == "checkout-draft")
	w.flag("needs_payment", (o.Status == "pending" || o.Status == "failed") && toCents(o.Total) > 0)
	w.flag("needs_processing", len(o.Items) > 0)
	w.date("date_created_gmt", o.CreatedAt, utc)
	w.date("date_modified_gmt", o.ModifiedAt, utc)
	w.date("date_completed_gmt", o.CompletedAt, utc)
	w.date("date_paid_gmt", o.PaidAt, utc)
	w.str("currency_symbol", html.UnescapeString(symbolOf(o.Currency)))
	w.selfLinks(s, "/orders", o.ID, allowAll)
	w.arr("email_templates")
	w.obj("")
	w.flag("embeddable", true)
	w.str("href", s.apiURL("/orders/"+id+"/actions/email_templates"))
	w.end()
	w.endArr()
	if o.CustomerID != 0 {
		w.link("customer", s.apiURL("/customers/"+strconv.FormatInt(o.CustomerID, 10)), "")
	}
	w.end()
	w.end()
}

func (w *writer) extraLines(o *Order, dp int) {
	lines(w, "tax_lines", o.Taxes, func(x *ExtraLine) {
		w.num("id", x.ID)
		w.str("rate_code", x.Method)
		w.num("rate_id", 1)
		w.str("label", x.Title)
		w.flag("compound", false)
		w.str("tax_total", fixed(x.Total, dp))
		w.str("shipping_tax_total", fixed(x.TotalTax, dp))
		w.float("rate_percent", dec(x.Percent).InexactFloat64())
		w.lineMeta(nil)
	})
	w.shippingLines(o.ShippingLines, dp)
	w.feeLines(o.Fees, dp)
	lines(w, "coupon_lines", o.Coupons, func(x *ExtraLine) {
		w.num("id", x.ID)
		w.str("code", x.Title)
		w.str("discount", fixed(x.Total, dp))
		w.str("discount_tax", "0")
		info := `"[375,\"` + x.Title + `\",\"percent\",` + x.Percent + `]"`
		w.lineMeta([]LineMeta{{x.ID * 8, "coupon_info", info, "coupon_info", info}})
		w.str("discount_type", x.Method)
		w.float("nominal_amount", dec(x.Percent).InexactFloat64())
		w.flag("free_shipping", false)
	})
}

func (w *writer) shippingLines(list []ExtraLine, dp int) {
	lines(w, "shipping_lines", list, func(x *ExtraLine) {
		w.num("id", x.ID)
		w.str("method_title", x.Title)
		w.str("method_id", x.Method)
		w.str("instance_id", "")
		w.str("total", fixed(x.Total, dp))
		w.str("total_tax", fixed(x.TotalTax, dp))
		w.raw("taxes", "[]")
		w.str("tax_status", "taxable")
		w.lineMeta(nil)
	})
}

func (w *writer) feeLines(list []ExtraLine, dp int) {
	lines(w, "fee_lines", list, func(x *ExtraLine) {
		w.num("id", x.ID)
		w.str("name", x.Title)
		w.str("tax_class", "")
		w.str("tax_status", "taxable")
		w.str("amount", fixed(x.Total, dp))
		w.str("total", fixed(x.Total, dp))
		w.str("total_tax", fixed(x.TotalTax, dp))
		w.raw("taxes", "[]")
		w.lineMeta(nil)
	})
}
