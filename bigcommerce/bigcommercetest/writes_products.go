package bigcommercetest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// readOnlyProduct are members that may come back but change nothing.
const readOnlyProduct = `id date_last_imported reviews_rating_sum reviews_count total_sold `

// wrongURL says why an address in the shop cannot be had.
func (c *call) wrongURL(in input, id int64) string {
	u := in.object("custom_url").text("url")
	switch {
	case !in.object("custom_url").has("url"):
		return ""
	case u == "" || len(u) > 255 || strings.ContainsFunc(u, func(r rune) bool { return r > unicode.MaxASCII }):
		return "The URL must be of Latin letters and 1 to 255 characters long"
	case c.another("url "+u, id, func(p *Product) bool { return strings.EqualFold(p.URL, u) }):
		return "The URL is taken"
	}
	return ""
}

// another says whether a product other than id passes the test; key names it.
func (c *call) another(key string, id int64, test func(*Product) bool) bool {
	t := c.store.products
	s := &selection[Product]{}
	s.when(key, test)
	_, rows := t.page(s, 1, 2)
	return slices.ContainsFunc(t.load(rows), func(p *Product) bool { return p.ID != id && test(p) })
}

// conflict says what of an input cannot be had: the name or a SKU of another
// product or variant, a category or brand that is not there.
func (c *call) conflict(p *Product, in input) (title, field string) {
	if in.has("name") && c.another("named "+in.text("name"), p.ID, func(o *Product) bool { return strings.EqualFold(o.Name, in.text("name")) }) {
		return "The product name is a duplicate", "name"
	}
	if in.has("sku") && c.skuTaken(in.text("sku"), p.ID, 0) {
		return "The product sku is a duplicate", "sku"
	}
	for _, id := range in.ids("categories") {
		if !slices.ContainsFunc(categories, func(v named) bool { return v.id == id }) {
			return fmt.Sprintf("Category with id %d does not exist.", id), "categories"
		}
	}
	if id, ok := in.integer("brand_id"); ok && id != 0 && c.store.brandName(id) == "" {
		return fmt.Sprintf("Brand with id %d does not exist.", id), "brand_id"
	}
	return "", ""
}

// skuTaken says whether a SKU belongs to something but the product itself, its
// base variant and the variant.
func (c *call) skuTaken(sku string, product, variant int64) bool {
	if sku == "" {
		return false
	}
	mains := slices.DeleteFunc(c.store.skus.find(sku, false), func(id int64) bool { return id == product })
	variants := slices.DeleteFunc(c.store.skus.find(sku, true), func(id int64) bool {
		p := c.store.products.get(product)
		return id == variant || p != nil && p.Simple() && productOfVariant(id) == product
	})
	return len(mains)+len(variants) > 0
}

// checkProduct answers what is wrong with an input for a product.
func (c *call) checkProduct(p *Product, in input) bool {
	if bad := in.wrong(productRules); len(bad) > 0 {
		c.failWith(http.StatusUnprocessableEntity, msgBadJSON, bad)
		return false
	}
	for _, part := range in.list("images") {
		if !part.has("id") && part.text("image_url") == "" {
			c.invalid("image_url must be present if uploading by url", "image_url", "is required")
			return false
		}
	}
	if title, field := c.conflict(p, in); title != "" {
		c.failWith(http.StatusConflict, title, map[string]string{field: title})
		return false
	}
	return true
}

// failing takes out of an input what fails although the rest is saved, and says
// why.
func (c *call) failing(in input, id int64) (title string, fields map[string]string) {
	fields = map[string]string{}
	if n, ok := in.integer("inventory_level"); ok && n < 0 {
		delete(in, "inventory_level")
		title, fields["inventory_level"] = "The product was saved, its inventory was not", "must not be negative"
	}
	if why := c.wrongURL(in, id); why != "" {
		delete(in, "custom_url")
		title, fields["custom_url"] = "The product was saved, its URL was not", why
	}
	return title, fields
}

func (p *Product) fillAll(in input, s *Store) {
	p.fill(in)
	p.fillParts(in, s.partID, s.stamp())
	p.setStock(in)
	if u := in.object("custom_url").text("url"); u != "" {
		p.URL = u
	}
	if in.has("brand_name") {
		p.BrandID = s.brandNamed(in.text("brand_name"))
	}
}

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
	_, rows := c.store.products.page(s, 1, maxLimit)
	for _, p := range c.store.products.load(rows) {
		c.drop(p.ID)
	}
	c.none()
}
