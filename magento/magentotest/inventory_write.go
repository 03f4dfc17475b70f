package magentotest

import (
	"net/http"
	"strings"
)

// rowsOf reads sourceItems; nil after an error was answered.
func (c *call) rowsOf() []input {
	in, ok := c.input("sourceItems")
	if !ok {
		return nil
	}
	if !in.has("sourceItems") {
		c.required("sourceItems")
		return nil
	}
	rows, ok := c.objects(in, "sourceItems", "sku source_code quantity status extension_attributes")
	if ok && len(rows) == 0 {
		c.bad("Input data is empty")
	}
	return rows
}

// setStock notes an effect where something changes; the lock is held.
func (s *store) setStock(it SourceItem) {
	if old, ok := s.stockAt(it.SKU, it.Source); !ok || toUnits(old.Quantity) != toUnits(it.Quantity) || old.Status != it.Status {
		s.effect("stock.set", it.SKU+"@"+it.Source)
	}
	s.stock.set(it)
}

// stockAt returns the stock of a SKU at a source, be it a product's or not.
func (s *store) stockAt(sku, source string) (SourceItem, bool) {
	if p := s.bySKU(sku); p != nil {
		for _, it := range s.stock.of(p, s.seedIndexOf(p.ID)) {
			if it.Source == source {
				return it, true
			}
		}
		return SourceItem{}, false
	}
	if it := s.stock.changed[skuKey(sku)][source]; it != nil {
		return *it, true
	}
	return SourceItem{}, false
}

// saveSourceItems sets stock: all rows or none. An empty array is the answer.
// No row is checked for a product: the shop keeps stock of any SKU.
func saveSourceItems(c *call) {
	rows := c.rowsOf()
	if len(rows) == 0 {
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	var sets []SourceItem
	for _, r := range rows {
		it := SourceItem{r.text("sku"), r.text("source_code"), r.text("quantity"), int(r.whole("status"))}
		if r.has("quantity") && !isDecimal(it.Quantity) {
			c.bad(msgType, "value", it.Quantity, "type", "float")
			return
		}
		switch {
		case it.SKU == "":
			c.bad(`Validation Failed: "sku" can not be empty.`)
		case strings.TrimSpace(it.SKU) != it.SKU:
			c.bad(`Validation Failed: "sku" can not contain leading or trailing spaces.`)
		case it.Source == "":
			c.bad(`Validation Failed: "source_code" can not be empty.`)
		case !r.has("quantity"):
			c.bad(`Validation Failed: "quantity" should be numeric.`)
		case !r.has("status"):
			c.bad(`Validation Failed: "status" should be numeric.`)
		case it.Status != 0 && it.Status != 1:
			c.bad(`Validation Failed: "status" should a known status.`)
		}
		if c.status != http.StatusOK {
			return
		}
		if p := s.bySKU(it.SKU); p != nil {
			it.SKU = p.SKU
		} else {
			c.violation("stock of %q, which is no product, is kept", it.SKU)
		}
		it.Quantity = roundDecimal(it.Quantity, 4)
		sets = append(sets, it)
	}
	for _, it := range sets {
		if s.stock.source(it.Source) == nil { // a foreign key
			c.bad("Could not save Source Item")
			return
		}
	}
	for _, it := range sets {
		s.setStock(it)
	}
	c.out.strs("", nil)
}

// deleteSourceItems takes SKUs from sources; what is not there is no error.
func deleteSourceItems(c *call) {
	rows := c.rowsOf()
	if len(rows) == 0 {
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range rows {
		sku, source := r.text("sku"), r.text("source_code")
		if it, ok := s.stockAt(sku, source); ok {
			s.effect("stock.delete", it.SKU+"@"+source)
		}
		s.stock.unset(sku, source)
	}
	c.out.strs("", nil)
}

// transferStock moves quantities between two sources: the nearest the shop has
// to a relative change.
func transferStock(c *call) {
	in, ok := c.input("originSourceCode destinationSourceCode items")
	if !ok {
		return
	}
	rows, ok := c.objects(in, "items", "sku qty extension_attributes")
	if !ok {
		return
	}
	from, to := in.text("originSourceCode"), in.text("destinationSourceCode")
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(rows) == 0:
		c.required("items")
		return
	case s.stock.source(from) == nil || s.stock.source(to) == nil:
		c.bad("Transfer validation failed")
		return
	case from == to:
		c.bad("Cannot transfer a source on itself")
		return
	}
	left := map[string]int64{}
	for _, r := range rows {
		it, ok := s.stockAt(r.text("sku"), from)
		key := skuKey(r.text("sku"))
		if _, seen := left[key]; !seen {
			left[key] = toUnits(it.Quantity)
		}
		left[key] -= toUnits(r.text("qty"))
		if !ok || toUnits(r.text("qty")) < 0 || left[key] < 0 {
			c.bad("Transfer validation failed")
			return
		}
	}
	for _, r := range rows {
		s.moveStock(r.text("sku"), from, -toUnits(r.text("qty")))
		s.moveStock(r.text("sku"), to, toUnits(r.text("qty")))
	}
	c.out.strs("", nil)
}

func (s *store) moveStock(sku, source string, by int64) {
	it, ok := s.stockAt(sku, source)
	if !ok {
		it = SourceItem{sku, source, "0", 1}
	}
	it.Quantity = units(toUnits(it.Quantity) + by)
	s.setStock(it)
}
