package salla_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// Every record of a store, sent and fetched: products without options are
// whole, and nothing else is.
func TestDecodedEventsAreTheFetchedRecords(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 60, Orders: 6, Customers: 6})
	v := verifier(t, salla.Config{WebhookSecrets: secrets(server.WebhookSecret())}, catalog.VerifierConfig{})
	sent := func(topic string, record any) catalog.Event {
		d, err := server.Delivery(topic, record)
		if err != nil {
			t.Fatal(err)
		}
		verdict, err := v.Verify(t.Context(), catalog.Delivery{Method: http.MethodPost, Header: d.Header, Body: d.Body, ReceivedAt: time.Now()})
		if err != nil || len(verdict.Events) != 1 {
			t.Fatalf("%s: %v", topic, err)
		}
		return verdict.Events[0]
	}
	whole := 0
	for _, p := range server.Products() {
		e := sent("product.created", p)
		got := catalogtest.DecodedAsFetched(t, engine, e, nil)
		if got != (len(p.Options) == 0) || got == e.Partial || !e.UpdatedAt.Equal(p.UpdatedAt) {
			t.Errorf("product %d with %d options: decoded %t, partial %t, of %v", p.ID, len(p.Options), got, e.Partial, e.UpdatedAt)
		}
		if got {
			whole++
		}
		if catalogtest.DecodedAsFetched(t, engine, sent("product.updated", p), nil) {
			t.Error("product.updated is decoded, whose shape is not known")
		}
	}
	if whole == 0 || whole == len(server.Products()) {
		t.Errorf("%d of %d products are whole; want some", whole, len(server.Products()))
	}
	for _, o := range server.Orders() {
		for _, topic := range []string{"order.created", "order.status.updated"} {
			if e := sent(topic, o); catalogtest.DecodedAsFetched(t, engine, e, nil) || !e.Partial || !e.UpdatedAt.Equal(o.UpdatedAt) {
				t.Errorf("%s: partial %t, of %v; the order is of %v", topic, e.Partial, e.UpdatedAt, o.UpdatedAt)
			}
		}
	}
	for _, c := range server.Customers() {
		if e := sent("customer.updated", c); catalogtest.DecodedAsFetched(t, engine, e, nil) || !e.Partial || !e.UpdatedAt.Equal(c.UpdatedAt) {
			t.Errorf("customer.updated: partial %t, of %v; the customer is of %v", e.Partial, e.UpdatedAt, c.UpdatedAt)
		}
	}
}

// What is missing from a payload is not taken for empty, and an event is not
// read as something else than it is.
func TestDecodingLeavesDoubtfulEventsAlone(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 20, Orders: 1, Customers: 1})
	v := verifier(t, salla.Config{WebhookSecrets: secrets(server.WebhookSecret())}, catalog.VerifierConfig{})
	verified := func(body string) catalog.Event {
		verdict, err := v.Verify(t.Context(), delivery(body, "X-Salla-Signature", hexMAC(server.WebhookSecret(), body)))
		if err != nil {
			t.Fatal(err)
		}
		return verdict.Events[0]
	}
	for _, p := range server.Products() {
		if len(p.Options) > 0 {
			continue
		}
		d, err := server.Delivery("product.created", p)
		if err != nil {
			t.Fatal(err)
		}
		for _, member := range []string{"skus", "options", "images", "updated_at", "cost_price", "categories"} {
			body := strings.Replace(string(d.Body), `"`+member+`":`, `"_`+member+`":`, 1)
			if e := verified(body); body == string(d.Body) || !e.Partial || catalogtest.DecodedAsFetched(t, engine, e, nil) {
				t.Errorf("without %s it passes for whole", member)
			}
		}
		good := verified(string(d.Body))
		for name, change := range map[string]func(*catalog.Event){
			"partial":          func(e *catalog.Event) { e.Partial = true },
			"another id":       func(e *catalog.Event) { e.ResourceID += "0" },
			"another platform": func(e *catalog.Event) { e.Platform = "woocommerce" },
			"another shape":    func(e *catalog.Event) { e.PayloadKind += "x" },
			"another resource": func(e *catalog.Event) { e.Resource = catalog.Orders },
			"no payload":       func(e *catalog.Event) { e.Payload = nil },
		} {
			bad := good
			change(&bad)
			if catalogtest.DecodedAsFetched(t, engine, bad, nil) {
				t.Errorf("with %s it is decoded", name)
			}
		}
		if !catalogtest.DecodedAsFetched(t, engine, good, nil) {
			t.Error("as it was sent it is not decoded")
		}
		return
	}
	t.Error("no product without options")
}
