package salla

import (
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// shipmentStatuses are the states of a parcel. "pending" is one that Salla
// prepares with an order, "creating" is told right after it was asked for.
// https://docs.salla.dev/5394232e0
var shipmentStatuses = map[string]catalog.FulfillmentStatus{
	"pending": catalog.FulfillmentNone, "creating": catalog.FulfillmentActive, "created": catalog.FulfillmentActive, "in_progress": catalog.FulfillmentActive,
	"in_transit": catalog.FulfillmentDone, "received_at_final_hub": catalog.FulfillmentDone, "shipped": catalog.FulfillmentDone,
	"delivering": catalog.FulfillmentDone, "delivered": catalog.FulfillmentDone, "to_be_reattempted": catalog.FulfillmentDone,
	"reattempted": catalog.FulfillmentDone, "partially_delivered": catalog.FulfillmentPartial,
	"unable_to_deliver": catalog.FulfillmentFailed, "lost": catalog.FulfillmentFailed, "damaged": catalog.FulfillmentFailed,
	"return_to_origin": catalog.FulfillmentReturned, "return_in_progress": catalog.FulfillmentReturned,
	"cancelled": catalog.FulfillmentCancelled, "canceled": catalog.FulfillmentCancelled,
}

// shipments adds the parcels that go to the shopper; those that come back are
// in More alone. Salla tells the address only here.
func (r *reader) shipments(o *catalog.Order, nodes []shipmentNode) {
	for i := range nodes {
		n := &nodes[i]
		from, to := take(r, "shipments."+strconv.Itoa(i)+".ship_from", n.From), take(r, "shipments."+strconv.Itoa(i)+".ship_to", n.To)
		if n.Type == "return" {
			continue
		}
		f := r.fulfillment(i, n)
		if from != nil {
			f.LocationID = ref(from.BranchID)
		}
		o.Fulfillments = append(o.Fulfillments, f)
		if to != nil && o.ShippingAddress == nil {
			o.ShippingAddress = to.address()
		}
	}
}

// fulfillment is one parcel.
func (r *reader) fulfillment(i int, n *shipmentNode) catalog.Fulfillment {
	f := catalog.Fulfillment{
		ID: idText(n.ID), Name: string(n.ShippingNumber), NativeStatus: string(n.Status), CreatedAt: n.CreatedAt.Time,
		Status: transport.Word(&r.Notes, "shipments.%d.status", i, string(n.Status), shipmentStatuses, catalog.FulfillmentStatusUnknown),
	}
	if n.CourierName == "" {
		take(r, "shipments."+strconv.Itoa(i)+".courier", n.Courier)
	}
	// Before the carrier took the parcel its number is 0, null or empty.
	if tracking := (catalog.Tracking{Company: n.carrier(), Number: ref(n.TrackingNumber), URL: n.TrackingLink}); tracking.Number != "" || tracking.URL != "" {
		f.Tracking = []catalog.Tracking{tracking}
	}
	for j, p := range n.Packages {
		if q := r.Quantity("shipments."+strconv.Itoa(i)+".packages.%d.quantity", j, string(p.Quantity)); q != nil {
			f.Lines = append(f.Lines, catalog.FulfillmentLine{LineItemID: ref(p.ItemID), Quantity: *q})
		}
	}
	return f
}

// model is a parcel read alone.
func (n *shipmentNode) model() catalog.Fulfillment {
	f := new(reader).fulfillment(0, n)
	if from := n.From.value; from != nil {
		f.LocationID = ref(from.BranchID)
	}
	return f
}

// carrier is who takes the parcel: the company told beside the store's own,
// where there is one.
func (n *shipmentNode) carrier() string {
	if n.External != "" {
		return n.External
	}
	if n.CourierName == "" && n.Courier.value != nil {
		return n.Courier.value.Name
	}
	return n.CourierName
}

// shippedWhole says how far the parcels of an order whose status says nothing
// of shipping have got.
func shippedWhole(n *orderNode) catalog.FulfillmentStatus {
	o := openOrder{orderNode: *n, shipped: map[string]int64{}}
	for i := range n.shipments {
		if shipmentStatuses[string(n.shipments[i].Status)] == catalog.FulfillmentDone {
			o.count(&n.shipments[i])
		}
	}
	some, all := false, len(n.items) > 0
	for i := range n.items {
		pieces, err := wholeNumber(n.items[i].Quantity)
		shipped := o.shipped[idText(n.items[i].ID)]
		some, all = some || shipped > 0, all && err == nil && shipped >= pieces
	}
	switch {
	case all || o.all:
		return catalog.FulfillmentDone
	case some:
		return catalog.FulfillmentPartial
	}
	return catalog.FulfillmentNone
}

func (n *addressNode) address() *catalog.Address {
	return &catalog.Address{
		Name: n.Name, Line1: n.Line, Line2: joined(string(n.Building), n.Street, n.Block),
		City: n.City, PostalCode: string(n.Postal), Country: n.Country, Phone: string(n.Phone),
	}
}
