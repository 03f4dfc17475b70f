package salla

import (
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// shipmentStatuses are the states of a parcel. "creating" is told right after
// it was asked for.
// https://docs.salla.dev/5394232e0
var shipmentStatuses = map[string]catalog.FulfillmentStatus{
	"creating": catalog.FulfillmentActive, "created": catalog.FulfillmentActive, "in_progress": catalog.FulfillmentActive,
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
		f := catalog.Fulfillment{
			ID: idText(n.ID), Name: string(n.ShippingNumber), NativeStatus: string(n.Status), CreatedAt: n.CreatedAt.Time,
			Status: transport.Word(&r.Notes, "shipments.%d.status", i, string(n.Status), shipmentStatuses, catalog.FulfillmentStatusUnknown),
		}
		company := n.CourierName
		if courier := take(r, "shipments."+strconv.Itoa(i)+".courier", n.Courier); company == "" && courier != nil {
			company = courier.Name
		}
		// Before the carrier took the parcel its number is 0, null or empty.
		if tracking := (catalog.Tracking{Company: company, Number: ref(n.TrackingNumber), URL: n.TrackingLink}); tracking.Number != "" || tracking.URL != "" {
			f.Tracking = []catalog.Tracking{tracking}
		}
		if from != nil {
			f.LocationID = ref(from.BranchID)
		}
		for j, p := range n.Packages {
			if q := r.Quantity("shipments."+strconv.Itoa(i)+".packages.%d.quantity", j, string(p.Quantity)); q != nil {
				f.Lines = append(f.Lines, catalog.FulfillmentLine{LineItemID: ref(p.ItemID), Quantity: *q})
			}
		}
		o.Fulfillments = append(o.Fulfillments, f)
		if to != nil && o.ShippingAddress == nil {
			o.ShippingAddress = to.address()
		}
	}
}

func (n *addressNode) address() *catalog.Address {
	return &catalog.Address{
		Name: n.Name, Line1: n.Line, Line2: joined(string(n.Building), n.Street, n.Block),
		City: n.City, PostalCode: string(n.Postal), Country: n.Country, Phone: string(n.Phone),
	}
}
