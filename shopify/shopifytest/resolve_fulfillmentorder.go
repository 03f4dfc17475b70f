package shopifytest

import "time"

// fulfillmentOrder is the work that an order gives one location: those of its
// lines that ship from there.
type fulfillmentOrder struct {
	id       int64
	o        *Order
	location int64
	lines    []*LineItem
}

// fulfillmentOrders needs at least one location and one line.
func (s *Server) fulfillmentOrders(o *Order) []*fulfillmentOrder {
	var all []*fulfillmentOrder
	for k, place := range s.store.locations {
		fo := &fulfillmentOrder{id: fulfillmentOrderID(o.ID, k), o: o, location: place.ID}
		for i := range o.Lines {
			if from := o.Lines[i].LocationID; from == place.ID || from == 0 && k == 0 {
				fo.lines = append(fo.lines, &o.Lines[i])
			}
		}
		if len(fo.lines) > 0 {
			all = append(all, fo)
		}
	}
	return all
}

// left is how many pieces still have to be shipped, and begun says whether
// some were.
func (fo *fulfillmentOrder) left() (left int, begun bool) {
	for _, l := range fo.lines {
		left += l.Unfulfilled
		begun = begun || l.Unfulfilled < l.CurrentQuantity
	}
	return left, begun
}

func (fo *fulfillmentOrder) status() string {
	left, begun := fo.left()
	switch {
	case !fo.o.CancelledAt.IsZero():
		return "CANCELLED"
	case left == 0:
		return "CLOSED"
	case begun:
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
func fulfillmentOrderID(order int64, location int) int64 { return order + 1<<42 + int64(location)<<44 }

func fulfillmentOrderFields() map[string]fieldSet {
	return map[string]fieldSet{
		"FulfillmentOrder": {
			"id":               gid("FulfillmentOrder", func(fo *fulfillmentOrder) int64 { return fo.id }),
			"status":           str((*fulfillmentOrder).status),
			"requestStatus":    fixed(`"UNSUBMITTED"`),
			"createdAt":        instant(func(fo *fulfillmentOrder) time.Time { return fo.o.CreatedAt }),
			"updatedAt":        instant(func(fo *fulfillmentOrder) time.Time { return fo.o.UpdatedAt }),
			"fulfillAt":        instant(func(fo *fulfillmentOrder) time.Time { return fo.o.CreatedAt }),
			"fulfillBy":        null,
			"supportedActions": each("FulfillmentOrderSupportedAction", (*fulfillmentOrder).actions),
			"fulfillmentHolds": fixed("[]"),
			"assignedLocation": func(x *exec, f *field, o any) {
				x.object(f, "FulfillmentOrderAssignedLocation", x.srv.store.location(o.(*fulfillmentOrder).location))
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

func fulfillmentOrders(x *exec, f *field, v any) {
	all := x.srv.fulfillmentOrders(v.(*Order))
	x.connection(f, "", placeSeq(len(all), func(i int) int64 { return all[i].id }, func(i int) any { return all[i] }))
}
