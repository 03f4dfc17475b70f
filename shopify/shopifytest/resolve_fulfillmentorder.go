package shopifytest

import "time"

// fulfillmentOrder is the work that an order gives one location: all of its
// lines that ship.
type fulfillmentOrder struct {
	o     *Order
	lines []*LineItem
}

func newFulfillmentOrder(o *Order) *fulfillmentOrder {
	fo := &fulfillmentOrder{o: o}
	for i := range o.Lines {
		fo.lines = append(fo.lines, &o.Lines[i])
	}
	return fo
}

func (fo *fulfillmentOrder) status() string {
	switch {
	case !fo.o.CancelledAt.IsZero():
		return "CANCELLED"
	case fo.o.unfulfilled() == 0:
		return "CLOSED"
	case len(fo.o.Fulfillments) > 0:
		return "IN_PROGRESS"
	}
	return "OPEN"
}

func (fo *fulfillmentOrder) actions() []string {
	if s := fo.status(); s == "OPEN" || s == "IN_PROGRESS" {
		return []string{"CREATE_FULFILLMENT", "HOLD"}
	}
	return nil
}

// fulfillmentOrderID is far from the order's own id, as on the platform.
func fulfillmentOrderID(order int64) int64 { return order + 1<<42 }

func fulfillmentOrderFields() map[string]fieldSet {
	return map[string]fieldSet{
		"FulfillmentOrder": {
			"id":               gid("FulfillmentOrder", func(fo *fulfillmentOrder) int64 { return fulfillmentOrderID(fo.o.ID) }),
			"status":           str((*fulfillmentOrder).status),
			"requestStatus":    fixed(`"UNSUBMITTED"`),
			"createdAt":        instant(func(fo *fulfillmentOrder) time.Time { return fo.o.CreatedAt }),
			"updatedAt":        instant(func(fo *fulfillmentOrder) time.Time { return fo.o.UpdatedAt }),
			"fulfillAt":        instant(func(fo *fulfillmentOrder) time.Time { return fo.o.CreatedAt }),
			"fulfillBy":        null,
			"supportedActions": each("FulfillmentOrderSupportedAction", (*fulfillmentOrder).actions),
			"fulfillmentHolds": fixed("[]"),
			"assignedLocation": func(x *exec, f *field, _ any) {
				x.object(f, "FulfillmentOrderAssignedLocation", x.srv.store.locations[0])
			},
			"lineItems": func(x *exec, f *field, o any) {
				ls := o.(*fulfillmentOrder).lines
				x.connection(f, "", placeSeq(len(ls), func(i int) int64 { return ls[i].ID }, func(i int) any { return ls[i] }))
			},
			"order":     parentOrder,
			"orderName": str(func(fo *fulfillmentOrder) string { return fo.o.Name }),
		},
		"FulfillmentOrderSupportedAction": {"action": str(func(s *string) string { return *s }), "externalUrl": null},
		"FulfillmentHold":                 {"id": null, "reason": null, "reasonNotes": null},
		"FulfillmentOrderAssignedLocation": {
			"name":        str(func(l *Location) string { return l.Name }),
			"location":    same("Location"),
			"city":        opt(func(l *Location) string { return l.Address.City }),
			"countryCode": str(func(l *Location) string { return l.Address.CountryCode }),
			"zip":         opt(func(l *Location) string { return l.Address.Zip }),
		},
		"FulfillmentOrderLineItem": {
			"id":                gid("FulfillmentOrderLineItem", func(l *LineItem) int64 { return l.ID + 1<<43 }),
			"totalQuantity":     integer(func(l *LineItem) int { return l.Quantity }),
			"remainingQuantity": integer(func(l *LineItem) int { return l.Unfulfilled }),
			"sku":               opt(func(l *LineItem) string { return l.SKU }),
			"productTitle":      str(func(l *LineItem) string { return l.Title }),
			"variantTitle":      opt(func(l *LineItem) string { return l.VariantTitle }),
			"lineItem":          same("LineItem"),
		},
	}
}

// fulfillmentOrders needs at least one location and one line that ships.
func fulfillmentOrders(x *exec, f *field, v any) {
	fo := newFulfillmentOrder(v.(*Order))
	n := 1
	if len(fo.lines) == 0 || len(x.srv.store.locations) == 0 {
		n = 0
	}
	x.connection(f, "", placeSeq(n, func(int) int64 { return fulfillmentOrderID(fo.o.ID) }, func(int) any { return fo }))
}
