package shopify

import (
	"context"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// fulfillmentOrderNode is the work an order gives one location.
type fulfillmentOrderNode struct {
	ID       string       `json:"id"`
	Status   string       `json:"status"`
	Actions  []actionNode `json:"supportedActions"`
	Assigned struct {
		Location *nodeID `json:"location"`
	} `json:"assignedLocation"`
	Lines connection[fulfillmentOrderLine] `json:"lineItems"`
}

type actionNode struct {
	Action string `json:"action"`
}

type fulfillmentOrderLine struct {
	ID        string `json:"id"`
	Remaining int64  `json:"remainingQuantity"`
	LineItem  nodeID `json:"lineItem"`
}

// fulfillmentOrders reads all of an order's, with all their lines.
func (e *Engine) fulfillmentOrders(ctx context.Context, op, orderID string) ([]fulfillmentOrderNode, error) {
	var all []fulfillmentOrderNode
	request := nodesRequest{op: op, root: []string{"order", "fulfillmentOrders"}, document: fulfillmentOrdersDocument, size: 10, variables: map[string]any{"id": orderID}}
	for node, err := range e.nodes(ctx, request) {
		if err != nil {
			return nil, err
		}
		var n fulfillmentOrderNode
		if _, err := transport.Decode(node.raw, &n); err != nil {
			return nil, unreadable(op, node, numericID(n.ID), err)
		}
		var x extra
		if err := more(ctx, e, moreFulfillmentOrderLines, n.ID, &n.Lines, &x); err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

// Fulfill ships what an order's fulfilment orders still have open, all of it or
// the named lines. Each location takes a call of its own, so several shipments
// may come back; those made are returned beside an error too. More than is open
// is ErrInvalid, nothing open ErrConflict. Several parcels share one company;
// companies Shopify knows, spelt its way, get their tracking URL by themselves.
//
// Each call is sent once. What is shipped leaves nothing open, so repeating a
// shipment of everything is refused by Shopify; a part must not be repeated
// before Confirm was asked. Confirm knows a shipment by its tracking numbers;
// without any, one with the same lines may be somebody else's: OutcomeUnknown.
// Behind one that failed or was lost no other is sent: the error's Message says
// how many were made and how many not sent. Confirm speaks for the call as a
// whole: of one that was made in part it says OutcomeUnknown, beside an ErrConflict
// with how many are made. Ship what is still open then, not the same lines again.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentCreate
func (e *Engine) Fulfill(ctx context.Context, orderID string, request catalog.FulfillRequest, _ catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	const op = "fulfill order"
	id, err := gid(op, "Order", orderID)
	if err != nil {
		return nil, err
	}
	tracking, err := trackingInput(op, request.Tracking)
	if err != nil {
		return nil, err
	}
	wanted, err := wantedLines(op, request.Lines)
	if err != nil {
		return nil, err
	}
	location := ""
	if request.LocationID != "" {
		if location, err = gid(op, "Location", request.LocationID); err != nil {
			return nil, err
		}
	}
	open, err := e.fulfillmentOrders(ctx, op, id)
	if err != nil {
		return nil, err
	}
	shipments, err := planShipments(op, open, location, wanted)
	if err != nil {
		return nil, err
	}
	var made []catalog.Fulfillment
	for _, s := range shipments {
		fields := map[string]any{"lineItemsByFulfillmentOrder": s.orders, "notifyCustomer": request.Notify}
		if tracking != nil {
			fields["trackingInfo"] = tracking
		}
		since := e.clock.now()
		m := mutation{op: op, document: fulfillmentCreateDocument, root: "fulfillmentCreate", variables: map[string]any{"fulfillment": fields},
			kind: func(complaint) catalog.Kind { return catalog.ErrConflict }, // it was possible a moment ago
			look: func(ctx context.Context) (catalog.Outcome, error) {
				return e.lookForShipment(ctx, id, s, request.Tracking, since)
			}}
		var f shipped
		a, err := e.mutate(ctx, m)
		if err == nil {
			f, err = record(ctx, e, m, a, shipmentReader, "fulfillment")
		}
		if err != nil {
			return made, transport.PartlyShipped(err, len(made), len(shipments))
		}
		made = append(made, f.Fulfillment)
	}
	return made, nil
}

// lookForShipment searches the order's shipments made since for this one.
func (e *Engine) lookForShipment(ctx context.Context, orderID string, s *shipment, tracking []catalog.Tracking, since time.Time) (catalog.Outcome, error) {
	o, err := e.Order(ctx, orderID)
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	found := catalog.OutcomeNotDone
	for _, f := range o.Fulfillments {
		if f.CreatedAt.Before(since) || s.location != "" && f.LocationID != numericID(s.location) || !s.holds(f.Lines) {
			continue
		}
		switch {
		case len(tracking) == 0 || tracking[0].Number == "":
			found = catalog.OutcomeUnknown
		case sameTracking(f.Tracking, tracking):
			return catalog.OutcomeDone, nil
		}
	}
	return found, nil
}

// shipped is a shipment as a record of its own, for reading a payload.
type shipped struct {
	catalog.Record
	catalog.Fulfillment
}

var shipmentReader = itemReader[fulfillmentNode, shipped]{
	kind:   "shopify.graphql.Fulfillment",
	id:     func(n *fulfillmentNode) string { return n.ID },
	record: func(s *shipped) *catalog.Record { return &s.Record },
	complete: func(ctx context.Context, e *Engine, n *fulfillmentNode, x *extra) error {
		return more(ctx, e, moreShipment, n.ID, &n.Lines, x)
	},
	convert: func(r *reader, n *fulfillmentNode, _ pageContext) shipped {
		return shipped{Fulfillment: r.fulfillment(0, n)}
	},
}
