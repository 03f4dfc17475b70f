package shopify

import (
	"context"
	"slices"
	"strconv"
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

// shipment is one call: what one location sends.
type shipment struct {
	location string
	orders   []any
	lines    map[string]int64 // by line item's numeric id
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
		a, err := e.mutate(ctx, m)
		if err != nil {
			return made, err
		}
		f, err := record(ctx, e, m, a, shipmentReader, "fulfillment")
		if err != nil {
			return made, err
		}
		made = append(made, f.Fulfillment)
	}
	return made, nil
}

// wantedLines adds up the named lines by their numeric ids; nil means all.
func wantedLines(op string, lines []catalog.FulfillmentLine) (map[string]int64, error) {
	if lines == nil {
		return nil, nil
	}
	wanted := map[string]int64{}
	for i, l := range lines {
		id, err := gid(op, "LineItem", l.LineItemID)
		if err != nil {
			return nil, err
		}
		n, exact := l.Quantity.Int()
		if !exact || n <= 0 {
			return nil, invalid(op, "Lines."+strconv.Itoa(i)+".Quantity", "Shopify counts whole pieces, from 1")
		}
		wanted[numericID(id)] += n
	}
	if len(wanted) == 0 {
		return nil, invalid(op, "Lines", "it names no line; nil means all that is left")
	}
	return wanted, nil
}

// planShipments spreads what is wanted over the open fulfilment orders.
func planShipments(op string, all []fulfillmentOrderNode, location string, wanted map[string]int64) ([]*shipment, error) {
	var plan []*shipment
	held := ""
	everything := wanted == nil
	for _, fo := range all {
		at := ""
		if fo.Assigned.Location != nil {
			at = fo.Assigned.Location.ID
		}
		if !slices.Contains(fo.Actions, actionNode{"CREATE_FULFILLMENT"}) {
			if fo.Status == "ON_HOLD" || fo.Status == "SCHEDULED" {
				held = fo.Status
			}
			continue
		}
		if location != "" && at != location {
			continue
		}
		var lines []any
		taken := map[string]int64{}
		for _, l := range fo.Lines.Nodes {
			line := numericID(l.LineItem.ID)
			n := l.Remaining
			if !everything {
				n = min(n, wanted[line])
				wanted[line] -= n
			}
			if n > 0 {
				lines = append(lines, map[string]any{"id": l.ID, "quantity": n})
				taken[line] += n
			}
		}
		if lines == nil {
			continue
		}
		i := slices.IndexFunc(plan, func(s *shipment) bool { return s.location == at })
		if i < 0 {
			i, plan = len(plan), append(plan, &shipment{location: at, lines: map[string]int64{}})
		}
		plan[i].orders = append(plan[i].orders, map[string]any{"fulfillmentOrderId": fo.ID, "fulfillmentOrderLineItems": lines})
		for line, n := range taken {
			plan[i].lines[line] += n
		}
	}
	for line, n := range wanted {
		if n > 0 {
			return nil, invalid(op, "Lines", "of the line "+line+" "+strconv.FormatInt(n, 10)+" pieces more are wanted than are open there")
		}
	}
	if len(plan) == 0 {
		e := &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrConflict, Message: "nothing of the order is open to be shipped"}
		if held != "" {
			e.Code, e.Hint = held, "release the fulfilment order in the admin first"
		}
		return nil, e
	}
	return plan, nil
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

func (s *shipment) holds(lines []catalog.FulfillmentLine) bool {
	got := map[string]int64{}
	for _, l := range lines {
		n, _ := l.Quantity.Int()
		got[l.LineItemID] += n
	}
	if len(got) != len(s.lines) {
		return false
	}
	for line, n := range s.lines {
		if got[line] != n {
			return false
		}
	}
	return true
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
