package sallatest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

func storeInfo(c *call) {
	s := c.store
	c.answer(http.StatusOK, func(w *writer) {
		w.obj("data")
		w.id("id", s.cfg.MerchantID)
		w.str("name", text("متجر تجريبي \"سوق\" 🛍", "Test store", c.english))
		w.str("entity", "company")
		w.str("email", "owner@example.com")
		w.str("avatar", "https://cdn.salla.sa/logo.jpg")
		w.str("plan", s.cfg.Plan)
		w.str("type", "demo")
		w.str("status", "active")
		w.flag("verified", false)
		w.str("currency", "SAR")
		w.str("domain", s.domain())
		w.str("description", "متجر تجريبي")
		w.raw("licenses", `{"tax_number":"65464645654","commercial_number":"8765282634","freelance_number":""}`)
		w.obj("social")
		for _, name := range []string{"telegram", "twitter", "facebook", "maroof", "youtube", "snapchat", "whatsapp", "appstore_link", "googleplay_link"} {
			w.str(name, "")
		}
		w.end()
		w.end()
	})
}

func listProducts(c *call) {
	s := c.store
	version := s.products.changes()
	indexes := s.products.order()
	keyword, state, category := c.query.Get("keyword"), c.query.Get("status"), c.query.Get("category")
	if state != "" && !slices.Contains([]string{"sale", "out", "hidden"}, state) {
		c.server.book.Violationf("/products: status=%s is none of sale, out, hidden", state)
		c.invalid("status", "القيمة المدخلة للحقل status غير موجودة.")
		return
	}
	if f := c.query.Get("format"); f != "" && f != "light" {
		c.server.book.Violationf("/products: format=%s; only light is known", f)
	}
	if keyword != "" || state != "" || category != "" {
		word := strings.ToLower(keyword)
		indexes = s.products.view("k="+word+"\x00s="+state+"\x00c="+category, func(p *Product) bool {
			return (state == "" || p.Status == state) && (word == "" || p.mentions(word)) &&
				(category == "" || slices.ContainsFunc(p.Categories, func(r Ref) bool { return strconv.FormatInt(r.ID, 10) == category }))
		}, nil)
	}
	pg := c.paginate(len(indexes), defaultSize, maxSize)
	c.pageOf(version, pg, func(w *writer) {
		for _, p := range s.products.records(indexes[pg.from:pg.to]) {
			if c.query.Get("format") == "light" {
				w.productLight(s, p, c.english)
			} else {
				w.product("", s, p, c.english)
			}
		}
	})
}

func (p *Product) mentions(word string) bool {
	has := func(s string) bool { return strings.Contains(strings.ToLower(s), word) }
	return has(p.Name) || has(p.NameEN) || has(p.SKU) || slices.ContainsFunc(p.Variants, func(v Variant) bool { return has(v.SKU) })
}

func (c *call) product(status int, p *Product) {
	if p == nil {
		c.notFound()
		return
	}
	c.answer(status, func(w *writer) {
		w.product("data", c.store, p, c.english)
	})
}

func productDetails(c *call) { c.product(http.StatusOK, c.store.products.get(c.id(0))) }

func productBySKU(c *call) { c.product(http.StatusOK, c.store.productBySKU(c.args[0])) }

// productBySKU returns the first product that has the SKU itself, or else one
// whose variant has it. Nothing is found by the empty one.
func (s *Store) productBySKU(sku string) *Product {
	if sku == "" {
		return nil
	}
	index, ok := s.skus.find(s.products, sku)
	if !ok {
		return nil
	}
	return s.products.get(s.ids.encode(int(index)))
}

// skuIndex finds products by code; it is built again after a change.
type skuIndex struct {
	mu      sync.Mutex
	version int
	bySKU   map[string]int32
}

func (x *skuIndex) find(products *collection[Product], sku string) (int32, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if v := products.changes(); x.bySKU == nil || v != x.version {
		x.version, x.bySKU = v, map[string]int32{}
		variants := map[string]int32{}
		first := func(m map[string]int32, sku string, p *Product) {
			if _, ok := m[sku]; !ok && sku != "" {
				m[sku] = int32(p.index)
			}
		}
		for _, index := range products.order() {
			for _, p := range products.records([]int32{index}) {
				first(x.bySKU, p.SKU, p)
				for _, v := range p.Variants {
					first(variants, v.SKU, p)
				}
			}
		}
		for sku, index := range variants {
			if _, ok := x.bySKU[sku]; !ok {
				x.bySKU[sku] = index
			}
		}
	}
	index, ok := x.bySKU[sku]
	return index, ok
}

// productOfVariant finds the product a variant belongs to and its place there.
func (s *Store) productOfVariant(id int64) (*Product, int) {
	p := s.productOfPart(id, variantRoom)
	if p == nil {
		return nil, 0
	}
	at := slices.IndexFunc(p.Variants, func(v Variant) bool { return v.ID == id })
	if at < 0 {
		return nil, 0
	}
	return p, at
}

func listVariants(c *call) {
	p := c.store.products.get(c.id(0))
	if p == nil {
		c.notFound()
		return
	}
	pg := c.paginate(len(p.Variants), maxSize, maxSize)
	c.rows(pg, func(w *writer) {
		for i := pg.from; i < pg.to; i++ {
			w.variant("", p, &p.Variants[i])
		}
	})
}

func variantDetails(c *call) {
	p, at := c.store.productOfVariant(c.id(0))
	if p == nil {
		c.notFound()
		return
	}
	c.answer(http.StatusOK, func(w *writer) { w.variant("data", p, &p.Variants[at]) })
}
