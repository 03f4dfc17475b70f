package magentotest

import (
	"fmt"
	"slices"
	"strings"
)

func refundOrder(c *call) {
	if in, ok := c.input(documentFields); ok {
		c.changeOrder(func(s *store, o *Order) bool { return c.refund(s, o, in, nil) })
	}
}

// offline payment methods have nothing an invoice could be refunded by.
var offlineMethods = []string{"checkmo", "cashondelivery", "banktransfer", "purchaseorder"}

func refundInvoice(c *call) {
	in, ok := c.input(documentFields + " isOnline")
	if !ok {
		return
	}
	id, ok := c.id(0)
	if !ok {
		return
	}
	var order int64
	c.locked(func(s *store) {
		for _, p := range s.invoices() {
			if p.v.ID == id {
				order = p.order.ID
			}
		}
	})
	c.changeOrderID(order, func(s *store, o *Order) bool {
		at := slices.IndexFunc(o.Invoices, func(v Invoice) bool { return v.ID == id })
		return at >= 0 && c.refund(s, o, in, &o.Invoices[at])
	})
}

// refundable reads the lines of a refund, nil for everything, and says what is
// wrong with them.
func refundable(o *Order, items []input) (want map[int64]int64, problems []string) {
	if len(items) == 0 {
		return nil, nil
	}
	want = map[int64]int64{}
	for _, i := range items {
		want[i.whole("order_item_id")] = numberValue(i.text("qty"))
	}
	for n := range o.Items {
		it := &o.Items[n]
		qty, ok := want[it.ID]
		switch {
		case !ok || !it.top():
		case qty%10_000 != 0 && toUnits(it.Ordered)%10_000 == 0:
			problems = append(problems, fmt.Sprintf(`We found an invalid quantity to refund item "%s".`, it.SKU))
		case qty > it.toRefund():
			problems = append(problems, fmt.Sprintf(`The quantity to creditmemo must not be greater than the unrefunded quantity for product SKU "%s".`, it.SKU),
				"The quantity to refund must not be greater than the unrefunded quantity.")
		}
	}
	for _, i := range items {
		switch it := o.Item(i.whole("order_item_id")); {
		case it == nil:
			problems = append(problems, "The creditmemo contains product item that is not part of the original order.")
		case !it.top():
			problems = append(problems, "The creditmemo contains incorrect product items.")
		}
	}
	return want, problems
}

// amounts reads the arguments of a refund. Without a shipping_amount all that
// is left of the shipping cost is given back, whatever the lines are. False
// after an error was answered.
func (c *call) amounts(o *Order, in input, want map[int64]int64, inv *Invoice) (memo, bool) {
	args := in.sub("arguments")
	if !c.known(args, "shipping_amount adjustment_positive adjustment_negative extension_attributes") {
		return memo{}, false
	}
	for _, name := range []string{"shipping_amount", "adjustment_positive", "adjustment_negative"} {
		if v := args.text(name); args.has(name) && !isDecimal(v) {
			c.bad(msgType, "value", v, "type", "float")
			return memo{}, false
		}
	}
	var m memo
	m.shipping, m.baseShipping = o.shippingLeft()
	if inv != nil {
		m.shipping, m.baseShipping = min(m.shipping, toUnits(inv.Shipping)), min(m.baseShipping, toUnits(inv.BaseShip))
	}
	if args.has("shipping_amount") {
		desired := toUnits(roundDecimal(args.text("shipping_amount"), 2))
		_, most := o.shippingLeft()
		switch all := toUnits(o.Base.Shipping); {
		case desired > most:
			c.bad("Maximum shipping amount allowed to refund is: %1", o.BaseCurrency+" "+fixed(units(most), 2))
			return memo{}, false
		case desired < most:
			m.shipping, m.baseShipping = (toUnits(o.Totals.Shipping)*desired/max(1, all)+50)/100*100, desired
		}
	}
	m.discount, m.baseDiscount = o.discountOf(want)
	m.adjust = toUnits(args.text("adjustment_positive")) - toUnits(args.text("adjustment_negative"))
	return m, true
}

func (c *call) refund(s *store, o *Order, in input, inv *Invoice) bool {
	items, ok := c.objects(in, "items", "order_item_id qty extension_attributes")
	if !ok {
		return false
	}
	want, lines := refundable(o, items)
	a, ok := c.amounts(o, in, want, inv)
	if !ok {
		return false
	}
	var problems []string
	paid, refunded := toUnits(o.Base.Paid), toUnits(o.Base.Refunded)
	switch {
	case slices.Contains([]string{StatePaymentReview, StateHolded, StateCanceled, StateClosed}, o.State):
		problems = append(problems, "A creditmemo can not be created when an order has a status of "+o.Status)
	case toUnits(o.Totals.Paid) == toUnits(o.Totals.Refunded):
		problems = append(problems, "The order does not allow a creditmemo to be created.")
	}
	problems = append(problems, lines...)
	back, bad := c.backToStock(o, in)
	problems = append(problems, bad...)
	tried := o.clone()
	if len(lines) == 0 { // what cannot be taken has no sum
		m := tried.giveBack(s.partID(), s.second(), want, a)
		if toUnits(m.BaseGrand) <= 0 {
			problems = append(problems, "The credit memo's total must be positive.")
		}
		if refunded+toUnits(m.BaseGrand) > paid {
			problems = append(problems, "The most money available to refund is "+units(paid-refunded)+".")
		}
	}
	if inv != nil && slices.Contains(offlineMethods, o.Payment) {
		problems = append(problems, "We can't create creditmemo for the invoice.")
	}
	if len(problems) > 0 {
		c.bad("Creditmemo Document Validation Error(s):\n" + strings.Join(problems, "\n"))
		return false
	}
	s.putBack(o, &tried.CreditMemos[len(tried.CreditMemos)-1], back)
	*o = *tried
	m := &o.CreditMemos[len(o.CreditMemos)-1]
	m.InvoiceID = 0
	if inv != nil {
		m.InvoiceID = inv.ID
	}
	if text := in.sub("comment").text("comment"); text != "" {
		m.Comments = append(m.Comments, Comment{ID: s.partID(), Text: text, Entity: "creditmemo", CreatedAt: s.second()})
	}
	s.effect("creditmemo.create", itoa(o.ID))
	c.out.int("", m.ID)
	return true
}

// backToStock reads which lines go back to stock; none unless they are named.
func (c *call) backToStock(o *Order, in input) (back []int64, problems []string) {
	for _, text := range in.sub("arguments").sub("extension_attributes").texts("return_to_stock_items") {
		id := numberValue(text) / 10_000
		if o.Item(id) == nil {
			return nil, []string{"The return to stock argument contains product item that is not part of the original order."}
		}
		back = append(back, id)
	}
	return back, nil
}

// putBack returns the pieces of named lines: those that were shipped to the
// source they left from, the others to what can be sold.
func (s *store) putBack(before *Order, m *CreditMemo, back []int64) {
	if s.cfg.NoMSI {
		return
	}
	for _, d := range m.Items {
		it := before.Item(d.OrderItemID)
		line := it.ID
		if it.ParentID != 0 {
			line = it.ParentID
		}
		if !slices.Contains(back, line) && !slices.Contains(back, it.ID) || before.child(it.ID) != nil {
			continue
		}
		qty, sku := toUnits(d.Qty), s.skuOf(it)
		unsent := max(0, it.toRefund()-toUnits(it.Shipped)) // of what was paid and not refunded
		fromShelf := min(qty, unsent)
		s.stock.reserve(sku, fromShelf)
		for _, sh := range before.Shipments {
			for _, sent := range sh.Items {
				if n := min(qty-fromShelf, toUnits(sent.Qty)); sent.OrderItemID == it.ID && n > 0 {
					x, _ := s.stockAt(sku, sh.Source)
					x.SKU, x.Source, x.Quantity = sku, sh.Source, units(toUnits(x.Quantity)+n)
					x.Status = 1
					s.stock.set(x)
					qty -= n
				}
			}
		}
	}
}
