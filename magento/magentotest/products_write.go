package magentotest

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

const productFields = `id sku name attribute_set_id price status visibility type_id created_at updated_at weight extension_attributes
	product_links options media_gallery_entries tier_prices custom_attributes`

// saveProduct creates or changes a product, whichever the method: what is
// named by its id or else its SKU is changed, what is not there is created. In
// the scope "all" the values are those of every view; in any other they are the
// view's alone from then on.
func saveProduct(c *call) {
	in, ok := c.input("product saveOptions")
	if !ok {
		return
	}
	f, ok := c.object(in, "product", productFields)
	if !ok {
		return
	}
	if c.r.Method == http.MethodPut && len(in) == 1 && !c.queued {
		// The path's SKU replaces the body's, but only in a body of one member.
		if f.has("sku") && skuKey(f.text("sku")) != skuKey(c.args[0]) && !f.has("id") {
			c.violation("the SKU of the body is not the path's, and ignored")
		}
		f["sku"] = quoted(c.args[0])
	}
	sku := strings.TrimSpace(f.text("sku"))
	if sku == "" {
		c.violation("no SKU: beside saveOptions that of the path does not count")
		c.bad(msgEmpty, "sku")
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.bySKU(sku)
	if f.has("id") {
		if old = s.products.get(f.whole("id")); old == nil {
			c.violation("no product has the id %s", f.text("id"))
			c.bad(msgNotSaved)
			return
		}
	} else if old == nil && c.r.Method == http.MethodPut {
		c.violation("PUT of %q, which is no product, creates it", sku)
	}
	p := &Product{Type: TypeSimple, Status: 1, Visibility: 4, Websites: c.websitesOfScope()}
	if old != nil {
		p = old.clone()
	}
	switch same := old != nil && skuKey(sku) == skuKey(old.SKU); {
	case !same:
		p.SKU = s.uniqueSKU(sku)
	case f.has("id"): // in other letters it is still its own
		p.SKU = sku
	}
	if !c.fillProduct(p, f, old) || !c.checkProduct(p, old) {
		return
	}
	if old == nil {
		p = s.addProduct(*p)
		s.effect("product.create", p.SKU)
	} else {
		if !sameProduct(old, p) {
			s.effect("product.update", p.SKU)
		}
		s.replaceProduct(old, p)
	}
	if stock := f.sub("extension_attributes").sub("stock_item"); len(stock) > 0 {
		c.setLegacyStock(p, stock)
	}
	c.product(&c.out, p, true)
}

// websitesOfScope are those of a new product that names none.
func (c *call) websitesOfScope() []int64 {
	if c.view.code != "admin" {
		return []int64{c.view.website}
	}
	var out []int64
	for _, site := range websites {
		if site.id != 0 {
			out = append(out, site.id)
		}
	}
	return out
}

// uniqueSKU appends a number to a SKU that another product has: so the shop
// answers a wish for a taken one.
func (s *store) uniqueSKU(sku string) string {
	out := sku
	for n := 1; s.bySKU(out) != nil; n++ {
		out = sku + "-" + strconv.Itoa(n)
	}
	return out
}

// replaceProduct stores a changed product. Its stock follows it to another SKU,
// its reservations do not. The lock is held.
func (s *store) replaceProduct(old, p *Product) {
	if skuKey(p.SKU) != skuKey(old.SKU) {
		delete(s.skuIndex(), skuKey(old.SKU))
		s.skus[skuKey(p.SKU)] = p.ID
		s.stock.rename(old.SKU, p.SKU)
	}
	p.UpdatedAt = s.second()
	s.products.put(p)
}

// sameProduct compares all but the time of the last change.
func sameProduct(a, b *Product) bool {
	x := b.clone()
	x.UpdatedAt, x.index = a.UpdatedAt, a.index
	return reflect.DeepEqual(a.clone(), x)
}

// checkProduct is what the shop looks at before it saves.
func (c *call) checkProduct(p, old *Product) bool {
	s := c.server.store
	switch {
	case len([]rune(p.SKU)) > 64:
		c.bad("SKU length should be %1 characters maximum.", 64)
	case p.AttributeSetID != 4 && (old == nil || p.AttributeSetID != old.AttributeSetID):
		c.bad("Invalid product data: %1", "Invalid attribute set entity type")
	case p.Name == "":
		c.bad(msgEmpty, "Product Name")
	case p.Price == "" && slices.Contains([]string{TypeSimple, TypeVirtual, TypeDownloadable}, p.Type):
		c.bad(msgEmpty, "Price")
	case urlChanged(p, old) && s.urlTaken(p):
		c.violation("the URL key %q is another product's", p.Attribute("url_key"))
		c.bad("URL key for specified store already exists.")
	default:
		return true
	}
	return false
}

// urlChanged says whether the shop makes the addresses of the product anew.
func urlChanged(p, old *Product) bool {
	return old == nil || p.Visibility != old.Visibility || !slices.Equal(p.Websites, old.Websites) || p.Attribute("url_key") != old.Attribute("url_key")
}

// urlTaken says whether another product that can be seen has the URL key.
func (s *store) urlTaken(p *Product) bool {
	key := p.Attribute("url_key")
	if key == "" || p.Visibility == 1 {
		return false
	}
	taken := func(o *Product) bool {
		return o != nil && o.ID != p.ID && o.Visibility != 1 && o.Attribute("url_key") == key &&
			slices.ContainsFunc(o.Websites, func(id int64) bool { return slices.Contains(p.Websites, id) })
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(key, "product-")); err == nil && n >= 0 && n < s.cfg.Products && taken(s.products.get(s.productID(n))) {
		return true // the keys of seeded products are made of their index
	}
	for _, o := range s.products.stored {
		if taken(o) {
			return true
		}
	}
	return false
}

func deleteProduct(c *call) {
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.bySKU(c.args[0])
	if p == nil {
		c.noProduct()
		return
	}
	s.dropProduct(p)
	s.effect("product.delete", p.SKU)
	c.out.flag("", true)
}
