package woocommercetest

import (
	"cmp"
	"net/http"
	"slices"
)

// applyLine adds a line, or changes the one with its id; quantity 0 takes it out.
func (c *call) applyLine(o *Order, in input) *apiError {
	s := c.server
	id := in.id("id")
	if id != 0 {
		n := slices.IndexFunc(o.Items, func(l LineItem) bool { return l.ID == id })
		if n < 0 {
			return fail(http.StatusBadRequest, "woocommerce_rest_invalid_item_id", "Order item ID provided is not associated with order.")
		}
		l := &o.Items[n]
		if removes(in) {
			o.Items = slices.Delete(o.Items, n, n+1)
			return nil
		}
		in.text("name", &l.Name)
		in.number("quantity", &l.Quantity) // the amounts stay
		c.amount(in, "subtotal", &l.Subtotal)
		c.amount(in, "total", &l.Total)
		return nil
	}
	l := LineItem{Quantity: 1}
	in.number("quantity", &l.Quantity)
	product, variation, sku := in.id("product_id"), in.id("variation_id"), textOf(in["sku"])
	if product == 0 && variation == 0 && sku == "" {
		return fail(http.StatusBadRequest, "woocommerce_rest_required_product_reference", "Product ID or SKU is required.")
	}
	if l.Quantity == 0 {
		return fatal()
	}
	if sku != "" { // before the ids, if both are there
		product, variation = 0, 0
		for _, h := range s.holders(sku) {
			if id, gone := s.ofHolder(h); !gone {
				product, variation = h.product, id
			}
		}
	}
	p, n := s.holderOf(cmp.Or(variation, product))
	l.Total, l.Subtotal = "0", "0"
	if p != nil { // an unknown product makes a line without name and price
		l.ProductID, l.Name, l.SKU = p.ID, p.Name, p.SKU
		price := p.Price()
		if n >= 0 {
			v := &p.Variations[n]
			l.VariationID, l.ParentName, l.SKU = v.ID, p.Name, v.sku(p)
			price = v.price()
			if text := v.optionsText(); text != "" {
				l.Name += " - " + text
			}
		}
		l.Subtotal = timesInt(price, l.Quantity)
		l.Total = l.Subtotal
	}
	in.text("name", &l.Name)
	c.amount(in, "subtotal", &l.Subtotal)
	l.Total = l.Subtotal
	c.amount(in, "total", &l.Total)
	for _, m := range in.objects("meta_data") {
		value := asPHP(m["value"])
		s.nextMeta++
		key := textOf(m["key"])
		l.Meta = append(l.Meta, LineMeta{s.nextMeta - 1, key, value, cmp.Or(textOf(m["display_key"]), key), value})
	}
	o.Items = append(o.Items, l)
	return nil
}

// removes says whether an entry takes a line out: by no quantity, or by null in
// the place of what the line is of.
func removes(in input) bool {
	for _, name := range []string{"product_id", "method_id", "method_title", "name", "code"} {
		if isNull(in[name]) {
			return true
		}
	}
	return in.has("quantity") && textOf(in["quantity"]) == "0"
}

// applyExtras adds and changes lines of shipping and fees, and adds coupons.
func (c *call) applyExtras(o *Order, in input) *apiError {
	for _, kind := range []struct {
		field, title, method string
		list                 *[]ExtraLine
		lacks                *apiError
	}{
		{"shipping_lines", "method_title", "method_id", &o.ShippingLines,
			fail(http.StatusBadRequest, "woocommerce_rest_invalid_shipping_item", "Shipping method ID is required.")},
		{"fee_lines", "name", "name", &o.Fees, fail(http.StatusBadRequest, "woocommerce_rest_invalid_fee_item", "Fee name is required.")},
	} {
		for _, l := range in.objects(kind.field) {
			id := l.id("id")
			n := slices.IndexFunc(*kind.list, func(x ExtraLine) bool { return x.ID == id && id != 0 })
			switch {
			case n < 0 && id != 0:
				return fail(http.StatusBadRequest, "woocommerce_rest_invalid_item_id", "Order item ID provided is not associated with order.")
			case n >= 0 && removes(l):
				*kind.list = slices.Delete(*kind.list, n, n+1)
				continue
			case n < 0 && textOf(l[kind.method]) == "":
				return kind.lacks
			case n < 0:
				*kind.list = append(*kind.list, ExtraLine{Total: "0"})
				n = len(*kind.list) - 1
			}
			x := &(*kind.list)[n]
			l.text("method_id", &x.Method)
			l.text(kind.title, &x.Title)
			c.amount(l, "total", &x.Total)
		}
	}
	for _, l := range in.objects("coupon_lines") {
		o.Coupons = append(o.Coupons, ExtraLine{Title: textOf(l["code"]), Method: "percent", Total: "0", Percent: "0"})
	}
	return nil
}

// adjustStock lets the stock follow lines whose quantity an edit changed, of an
// order that took its goods already; called with mu held.
func (s *Server) adjustStock(old, o *Order) (moved []int64) {
	if !o.StockReduced || !reducesStock(o.Status) {
		return nil
	}
	for i := range o.Items {
		l := &o.Items[i]
		n := slices.IndexFunc(old.Items, func(x LineItem) bool { return x.ID == l.ID })
		more := l.Quantity - l.tally(restocked) - l.tally(reducedStock)
		if n < 0 || old.Items[n].Quantity == l.Quantity || more == 0 {
			continue
		}
		if of, _, ok := s.moveStock(cmp.Or(l.VariationID, l.ProductID), -more); ok {
			s.setTally(l, reducedStock, l.tally(reducedStock)+more)
			moved = append(moved, of)
		}
	}
	return moved
}

// recount sums an order up; taxes stay as they are.
func (o *Order) recount() {
	sum, discount, shipping := dec(o.TotalTax), dec("0"), dec("0")
	for _, l := range o.Items {
		sum = sum.Add(dec(l.Total))
		discount = discount.Add(dec(l.Subtotal).Sub(dec(l.Total)))
	}
	for _, x := range o.ShippingLines {
		shipping = shipping.Add(dec(x.Total))
	}
	for _, x := range o.Fees {
		sum = sum.Add(dec(x.Total))
	}
	o.DiscountTotal, o.ShippingTotal, o.Total = discount.String(), shipping.String(), sum.Add(shipping).String()
}
