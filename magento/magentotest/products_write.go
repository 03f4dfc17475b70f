package magentotest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const productFields = `id sku name attribute_set_id price status visibility type_id created_at updated_at weight extension_attributes
	product_links options media_gallery_entries tier_prices custom_attributes`

// saveProduct creates or changes a product. In the scope "all" the values are
// those of every view; in any other they are the view's alone from then on.
func saveProduct(c *call) {
	in, ok := c.input("product saveOptions")
	if !ok {
		return
	}
	f, ok := c.object(in, "product", productFields)
	if !ok {
		return
	}
	sku := f.text("sku")
	if c.r.Method == http.MethodPut {
		sku = c.args[0]
		if f.has("sku") && skuKey(f.text("sku")) != skuKey(sku) && !f.has("id") {
			c.violation("the SKU of the body is not the path's")
		}
	}
	if strings.TrimSpace(sku) == "" {
		c.required("sku")
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.bySKU(sku)
	p := &Product{SKU: strings.TrimSpace(sku), Type: TypeSimple, Status: 1, Visibility: 4}
	if old != nil {
		p = old.clone()
	} else {
		for _, name := range []string{"name", "attribute_set_id"} {
			if !f.has(name) {
				c.bad(`The "%1" attribute value is empty. Set the attribute and try again.`, name)
				return
			}
		}
		if f.text("type_id") != TypeVirtual && !f.has("price") && (!f.has("type_id") || f.text("type_id") == TypeSimple) {
			c.bad(`The "%1" attribute value is empty. Set the attribute and try again.`, "price")
			return
		}
	}
	if !c.fillProduct(p, f, old == nil) {
		return
	}
	if old == nil {
		p = s.addProduct(*p)
	} else {
		p.UpdatedAt = s.second()
		s.products.put(p)
	}
	if stock := f.sub("extension_attributes").sub("stock_item"); len(stock) > 0 {
		s.setLegacyStock(p, stock)
	}
	c.product(&c.out, p, true)
}

func (c *call) fillProduct(p *Product, f input, created bool) bool {
	view := c.view.code
	set := func(code, value string, global *string) {
		if created || view == "admin" {
			*global = value
			return
		}
		if p.Scoped == nil {
			p.Scoped = map[string]map[string]string{}
		}
		if p.Scoped[view] == nil {
			p.Scoped[view] = map[string]string{}
		}
		p.Scoped[view][code] = value
	}
	if f.has("price") {
		if v := f.text("price"); !isDecimal(v) {
			c.bad(msgType, "value", v, "type", "float")
			return false
		}
		p.Price = trimDecimal(f.text("price")) // the price is global
	}
	if f.has("name") {
		set("name", f.text("name"), &p.Name)
	}
	for name, to := range map[string]*int{"status": &p.Status, "visibility": &p.Visibility} {
		if f.has(name) {
			text := strconv.Itoa(*to)
			set(name, itoa(f.whole(name)), &text)
			*to, _ = strconv.Atoi(text)
		}
	}
	if f.has("type_id") {
		p.Type = f.text("type_id")
	}
	if f.has("weight") {
		p.Weight = trimDecimal(f.text("weight"))
	}
	if f.has("attribute_set_id") {
		p.AttributeSetID = int(f.whole("attribute_set_id"))
	}
	list, ok := c.objects(f, "custom_attributes", "attribute_code value")
	if !ok {
		return false
	}
	for _, a := range list {
		code := a.text("attribute_code")
		if values := a.texts("value"); values != nil {
			if code == "category_ids" {
				p.Categories = nil
				for _, id := range values {
					p.Categories = append(p.Categories, numberValue(id)/10_000)
				}
			}
			p.Attributes = slices.DeleteFunc(p.Attributes, func(a Attribute) bool { return a.Code == code })
			p.Attributes = append(p.Attributes, Attribute{Code: code, List: values})
			continue
		}
		old := p.Attribute(code)
		value := old
		set(code, a.text("value"), &value)
		p.SetAttribute(code, value)
	}
	ext := f.sub("extension_attributes")
	if ext.has("website_ids") {
		p.Websites = nil
		_ = json.Unmarshal(ext["website_ids"], &p.Websites) // no numbers: no websites
	}
	return true
}

func deleteProduct(c *call) {
	var id int64
	c.withProduct(func(p *Product) { id = p.ID })
	if id != 0 && c.server.DeleteProduct(id) == nil {
		c.out.flag("", true)
	}
}

// setBasePrices changes prices; what it cannot do comes back, the rest is done.
func setBasePrices(c *call) {
	c.setPrices("price store_id sku extension_attributes", func(p *Product, r input) {
		p.Price = trimDecimal(r.text("price"))
	})
}

func setSpecialPrices(c *call) {
	c.setPrices("price store_id sku price_from price_to extension_attributes", func(p *Product, r input) {
		p.SetAttribute("special_price", fixed(r.text("price"), 6))
		if r.has("price_from") {
			p.SetAttribute("special_from_date", r.text("price_from"))
		}
	})
}

func (c *call) setPrices(known string, change func(*Product, input)) {
	in, ok := c.input("prices")
	if !ok {
		return
	}
	if !in.has("prices") {
		c.required("prices")
		return
	}
	rows, ok := c.objects(in, "prices", known)
	if !ok {
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &c.out
	w.arr("")
	for _, r := range rows {
		old := s.bySKU(r.text("sku"))
		if old == nil {
			w.obj("")
			w.str("message", "Requested product doesn't exist: %sku")
			w.arr("parameters")
			w.str("", r.text("sku"))
			w.endArr()
			w.end()
			continue
		}
		p := old.clone()
		change(p, r)
		p.UpdatedAt = s.second()
		s.products.put(p)
	}
	w.endArr()
}
