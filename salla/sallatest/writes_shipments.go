package sallatest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

const shipmentInput = "overwrite_exists_pending courier_id order_id shipment_id shipment_type payment_method cash_on_delivery description remarks " +
	"external_id external_additional_id external_company_name service_types policy_options ship_to ship_from packages"

// changeShipment applies change to the shipment of the path.
func (c *call) changeShipment(change func(*Shipment)) {
	p, ok := c.parcel()
	if !ok {
		return
	}
	id := p.shipment().ID
	o := c.store.editOrder(c.endpoint, p.order.ID, id, func(o *Order) {
		if at := slices.IndexFunc(o.Shipments, func(sh Shipment) bool { return sh.ID == id }); at >= 0 {
			change(&o.Shipments[at])
		}
	})
	if o == nil || p.at >= len(o.Shipments) {
		c.notFound()
		return
	}
	c.answer(http.StatusOK, func(w *writer) { w.changedShipment("data", o, &o.Shipments[p.at]) })
}

// updateShipment needs the number and the status each time; what else is not
// named stays. A change is written into the shipment's log.
func updateShipment(c *call) {
	in, ok := c.input("shipment_number order_id tracking_number tracking_link status status_note pdf_label cost external_company_name policy_options")
	if !ok {
		return
	}
	bad := complaints{}
	if in.text("shipment_number") == "" {
		bad["shipment_number"] = []string{"حقل رقم الشحنة مطلوب."}
	}
	if !slices.Contains(shipmentStates[1:], in.text("status")) {
		bad["status"] = []string{"حقل الحالة مطلوب."}
	}
	for _, name := range []string{"pdf_label", "tracking_link"} {
		if len([]rune(in.text(name))) > 300 {
			bad.about(name, "يجب أن لا يتجاوز طول نص %s 300 حرفا.")
		}
	}
	cost := ""
	in.amounts(bad, map[string]*string{"cost": &cost})
	p, found := c.parcel()
	if !found {
		return
	}
	done := []string{"shipped", "delivering", "delivered"}
	if slices.Contains(done, p.shipment().Status) && slices.Contains([]string{"created", "in_progress"}, in.text("status")) {
		bad["status"] = []string{"لا يمكن إرجاع حالة الشحنة."}
	}
	if c.refused(bad) {
		return
	}
	c.changeShipment(func(sh *Shipment) {
		was := *sh
		sh.ShippingNumber, sh.Status = in.text("shipment_number"), in.text("status")
		for name, to := range map[string]*string{
			"tracking_number": &sh.TrackingNumber, "tracking_link": &sh.TrackingLink, "pdf_label": &sh.Label,
			"external_company_name": &sh.ExternalCompany, "cost": &sh.Cost,
		} {
			if in.names(name) {
				*to = in.text(name)
			}
		}
		if sh.differs(&was) || in.text("status_note") != "" {
			sh.track(c.store, in.text("status_note"))
		}
	})
}

func (sh *Shipment) differs(from *Shipment) bool {
	return sh.ShippingNumber != from.ShippingNumber || sh.Status != from.Status || sh.TrackingNumber != from.TrackingNumber ||
		sh.TrackingLink != from.TrackingLink || sh.Label != from.Label || sh.ExternalCompany != from.ExternalCompany || sh.Cost != from.Cost
}

// track writes the status into the log, unless that is what it says already.
func (sh *Shipment) track(s *Store, note string) {
	if len(sh.History) == 0 || sh.History[0].Status != sh.Status || sh.History[0].Note != note {
		sh.History = append([]Tracking{{sh.Status, note, s.stamp()}}, sh.History...)
	}
}

func cancelShipment(c *call) {
	c.changeShipment(func(sh *Shipment) {
		sh.Status = "cancelled"
		sh.track(c.store, "")
	})
}

// returnShipment makes the way back of a shipment that was delivered, as often
// as it is asked for.
func returnShipment(c *call) {
	p, ok := c.parcel()
	if !ok {
		return
	}
	sh := p.shipment()
	if sh.Status != "delivered" {
		c.fail(http.StatusUnprocessableEntity, `"error"`, "يجب أن تكون الشحنة قد تم توصيلها أولا")
		return
	}
	back := *sh
	back.Type, back.From, back.To = "return", sh.To, sh.From
	c.addShipment(p.order.ID, back, false)
}

// addShipment gives an order a new shipment and answers it. The courier's app
// takes it some requests later; of a courier without one it stays as it is.
func (c *call) addShipment(order int64, sh Shipment, overwrite bool) {
	s := c.store
	var made int64
	o := s.orders.get(order)
	if o == nil {
		c.notFound()
		return
	}
	made = partIDs + int64(o.index)<<16 + int64(o.made+1)
	o = s.editOrder(c.endpoint, order, made, func(o *Order) {
		o.made++
		if overwrite {
			o.Shipments = slices.DeleteFunc(o.Shipments, func(old Shipment) bool { return old.Status == "creating" || old.Status == "created" })
		}
		sh.ID, sh.OrderID, sh.Status, sh.CreatedAt, sh.Source = made, o.ID, "creating", s.stamp(), "api"
		sh.ShippingNumber, sh.TrackingNumber, sh.TrackingLink, sh.Label, sh.Cost = "0", "", "", "", cmp.Or(sh.Cost, "0.00")
		sh.History = []Tracking{{"creating", "", sh.CreatedAt}}
		o.Shipments = append(o.Shipments, sh)
	})
	if o == nil {
		c.notFound()
		return
	}
	if sh.CourierID == couriers[len(couriers)-1].ID { // the one whose activation is api
		s.later(func() { s.courierTakes(order, made) })
	}
	at := len(o.Shipments) - 1
	c.answer(http.StatusOK, func(w *writer) { w.shipment("data", o, &o.Shipments[at]) })
}

func (s *Store) courierTakes(order, shipment int64) {
	s.editOrder("", order, 0, func(o *Order) {
		for i := range o.Shipments {
			if sh := &o.Shipments[i]; sh.ID == shipment && sh.Status == "creating" {
				sh.Status, sh.ShippingNumber = "created", "AWB"+strconv.FormatInt(shipment%1_000_000_007, 10)
				sh.track(s, "")
			}
		}
	})
}

// createShipment takes the packages as they are: whether they hold more than
// was ordered, or was sent before, is not looked at. They are matched with the
// order's lines by SKU, or else by name.
func createShipment(c *call) {
	in, ok := c.input(shipmentInput)
	if !ok {
		return
	}
	bad := complaints{}
	for name, values := range map[string][]string{"shipment_type": {"shipment", "return"}, "payment_method": {"cod", "pre_paid"}} {
		if !slices.Contains(values, in.text(name)) {
			bad.about(name, msgRequired)
		}
	}
	sh := Shipment{
		Type: in.text("shipment_type"), PaymentMethod: in.text("payment_method"), ExternalID: in.text("external_id"),
		ExternalAdditionalID: in.text("external_additional_id"), ExternalCompany: in.text("external_company_name"),
		Description: in.text("description"), Remarks: in.text("remarks"),
	}
	id, _ := in.number("courier_id")
	if i := slices.IndexFunc(couriers, func(r Ref) bool { return r.ID == id }); i >= 0 {
		sh.CourierID, sh.CourierName = couriers[i].ID, couriers[i].Name
	} else {
		bad["courier_id"] = []string{"حقل رقم الشركة مطلوب."}
	}
	if _, ok := in.number("shipment_id"); sh.Type == "return" && !ok {
		bad.about("shipment_id", msgRequired)
	}
	id, _ = in.number("order_id")
	o := c.store.orders.get(id)
	if o == nil {
		bad["order_id"] = []string{"الطلب غير موجود."}
	} else {
		sh.To = o.ShipTo
		if len(c.store.branches) > 0 {
			sh.From = c.store.branches[0].Address
			sh.From.BranchID = c.store.branches[0].ID
		}
		sh.pack(o, in.list("packages"), bad)
	}
	in.object("ship_to").address(&sh.To)
	in.object("ship_from").address(&sh.From)
	if !c.refused(bad) {
		c.addShipment(id, sh, in.flag("overwrite_exists_pending"))
	}
}

func (sh *Shipment) pack(o *Order, rows []input, bad complaints) {
	if len(rows) == 0 {
		bad.about("packages", msgRequired)
	}
	for i, row := range rows {
		p := Package{ExternalID: row.text("external_id"), Name: row.text("name"), SKU: row.text("sku"), Quantity: 1, Price: "0", Weight: "0"}
		if n, ok := row.number("quantity"); ok && n > 0 {
			p.Quantity = int(n)
		} else if row.has("quantity") {
			bad.about("packages."+strconv.Itoa(i)+".quantity", msgNumber)
		}
		row.object("price").amounts(bad, map[string]*string{"amount": &p.Price})
		row.object("weight").amounts(bad, map[string]*string{"value": &p.Weight})
		at := slices.IndexFunc(o.Items, func(it OrderItem) bool { return p.SKU != "" && it.SKU == p.SKU })
		if at < 0 {
			at = slices.IndexFunc(o.Items, func(it OrderItem) bool { return it.Name == p.Name })
		}
		if at >= 0 {
			p.ItemID = o.Items[at].ID
			sh.ItemIDs = append(sh.ItemIDs, p.ItemID)
		}
		sh.Packages = append(sh.Packages, p)
	}
}

func (in input) address(a *Address) {
	for name, to := range map[string]*string{
		"name": &a.Name, "email": &a.Email, "phone": &a.Phone, "address_line": &a.Line, "street_number": &a.Street, "block": &a.Block,
		"postal_code": &a.PostalCode, "building_number": &a.BuildingNo, "additional_number": &a.AdditionalNo,
	} {
		if in.has(name) {
			*to = in.text(name)
		}
	}
	if id, ok := in.number("branch_id"); ok {
		a.BranchID = id
	}
}
