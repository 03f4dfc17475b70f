package salla

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/soukhq/souk/catalog"
)

// Fulfill makes a shipment of what an order has left, all of it or the named
// lines, and marks it as shipped with its tracking: two calls, of which the
// second also gives the order its status. The carrier is the company of the
// store that Tracking names; another name is written beside one that the
// merchant hands parcels to himself. Without a name the store's only one is
// taken. A shipment that Salla prepared with the order is replaced. A shipment
// has one number: a second Tracking is ErrUnsupported, as are Notify, since
// Salla sends messages by the store's settings, and parts of an order that is
// paid on delivery, whose amount cannot be divided. More than is left is
// ErrInvalid, nothing left ErrConflict.
//
// Each call is sent once. Confirm knows a shipment of this call by a reference
// among its own (external_additional_id); one of the same lines without any may
// be somebody else's: OutcomeUnknown. When the shipment was made and its
// tracking is not written, the error is ErrOutcomeUnknown, its hint names the
// shipment, which is also returned, and UpdateTracking completes it: what is in
// a shipment is never shipped again by repeating the call.
// https://docs.salla.dev/5394231e0 and 5394233e0
func (e *Engine) Fulfill(ctx context.Context, orderID string, request catalog.FulfillRequest, _ catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	const op = "fulfill order"
	if err := checkID(op, "an order", orderID); err != nil {
		return nil, err
	}
	tracking, err := oneTracking(op, request.Tracking)
	if err != nil {
		return nil, err
	}
	switch {
	case request.Notify:
		return nil, catalog.Unsupported(Platform, op+" with a message", "Salla sends messages by the store's own settings")
	case request.LocationID != "" && checkID(op, "a branch", request.LocationID) != nil:
		return nil, invalid(op, "LocationID", "it is not the id of a branch")
	}
	wanted, err := wantedLines(op, request.Lines)
	if err != nil {
		return nil, err
	}
	o, err := e.openOrder(ctx, op, orderID)
	if err != nil {
		return nil, err
	}
	plan, err := o.plan(op, wanted)
	if err != nil {
		return nil, err
	}
	courier, named, err := e.courier(ctx, op, tracking.Company)
	if err != nil {
		return nil, err
	}
	if named {
		tracking.Company = courier.Name
	}
	mark := "souk-" + rand.Text()
	fields, err := o.request(op, plan, courier, mark)
	if err != nil {
		return nil, err
	}
	if request.LocationID != "" {
		fields["ship_from"] = map[string]any{"type": "branch", "branch_id": idNumber(request.LocationID)}
	}
	c := change{op: op, method: post, path: "/shipments", fields: fields,
		look: func(ctx context.Context) (catalog.Outcome, error) {
			return e.lookForShipment(ctx, o, plan, mark, tracking)
		}}
	a, err := e.write(ctx, c)
	if err != nil {
		return nil, err
	}
	raw, err := a.object(op)
	var made shipmentNode
	if err == nil {
		_, err = decode(raw, &made)
	}
	if err != nil || made.ID == 0 {
		return nil, e.unknown(c, "it succeeded, but its answer names no shipment", err)
	}
	shipped := catalog.Fulfillment{ID: idText(made.ID), NativeStatus: string(made.Status), Lines: plan, Status: catalog.FulfillmentActive, CreatedAt: made.CreatedAt.Time}
	if err := e.track(ctx, op, &made, tracking, "shipped", courier.Name); err != nil {
		return []catalog.Fulfillment{shipped}, withHint(e.unknown(c, "the shipment was made, but not marked as shipped", err),
			fmt.Sprintf("do not ship it again: complete the shipment %s with UpdateTracking", shipped.ID))
	}
	if read, err := e.shipment(ctx, op, shipped.ID); err == nil {
		return []catalog.Fulfillment{read.model()}, nil
	}
	shipped.Status, shipped.NativeStatus = catalog.FulfillmentDone, "shipped"
	if tracking != (catalog.Tracking{}) {
		shipped.Tracking = []catalog.Tracking{tracking}
	}
	return []catalog.Fulfillment{shipped}, nil
}

// wantedLines adds up the named lines; nil means all.
func wantedLines(op string, lines []catalog.FulfillmentLine) (map[string]int64, error) {
	if lines == nil {
		return nil, nil
	}
	wanted := map[string]int64{}
	for i, l := range lines {
		if err := checkID(op, "a line", l.LineItemID); err != nil {
			return nil, err
		}
		n, exact := l.Quantity.Int()
		if !exact || n <= 0 {
			return nil, invalid(op, "Lines."+strconv.Itoa(i)+".Quantity", "Salla counts whole pieces, from 1")
		}
		wanted[l.LineItemID] += n
	}
	if len(wanted) == 0 {
		return nil, invalid(op, "Lines", "it names no line; nil means all that is left")
	}
	return wanted, nil
}

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

// lookForShipment searches the order's shipments for the one with the mark.
func (e *Engine) lookForShipment(ctx context.Context, before *openOrder, plan []catalog.FulfillmentLine, mark string, tracking catalog.Tracking) (catalog.Outcome, error) {
	now, err := e.parcels(ctx, "confirm fulfill order", idText(before.ID))
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	found := catalog.OutcomeNotDone
	for i := range now {
		n := &now[i]
		switch {
		case n.Reference.Mark == mark && shipmentStatuses[string(n.Status)] == catalog.FulfillmentDone && n.follows(tracking):
			return catalog.OutcomeDone, nil
		case n.Reference.Mark == mark:
			return catalog.OutcomeUnknown, nil // made, but not marked as shipped
		case n.Reference.Mark == "" && n.live() && !slices.ContainsFunc(before.shipments, func(old shipmentNode) bool { return old.ID == n.ID }) && n.holds(plan):
			found = catalog.OutcomeUnknown
		}
	}
	return found, nil
}

// holds says that a shipment may hold just these lines.
func (n *shipmentNode) holds(plan []catalog.FulfillmentLine) bool {
	if len(n.Packages) == 0 {
		return true
	}
	one := openOrder{shipped: map[string]int64{}}
	one.count(n)
	for _, l := range plan {
		if pieces, _ := l.Quantity.Int(); one.shipped[l.LineItemID] != pieces {
			return one.all
		}
	}
	return one.all || len(one.shipped) == len(plan)
}
