package magentotest

import "slices"

// saveShipment is the bare repository: it ships nothing.
func saveShipment(c *call) {
	c.violation("POST /V1/shipment saves a row and ships nothing; use /V1/order/{id}/ship")
	c.bad("Could not save a shipment, see error log for details")
}

func addTrack(c *call) {
	in, ok := c.input("entity")
	if !ok {
		return
	}
	e, ok := c.object(in, "entity", "order_id created_at entity_id parent_id updated_at weight qty description extension_attributes track_number title carrier_code")
	if !ok {
		return
	}
	for _, name := range []string{"order_id", "parent_id", "track_number", "title", "carrier_code"} {
		if !e.has(name) {
			c.required(name)
			return
		}
	}
	c.changeOrderID(e.whole("order_id"), func(s *store, o *Order) bool {
		for i := range o.Shipments {
			if sh := &o.Shipments[i]; sh.ID == e.whole("parent_id") {
				sh.Tracks = append(sh.Tracks, Track{s.partID(), e.text("track_number"), e.text("title"), e.text("carrier_code"), s.second()})
				c.out.track(o.ID, sh.ID, &sh.Tracks[len(sh.Tracks)-1])
				return true
			}
		}
		c.bad("The shipment track could not be saved.")
		return false
	})
}

func deleteTrack(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	var order int64
	c.locked(func(s *store) {
		for _, p := range s.shipments() {
			if slices.ContainsFunc(p.v.Tracks, func(t Track) bool { return t.ID == id }) {
				order = p.order.ID
			}
		}
	})
	c.changeOrderID(order, func(_ *store, o *Order) bool {
		for i := range o.Shipments {
			sh := &o.Shipments[i]
			sh.Tracks = slices.DeleteFunc(sh.Tracks, func(t Track) bool { return t.ID == id })
		}
		c.out.flag("", true)
		return true
	})
}
