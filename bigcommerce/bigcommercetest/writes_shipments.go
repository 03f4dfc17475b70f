package bigcommercetest

import (
	"net/http"
	"strings"
	"time"
)

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
