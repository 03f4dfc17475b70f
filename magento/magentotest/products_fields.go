package magentotest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// fillProduct takes the fields that are there. What is null or an empty text is
// emptied, or an error where the shop needs it; lists replace the old ones.
func (c *call) fillProduct(p *Product, f input, old *Product) bool {
	set := func(code, value string, global *string) { c.setScoped(p, old == nil, code, value, global) }
	if raw, ok := f["price"]; ok {
		v, ok := c.amount(f, "price", 6)
		if !ok {
			return false
		}
		if isNull(raw) {
			v = ""
		}
		p.Price = v // the price is global
	}
	if _, ok := f["name"]; ok {
		if f.text("name") == "" {
			c.bad(msgEmpty, "Product Name")
			return false
		}
		set("name", f.text("name"), &p.Name)
	}
	for name, to := range map[string]*int{"status": &p.Status, "visibility": &p.Visibility} {
		if !f.has(name) {
			continue
		}
		n, err := strconv.Atoi(f.text(name))
		if err != nil {
			c.bad(msgType, "value", f.text(name), "type", "int")
			return false
		}
		text := strconv.Itoa(*to)
		set(name, strconv.Itoa(n), &text)
		*to, _ = strconv.Atoi(text)
	}
	if f.has("type_id") {
		p.Type = f.text("type_id")
	}
	if _, ok := f["weight"]; ok {
		if p.Weight, ok = c.amount(f, "weight", 6); !ok {
			return false
		}
	}
	if f.has("attribute_set_id") {
		p.AttributeSetID = int(f.whole("attribute_set_id"))
	}
	if !c.fillAttributes(p, f, old) || !c.fillLists(p, f) {
		return false
	}
	if old == nil && p.Attribute("url_key") == "" && urlKey(p.Name) != "" {
		p.SetAttribute("url_key", urlKey(p.Name))
	}
	if p.Attribute("special_price") != "" && p.Attribute("special_from_date") == "" {
		p.SetAttribute("special_from_date", c.server.second().Format("2006-01-02")+" 00:00:00")
	}
	return true
}

// setScoped sets a value for all views, or for the view of the call.
func (c *call) setScoped(p *Product, created bool, code, value string, global *string) {
	view := c.view.code
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

// amount reads a number the database rounds to so many places; false after an
// error was answered.
func (c *call) amount(f input, name string, places int) (string, bool) {
	v := f.text(name)
	if isNull(f[name]) {
		return "", true
	}
	if !isDecimal(v) {
		c.bad(msgType, "value", v, "type", "float")
		return "", false
	}
	if strings.HasPrefix(v, "-") && strings.Trim(v, "-0.") != "" {
		c.bad("Please enter a number 0 or greater in this field.")
		return "", false
	}
	return roundDecimal(v, places), true
}

// fillAttributes takes custom_attributes. One that is null or empty is removed.
func (c *call) fillAttributes(p *Product, f input, old *Product) bool {
	list, ok := c.objects(f, "custom_attributes", "attribute_code value")
	if !ok {
		return false
	}
	for _, a := range list {
		code, value := a.text("attribute_code"), a.text("value")
		if _, ok := a["value"]; !ok || code == "" {
			c.bad("An empty custom attribute is specified. Enter the attribute and try again.")
			return false
		}
		if _, known := attributeColumn(code); !known && !slices.Contains(moreAttributes, code) {
			c.violation("no product attribute is called %q: it is ignored", code)
			continue
		}
		if values := a.texts("value"); values != nil {
			c.setList(p, code, values)
			continue
		}
		switch code {
		case "special_price", "cost":
			if value == "" {
				break
			}
			if !isDecimal(value) {
				c.bad(msgNotSaved)
				return false
			}
			v, ok := c.amount(a, "value", 6)
			if !ok {
				return false
			}
			value = fixed(v, 6)
		case "special_from_date", "special_to_date":
			if len(value) == len("2006-01-02") {
				value += " 00:00:00"
			}
		case attrColor.code, attrSize.code, attrBrand.code:
			if _, err := strconv.Atoi(value); err != nil && value != "" {
				c.violation("%s takes the id of an option, not %q", code, value)
				c.bad(msgNotSaved)
				return false
			}
		}
		c.setAttribute(p, old == nil, code, value)
	}
	return true
}

// moreAttributes can be set and not filtered by.
var moreAttributes = strings.Fields("category_ids has_options meta_keyword meta_description special_to_date url_path gift_message_available news_from_date news_to_date country_of_manufacture")

func (c *call) setAttribute(p *Product, created bool, code, value string) {
	view := c.view.code
	switch {
	case !created && view != "admin":
		if value == "" {
			delete(p.Scoped[view], code) // the value for all counts again
			return
		}
		c.setScoped(p, created, code, value, nil)
	case value == "":
		p.Attributes = slices.DeleteFunc(p.Attributes, func(a Attribute) bool { return a.Code == code })
	default:
		p.SetAttribute(code, value)
	}
}

func (c *call) setList(p *Product, code string, values []string) {
	if code == "category_ids" {
		p.Categories = nil
		for _, id := range values {
			p.Categories = append(p.Categories, numberValue(id)/10_000)
		}
	}
	p.SetAttribute(code, "")
	at := slices.IndexFunc(p.Attributes, func(a Attribute) bool { return a.Code == code })
	p.Attributes[at].List = values
}

var notURL = regexp.MustCompile(`[^0-9a-z]+`)

// urlKey is what the shop makes of a name; "" of one without a Latin letter or
// digit, for which nothing is documented.
func urlKey(name string) string {
	return strings.Trim(notURL.ReplaceAllString(strings.ToLower(name), "-"), "-")
}
