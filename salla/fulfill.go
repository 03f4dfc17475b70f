package salla

import (
	"context"
	"crypto/rand"
	"fmt"
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
// ErrInvalid, nothing left ErrConflict; it is counted here, since Salla lets
// more be shipped than was ordered, so two calls at the very same moment can
// ship the same pieces.
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
