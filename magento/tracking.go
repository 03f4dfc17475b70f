package magento

import (
	"context"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// carriers are those a shop knows by a code; all others are custom.
var carriers = map[string]string{"dhl": "dhl", "fedex": "fedex", "ups": "ups", "usps": "usps"}

func carrierOf(company string) string {
	if code := carriers[strings.ToLower(strings.TrimSpace(company))]; code != "" {
		return code
	}
	return "custom"
}

// trackInput is how parcels can be followed; nil when there is nothing.
func trackInput(op string, all []catalog.Tracking) ([]any, error) {
	var tracks []any
	for i, t := range all {
		switch {
		case t.URL != "":
			return nil, catalog.Unsupported(Platform, op+" with a tracking URL", "send the company and the number: Magento keeps no addresses of tracking")
		case strings.TrimSpace(t.Number) == "":
			return nil, invalid(op, at("Tracking", i, "Number"), "Magento needs a number")
		}
		tracks = append(tracks, trackFields(t))
	}
	return tracks, nil
}

func trackFields(t catalog.Tracking) map[string]any {
	title := strings.TrimSpace(t.Company)
	if title == "" {
		title = "Carrier" // Magento needs one
	}
	return map[string]any{"track_number": strings.TrimSpace(t.Number), "title": title, "carrier_code": carrierOf(t.Company)}
}

// tracked reports a track as it is to be.
func (t trackNode) tracked(want catalog.Tracking) bool {
	fields := trackFields(want)
	return t.Number == fields["track_number"] && t.Title == fields["title"]
}

// UpdateTracking makes the tracks of a shipment those given, none included: what
// is missing is added and then what is too many deleted, a call each. No mail is
// sent: notify is ErrUnsupported.
//
// It sets a state and may be repeated; each call is sent once.
// https://developer.adobe.com/commerce/webapi/rest/b2c-quick-reference
func (e *Engine) UpdateTracking(ctx context.Context, orderID, fulfillmentID string, tracking []catalog.Tracking, notify bool, _ catalog.WriteOptions) error {
	const op = "update tracking"
	if err := checkID(op, "an order", orderID); err != nil {
		return err
	}
	if err := checkID(op, "a shipment", fulfillmentID); err != nil {
		return err
	}
	if notify {
		return catalog.Unsupported(Platform, op+" and notify the shopper", "send the shipment's mail by a native call: POST /shipment/{id}/emails")
	}
	if _, err := trackInput(op, tracking); err != nil {
		return err
	}
	n, err := e.readShipment(ctx, op, fulfillmentID)
	if err != nil {
		return err
	}
	if n.OrderID != orderID {
		return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Message: "the order has no shipment with this id"}
	}
	find := func(ctx context.Context) (catalog.Outcome, error) {
		n, err := e.readShipment(ctx, "confirm "+op, fulfillmentID)
		if err != nil {
			return catalog.OutcomeUnknown, err
		}
		add, drop := n.tracks(tracking)
		return settled(len(add)+len(drop) == 0, nil)
	}
	add, drop := n.tracks(tracking)
	for _, t := range add {
		fields := trackFields(t)
		fields["order_id"], fields["parent_id"] = idNumber(orderID), idNumber(fulfillmentID)
		fields["weight"], fields["qty"], fields["description"] = 0, 0, "" // of the parcel; Magento asks for them
		a, err := e.change(ctx, op, post, "/shipment/track", map[string]any{"entity": fields}, find)
		if err != nil {
			return err
		}
		if _, err := a.object(op); err != nil {
			return e.unclear(op, a, find)
		}
	}
	for _, t := range drop {
		if _, err := e.change(ctx, op, remove, "/shipment/track/"+t.ID, nil, find); err != nil && !vanished(err) {
			return err
		}
	}
	return nil
}

// tracks compares a shipment's tracks with those wanted.
func (n *shipmentNode) tracks(wanted []catalog.Tracking) (add []catalog.Tracking, drop []trackNode) {
	drop = slices.Clone(n.Tracks)
	for _, t := range wanted {
		if i := slices.IndexFunc(drop, func(have trackNode) bool { return have.tracked(t) }); i >= 0 {
			drop = slices.Delete(drop, i, i+1)
		} else {
			add = append(add, t)
		}
	}
	return add, drop
}
