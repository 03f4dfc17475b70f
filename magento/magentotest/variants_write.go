package magentotest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const optionFields = "id attribute_id label position is_use_default values product_id extension_attributes"

// attributeByID finds one a configurable product can have options of.
func attributeByID(id string) *attribute {
	for _, a := range attributes {
		if itoa(a.id) == id && a.labels != nil {
			return a
		}
	}
	return nil
}

// newOption reads an option of a configurable product; false after an error.
func (c *call) newOption(r input) (Option, bool) {
	a := attributeByID(r.text("attribute_id"))
	values, ok := c.objects(r, "values", "value_index extension_attributes")
	switch {
	case !ok:
		return Option{}, false
	case !r.has("attribute_id"):
		c.bad("Option attribute ID is not specified.")
	case r.text("label") == "":
		c.bad("Option label is not specified.")
	case len(values) == 0:
		c.bad("Option values are not specified.")
	case a == nil:
		c.fail(http.StatusNotFound, `The attribute with a "%1" attributeCode doesn't exist. Verify the attribute and try again.`, r.text("attribute_id"))
	default:
		o := Option{ID: c.server.partID(), AttributeID: a.id, Code: a.code, Label: r.text("label"), Position: int(r.whole("position"))}
		for _, v := range values {
			o.Values = append(o.Values, v.whole("value_index"))
		}
		return o, true
	}
	return Option{}, false
}

// fillVariants takes the options and variants of a configurable product; both
// replace the lists that are there.
func (c *call) fillVariants(p *Product, ext input) bool {
	if p.Type != TypeConfigurable {
		return true
	}
	if ext.has("configurable_product_options") {
		rows, ok := c.objects(ext, "configurable_product_options", optionFields)
		if !ok {
			return false
		}
		old := p.Options
		p.Options = nil
		for _, r := range rows {
			o, ok := c.newOption(r)
			if !ok {
				return false
			}
			if at := slices.IndexFunc(old, func(x Option) bool {
				return x.AttributeID == o.AttributeID && x.Label == o.Label && x.Position == o.Position
			}); at >= 0 {
				o.ID = old[at].ID
			}
			p.Options = append(p.Options, o)
		}
	}
	if ext.has("configurable_product_links") {
		p.Children = nil
		for _, id := range ext.texts("configurable_product_links") {
			p.Children = append(p.Children, numberValue(id)/10_000)
		}
	}
	return !ext.has("configurable_product_options") && !ext.has("configurable_product_links") || c.checkVariants(p)
}

// checkVariants says whether the variants have a value of each option, and no
// two the same.
func (c *call) checkVariants(p *Product) bool {
	seen := map[string]int64{}
	for _, id := range p.Children {
		child := c.server.products.get(id)
		if child == nil {
			c.fail(http.StatusNotFound, `The product with ID "%1" does not exist.`, id)
			return false
		}
		var key strings.Builder
		for _, o := range p.Options {
			v := child.Attribute(o.Code)
			if v == "" {
				c.bad(`Product with id "%1" does not contain required attribute "%2".`, id, o.Code)
				return false
			}
			fmt.Fprintf(&key, "%s:%s;", o.Code, v)
		}
		if other, ok := seen[key.String()]; ok && len(p.Options) > 0 {
			c.bad(`Products "%1" and "%2" have the same set of attribute values.`, id, other)
			return false
		}
		seen[key.String()] = id
	}
	return true
}

// addOption gives a product an option. A simple product becomes a configurable
// one by it.
func addOption(c *call) {
	in, ok := c.input("option")
	if !ok {
		return
	}
	r, ok := c.object(in, "option", optionFields)
	if !ok {
		return
	}
	c.changeProductOf(func(_ *store, p *Product) bool {
		if !slices.Contains([]string{TypeSimple, TypeVirtual, TypeConfigurable}, p.Type) {
			c.internal("a %s product has no options", p.Type)
			return false
		}
		o, ok := c.newOption(r)
		if !ok {
			return false
		}
		if at := slices.IndexFunc(p.Options, func(x Option) bool { return x.AttributeID == o.AttributeID }); at >= 0 {
			o.ID = p.Options[at].ID
			p.Options[at] = o
		} else {
			p.Options = append(p.Options, o)
		}
		if p.Type == TypeSimple {
			p.Type = TypeConfigurable
		}
		c.out.int("", o.ID)
		return true
	})
}

func addChild(c *call) {
	in, ok := c.input("childSku")
	if !ok {
		return
	}
	if !in.has("childSku") {
		c.required("childSku")
		return
	}
	c.changeProductOf(func(s *store, p *Product) bool {
		child := s.bySKU(in.text("childSku"))
		switch {
		case child == nil:
			c.noProduct()
			return false
		case slices.Contains(p.Children, child.ID):
			c.bad("The product is already attached.")
			return false
		case len(p.Options) == 0:
			c.bad("The parent product doesn't have configurable product options.")
			return false
		}
		for _, o := range p.Options {
			if child.Attribute(o.Code) == "" {
				c.bad(`The child product doesn't have the "%1" attribute value. Verify the value and try again.`, o.Code)
				return false
			}
		}
		p.Children = append(p.Children, child.ID)
		c.out.flag("", true)
		return c.checkVariants(p)
	})
}

func removeChild(c *call) {
	c.changeProductOf(func(s *store, p *Product) bool {
		if p.Type != TypeConfigurable {
			c.bad(`The product with the "%1" SKU isn't a configurable product.`, p.SKU)
			return false
		}
		child := s.bySKU(c.args[1])
		if child == nil || !slices.Contains(p.Children, child.ID) {
			c.fail(http.StatusNotFound, "The option that was requested doesn't exist. Verify the entity and try again.")
			return false
		}
		p.Children = slices.DeleteFunc(p.Children, func(id int64) bool { return id == child.ID })
		c.out.flag("", true)
		return true
	})
}
