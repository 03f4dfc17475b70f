package magento

import (
	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// lines returns the positions of an order. The two lines of a configurable
// product are one: prices and quantities of the first, product of the second.
// The parts of a bundle follow it as lines without amounts, which the bundle
// has.
func (r *reader) lines(n *orderNode, c currencies) []catalog.LineItem {
	all := make([]catalog.LineItem, 0, len(n.Items))
	children := map[string]*itemNode{}
	parents := map[string]*itemNode{}
	for i := range n.Items {
		it := &n.Items[i]
		if parent(it) == "" {
			parents[it.ID] = it
		} else {
			children[it.ParentID] = it
		}
	}
	for i := range n.Items {
		it := &n.Items[i]
		l := catalog.LineItem{
			ID: ref(it.ID), ProductID: ref(it.ProductID), VariantID: ref(it.ProductID), Title: it.Name, SKU: it.SKU,
			Quantity: r.count("items.%d.qty_ordered", i, it.Ordered), RequiresShipping: it.Virtual != "1", GiftCard: it.Type == "giftcard",
		}
		l.Current, l.Unfulfilled = r.left(i, it)
		if of := parents[it.ParentID]; of != nil && parent(it) != "" {
			if of.Type == "configurable" {
				continue
			}
			all = append(all, l)
			continue
		}
		if child := children[it.ID]; child != nil && it.Type == "configurable" {
			l.VariantID = ref(child.ProductID)
			if child.Name != it.Name {
				l.Variant = child.Name
			}
		}
		l.UnitPrice = r.at(i, "price", it.BasePrice, it.Price, c)
		l.Discount = r.at(i, "discount_amount", it.BaseDiscount, it.Discount, c)
		l.Tax = r.at(i, "tax_amount", it.BaseTax, it.Tax, c)
		l.Total = minus(r.at(i, "row_total", it.BaseRow, it.Row, c), l.Discount)
		all = append(all, l)
	}
	return all
}

// parent is the line that this one is a part of.
func parent(it *itemNode) string { return ref(it.ParentID) }

// at places an amount of a line that is told in both currencies.
func (r *reader) at(i int, name, base, order string, c currencies) catalog.DualMoney {
	return catalog.DualMoney{Store: r.money("items.%d.base_"+name, i, base, c.base), Shopper: r.money("items.%d."+name, i, order, c.order)}
}

// left says how much of a line is still wanted, and how much is still to be
// shipped: as Magento has it, what was neither shipped, nor refunded, nor
// cancelled.
func (r *reader) left(i int, it *itemNode) (current, unfulfilled *catalog.Quantity) {
	ordered, shipped := r.count("items.%d.qty_ordered", only, it.Ordered).Decimal(), r.count("items.%d.qty_shipped", i, it.Shipped).Decimal()
	gone := r.count("items.%d.qty_refunded", i, it.Refunded).Decimal().Add(r.count("items.%d.qty_canceled", i, it.Canceled).Decimal())
	wanted, toShip := ordered.Sub(gone), ordered.Sub(gone).Sub(shipped)
	if it.Virtual == "1" {
		toShip = decimal.Zero
	}
	return quantityOf(wanted), quantityOf(toShip)
}

// quantityOf is a count that cannot be below 0.
func quantityOf(d decimal.Decimal) *catalog.Quantity {
	q, err := catalog.ParseQuantity(decimal.Max(d, decimal.Zero).String())
	if err != nil {
		return nil
	}
	return &q
}

// paymentOf tells from the amounts how far an order is paid, in the shop's
// currency: Magento has no word for it.
func paymentOf(n *orderNode, o *catalog.Order, paid catalog.DualMoney) catalog.PaymentStatus {
	total, got, back := o.Total.Store.Decimal(), paid.Store.Decimal(), o.Refunded.Store.Decimal()
	switch {
	case n.State == "" && o.Total.Store.IsZero():
		return ""
	case back.IsPositive() && back.GreaterThanOrEqual(got):
		return catalog.PaymentRefunded
	case back.IsPositive():
		return catalog.PaymentPartiallyRefunded
	case got.IsPositive() && got.GreaterThanOrEqual(total):
		return catalog.PaymentPaid
	case got.IsPositive():
		return catalog.PaymentPartiallyPaid
	case n.State == "canceled":
		return catalog.PaymentVoided
	case total.IsZero() && !o.Total.Store.IsZero() && n.State != "new":
		return catalog.PaymentPaid // there is nothing to pay
	}
	if authorized, err := decimal.NewFromString(n.Payment.BaseAuthorized); err == nil && authorized.IsPositive() {
		return catalog.PaymentAuthorized
	}
	return catalog.PaymentPending
}

// fulfillment tells from the quantities of the lines how far an order has
// gone. A bundle whose parts are shipped by themselves counts by these.
func (r *reader) fulfillment(n *orderNode) catalog.FulfillmentStatus {
	if n.Virtual == "1" {
		return catalog.FulfillmentNotNeeded
	}
	quiet := &reader{} // what is odd about a quantity was said at its line
	partsShipped := map[string]bool{}
	for i := range n.Items {
		if it := &n.Items[i]; parent(it) != "" && quiet.count("", only, it.Shipped).Decimal().IsPositive() {
			partsShipped[it.ParentID] = true
		}
	}
	bundles := map[string]bool{}
	var shipped, toShip, needed bool
	for i := range n.Items {
		it := &n.Items[i]
		sent := quiet.count("", only, it.Shipped).Decimal().IsPositive()
		if parent(it) == "" && it.Type == "bundle" {
			bundles[it.ID] = partsShipped[it.ID] && !sent
		}
		switch apart := bundles[it.ID] || bundles[parent(it)]; {
		case it.Virtual == "1", bundles[it.ID], parent(it) != "" && !apart:
			continue
		}
		needed = true
		_, rest := quiet.left(i, it)
		shipped = shipped || sent
		toShip = toShip || rest == nil || !rest.IsZero()
	}
	switch {
	case !needed:
		return ""
	case shipped && toShip:
		return catalog.FulfillmentPartial
	case shipped:
		return catalog.FulfillmentDone
	case !toShip:
		return catalog.FulfillmentCancelled
	case n.State == "holded":
		return catalog.FulfillmentOnHold
	}
	return catalog.FulfillmentNone
}
