package bigcommercetest

import (
	"net/http"
	"strings"
	"time"
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
}

func (a *OrderAddress) fill(in input) {
	in.set(map[string]*string{"first_name": &a.FirstName, "last_name": &a.LastName, "company": &a.Company, "street_1": &a.Street1,
		"street_2": &a.Street2, "city": &a.City, "state": &a.State, "zip": &a.Zip, "country": &a.Country,
		"country_iso2": &a.CountryISO2, "phone": &a.Phone, "email": &a.Email, "shipping_method": &a.ShippingMethod})
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
	if in.has("products") {
		c.violation("writing the products of an order clears their discounts; this server leaves them alone")
	}
	if c.store.UpdateOrder(o.ID, func(to *Order) { to.fill(in) }) != nil {
		c.notFound()
		return
	}
	if o = c.store.orders.get(o.ID); o != nil {
		c.oneOrder(http.StatusOK, o, nil)
	}
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
	c.oneOrder(http.StatusOK, c.store.AddOrder(o), nil)
}

func (s *Store) newLine(in input) (LineItem, string) {
	l := LineItem{Quantity: 1, Name: in.text("name"), SKU: in.text("sku"), Type: "physical"}
	if n, ok := in.integer("quantity"); ok {
		l.Quantity = int(n)
	}
	if in.has("price_ex_tax") != in.has("price_inc_tax") {
		return l, "Both price_ex_tax and price_inc_tax are needed, or neither."
	}
	if id, ok := in.integer("product_id"); ok {
		p := s.products.get(id)
		if p == nil {
			return l, "The product " + in.text("product_id") + " does not exist."
		}
		v := &p.Variants[0]
		if id, ok := in.integer("variant_id"); ok {
			if v = p.variant(id); v == nil {
				return l, "The variant " + in.text("variant_id") + " does not exist."
			}
		}
		l.ProductID, l.VariantID, l.Type = p.ID, v.ID, p.Type
		orText(&l.Name, p.Name)
		orText(&l.SKU, v.SKU)
		l.Price, _ = toMoney(p.calculated())
	}
	if in.has("price_ex_tax") {
		l.Price, _ = toMoney(in.text("price_ex_tax"))
	}
	return l, ""
}

func archiveOrder(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	if !c.store.archive(id) {
		c.notFound()
		return
	}
	c.none()
}

func (s *Store) archive(id int64) bool {
	now := s.stamp()
	found := s.orders.update(id, func(o *Order) { o.Deleted, o.ModifiedAt = true, now }, nil)
	if found {
		s.fire("store/order/archived", orderEvent(id))
	}
	return found
}

func archiveAll(c *call) {
	c.violation("archives every order of the store")
	for _, o := range c.store.orders.all() {
		c.store.archive(o.ID)
	}
	c.none()
}

const shipmentMembers = `order_address_id items tracking_number tracking_carrier tracking_link shipping_provider shipping_method
	merchant_shipping_cost comments`

var providers = strings.Fields("auspost canadapost endicia usps fedex royalmail ups upsready upsonline shipperhq")

func (c *call) shipmentInput(sh *Shipment) (input, bool) {
	in, ok := c.input(shipmentMembers)
	if !ok {
		return nil, false
	}
	in.set(map[string]*string{"tracking_number": &sh.Number, "tracking_carrier": &sh.Carrier, "tracking_link": &sh.Link,
		"shipping_provider": &sh.Provider, "shipping_method": &sh.Method, "comments": &sh.Comments})
	ok = sh.Provider == "" || strings.HasPrefix(sh.Provider, "carrier_")
	for _, p := range providers {
		ok = ok || p == sh.Provider
	}
	if !ok {
		c.invalid("The field 'shipping_provider' is invalid.", "shipping_provider", "Unknown provider "+sh.Provider)
	}
	return in, ok
}

// createShipment ships lines of one address. The order's status follows: the
// documents imply it without the exact rule, so it is Shipped when every
// physical line is, else Partially Shipped.
func createShipment(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	sh := Shipment{CreatedAt: c.store.stamp()}
	in, ok := c.shipmentInput(&sh)
	if !ok {
		return
	}
	sh.AddressID, _ = in.integer("order_address_id")
	if o.address(sh.AddressID) == nil {
		c.invalid("The field 'order_address_id' is invalid.", "order_address_id", "The address is not of this order.")
		return
	}
	for _, item := range in.list("items") {
		id, _ := item.integer("order_product_id")
		n, _ := item.integer("quantity")
		l := o.line(id)
		if l == nil || n < 1 || l.AddressID != sh.AddressID || l.Shipped+int(n) > l.Quantity {
			c.invalid("The field 'items' is invalid.", "items", "The quantity of a product exceeds what can be shipped to this address.")
			return
		}
		l.Shipped += int(n)
		sh.Items = append(sh.Items, ShipmentItem{id, int(n)})
	}
	if len(sh.Items) == 0 {
		c.invalid("The field 'items' is invalid.", "items", "At least one item is required.")
		return
	}
	sh.ID = c.store.partID()
	_ = c.store.UpdateOrder(o.ID, func(to *Order) { // just found
		to.Shipments = append(to.Shipments, sh)
		to.ShippedAt = sh.CreatedAt
		to.StatusID = 2
		for _, it := range sh.Items {
			if l := to.line(it.LineID); l != nil {
				l.Shipped += it.Quantity
			}
		}
		for i := range to.Lines {
			if l := &to.Lines[i]; l.Type == "physical" && l.Shipped < l.Quantity {
				to.StatusID = 3
			}
		}
	})
	c.store.fire("store/shipment/created", shipmentEvent(o.ID, sh.ID))
	c.answer(http.StatusCreated, func(w *writer) { w.shipment(o, &sh) })
}

func updateShipment(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	sh := c.shipmentOf(o)
	if sh == nil {
		return
	}
	in, ok := c.shipmentInput(sh)
	if !ok {
		return
	}
	if in.has("items") {
		c.violation("the items of a shipment cannot be changed")
		c.fail(http.StatusBadRequest, "The field 'items' cannot be written to. Please remove it from your request before trying again.")
		return
	}
	_ = c.store.UpdateOrder(o.ID, func(to *Order) { // just found
		for i := range to.Shipments {
			if to.Shipments[i].ID == sh.ID {
				to.Shipments[i] = *sh
			}
		}
	})
	c.store.fire("store/shipment/updated", shipmentEvent(o.ID, sh.ID))
	c.ok(func(w *writer) { w.shipment(o, sh) })
}

// unship takes shipments away; the order stays in its status.
func (c *call) unship(o *Order, gone func(*Shipment) bool) {
	var ids []int64
	_ = c.store.UpdateOrder(o.ID, func(to *Order) { // just found
		var left []Shipment
		for _, sh := range to.Shipments {
			if !gone(&sh) {
				left = append(left, sh)
				continue
			}
			ids = append(ids, sh.ID)
			for _, it := range sh.Items {
				if l := to.line(it.LineID); l != nil {
					l.Shipped -= it.Quantity
				}
			}
		}
		to.Shipments = left
		if len(left) == 0 {
			to.ShippedAt = time.Time{}
		}
	})
	for _, id := range ids {
		c.store.fire("store/shipment/deleted", shipmentEvent(o.ID, id))
	}
	c.none()
}

func deleteShipment(c *call) {
	if o := c.order(); o != nil {
		if sh := c.shipmentOf(o); sh != nil {
			id := sh.ID
			c.unship(o, func(sh *Shipment) bool { return sh.ID == id })
		}
	}
}

func deleteShipments(c *call) {
	if o := c.order(); o != nil {
		c.violation("deletes every shipment of the order")
		c.unship(o, func(*Shipment) bool { return true })
	}
}
