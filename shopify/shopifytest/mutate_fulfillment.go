package shopifytest

import (
	"fmt"
	"strconv"
	"strings"
)

// fulfillmentCreate ships what is asked for out of fulfillment orders of one
// order and one location.
func fulfillmentCreate(x *exec, args input) payload {
	in := args.sub("fulfillment")
	bad := func(format string, values ...any) payload {
		return payload{bad: refuse("", fmt.Sprintf(format, values...), "fulfillment")}
	}
	var order *Order
	var shipment Fulfillment
	for _, group := range in.list("lineItemsByFulfillmentOrder") {
		id := group.id("fulfillmentOrderId", "FulfillmentOrder")
		fo := x.srv.fulfillmentOrder(id)
		if fo == nil {
			return bad("Fulfillment order does not exist.")
		}
		if order == nil {
			order, shipment.LocationID = fo.o.clone(), fo.location
		}
		if fo.o.ID != order.ID {
			return bad("All fulfillment orders must belong to the same order.")
		}
		if fo.location != shipment.LocationID {
			return bad("All fulfillment orders must be assigned to the same location.")
		}
		if s := fo.status(); s == "CLOSED" || s == "CANCELLED" {
			return bad("Fulfillment order %d has an unfulfillable status= %s.", id, strings.ToLower(s))
		}
		wanted := map[int64]int{}
		for _, line := range group.list("fulfillmentOrderLineItems") {
			n, _ := line.number("quantity")
			wanted[line.id("id", "FulfillmentOrderLineItem")-1<<43] += n
		}
		all := len(wanted) == 0
		for _, had := range fo.lines {
			l := order.line(had.ID)
			n := wanted[l.ID]
			delete(wanted, l.ID)
			if all {
				n = l.Unfulfilled
			} else if n < 0 || n > l.Unfulfilled {
				return bad("Invalid fulfillment order line item quantity requested.")
			}
			if n == 0 {
				continue
			}
			l.Unfulfilled -= n
			shipment.Lines = append(shipment.Lines, FulfillmentLine{ID: x.srv.fresh(), LineID: l.ID, Quantity: n})
		}
		if len(wanted) > 0 {
			return bad("Fulfillment order line item does not exist.")
		}
	}
	if order == nil || len(shipment.Lines) == 0 {
		return bad("There is nothing to fulfill.")
	}
	shipment.ID, shipment.Name = x.srv.fresh(), order.Name+"."+strconv.Itoa(len(order.Fulfillments)+1)
	shipment.Status, shipment.DisplayStatus = "SUCCESS", "FULFILLED"
	shipment.CreatedAt, shipment.UpdatedAt = x.srv.second(), x.srv.second()
	shipment.Tracking = trackings(in.sub("trackingInfo"))
	order.Fulfillments = append(order.Fulfillments, shipment)
	order.FulfillmentStatus = "PARTIALLY_FULFILLED"
	if order.unfulfilled() == 0 {
		order.FulfillmentStatus = "FULFILLED"
	}
	x.srv.putOrder(order, "fulfillment_success", "Items were fulfilled.")
	x.effect("fulfillmentCreate", order.ID)
	return payload{parts: map[string]any{"fulfillment": &orderPart{order, "Fulfillment", &order.Fulfillments[len(order.Fulfillments)-1]}}}
}

// fulfillmentOrder finds one by its id.
func (s *Server) fulfillmentOrder(id int64) *fulfillmentOrder {
	for k := range int64(len(s.store.locations)) {
		o := s.store.orders.get(id - fulfillmentOrderID(0, int(k)))
		if o == nil {
			continue
		}
		for _, fo := range s.fulfillmentOrders(o) {
			if fo.id == id {
				return fo
			}
		}
	}
	return nil
}
