package woocommercetest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

func productBody() []field {
	return slices.Concat(
		typed("string", "name", "slug", "description", "short_description", "sku", "global_unique_id", "regular_price", "sale_price",
			"external_url", "button_text", "tax_class", "weight", "shipping_class", "post_password", "purchase_note"),
		typed("date?", "date_created", "date_created_gmt", "date_on_sale_from", "date_on_sale_from_gmt", "date_on_sale_to", "date_on_sale_to_gmt"),
		typed("boolean", "featured", "virtual", "downloadable", "manage_stock", "sold_individually", "reviews_allowed"),
		typed("integer", "download_limit", "download_expiry", "stock_quantity", "parent_id", "menu_order"), typed("integer?", "low_stock_amount"),
		typed("array", "downloads", "upsell_ids", "cross_sell_ids", "categories", "brands", "tags", "images", "attributes",
			"default_attributes", "grouped_products", "meta_data"), typed("object", "dimensions"),
		[]field{
			oneOf("type", productTypes...), oneOf("status", "draft", "pending", "private", "publish", "future", "auto-draft", "trash"),
			oneOf("catalog_visibility", "visible", "catalog", "search", "hidden"), oneOf("tax_status", "taxable", "shipping", "none"),
			oneOf("stock_status", stockStatuses...), oneOf("backorders", "no", "notify", "yes"),
		},
	)
}

var (
	scripts   = regexp.MustCompile(`(?is)<script.*?</script>|</?script[^>]*>`)
	ampersand = regexp.MustCompile(`&(#\d+;|#x[0-9a-fA-F]+;|[a-zA-Z]+;)?`)
)

// escapeHTML is what the store keeps of a text: lone ampersands become entities
// and scripts go.
func escapeHTML(s string) string {
	return ampersand.ReplaceAllStringFunc(scripts.ReplaceAllString(s, ""), func(m string) string {
		if m == "&" {
			return "&amp;"
		}
		return m
	})
}

func escaped(in input, name string, into *string) {
	if in.has(name) {
		*into = escapeHTML(textOf(in[name]))
	}
}

// amount reads a price. The store cleans any text and refuses none, which hides
// mistakes, so they are reported.
func (c *call) amount(in input, name string, into *string) {
	if !in.has(name) {
		return
	}
	text := textOf(in[name])
	if raw := in[name]; len(raw) > 0 && raw[0] != '"' && text != "" {
		c.server.book.violation("%s %s: %s is a JSON number; only batches take that", c.method, c.at, name)
	}
	c.checkAmount(name, text)
	*into = cleanAmount(text)
}

func (c *call) checkAmount(name, text string) {
	if !isAmount(text) {
		c.server.book.violation("%s %s: %s %q is no plain decimal; the store keeps %q", c.method, c.at, name, text, cleanAmount(text))
	}
}

// moment reads a date given for the site's zone or as _gmt.
func (c *call) moment(in input, name string, into *time.Time) {
	if in.has(name) {
		*into, _ = parseDate(textOf(in[name]), c.server.cfg.Location)
	}
	if in.has(name + "_gmt") {
		*into, _ = parseDate(textOf(in[name+"_gmt"]), time.UTC)
	}
}

// mergeMeta merges entries by id or key; null takes one out, and scalars come
// back as text.
func (s *Server) mergeMeta(list []Meta, in []input) []Meta {
	for _, m := range in {
		id, key := m.id("id"), textOf(m["key"])
		n := slices.IndexFunc(list, func(x Meta) bool { return id != 0 && x.ID == id || id == 0 && x.Key == key })
		raw := strings.TrimSpace(string(m["value"]))
		value := raw
		switch {
		case raw == "true":
			value = `"1"`
		case raw == "false":
			value = `""`
		case raw != "" && raw[0] != '"' && raw[0] != '[' && raw[0] != '{' && raw != "null":
			value = `"` + raw + `"`
		}
		switch {
		case raw == "null" || raw == "":
			if n >= 0 {
				list = slices.Delete(list, n, n+1)
			}
		case n >= 0:
			list[n].Value = value
			list[n].Key = cmp.Or(key, list[n].Key)
		default:
			s.nextMeta++
			list = append(list, Meta{s.nextMeta - 1, key, value})
		}
	}
	return list
}

func (c *call) termsOf(in input, field, kind string, into *[]Term) {
	if !in.has(field) {
		return
	}
	*into = nil
	for _, t := range in.objects(field) {
		id := t.id("id")
		if n := slices.IndexFunc(c.server.terms[kind], func(x Term) bool { return x.ID == id }); n >= 0 {
			*into = append(*into, c.server.terms[kind][n])
		}
	}
}

// applyProduct writes the fields of a body into p; called with mu held.
func (c *call) applyProduct(p *Product, in input) *apiError {
	s := c.server
	escaped(in, "name", &p.Name)
	escaped(in, "description", &p.Description)
	escaped(in, "short_description", &p.ShortDescription)
	escaped(in, "button_text", &p.ButtonText)
	escaped(in, "purchase_note", &p.PurchaseNote)
	for name, into := range map[string]*string{
		"slug": &p.Slug, "type": &p.Type, "catalog_visibility": &p.CatalogVisibility, "external_url": &p.ExternalURL,
		"tax_status": &p.TaxStatus, "tax_class": &p.TaxClass, "backorders": &p.Backorders, "weight": &p.Weight,
		"global_unique_id": &p.GlobalUniqueID, "stock_status": &p.StockStatus,
	} {
		in.text(name, into)
	}
	if in.has("status") {
		status := textOf(in["status"])
		if status == "trash" && p.Status != "trash" {
			p.statusBefore = p.Status
		}
		p.Status = status
	}
	if err := s.takeSKU(in, holder{p.ID, -1}, &p.SKU); err != nil {
		return err
	}
	c.amount(in, "regular_price", &p.RegularPrice)
	c.amount(in, "sale_price", &p.SalePrice)
	if p.SalePrice != "" && !lessDecimal(p.SalePrice, p.RegularPrice) {
		p.SalePrice = ""
	}
	c.moment(in, "date_created", &p.CreatedAt)
	c.moment(in, "date_on_sale_from", &p.SaleFrom)
	c.moment(in, "date_on_sale_to", &p.SaleTo)
	for name, into := range map[string]*bool{
		"featured": &p.Featured, "virtual": &p.Virtual, "downloadable": &p.Downloadable, "manage_stock": &p.ManageStock,
		"sold_individually": &p.SoldIndividually, "reviews_allowed": &p.ReviewsAllowed,
	} {
		in.flag(name, into)
	}
	if p.ManageStock {
		in.number("stock_quantity", &p.StockQuantity)
	}
	in.number("menu_order", &p.MenuOrder)
	if in.has("low_stock_amount") {
		p.LowStock = nil
		if n, err := strconv.Atoi(textOf(in["low_stock_amount"])); err == nil {
			p.LowStock = &n
		}
	}
	if d := in.object("dimensions"); d != nil {
		d.text("length", &p.Dimensions.Length)
		d.text("width", &p.Dimensions.Width)
		d.text("height", &p.Dimensions.Height)
	}
	for name, into := range map[string]*[]int64{"upsell_ids": &p.UpsellIDs, "cross_sell_ids": &p.CrossSellIDs, "grouped_products": &p.GroupedIDs} {
		if in.has(name) {
			*into = in.ids(name)
		}
	}
	c.termsOf(in, "categories", "categories", &p.Categories)
	c.termsOf(in, "tags", "tags", &p.Tags)
	c.termsOf(in, "brands", "brands", &p.Brands)
	c.applyImages(p, in)
	c.applyAttributes(p, in)
	p.Meta = s.mergeMeta(p.Meta, in.objects("meta_data"))
	return nil
}

func (c *call) applyImages(p *Product, in input) {
	if !in.has("images") {
		return
	}
	old := p.Images
	p.Images = nil
	for _, m := range in.objects("images") {
		id := m.id("id")
		if n := slices.IndexFunc(old, func(x Image) bool { return x.ID == id }); n >= 0 && id != 0 {
			p.Images = append(p.Images, old[n])
			continue
		}
		i := Image{ID: c.server.nextMeta, Src: textOf(m["src"]), Name: textOf(m["name"]), Alt: textOf(m["alt"]), At: c.server.stamp()}
		c.server.nextMeta++
		p.Images = append(p.Images, i)
	}
}

func (c *call) applyAttributes(p *Product, in input) {
	if in.has("attributes") {
		p.Attributes = nil
		for n, a := range in.objects("attributes") {
			x := Attribute{ID: a.id("id"), Name: textOf(a["name"]), Position: n, Options: a.texts("options")}
			x.Slug = x.Name
			if x.ID == 1 {
				x.Name, x.Slug = "Color", "pa_color"
			}
			a.number("position", &x.Position)
			a.flag("visible", &x.Visible)
			a.flag("variation", &x.Variation)
			p.Attributes = append(p.Attributes, x)
		}
	}
	if in.has("default_attributes") {
		p.Defaults = choicesOf(in.objects("default_attributes"))
	}
}

func choicesOf(in []input) []Choice {
	var out []Choice
	for _, a := range in {
		x := Choice{ID: a.id("id"), Name: textOf(a["name"]), Option: textOf(a["option"])}
		x.Slug = strings.ToLower(x.Name)
		if x.ID == 1 {
			x.Name, x.Slug = "Color", "pa_color"
		}
		out = append(out, x)
	}
	return out
}

// takeSKU reads a SKU, which must be nobody else's; called with mu held.
func (s *Server) takeSKU(in input, own holder, into *string) *apiError {
	if !in.has("sku") {
		return nil
	}
	sku := textOf(in["sku"])
	if sku != "" {
		for _, h := range s.holders(sku) {
			if h == own {
				continue
			}
			p := s.products.get(h.product)
			if p.Status == "trash" && own.product == 0 {
				return fail(http.StatusBadRequest, "woocommerce_rest_product_not_created",
					"The SKU ("+sku+") you are trying to insert is already present in the lookup table")
			}
			id := p.ID
			if h.variation >= 0 {
				id = p.Variations[h.variation].ID
			}
			unique, _ := json.Marshal(sku + "-1") // text always marshals
			return &apiError{
				status: http.StatusBadRequest, code: "product_invalid_sku", message: "Invalid or duplicated SKU.",
				data: `{"status":400,"resource_id":` + strconv.FormatInt(id, 10) + `,"unique_sku":` + string(unique) + `}`,
			}
		}
	}
	*into = sku
	return nil
}
