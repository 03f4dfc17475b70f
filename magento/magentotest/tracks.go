package magentotest

import "slices"

// saveShipment is the bare repository: it stores a row, and as often as it is
// asked to, but ships nothing. With the inventory modules it breaks.
func saveShipment(c *call) {
	in, ok := c.input("entity")
	if !ok {
		return
	}
	e, ok := c.object(in, "entity", "*")
	if !ok {
		return
	}
	c.violation("POST /V1/shipment saves a row and ships nothing; use /V1/order/{id}/ship")
	if !c.server.cfg.NoMSI {
		c.internal("the bare repository of shipments knows no source")
		return
	}
	c.changeOrderID(e.whole("order_id"), func(s *store, o *Order) bool {
		id := s.partID()
		sh := Shipment{ID: id, IncrementID: itoa(o.StoreID*100_000_000 + id), CreatedAt: s.second(), UpdatedAt: s.second()}
		o.Shipments = append(o.Shipments, sh)
		s.effect("shipment.create", itoa(o.ID))
		c.out.shipment(o, &sh)
		return true
	})
}

// addTrack stores a track, or with its entity_id changes one.
func addTrack(c *call) {
	in, ok := c.input("entity")
	if !ok {
		return
	}
	e, ok := c.object(in, "entity", "order_id created_at entity_id parent_id updated_at weight qty description extension_attributes track_number title carrier_code")
	if !ok {
		return
	}
	const fail = "Could not save the shipment tracking."
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.orders.get(e.whole("order_id"))
	at := -1
	if old != nil {
		at = slices.IndexFunc(old.Shipments, func(sh Shipment) bool { return sh.ID == e.whole("parent_id") })
	}
	if at < 0 || e.text("track_number") == "" || e.text("carrier_code") == "" {
		c.bad(fail)
		return
	}
	o := old.clone()
	sh := &o.Shipments[at]
	t := Track{ID: e.whole("entity_id"), Number: e.text("track_number"), Title: e.text("title"), Carrier: e.text("carrier_code"), Description: e.text("description"), CreatedAt: s.second()}
	action := "track.create"
	if t.ID == 0 {
		t.ID = s.partID()
		sh.Tracks = append(sh.Tracks, t)
	} else if n := slices.IndexFunc(sh.Tracks, func(x Track) bool { return x.ID == t.ID }); n >= 0 {
		action = "track.update"
		t.CreatedAt = sh.Tracks[n].CreatedAt
		if sh.Tracks[n] == t {
			action = ""
		}
		sh.Tracks[n] = t
	} else {
		c.violation("the shipment has no track %d: the answer is as if it had, and nothing is saved", t.ID)
		c.out.track(o.ID, sh.ID, &t)
		return
	}
	if action != "" {
		s.effect(action, itoa(o.ID))
	}
	s.orders.put(o) // as it is: no time of it changes
	c.out.track(o.ID, sh.ID, &t)
}

// deleteTrack says true whether or not there was such a track.
func deleteTrack(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	c.out.flag("", true)
	for _, p := range s.shipments() {
		if !slices.ContainsFunc(p.v.Tracks, func(t Track) bool { return t.ID == id }) {
			continue
		}
		o := s.orders.get(p.order.ID).clone()
		for i := range o.Shipments {
			sh := &o.Shipments[i]
			sh.Tracks = slices.DeleteFunc(sh.Tracks, func(t Track) bool { return t.ID == id })
		}
		s.orders.put(o)
		s.effect("track.delete", itoa(o.ID))
		return
	}
}
