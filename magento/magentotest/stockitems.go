package magentotest

import "net/http"

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
		w.int("qty", qty/10_000) // declared a whole number, and cast to one
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
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.bySKU(c.args[0])
	if p == nil {
		c.fail(http.StatusNotFound, `The Product with the "%1" SKU doesn't exist.`, c.args[0])
		return
	}
	if id, ok := c.id(1); !ok {
		return
	} else if id != stockItemID(p) { // only the SKU counts
		c.violation("stock item %d is not the product's, and ignored", id)
	}
	if c.setLegacyStock(p, item) {
		c.out.int("", stockItemID(p))
	}
}

// setLegacyStock takes qty, is_in_stock and whether stock is managed where they
// are given; the lock is held. False after an error was answered.
func (c *call) setLegacyStock(p *Product, item input) bool {
	s := c.server.store
	it, ok := s.stockAt(p.SKU, "default")
	if !ok {
		it = SourceItem{p.SKU, "default", "0", 0}
	}
	if item.has("qty") {
		if !isDecimal(item.text("qty")) {
			c.bad(msgType, "value", item.text("qty"), "type", "float")
			return false
		}
		it.Quantity = roundDecimal(item.text("qty"), 4)
	}
	if item.has("is_in_stock") {
		it.Status = int(map[bool]int64{true: 1}[item.flag("is_in_stock")])
	}
	if unmanaged := item.has("manage_stock") && !item.flag("manage_stock") && !item.flag("use_config_manage_stock"); hasStock(p.Type) &&
		(item.has("manage_stock") || item.has("use_config_manage_stock")) && unmanaged != p.Unmanaged {
		n := p.clone()
		n.Unmanaged = unmanaged
		s.products.put(n)
		s.effect("stock.manage", p.SKU)
	}
	if hasStock(p.Type) && (ok || it.Status != 0 || toUnits(it.Quantity) != 0) {
		s.setStock(it)
	}
	return true
}
