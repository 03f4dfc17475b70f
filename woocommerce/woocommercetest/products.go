package woocommercetest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

var productStatuses = []string{"any", "future", "trash", "draft", "pending", "private", "publish"}
var productTypes = []string{"simple", "grouped", "external", "variable"}
var stockStatuses = []string{"instock", "outofstock", "onbackorder"}

func productFields() []field {
	return slices.Concat(
		// The list of orders repeats itself in the store's own message.
		listFields("date", "id", "include", "title", "slug", "modified", "popularity", "rating", "post__in", "price", "sales",
			"menu_order", "random", "popularity", "rating", "menu_order", "price", "popularity", "rating"),
		dateFields(),
		typed("string", "brand", "slug", "sku", "category", "tag", "shipping_class", "attribute", "attribute_term",
			"min_price", "max_price", "search_sku", "search_name_or_sku", "global_unique_id"),
		typed("boolean", "featured", "on_sale", "downloadable", "virtual", "pos_products_only"),
		[]field{
			oneOf("status", productStatuses...), oneOf("type", productTypes...), oneOf("stock_status", stockStatuses...),
			manyOf("search_fields", "name", "global_unique_id", "description", "short_description", "sku"),
			manyOf("include_status", productStatuses...), manyOf("exclude_status", productStatuses[1:]...),
			manyOf("include_types", productTypes...), manyOf("exclude_types", productTypes...),
		},
	)
}

func (s *Server) productRoutes() []*route {
	force := typed("boolean", "force")
	context := []field{oneOf("context", "view", "edit")}
	return []*route{
		{methods: "GET", path: "products", act: actList, fields: productFields(), serve: (*call).listProducts},
		{methods: "POST", path: "products", act: actCreate, fields: productBody(), serve: (*call).createProduct},
		{methods: editing, path: "products/batch", act: actBatch, serve: (*call).batchProducts},
		{methods: "GET", path: "products/#", act: actView, fields: context, serve: (*call).getProduct},
		{methods: editing, path: "products/#", act: actEdit, fields: productBody(), serve: (*call).putProduct},
		{methods: "DELETE", path: "products/#", act: actDelete, fields: force, serve: (*call).deleteProduct},
		{methods: "GET", path: "products/#/variations", act: actList, fields: variationFields(), serve: (*call).listVariations},
		{methods: "POST", path: "products/#/variations", act: actCreate, fields: variationBody(), serve: (*call).createVariation},
		{methods: editing, path: "products/#/variations/batch", act: actBatch, serve: (*call).batchVariations},
		{methods: "GET", path: "products/#/variations/#", act: actView, fields: context, serve: (*call).getVariation},
		{methods: editing, path: "products/#/variations/#", act: actEdit, fields: variationBody(), serve: (*call).putVariation},
		{methods: "DELETE", path: "products/#/variations/#", act: actDelete, fields: force, serve: (*call).deleteVariation},
		{methods: "GET", path: "variations", act: actList, fields: variationFields(), serve: (*call).listAllVariations, since: [2]int{10, 3}},
	}
}

// productRow is a product in a list, or a variation found by its SKU.
type productRow struct {
	*row[Product]
	variation int // index of the variation plus one; 0 for the product
}

func (c *call) listProducts() *apiError {
	s := c.server
	s.mu.RLock()
	version := s.version()
	rows := kept(s.products, c.viewName("p"), c.chooseProducts)
	s.mu.RUnlock()
	from, to := c.cut(len(rows))
	cached(c, version, rows[from:to], func(w *writer, r productRow) {
		p := s.products.load(r.row)
		if r.variation > 0 {
			w.variationAsProduct(s, c, p, &p.Variations[r.variation-1])
		} else {
			w.product(s, c, p)
		}
	})
	return nil
}

// version counts all changes; called with mu held.
func (s *Server) version() int {
	return s.products.version + s.orders.version + s.customers.version
}

// chooseProducts selects and sorts; called with mu held.
func (c *call) chooseProducts() []productRow {
	s := c.server
	b := c.bounds()
	include, exclude := c.ids("include"), c.ids("exclude")
	keep, needed := c.productFilter()
	var rows []productRow
	add := func(r *row[Product], v int, at key) {
		if b.keep(at) && (include == nil || slices.Contains(include, at.id)) && !slices.Contains(exclude, at.id) {
			rows = append(rows, productRow{r, v})
		}
	}
	skus := c.skuList()
	switch {
	case len(skus) > 0:
		for _, sku := range skus {
			for _, h := range s.holders(sku) {
				r := s.products.find(h.product)
				p := s.products.load(r)
				switch {
				case h.variation < 0 && keep(p):
					add(r, 0, r.key)
				case h.variation >= 0 && p.Variations[h.variation].Status != "trash":
					v := &p.Variations[h.variation]
					add(r, h.variation+1, key{v.ID, v.CreatedAt.Unix(), v.ModifiedAt.Unix()})
				}
			}
		}
	default:
		for _, r := range s.products.rows {
			if b.keep(r.key) && (!needed(r) || keep(s.products.load(r))) {
				add(r, 0, r.key)
			}
		}
	}
	c.orderProducts(rows, include)
	return rows
}

// skuList splits at commas alone: a SKU may hold spaces.
func (c *call) skuList() []string {
	var out []string
	for part := range strings.SplitSeq(c.params["sku"], ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	if whole := c.params["sku"]; strings.Contains(whole, ",") { // which may be one SKU
		out = append(out, whole)
	}
	return out
}

func (r productRow) at() key { return r.key }

func (c *call) orderProducts(rows []productRow, include []int64) {
	s := c.server
	by := cmp.Or(c.params["orderby"], "date")
	if !order(c, rows, by, productRow.at) {
		value := func(p *Product) string { return strings.ToLower(p.Name) }
		switch by {
		case "slug":
			value = func(p *Product) string { return p.Slug }
		case "price":
			value = func(p *Product) string { return sortable(p.Price()) }
		case "popularity", "sales":
			value = func(p *Product) string { return sortable(strconv.Itoa(p.TotalSales)) }
		case "menu_order", "rating":
			value = func(p *Product) string { return sortable(strconv.Itoa(p.MenuOrder)) }
		}
		values := map[int64]string{}
		for _, r := range rows {
			values[r.id] = value(s.products.load(r.row))
		}
		slices.SortFunc(rows, func(a, b productRow) int {
			return cmp.Or(cmp.Compare(values[a.id], values[b.id]), cmp.Compare(a.id, b.id))
		})
	}
	if by == "include" && include != nil {
		byInclude(rows, include, func(r productRow) int64 { return r.id })
		return
	}
	if c.descending("desc") {
		slices.Reverse(rows)
	}
}

// sortable pads a decimal so that text order is number order.
func sortable(s string) string {
	d := dec(s).Shift(4).IntPart() + 1<<50
	return strconv.FormatInt(d, 10)
}

func (c *call) getProduct() *apiError {
	s := c.server
	p, v := s.anyProduct(c.args[0])
	switch {
	case p == nil:
		return invalidID("product", http.StatusNotFound)
	case v != nil:
		c.answer(http.StatusOK, func(w *writer) { w.variationAsProduct(s, c, p, v) })
	default:
		c.answer(http.StatusOK, func(w *writer) { w.product(s, c, p) })
	}
	return nil
}

// anyProduct finds a product, or a variation and its product, by id. The
// records are not to be written to.
func (s *Server) anyProduct(id int64) (*Product, *Variation) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, n := s.holderOf(id)
	if p == nil || n < 0 {
		return p, nil
	}
	return p, &p.Variations[n]
}
