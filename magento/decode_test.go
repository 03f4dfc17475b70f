package magento_test

import (
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// Every record of a store, sent and fetched.
func TestDecodedEventsAreTheFetchedRecords(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 20, Orders: 40, Customers: 12})
	v := verifying(t, server, magento.SchemeAsyncEvents, server.VerificationToken())
	sent := func(topic string, record any) catalog.Event {
		d, err := server.AsyncDelivery(topic, record)
		if err != nil {
			t.Fatal(err)
		}
		return one(t, v, delivery(d, "/webhooks/a/"+topic))
	}
	whole := 0
	for _, o := range server.Orders() {
		e := sent("sales.order.updated", o)
		got := catalogtest.DecodedAsFetched(t, engine, e, nil)
		fetched, err := engine.Order(t.Context(), e.ResourceID)
		if err != nil {
			t.Fatal(err)
		}
		if want := len(fetched.Fulfillments)+len(fetched.Refunds) == 0; got && !want || got == e.Partial || !e.UpdatedAt.Equal(fetched.UpdatedAt) {
			t.Errorf("order %s: decoded %t, partial %t, of %v; want %t, %v", e.ResourceID, got, e.Partial, e.UpdatedAt, want, fetched.UpdatedAt)
		}
		if got {
			whole++
		}
		if e := sent("sales.order.shipped", o); !e.Partial || catalogtest.DecodedAsFetched(t, engine, e, nil) {
			t.Error("a shipped order is decoded")
		}
	}
	if whole == 0 || whole == len(server.Orders()) {
		t.Errorf("%d of %d orders are whole; want some", whole, len(server.Orders()))
	}
	for _, c := range server.Customers() {
		if e := sent("customer.updated", c); e.Partial || !catalogtest.DecodedAsFetched(t, engine, e, nil) {
			t.Errorf("customer %s is not decoded", e.ResourceID)
		}
	}
	for _, p := range server.Products() {
		if e := sent("catalog.product.updated", p); !e.Partial || !e.UpdatedAt.Equal(p.UpdatedAt) || catalogtest.DecodedAsFetched(t, engine, e, nil) {
			t.Errorf("product %s: partial %t, of %v", e.ResourceID, e.Partial, e.UpdatedAt)
		}
	}
}

// The address is not signed: what came to that of another event is not taken
// for its record, nor what lacks a part for one without it.
func TestDecodingLeavesDoubtfulEventsAlone(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 3, Orders: 20, Customers: 3})
	v := verifying(t, server, magento.SchemeAsyncEvents, server.VerificationToken())
	shared := verifying(t, server, magento.SchemeHeader, server.VerificationToken())
	records := map[string]any{"catalog.product.updated": server.Products()[0], "customer.updated": server.Customers()[0]}
	for _, o := range server.Orders() {
		d, err := server.AsyncDelivery("sales.order.updated", o)
		if err != nil {
			t.Fatal(err)
		}
		if e := one(t, v, delivery(d, "/sales.order.updated")); !e.Partial {
			records["sales.order.updated"] = o
		}
	}
	for from, record := range records {
		d, err := server.AsyncDelivery(from, record)
		if err != nil {
			t.Fatal(err)
		}
		for to := range records {
			if e := one(t, v, delivery(d, "/"+to)); to != from && (!e.Partial || catalogtest.DecodedAsFetched(t, engine, e, nil)) {
				t.Errorf("what is sent for %s passes for %s", from, to)
			}
		}
		if from == "catalog.product.updated" {
			continue
		}
		good := one(t, v, delivery(d, "/"+from))
		if !catalogtest.DecodedAsFetched(t, engine, good, nil) {
			t.Errorf("%s is not decoded as it was sent", from)
		}
		other := one(t, shared, delivery(d.With("X-Webhook-Secret", server.VerificationToken()), "/"+from))
		if !other.Partial || !other.UpdatedAt.IsZero() || catalogtest.DecodedAsFetched(t, engine, other, nil) {
			t.Errorf("%s of a sender that is not async-events: partial %t, of %v", from, other.Partial, other.UpdatedAt)
		}
		for _, member := range []string{"extension_attributes", "updated_at", "created_at"} {
			bad := d
			if bad.Body = []byte(strings.ReplaceAll(string(d.Body), `"`+member+`":`, `"_`+member+`":`)); string(bad.Body) == string(d.Body) {
				t.Errorf("%s has no %s", from, member)
			}
			if e := one(t, v, delivery(bad.SignedWith(server.VerificationToken()), "/"+from)); !e.Partial || catalogtest.DecodedAsFetched(t, engine, e, nil) {
				t.Errorf("%s without %s passes for whole", from, member)
			}
		}
		for name, change := range map[string]func(*catalog.Event){
			"partial":          func(e *catalog.Event) { e.Partial = true },
			"another id":       func(e *catalog.Event) { e.ResourceID += "0" },
			"another platform": func(e *catalog.Event) { e.Platform = "salla" },
			"another shape":    func(e *catalog.Event) { e.PayloadKind = "magento.shared_header." + catalog.RawKind(from) },
			"no payload":       func(e *catalog.Event) { e.Payload = nil },
		} {
			bad := good
			change(&bad)
			if catalogtest.DecodedAsFetched(t, engine, bad, nil) {
				t.Errorf("%s with %s is decoded", from, name)
			}
		}
	}
}
