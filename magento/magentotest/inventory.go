package magentotest

import (
	"net/http"
	"slices"
	"strconv"
)

func listSourceItems(c *call) {
	c.locked(func(s *store) {
		serveSlice(c, s.sourceItems(), map[string]column[SourceItem]{
			"sku":         {textColumn, some(func(i *SourceItem) string { return i.SKU })},
			"source_code": {textColumn, some(func(i *SourceItem) string { return i.Source })},
			"quantity":    {numberColumn, some(func(i *SourceItem) string { return i.Quantity })},
			"status":      {numberColumn, some(func(i *SourceItem) string { return strconv.Itoa(i.Status) })},
		}, func(w *writer, i *SourceItem) {
			w.obj("")
			w.str("sku", i.SKU)
			w.str("source_code", i.Source)
			w.num("quantity", i.Quantity)
			w.int("status", int64(i.Status))
			w.end()
		})
	})
}

// rowsOf reads sourceItems and checks them; nil after an error was answered.
func (c *call) rowsOf(known string) []input {
	in, ok := c.input("sourceItems")
	if !ok {
		return nil
	}
	if !in.has("sourceItems") {
		c.required("sourceItems")
		return nil
	}
	rows, ok := c.objects(in, "sourceItems", known)
	if ok && len(rows) == 0 {
		c.bad("Input data is empty")
	}
	return rows
}

// saveSourceItems sets stock: all rows or none. An empty array is the answer.
func saveSourceItems(c *call) {
	rows := c.rowsOf("sku source_code quantity status extension_attributes")
	if len(rows) == 0 {
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	var sets []SourceItem
	for _, r := range rows {
		it := SourceItem{r.text("sku"), r.text("source_code"), r.text("quantity"), int(r.whole("status"))}
		if !r.has("sku") || !r.has("source_code") || !r.has("quantity") || !isDecimal(it.Quantity) {
			c.failFields(http.StatusBadRequest, "Validation Failed", []string{"sku", "source_code", "quantity"})
			return
		}
		if s.stock.source(it.Source) == nil {
			c.bad(`Source with code "%value" does not exist.`, "value", it.Source)
			return
		}
		if p := s.bySKU(it.SKU); p != nil {
			it.SKU = p.SKU
		} else {
			c.violation("stock of %q, which is no product", it.SKU)
		}
		if !r.has("status") {
			c.violation("a source item without a status counts as out of stock")
		}
		sets = append(sets, it)
	}
	for _, it := range sets {
		s.stock.set(it)
	}
	c.out.strs("", nil)
}

func deleteSourceItems(c *call) {
	rows := c.rowsOf("sku source_code quantity status extension_attributes")
	if len(rows) == 0 {
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range rows {
		s.stock.unset(r.text("sku"), r.text("source_code"))
	}
	c.out.strs("", nil)
}

func (w *writer) source(s *Source) {
	w.obj("")
	w.str("source_code", s.Code)
	w.str("name", s.Name)
	w.flag("enabled", s.Enabled)
	w.optNum("latitude", s.Latitude)
	w.optNum("longitude", s.Longitude)
	w.str("country_id", s.CountryID)
	w.opt("city", s.City)
	w.opt("street", s.Street)
	w.str("postcode", s.Postcode)
	w.flag("use_default_carrier_config", true)
	w.arr("carrier_links")
	w.endArr()
	w.obj("extension_attributes")
	w.flag("is_pickup_location_active", false)
	w.str("frontend_name", s.Name)
	w.end()
	w.end()
}

func listSources(c *call) {
	c.locked(func(s *store) {
		serveSlice(c, s.stock.sources, map[string]column[Source]{
			"source_code": {textColumn, some(func(x *Source) string { return x.Code })},
			"name":        {textColumn, some(func(x *Source) string { return x.Name })},
			"enabled":     {numberColumn, some(func(x *Source) string { return map[bool]string{true: "1", false: "0"}[x.Enabled] })},
		}, (*writer).source)
	})
}

func getSource(c *call) {
	c.locked(func(s *store) {
		if x := s.stock.source(c.args[0]); x != nil {
			c.out.source(x)
			return
		}
		c.fail(http.StatusNotFound, `Source with code "%value" does not exist.`, "value", c.args[0])
	})
}

func (w *writer) stock(s *stock) {
	w.obj("")
	w.int("stock_id", s.id)
	w.str("name", s.name)
	w.obj("extension_attributes")
	w.arr("sales_channels")
	for _, code := range s.sites {
		w.obj("")
		w.str("type", "website")
		w.str("code", code)
		w.end()
	}
	w.endArr()
	w.end()
	w.end()
}

func listStocks(c *call) {
	serveSlice(c, stocks, map[string]column[stock]{
		"stock_id": {numberColumn, some(func(s *stock) string { return itoa(s.id) })},
		"name":     {textColumn, some(func(s *stock) string { return s.name })},
	}, (*writer).stock)
}

// findStock looks a stock up by the text of its id; nil after an error.
func (c *call) findStock(id string) *stock {
	for i := range stocks {
		if itoa(stocks[i].id) == id {
			return &stocks[i]
		}
	}
	c.fail(http.StatusNotFound, `Stock with id "%value" does not exist.`, "value", id)
	return nil
}

func getStock(c *call) {
	if s := c.findStock(c.args[0]); s != nil {
		c.out.stock(s)
	}
}

type stockLink struct {
	stock    int64
	source   string
	priority int
}

func listStockSources(c *call) {
	c.locked(func(s *store) {
		var links []stockLink
		for i := range stocks {
			for n, code := range s.stock.sourcesOf(&stocks[i]) {
				links = append(links, stockLink{stocks[i].id, code, n + 1})
			}
		}
		serveSlice(c, links, map[string]column[stockLink]{
			"stock_id":    {numberColumn, some(func(l *stockLink) string { return itoa(l.stock) })},
			"source_code": {textColumn, some(func(l *stockLink) string { return l.source })},
			"priority":    {numberColumn, some(func(l *stockLink) string { return strconv.Itoa(l.priority) })},
		}, func(w *writer, l *stockLink) {
			w.obj("")
			w.int("stock_id", l.stock)
			w.str("source_code", l.source)
			w.int("priority", int64(l.priority))
			w.end()
		})
	})
}

// channel finds the stock of a sales channel; nil after an error.
func (c *call) channel() *stock {
	if c.args[0] == "website" {
		if s := stockOfSite(c.args[1]); s != nil {
			return s
		}
	}
	c.fail(http.StatusNotFound, "No linked stock found for sales channel type: %1 code: %2", c.args[0], c.args[1])
	return nil
}

func resolveStock(c *call) {
	if s := c.channel(); s != nil {
		c.out.stock(s)
	}
}

// salableOf finds a product's quantity in the stock a path names; false after
// an error.
func (c *call) salableOf() (qty int64, assigned, ok bool) {
	c.withProduct(func(p *Product) {
		if !hasStock(p.Type) {
			c.bad("Can't check requested quantity for products without Source Items support.")
			return
		}
		st := c.findStock(c.args[1])
		if st == nil {
			return
		}
		s := c.server.store
		qty, assigned = s.stock.salable(s.stock.of(p, s.seedIndexOf(p.ID)), p.SKU, st)
		ok = true
		if !assigned {
			ok = false
			c.bad("The requested sku is not assigned to given stock")
		}
	})
	return qty, assigned, ok
}

func getSalable(c *call) {
	if qty, _, ok := c.salableOf(); ok {
		c.out.num("", units(qty))
	}
}

func isSalable(c *call) {
	if qty, assigned, ok := c.salableOf(); ok {
		c.out.flag("", assigned && qty > 0)
	}
}

// exportSalable answers a page of products with their salable quantities.
// Products that are not assigned are dropped, and total_count counts what is
// on the page.
func exportSalable(c *call) {
	st := c.channel()
	if st == nil {
		return
	}
	q, ok := c.criteria()
	if !ok {
		return
	}
	c.locked(func(s *store) {
		page, _, ok := pageOf(c, s.productListing(), &q)
		if !ok {
			return
		}
		var out writer
		n := 0
		out.b = make([]byte, 0, 64*len(page))
		for _, p := range page {
			if hasStock(p.Type) && out.salable(s, p, st) {
				n++
			}
		}
		c.answerList(&q, n, func(w *writer) int {
			w.raw("", string(out.b))
			return n
		})
	})
}

// salable writes a row of an export; false for a product the stock lacks.
func (w *writer) salable(s *store, p *Product, st *stock) bool {
	qty, assigned := s.stock.salable(s.stock.of(p, s.seedIndexOf(p.ID)), p.SKU, st)
	if !assigned {
		return false
	}
	if len(w.b) > 0 {
		w.b = append(w.b, ',')
	}
	var row writer
	row.obj("")
	row.str("sku", p.SKU)
	row.num("qty", units(qty))
	row.flag("is_salable", qty > 0)
	row.end()
	w.b = append(w.b, row.b...)
	return true
}

// dumpStock answers the whole index of a channel at once.
func dumpStock(c *call) {
	st := c.channel()
	if st == nil {
		return
	}
	c.locked(func(s *store) {
		var out writer
		for _, r := range s.products.rows {
			if p := s.products.load(r); hasStock(p.Type) && out.salable(s, p, st) {
				c.rows++
			}
		}
		c.out.arr("")
		c.out.b = append(append(c.out.b, out.b...), ']')
	})
}

func getStockItem(c *call) { c.withProduct(func(p *Product) { c.stockItem(&c.out, "", p) }) }

func getStockStatus(c *call) {
	c.withProduct(func(p *Product) {
		s, qty, in := c.server.store, int64(0), int64(0)
		for _, it := range s.stock.of(p, s.seedIndexOf(p.ID)) {
			if it.Source == "default" {
				qty, in = toUnits(it.Quantity), int64(it.Status)
			}
		}
		w := &c.out
		w.obj("")
		w.int("product_id", p.ID)
		w.int("stock_id", 1)
		w.num("qty", units(qty))
		w.int("stock_status", in)
		c.stockItem(w, "stock_item", p)
		w.end()
	})
}

// putStockItem sets the stock of the default source the old way.
func putStockItem(c *call) {
	in, ok := c.input("stockItem")
	if !ok {
		return
	}
	item, ok := c.object(in, "stockItem", "*")
	if !ok {
		return
	}
	c.withProduct(func(p *Product) {
		if id, ok := c.id(1); !ok || id != stockItemID(p) {
			c.violation("stock item %s is not the product's", c.args[1])
			if ok {
				c.fail(http.StatusNotFound, "The stock item with the \"%1\" ID wasn't found. Verify the ID and try again.", c.args[1])
			}
			return
		}
		c.server.setLegacyStock(p, item)
		c.out.int("", stockItemID(p))
	})
}

// setLegacyStock takes qty and is_in_stock where they are given; the lock is
// held.
func (s *store) setLegacyStock(p *Product, item input) {
	it := SourceItem{p.SKU, "default", "0", 0}
	list := s.stock.of(p, s.seedIndexOf(p.ID))
	if at := slices.IndexFunc(list, func(x SourceItem) bool { return x.Source == "default" }); at >= 0 {
		it = list[at]
	}
	if item.has("qty") {
		it.Quantity = trimDecimal(item.text("qty"))
	}
	if item.has("is_in_stock") {
		it.Status = int(map[bool]int64{true: 1}[item.flag("is_in_stock")])
	}
	s.stock.set(it)
}
