package magento

import (
	"encoding/json"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// DecodeEvent reads the order or customer that Mage-OS async-events sends as
// the REST API answers it. An order with shipments or refunds, which are
// records of their own, is not whole; nor is anything other senders send, and
// no product, whose variants and stock are elsewhere. All that is
// catalog.ErrUnsupported. Raw is the event's data; RawKind says so.
//
// What a delivery is about is not signed, so that the payload itself has to
// look like the record.
func (e *Engine) DecodeEvent(event catalog.Event, record any) error {
	if event.Platform != Platform || event.Partial || !topics[event.Topic].whole || event.PayloadKind != payloadKind(SchemeAsyncEvents, event.Topic) {
		return notWhole(event)
	}
	switch into := record.(type) {
	case *catalog.Order:
		return decodeEvent(event, catalog.Orders, orderReader, into)
	case *catalog.Customer:
		return decodeEvent(event, catalog.Customers, customerReader, into)
	}
	return notWhole(event)
}

func decodeEvent[N, T any](event catalog.Event, resource catalog.Resource, by itemReader[N, T], into *T) error {
	data, err := transport.Field(event.Payload, "data")
	if err != nil || event.Resource != resource || !wholeRecord(resource, data) {
		return notWhole(event)
	}
	c := single(data, by)
	if c.err != nil || c.id != event.ResourceID {
		return notWhole(event)
	}
	c.kind = event.PayloadKind + ".data"
	v, err := finish("decode event", by, c, false)
	if err == nil {
		*into = v
	}
	return err
}

func notWhole(event catalog.Event) error {
	return catalog.Unsupported(Platform, "decode event "+string(event.PayloadKind), "fetch the record, as catalog.Stores does")
}

// payloadKind names the shape of the deliveries of an event.
func payloadKind(scheme Scheme, topic string) catalog.RawKind {
	return catalog.RawKind("magento." + string(scheme) + "." + topic)
}

// wholeMembers are what the records of the REST API always have.
var wholeMembers = map[catalog.Resource][][]string{
	catalog.Orders: {{"entity_id"}, {"increment_id"}, {"state"}, {"created_at"}, {"updated_at"}, {"base_currency_code"}, {"base_grand_total"}, {"items"}, {"billing_address"},
		{"payment", "method"}, {"extension_attributes", "shipping_assignments"}},
	catalog.Customers: {{"id"}, {"group_id"}, {"email"}, {"created_at"}, {"updated_at"}, {"website_id"}, {"addresses"}, {"extension_attributes", "is_subscribed"}},
}

// wholeRecord reports data that has what the record read by its id has.
func wholeRecord(resource catalog.Resource, data json.RawMessage) bool {
	members := wholeMembers[resource]
	for _, path := range members {
		if value, err := transport.Field(data, path...); err != nil || len(value) == 0 {
			return false
		}
	}
	if resource == catalog.Orders {
		var n orderNode
		if _, err := decode(data, &n); err != nil || n.shipped() || n.refunded() {
			return false
		}
	}
	return len(members) > 0
}

var _ catalog.EventDecoder = (*Engine)(nil)
