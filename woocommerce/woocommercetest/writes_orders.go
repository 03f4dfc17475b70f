package woocommercetest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

func (s *Server) orderBody() []field {
	return slices.Concat(
		typed("integer", "parent_id", "customer_id"),
		typed("string", "created_via", "customer_note", "payment_method", "payment_method_title", "transaction_id"),
		typed("object", "billing", "shipping"), typed("array", "meta_data", "line_items", "shipping_lines", "fee_lines", "coupon_lines"),
		typed("boolean", "set_paid", "manual_update"),
		[]field{oneOf("status", append([]string{"auto-draft"}, s.statuses()...)...), oneOf("currency", s.currencies()...)},
	)
}

func (c *call) createOrder() *apiError {
	m, err := c.insertOrder(c.input)
	return c.reply(m, err, "/orders")
}

func (c *call) putOrder() *apiError {
	m, err := c.changeOrder(c.args[0], c.input)
	return c.reply(m, err, "")
}

func (c *call) showOrder(o *Order) made {
	return made{o.ID, func(w *writer) { w.order(c.server, c, o, c.dp()) }}
}

func (c *call) insertOrder(in input) (made, *apiError) {
	o := &Order{Status: "pending", Currency: c.server.cfg.Currency, CreatedVia: "rest-api"}
	in.text("created_via", &o.CreatedVia)
	c.server.mu.Lock()
	err := c.applyOrder(o, in)
	c.server.mu.Unlock()
	if err != nil {
		return made{}, err
	}
	return c.showOrder(c.server.AddOrder(*o)), nil
}

func (c *call) changeOrder(id int64, in input) (made, *apiError) {
	var err *apiError
	gone := c.server.UpdateOrder(id, func(o *Order) {
		n := o.clone()
		if err = c.applyOrder(n, in); err == nil {
			*o = *n
		}
	})
	if gone != nil {
		return made{}, invalidID("order", http.StatusBadRequest)
	}
	if err != nil {
		return made{}, err
	}
	return c.showOrder(c.server.Order(id)), nil
}

func (a *Address) apply(in input) {
	for name, into := range map[string]*string{
		"first_name": &a.FirstName, "last_name": &a.LastName, "company": &a.Company, "address_1": &a.Address1, "address_2": &a.Address2,
		"city": &a.City, "state": &a.State, "postcode": &a.Postcode, "country": &a.Country, "email": &a.Email, "phone": &a.Phone,
	} {
		in.text(name, into)
	}
}

// applyOrder writes the fields of a body into o; called with mu held.
func (c *call) applyOrder(o *Order, in input) *apiError {
	s := c.server
	if in.has("customer_id") {
		id := in.id("customer_id")
		if id != 0 && s.customers.find(id) == nil {
			return fail(http.StatusBadRequest, "woocommerce_rest_invalid_customer_id", "Customer ID is invalid.")
		}
		o.CustomerID = id
	}
	for name, into := range map[string]*string{
		"currency": &o.Currency, "customer_note": &o.CustomerNote, "payment_method": &o.Method,
		"payment_method_title": &o.MethodTitle, "transaction_id": &o.TransactionID,
	} {
		in.text(name, into)
	}
	if in.has("parent_id") {
		o.ParentID = in.id("parent_id")
	}
	o.Billing.apply(in.object("billing"))
	o.Shipping.apply(in.object("shipping"))
	o.Shipping.Email = ""
	for _, l := range in.objects("line_items") {
		if err := c.applyLine(o, l); err != nil {
			return err
		}
	}
	for _, kind := range []struct {
		field, title, method string
		list                 *[]ExtraLine
	}{
		{"shipping_lines", "method_title", "method_id", &o.ShippingLines}, {"fee_lines", "name", "", &o.Fees},
	} {
		for _, l := range in.objects(kind.field) {
			c.applyExtra(kind.list, l, kind.title, kind.method)
		}
	}
	for _, l := range in.objects("coupon_lines") {
		o.Coupons = append(o.Coupons, ExtraLine{Title: textOf(l["code"]), Method: "percent", Total: "0", Percent: "0"})
	}
	if in.has("line_items") || in.has("shipping_lines") || in.has("fee_lines") {
		o.recount()
	}
	o.Meta = s.mergeMeta(o.Meta, in.objects("meta_data"))
	if in.has("status") {
		status := textOf(in["status"])
		if !slices.Contains(s.statuses(), status) && status != "auto-draft" && status != "trash" {
			s.book.violation("%s %s: status %q does not exist; a batch makes it pending", c.method, c.at, status)
			status = "pending"
		}
		s.moveTo(o, status)
	}
	if paid := false; in.has("set_paid") {
		if in.flag("set_paid", &paid); paid && !isPaid(o.Status) {
			if o.Method == "cod" {
				s.moveTo(o, "completed")
			} else {
				s.moveTo(o, "processing")
			}
		}
	}
	return nil
}

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
		if in.has("quantity") && textOf(in["quantity"]) == "0" {
			o.Items = slices.Delete(o.Items, n, n+1)
			return nil
		}
		if each := dec(l.Subtotal); in.has("quantity") && l.Quantity != 0 {
			old := l.Quantity
			in.number("quantity", &l.Quantity)
			l.Subtotal = timesInt(each.DivRound(dec(strconv.Itoa(old)), 8).String(), l.Quantity)
			l.Total = l.Subtotal
		}
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
	if sku != "" && product == 0 && variation == 0 {
		if h := s.holders(sku); len(h) > 0 {
			product = h[0].product
			if h[0].variation >= 0 {
				variation = s.products.get(product).Variations[h[0].variation].ID
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
			price = activePrice(v.RegularPrice, v.SalePrice)
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

func (c *call) applyExtra(list *[]ExtraLine, in input, title, method string) {
	id := in.id("id")
	n := slices.IndexFunc(*list, func(x ExtraLine) bool { return x.ID == id && id != 0 })
	if n < 0 {
		*list = append(*list, ExtraLine{Total: "0"})
		n = len(*list) - 1
	}
	x := &(*list)[n]
	in.text(title, &x.Title)
	if method != "" {
		in.text(method, &x.Method)
	}
	c.amount(in, "total", &x.Total)
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

func (c *call) deleteOrder() *apiError {
	force, _ := c.flag("force")
	m, err := c.dropOrder(c.args[0], force)
	return c.reply(m, err, "")
}

func (c *call) dropOrder(id int64, force bool) (made, *apiError) {
	s := c.server
	o := s.anyOrder(id)
	switch {
	case o == nil:
		return made{}, invalidID("order", http.StatusNotFound)
	case force:
		return c.showOrder(o), found("order", s.DeleteOrder(id))
	case o.Status == "trash":
		return made{}, fail(http.StatusGone, "woocommerce_rest_already_trashed", "The order has already been deleted.")
	}
	return c.showOrder(o), found("order", s.TrashOrder(id))
}
