package salla

import (
	"encoding/json"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// topic is what an event means. full says that its body may hold the whole
// record, see wholeProduct; id names the member of data the record's id is in,
// "" for "id". An order's body lacks its time of change, its receiver and the
// tax of its lines; a customer's lacks groups, language and the count of orders.
// https://docs.salla.dev/421119m0
type topic struct {
	kind     catalog.EventKind
	resource catalog.Resource
	id       string
	full     bool
}

var topics = map[string]topic{
	"order.created":   {kind: "order.created", resource: catalog.Orders},
	"order.cancelled": {kind: "order.cancelled", resource: catalog.Orders},
	"order.refunded":  {kind: "order.refunded", resource: catalog.Orders},
	"order.deleted":   {kind: "order.deleted", resource: catalog.Orders},
	// data.id is an entry of the order's history.
	"order.status.updated": {kind: "order.updated", resource: catalog.Orders, id: "order"},
	// The record is the parcel, the change is the order's.
	"shipment.creating":  {kind: "order.updated", resource: catalog.Orders, id: "order_id"},
	"shipment.created":   {kind: "order.updated", resource: catalog.Orders, id: "order_id"},
	"shipment.updated":   {kind: "order.updated", resource: catalog.Orders, id: "order_id"},
	"shipment.cancelled": {kind: "order.updated", resource: catalog.Orders, id: "order_id"},

	"product.created":      {kind: "product.created", resource: catalog.Products, full: true},
	"product.deleted":      {kind: "product.deleted", resource: catalog.Products},
	"product.quantity.low": {kind: "inventory.changed", resource: catalog.Inventory},

	"customer.created":     {kind: "customer.created", resource: catalog.Customers},
	"customer.updated":     {kind: "customer.updated", resource: catalog.Customers},
	"customer.login":       {kind: catalog.EventOther, resource: catalog.Customers},
	"customer.otp.request": {kind: catalog.EventOther, resource: catalog.Customers},

	authorizeTopic:    {kind: "app.authorized", resource: catalog.App},
	"app.uninstalled": {kind: "app.uninstalled", resource: catalog.App},
}

// families are the topics that have no entry of their own. Those of orders and
// products carry the record's id and what changed, or the whole record in a
// shape nobody has recorded.
var families = []struct {
	prefix string
	topic  topic
}{
	{"order.", topic{kind: "order.updated", resource: catalog.Orders}},
	{"product.", topic{kind: "product.updated", resource: catalog.Products}},
	{"customer.", topic{kind: catalog.EventOther, resource: catalog.Customers}},
	{"store.branch.", topic{kind: catalog.EventOther, resource: catalog.Locations}},
	{"app.", topic{kind: catalog.EventOther, resource: catalog.App}},
}

func topicOf(event string) topic {
	if t, ok := topics[event]; ok {
		return t
	}
	for _, family := range families {
		if strings.HasPrefix(event, family.prefix) {
			return family.topic
		}
	}
	return topic{kind: catalog.EventOther}
}

// identify says what an event is about. Ids are taken from their digits: they
// are numbers in most events and text in some.
func identify(e *catalog.Event, data json.RawMessage) {
	t := topicOf(e.Topic)
	e.Kind, e.Resource, e.Partial = t.kind, t.resource, !t.full || !wholeProduct(data)
	if t.resource == "" || t.resource == catalog.App {
		return
	}
	var body struct {
		ID        number `json:"id"`
		OrderID   number `json:"order_id"`
		UpdatedAt moment `json:"updated_at"`
		Order     maybe[struct {
			ID        number `json:"id"`
			UpdatedAt moment `json:"updated_at"`
		}] `json:"order"`
	}
	if _, err := decode(data, &body); err != nil {
		return // an event about something unknown is still an event
	}
	id, updated := body.ID, body.UpdatedAt
	switch t.id {
	case "order":
		id, updated = "", moment{}
		if order := body.Order.value; order != nil {
			id, updated = order.ID, order.UpdatedAt
		}
	case "order_id":
		id, updated = body.OrderID, moment{} // that of the parcel
	}
	if id := ref(id); checkID("", "", id) == nil {
		e.ResourceID, e.UpdatedAt = id, updated.Time
	}
}
