package magentotest

import (
	"strconv"
	"strings"
)

var productColumns = map[string]column[Product]{
	"entity_id":        {numberColumn, some(func(p *Product) string { return strconv.FormatInt(p.ID, 10) })},
	"sku":              {textColumn, some(func(p *Product) string { return p.SKU })},
	"name":             {textColumn, some(func(p *Product) string { return p.Name })},
	"type_id":          {textColumn, some(func(p *Product) string { return p.Type })},
	"attribute_set_id": {numberColumn, some(func(p *Product) string { return strconv.Itoa(p.AttributeSetID) })},
	"status":           {numberColumn, some(func(p *Product) string { return strconv.Itoa(p.Status) })},
	"visibility":       {numberColumn, some(func(p *Product) string { return strconv.Itoa(p.Visibility) })},
	"price":            {numberColumn, filled(func(p *Product) string { return p.Price })},
	"weight":           {numberColumn, filled(func(p *Product) string { return p.Weight })},
	"created_at":       {timeColumn, some(func(p *Product) string { return p.CreatedAt.Format(stampLayout) })},
	"updated_at":       {timeColumn, some(func(p *Product) string { return p.UpdatedAt.Format(stampLayout) })},
	"category_id":      {textColumn, some(func(p *Product) string { return joinIDs(p.Categories) })},
	"website_id":       {textColumn, some(func(p *Product) string { return joinIDs(p.Websites) })},
	"has_options":      {numberColumn, some(func(p *Product) string { return "0" })},
}

func joinIDs(ids []int64) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(out, ",")
}

// attributeColumn makes a column of any custom attribute the shop has.
func attributeColumn(code string) (column[Product], bool) {
	kind := textColumn
	switch code {
	case "special_price", "cost":
		kind = numberColumn
	case "special_from_date":
		kind = timeColumn
	case "color", "size", "manufacturer", "barcode", "url_key", "description", "tax_class_id", "image",
		"small_image", "thumbnail", "options_container", "required_options", "short_description", "meta_title":
	default:
		return column[Product]{}, false
	}
	return column[Product]{kind, filled(func(p *Product) string { return p.Attribute(code) })}, true
}

func (s *store) productListing() *listing[Product] {
	return &listing[Product]{s.products, productColumns, attributeColumn, s.rowsBySKU}
}

// listProducts filters the default values of attributes whatever the view, and
// answers with those of the view. category_id and website_id are no columns
// but links, so eq and in mean "one of them".
func listProducts(c *call) {
	if c.query.get("searchCriteria", "search_criteria") != nil {
		c.linkFilters()
	}
	serveList(c, c.server.productListing(), func(w *writer, p *Product) { c.product(w, p, false) })
}

// linkFilters turns filters on links into what the columns understand.
func (c *call) linkFilters() {
	root := c.query.get("searchCriteria", "search_criteria")
	groups := root.get("filter_groups", "filterGroups")
	if groups == nil {
		return
	}
	for _, g := range groups.keys {
		filters := groups.sub[g].get("filters")
		if filters == nil {
			continue
		}
		for _, k := range filters.keys {
			f := filters.sub[k]
			name := f.get("field").text()
			cond := f.get("condition_type", "conditionType")
			if (name == "category_id" || name == "website_id") && (cond == nil || cond.value == "eq" || cond.value == "in") {
				if cond == nil {
					cond = f.child("condition_type")
				}
				if cond.value == "in" && strings.Contains(f.get("value").text(), ",") {
					c.violation("this server takes one %s in a filter", name)
				}
				cond.value = "finset"
			}
		}
	}
}

func getProduct(c *call) {
	view := c.view
	if id, ok := c.param("storeId"); ok {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil && viewByID(n) != nil {
			c.view = viewByID(n)
		}
	}
	defer func() { c.view = view }()
	c.withProduct(func(p *Product) { c.product(&c.out, p, true) })
}

// withProduct runs f on the product a path names.
func (c *call) withProduct(f func(p *Product)) {
	c.server.mu.RLock()
	defer c.server.mu.RUnlock()
	p := c.server.bySKU(c.args[0])
	if p == nil {
		c.noProduct()
		return
	}
	f(p)
}

func listMedia(c *call) {
	c.withProduct(func(p *Product) {
		c.out.arr("")
		for i := range p.Media {
			c.out.media(&p.Media[i])
		}
		c.out.endArr()
	})
}

// listChildren answers with every variant; any other product has none.
func listChildren(c *call) {
	c.withProduct(func(p *Product) {
		c.out.arr("")
		for _, id := range p.Children {
			if child := c.server.products.get(id); child != nil {
				c.child(&c.out, child)
				c.rows++
			}
		}
		c.out.endArr()
	})
}

func listOptions(c *call) {
	c.withProduct(func(p *Product) {
		if p.Type != TypeConfigurable {
			c.bad("Only implemented for configurable product: %1", p.SKU)
			return
		}
		c.out.arr("")
		for i := range p.Options {
			c.out.option(p, &p.Options[i])
		}
		c.out.endArr()
	})
}

func listBundleChildren(c *call) {
	c.withProduct(func(p *Product) {
		if p.Type != TypeBundle {
			c.bad(`The product with the "%1" SKU isn't a bundle product.`, p.SKU)
			return
		}
		c.out.arr("")
		for _, o := range p.Bundle {
			for n := range o.Links {
				c.out.bundleLink(&o, n)
			}
		}
		c.out.endArr()
	})
}
