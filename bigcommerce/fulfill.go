package bigcommerce

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// shippedLine is a line of an order, and where it goes.
type shippedLine struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"`
	Address  int64  `json:"order_address_id"`
	Quantity int64  `json:"quantity"`
	Shipped  int64  `json:"quantity_shipped"`
}

func (l *shippedLine) open() int64 {
	if l.Type != "physical" || l.Address == 0 {
		return 0 // downloaded, sent by e-mail or fetched
	}
	return max(0, l.Quantity-l.Shipped)
}

// parcel is one call: what goes to one address.
type parcel struct {
	address int64
	lines   map[int64]int64 // pieces by line
}

// Fulfill ships what an order has open, all of it or the named lines. Each
// address takes a shipment of its own, so several may come back; those made are
// returned beside an error too. More than is open is ErrInvalid, nothing open
// ErrConflict. A shipment has one Tracking: Company is one of BigCommerce's
// providers, such as "usps", or else the name AfterShip has for a carrier, such
// as "dhl". BigCommerce moves the order's status by itself, and mails the
// shopper if the store's settings say so: Notify is errors.ErrUnsupported, and
// so is LocationID, which shipments do not have.
//
// Each shipment is sent once and must not be repeated before Confirm was asked:
// it knows one by its tracking number; another new one of the same lines may be
// somebody else's, OutcomeUnknown. Behind one that failed or was lost no other is
// sent: the error's Message says how many were made and how many not sent. Confirm
// speaks for the call as a whole: of one that was made in part it says
// OutcomeUnknown, beside an ErrConflict with how many are made. Ship what is still
// open then, not the same lines again.
// https://developer.bigcommerce.com/docs/rest-management/orders/order-shipments#create-an-order-shipment
func (e *Engine) Fulfill(ctx context.Context, orderID string, request catalog.FulfillRequest, _ catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	const op = "fulfill order"
	wanted, err := wantedLines(op, request.Lines)
	tracking, also := trackingFields(op, request.Tracking, request.Notify)
	switch {
	case checkID(op, "an order", orderID) != nil:
		return nil, checkID(op, "an order", orderID)
	case request.LocationID != "":
		return nil, catalog.Unsupported(Platform, op+" from a location", "leave it empty: BigCommerce's shipments have no location")
	case err != nil:
		return nil, err
	case also != nil:
		return nil, also
	}
	parcels, err := e.parcels(ctx, op, orderID, wanted)
	if err != nil {
		return nil, err
	}
	before, err := e.shipments(ctx, op, orderID)
	if err != nil {
		return nil, err
	}
	var made []catalog.Fulfillment
	for _, p := range parcels {
		fields := maps.Clone(tracking)
		fields["order_address_id"], fields["items"] = p.address, p.items()
		find := func(ctx context.Context) (catalog.Outcome, error) {
			return e.lookForShipment(ctx, orderID, p, request.Tracking, before)
		}
		a, err := e.write(ctx, call{op: op, method: http.MethodPost, path: "/v2/orders/" + orderID + "/shipments"}, fields, find)
		if err != nil {
			return made, transport.PartlyShipped(err, len(made), len(parcels))
		}
		var n shipmentNode
		if _, err := transport.Decode(a.page.Field(), &n); err != nil || n.ID == 0 {
			return made, transport.PartlyShipped(e.unclear(op, a, "shipment", err, find), len(made), len(parcels))
		}
		made = append(made, n.model())
	}
	return made, nil
}

// model is a shipment of its own.
func (n shipmentNode) model() catalog.Fulfillment {
	var out catalog.Order
	new(notes).shipments(&out, &orderNode{shipments: []shipmentNode{n}})
	return out.Fulfillments[0]
}

// wantedLines adds up the named lines; nil means all.
func wantedLines(op string, lines []catalog.FulfillmentLine) (map[int64]int64, error) {
	if lines == nil {
		return nil, nil
	}
	wanted := map[int64]int64{}
	for i, l := range lines {
		if err := checkID(op, "a line", l.LineItemID); err != nil {
			return nil, err
		}
		n, err := pieces(op, "Lines."+strconv.Itoa(i)+".Quantity", l.Quantity)
		if err != nil {
			return nil, err
		}
		wanted[numeric(l.LineItemID)] += n
	}
	if len(wanted) == 0 {
		return nil, invalid(op, "Lines", "it names no line; nil means all that is left")
	}
	return wanted, nil
}

// parcels spreads what is wanted over the order's addresses.
func (e *Engine) parcels(ctx context.Context, op, orderID string, wanted map[int64]int64) ([]parcel, error) {
	rows, err := e.everything(ctx, call{op: op + ": list lines", path: "/v2/orders/" + orderID + "/products", list: atTop}, mostRows)
	if err != nil {
		return nil, err
	}
	byAddress := map[int64]parcel{}
	everything := wanted == nil
	for _, raw := range rows {
		var l shippedLine
		if problems, err := transport.Decode(raw, &l); err != nil || len(problems) > 0 || l.ID == 0 {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "a line of the order cannot be read", Err: err}
		}
		n := l.open()
		if !everything {
			n = min(n, wanted[l.ID])
			wanted[l.ID] -= n
		}
		if n == 0 {
			continue
		}
		if byAddress[l.Address].lines == nil {
			byAddress[l.Address] = parcel{l.Address, map[int64]int64{}}
		}
		byAddress[l.Address].lines[l.ID] = n
	}
	for _, line := range slices.Sorted(maps.Keys(wanted)) {
		if n := wanted[line]; n > 0 {
			return nil, invalid(op, "Lines", "of the line "+idText(line)+" "+strconv.FormatInt(n, 10)+" pieces more are wanted than are to be shipped")
		}
	}
	if len(byAddress) == 0 {
		return nil, conflict(op, "nothing of the order is left to be shipped", "")
	}
	var all []parcel
	for _, address := range slices.Sorted(maps.Keys(byAddress)) {
		all = append(all, byAddress[address])
	}
	return all, nil
}

func (p parcel) items() []any {
	var items []any
	for _, line := range slices.Sorted(maps.Keys(p.lines)) {
		items = append(items, map[string]any{"order_product_id": line, "quantity": p.lines[line]})
	}
	return items
}

// shipments reads an order's shipments.
func (e *Engine) shipments(ctx context.Context, op, orderID string) (map[int64]shipmentNode, error) {
	all := map[int64]shipmentNode{}
	rows, err := e.everything(ctx, call{op: op + ": list shipments", path: "/v2/orders/" + orderID + "/shipments", list: atTop}, mostRows)
	for _, raw := range rows {
		var n shipmentNode
		if _, err := transport.Decode(raw, &n); err != nil {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "a shipment of the order cannot be read", Err: err}
		}
		all[n.ID] = n
	}
	return all, err
}

// lookForShipment searches the order's new shipments for a parcel.
func (e *Engine) lookForShipment(ctx context.Context, orderID string, p parcel, tracking []catalog.Tracking, before map[int64]shipmentNode) (catalog.Outcome, error) {
	now, err := e.shipments(ctx, "confirm fulfill order", orderID)
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	found := catalog.OutcomeNotDone
	for id, n := range now {
		if _, old := before[id]; old || !p.holds(n) {
			continue
		}
		if len(tracking) > 0 && tracking[0].Number != "" && n.TrackingNumber == tracking[0].Number {
			return catalog.OutcomeDone, nil
		}
		found = catalog.OutcomeUnknown
	}
	return found, nil
}

func (p parcel) holds(n shipmentNode) bool {
	got := map[int64]int64{}
	for _, item := range n.Items {
		count, _ := json.Number(item.Quantity).Int64()
		got[item.LineID] += count
	}
	return maps.Equal(got, p.lines)
}
