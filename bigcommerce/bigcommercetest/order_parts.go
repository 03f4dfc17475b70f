package bigcommercetest

import (
	"slices"
	"strconv"
)

func listLines(c *call) {
	if o := c.order(); o != nil {
		few(c, o.Lines, maxLimit, func(w *writer, l *LineItem) { w.lineItem(o, l, false) })
	}
}

func getLine(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	id, ok := c.id(1)
	if !ok {
		return
	}
	l := o.line(id)
	if l == nil {
		c.notFound()
		return
	}
	c.ok(func(w *writer) { w.lineItem(o, l, false) })
}

func (w *writer) orderAddress(o *Order, a *OrderAddress) {
	w.obj("")
	w.id("id", a.ID)
	w.id("order_id", o.ID)
	w.addressFields(a)
	w.shippingCosts(o, a, false)
	w.formFields(a)
	w.end()
}

func listOrderAddresses(c *call) {
	if o := c.order(); o != nil {
		few(c, o.Shipping, maxLimit, func(w *writer, a *OrderAddress) { w.orderAddress(o, a) })
	}
}

// orderAndAddress finds both of the path; nil after it has answered 404.
func (c *call) orderAndAddress() (*Order, *OrderAddress) {
	o := c.order()
	if o == nil {
		return nil, nil
	}
	id, ok := c.id(1)
	if !ok {
		return nil, nil
	}
	a := o.address(id)
	if a == nil {
		c.notFound()
		return nil, nil
	}
	return o, a
}

func getOrderAddress(c *call) {
	if o, a := c.orderAndAddress(); a != nil {
		c.ok(func(w *writer) { w.orderAddress(o, a) })
	}
}

func listCoupons(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	var list []string
	if o.CouponCode != "" {
		list = []string{o.CouponCode}
	}
	few(c, list, maxLimit, func(w *writer, code *string) {
		w.obj("")
		w.id("id", o.ID)
		w.num("coupon_id", 1)
		w.id("order_id", o.ID)
		w.str("code", *code)
		if o.ID%20 == 4 {
			w.sum(o, "amount", o.CouponDiscount)
		} else {
			w.moneyNum("amount", o.CouponDiscount)
		}
		w.num("type", 2)
		w.moneyNum("discount", o.CouponDiscount)
		w.end()
	})
}

func listTaxes(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	var lines []LineItem
	for _, l := range o.Lines {
		if l.Price > 0 {
			lines = append(lines, l)
		}
	}
	few(c, lines, maxLimit, func(w *writer, l *LineItem) {
		amount := taxOf(l.Price) * int64(l.Quantity)
		w.obj("")
		w.id("id", l.ID)
		w.id("order_id", o.ID)
		w.id("order_address_id", l.AddressID)
		w.num("tax_rate_id", 1)
		w.num("tax_class_id", 0)
		w.str("name", "ضريبة القيمة المضافة")
		w.str("class", "Default Tax Class")
		w.str("rate", "15.0000")
		w.num("priority", 1)
		w.money("priority_amount", amount)
		w.money("line_amount", amount)
		if c.query.Get("details") == "true" {
			w.str("order_product_id", strconv.FormatInt(l.ID, 10))
			w.str("line_item_type", "item")
		}
		w.end()
	})
}

func listFees(c *call) {
	if o := c.order(); o != nil {
		if o.Fee == 0 {
			c.none()
			return
		}
		c.ok(func(w *writer) { w.fees("", o) })
	}
}

func listMessages(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	f := &filterReader{c: c}
	when := f.span("min_date_created", "max_date_created")
	least, most, customer, flagged := f.id("min_id"), f.id("max_id"), f.id("customer_id"), f.flag("is_flagged")
	if f.failed() {
		return
	}
	list := slices.DeleteFunc(o.Messages, func(m Message) bool {
		return m.ID < least || most != 0 && m.ID > most || customer != 0 && m.CustomerID != customer || !when.holds(m.CreatedAt.Unix()) ||
			flagged != nil && m.Flagged != *flagged || f.text("status") == "read" && !m.Read || f.text("status") == "unread" && m.Read
	})
	few(c, list, maxLimit, func(w *writer, m *Message) {
		w.obj("")
		w.id("id", m.ID)
		w.id("order_id", o.ID)
		w.id("staff_id", m.StaffID)
		w.id("customer_id", m.CustomerID)
		w.str("type", [2]string{"customer", "admin"}[btoi(m.StaffID != 0)])
		w.str("subject", m.Subject)
		w.str("message", m.Text)
		w.str("status", [2]string{"unread", "read"}[btoi(m.Read)])
		w.flag("is_flagged", m.Flagged)
		w.rfc("date_created", m.CreatedAt)
		w.raw("customer", "{}")
		w.end()
	})
}

func listConsignments(c *call) {
	include, ok := c.include([]string{"consignments.line_items"})
	if !ok {
		return
	}
	if o := c.order(); o != nil {
		c.ok(func(w *writer) { w.consignments("", c.store, o, len(include) > 0) })
	}
}

var providerNames = map[string]string{"usps": "USPS", "fedex": "FedEx", "ups": "UPS", "auspost": "Australia Post", "royalmail": "Royal Mail"}

func (w *writer) shipment(o *Order, sh *Shipment) {
	w.obj("")
	w.id("id", sh.ID)
	w.id("order_id", o.ID)
	w.id("customer_id", o.CustomerID)
	w.id("order_address_id", sh.AddressID)
	w.rfc("date_created", sh.CreatedAt)
	w.str("tracking_number", sh.Number)
	w.str("merchant_shipping_cost", "0.0000")
	w.str("shipping_method", sh.Method)
	w.str("comments", sh.Comments)
	w.str("shipping_provider", sh.Provider)
	w.str("tracking_carrier", sh.Carrier)
	w.str("tracking_link", sh.Link)
	w.address("billing_address", &o.Billing, false)
	to := o.address(sh.AddressID)
	if to == nil {
		to = &OrderAddress{}
	}
	w.address("shipping_address", to, false)
	w.arr("items")
	for _, it := range sh.Items {
		w.obj("")
		w.id("order_product_id", it.LineID)
		product := int64(0)
		if l := o.line(it.LineID); l != nil {
			product = l.ProductID
		}
		w.id("product_id", product)
		w.num("quantity", it.Quantity)
		w.end()
	}
	w.endArr()
	w.str("shipping_provider_display_name", providerNames[sh.Provider])
	link := sh.Link
	if link == "" && sh.Number != "" && (sh.Provider != "" || sh.Carrier != "") {
		link = "https://track.example.com/" + sh.Provider + sh.Carrier + "/" + sh.Number
	}
	w.str("generated_tracking_link", link)
	w.end()
}

func listShipments(c *call) {
	if o := c.order(); o != nil {
		few(c, o.Shipments, maxLimit, func(w *writer, sh *Shipment) { w.shipment(o, sh) })
	}
}

func countShipments(c *call) {
	if o := c.order(); o != nil {
		c.ok(func(w *writer) {
			w.obj("")
			w.num("count", len(o.Shipments))
			w.end()
		})
	}
}

// shipmentOf finds the shipment of the path's second argument; nil after it has
// answered 404.
func (c *call) shipmentOf(o *Order) *Shipment {
	id, ok := c.id(1)
	if !ok {
		return nil
	}
	for i := range o.Shipments {
		if o.Shipments[i].ID == id {
			return &o.Shipments[i]
		}
	}
	c.notFound()
	return nil
}

func getShipment(c *call) {
	if o := c.order(); o != nil {
		if sh := c.shipmentOf(o); sh != nil {
			c.ok(func(w *writer) { w.shipment(o, sh) })
		}
	}
}
