package bigcommercetest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

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
	s := &selection[Product]{}
	s.when(key, test)
	_, found := c.store.products.page(s, 1, 2)
	return slices.ContainsFunc(found, func(p *Product) bool { return p.ID != id && test(p) })
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
