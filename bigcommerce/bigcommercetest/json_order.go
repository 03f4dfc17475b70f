package bigcommercetest

import (
	"slices"
	"strconv"
)

// sum writes an amount as the order's age has it: four decimals, or in old
// orders as few as will do.
func (w *writer) sum(o *Order, k string, v int64) {
	if !o.Plain {
		w.money(k, v)
		return
	}
	b := writer{}
	b.moneyNum("", v)
	w.str(k, string(b.b))
}

// order writes an order with links, or with what include names.
func (w *writer) order(k string, s *Store, o *Order, include []string) {
	t := o.totals()
	w.obj(k)
	w.id("id", o.ID)
	w.id("customer_id", o.CustomerID)
	w.rfc("date_created", o.CreatedAt)
	w.rfc("date_modified", o.ModifiedAt)
	w.rfc("date_shipped", o.ShippedAt)
	w.num("status_id", o.StatusID)
	w.str("status", orderLabel(o.StatusID))
	w.sum(o, "subtotal_ex_tax", t.subEx)
	w.sum(o, "subtotal_inc_tax", t.subEx+t.subTax)
	w.sum(o, "subtotal_tax", t.subTax)
	w.sum(o, "base_shipping_cost", t.shipEx)
	w.sum(o, "shipping_cost_ex_tax", t.shipEx)
	w.sum(o, "shipping_cost_inc_tax", t.shipEx+t.shipTax)
	w.sum(o, "shipping_cost_tax", t.shipTax)
	w.num("shipping_cost_tax_class_id", 0)
	for _, kind := range []string{"handling", "wrapping"} {
		w.sum(o, "base_"+kind+"_cost", 0)
		w.sum(o, kind+"_cost_ex_tax", 0)
		w.sum(o, kind+"_cost_inc_tax", 0)
		w.sum(o, kind+"_cost_tax", 0)
		w.num(kind+"_cost_tax_class_id", 0)
	}
	w.sum(o, "total_ex_tax", t.totalEx)
	w.sum(o, "total_inc_tax", t.totalEx+t.tax)
	w.sum(o, "total_tax", t.tax)
	w.flag("is_tax_inclusive_pricing", false)
	w.num("items_total", t.items)
	w.num("items_shipped", t.shipped)
	w.str("payment_method", o.PaymentMethod)
	if o.ID%9 == 3 {
		w.null("payment_provider_id")
	} else {
		w.str("payment_provider_id", "")
	}
	w.str("payment_status", o.PaymentStatus)
	w.sum(o, "refunded_amount", 0) // always: the refunds are in V3
	w.flag("order_is_digital", o.digital())
	w.sum(o, "store_credit_amount", 0)
	w.sum(o, "gift_certificate_amount", 0)
	w.str("ip_address", o.IP)
	w.str("ip_address_v6", "")
	w.str("geoip_country", "Saudi Arabia")
	w.str("geoip_country_iso2", "SA")
	w.num("currency_id", s.currencyID(o.DisplayCurrency))
	w.str("currency_code", o.DisplayCurrency)
	w.str("currency_exchange_rate", o.ExchangeRate)
	w.num("default_currency_id", s.currencyID(o.Currency))
	w.str("default_currency_code", o.Currency)
	w.str("staff_notes", o.StaffNotes)
	w.str("customer_message", o.CustomerMessage)
	w.sum(o, "discount_amount", 0)
	w.sum(o, "coupon_discount", o.CouponDiscount)
	w.num("shipping_address_count", len(o.Shipping))
	w.flag("is_deleted", o.Deleted)
	w.str("ebay_order_id", "0")
	w.str("cart_id", o.CartID)
	w.address("billing_address", &o.Billing, true)
	w.flag("is_email_opt_in", false)
	w.raw("credit_card_type", [2]string{"null", "{}"}[btoi(o.Plain)])
	w.str("order_source", o.Source)
	w.id("channel_id", o.ChannelID)
	w.strOrNull("external_source", o.ExternalSource)
	if slices.ContainsFunc(include, func(v string) bool { return v != "fees" }) {
		w.consignments("consignments", s, o, slices.Contains(include, "consignments.line_items"))
	} else {
		w.link("consignments", s, o, "consignments")
	}
	w.link("products", s, o, "products")
	w.link("shipping_addresses", s, o, "shippingaddresses") // misspelt by the platform
	w.link("coupons", s, o, "coupons")
	if slices.Contains(include, "fees") {
		w.fees("fees", o)
	} else {
		w.link("fees", s, o, "fees")
	}
	w.null("external_id")
	w.null("external_merchant_id")
	w.str("tax_provider_id", "BasicTaxProvider")
	w.str("store_default_currency_code", [2]string{s.cfg.Currency, ""}[btoi(o.ID%10 == 8)])
	w.str("store_default_to_transactional_exchange_rate", o.ToTransaction)
	w.str("custom_status", customLabel(o.StatusID))
	w.str("customer_locale", "en")
	w.str("external_order_id", o.ExternalID)
	w.end()
}

func (w *writer) link(k string, s *Store, o *Order, part string) {
	resource := "/orders/" + strconv.FormatInt(o.ID, 10) + "/" + part
	w.obj(k)
	w.str("url", s.StoreURL()+"/v2"+resource)
	w.str("resource", resource)
	w.end()
}

// address writes an address; form_fields is null, empty or filled.
func (w *writer) address(k string, a *OrderAddress, form bool) {
	w.obj(k)
	w.addressFields(a)
	if form {
		w.formFields(a)
	}
	w.end()
}

func (w *writer) addressFields(a *OrderAddress) {
	w.str("first_name", a.FirstName)
	w.str("last_name", a.LastName)
	w.str("company", a.Company)
	w.str("street_1", a.Street1)
	w.str("street_2", a.Street2)
	w.str("city", a.City)
	w.str("state", a.State)
	w.str("zip", a.Zip)
	w.str("country", a.Country)
	w.str("country_iso2", a.CountryISO2)
	w.str("phone", a.Phone)
	w.str("email", a.Email)
}

func (w *writer) formFields(a *OrderAddress) {
	switch len(a.Email) % 3 {
	case 0:
		w.null("form_fields")
	case 1:
		w.raw("form_fields", "[]")
	default:
		w.raw("form_fields", `[{"name":"Delivery Instructions","value":"Leave in backyard"},{"name":"Floor","value":3}]`)
	}
}

func (w *writer) fees(k string, o *Order) {
	w.arr(k)
	if o.Fee != 0 {
		w.obj("")
		w.id("id", o.ID)
		w.str("type", "custom_fee")
		w.str("display_name_customer", "رسوم خدمة")
		w.str("display_name_merchant", "A Fee")
		w.str("source", "AA")
		for _, name := range []string{"base_cost", "cost_ex_tax", "cost_inc_tax"} {
			if o.ID%4 == 3 {
				w.sum(o, name, o.Fee)
			} else {
				w.moneyNum(name, o.Fee)
			}
		}
		w.str("cost_tax", "0.0000")
		w.null("tax_class_id")
		w.end()
	}
	w.endArr()
}

// lineItem writes an order product. In consignments the amounts are numbers.
func (w *writer) lineItem(o *Order, l *LineItem, numbers bool) {
	amount := func(k string, v int64) {
		if numbers {
			w.moneyNum(k, v)
		} else {
			w.sum(o, k, v)
		}
	}
	n, tax := int64(l.Quantity), taxOf(l.Price)
	w.obj("")
	w.id("id", l.ID)
	w.id("order_id", o.ID)
	w.id("product_id", l.ProductID)
	w.id("variant_id", l.VariantID)
	w.id("order_pickup_method_id", int64(btoi(o.Pickup)))
	w.id("order_address_id", l.AddressID)
	w.str("name", l.Name)
	w.str("name_customer", l.Name)
	w.str("name_merchant", l.Name)
	w.str("sku", l.SKU)
	w.str("upc", "")
	w.str("type", l.Type)
	amount("base_price", l.Price)
	amount("price_ex_tax", l.Price)
	amount("price_inc_tax", l.Price+tax)
	amount("price_tax", tax)
	amount("base_total", l.Price*n)
	amount("total_ex_tax", l.Price*n)
	amount("total_inc_tax", (l.Price+tax)*n)
	amount("total_tax", tax*n)
	if l.ID%3 == 0 {
		w.num("weight", 1)
	} else {
		w.str("weight", "1.0000")
	}
	for _, name := range []string{"width", "height", "depth"} {
		w.str(name, "0.0000")
	}
	w.num("quantity", l.Quantity)
	for _, name := range []string{"base_cost_price", "cost_price_inc_tax", "cost_price_ex_tax", "cost_price_tax"} {
		amount(name, 0)
	}
	w.flag("is_refunded", l.Refunded == l.Quantity)
	w.num("quantity_refunded", l.Refunded)
	amount("refund_amount", (l.Price+tax)*int64(l.Refunded))
	w.num("return_id", 0)
	w.num("wrapping_id", 0)
	w.str("wrapping_name", "")
	if l.ID%2 == 0 {
		amount("base_wrapping_cost", 0)
	} else {
		w.num("base_wrapping_cost", 0)
	}
	for _, name := range []string{"wrapping_cost_ex_tax", "wrapping_cost_inc_tax", "wrapping_cost_tax"} {
		amount(name, 0)
	}
	w.str("wrapping_message", "")
	w.num("quantity_shipped", l.Shipped)
	w.null("event_name")
	w.null("event_date")
	amount("fixed_shipping_cost", 0)
	w.str("ebay_item_id", "")
	w.str("ebay_transaction_id", "")
	w.null("option_set_id")
	w.null("parent_order_product_id")
	w.flag("is_bundled_product", false)
	w.str("bin_picking_number", "")
	w.null("external_id")
	w.str("brand", "Acme")
	w.arr("applied_discounts")
	if l.Discount != 0 {
		w.obj("")
		w.str("id", "manual-discount")
		amount("amount", l.Discount)
		w.str("name", "خصم يدوي")
		w.null("code")
		w.str("target", "order")
		w.end()
	}
	w.endArr()
	w.arr("product_options")
	for i, opt := range l.Options {
		w.lineOption(l, i, opt)
	}
	w.endArr()
	w.raw("configurable_fields", "[]")
	w.null("gift_certificate_id")
	amount("discounted_total_inc_tax", (l.Price+tax)*n-l.Discount)
	w.end()
}

func (w *writer) lineOption(l *LineItem, i int, opt LineOption) {
	w.obj("")
	w.id("id", l.ID*10+int64(i))
	w.num("option_id", 18+i)
	w.id("order_product_id", l.ID)
	w.num("product_option_id", 120+i)
	for _, suffix := range []string{"", "_customer", "_merchant"} {
		w.str("display_name"+suffix, opt.Name)
		w.str("display_value"+suffix, opt.Value)
	}
	w.str("value", strconv.Itoa(69+i))
	w.str("type", "Multiple choice")
	w.str("name", opt.Name+"1")
	w.str("display_style", "")
	w.end()
}
