package magento

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// wantedLines adds up the named lines; nil means all.
func wantedLines(op string, lines []catalog.FulfillmentLine) (map[string]decimal.Decimal, error) {
	if lines == nil {
		return nil, nil
	}
	wanted := map[string]decimal.Decimal{}
	for i, l := range lines {
		if err := checkID(op, "a line", l.LineItemID); err != nil {
			return nil, err
		}
		if _, err := pieces(op, at("Lines", i, "Quantity"), l.Quantity); err != nil {
			return nil, err
		}
		if !l.Quantity.Decimal().IsPositive() {
			return nil, invalid(op, at("Lines", i, "Quantity"), "it is not above 0")
		}
		wanted[l.LineItemID] = wanted[l.LineItemID].Add(l.Quantity.Decimal())
	}
	if len(wanted) == 0 {
		return nil, invalid(op, "Lines", "it names no line; nil means all that is left")
	}
	return wanted, nil
}

// shipLine is a line to be shipped.
type shipLine struct {
	id       string
	stock    map[stocked]decimal.Decimal // what is taken from stock for each piece
	quantity decimal.Decimal
}

// toShip are the lines to be shipped: those wanted, or all that are open.
func (n *orderNode) toShip(op string, wanted map[string]decimal.Decimal) ([]shipLine, error) {
	switch n.State {
	case stateCanceled, "closed":
		return nil, conflict(op, n.State, "the order is "+n.State, "")
	case "holded":
		return nil, conflict(op, n.State, "the order is on hold", "release it by a native call: POST /orders/{id}/unhold")
	case "payment_review":
		return nil, conflict(op, n.State, "the order's payment is under review", "decide on the payment in the admin first")
	}
	quiet := &reader{} // what is odd about a quantity is said where the order is read
	var lines []shipLine
	left := map[string]decimal.Decimal{}
	maps.Copy(left, wanted)
	for i := range n.Items {
		it := &n.Items[i]
		if it.Virtual == "1" || !n.shipsItself(it, wanted) {
			continue
		}
		_, open := quiet.left(i, it)
		if open == nil || open.IsZero() {
			continue
		}
		take := open.Decimal()
		if wanted != nil {
			take = decimal.Min(take, left[it.ID])
			left[it.ID] = left[it.ID].Sub(take)
		}
		if ordered := quiet.count("", only, it.Ordered).Decimal(); ordered.IsInteger() && !take.IsInteger() {
			return nil, invalid(op, "Lines", "of the line "+it.ID+" Magento ships whole pieces, and would pass over a part")
		}
		if take.IsPositive() {
			lines = append(lines, shipLine{it.ID, n.stockOf(it), take})
		}
	}
	for id, q := range left {
		if q.IsPositive() {
			return nil, invalid(op, "Lines", "of the line "+id+" "+q.String()+" pieces more are wanted than are open")
		}
	}
	if len(lines) == 0 {
		return nil, conflict(op, n.State, "nothing of the order is open to be shipped", "")
	}
	return lines, nil
}

// shipsItself reports a line that a shipment names: the first of the two lines
// of a configurable product, and a bundle. How the parts of a bundle are shipped
// Magento does not tell: each by itself where a part was so before, or is
// wanted so.
func (n *orderNode) shipsItself(it *itemNode, wanted map[string]decimal.Decimal) bool {
	bundle, isPart := it, false
	if id := parent(it); id != "" {
		if i := slices.IndexFunc(n.Items, func(o itemNode) bool { return o.ID == id }); i >= 0 {
			bundle, isPart = &n.Items[i], true
		}
	}
	if bundle.Type != "bundle" {
		return !isPart
	}
	apart := slices.ContainsFunc(n.Items, func(o itemNode) bool {
		_, named := wanted[o.ID]
		return parent(&o) == bundle.ID && (named || wanted == nil && positive(o.Shipped) && !positive(bundle.Shipped))
	})
	return apart == isPart
}

// stocked is what stock is kept of. The SKU is the order's: the product may have
// another by now.
type stocked struct{ product, sku string }

// stockOf is what a piece of a line takes from stock.
func (n *orderNode) stockOf(it *itemNode) map[stocked]decimal.Decimal {
	quiet := &reader{}
	each := map[stocked]decimal.Decimal{}
	ordered := quiet.count("", only, it.Ordered).Decimal()
	for i := range n.Items {
		if part := &n.Items[i]; parent(part) == it.ID && it.ID != "" && ordered.IsPositive() {
			of := stocked{ref(part.ProductID), part.SKU}
			each[of] = each[of].Add(quiet.count("", only, part.Ordered).Decimal().DivRound(ordered, 4))
		}
	}
	if len(each) == 0 {
		each[stocked{ref(it.ProductID), it.SKU}] = decimal.NewFromInt(1)
	}
	return each
}
