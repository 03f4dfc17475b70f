package shopify_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

func verifierOf(t testing.TB, config catalog.VerifierConfig) catalog.WebhookVerifier {
	t.Helper()
	app, err := shopify.New(shopify.Config{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := app.Verifier(config)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func delivered(d shopifytest.Delivery) catalog.Delivery {
	return catalog.Delivery{Method: http.MethodPost, Header: d.Header, Body: d.Body, ReceivedAt: time.Now()}
}

func TestWebhooksOfTheStore(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	verifier := verifierOf(t, catalog.VerifierConfig{Secrets: []catalog.Secret{catalog.NewSecret(server.ClientSecret())}})
	product, order, customer := server.Products()[0], server.Orders()[0], server.Customers()[0]
	for topic, want := range map[string]struct {
		body []byte
		kind catalog.EventKind
		res  catalog.Resource
		id   string
		// updated is the record's own time of change
		updated time.Time
	}{
		"products/create":         {server.ProductPayload(product), catalog.EventProductCreated, catalog.Products, gidOf(product.ID), product.UpdatedAt},
		"products/delete":         {server.DeletedPayload(9223372036854775807), catalog.EventProductDeleted, catalog.Products, "9223372036854775807", time.Time{}},
		"orders/updated":          {server.OrderPayload(order), catalog.EventOrderUpdated, catalog.Orders, gidOf(order.ID), order.UpdatedAt},
		"orders/cancelled":        {server.OrderPayload(order), catalog.EventOrderCancelled, catalog.Orders, gidOf(order.ID), order.UpdatedAt},
		"customers/update":        {server.CustomerPayload(customer), catalog.EventCustomerUpdated, catalog.Customers, gidOf(customer.ID), customer.UpdatedAt},
		"inventory_levels/update": {server.InventoryPayload(shopifytest.InventoryLevel{ItemID: 77, LocationID: 5}), catalog.EventInventoryChanged, catalog.Inventory, "77", time.Time{}},
		"app/uninstalled":         {server.UninstalledPayload(), catalog.EventAppUninstalled, catalog.App, "", time.Time{}},
		"carts/update":            {[]byte(`{"id":"x"}`), catalog.EventOther, "", "x", time.Time{}},
	} {
		d := server.Webhook(topic, want.body)
		verdict, err := verifier.Verify(t.Context(), delivered(d))
		if err != nil || len(verdict.Events) != 1 {
			t.Errorf("%s: %+v, %v", topic, verdict, err)
			continue
		}
		e := verdict.Events[0]
		if e.Kind != want.kind || e.Resource != want.res || want.id != "" && e.ResourceID != want.id || e.Store != server.Shop() || e.Topic != topic ||
			e.OccurredAt.IsZero() || e.Correlation == "" || !bytes.Equal(e.Payload, want.body) || e.Partial != (e.Resource != "") || !e.UpdatedAt.Equal(want.updated) {
			t.Errorf("%s: %+v", topic, e)
		}
		again, err := verifier.Verify(t.Context(), delivered(d))
		if err != nil || again.Events[0].Key != e.Key {
			t.Errorf("%s: the redelivery has another key", topic)
		}
		other, err := verifier.Verify(t.Context(), delivered(server.Webhook(topic, want.body)))
		if err != nil || other.Events[0].Key == e.Key {
			t.Errorf("%s: another delivery has the same key", topic)
		}
	}
}

func TestWebhookRefusals(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	good := server.Webhook("products/update", server.ProductPayload(server.Products()[0]))
	verifier := verifierOf(t, catalog.VerifierConfig{Secrets: []catalog.Secret{catalog.NewSecret(server.ClientSecret())}})
	for name, c := range map[string]struct {
		delivery shopifytest.Delivery
		code     string
	}{
		"another secret":      {good.Signed("another"), "signature_mismatch"},
		"the empty secret":    {good.Signed(""), "signature_mismatch"},
		"an altered body":     {good.Altered(), "signature_mismatch"},
		"no signature":        {good.Without(shopifytest.HeaderHMAC), "missing_header"},
		"hex for base64":      {good.With(shopifytest.HeaderHMAC, strings.Repeat("ab", 32)), "malformed_signature"},
		"a short signature":   {good.With(shopifytest.HeaderHMAC, base64.StdEncoding.EncodeToString([]byte("short"))), "malformed_signature"},
		"a foreign shop name": {good.With(shopifytest.HeaderShop, "evil.example"), "wrong_shop"},
		"no topic":            {good.Without(shopifytest.HeaderTopic), "missing_header"},
	} {
		verdict, err := verifier.Verify(t.Context(), delivered(c.delivery))
		e, ok := errors.AsType[*catalog.Error](err)
		if !ok || e.Kind != catalog.ErrUnauthorized || e.Code != c.code || len(verdict.Events) != 0 {
			t.Errorf("%s: %+v, %v; want a refusal with code %s", name, verdict, err, c.code)
		}
		if err != nil && strings.Contains(err.Error(), server.ClientSecret()) {
			t.Errorf("%s: the error shows the secret", name)
		}
	}
	unreadable := server.Webhook("products/update", []byte(`{"id":`))
	if _, err := verifier.Verify(t.Context(), delivered(unreadable)); !errors.Is(err, catalog.ErrBadAnswer) {
		t.Errorf("an authentic body that is not JSON: %v", err)
	}
}

func TestWebhookSecretRotation(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	app, err := shopify.New(shopify.Config{ClientID: "id", ClientSecret: catalog.NewSecret("new"), OldSecrets: []catalog.Secret{catalog.NewSecret("old")}})
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := app.Verifier(catalog.VerifierConfig{})
	if err != nil {
		t.Fatal(err)
	}
	d := server.Webhook("products/delete", server.DeletedPayload(1))
	for secret, index := range map[string]int{"new": 0, "old": 1} {
		verdict, err := verifier.Verify(t.Context(), delivered(d.Signed(secret)))
		if err != nil || verdict.SecretIndex != index {
			t.Errorf("signed with the %s secret: index %d, %v", secret, verdict.SecretIndex, err)
		}
	}
}

func TestWebhookForAnotherAccount(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	verifier := verifierOf(t, catalog.VerifierConfig{Account: &catalog.Account{Store: "other.myshopify.com"}, Secrets: []catalog.Secret{catalog.NewSecret(server.ClientSecret())}})
	if _, err := verifier.Verify(t.Context(), delivered(server.Webhook("products/delete", server.DeletedPayload(1)))); !errors.Is(err, catalog.ErrUnauthorized) {
		t.Errorf("got %v", err)
	}
}

// Any change of the signed bytes or of the decoded signature is refused, under
// the old names of the headers and the new.
func TestAnyChangedByteIsRefused(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	verifier := verifierOf(t, catalog.VerifierConfig{Secrets: []catalog.Secret{catalog.NewSecret(server.ClientSecret())}})
	good := delivered(server.Webhook("orders/create", server.OrderPayload(server.Orders()[0])))
	catalogtest.RefusesEveryChange(t, verifier, good, shopifytest.HeaderHMAC)
	renamed := http.Header{}
	for name, values := range good.Header {
		renamed[strings.TrimPrefix(name, "X-")] = values
	}
	good.Header = renamed
	catalogtest.RefusesEveryChange(t, verifier, good, strings.TrimPrefix(shopifytest.HeaderHMAC, "X-"))
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte(`{"id":1}`), "products/update", "acme.myshopify.com", "c2lnbmF0dXJl")
	f.Add([]byte(`{"id":9223372036854775807,"order_edit":{"order_id":[]}}`), "orders/edited", "x", "")
	verifier := verifierOf(f, catalog.VerifierConfig{Secrets: []catalog.Secret{catalog.NewSecret("secret")}})
	f.Fuzz(func(t *testing.T, body []byte, topic, shop, signature string) {
		header := http.Header{"X-Shopify-Topic": {topic}, "X-Shopify-Shop-Domain": {shop}, "X-Shopify-Hmac-Sha256": {signature}}
		if verdict, err := verifier.Verify(t.Context(), catalog.Delivery{Header: header, Body: body}); err == nil || len(verdict.Events) != 0 {
			t.Fatalf("a made-up signature passed: %+v", verdict)
		}
		signed := shopifytest.Delivery{Header: header, Body: body}.Signed("secret")
		if verdict, err := verifier.Verify(t.Context(), delivered(signed)); err == nil && len(verdict.Events) != 1 {
			t.Fatalf("an authentic delivery gave %d events", len(verdict.Events))
		}
	})
}
