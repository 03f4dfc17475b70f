package salla

import (
	"context"
	"encoding/json"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// DecodeEvent reads the product of product.created where it has neither options
// nor variants: no other event is known to hold a whole record, and is
// catalog.ErrUnsupported. Raw is the event's data; RawKind says so.
func (e *Engine) DecodeEvent(event catalog.Event, record any) error {
	into, ok := record.(*catalog.Product)
	if !ok || event.Platform != Platform || event.Resource != catalog.Products || event.Partial ||
		!topics[event.Topic].full || event.PayloadKind != payloadKind(event.Topic) {
		return notWhole(event)
	}
	data, err := transport.Field(event.Payload, "data")
	if err != nil || !wholeProduct(data) {
		return notWhole(event)
	}
	by := productReader
	by.kind = event.PayloadKind + ".data"
	// Nothing is asked for that could be given up.
	product, err := readOne(context.Background(), "decode event", data, by, nil)
	if err != nil || product.ID != event.ResourceID {
		return notWhole(event)
	}
	*into = product
	return nil
}

func notWhole(event catalog.Event) error {
	return catalog.Unsupported(Platform, "decode event "+string(event.PayloadKind), "fetch the record, as catalog.Stores does")
}

// payloadKind names the shape of an event's deliveries.
func payloadKind(event string) catalog.RawKind { return catalog.RawKind("salla.webhook." + event) }

// wholeProduct reports data that has what a product read by its id has. The
// variants of one with options may be made after it was told of.
func wholeProduct(data json.RawMessage) bool {
	for _, name := range []string{"name", "type", "sku", "status", "is_available", "price", "regular_price", "cost_price", "quantity", "unlimited_quantity",
		"weight", "with_tax", "require_shipping", "images", "categories", "brand", "tags", "updated_at"} {
		if value, err := transport.Field(data, name); err != nil || len(value) == 0 {
			return false
		}
	}
	for _, name := range []string{"options", "skus"} {
		if value, err := transport.Field(data, name); err != nil || len(value) == 0 || !absent(value) {
			return false
		}
	}
	return true
}

var _ catalog.EventDecoder = (*Engine)(nil)
