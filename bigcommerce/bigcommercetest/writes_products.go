package bigcommercetest

import (
	"fmt"
	"net/http"
)

// readOnlyProduct are members that may come back but change nothing.
const readOnlyProduct = `id date_last_imported reviews_rating_sum reviews_count total_sold `

func createProduct(c *call) {
	in, ok := c.input(readOnlyProduct + "variants " + names(productRules))
	if !ok {
		return
	}
	need := map[string]string{}
	for _, name := range []string{"name", "type", "weight", "price"} {
		if !in.has(name) {
			need[name] = "Please provide a " + name + "."
		}
	}
	if len(need) > 0 {
		c.failWith(http.StatusUnprocessableEntity, "Missing Required Fields", need)
		return
	}
	p := Product{ID: c.store.partID(), Visible: true, MetaKeywords: []string{}} // the id is for those of options
	if !c.checkProduct(&p, in) || !c.newVariants(&p, in) {
		return
	}
	if most := c.store.cfg.ProductLimit; most > 0 && len(c.store.products.rows) >= most {
		c.fail(http.StatusInsufficientStorage, "The store has reached its product limit.")
		return
	}
	title, fields := c.failing(in, 0)
	p.fillAll(in, c.store)
	done := c.store.AddProduct(p)
	c.effect("product", done.ID)
	if title == "" {
		c.oneProduct(http.StatusOK, done, nil)
		return
	}
	c.answer(http.StatusMultiStatus, func(w *writer) { // of a new product the data is an array
		w.obj("")
		w.arr("data")
		w.product("", c.store, done, nil)
		w.endArr()
		w.problem("errors", http.StatusUnprocessableEntity, title, fields)
		w.raw("meta", "{}")
		w.end()
	})
}

func updateProduct(c *call) {
	p := c.product()
	if p == nil {
		return
	}
	in, ok := c.input(readOnlyProduct + names(productRules))
	if !ok || !c.checkProduct(p, in) {
		return
	}
	title, fields := c.failing(in, p.ID)
	c.changeProduct(p.ID, in)
	done := c.store.products.get(p.ID)
	switch {
	case done == nil:
		c.notFound()
	case title == "":
		c.oneProduct(http.StatusOK, done, nil)
	default:
		c.answer(http.StatusMultiStatus, func(w *writer) {
			w.obj("")
			w.product("data", c.store, done, nil)
			w.problem("errors", http.StatusUnprocessableEntity, title, fields)
			w.raw("meta", "{}")
			w.end()
		})
	}
}

// changeProduct stores what a client sent for a product.
func (c *call) changeProduct(id int64, in input) {
	c.alterProduct("product", id, id, "store/product/updated", productEvent(id), func(p *Product) bool {
		p.fillAll(in, c.store)
		return true
	})
}

// alterProduct changes a product or a part of it, with its effect and event.
func (c *call) alterProduct(kind string, id, product int64, scope, data string, change func(*Product) bool) outcome {
	s := c.store
	now := s.stamp()
	result := alter(s.products, product, change, func(p *Product) {
		p.ID, p.ModifiedAt = product, now
		s.fillProduct(p, int(product-productBase))
	}, s.skus.changed)
	if result == changed {
		c.effect(kind, id)
		if scope != "" {
			s.fire(scope, data)
		}
	}
	return result
}

// updateProducts saves all of a batch or, where one is refused, none; what only
// partly fails makes the answer a 207.
func updateProducts(c *call) {
	list, ok := c.inputs(readOnlyProduct+names(productRules), 10)
	if !ok {
		return
	}
	title, fields := "", map[string]string{}
	var ids []int64
	for _, in := range list {
		id, ok := in.integer("id")
		if !ok {
			c.failWith(http.StatusUnprocessableEntity, "Missing Required Fields", map[string]string{"id": "Please provide a id."})
			return
		}
		p := c.store.products.get(id)
		if p == nil {
			c.notFound()
			return
		}
		if !c.checkProduct(p, in) {
			return
		}
		ids = append(ids, id)
	}
	for i, in := range list {
		why, bad := c.failing(in, ids[i])
		if why != "" {
			title = why
		}
		for name, text := range bad {
			fields[fmt.Sprintf("%d.%s", i, name)] = text
		}
		c.changeProduct(ids[i], in)
	}
	p := newPage(1, max(1, len(ids)), len(ids))
	status := http.StatusOK
	c.ok(func(w *writer) {
		w.obj("")
		w.arr("data")
		for _, id := range ids {
			if now := c.store.products.get(id); now != nil {
				w.product("", c.store, now, nil)
			}
		}
		w.endArr()
		if title != "" {
			status = http.StatusMultiStatus
			w.problem("errors", http.StatusUnprocessableEntity, title, fields)
		}
		w.obj("meta")
		c.pagination(w, p)
		w.end()
		w.end()
	})
	c.status = status
}

func (c *call) drop(id int64) bool {
	gone := c.store.DeleteProduct(id) == nil
	if gone {
		c.effect("product", id)
	}
	return gone
}

func deleteProduct(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	if !c.drop(id) {
		c.notFound()
		return
	}
	c.none()
}

// deleteProducts deletes what passes the filters, at most 250.
func deleteProducts(c *call) {
	if len(c.query) == 0 {
		c.violation("deletes every product")
		c.invalid("A filter is required.", "id:in", "is required")
		return
	}
	s, ok := c.productSelection()
	if !ok {
		return
	}
	_, products := c.store.products.page(s, 1, maxLimit)
	for _, p := range products {
		c.drop(p.ID)
	}
	c.none()
}
