package sallatest

import (
	"net/http"
	"slices"
	"strconv"
)

const shipmentParams = "order_id courier_id courier_slug status shipment_type payment_method from_date to_date ship_to ship_from source"

var shipmentStates = []string{
	"creating", "created", "in_progress", "in_transit", "received_at_final_hub", "to_be_reattempted", "reattempted",
	"unable_to_deliver", "delivering", "delivered", "partially_delivered", "shipped", "cancelled", "lost", "damaged",
	"return_to_origin", "return_in_progress",
}

// parcel is a shipment with its order.
type parcel struct {
	order *Order
	at    int
}

func (p parcel) shipment() *Shipment { return &p.order.Shipments[p.at] }

func listShipments(c *call) {
	within, ok := c.span("from_date", "to_date")
	if !ok {
		return
	}
	state, kind, pay, courier := c.query.Get("status"), c.query.Get("shipment_type"), c.query.Get("payment_method"), c.query.Get("courier_id")
	if state != "" && !slices.Contains(shipmentStates, state) {
		c.server.book.Violationf("/shipments: status=%s is no shipment status", state)
		c.invalid("status", "القيمة المدخلة للحقل status غير موجودة.")
		return
	}
	orders := c.store.orders.order()
	if v := c.query.Get("order_id"); v != "" {
		id, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			c.invalid("order_id", "يجب أن يكون حقل order id عددًا صحيحًا")
			return
		}
		orders = nil
		if o := c.store.orders.get(id); o != nil {
			orders = []int32{int32(o.index)}
		}
	}
	var found []parcel
	for _, o := range c.store.orders.records(orders) {
		for i := range o.Shipments {
			sh := &o.Shipments[i]
			if (state == "" || sh.Status == state) && (kind == "" || sh.Type == kind) && (pay == "" || sh.PaymentMethod == pay) &&
				(courier == "" || strconv.FormatInt(sh.CourierID, 10) == courier) && within(sh.CreatedAt) {
				found = append(found, parcel{o, i})
			}
		}
	}
	pg := c.paginate(len(found), defaultSize, maxSize)
	c.rows(pg, func(w *writer) {
		for _, p := range found[pg.from:pg.to] {
			w.shipment("", p.order, p.shipment())
		}
	})
}

// parcel finds a shipment by its id, which holds its order's index.
func (c *call) parcel() (parcel, bool) {
	id := c.id(0)
	s := c.store
	index := s.ids.decode(id)
	if id >= partIDs {
		index = int((id - partIDs) >> 16)
	} else if index >= 0 {
		index /= shipmentRoom
	}
	if index >= 0 {
		if o := s.orders.get(s.ids.encode(index)); o != nil {
			if at := slices.IndexFunc(o.Shipments, func(sh Shipment) bool { return sh.ID == id }); at >= 0 {
				return parcel{o, at}, true
			}
		}
	}
	c.notFound()
	return parcel{}, false
}

func shipmentDetails(c *call) {
	if p, ok := c.parcel(); ok {
		c.answer(http.StatusOK, func(w *writer) { w.shipment("data", p.order, p.shipment()) })
	}
}

func shipmentTracking(c *call) {
	p, ok := c.parcel()
	if !ok {
		return
	}
	sh := p.shipment()
	c.answer(http.StatusOK, func(w *writer) {
		w.obj("data")
		w.id("id", sh.ID)
		w.id("order_id", sh.OrderID)
		w.id("order_reference_id", p.order.ReferenceID)
		w.shipmentHead(sh)
		w.str("status", sh.Status)
		w.arr("history")
		for _, h := range sh.History {
			w.obj("")
			w.str("status", h.Status)
			w.str("note", h.Note)
			w.date("create_at", h.At)
			w.end()
		}
		w.endArr()
		w.end()
	})
}

func listCouriers(c *call) {
	c.answer(http.StatusOK, func(w *writer) {
		w.arr("data")
		for i, slug := range []string{"smsa", "armx", "dhl-express"} {
			w.obj("")
			w.id("id", couriers[i].ID)
			w.str("name", couriers[i].Name)
			w.str("app_id", strconv.Itoa(1683195908+i))
			w.str("activation_type", []string{"manual", "api"}[i/2])
			w.str("slug", slug)
			w.end()
		}
		w.endArr()
	})
}
