package woocommerce

import (
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// DecodeEvent reads an order, a customer or a product from the payload of an
// event, which the store builds as it answers a single read; RawKind names the
// event's shape. An order with refunds and a product with variations are not
// whole there. A product also needs the store's currency and unit of weight: it
// is read only while the adapter remembers them from another call, of this
// engine or another one of the store. All else is catalog.ErrUnsupported.
//
// A delivery's topic is not signed, so that the payload itself has to look like
// the record.
func (e *Engine) DecodeEvent(event catalog.Event, record any) error {
	if event.Platform != Platform || event.Partial || !topics[event.Topic].full || event.PayloadKind != payloadKind(event.Topic) {
		return notWhole(event)
	}
	switch into := record.(type) {
	case *catalog.Order:
		return decodeEvent(event, catalog.Orders, "line_items", orderKind, into, func(n *orderNode) bool { return len(n.Refunds) == 0 })
	case *catalog.Customer:
		return decodeEvent(event, catalog.Customers, "username", customerKind, into, func(*customerNode) bool { return true })
	case *catalog.Product:
		return decodeEvent(event, catalog.Products, "catalog_visibility", productKind, into, func(n *productNode) bool {
			known := false
			n.settings, known = e.facts.settings.peek()
			return known && event.Store == e.account.Store && n.Type != "variation" && !n.variable()
		})
	}
	return notWhole(event)
}

// decodeEvent reads a payload as the record it is taken for. mark is a member
// that only such records have; whole says whether nothing else must be read.
func decodeEvent[N, T any](event catalog.Event, resource catalog.Resource, mark string, kind recordKind[N, T], into *T, whole func(*N) bool) error {
	if event.Resource != resource {
		return notWhole(event)
	}
	if found, err := transport.Field(event.Payload, mark); err != nil || len(found) == 0 {
		return notWhole(event)
	}
	r := kind.readRow(event.Payload)
	if r.err != nil || idText(r.id) != event.ResourceID || !whole(&r.node) {
		return notWhole(event)
	}
	kind.name = event.PayloadKind
	v, err := kind.finish("decode event", r, false)
	if err == nil {
		*into = v
	}
	return err
}

func notWhole(event catalog.Event) error {
	return catalog.Unsupported(Platform, "decode event "+string(event.PayloadKind), "fetch the record, as catalog.Stores does")
}

// payloadKind names the shape of the deliveries of a topic.
func payloadKind(topic string) catalog.RawKind {
	return catalog.RawKind("woocommerce.webhook." + topic)
}

var _ catalog.EventDecoder = (*Engine)(nil)
