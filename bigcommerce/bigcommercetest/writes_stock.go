package bigcommercetest

import (
	"fmt"
	"net/http"
	"strconv"
)

// find returns what an item of an adjustment means, or why it cannot be done.
func (s *Store) find(in input) (at target, problem string) {
	at.location, _ = in.integer("location_id")
	if s.location(at.location) == nil {
		return at, "Location with id " + in.text("location_id") + " was not found"
	}
	byProduct := false
	switch {
	case in.has("product_id"):
		at.product, _ = in.integer("product_id")
		byProduct = true
	case in.has("variant_id"):
		at.variant, _ = in.integer("variant_id")
		at.product = productOfVariant(at.variant)
	case in.has("sku"):
		if ids := s.skus.find(in.text("sku"), true); len(ids) > 0 {
			at.variant, at.product = ids[0], productOfVariant(ids[0])
		} else if ids := s.skus.find(in.text("sku"), false); len(ids) > 0 {
			at.product, byProduct = ids[0], true
		}
	}
	p := s.products.get(at.product)
	if p == nil || at.variant != 0 && p.variant(at.variant) == nil {
		return at, "Items were not found"
	}
	switch {
	case p.Simple(): // the base variant is the product
		at.variant = 0
		if p.Tracking == "variant" {
			at.variant = p.Variants[0].ID
		}
	case byProduct && p.Tracking == "variant":
		problem = fmt.Sprintf("[Item with product_id %d is tracked by variant, please update stock by variant id]", p.ID)
	case !byProduct && p.Tracking == "product":
		problem = fmt.Sprintf("[Item with variant_id %d is tracked by product, please update stock by product id]", at.variant)
	}
	if p.Tracking == "none" {
		problem = fmt.Sprintf("[Item with product_id %d is not tracked]", p.ID)
	}
	return at, problem
}

// adjust serves both adjustments. Nothing of a request is applied if one item
// is refused, which the documents leave open.
func adjust(absolute bool) func(c *call) {
	return func(c *call) {
		in, ok := c.input("reason items")
		if !ok {
			return
		}
		items := in.list("items")
		if len(items) == 0 || len(items) > 2000 {
			c.violation("%d items, from 1 to 2000 are allowed", len(items))
			c.problemJSON(http.StatusUnprocessableEntity, "The number of items must be from 1 to 2000")
			return
		}
		var changes []stockChange
		for _, item := range items {
			c.known(item, "location_id sku variant_id product_id quantity")
			n, ok := item.integer("quantity")
			if !ok || item["quantity"][0] == '"' || n > maxOnHand || n < -maxOnHand || absolute && n < 0 {
				c.problemJSON(http.StatusUnprocessableEntity, "The quantity "+strconv.Quote(item.text("quantity"))+" is invalid")
				return
			}
			at, problem := c.store.find(item)
			if problem == "" && !absolute {
				problem = c.store.relativeProblem(changes, at, int(n))
			}
			if problem != "" {
				c.problemJSON(http.StatusUnprocessableEntity, problem)
				return
			}
			changes = append(changes, stockChange{at, int(n), absolute})
		}
		s, request := c.store, c.request()
		s.later(job{run: func() { s.adjustStock(request, changes) }, stock: changes}, s.cfg.InventoryDelay, s.cfg.InventoryRequests)
		c.transaction()
	}
}

// transaction answers as writes of the inventory do, done or not.
func (c *call) transaction() {
	c.ok(func(w *writer) {
		w.obj("")
		w.str("transaction_id", requestID())
		w.end()
	})
}

// relativeProblem says why a relative change cannot be, given the adjustments
// that do not show yet and the items of the same request before it.
func (s *Store) relativeProblem(before []stockChange, at target, n int) string {
	p := s.products.get(at.product)
	levels, name := p.levels(at), fmt.Sprintf("product_id %d", p.ID)
	if at.variant != 0 {
		name = fmt.Sprintf("variant_id %d", at.variant)
	}
	have, known := 0, false
	for _, l := range *levels {
		if l.LocationID == at.location {
			have, known = l.OnHand, true
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []stockChange
	for _, j := range s.pending {
		all = append(all, j.stock...)
	}
	for _, ch := range append(all, before...) {
		switch {
		case ch.at != at:
		case ch.absolute:
			have, known = ch.n, true
		default:
			have += ch.n
		}
	}
	switch {
	case !known:
		return "Items with identity: [" + name + "] requires absolute adjustment before relative"
	case have+n < 0:
		return "Items with identity: [" + name + "] have not enough stock"
	case have+n > maxOnHand:
		return "Items with identity: [" + name + "] exceed the limit of inventory"
	}
	return ""
}

// setSettings changes what an inventory item has beside its stock at a
// location. It names items as adjustments do, and takes no stock.
func setSettings(c *call) {
	location, ok := c.id(0)
	if !ok {
		return
	}
	if c.store.location(location) == nil {
		c.problemJSON(http.StatusNotFound, "Location was not found")
		return
	}
	in, ok := c.input("settings")
	if !ok {
		return
	}
	rows := in.list("settings")
	if len(rows) == 0 || len(rows) > 2000 {
		c.problemJSON(http.StatusUnprocessableEntity, "The number of items must be from 1 to 2000")
		return
	}
	var places []target
	for i, row := range rows {
		c.known(row, "identity safety_stock is_in_stock warning_level bin_picking_number")
		if !row.has("safety_stock") && !row.has("is_in_stock") && !row.has("warning_level") {
			c.failWith(http.StatusUnprocessableEntity, "Payload contains invalid fields", map[string]string{
				fmt.Sprintf("setting.%d.settings", i): "At least one setting must be specified: warning_level, is_in_stock or safety_stock"})
			c.header.Set("Content-Type", "application/problem+json")
			return
		}
		identity := row.object("identity")
		if identity == nil {
			identity = input{}
		}
		identity["location_id"] = []byte(strconv.FormatInt(location, 10))
		at, problem := c.store.find(identity)
		if problem != "" {
			c.problemJSON(http.StatusUnprocessableEntity, problem)
			return
		}
		places = append(places, at)
	}
	for i, row := range rows {
		at := places[i]
		c.alterProduct("stock settings", at.item(), at.product, "store/channel/*/inventory/product/settings_changed",
			fmt.Sprintf(`{"variant_id":%d,"product_id":%d,"location_id":%d}`, at.variant, at.product, at.location), func(p *Product) bool {
				levels := p.levels(at)
				if levels == nil {
					return false
				}
				l := levelAt(levels, at.location)
				for name, to := range map[string]*int{"safety_stock": &l.SafetyStock, "warning_level": &l.WarningLevel} {
					if n, ok := row.integer(name); ok {
						*to = int(n)
					}
				}
				return true
			})
	}
	c.transaction()
}
