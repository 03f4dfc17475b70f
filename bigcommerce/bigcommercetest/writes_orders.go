package bigcommercetest

import (
	"net/http"
	"slices"
	"strings"
)

const orderMembers = `status_id customer_id staff_notes customer_message external_order_id billing_address products consignments
	shipping_addresses fees payment_method channel_id date_created default_currency_code discount_amount order_source ebay_order_id
	external_id external_merchant_id external_source geoip_country geoip_country_iso2 handling_cost_ex_tax handling_cost_inc_tax
	ip_address items_shipped items_total order_is_digital payment_provider_id refunded_amount shipping_cost_ex_tax
	shipping_cost_inc_tax subtotal_ex_tax subtotal_inc_tax tax_provider_id customer_locale total_ex_tax total_inc_tax
	wrapping_cost_ex_tax wrapping_cost_inc_tax base_handling_cost base_shipping_cost base_wrapping_cost credit_card_type is_deleted`

// readOnly are members of an order that cannot be written.
var readOnly = strings.Fields(`id date_modified date_shipped status custom_status payment_status currency_code total_tax coupons`)

// orderInput decodes an order and checks what can be checked; false after it
// has answered.
func (c *call) orderInput() (input, bool) {
	in, ok := c.input(orderMembers + " " + strings.Join(readOnly, " "))
	if !ok {
		return nil, false
	}
	for _, name := range readOnly {
		if _, there := in[name]; there {
			c.fail(http.StatusBadRequest, "The field '"+name+"' cannot be written to. Please remove it from your request before trying again.")
			return nil, false
		}
	}
	if in.has("status_id") {
		if id, ok := in.integer("status_id"); !ok || id < 0 || id >= int64(len(orderLabels)) {
			c.invalid("The field 'status_id' is invalid.", "status_id", "The status does not exist.")
			return nil, false
		}
	}
	return in, true
}

// fill copies the members that are there. Prices of lines are not recomputed.
func (o *Order) fill(in input) {
	in.set(map[string]*string{"staff_notes": &o.StaffNotes, "customer_message": &o.CustomerMessage,
		"external_order_id": &o.ExternalID, "payment_method": &o.PaymentMethod, "external_source": &o.ExternalSource})
	if n, ok := in.integer("status_id"); ok {
		o.StatusID = int(n)
	}
	if n, ok := in.integer("customer_id"); ok {
		o.CustomerID = n
	}
	if n, ok := in.integer("channel_id"); ok {
		o.ChannelID = n
	}
	if in.has("is_deleted") {
		o.Deleted = in.flag("is_deleted")
	}
	if a := in.object("billing_address"); a != nil {
		o.Billing.fill(a)
	}
	if in.has("fees") { // what is not there is deleted; this server adds the others up
		o.Fee = 0
		for _, fee := range in.list("fees") {
			n, _ := toMoney(fee.text("cost_ex_tax"))
			o.Fee += n
		}
	}
}

func (a *OrderAddress) fill(in input) {
	in.set(map[string]*string{"first_name": &a.FirstName, "last_name": &a.LastName, "company": &a.Company, "street_1": &a.Street1,
		"street_2": &a.Street2, "city": &a.City, "state": &a.State, "zip": &a.Zip, "country": &a.Country,
		"country_iso2": &a.CountryISO2, "phone": &a.Phone, "email": &a.Email, "shipping_method": &a.ShippingMethod})
}

// alterOrder changes an order or a part of it, with its effect and events.
func (c *call) alterOrder(kind string, part, id int64, change func(*Order) bool) outcome {
	s := c.store
	now := s.stamp()
	var before, after int
	result := alter(s.orders, id, change, func(o *Order) {
		o.ID, o.ModifiedAt = id, now
		s.fillOrder(o)
	}, func(old, now *Order) { before, after = old.StatusID, now.StatusID })
	if result == changed {
		c.effect(kind, part)
		s.fire("store/order/updated", orderEvent(id))
		if before != after {
			s.fire("store/order/statusUpdated", statusEvent(id, before, after))
		}
	}
	return result
}

func updateOrder(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	in, ok := c.orderInput()
	if !ok {
		return
	}
	if problem := c.store.fillLines(o, in); problem != "" { // on a copy
		c.fail(http.StatusBadRequest, problem)
		return
	}
	var back []LineItem
	c.alterOrder("order", o.ID, o.ID, func(to *Order) bool {
		to.fill(in)
		_ = c.store.fillLines(to, in) // just tried
		if c.store.cfg.RestockOrders && !to.Restocked && (to.StatusID == 4 || to.StatusID == 5) && in.has("status_id") {
			to.Restocked, back = true, to.Lines
		}
		return true
	})
	c.moveStock(back, 1)
	if o = c.store.orders.get(o.ID); o == nil {
		c.notFound()
		return
	}
	c.oneOrder(http.StatusOK, o, nil)
}

func createOrder(c *call) {
	in, ok := c.orderInput()
	if !ok {
		return
	}
	lines := in.list("products")
	if len(lines) == 0 || in.object("billing_address") == nil {
		c.fail(http.StatusBadRequest, "The fields 'products' and 'billing_address' are required.")
		return
	}
	o := Order{StatusID: 1, PaymentStatus: "pending"}
	o.fill(in)
	for _, a := range in.list("shipping_addresses") {
		to := OrderAddress{}
		to.fill(a)
		o.Shipping = append(o.Shipping, to)
	}
	if len(o.Shipping) == 0 {
		o.Shipping = []OrderAddress{o.Billing}
	}
	for _, l := range lines {
		line, problem := c.store.newLine(l)
		if problem != "" {
			c.fail(http.StatusBadRequest, problem)
			return
		}
		o.Lines = append(o.Lines, line)
	}
	done := c.store.AddOrder(o)
	c.effect("order", done.ID)
	c.oneOrder(http.StatusOK, done, nil)
}

func archiveOrder(c *call) {
	if o := c.order(); o != nil {
		c.archive(o.ID)
		c.none()
	}
}

func (c *call) archive(id int64) {
	s := c.store
	now := s.stamp()
	if alter(s.orders, id, func(o *Order) bool { o.Deleted = true; return true }, func(o *Order) { o.ModifiedAt = now }, nil) == changed {
		c.effect("order", id)
		s.fire("store/order/archived", orderEvent(id))
	}
}

func archiveAll(c *call) {
	c.violation("archives every order of the store")
	for _, o := range c.store.orders.all() {
		c.archive(o.ID)
	}
	c.none()
}

// updateOrderAddress changes where a part of an order goes.
func updateOrderAddress(c *call) {
	o, a := c.orderAndAddress()
	if a == nil {
		return
	}
	in, ok := c.input(strings.Join(addressNames, " "))
	if !ok {
		return
	}
	for name := range in {
		if !slices.Contains(addressNames, name) {
			f := InvalidV2("The field '" + name + "' cannot be written to. Please remove it from your request before trying again.")
			f.answer(c) // whose body says 404
			return
		}
	}
	c.alterOrder("order", o.ID, o.ID, func(to *Order) bool {
		now := to.address(a.ID)
		if now != nil {
			now.fill(in)
		}
		return now != nil
	})
	a.fill(in)
	c.ok(func(w *writer) { w.orderAddress(o, a) })
}

var addressNames = strings.Fields(`first_name last_name company street_1 street_2 city state zip country country_iso2 phone email
	shipping_method form_fields`)
