package bigcommercetest

import "slices"

// moveStock puts the pieces of lines back at the default location (sign 1), or
// takes them from it (-1), where they are tracked.
func (c *call) moveStock(lines []LineItem, sign int) {
	for _, l := range lines {
		p := c.store.products.get(l.ProductID)
		if p == nil {
			continue
		}
		at := target{p.ID, 0, 1}
		switch p.Tracking {
		case "none":
			continue
		case "variant":
			at.variant = l.VariantID
		}
		c.store.adjustStock(c.request(), []stockChange{{at, sign * l.Quantity, false}})
	}
}

// fillLines changes the lines that are named by id, removes those of no pieces
// and adds those without id. What it changes loses its discounts.
func (s *Store) fillLines(o *Order, in input) string {
	for _, row := range in.list("products") {
		id, known := row.integer("id")
		if !known {
			l, problem := s.newLine(row)
			if problem != "" {
				return problem
			}
			o.Lines = append(o.Lines, l)
			continue
		}
		l := o.line(id)
		switch {
		case l == nil:
			return "The product " + row.text("id") + " is not in the order."
		case row.has("price_ex_tax") != row.has("price_inc_tax"):
			return "Both price_ex_tax and price_inc_tax are needed, or neither."
		}
		if n, ok := row.integer("quantity"); ok {
			l.Quantity = int(n)
		}
		if row.has("price_ex_tax") {
			l.Price, _ = toMoney(row.text("price_ex_tax"))
		}
		l.Discount = 0
	}
	if in.has("products") {
		o.Lines = slices.DeleteFunc(o.Lines, func(l LineItem) bool { return l.Quantity <= 0 })
	}
	return ""
}

func (s *Store) newLine(in input) (LineItem, string) {
	l := LineItem{Quantity: 1, Name: in.text("name"), SKU: in.text("sku"), Type: "physical"}
	if n, ok := in.integer("quantity"); ok {
		l.Quantity = int(n)
	}
	if in.has("price_ex_tax") != in.has("price_inc_tax") {
		return l, "Both price_ex_tax and price_inc_tax are needed, or neither."
	}
	if id, ok := in.integer("product_id"); ok {
		p := s.products.get(id)
		if p == nil {
			return l, "The product " + in.text("product_id") + " does not exist."
		}
		v := &p.Variants[0]
		if id, ok := in.integer("variant_id"); ok {
			if v = p.variant(id); v == nil {
				return l, "The variant " + in.text("variant_id") + " does not exist."
			}
		}
		l.ProductID, l.VariantID, l.Type = p.ID, v.ID, p.Type
		orText(&l.Name, p.Name)
		orText(&l.SKU, v.SKU)
		l.Price, _ = toMoney(p.calculated())
	}
	if in.has("price_ex_tax") {
		l.Price, _ = toMoney(in.text("price_ex_tax"))
	}
	return l, ""
}
