package magentotest

import (
	"net/http"
	"strconv"
)

func listSourceItems(c *call) {
	q, ok := c.criteria()
	if !ok {
		return
	}
	c.locked(func(s *store) {
		var all []SourceItem
		if skus, ok := q.skus(); ok {
			all = s.sourceItemsOf(skus)
		} else {
			all = s.sourceItems()
		}
		answerSlice(c, &q, all, map[string]column[SourceItem]{
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
