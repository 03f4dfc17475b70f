package magento

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
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
// "[souk 5f2c9a81d04e]", tells Confirm this call's shipment from another. Behind
// one that failed or was lost no other is sent: the error's Message says how many
// were made and how many not sent. Confirm speaks for the call as a whole: of
// one that was made in part it says OutcomeUnknown, beside an ErrConflict with how
// many are made. Ship what is still open then, not the same lines again.
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
		id := ""
		if err == nil {
			if id = a.scalar(); checkID("", "", id) != nil {
				err = e.unclear(op, a, find)
			}
		}
		if err != nil {
			return made, transport.PartlyShipped(err, len(made), len(parcels))
		}
		made = append(made, e.shipment(ctx, op, id, p, request.Tracking))
	}
	return made, nil
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
