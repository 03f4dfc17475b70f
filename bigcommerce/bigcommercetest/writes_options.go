package bigcommercetest

import (
	"net/http"
	"slices"
	"strings"
)

var optionRules = rules(`
	display_name text 1 255
	type word radio_buttons rectangles dropdown product_list product_list_with_images swatch
	sort_order int
	config object
	image_url text
	option_values list`)

var valueRules = rules(`
	label text 1 255
	sort_order int -2147483648 2147483647
	value_data object?
	is_default flag`)

// maxValues is how many values an option may have.
const maxValues = 250

// createOption adds an option to a product. Its variants have to be made one by
// one after that. A product that has variants is refused here: what becomes of
// them is not documented.
func createOption(c *call) {
	p := c.product()
	if p == nil {
		return
	}
	in, ok := c.input("id product_id name " + names(optionRules))
	if !ok {
		return
	}
	values := in.list("option_values")
	bad := in.wrong(optionRules)
	for _, name := range []string{"display_name", "type", "option_values"} {
		if !in.has(name) {
			bad[name] = "error.path.missing"
		}
	}
	if len(values) == 0 || len(values) > maxValues {
		bad["option_values"] = "from 1 to 250 values"
	}
	taken := func(o Option) bool { return strings.EqualFold(o.Name, in.text("display_name")) }
	switch {
	case len(bad) > 0:
		c.failWith(http.StatusUnprocessableEntity, msgBadJSON, bad)
		return
	case slices.ContainsFunc(p.Options, taken):
		c.refuse(conflicting("The option name is a duplicate", "display_name"))
		return
	case slices.ContainsFunc(p.Variants, func(v Variant) bool { return len(v.Values) > 0 }):
		c.refuse(unprocessable("The product has variants", "display_name", "the variants would lack a value of it"))
		return
	}
	o := Option{ID: c.store.partID(), Name: in.text("display_name"), Type: in.text("type")}
	for _, v := range values {
		o.Values = append(o.Values, OptionValue{ID: c.store.partID(), Label: v.text("label"), Default: v.flag("is_default")})
	}
	c.alterProduct("option", o.ID, p.ID, "store/product/updated", productEvent(p.ID), func(to *Product) bool {
		to.Options = append(to.Options, o)
		return true
	})
	c.sendOption(p.ID, o.ID)
}

func (c *call) sendOption(product, id int64) {
	p := c.store.products.get(product)
	i := -1
	if p != nil {
		i = slices.IndexFunc(p.Options, func(o Option) bool { return o.ID == id })
	}
	if i < 0 {
		c.notFound()
		return
	}
	c.data(func(w *writer) { w.option("data", p, &p.Options[i], i) })
}

func getOption(c *call) {
	if p := c.product(); p != nil {
		if id, ok := c.id(1); ok {
			c.sendOption(p.ID, id)
		}
	}
}

// option finds the one of the path; nil after it has answered 404.
func (c *call) option(p *Product) *Option {
	id, ok := c.id(1)
	if !ok {
		return nil
	}
	i := slices.IndexFunc(p.Options, func(o Option) bool { return o.ID == id })
	if i < 0 {
		c.notFound()
		return nil
	}
	return &p.Options[i]
}

func listValues(c *call) {
	p := c.product()
	if p == nil {
		return
	}
	if o := c.option(p); o != nil {
		at := -1
		few(c, o.Values, maxLimit, func(w *writer, v *OptionValue) {
			at = slices.IndexFunc(o.Values, func(e OptionValue) bool { return e.ID == v.ID })
			w.optionValue("", o, at)
		})
	}
}

func createValue(c *call) {
	p := c.product()
	if p == nil {
		return
	}
	o := c.option(p)
	if o == nil {
		return
	}
	in, ok := c.input("id " + names(valueRules))
	if !ok {
		return
	}
	bad := in.wrong(valueRules)
	for _, name := range []string{"label", "sort_order"} {
		if !in.has(name) {
			bad[name] = "error.path.missing"
		}
	}
	if slices.ContainsFunc(o.Values, func(v OptionValue) bool { return strings.EqualFold(v.Label, in.text("label")) }) {
		bad["label"] = "is a duplicate"
	}
	if len(o.Values) >= maxValues {
		bad["label"] = "an option has at most 250 values"
	}
	if len(bad) > 0 {
		c.failWith(http.StatusUnprocessableEntity, msgBadJSON, bad)
		return
	}
	v := OptionValue{ID: c.store.partID(), Label: in.text("label"), Default: in.flag("is_default")}
	c.alterProduct("option", o.ID, p.ID, "store/product/updated", productEvent(p.ID), func(to *Product) bool {
		for i := range to.Options {
			if to.Options[i].ID == o.ID {
				to.Options[i].Values = append(to.Options[i].Values, v)
			}
		}
		return true
	})
	o.Values = append(o.Values, v)
	c.data(func(w *writer) { w.optionValue("data", o, len(o.Values)-1) })
}
