package bigcommercetest

import (
	"slices"
	"strings"
)

func stockRoutes() []route {
	const (
		scope = "store_inventory"
		at    = "v3/inventory"
	)
	return []route{
		{method: get, pattern: at + "/items", scope: scope, serve: listStock,
			params: paging + "sku:in variant_id:in product_id:in location_id:in location_code:in"},
		{method: put, pattern: at + "/adjustments/absolute", scope: scope, serve: adjust(true)},
		{method: post, pattern: at + "/adjustments/relative", scope: scope, serve: adjust(false)},
		{method: put, pattern: at + "/locations/*/items", scope: scope, serve: setSettings},
		{method: get, pattern: at + "/locations", scope: "store_locations|" + scope, serve: listLocations, params: paging +
			"location_id:in location_code:in is_default type_id:in managed_by_external_source is_active storefront_visibility"},
		{method: get, pattern: at + "/locations/*/items", scope: scope, serve: listLocationStock,
			params: paging + "variant_id:in product_id:in sku:in"},
	}
}

const maxStock = 1000

// stockedOf is how many inventory items a seeded product has.
func stockedOf(i int) int {
	switch trackingOf(i) {
	case "product":
		return 1
	case "variant":
		return variantsOf(i)
	}
	return 0
}

// stocked is how many inventory items a product has: none without tracking, one
// where the product is tracked, else one per variant.
func (p *Product) stocked() int {
	switch p.Tracking {
	case "product":
		return 1
	case "variant":
		return len(p.Variants)
	}
	return 0
}

// levelsAt returns the levels of inventory item pos.
func (p *Product) levelsAt(pos int) []Level {
	if p.Tracking == "product" {
		return p.Levels
	}
	return p.Variants[pos].Levels
}

func (w *writer) identity(p *Product, pos int) {
	v := &p.Variants[pos]
	sku := v.SKU
	if p.Tracking == "product" && p.SKU != "" {
		sku = p.SKU
	}
	w.obj("identity")
	w.str("sku", sku)
	w.id("variant_id", v.ID)
	w.id("product_id", p.ID)
	w.idOrNull("sku_id", v.SKUID)
	w.end()
}

func (w *writer) levelSettings(l *Level) {
	w.obj("settings")
	w.num("safety_stock", l.SafetyStock)
	w.flag("is_in_stock", l.OnHand > l.SafetyStock)
	w.num("warning_level", l.WarningLevel)
	w.str("bin_picking_number", "")
	w.end()
}

func (w *writer) stockItem(s *Store, p *Product, pos int, at func(*Location) bool) {
	w.obj("")
	w.identity(p, pos)
	w.arr("locations")
	levels := p.levelsAt(pos)
	for i := range levels {
		l := &levels[i]
		place := s.location(l.LocationID)
		if place == nil || !at(place) {
			continue
		}
		w.obj("")
		w.id("location_id", place.ID)
		w.str("location_code", place.Code)
		w.str("location_name", place.Label)
		w.num("available_to_sell", max(0, l.OnHand-l.SafetyStock))
		w.num("total_inventory_onhand", l.OnHand)
		w.flag("location_enabled", place.Enabled)
		w.levelSettings(l)
		w.end()
	}
	w.endArr()
	w.end()
}

func listStock(c *call) {
	f := &filterReader{c: c}
	ids, codes := f.ids("location_id:in"), f.list("location_code:in")
	at := func(l *Location) bool {
		return (ids == nil || slices.Contains(ids, l.ID)) && (codes == nil || slices.Contains(codes, l.Code))
	}
	if f.failed() {
		return
	}
	c.stockPage(func(p *Product, pos int) bool {
		return ids == nil && codes == nil || slices.ContainsFunc(p.levelsAt(pos), func(l Level) bool {
			place := c.store.location(l.LocationID)
			return place != nil && at(place)
		})
	}, ids != nil || codes != nil, func(w *writer, p *Product, pos int) { w.stockItem(c.store, p, pos, at) })
}

// stockPage answers a page of inventory items; keep tests one where narrowed.
func (c *call) stockPage(keep func(*Product, int) bool, narrowed bool, each func(w *writer, p *Product, pos int)) {
	number, size, ok := c.window(maxStock)
	if !ok {
		return
	}
	f := &filterReader{c: c}
	variants, products, skus := f.ids("variant_id:in"), f.ids("product_id:in"), f.list("sku:in")
	if f.failed() {
		return
	}
	if !narrowed && variants == nil && products == nil && skus == nil {
		p, items := c.store.stock.page(number, size)
		c.list(p, func(w *writer) {
			for _, v := range items {
				each(w, v.of, v.pos)
			}
		})
		return
	}
	var found []variantRef
	for _, p := range c.stockCandidates(variants, products, skus) {
		for pos := range p.stocked() {
			v := &p.Variants[pos]
			if (variants == nil || slices.Contains(variants, v.ID)) && (products == nil || slices.Contains(products, p.ID)) &&
				(skus == nil || slices.ContainsFunc(skus, func(sku string) bool {
					return strings.EqualFold(sku, v.SKU) || p.Tracking == "product" && strings.EqualFold(sku, p.SKU)
				})) && keep(p, pos) {
				found = append(found, variantRef{p, pos})
			}
		}
	}
	few(c, found, maxStock, func(w *writer, v *variantRef) { each(w, v.product, v.pos) })
}

func (c *call) stockCandidates(variants, products []int64, skus []string) []*Product {
	var ids []int64
	switch {
	case products != nil:
		ids = products
	case variants != nil:
		for _, id := range variants {
			ids = append(ids, productOfVariant(id))
		}
	case skus != nil:
		for _, sku := range skus {
			ids = append(ids, c.store.skus.find(sku, false)...)
			for _, id := range c.store.skus.find(sku, true) {
				ids = append(ids, productOfVariant(id))
			}
		}
	default:
		return c.store.products.all()
	}
	slices.Sort(ids)
	var out []*Product
	for _, id := range slices.Compact(ids) {
		if p := c.store.products.get(id); p != nil {
			out = append(out, p)
		}
	}
	return out
}

func listLocationStock(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	if c.store.location(id) == nil {
		c.problemJSON(404, "Location was not found")
		return
	}
	level := func(p *Product, pos int) *Level {
		levels := p.levelsAt(pos)
		i := slices.IndexFunc(levels, func(l Level) bool { return l.LocationID == id })
		if i < 0 {
			return nil
		}
		return &levels[i]
	}
	c.stockPage(func(p *Product, pos int) bool { return level(p, pos) != nil }, true, func(w *writer, p *Product, pos int) {
		l := level(p, pos)
		w.obj("")
		w.identity(p, pos)
		w.num("available_to_sell", max(0, l.OnHand-l.SafetyStock))
		w.num("total_inventory_onhand", l.OnHand)
		w.levelSettings(l)
		w.end()
	})
}

func listLocations(c *call) {
	f := &filterReader{c: c}
	ids, codes, types := f.ids("location_id:in"), f.list("location_code:in"), f.list("type_id:in")
	isDefault, active := f.flag("is_default"), f.flag("is_active")
	external, visible := f.flag("managed_by_external_source"), f.flag("storefront_visibility")
	if f.failed() {
		return
	}
	var list []*Location
	for _, l := range c.store.locations {
		if (ids == nil || slices.Contains(ids, l.ID)) && (codes == nil || slices.Contains(codes, l.Code)) &&
			(types == nil || slices.Contains(types, l.Type)) && (isDefault == nil || *isDefault == l.Default) &&
			(active == nil || *active == l.Enabled) && (external == nil || !*external) && (visible == nil || *visible) {
			list = append(list, l)
		}
	}
	few(c, list, maxLimit, func(w *writer, l **Location) { w.location(c.store, *l) })
}

const hours = `{"open":true,"opening":"09:00","closing":"18:00"}`

func (w *writer) location(s *Store, l *Location) {
	w.obj("")
	w.id("id", l.ID)
	w.str("code", l.Code)
	w.str("label", l.Label)
	w.str("description", "")
	w.flag("managed_by_external_source", false)
	w.str("type_id", l.Type)
	w.flag("enabled", l.Enabled)
	w.obj("operating_hours")
	for _, d := range []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"} {
		w.raw(d, hours)
	}
	w.end()
	w.str("time_zone", "Asia/Riyadh")
	w.zulu("created_at", s.cfg.Epoch.AddDate(-1, 0, 0))
	w.zulu("updated_at", s.cfg.Epoch.AddDate(0, -1, 0))
	w.obj("address")
	w.str("address1", l.Address.Street1)
	w.str("address2", l.Address.Street2)
	w.str("city", l.Address.City)
	w.str("state", l.Address.State)
	w.str("zip", l.Address.Zip)
	w.str("email", l.Email)
	w.str("phone", l.Address.Phone)
	w.raw("geo_coordinates", `{"latitude":24.7136,"longitude":46.6753}`)
	w.str("country_code", l.Address.CountryCode)
	w.end()
	w.flag("storefront_visibility", true)
	w.raw("special_hours", "[]")
	w.end()
}
