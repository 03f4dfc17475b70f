package salla

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"github.com/soukhq/souk/catalog"
)

// openOrder is an order with what was shipped of it.
type openOrder struct {
	orderNode
	shipped map[string]int64 // pieces by line
	pending bool             // Salla prepared a shipment with the order
	all     bool             // a shipment that does not tell its lines
}

func (e *Engine) openOrder(ctx context.Context, op, id string) (*openOrder, error) {
	n, err := e.bareOrder(ctx, op, id)
	if err != nil {
		return nil, err
	}
	o := &openOrder{orderNode: n, shipped: map[string]int64{}}
	rows, err := e.everything(ctx, call{op: op + ": items", path: "/orders/items", query: url.Values{"order_id": {id}}})
	if err != nil {
		return nil, err
	}
	var x extra
	if o.items = decodeAll[itemNode](rows, "items", itemKind, &x); len(o.items) != len(rows) {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "a line of the order cannot be read"}
	}
	if o.shipments, err = e.parcels(ctx, op, id); err != nil {
		return nil, err
	}
	for i := range o.shipments {
		o.count(&o.shipments[i])
	}
	return o, nil
}

// parcels reads the shipments of an order.
func (e *Engine) parcels(ctx context.Context, op, orderID string) ([]shipmentNode, error) {
	rows, err := e.everything(ctx, call{op: op + ": shipments", path: "/shipments", query: url.Values{"order_id": {orderID}}})
	if err != nil {
		return nil, err
	}
	var x extra
	all := decodeAll[shipmentNode](rows, "shipments", shipmentKind, &x)
	if len(all) != len(rows) {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "a shipment of the order cannot be read"}
	}
	return all, nil
}

// live says that a shipment goes to the shopper and was not called off.
func (n *shipmentNode) live() bool {
	return n.Type != "return" && shipmentStatuses[string(n.Status)] != catalog.FulfillmentCancelled
}

// count adds what a shipment holds. One that does not tell may hold all.
func (o *openOrder) count(n *shipmentNode) {
	switch {
	case !n.live():
		return
	case n.Status == "pending":
		o.pending = true
		return
	}
	o.all = o.all || len(n.Packages) == 0
	for _, p := range n.Packages {
		pieces, err := wholeNumber(p.Quantity)
		line := ref(p.ItemID)
		if line == "" || err != nil {
			o.all = true
		}
		o.shipped[line] += pieces
	}
}

// plan says what a shipment takes: the wanted pieces, or all that are left.
func (o *openOrder) plan(op string, wanted map[string]int64) (plan []catalog.FulfillmentLine, err error) {
	everything := wanted == nil
	for i := range o.items {
		id := idText(o.items[i].ID)
		pieces, err := wholeNumber(o.items[i].Quantity)
		if err != nil {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "a line's quantity is no whole number"}
		}
		left := max(0, pieces-o.shipped[id])
		if o.all {
			left = 0
		}
		if !everything {
			if wanted[id] > left {
				return nil, invalid(op, "Lines", fmt.Sprintf("of the line %s are %d pieces left", id, left))
			}
			left = wanted[id]
			delete(wanted, id)
		}
		if left > 0 {
			plan = append(plan, catalog.FulfillmentLine{LineItemID: id, Quantity: catalog.NewQuantity(left)})
		}
	}
	for id := range wanted {
		return nil, invalid(op, "Lines", "the order has no line "+id)
	}
	if len(plan) == 0 {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrConflict, Message: "nothing of the order is left to be shipped"}
	}
	return plan, nil
}

// request is the body that makes a shipment.
func (o *openOrder) request(op string, plan []catalog.FulfillmentLine, courier courierNode, mark string) (map[string]any, error) {
	fields := map[string]any{"order_id": o.ID, "courier_id": courier.ID, "shipment_type": "shipment", "payment_method": "pre_paid", "external_additional_id": mark}
	if o.pending {
		fields["overwrite_exists_pending"] = true
	}
	var packages []any
	whole := len(plan) == len(o.items)
	for _, l := range plan {
		i := slices.IndexFunc(o.items, func(n itemNode) bool { return idText(n.ID) == l.LineItemID })
		n, _ := l.Quantity.Int()
		all, _ := wholeNumber(o.items[i].Quantity)
		whole = whole && n == all
		p := map[string]any{"external_id": l.LineItemID, "name": o.items[i].Name, "sku": o.items[i].SKU, "quantity": n}
		if price := o.items[i].Amounts.Price; price.Amount != "" {
			p["price"] = map[string]any{"amount": json.Number(price.Amount), "currency": price.in(o.Currency)}
		}
		packages = append(packages, p)
	}
	fields["packages"] = packages
	if o.PaymentMethod == "cod" {
		if !whole || o.Amounts == nil || o.Amounts.Total.Amount == "" {
			return nil, catalog.Unsupported(Platform, op+" in part, paid on delivery", "ship all of it: the carrier collects the order's total")
		}
		fields["payment_method"] = "cod"
		fields["cash_on_delivery"] = map[string]any{"amount": json.Number(o.Amounts.Total.Amount), "currency": o.Amounts.Total.in(o.Currency)}
	}
	return fields, nil
}
