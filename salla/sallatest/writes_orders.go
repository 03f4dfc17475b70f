package sallatest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

// rowOfSlug finds one of Salla's own statuses.
func rowOfSlug(slug string) *status {
	for i := range originals {
		if originals[i].slug == slug {
			return &originals[i]
		}
	}
	return nil
}

func postStatus(c *call) {
	in, ok := c.input("slug status_id note restore_items")
	if !ok {
		return
	}
	o := c.order()
	if o == nil {
		return
	}
	row := rowOfSlug(in.text("slug"))
	if id, ok := in.number("status_id"); ok {
		row = statusByID(id)
	}
	if row == nil {
		c.failWith(http.StatusUnprocessableEntity, `"error"`, msgInvalid, map[string][]string{
			"status_id": {"حقل الحالة مطلوب إذا لم يتوفّر رمز الحالة."}, "slug": {"حقل رمز الحالة مطلوب إذا لم يتوفّر الحالة."},
		})
		return
	}
	if c.store.setStatus(o.ID, row, in.text("note"), in.flag("restore_items")) != nil {
		c.notFound()
		return
	}
	c.message(http.StatusCreated, msgUpdated)
}

// setStatus changes an order's status and writes its history; restore puts the
// items of the order back into stock.
func (s *Store) setStatus(id int64, to *status, note string, restore bool) error {
	var items []OrderItem
	err := s.UpdateOrder(id, func(o *Order) {
		o.Status = statusByRow(to)
		o.log(s, note)
		if restore {
			items = o.Items
		}
	})
	for _, it := range items {
		row := input{
			"identifer_type": json.RawMessage(`"id"`), "identifer": json.RawMessage(strconv.FormatInt(it.ProductID, 10)),
			"quantity": json.RawMessage(strconv.Itoa(it.Quantity)), "mode": json.RawMessage(`"increment"`),
		}
		if it.VariantID != 0 {
			row["identifer_type"], row["identifer"] = json.RawMessage(`"variant_id"`), json.RawMessage(strconv.FormatInt(it.VariantID, 10))
		}
		s.setQuantity("", row)
	}
	return err
}

func (o *Order) log(s *Store, note string) History {
	h := History{
		ID: s.ids.encode(o.index*historyRoom + len(o.Histories)%historyRoom), Status: o.Status, Note: note,
		CreatedAt: s.stamp(), By: &Ref{idFirst, "أحمد Conn"},
	}
	if len(o.Histories) >= historyRoom { // out of the seeded room; far from every other id
		h.ID = 1<<40 + int64(o.index)<<16 + int64(len(o.Histories))
	}
	o.Histories = append([]History{h}, o.Histories...)
	return h
}

func createHistory(c *call) {
	in, ok := c.input("note")
	if !ok {
		return
	}
	o := c.order()
	if o == nil {
		return
	}
	if in.text("note") == "" {
		c.invalid("note", "نص التعليق مطلوب")
		return
	}
	var h History
	if c.store.UpdateOrder(o.ID, func(o *Order) { h = o.log(c.store, in.text("note")) }) != nil {
		c.notFound()
		return
	}
	c.answer(http.StatusOK, func(w *writer) { w.history("data", &h, c.english) })
}

// orderActions does change_status, refund and delete; the other actions are
// accepted and do nothing.
func orderActions(c *call) {
	in, ok := c.input("operations filters")
	if !ok {
		return
	}
	var filters input
	_ = json.Unmarshal(in["filters"], &filters) // absent filters name no order
	ids := filters.ids("order_ids")
	operations := in.list("operations")
	if len(operations) == 0 || len(ids) == 0 && !filters.has("order_status") {
		c.invalid("operations", "حقل العمليات مطلوب.")
		return
	}
	states := filters.ids("order_status")
	for _, o := range c.store.orders.all() {
		if slices.Contains(states, o.Status.ID) && !slices.Contains(ids, o.ID) {
			ids = append(ids, o.ID)
		}
	}
	for _, op := range operations {
		for _, id := range ids {
			var err error
			switch op.text("action_name") {
			case "change_status":
				row := rowOfSlug(op.text("value"))
				if n, ok := op.number("value"); ok {
					row = statusByID(n)
				}
				if row == nil {
					c.invalid("operations.0.value", "القيمة المدخلة غير موجودة.")
					return
				}
				err = c.store.setStatus(id, row, "", false)
			case "refund":
				err = c.store.setStatus(id, rowOfSlug("restored"), "", false)
			case "delete":
				err = c.store.DeleteOrder(id)
			}
			if err != nil {
				c.invalid("filters.order_ids", "الطلب غير موجود.")
				return
			}
		}
	}
	c.answer(http.StatusCreated, func(w *writer) {
		w.obj("data")
		w.id("operation_id", c.store.takeID())
		w.arr("operations")
		for _, op := range operations {
			w.obj("")
			w.str("action_name", op.text("action_name"))
			w.str("status", "in_progress")
			w.end()
		}
		w.endArr()
		w.end()
	})
}

// takeID returns a fresh number for objects without a seed.
func (s *Store) takeID() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	return s.nextID
}

func (c *call) changeShipment(change func(*Shipment)) {
	p, ok := c.parcel()
	if !ok {
		return
	}
	id := p.shipment().ID
	_ = c.store.UpdateOrder(p.order.ID, func(o *Order) { // deleted meanwhile: nothing to change
		for i := range o.Shipments {
			if o.Shipments[i].ID == id {
				change(&o.Shipments[i])
				p = parcel{o, i}
			}
		}
	})
	c.answer(http.StatusOK, func(w *writer) { w.changedShipment("data", p.order, p.shipment()) })
}

func updateShipment(c *call) {
	in, ok := c.input("shipment_number order_id tracking_number tracking_link status status_note pdf_label cost external_company_name policy_options")
	if !ok {
		return
	}
	fields := map[string][]string{}
	if in.text("shipment_number") == "" {
		fields["shipment_number"] = []string{"حقل رقم الشحنة مطلوب."}
	}
	if !slices.Contains(shipmentStates, in.text("status")) {
		fields["status"] = []string{"حقل الحالة مطلوب."}
	}
	if len(in.text("pdf_label")) > 300 {
		fields["pdf_label"] = []string{"يجب أن لا يتجاوز طول نص pdf_label 300 حرفا."}
	}
	p, found := c.parcel()
	if !found {
		return
	}
	done := []string{"shipped", "delivering", "delivered"}
	if slices.Contains(done, p.shipment().Status) && slices.Contains([]string{"created", "in_progress"}, in.text("status")) {
		fields["status"] = []string{"لا يمكن إرجاع حالة الشحنة."}
	}
	if len(fields) > 0 {
		c.failWith(http.StatusUnprocessableEntity, `"error"`, msgInvalid, fields)
		return
	}
	c.changeShipment(func(sh *Shipment) {
		sh.ShippingNumber, sh.Status = in.text("shipment_number"), in.text("status")
		for name, to := range map[string]*string{"tracking_number": &sh.TrackingNumber, "tracking_link": &sh.TrackingLink, "pdf_label": &sh.Label, "cost": &sh.Cost} {
			if in.has(name) {
				*to = in.text(name)
			}
		}
		sh.History = append([]Tracking{{sh.Status, in.text("status_note"), c.store.stamp()}}, sh.History...)
	})
}

func cancelShipment(c *call) {
	c.changeShipment(func(sh *Shipment) {
		sh.Status = "cancelled"
		sh.History = append([]Tracking{{"cancelled", "", c.store.stamp()}}, sh.History...)
	})
}

func createShipment(c *call) {
	in, ok := c.input("")
	if !ok {
		return
	}
	fields := map[string][]string{}
	for _, name := range []string{"courier_id", "shipment_type", "payment_method", "packages"} {
		if !in.has(name) {
			fields[name] = []string{"حقل " + name + " مطلوب."}
		}
	}
	id, _ := in.number("order_id")
	o := c.store.orders.get(id)
	if o == nil {
		fields["order_id"] = []string{"الطلب غير موجود."}
	}
	if o != nil && len(o.Shipments) >= shipmentRoom {
		fields["order_id"] = []string{"لا يمكن إضافة شحنة أخرى."}
	}
	if len(fields) > 0 {
		c.failWith(http.StatusUnprocessableEntity, `"error"`, msgInvalid, fields)
		return
	}
	var made parcel
	_ = c.store.UpdateOrder(id, func(o *Order) { // deleted meanwhile: shown as made
		sh := Shipment{
			ID: c.store.ids.encode(o.index*shipmentRoom + len(o.Shipments)), OrderID: id, Type: in.text("shipment_type"),
			Status: "creating", PaymentMethod: in.text("payment_method"), Cost: "0.00", To: o.ShipTo, CreatedAt: c.store.stamp(),
			ShippingNumber: "0",
		}
		sh.CourierID, _ = in.number("courier_id")
		for _, it := range o.Items {
			sh.ItemIDs = append(sh.ItemIDs, it.ID)
		}
		o.Shipments = append(o.Shipments, sh)
		made = parcel{o.clone(), len(o.Shipments) - 1}
	})
	if made.order == nil {
		c.notFound()
		return
	}
	c.answer(http.StatusCreated, func(w *writer) { w.shipment("data", made.order, made.shipment()) })
}
