package woocommerce_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// Every record of a store, sent and fetched.
func TestDecodedEventsAreTheFetchedRecords(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 60, Orders: 60, Customers: 20})
	adapter := newAdapter(t, server, woocommerce.Config{})
	engine := openStore(t, adapter, server)
	v := verifier(t, woocommerce.Config{}, hookSecret)
	counts := map[string]map[bool]int{}
	send := func(topic string, record int64, whole bool) {
		hook := server.AddSubscription(woocommercetest.Subscription{Topic: topic, Secret: hookSecret})
		d, err := server.Delivery(hook.ID, record)
		if err != nil {
			t.Fatal(err)
		}
		e := event(t, v, delivered(d))
		if got := catalogtest.DecodedAsFetched(t, engine, e, nil); got != whole {
			t.Errorf("%s of %d: decoded %t", topic, record, got)
		}
		if counts[topic] == nil {
			counts[topic] = map[bool]int{}
		}
		counts[topic][whole]++
	}
	if _, err := engine.Product(t.Context(), id(server.Products()[0].ID)); err != nil { // the store's currency is known from here
		t.Fatal(err)
	}
	for _, p := range server.Products() {
		send("product.updated", p.ID, len(p.Variations) == 0 && p.Type != "variable")
	}
	for _, o := range server.Orders() {
		send("order.created", o.ID, len(o.Refunds) == 0)
	}
	for _, c := range server.Customers() {
		send("customer.updated", c.ID, true)
	}
	for _, topic := range []string{"product.updated", "order.created"} {
		if counts[topic][true] == 0 || counts[topic][false] == 0 {
			t.Errorf("%s: %v; want some whole and some not", topic, counts[topic])
		}
	}
}

// A product's payload names no currency: until the store's is known it is not
// read, and nobody is asked for it.
func TestDecodingAProductNeedsTheStoresCurrency(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := server.AddProduct(woocommercetest.Product{Name: "x", RegularPrice: "5"})
	hook := server.AddSubscription(woocommercetest.Subscription{Topic: "product.created", Secret: hookSecret})
	d, err := server.Delivery(hook.ID, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	e := event(t, verifier(t, woocommerce.Config{}, hookSecret), delivered(d))
	adapter := newAdapter(t, server, woocommerce.Config{})
	before := server.Ledger().Requests
	if catalogtest.DecodedAsFetched(t, openStore(t, adapter, server), e, nil) {
		t.Error("decoded without a currency")
	}
	if n := server.Ledger().Requests - before; n != 0 {
		t.Errorf("%d requests", n)
	}
	if _, err := openStore(t, adapter, server).Product(t.Context(), id(p.ID)); err != nil {
		t.Fatal(err)
	}
	if !catalogtest.DecodedAsFetched(t, openStore(t, adapter, server), e, nil) {
		t.Error("not decoded by another engine of the store")
	}
	e.Store = "https://other.example"
	if catalogtest.DecodedAsFetched(t, openStore(t, adapter, server), e, nil) {
		t.Error("decoded with the currency of another store")
	}
}

// Topics are not signed: a body under a topic of another resource, or under
// another id, is not taken for a record.
func TestDecodingTrustsNoTopic(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: 4, Orders: 4, Customers: 4})
	v := verifier(t, woocommerce.Config{}, hookSecret)
	decoder := capability[catalog.EventDecoder](t, engine)
	if _, err := engine.Product(t.Context(), id(server.Products()[0].ID)); err != nil {
		t.Fatal(err)
	}
	sent := map[string]int64{"product": server.Products()[0].ID, "order": server.Orders()[0].ID, "customer": server.Customers()[0].ID}
	for from, record := range sent {
		hook := server.AddSubscription(woocommercetest.Subscription{Topic: from + ".updated", Secret: hookSecret})
		d, err := server.Delivery(hook.ID, record)
		if err != nil {
			t.Fatal(err)
		}
		for to := range sent {
			if to == from {
				continue
			}
			d.Header.Set("X-WC-Webhook-Topic", to+".updated")
			if e := event(t, v, delivered(d)); catalogtest.DecodedAsFetched(t, engine, e, nil) {
				t.Errorf("a %s passes for a %s", from, to)
			}
		}
		d.Header.Set("X-WC-Webhook-Topic", from+".updated")
		good := event(t, v, delivered(d))
		for name, change := range map[string]func(*catalog.Event){
			"partial":          func(e *catalog.Event) { e.Partial = true },
			"another id":       func(e *catalog.Event) { e.ResourceID += "0" },
			"another platform": func(e *catalog.Event) { e.Platform = "salla" },
			"another shape":    func(e *catalog.Event) { e.PayloadKind = "woocommerce.webhook.error" },
			"no payload":       func(e *catalog.Event) { e.Payload = nil },
			"no JSON":          func(e *catalog.Event) { e.Payload = e.Payload[1:] },
		} {
			bad := good
			change(&bad)
			if catalogtest.DecodedAsFetched(t, engine, bad, nil) {
				t.Errorf("%s with %s is decoded", from, name)
			}
		}
		var none struct{}
		if err := decoder.DecodeEvent(good, &none); !errors.Is(err, catalog.ErrUnsupported) {
			t.Errorf("into another type: %v", err)
		}
	}
}

// Events tell the record's own time of change, a variation's excepted: it is
// not its product's.
func TestEventsTellWhenTheirRecordChanged(t *testing.T) {
	t.Parallel()
	v := verifier(t, woocommerce.Config{}, hookSecret)
	server, _ := hooked(t)
	at := time.Date(2026, 11, 21, 1, 2, 3, 0, time.UTC)
	for body, want := range map[string]time.Time{
		`product.updated {"id":7,"date_modified_gmt":"2026-11-21T01:02:03"}`:                                           at,
		`product.updated {"id":7,"date_created_gmt":"2026-11-21T01:02:03","date_modified_gmt":null}`:                   {},
		`product.updated {"id":7,"type":"variation","parent_id":6,"date_modified_gmt":"2026-11-21T01:02:03"}`:          {},
		`order.created {"id":7,"date_created_gmt":"2026-11-20T01:02:03","date_modified_gmt":"2026-11-21T01:02:03"}`:    at,
		`customer.updated {"id":7,"date_created_gmt":"2026-11-20T01:02:03","date_modified_gmt":"2026-11-21T01:02:03"}`: at,
		`customer.created {"id":7,"date_created_gmt":"2026-11-21T01:02:03","date_modified_gmt":null}`:                  at,
		`order.deleted {"id":7}`: {},
		`order.created {"code":"woocommerce_rest_cannot_view","data":{"status":403},"date_modified_gmt":"2026-11-21T01:02:03"}`: {},
	} {
		topic, text, _ := strings.Cut(body, " ")
		d := server.DeliveryOf(woocommercetest.Subscription{ID: 1, Topic: topic, Secret: hookSecret}, []byte(text))
		if e := event(t, v, delivered(d)); !e.UpdatedAt.Equal(want) {
			t.Errorf("%s: %v", body, e.UpdatedAt)
		}
	}
}
