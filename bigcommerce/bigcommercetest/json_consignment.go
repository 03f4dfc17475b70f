package bigcommercetest

import "strconv"

// maxConsignmentLines is how many lines an included consignment shows.
const maxConsignmentLines = 50

// consignments writes where the lines go. Without lines each is a link.
func (w *writer) consignments(k string, s *Store, o *Order, lines bool) {
	w.obj(k)
	w.arr("pickups")
	if o.Pickup {
		w.obj("")
		w.id("id", o.ID)
		w.num("pickup_method_id", 1)
		w.str("pickup_method_display_name", "استلام من الفرع")
		w.str("collection_instructions", "Bring your ID")
		w.str("collection_time_description", "9am - 6pm")
		w.raw("location", `{"id":1,"name":"Location 1","code":"BC-LOCATION-1","address_line_1":"123 Main Street","address_line_2":"",`+
			`"city":"Riyadh","state":"","postal_code":"11564","country_alpha2":"SA","email":"l1@example.com","phone":""}`)
		w.lines(s, o, lines, func(l *LineItem) bool { return l.Type == "physical" })
		w.end()
	}
	w.endArr()
	w.arr("shipping")
	for i := range o.Shipping {
		a := &o.Shipping[i]
		w.obj("")
		w.id("id", a.ID)
		w.addressFields(a)
		w.formFields(a)
		w.lines(s, o, lines, func(l *LineItem) bool { return l.AddressID == a.ID })
		w.shippingCosts(o, a, true)
		w.end()
	}
	w.endArr()
	w.arr("downloads")
	if o.digital() {
		w.obj("")
		w.str("recipient_email", o.Billing.Email)
		w.lines(s, o, lines, func(l *LineItem) bool { return l.Type == "digital" })
		w.end()
	}
	w.endArr()
	w.obj("email")
	w.arr("gift_certificates")
	gift := func(l *LineItem) bool { return l.Type == "giftcertificate" }
	for i := range o.Lines {
		if gift(&o.Lines[i]) {
			w.obj("")
			w.str("recipient_email", o.Billing.Email)
			w.lines(s, o, lines, func(l *LineItem) bool { return l == &o.Lines[i] })
			w.end()
		}
	}
	w.endArr()
	w.end()
	w.end()
}

// lines writes the lines test keeps, cut at fifty with a warning, or links.
func (w *writer) lines(s *Store, o *Order, full bool, test func(*LineItem) bool) {
	w.arr("line_items")
	n := 0
	for i := range o.Lines {
		l := &o.Lines[i]
		if !test(l) {
			continue
		}
		if n++; n > maxConsignmentLines && full {
			break
		}
		if full {
			w.lineItem(o, l, true)
		} else {
			w.link("", s, o, "products/"+strconv.FormatInt(l.ID, 10))
		}
	}
	w.endArr()
	if n > maxConsignmentLines && full {
		w.obj("__warning__")
		w.str("message", "Only 50 line items of this consignment are shown; the products of the order hold them all.")
		w.end()
	}
}

// shippingCosts ends a shipping consignment (with numbers) or a shipping
// address (with strings).
func (w *writer) shippingCosts(o *Order, a *OrderAddress, numbers bool) {
	amount := func(k string, v int64) {
		if numbers {
			w.moneyNum(k, v)
		} else {
			w.sum(o, k, v)
		}
	}
	items, shipped := 0, 0
	for i := range o.Lines {
		if o.Lines[i].AddressID == a.ID {
			items += o.Lines[i].Quantity
			shipped += o.Lines[i].Shipped
		}
	}
	w.num("items_total", items)
	w.num("items_shipped", shipped)
	w.str("shipping_method", a.ShippingMethod)
	amount("base_cost", a.Cost)
	amount("cost_ex_tax", a.Cost)
	amount("cost_inc_tax", a.Cost+taxOf(a.Cost))
	amount("cost_tax", taxOf(a.Cost))
	w.num("cost_tax_class_id", 0)
	for _, k := range []string{"base_handling_cost", "handling_cost_ex_tax", "handling_cost_inc_tax", "handling_cost_tax"} {
		amount(k, 0)
	}
	w.num("handling_cost_tax_class_id", 0)
	w.num("shipping_zone_id", 1)
	w.str("shipping_zone_name", "السعودية")
	w.obj("shipping_quotes")
	resource := "/orders/" + strconv.FormatInt(o.ID, 10) + "/shippingaddresses/" + strconv.FormatInt(a.ID, 10) + "/shippingquotes"
	w.str("url", "https://"+APIHost+"/stores/{store_hash}/v2"+resource)
	w.str("resource", resource)
	w.end()
}
