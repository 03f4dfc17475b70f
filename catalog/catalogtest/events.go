package catalogtest

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/soukhq/souk/catalog"
)

// DecodedAsFetched holds that the engine, which must be a catalog.EventDecoder,
// reads the same record from the event's payload as by its id, that the raw
// record names the payload's shape, with ".data" behind it where it is that
// member of the payload, and that the event tells the record's time of change.
// What it does not decode must be catalog.ErrUnsupported and leave the value
// alone; DecodedAsFetched then returns false. The store must not change
// meanwhile.
//
// Excused names fields, such as "Order.Note", in which both may differ, each
// with the reason. An event that is not about one product, order or customer
// fails the test.
func DecodedAsFetched(t testing.TB, engine catalog.Engine, event catalog.Event, excused map[string]string) bool {
	t.Helper()
	switch event.Resource {
	case catalog.Products:
		return decodedAsFetched(t, engine, event, excused, engine.Product, productItem)
	case catalog.Orders:
		return decodedAsFetched(t, engine, event, excused, engine.Order, orderItem)
	case catalog.Customers:
		return decodedAsFetched(t, engine, event, excused, engine.Customer, customerItem)
	}
	t.Errorf("%s is about %q", event.Topic, event.Resource)
	return false
}

func decodedAsFetched[T any](t testing.TB, engine catalog.Engine, event catalog.Event, excused map[string]string,
	get func(context.Context, string) (T, error), of func(T) item) bool {
	t.Helper()
	decoder, ok := catalog.As[catalog.EventDecoder](engine)
	if !ok {
		t.Fatalf("%T is no EventDecoder", engine)
	}
	var decoded, none T
	if err := decoder.DecodeEvent(event, &decoded); err != nil {
		if !errors.Is(err, catalog.ErrUnsupported) || !reflect.DeepEqual(decoded, none) {
			t.Errorf("%s of %s: %v; want catalog.ErrUnsupported and nothing decoded", event.Topic, event.ResourceID, err)
		}
		return false
	}
	if event.Partial {
		t.Errorf("%s of %s: a payload that is said not to be whole is decoded", event.Topic, event.ResourceID)
	}
	fetched, err := get(t.Context(), event.ResourceID)
	if err != nil {
		t.Errorf("%s of %s is decoded, but fetched: %v", event.Topic, event.ResourceID, err)
		return true
	}
	if diff := (&suite{}).diff(fetched, decoded, excused); diff != "" {
		t.Errorf("%s of %s is decoded otherwise than fetched (-fetched +decoded):\n%s", event.Topic, event.ResourceID, diff)
	}
	for _, odd := range unsound(decoded) {
		t.Errorf("%s of %s: %s", event.Topic, event.ResourceID, odd)
	}
	record := of(decoded).record
	kind := event.PayloadKind
	if len(record.Raw) < len(event.Payload) {
		kind += ".data"
	}
	if record.Platform != event.Platform || record.RawKind != kind || len(record.Raw) == 0 || !bytes.Contains(event.Payload, record.Raw) {
		t.Errorf("%s of %s: the record is of platform %q, its raw JSON of kind %q with %d bytes; want %q, and the payload's",
			event.Topic, event.ResourceID, record.Platform, record.RawKind, len(record.Raw), kind)
	}
	if want := of(fetched).updated; !event.UpdatedAt.Equal(want) {
		t.Errorf("%s of %s tells of a change at %v, the record of %v", event.Topic, event.ResourceID, event.UpdatedAt, want)
	}
	return true
}

// DecodesSoundly holds what must be so of any event, whatever its payload: it
// is decoded as the one record it is about, with its own JSON, or left alone
// with catalog.ErrUnsupported. It is made for fuzzing.
func DecodesSoundly(t testing.TB, decoder catalog.EventDecoder, event catalog.Event) {
	t.Helper()
	decodesSoundly(t, decoder, event, catalog.Products, productItem)
	decodesSoundly(t, decoder, event, catalog.Orders, orderItem)
	decodesSoundly(t, decoder, event, catalog.Customers, customerItem)
}

func decodesSoundly[T any](t testing.TB, decoder catalog.EventDecoder, event catalog.Event, resource catalog.Resource, of func(T) item) {
	t.Helper()
	var decoded, none T
	err := decoder.DecodeEvent(event, &decoded)
	got := of(decoded)
	switch {
	case err != nil && (!errors.Is(err, catalog.ErrUnsupported) || !reflect.DeepEqual(decoded, none)):
		t.Errorf("%s as a record of %s: %v; want catalog.ErrUnsupported and nothing decoded", event.Topic, resource, err)
	case err == nil && (resource != event.Resource || event.Partial || got.id == "" || got.id != event.ResourceID):
		t.Errorf("the event %s of %s %q, partial %t, is decoded as %q of %s", event.Topic, event.Resource, event.ResourceID, event.Partial, got.id, resource)
	case err == nil && (len(got.record.Raw) == 0 || !bytes.Contains(event.Payload, got.record.Raw)):
		t.Errorf("%s: the raw JSON is not the payload's: %.80q", event.Topic, got.record.Raw)
	}
}
