package bigcommercetest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

const productParams = paging + fieldParams + `include id id:in id:not_in id:min id:max id:greater id:less channel_id:in
	direction sort categories categories:in name mpn upc price weight condition brand_id date_modified date_modified:min
	date_modified:max date_last_imported date_last_imported:not date_last_imported:min date_last_imported:max is_visible
	is_featured is_free_shipping inventory_level inventory_level:in inventory_level:not_in inventory_level:min
	inventory_level:max inventory_level:greater inventory_level:less inventory_low out_of_stock total_sold type keyword
	keyword_context availability sku sku:in`

// include reads the include parameter; false when it has answered that a name
// is unknown.
func (c *call) include(known []string) ([]string, bool) {
	v := c.query.Get("include")
	if v == "" {
		return nil, true
	}
	list := strings.Split(v, ",")
	for _, name := range list {
		if !slices.Contains(known, name) {
			c.violation("unknown include %s", name)
			c.invalid("The include parameter is invalid.", "include", name+" is not a valid include")
			return nil, false
		}
	}
	return list, true
}

// idRange reads the filters of ids that every catalog list has.
func idRange[T any](f *filterReader, s *selection[T]) {
	s.ids = f.ids("id:in")
	if id := f.id("id"); f.text("id") != "" {
		s.ids = []int64{id}
	}
	for name, to := range map[string]func(int64){"id:min": s.above, "id:max": s.below} {
		if f.text(name) != "" {
			to(f.id(name))
		}
	}
	if f.text("id:greater") != "" {
		s.above(f.id("id:greater") + 1)
	}
	if f.text("id:less") != "" {
		s.below(f.id("id:less") - 1)
	}
}

func listProducts(c *call) {
	include, ok := c.include(productIncludes)
	if !ok {
		return
	}
	number, size, ok := c.window(maxLimit)
	if !ok {
		return
	}
	if slices.Contains(include, "options") || slices.Contains(include, "modifiers") {
		size = min(size, 10) // without a word
	}
	s, ok := c.productSelection()
	if !ok {
		return
	}
	p, products := c.store.products.page(s, number, size)
	fields := c.fieldSet()
	c.list(p, func(w *writer) {
		for _, v := range products {
			from := len(w.b)
			w.product("", c.store, v, include)
			fields.trim(w, from, include)
		}
	})
}

func (c *call) productSelection() (*selection[Product], bool) {
	f := &filterReader{c: c}
	s := &selection[Product]{modified: f.span("date_modified:min", "date_modified:max")}
	idRange(f, s)
	if t := f.date("date_modified"); !t.IsZero() {
		s.modified = span{t.Unix(), t.Unix()}
	}
	if skus := append(f.list("sku:in"), one(f.text("sku"))...); skus != nil {
		found := []int64{}
		for _, sku := range skus {
			found = append(found, c.store.skus.find(sku, false)...)
		}
		if s.ids != nil {
			found = slices.DeleteFunc(found, func(id int64) bool { return !slices.Contains(s.ids, id) })
		}
		s.ids = found
	}
	c.productTests(f, s)
	numericTests(f, s, "inventory_level", (*Product).InventoryLevel)
	numericTests(f, s, "total_sold", func(p *Product) int { return p.TotalSold })
	if f.failed() || !c.productOrder(s) {
		return nil, false
	}
	return s, true
}

func one(v string) []string {
	if v == "" {
		return nil
	}
	return []string{v}
}

// productTests adds the tests that need the product.
func (c *call) productTests(f *filterReader, s *selection[Product]) {
	if not := f.ids("id:not_in"); not != nil {
		s.when("not "+f.text("id:not_in"), func(p *Product) bool { return !slices.Contains(not, p.ID) })
	}
	for name, of := range map[string]func(*Product) string{
		"name": func(p *Product) string { return p.Name }, "mpn": func(p *Product) string { return p.MPN },
		"upc": func(p *Product) string { return p.UPC }, "type": func(p *Product) string { return p.Type },
		"availability": func(p *Product) string { return p.Availability },
		"condition":    func(p *Product) string { return strings.ToLower(p.Condition) },
	} {
		if v := f.text(name); v != "" {
			s.when(name+" "+v, func(p *Product) bool { return strings.EqualFold(of(p), v) })
		}
	}
	for name, of := range map[string]func(*Product) string{
		"price": func(p *Product) string { return p.Price }, "weight": func(p *Product) string { return p.Weight },
	} {
		if v := f.text(name); v != "" {
			want, ok := toMoney(v)
			if !ok {
				f.wrong(name)
			}
			s.when(name+" "+v, func(p *Product) bool { have, _ := toMoney(of(p)); return have == want })
		}
	}
	for name, of := range map[string]func(*Product) bool{
		"is_visible": func(p *Product) bool { return p.Visible }, "is_featured": func(p *Product) bool { return p.Featured },
		"is_free_shipping": func(p *Product) bool { return p.FreeShipping }, "out_of_stock": (*Product).outOfStock,
		"inventory_low": (*Product).low,
	} {
		if want := f.flag(name); want != nil {
			s.when(name+f.text(name), func(p *Product) bool { return of(p) == *want })
		}
	}
	if id := f.id("brand_id"); f.text("brand_id") != "" {
		s.when("brand "+f.text("brand_id"), func(p *Product) bool { return p.BrandID == id })
	}
	if in := f.ids("channel_id:in"); in != nil {
		s.when("channel "+f.text("channel_id:in"), func(p *Product) bool { return overlap(p.Channels, in) })
	}
	if in := f.ids("categories:in"); in != nil { // the spec: in all of them
		s.when("categories "+f.text("categories:in"), func(p *Product) bool {
			return !slices.ContainsFunc(in, func(id int64) bool { return !slices.Contains(p.Categories, id) })
		})
	}
	if f.text("categories") != "" { // only of products with one category
		id := f.id("categories")
		s.when("category "+f.text("categories"), func(p *Product) bool { return len(p.Categories) == 1 && p.Categories[0] == id })
	}
	if v := strings.ToLower(f.text("keyword")); v != "" {
		s.when("keyword "+v, func(p *Product) bool {
			return strings.Contains(strings.ToLower(p.Name+"\n"+p.Description+"\n"+p.SKU+"\n"+c.store.brandName(p.BrandID)), v)
		})
	}
	for _, name := range []string{"date_last_imported", "date_last_imported:min", "date_last_imported:max"} {
		if f.text(name) != "" { // no product here was ever imported
			s.when("imported", func(*Product) bool { return false })
		}
	}
}

func (p *Product) outOfStock() bool { return p.Tracking != "none" && p.InventoryLevel() <= 0 }
func (p *Product) low() bool {
	return p.Tracking != "none" && p.InventoryLevel() <= p.WarningLevel
}

func overlap(a, b []int64) bool {
	return slices.ContainsFunc(a, func(id int64) bool { return slices.Contains(b, id) })
}

// numericTests adds name, :in, :not_in, :min, :max, :greater and :less.
func numericTests[T any](f *filterReader, s *selection[T], name string, of func(*T) int) {
	for suffix, test := range map[string]func(have, want int64) bool{
		"":         func(have, want int64) bool { return have == want },
		":min":     func(have, want int64) bool { return have >= want },
		":max":     func(have, want int64) bool { return have <= want },
		":greater": func(have, want int64) bool { return have > want },
		":less":    func(have, want int64) bool { return have < want },
	} {
		if f.text(name+suffix) != "" {
			want := f.id(name + suffix)
			s.when(name+suffix+f.text(name+suffix), func(v *T) bool { return test(int64(of(v)), want) })
		}
	}
	for suffix, member := range map[string]bool{":in": true, ":not_in": false} {
		if list := f.ids(name + suffix); list != nil {
			s.when(name+suffix+f.text(name+suffix), func(v *T) bool { return slices.Contains(list, int64(of(v))) == member })
		}
	}
}

// productOrder reads sort and direction.
func (c *call) productOrder(s *selection[Product]) bool {
	s.sort = c.query.Get("sort")
	s.desc = c.query.Get("direction") == "desc"
	price := func(v string) int64 { n, _ := toMoney(v); return n }
	orders := map[string]func(a, b *Product) int{
		"": nil, "id": nil, "date_modified": nil,
		"name":               func(a, b *Product) int { return folded(a.Name, b.Name) },
		"sku":                func(a, b *Product) int { return folded(a.SKU, b.SKU) },
		"price":              func(a, b *Product) int { return cmp.Compare(price(a.Price), price(b.Price)) },
		"calculated_price":   func(a, b *Product) int { return cmp.Compare(price(a.calculated()), price(b.calculated())) },
		"date_last_imported": func(*Product, *Product) int { return 0 },
		"inventory_level":    func(a, b *Product) int { return a.InventoryLevel() - b.InventoryLevel() },
		"is_visible":         func(a, b *Product) int { return btoi(a.Visible) - btoi(b.Visible) },
		"total_sold":         func(a, b *Product) int { return a.TotalSold - b.TotalSold },
	}
	less, ok := orders[s.sort]
	s.less = less
	if d := c.query.Get("direction"); !ok || d != "" && d != "asc" && d != "desc" {
		c.violation("sort=%s&direction=%s", s.sort, d)
		c.invalid("The sort parameter is invalid.", "sort", "is not a valid sort")
		return false
	}
	return true
}

func getProduct(c *call) {
	include, ok := c.include(productIncludes)
	if !ok {
		return
	}
	if p := c.product(); p != nil {
		c.oneProduct(http.StatusOK, p, include)
	}
}

// product finds the product of the path's first argument; nil after it has
// answered 404.
func (c *call) product() *Product {
	id, ok := c.id(0)
	if !ok {
		return nil
	}
	p := c.store.products.get(id)
	if p == nil {
		c.notFound()
	}
	return p
}

func (c *call) oneProduct(status int, p *Product, include []string) {
	fields := c.fieldSet()
	c.data(func(w *writer) {
		w.key("data")
		from := len(w.b)
		w.product("", c.store, p, include)
		fields.trim(w, from, include)
	})
	c.status = status
}

func catalogSummary(c *call) {
	variants, stock := 0, 0
	for _, p := range c.store.products.all() {
		variants += len(p.Variants)
		stock += p.InventoryLevel()
	}
	c.data(func(w *writer) {
		w.obj("data")
		w.num("inventory_count", stock)
		w.num("variant_count", variants)
		w.num("inventory_value", 0)
		w.num("highest_variant_price", 1234567)
		w.num("average_variant_price", 100)
		w.str("lowest_variant_price", "0.0000")
		w.str("oldest_variant_date", c.store.cfg.Epoch.AddDate(-1, 0, 0).Format(layoutV3))
		w.str("newest_variant_date", c.store.cfg.Epoch.Format(layoutV3))
		w.num("primary_category_id", categoryBase)
		w.str("primary_category_name", categoryNames[0])
		w.end()
	})
}
