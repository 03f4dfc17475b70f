package sallatest

import (
	"net/http"
	"slices"
)

const (
	optionInput = "name type display_type visibility visibility_condition_type visibility_condition_option visibility_condition_value " +
		"required sort advance associated_with_order_time not_same_day_order availability_range choose_date_time from_date_time " +
		"to_date_time description values"
	valueInput = "name price quantity display_value is_default image_url hashed_display_value"
)

// addOption adds an option of a body to the product.
func (p *Product) addOption(in input, bad complaints) *Option {
	o := Option{ID: p.part(), Type: "radio"}
	p.fillOption(&o, in, bad)
	p.Options = append(p.Options, o)
	return &p.Options[len(p.Options)-1]
}

// fillOption sets what is named; a list of values replaces the values but those
// it names by id.
func (p *Product) fillOption(o *Option, in input, bad complaints) {
	if in.names("name") || o.Name == "" {
		if o.Name = in.text("name"); o.Name == "" {
			bad.about("name", msgRequired)
		}
	}
	if in.names("description") {
		o.Description = in.text("description")
	}
	if in.has("type") {
		o.Type = in.text("type")
	}
	if !in.names("values") {
		return
	}
	old := o.Values
	o.Values = nil
	for _, row := range in.list("values") {
		id, _ := row.number("id")
		v := OptionValue{Price: "0"}
		if i := slices.IndexFunc(old, func(v OptionValue) bool { return v.ID == id }); i >= 0 {
			v = old[i]
		}
		p.fillValue(&v, row, bad)
		o.Values = append(o.Values, v)
	}
}

func (p *Product) fillValue(v *OptionValue, in input, bad complaints) {
	if v.ID == 0 {
		v.ID = p.part()
	}
	if in.names("name") || v.Name == "" {
		if v.Name = in.text("name"); v.Name == "" {
			bad.about("name", msgRequired)
		}
	}
	in.amounts(bad, map[string]*string{"price": &v.Price})
	if in.has("is_default") {
		v.Default = in.flag("is_default")
	}
}

// optionAt finds the option id, or the value id of an option.
func (p *Product) optionAt(id int64) (option, value int) {
	for i, o := range p.Options {
		if o.ID == id {
			return i, -1
		}
		for j, v := range o.Values {
			if v.ID == id {
				return i, j
			}
		}
	}
	return -1, -1
}

// changeOptions applies change to the product and its variants, and answers the
// option that it returns, or that the part was removed.
func (c *call) changeOptions(p *Product, subject int64, change func(*Product, complaints) int64) {
	bad := complaints{}
	trial := p.clone()
	change(trial, bad)
	if len(trial.combinations()) > variantRoom {
		bad.about("values", "عدد الخيارات كبير جدا.")
	}
	if len(bad) > 0 {
		c.failWith(http.StatusUnprocessableEntity, `"validation_failed"`, "Alert Validation failed", bad)
		return
	}
	var option int64
	p = c.store.editProduct(author{c.endpoint, ""}, p.ID, subject, func(p *Product) {
		option = change(p, bad)
		p.spread()
		p.release()
	})
	if p == nil {
		c.notFound()
		return
	}
	if at, _ := p.optionAt(option); at >= 0 {
		c.answer(http.StatusCreated, func(w *writer) { w.changedOption("data", p, &p.Options[at]) })
		return
	}
	c.message(http.StatusAccepted, msgRemoved)
}

func createOption(c *call) {
	in, ok := c.input(optionInput)
	if !ok {
		return
	}
	p := c.store.products.get(c.id(0))
	if p == nil {
		c.notFound()
		return
	}
	c.changeOptions(p, p.ID, func(p *Product, bad complaints) int64 { return p.addOption(in, bad).ID })
}

// ofOption finds the product of the option or value in the path.
func (c *call) ofOption(value bool) (p *Product, id int64, option, at int) {
	id = c.id(0)
	room := optionRoom
	if value {
		room = valueRoom
	}
	if p = c.store.productOfPart(id, room); p != nil {
		if option, at = p.optionAt(id); option >= 0 && (at >= 0) == value {
			return p, id, option, at
		}
	}
	c.notFound()
	return nil, 0, 0, 0
}

func optionDetails(c *call) {
	if p, _, o, _ := c.ofOption(false); p != nil {
		c.answer(http.StatusOK, func(w *writer) { w.changedOption("data", p, &p.Options[o]) })
	}
}

func updateOption(c *call) {
	in, ok := c.input(optionInput)
	if !ok {
		return
	}
	if p, id, o, _ := c.ofOption(false); p != nil {
		c.changeOptions(p, id, func(p *Product, bad complaints) int64 { p.fillOption(&p.Options[o], in, bad); return id })
	}
}

func deleteOption(c *call) {
	if p, id, o, _ := c.ofOption(false); p != nil {
		c.changeOptions(p, id, func(p *Product, _ complaints) int64 { p.Options = slices.Delete(p.Options, o, o+1); return 0 })
	}
}

func createValue(c *call) {
	in, ok := c.input(valueInput)
	if !ok {
		return
	}
	if p, id, o, _ := c.ofOption(false); p != nil {
		c.changeOptions(p, id, func(p *Product, bad complaints) int64 {
			v := OptionValue{Price: "0"}
			p.fillValue(&v, in, bad)
			p.Options[o].Values = append(p.Options[o].Values, v)
			return id
		})
	}
}

func valueDetails(c *call) {
	if p, _, o, v := c.ofOption(true); p != nil {
		c.answer(http.StatusOK, func(w *writer) { w.optionValue("data", p, &p.Options[o], &p.Options[o].Values[v]) })
	}
}

func updateValue(c *call) {
	in, ok := c.input(valueInput)
	if !ok {
		return
	}
	if p, id, o, v := c.ofOption(true); p != nil {
		c.changeOptions(p, id, func(p *Product, bad complaints) int64 {
			p.fillValue(&p.Options[o].Values[v], in, bad)
			return p.Options[o].ID
		})
	}
}

func deleteValue(c *call) {
	if p, id, o, v := c.ofOption(true); p != nil {
		c.changeOptions(p, id, func(p *Product, _ complaints) int64 {
			p.Options[o].Values = slices.Delete(p.Options[o].Values, v, v+1)
			return 0
		})
	}
}
