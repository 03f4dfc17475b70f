package bigcommercetest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

const shipmentMembers = `order_address_id items tracking_number tracking_carrier tracking_link shipping_provider shipping_method
	merchant_shipping_cost comments`

var providers = strings.Fields("auspost canadapost endicia usps fedex royalmail ups upsready upsonline shipperhq")

// carrier is the form of AfterShip's names. Which there are is not checked.
var carrier = regexp.MustCompile(`^[a-z0-9-]*$`)

// badField answers as V2 does about one field.
func (c *call) badField(name, why string) {
	c.invalid(strings.Replace(msgBadField, "%s", name, 1), name, why)
}

// cannotWrite answers that a field is not to be sent.
func (c *call) cannotWrite(name string) {
	c.violation("%s cannot be written to", name)
	c.fail(http.StatusBadRequest, "The field '"+name+"' cannot be written to. Please remove it from your request before trying again.")
}

func (c *call) shipmentInput(sh *Shipment) (input, bool) {
	in, ok := c.input(shipmentMembers)
	if !ok {
		return nil, false
	}
	in.set(map[string]*string{"tracking_number": &sh.Number, "tracking_carrier": &sh.Carrier, "tracking_link": &sh.Link,
		"shipping_provider": &sh.Provider, "shipping_method": &sh.Method, "comments": &sh.Comments})
	switch {
	case sh.Provider != "" && !slices.Contains(providers, sh.Provider) && !strings.HasPrefix(sh.Provider, "carrier_"):
		c.badField("shipping_provider", "Unknown provider "+sh.Provider)
	case !carrier.MatchString(sh.Carrier):
		c.badField("tracking_carrier", "Unknown carrier "+sh.Carrier)
	case len(sh.Number) > 50:
		c.badField("tracking_number", "At most 50 characters.")
	case len(sh.Link) > 500:
		c.badField("tracking_link", "At most 500 characters.")
	default:
		return in, true
	}
	return nil, false
}

// createShipment ships lines of one address.
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
		c.badField("order_address_id", "The address is not of this order.")
		return
	}
	for _, item := range in.list("items") {
		if _, sent := item["product_id"]; sent {
			c.cannotWrite("product_id")
			return
		}
		c.known(item, "order_product_id quantity")
		id, _ := item.integer("order_product_id")
		n, _ := item.integer("quantity")
		sh.Items = append(sh.Items, ShipmentItem{id, int(n)})
	}
	if len(sh.Items) == 0 {
		c.badField("items", "At least one item is required.")
		return
	}
	sh.ID = c.store.partID()
	if c.alterOrder("shipment", sh.ID, o.ID, func(to *Order) bool { return to.ship(sh) }) != changed {
		c.badField("items", "The quantity of a product exceeds what can be shipped to this address.")
		return
	}
	c.store.fire("store/shipment/created", shipmentEvent(o.ID, sh.ID))
	if c.store.cfg.StockOnShipment {
		var lines []LineItem
		for _, it := range sh.Items {
			l := *o.line(it.LineID)
			l.Quantity = it.Quantity
			lines = append(lines, l)
		}
		c.moveStock(lines, -1)
	}
	c.answer(http.StatusCreated, func(w *writer) { w.shipment(o, &sh) })
}

// ship adds a shipment; false where a line does not have the pieces. The
// order's status follows: the documents imply it without the exact rule, so it
// is Shipped when every physical line is, else Partially Shipped.
func (o *Order) ship(sh Shipment) bool {
	for _, it := range sh.Items {
		l := o.line(it.LineID)
		if l == nil || it.Quantity < 1 || l.AddressID != sh.AddressID || l.Shipped+it.Quantity > l.Quantity {
			return false
		}
		l.Shipped += it.Quantity
	}
	o.Shipments, o.ShippedAt, o.StatusID = append(o.Shipments, sh), sh.CreatedAt, 2
	for i := range o.Lines {
		if l := &o.Lines[i]; l.Type == "physical" && l.Shipped < l.Quantity {
			o.StatusID = 3
		}
	}
	return true
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
	if _, sent := in["items"]; sent {
		c.cannotWrite("items")
		return
	}
	if id, ok := in.integer("order_address_id"); ok {
		if o.address(id) == nil {
			c.badField("order_address_id", "The address is not of this order.")
			return
		}
		sh.AddressID = id
	}
	result := c.alterOrder("shipment", sh.ID, o.ID, func(to *Order) bool {
		i := slices.IndexFunc(to.Shipments, func(v Shipment) bool { return v.ID == sh.ID })
		if i < 0 {
			return false
		}
		to.Shipments[i] = *sh
		return true
	})
	switch result {
	case changed:
		c.store.fire("store/shipment/updated", shipmentEvent(o.ID, sh.ID))
	case absent, refused:
		c.notFound()
		return
	}
	c.ok(func(w *writer) { w.shipment(o, sh) })
}

// unship takes a shipment away; the order stays in its status.
func (c *call) unship(order, id int64) {
	result := c.alterOrder("shipment", id, order, func(to *Order) bool {
		i := slices.IndexFunc(to.Shipments, func(v Shipment) bool { return v.ID == id })
		if i < 0 {
			return false
		}
		for _, it := range to.Shipments[i].Items {
			if l := to.line(it.LineID); l != nil {
				l.Shipped -= it.Quantity
			}
		}
		if to.Shipments = slices.Delete(to.Shipments, i, i+1); len(to.Shipments) == 0 {
			to.ShippedAt = time.Time{}
		}
		return true
	})
	if result == changed {
		c.store.fire("store/shipment/deleted", shipmentEvent(order, id))
	}
}

func deleteShipment(c *call) {
	if o := c.order(); o != nil {
		if sh := c.shipmentOf(o); sh != nil {
			c.unship(o.ID, sh.ID)
			c.none()
		}
	}
}

func deleteShipments(c *call) {
	if o := c.order(); o != nil {
		c.violation("deletes every shipment of the order")
		for _, sh := range o.Shipments {
			c.unship(o.ID, sh.ID)
		}
		c.none()
	}
}
