package magentotest

import (
	"net/http"
	"slices"
)

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
