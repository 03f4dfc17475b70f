package bigcommerce_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

const clientSecret = "f4ke-client-secret-0123456789abcdef0123456789abcdef"

func secrets(values ...string) []catalog.Secret { return mapped(values, catalog.NewSecret) }

func verifier(t testing.TB, config bigcommerce.Config, of catalog.VerifierConfig) catalog.WebhookVerifier {
	t.Helper()
	app, err := bigcommerce.New(config)
	if err != nil {
		t.Fatal(err)
	}
	v, err := app.Verifier(of)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// delivered is a body as it comes over the wire, signed now.
func delivered(body string) catalog.Delivery {
	d := bigcommercetest.Delivery{Body: []byte(body), Header: http.Header{bigcommercetest.HeaderID: {"id-1"}}}.Signed(clientSecret, time.Now())
	return received(d)
}

func received(d bigcommercetest.Delivery) catalog.Delivery {
	return catalog.Delivery{Method: http.MethodPost, Header: d.Header, Body: d.Body, ReceivedAt: time.Now()}
}

// event reads the one event of an authentic delivery.
func event(t testing.TB, v catalog.WebhookVerifier, d catalog.Delivery) catalog.Event {
	t.Helper()
	verdict, err := v.Verify(t.Context(), d)
	if err != nil || len(verdict.Events) != 1 {
		t.Fatalf("%d events, %v", len(verdict.Events), err)
	}
	return verdict.Events[0]
}

// Webhooks are signed, by Standard Webhooks with the raw bytes of the client
// secret: neither its base64 nor what it decodes to is the key.
func TestTrapWebhooksAreSigned(t *testing.T) {
	t.Parallel()
	server := newServer(t, bigcommercetest.Config{Products: 1, Orders: 1, Customers: 1, ClientSecret: clientSecret})
	good, err := server.Delivery("store/order/created", server.Orders()[0])
	if err != nil {
		t.Fatal(err)
	}
	v := verifier(t, bigcommerce.Config{ClientSecret: catalog.NewSecret("newer-secret"), OldSecrets: secrets(clientSecret)}, catalog.VerifierConfig{})
	if verdict, err := v.Verify(t.Context(), received(good)); err != nil || verdict.SecretIndex != 1 {
		t.Errorf("secret %d, %v", verdict.SecretIndex, err)
	}
	if _, err := v.Verify(t.Context(), received(good.Rotated("other", clientSecret))); err != nil {
		t.Errorf("one of several signatures: %v", err)
	}
	for _, how := range bigcommercetest.Forgeries() {
		_, err := v.Verify(t.Context(), received(good.Forged(how)))
		e, ok := errors.AsType[*catalog.Error](err)
		if !ok || e.Kind != catalog.ErrUnauthorized || e.Platform != bigcommerce.Platform || e.Code == "" {
			t.Errorf("%v: %v", how, err)
		}
		if want := map[bigcommercetest.Forgery]string{bigcommercetest.Stale: "stale", bigcommercetest.FromFuture: "future"}[how]; ok && want != "" && e.Code != want {
			t.Errorf("%v: code %q", how, e.Code)
		}
	}
	for name, key := range map[string]string{"the base64 of the secret": base64.StdEncoding.EncodeToString([]byte(clientSecret)), "in the scheme's own form": "whsec_" + clientSecret} {
		if _, err := v.Verify(t.Context(), received(good.Signed(key, time.Now()))); !errors.Is(err, catalog.ErrUnauthorized) {
			t.Errorf("signed with %s: %v", name, err)
		}
	}
	f := newAdapter(t, server, bigcommerce.Config{}).Features().Webhooks
	if !f.Signed || !f.TimeSigned || f.Bodies {
		t.Errorf("Features says %+v", f)
	}
}

// A body has no id of its event: its hash is that, the same each time the event
// is sent, with a new time and signature.
func TestTrapEventsHaveNoID(t *testing.T) {
	t.Parallel()
	server := newServer(t, bigcommercetest.Config{Products: 1, Orders: 2, Customers: 1, ClientSecret: clientSecret})
	v := verifier(t, bigcommerce.Config{ClientSecret: catalog.NewSecret(clientSecret)}, catalog.VerifierConfig{})
	first, err1 := server.Delivery("store/order/updated", server.Orders()[0])
	second, err2 := server.Delivery("store/order/updated", server.Orders()[0]) // the same order, changed again
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	key := event(t, v, received(first)).Key
	if !strings.Contains(key, first.Hash) || strings.Contains(key, server.Orders()[0].PaymentMethod) {
		t.Errorf("the key is %s", key)
	}
	if again := event(t, v, received(first.Signed(clientSecret, time.Now().Add(70*time.Second)))).Key; again != key {
		t.Errorf("sent again it has the key %s, first %s", again, key)
	}
	if other := event(t, v, received(second)).Key; other == key {
		t.Error("two events have one key")
	}
	// Without a hash, what the event consists of.
	bare := func(created string) string {
		return event(t, v, delivered(`{"producer":"stores/abc","created_at":`+created+`,"scope":"store/order/updated","data":{"type":"order","id":7}}`)).Key
	}
	if once, again, later := bare("1"), bare("1"), bare("2"); once == "" || once != again || once == later {
		t.Errorf("without a hash: %s, %s, %s", once, again, later)
	}
}

// data has many shapes. Some have no id, in some it is text, in some it is a
// list, and that of a variant is one that no call takes.
func TestTrapPayloadsHaveManyShapes(t *testing.T) {
	t.Parallel()
	v := verifier(t, bigcommerce.Config{ClientSecret: catalog.NewSecret(clientSecret)}, catalog.VerifierConfig{})
	type want struct {
		kind     catalog.EventKind
		resource catalog.Resource
		id       string
	}
	for scope, c := range map[string]struct {
		data string
		want want
	}{
		"store/order/updated":                               {`{"type":"order","id":250}`, want{"order.updated", "orders", "250"}},
		"store/order/message/created":                       {`{"type":"order","id":250,"message":{"order_message_id":3}}`, want{"order.updated", "orders", "250"}},
		"store/order/transaction/created":                   {`{"type":"transaction","order_id":"250","transaction_id":"17"}`, want{"order.updated", "orders", "250"}},
		"store/order/metafield/created":                     {`{"metafield_id":14,"resource_id":"270"}`, want{"other", "orders", "270"}},
		"store/product/deleted":                             {`{"type":"product","id":205}`, want{"product.deleted", "products", "205"}},
		"store/product/inventory/updated":                   {`{"type":"product","id":167,"inventory":{"product_id":167,"method":"absolute","value":1}}`, want{"inventory.changed", "inventory", "product-167"}},
		"store/sku/inventory/order/updated":                 {`{"type":"sku","id":461,"inventory":{"product_id":206,"variant_id":509,"method":"relative","value":-1}}`, want{"inventory.changed", "inventory", "509"}},
		"store/channel/*/inventory/product/stock_changed":   {`{"variant_id":127,"product_id":113,"location_id":2}`, want{"inventory.changed", "inventory", "127"}},
		"store/sku/deleted":                                 {`{"type":"sku","id":461,"sku":{"product_id":206,"variant_id":509}}`, want{"product.updated", "products", "206"}},
		"store/customer/address/updated":                    {`{"type":"customer","id":60,"address":{"customer_id":32}}`, want{"customer.updated", "customers", "32"}},
		"store/shipment/created":                            {`{"type":"shipment","id":12,"orderId":251}`, want{"order.fulfilled", "orders", "251"}},
		"store/shipment/deleted":                            {`{"type":"shipment","id":12,"orderId":251}`, want{"order.updated", "orders", "251"}},
		"store/channel/1/order/updated":                     {`{"order_id":127}`, want{"order.updated", "orders", "127"}},
		"store/channel/1/product/assigned":                  {`{"product_id":127}`, want{"product.updated", "products", "127"}},
		"store/customer/channel/login/access/updated":       {`{"customer_id":22,"channel_ids":[1]}`, want{"customer.updated", "customers", "22"}},
		"store/inventory/location/created":                  {`{"location_id":2}`, want{"other", "locations", "2"}},
		"store/information/updated":                         {`{"type":"store"}`, want{"shop.updated", "shop", ""}},
		"store/app/uninstalled":                             {`{"type":"store"}`, want{"app.uninstalled", "app", ""}},
		"store/cart/lineItem/created":                       {`{"type":"cart_line_item","id":"743bfd94-d5dd-47c5-9c19-6eec32ca6119","cartId":"b0386708-fef3-45de-9d8b-fbe3031450a4"}`, want{"other", "", ""}},
		"store/priceList/records/created":                   {`[{"price_list_id":1,"variant_id":179,"currency":"USD"}]`, want{"other", "", ""}},
		"store/channel/1/notifications/abandonedCart/saved": {`{}`, want{"other", "", ""}},
		"store/something/nobody/knows":                      {`"text"`, want{"other", "", ""}},
		"store/order/created":                               {`{"type":"order","id":"not a number"}`, want{"order.created", "orders", ""}},
	} {
		e := event(t, v, delivered(`{"producer":"stores/z4zn3wo","hash":"h","created_at":1561479335,"store_id":"1025646","scope":"`+scope+`","data":`+c.data+`}`))
		if got := (want{e.Kind, e.Resource, e.ResourceID}); got != c.want {
			t.Errorf("%s: %+v, want %+v", scope, got, c.want)
		}
		if e.Store != "z4zn3wo" || !e.Partial || !e.OccurredAt.Equal(time.Unix(1561479335, 0)) || !json.Valid(e.Payload) || e.Topic != scope {
			t.Errorf("%s: %+v", scope, e)
		}
	}
	// Old bodies have no created_at and a store_id that is a number.
	e := event(t, v, delivered(`{"store_id":11111,"producer":"stores/abcde","scope":"store/order/statusUpdated","data":{"type":"order","id":173331},"hash":"3f9e"}`))
	if e.ResourceID != "173331" || e.Store != "abcde" || !e.OccurredAt.IsZero() {
		t.Errorf("an old body: %+v", e)
	}
}
