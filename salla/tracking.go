package salla

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// maxLink is the longest tracking link, in bytes.
const maxLink = 300

// oneTracking checks how a shipment can be followed; it has one number.
func oneTracking(op string, all []catalog.Tracking) (t catalog.Tracking, err error) {
	if len(all) == 0 {
		return t, nil
	}
	if len(all) > 1 {
		return t, catalog.Unsupported(Platform, op+" with several numbers", "ship each parcel in a shipment of its own")
	}
	t = all[0]
	if u, err := url.Parse(t.URL); t.URL != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		return t, invalid(op, "Tracking.0.URL", "it is not a web address")
	}
	if len(t.URL) > maxLink {
		return t, invalid(op, "Tracking.0.URL", "it is longer than Salla's 300 characters")
	}
	return t, nil
}

// UpdateTracking writes how a shipment can be followed. What is not named
// stays; Salla cannot empty it. A shipment that waits for its number, as one
// right after it was asked for, counts as created; one that was called off is
// ErrConflict, since writing to it would bring it back. It reads the shipment, whose
// status has to be sent along: a status that somebody sets at the same moment
// may be set back. It sets a state and may be repeated; it is sent once. Salla
// sends messages by the store's settings, so notify is ErrUnsupported.
// https://docs.salla.dev/5394233e0
func (e *Engine) UpdateTracking(ctx context.Context, orderID, fulfillmentID string, tracking []catalog.Tracking, notify bool, _ catalog.WriteOptions) error {
	const op = "update tracking"
	if err := checkID(op, "an order", orderID); err != nil {
		return err
	}
	if err := checkID(op, "a shipment", fulfillmentID); err != nil {
		return err
	}
	t, err := oneTracking(op, tracking)
	switch {
	case err != nil:
		return err
	case notify:
		return catalog.Unsupported(Platform, op+" with a message", "Salla sends messages by the store's own settings")
	case t == catalog.Tracking{}:
		return catalog.Unsupported(Platform, op+" to nothing", "Salla keeps the number of a shipment; write the right one")
	}
	n, err := e.shipment(ctx, op, fulfillmentID)
	if err != nil {
		return err
	}
	if order := ref(n.OrderID); order != "" && order != orderID {
		return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Message: "the shipment is one of another order"}
	}
	status := string(n.Status)
	switch {
	case shipmentStatuses[status] == catalog.FulfillmentCancelled:
		return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrConflict, Code: status, Message: "the shipment was called off"}
	case waitsForNumber[status]:
		status = "created"
	}
	return e.track(ctx, op, n, t, status, n.carrier())
}

// waitsForNumber are the states that a shipment can be in and not be given.
// https://docs.salla.dev/5394233e0
var waitsForNumber = map[string]bool{"": true, "creating": true, "pending": true}

// track writes a shipment's status and how it can be followed.
func (e *Engine) track(ctx context.Context, op string, n *shipmentNode, t catalog.Tracking, status, carrier string) error {
	id := idText(n.ID)
	// The number is required. The parcel's own may be another than the one it
	// is followed by; before it has one, any will do.
	fields := map[string]any{"status": status, "shipment_number": cmp.Or(ref(n.ShippingNumber), t.Number, id)}
	if t.Number != "" {
		fields["tracking_number"] = t.Number
	}
	if t.URL != "" {
		fields["tracking_link"] = t.URL
	}
	if t.Company != "" && !strings.EqualFold(t.Company, carrier) {
		fields["external_company_name"] = t.Company
	}
	_, err := e.write(ctx, change{op: op, method: put, path: "/shipments/" + id, fields: fields, look: func(ctx context.Context) (catalog.Outcome, error) {
		return asIs(func() (*shipmentNode, error) { return e.shipment(ctx, "confirm "+op, id) }, func(n *shipmentNode) bool { return n.follows(t) })
	}})
	return err
}

// follows says that a shipment can be followed as wanted.
func (n *shipmentNode) follows(t catalog.Tracking) bool {
	return transport.HasText(filled(t.Number), ref(n.TrackingNumber)) && transport.HasText(filled(t.URL), n.TrackingLink) &&
		(t.Company == "" || strings.EqualFold(t.Company, n.carrier()))
}

// filled names a text that is not empty.
func filled(text string) (f catalog.Field[string]) {
	if text != "" {
		f = catalog.Set(text)
	}
	return f
}

// shipment reads one shipment.
// https://docs.salla.dev/5394234e0
func (e *Engine) shipment(ctx context.Context, op, id string) (*shipmentNode, error) {
	a, err := e.get(ctx, call{op: op, path: "/shipments/" + id})
	if err != nil {
		return nil, err
	}
	raw, err := a.object(op)
	if err != nil {
		return nil, err
	}
	var n shipmentNode
	if _, err := decode(raw, &n); err != nil || n.ID == 0 {
		return nil, a.bad(op, "the answer holds no shipment")
	}
	return &n, nil
}

// courierNode is a shipping company of the store.
type courierNode struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Slug       string `json:"slug"`
	Activation string `json:"activation_type"`
}

// courier finds the shipping company that a parcel goes with: the one of that
// name, else one the merchant hands parcels to himself. One that is linked by
// its API would be booked. named says that it is the one asked for.
// https://docs.salla.dev/5394239e0
func (e *Engine) courier(ctx context.Context, op, name string) (_ courierNode, named bool, err error) {
	rows, err := e.everything(ctx, call{op: op + ": carriers", path: "/shipping/companies/"})
	if err != nil {
		return courierNode{}, false, err
	}
	var all []courierNode
	var names []string
	for _, raw := range rows {
		var n courierNode
		if _, err := decode(raw, &n); err != nil || n.ID == 0 {
			continue
		}
		if name != "" && (strings.EqualFold(n.Name, name) || strings.EqualFold(n.Slug, name)) {
			return n, true, nil
		}
		all, names = append(all, n), append(names, n.Name)
	}
	for _, n := range all {
		if n.Activation == "manual" || name == "" && len(all) == 1 {
			return n, false, nil
		}
	}
	refusal := &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the store has no shipping company to ship with",
		Hint: "activate one in the admin"}
	if len(all) > 0 {
		refusal.Message, refusal.Hint = "it must be said which shipping company takes the parcel", "name one in Tracking.Company: "+strings.Join(names, ", ")
	}
	return courierNode{}, false, refusal
}
