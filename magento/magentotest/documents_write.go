package magentotest

import (
	"fmt"
	"slices"
	"strings"
)

const documentFields = "items notify appendComment comment arguments"

// document answers what is wrong with a document of an order.
func (c *call) document(kind string, problems []string) bool {
	if len(problems) > 0 {
		c.bad(kind + " Document Validation Error(s):\n" + strings.Join(problems, "\n"))
	}
	return len(problems) == 0
}

// toSend reads the lines of a shipment, nil for everything. More than there is
// left counts as all of it, a part of a piece as none, and lines that are not
// the order's, or are the child of another, are passed over.
func (c *call) toSend(o *Order, items []input) map[int64]int64 {
	if len(items) == 0 {
		return nil
	}
	want := map[int64]int64{}
	for _, i := range items {
		it := o.Item(i.whole("order_item_id"))
		if it == nil || !it.top() {
			c.violation("line %s is none a shipment can have; it is passed over", i.text("order_item_id"))
			continue
		}
		qty := numberValue(i.text("qty"))
		if qty > it.toShip() {
			c.violation("%s pieces of %q to ship, and %s are left: the shop ships those", i.text("qty"), it.SKU, units(it.toShip()))
		}
		qty = min(qty, it.toShip())
		if toUnits(it.Ordered)%10_000 == 0 {
			qty = qty / 10_000 * 10_000
		}
		want[it.ID] = max(0, qty)
	}
	return want
}

func shipOrder(c *call) {
	in, ok := c.input(documentFields + " tracks packages")
	if !ok {
		return
	}
	items, ok := c.objects(in, "items", "order_item_id qty extension_attributes")
	if !ok {
		return
	}
	tracks, ok := c.objects(in, "tracks", "track_number title carrier_code extension_attributes")
	if !ok {
		return
	}
	source := in.sub("arguments").sub("extension_attributes").text("source_code")
	c.changeOrder(func(s *store, o *Order) bool {
		may := o.firstToShip() != nil
		sh := o.ship(s.partID(), s.second(), source, c.toSend(o, items))
		var problems []string
		switch {
		case o.State == StateHolded || o.State == StatePaymentReview || o.State == StateCanceled || o.Shipping == nil:
			problems = append(problems, "A shipment cannot be created when an order has a status of "+o.Status)
		case !may:
			problems = append(problems, "The order does not allow a shipment to be created.")
		}
		if sh == nil {
			problems = append(problems, "You can't create a shipment without products.")
		}
		noCarrier := false
		for _, t := range tracks {
			if t.text("track_number") == "" {
				problems = append(problems, "Please enter a tracking number.")
			}
			noCarrier = noCarrier || t.text("carrier_code") == ""
		}
		if !c.document("Shipment", problems) {
			return false
		}
		if source == "" {
			if len(s.stock.sources) > 1 && !s.cfg.NoMSI {
				c.violation("no source_code, and the shop has %d sources", len(s.stock.sources))
			}
			sh.Source = "default"
		}
		if noCarrier || !s.deduct(o, sh) {
			c.violation("the shipment cannot be saved: no carrier, or not enough at source %q", sh.Source)
			c.bad("Could not save a shipment, see error log for details")
			return false
		}
		for _, t := range tracks {
			sh.Tracks = append(sh.Tracks, Track{ID: s.partID(), Number: t.text("track_number"), Title: t.text("title"), Carrier: t.text("carrier_code"), CreatedAt: s.second()})
		}
		if comment := in.sub("comment"); comment.text("comment") != "" {
			sh.Comments = append(sh.Comments, Comment{ID: s.partID(), Text: comment.text("comment"), Entity: "shipment", Visible: comment.flag("is_visible_on_front"), CreatedAt: s.second()})
		}
		s.effect("shipment.create", itoa(o.ID))
		c.out.int("", sh.ID)
		return true
	})
}

// deduct takes what was shipped from the source and gives the reservations
// back; false, and nothing is changed, where the source has too little.
func (s *store) deduct(o *Order, sh *Shipment) bool {
	if s.cfg.NoMSI {
		return true
	}
	var sets []SourceItem
	for _, d := range sh.Items {
		it := o.Item(d.OrderItemID)
		if o.child(it.ID) != nil {
			continue
		}
		p := s.bySKU(s.skuOf(it))
		if p == nil {
			continue // deleted since
		}
		x, ok := s.stockAt(p.SKU, sh.Source)
		if at := slices.IndexFunc(sets, func(y SourceItem) bool { return y.SKU == x.SKU }); ok && at >= 0 {
			x, sets = sets[at], slices.Delete(sets, at, at+1)
		}
		if !ok || toUnits(x.Quantity) < toUnits(d.Qty) {
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
			s.stock.reserve(s.skuOf(it), toUnits(d.Qty))
		}
	}
	return true
}

func invoiceOrder(c *call) {
	in, ok := c.input(documentFields + " capture")
	if !ok {
		return
	}
	items, ok := c.objects(in, "items", "order_item_id qty extension_attributes")
	if !ok {
		return
	}
	c.changeOrder(func(s *store, o *Order) bool {
		var problems []string
		open := slices.ContainsFunc(o.Items, func(it OrderItem) bool { return it.top() && it.toInvoice() > 0 })
		switch {
		case slices.Contains([]string{StateHolded, StatePaymentReview, StateCanceled, StateClosed, StateComplete}, o.State):
			problems = append(problems, "An invoice cannot be created when an order has a status of "+o.Status)
		case !open:
			problems = append(problems, "The order does not allow an invoice to be created.")
		}
		var want map[int64]int64
		for _, i := range items {
			if want == nil {
				want = map[int64]int64{}
			}
			it, qty := o.Item(i.whole("order_item_id")), numberValue(i.text("qty"))
			switch {
			case it == nil:
				problems = append(problems, "The invoice contains one or more items that are not part of the original order.")
			case it.top() && qty > it.toInvoice():
				problems = append(problems, fmt.Sprintf(`The quantity to invoice must not be greater than the uninvoiced quantity for product SKU "%s".`, it.SKU))
			case it.top():
				want[it.ID] = qty
			}
		}
		if len(problems) > 0 {
			return c.document("Invoice", problems)
		}
		inv := o.invoice(s.partID(), s.second(), want)
		if inv == nil {
			return c.document("Invoice", []string{"The invoice can't be created without products. Add products and try again."})
		}
		s.effect("invoice.create", itoa(o.ID))
		c.out.int("", inv.ID)
		return true
	})
}
