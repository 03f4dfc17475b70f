package magentotest

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

// salable writes a row of an export; false for a product the stock lacks. One
// whose stock is not counted has 0 pieces and can be sold.
func (w *writer) salable(s *store, p *Product, st *stock) bool {
	qty, assigned := s.stock.salable(s.stock.of(p, s.seedIndexOf(p.ID)), p.SKU, st)
	if p.Unmanaged {
		qty = 0
	} else if !assigned {
		return false
	}
	if len(w.b) > 0 {
		w.b = append(w.b, ',')
	}
	var row writer
	row.obj("")
	row.str("sku", p.SKU)
	row.num("qty", units(qty))
	row.flag("is_salable", qty > 0 || p.Unmanaged)
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
