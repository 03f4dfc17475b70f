package magentotest

import (
	"fmt"
	"slices"
	"strings"
)

// wanted reads items of a document: quantities by line, nil for everything;
// false after an error was answered.
func (c *call) wanted(in input, o *Order, document string, left func(*OrderItem) int64) (map[int64]int64, bool) {
	items, ok := c.objects(in, "items", "order_item_id qty extension_attributes")
	if !ok {
		return nil, false
	}
	if len(items) == 0 {
		return nil, true
	}
	want := map[int64]int64{}
	var problems []string
	for _, i := range items {
		id, qty := i.whole("order_item_id"), numberValue(i.text("qty"))
		it := o.Item(id)
		switch {
		case it == nil:
			problems = append(problems, fmt.Sprintf("The %s contains product item that is not part of the original order.", document))
			continue
		case !it.top():
			c.violation("line %d is the child of another; documents are made of the parents", id)
			continue
		case qty > left(it):
			problems = append(problems, fmt.Sprintf(`The quantity to %s must not be greater than the unprocessed quantity for product SKU "%s".`, document, it.SKU))
		}
		want[id] += qty
	}
	if len(problems) > 0 {
		title := strings.ToUpper(document[:1]) + document[1:]
		c.bad(title + " Document Validation Error(s):\n" + strings.Join(problems, "\n"))
		return nil, false
	}
	return want, true
}

const documentFields = "items notify appendComment comment arguments"

func shipOrder(c *call) {
	in, ok := c.input(documentFields + " tracks packages")
	if !ok {
		return
	}
	tracks, ok := c.objects(in, "tracks", "track_number title carrier_code extension_attributes")
	if !ok {
		return
	}
	for _, t := range tracks {
		for _, name := range []string{"track_number", "title", "carrier_code"} {
			if !t.has(name) {
				c.required(name)
				return
			}
		}
	}
	source := in.sub("arguments").sub("extension_attributes").text("source_code")
	c.changeOrder(func(s *store, o *Order) bool {
		if o.State == StateHolded || o.State == StatePaymentReview || o.State == StateCanceled || o.Shipping == nil {
			c.bad("Shipment Document Validation Error(s):\nA shipment cannot be created when an order has a status of " + o.Status)
			return false
		}
		want, ok := c.wanted(in, o, "shipment", func(it *OrderItem) int64 { return it.left(it.Shipped) })
		if !ok {
			return false
		}
		if source == "" {
			if source = "default"; len(s.stock.sources) > 1 {
				c.violation("no source_code, and the shop has %d sources", len(s.stock.sources))
			}
		} else if s.stock.source(source) == nil {
			c.bad(`Source with code "%value" does not exist.`, "value", source)
			return false
		}
		sh := o.ship(s.partID(), s.second(), source, want)
		if sh == nil {
			c.bad("Shipment Document Validation Error(s):\nYou can't create a shipment without products.")
			return false
		}
		if !s.deduct(c, o, sh) {
			return false
		}
		for _, t := range tracks {
			sh.Tracks = append(sh.Tracks, Track{s.partID(), t.text("track_number"), t.text("title"), t.text("carrier_code"), s.second()})
		}
		if text := in.sub("comment").text("comment"); text != "" && in.flag("appendComment") {
			sh.Comments = append(sh.Comments, Comment{ID: s.partID(), Text: text, Entity: "shipment", CreatedAt: s.second()})
		}
		c.out.int("", sh.ID)
		return true
	})
}

// deduct takes what was shipped from the source and gives the reservations
// back; false after an error was answered.
func (s *store) deduct(c *call, o *Order, sh *Shipment) bool {
	if s.cfg.NoMSI {
		return true
	}
	var sets []SourceItem
	for _, d := range sh.Items {
		it := o.Item(d.OrderItemID)
		if o.child(it.ID) != nil {
			continue
		}
		p := s.bySKU(it.SKU)
		if p == nil {
			continue // deleted since
		}
		at := slices.IndexFunc(s.stock.of(p, s.seedIndexOf(p.ID)), func(x SourceItem) bool { return x.Source == sh.Source })
		if at < 0 {
			c.bad("Source item not found by source code: %1 and sku: %2.", sh.Source, it.SKU)
			return false
		}
		x := s.stock.of(p, s.seedIndexOf(p.ID))[at]
		if toUnits(x.Quantity) < toUnits(d.Qty) {
			c.bad("Not all of your products are available in the requested quantity.")
			return false
		}
		x.Quantity = units(toUnits(x.Quantity) - toUnits(d.Qty))
		if toUnits(x.Quantity) == 0 {
			x.Status = 0
		}
		sets = append(sets, x)
	}
	for _, x := range sets {
		s.stock.set(x)
	}
	for _, d := range sh.Items {
		if it := o.Item(d.OrderItemID); o.child(it.ID) == nil {
			s.stock.reserve(it.SKU, toUnits(d.Qty))
		}
	}
	return true
}

func invoiceOrder(c *call) {
	in, ok := c.input(documentFields + " capture")
	if !ok {
		return
	}
	c.changeOrder(func(s *store, o *Order) bool {
		if o.State == StateHolded || o.State == StatePaymentReview || o.State == StateCanceled || o.State == StateClosed || o.State == StateComplete {
			c.bad("Invoice Document Validation Error(s):\nAn invoice cannot be created when an order has a status of " + o.Status)
			return false
		}
		want, ok := c.wanted(in, o, "invoice", func(it *OrderItem) int64 { return it.left(it.Invoiced) })
		if !ok {
			return false
		}
		inv := o.invoice(s.partID(), s.second(), want)
		if inv == nil {
			c.bad("Invoice Document Validation Error(s):\nThe order does not allow an invoice to be created.")
			return false
		}
		c.out.int("", inv.ID)
		return true
	})
}

func refundOrder(c *call) {
	if in, ok := c.input(documentFields); ok {
		c.changeOrder(func(s *store, o *Order) bool { return c.refund(s, o, in) })
	}
}

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
	c.changeOrderID(order, func(s *store, o *Order) bool { return c.refund(s, o, in) })
}

func (c *call) refund(s *store, o *Order, in input) bool {
	left := func(it *OrderItem) int64 { return toUnits(it.Invoiced) - toUnits(it.Refunded) }
	var rest int64
	for i := range o.Items {
		rest += max(0, left(&o.Items[i]))
	}
	if rest == 0 || o.State == StateHolded || o.State == StateCanceled {
		c.bad("Creditmemo Document Validation Error(s):\nA creditmemo can not be created when an order has a status of " + o.Status)
		return false
	}
	want, ok := c.wanted(in, o, "creditmemo", left)
	if !ok {
		return false
	}
	args := in.sub("arguments")
	shipping := !args.has("shipping_amount") || numberValue(args.text("shipping_amount")) > 0
	if want != nil && !args.has("shipping_amount") {
		shipping = false
	}
	adjust := numberValue(args.text("adjustment_positive")) - numberValue(args.text("adjustment_negative"))
	m := o.refund(s.partID(), s.second(), want, shipping, adjust)
	if text := in.sub("comment").text("comment"); text != "" && in.flag("appendComment") {
		m.Comments = append(m.Comments, Comment{ID: s.partID(), Text: text, Entity: "creditmemo", CreatedAt: s.second()})
	}
	c.out.int("", m.ID)
	return true
}
