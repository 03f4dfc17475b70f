package magento

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// Fulfill ships what an order still has to be shipped, all of it or the named
// lines. Of a shop with several sources LocationID says from which; without one
// each line goes from the first source by the stock's priority that has enough,
// as Magento proposes it, so that several shipments may come back; those made
// are returned beside an error too. More than is open is ErrInvalid, nothing
// open ErrConflict. Carriers are DHL, FedEx, UPS and USPS by their names, others
// are sent as they are called; Magento keeps no addresses of tracking.
//
// Each call is sent once. What is shipped leaves nothing open, so repeating a
// shipment of everything is refused; a part must not be repeated before Confirm
// was asked. A short reference in the staff's comment on the shipment, such as
// "[souk 5f2c9a81d04e]", tells Confirm this call's shipment from another.
// https://developer.adobe.com/commerce/webapi/rest/tutorials/orders
func (e *Engine) Fulfill(ctx context.Context, orderID string, request catalog.FulfillRequest, options catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	const op = "fulfill order"
	if err := checkID(op, "an order", orderID); err != nil {
		return nil, err
	}
	tracks, err := trackInput(op, request.Tracking)
	if err != nil {
		return nil, err
	}
	if request.LocationID != "" && !sourceForm.MatchString(request.LocationID) {
		return nil, invalid(op, "LocationID", "it is not the code of a source")
	}
	wanted, err := wantedLines(op, request.Lines)
	if err != nil {
		return nil, err
	}
	n, err := e.openOrder(ctx, op, orderID)
	if err != nil {
		return nil, err
	}
	lines, err := n.toShip(op, wanted)
	if err != nil {
		return nil, err
	}
	parcels, err := e.planParcels(ctx, op, n, lines, request.LocationID)
	if err != nil {
		return nil, err
	}
	ref := reference(options)
	var made []catalog.Fulfillment
	for i, p := range parcels {
		mark := ref
		if i > 0 { // a parcel each
			mark = reference(catalog.WriteOptions{IdempotencyKey: fmt.Sprint(ref, i)})
		}
		body := map[string]any{"items": p.items(), "notify": request.Notify, "appendComment": false,
			"comment": map[string]any{"comment": referenced("", mark), "is_visible_on_front": 0}}
		if tracks != nil {
			body["tracks"] = tracks
		}
		if p.source != "" {
			body["arguments"] = map[string]any{"extension_attributes": map[string]any{"source_code": p.source}}
		}
		find := func(ctx context.Context) (catalog.Outcome, error) { return e.lookForShipment(ctx, orderID, mark) }
		a, err := e.change(ctx, op, post, "/order/"+orderID+"/ship", body, find)
		if err != nil {
			return made, err
		}
		id := a.scalar()
		if checkID("", "", id) != nil {
			return made, e.unclear(op, a, find)
		}
		made = append(made, e.shipment(ctx, op, id, p, request.Tracking))
	}
	return made, nil
}

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

// openOrder reads an order with its lines.
func (e *Engine) openOrder(ctx context.Context, op, id string) (*orderNode, error) {
	a, err := e.get(ctx, call{op: op, path: "/orders/" + id})
	if err != nil {
		return nil, err
	}
	raw, err := a.object(op)
	if err != nil {
		return nil, err
	}
	one := single(raw, orderReader)
	if one.err != nil {
		return nil, &catalog.ItemError{Platform: Platform, Op: op, ID: id, Raw: raw, Err: one.err}
	}
	return &one.node, nil
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

// lookForShipment searches the order's shipments for the reference.
func (e *Engine) lookForShipment(ctx context.Context, orderID, mark string) (catalog.Outcome, error) {
	found := false
	err := e.behind(ctx, call{op: "confirm fulfill order", path: "/shipments"}, []group{is("order_id", orderID)}, func(raw json.RawMessage) {
		var n shipmentNode
		if _, err := decode(raw, &n); err == nil {
			found = found || marked(n.Comments, mark)
		}
	})
	return settled(found, err)
}

// marked reports a document with the reference in a comment.
func marked(comments []commentNode, mark string) bool {
	return slices.ContainsFunc(comments, func(c commentNode) bool { return strings.HasSuffix(c.Comment, "[souk "+mark+"]") })
}

// shipment reads a shipment that was made.
func (e *Engine) shipment(ctx context.Context, op, id string, p *parcel, tracking []catalog.Tracking) catalog.Fulfillment {
	if n, err := e.readShipment(ctx, op, id); err == nil {
		return (&reader{}).shipment("", n)
	}
	// It is there, and it is known what is in it.
	f := catalog.Fulfillment{ID: id, Status: catalog.FulfillmentDone, LocationID: p.source, Tracking: slices.Clone(tracking)}
	for _, l := range p.lines {
		if q := quantityOf(l.quantity); q != nil {
			f.Lines = append(f.Lines, catalog.FulfillmentLine{LineItemID: l.id, Quantity: *q})
		}
	}
	return f
}

func (e *Engine) readShipment(ctx context.Context, op, id string) (*shipmentNode, error) {
	a, err := e.get(ctx, call{op: op, path: "/shipment/" + id})
	if err != nil {
		return nil, err
	}
	raw, err := a.object(op)
	if err != nil {
		return nil, err
	}
	var n shipmentNode
	if _, err := decode(raw, &n); err != nil || n.ID == "" {
		return nil, a.bad(op, "the answer holds no shipment")
	}
	return &n, nil
}
