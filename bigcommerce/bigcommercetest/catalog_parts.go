package bigcommercetest

import (
	"slices"
	"strconv"
	"strings"
)

const variantParams = paging + fieldParams + "id sku upc product_id:in"

// listVariants pages through the variants of all products by id.
func listVariants(c *call) {
	number, size, ok := c.window(maxLimit)
	if !ok {
		return
	}
	fields := c.fieldSet()
	write := func(w *writer, p *Product, pos int) {
		from := len(w.b)
		w.variant("", c.store, p, &p.Variants[pos])
		fields.trim(w, from, nil)
	}
	f := &filterReader{c: c}
	narrowed := f.text("id") != "" || f.text("sku") != "" || f.text("upc") != "" || f.text("product_id:in") != ""
	if !narrowed {
		p, variants := c.store.variants.page(number, size)
		c.list(p, func(w *writer) {
			for _, v := range variants {
				write(w, v.of, v.pos)
			}
		})
		return
	}
	found := c.foundVariants(f)
	if f.failed() {
		return
	}
	p := newPage(number, size, len(found))
	c.list(p, func(w *writer) {
		for _, v := range found[p.from:p.to] {
			write(w, v.product, v.pos)
		}
	})
}

type variantRef struct {
	product *Product
	pos     int
}

func (c *call) foundVariants(f *filterReader) []variantRef {
	var candidates []int64 // product ids
	switch {
	case f.text("product_id:in") != "":
		candidates = f.ids("product_id:in")
	case f.text("sku") != "":
		for _, id := range c.store.skus.find(f.text("sku"), true) {
			candidates = append(candidates, productOfVariant(id))
		}
	case f.text("id") != "":
		candidates = []int64{productOfVariant(f.id("id"))}
	default:
		for _, p := range c.store.products.all() {
			candidates = append(candidates, p.ID)
		}
	}
	slices.Sort(candidates)
	var out []variantRef
	for _, id := range slices.Compact(candidates) {
		p := c.store.products.get(id)
		if p == nil {
			continue
		}
		for i := range p.Variants {
			v := &p.Variants[i]
			if f.text("id") != "" && v.ID != f.id("id") || f.text("upc") != "" && v.UPC != f.text("upc") ||
				f.text("sku") != "" && !strings.EqualFold(v.SKU, f.text("sku")) {
				continue
			}
			out = append(out, variantRef{p, i})
		}
	}
	return out
}

func productOfVariant(id int64) int64 { return productBase + (id-variantBase)/variantRoom }

func listProductVariants(c *call) {
	if p := c.product(); p != nil {
		fields := c.fieldSet()
		few(c, p.Variants, maxLimit, func(w *writer, v *Variant) {
			from := len(w.b)
			w.variant("", c.store, p, v)
			fields.trim(w, from, nil)
		})
	}
}

func getVariant(c *call) {
	p := c.product()
	if p == nil {
		return
	}
	id, ok := c.id(1)
	if !ok {
		return
	}
	v := p.variant(id)
	if v == nil {
		c.notFound()
		return
	}
	c.data(func(w *writer) { w.variant("data", c.store, p, v) })
}

func listImages(c *call) {
	if p := c.product(); p != nil {
		few(c, p.Images, maxLimit, func(w *writer, m *Image) { w.image("", c.store, p, m) })
	}
}

func listOptions(c *call) {
	if p := c.product(); p != nil {
		few(c, p.Options, maxLimit, func(w *writer, o *Option) { w.option("", p, o, 0) })
	}
}

func listModifiers(c *call) {
	if p := c.product(); p != nil {
		few(c, p.Modifiers, maxLimit, func(w *writer, m *Modifier) { w.modifier(p, m, 0) })
	}
}

func listCustomFields(c *call) {
	if p := c.product(); p != nil {
		few(c, p.CustomFields, maxLimit, func(w *writer, f *CustomField) { w.customField(*f) })
	}
}

// assignments answers pairs of a product and what it is assigned to.
func assignments(other string, of func(*Product) []int64) func(c *call) {
	return func(c *call) {
		f := &filterReader{c: c}
		products, others := f.ids("product_id:in"), f.ids(other+":in")
		if f.failed() {
			return
		}
		s := &selection[Product]{ids: products}
		var pairs [][2]int64
		for _, p := range c.store.products.selected(s) {
			for _, id := range of(p) {
				if others == nil || slices.Contains(others, id) {
					pairs = append(pairs, [2]int64{p.ID, id})
				}
			}
		}
		few(c, pairs, maxLimit, func(w *writer, v *[2]int64) {
			w.obj("")
			w.id("product_id", v[0])
			w.id(other, v[1])
			w.end()
		})
	}
}

// named is a category or a brand.
type named struct {
	id   int64
	name string
}

func namedList(base int64, names []string) []named {
	out := make([]named, len(names))
	for i, n := range names {
		out[i] = named{base + int64(i), n}
	}
	return out
}

var (
	categories = namedList(categoryBase, categoryNames)
	brands     = namedList(brandBase, brandNames)
)

func allCategories(*Store) []named { return categories }

func (s *Store) allBrands() []named {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Concat(brands, s.moreBrands)
}

func (s *Store) brandName(id int64) string {
	for _, b := range s.allBrands() {
		if b.id == id {
			return b.name
		}
	}
	return ""
}

// brandNamed finds a brand by its name, or makes it; 0 for no name.
func (s *Store) brandNamed(name string) int64 {
	if name == "" {
		return 0
	}
	all := s.allBrands()
	for _, b := range all {
		if strings.EqualFold(b.name, name) {
			return b.id
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := named{brandBase + int64(len(all)), name}
	s.moreBrands = append(s.moreBrands, b)
	return b.id
}

func (w *writer) named(k string, v named, category bool) {
	w.obj(k)
	w.id("id", v.id)
	if category {
		w.id("parent_id", [2]int64{0, categoryBase}[btoi(v.id > categoryBase+4)])
	}
	w.str("name", v.name)
	if category {
		w.str("description", "<p>"+v.name+"</p>")
		w.num("views", 0)
		w.num("sort_order", int(v.id))
	}
	w.str("page_title", "")
	w.raw("meta_keywords", `[""]`)
	w.str("meta_description", "")
	w.str("search_keywords", "")
	w.str("image_url", "")
	if category {
		w.str("layout_file", "category.html")
		w.flag("is_visible", true)
		w.str("default_product_sort", "use_store_settings")
	}
	w.obj("custom_url")
	w.str("url", "/"+strconv.FormatInt(v.id, 10)+"/")
	w.flag("is_customized", false)
	w.end()
	w.end()
}

// listNamed serves the lists of categories and brands with their commoner
// filters.
func listNamed(of func(*Store) []named, category bool) func(c *call) {
	return func(c *call) {
		f := &filterReader{c: c}
		in, like := f.ids("id:in"), strings.ToLower(f.text("name:like"))
		if f.text("id") != "" {
			in = []int64{f.id("id")}
		}
		low, high := f.id("id:min"), f.id("id:max")
		low = max(low, f.id("id:greater")+1)
		if f.failed() {
			return
		}
		var list []named
		for _, v := range of(c.store) {
			if in != nil && !slices.Contains(in, v.id) || v.id < low || high != 0 && v.id > high ||
				f.text("name") != "" && !strings.EqualFold(v.name, f.text("name")) || !strings.Contains(strings.ToLower(v.name), like) {
				continue
			}
			list = append(list, v)
		}
		few(c, list, maxLimit, func(w *writer, v *named) { w.named("", *v, category) })
	}
}

func getNamed(of func(*Store) []named, category bool) func(c *call) {
	return func(c *call) {
		id, ok := c.id(0)
		if !ok {
			return
		}
		for _, v := range of(c.store) {
			if v.id == id {
				c.data(func(w *writer) { w.named("data", v, category) })
				return
			}
		}
		c.notFound()
	}
}
