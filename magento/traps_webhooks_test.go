package magento_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// delivery is what a receiver makes of the server's.
func delivery(d magentotest.Delivery, path string) catalog.Delivery {
	u, err := url.Parse(path)
	if err != nil {
		panic(err) // the path is the test's
	}
	return catalog.Delivery{Method: http.MethodPost, URL: u, Header: d.Header, Body: d.Body, ReceivedAt: time.Now()}
}

// verifying makes a verifier by a scheme.
func verifying(t testing.TB, server *magentotest.Server, scheme magento.Scheme, secrets ...string) catalog.WebhookVerifier {
	t.Helper()
	config := magento.Config{WebhookScheme: scheme, ClientID: server.ClientID()}
	for _, s := range secrets {
		config.WebhookSecrets = append(config.WebhookSecrets, catalog.NewSecret(s))
	}
	v, err := newAdapter(t, server, config).Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: server.StoreURL()}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// refused holds that a delivery is refused with words for the operator.
func refused(t *testing.T, v catalog.WebhookVerifier, d catalog.Delivery, code string) {
	t.Helper()
	verdict, err := v.Verify(t.Context(), d)
	e, ok := errors.AsType[*catalog.Error](err)
	if !ok || !errors.Is(err, catalog.ErrUnauthorized) || e.Code != code || e.Message == "" || len(verdict.Events) > 0 {
		t.Errorf("got %v and %d events, want a refusal %q", err, len(verdict.Events), code)
	}
}

func one(t *testing.T, v catalog.WebhookVerifier, d catalog.Delivery) catalog.Event {
	t.Helper()
	verdict, err := v.Verify(t.Context(), d)
	if err != nil || len(verdict.Events) != 1 {
		t.Fatalf("%d events, %v", len(verdict.Events), err)
	}
	return verdict.Events[0]
}

func ioEvent(t *testing.T, server *magentotest.Server, code string, record any, isNew bool) magentotest.Event {
	t.Helper()
	e, err := server.IOEvent(code, record, isNew)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

const productSaved = "observer.catalog_product_save_commit_after"

// Nothing in a delivery of async-events names its event: the address does. Its
// body has PHP's escapes, which are signed as they are.
func TestTrapAsyncEventsAreNamedByTheirAddress(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Products: 5, Orders: 5, Customers: 5})
	v := verifying(t, server, magento.SchemeAsyncEvents, "a-newer-token-0123456789", server.VerificationToken())
	sent, err := server.AsyncDelivery("sales.order.created", server.Orders()[1])
	if err != nil {
		t.Fatal(err)
	}
	want := id(server.Orders()[1].ID)
	for path, kind := range map[string]catalog.EventKind{
		"/webhooks/tenant-1/sales.order.created": catalog.EventOrderCreated, "/hook?event=sales.order.paid": catalog.EventOrderPaid,
		"/hook/sales.order.shipped/": catalog.EventOrderFulfilled, "/hook/sales.unholdedcreated": catalog.EventOrderUpdated, "/hook/some.other": catalog.EventOther,
	} {
		verdict, err := v.Verify(t.Context(), delivery(sent, path))
		if err != nil || len(verdict.Events) != 1 || verdict.SecretIndex != 1 {
			t.Fatalf("%s: %+v, %v", path, verdict, err)
		}
		e := verdict.Events[0]
		if e.Kind != kind || kind != catalog.EventOther && e.ResourceID != want {
			t.Errorf("%s: %s of %q", path, e.Kind, e.ResourceID)
		}
	}
	for _, path := range []string{"/", "/hook", "/hook?event=a%20b", "/hook?event=" + strings.Repeat("x", 200)} {
		if _, err := v.Verify(t.Context(), delivery(sent, path)); !errors.Is(err, catalog.ErrBadAnswer) {
			t.Errorf("%s: %v", path, err)
		}
	}
	var compact bytes.Buffer // what a framework makes of JSON it parsed
	if err := json.Compact(&compact, bytes.ReplaceAll(sent.Body, []byte(`\/`), []byte("/"))); err != nil {
		t.Fatal(err)
	}
	again := delivery(sent, "/sales.order.created")
	again.Body = compact.Bytes()
	refused(t, v, again, "signature_mismatch")
	refused(t, v, delivery(sent.With(magentotest.HeaderAsync, "sha256=x"), "/sales.order.created"), "malformed_signature")
}

// The shop waits for the answer of Adobe Commerce Webhooks, which must hold an
// operation. What is signed is the base64 of the body.
func TestTrapCommerceWebhooksWantAnOperation(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Edition: magentotest.Commerce})
	v := verifying(t, server, magento.SchemeCommerce, string(server.WebhookPublicKey()))
	sent := server.CommerceDelivery("observer.sales_order_place_after", json.RawMessage(`{"order":{"entity_id":"8"}}`))
	verdict, err := v.Verify(t.Context(), delivery(sent, "/"))
	if err != nil || string(verdict.Reply.Body) != `{"op":"success"}` || len(verdict.Events) != 1 || verdict.Events[0].Topic != "observer.sales_order_place_after" {
		t.Errorf("%+v, %v", verdict, err)
	}
	refused(t, v, delivery(sent.Altered(), "/"), "signature_mismatch")
	refused(t, v, delivery(sent.Unsigned(), "/"), "missing_header")
	_, err = newAdapter(t, server, magento.Config{WebhookScheme: magento.SchemeCommerce, WebhookSecrets: []catalog.Secret{catalog.NewSecret("no key")}}).
		Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: server.StoreURL()}})
	if !errors.Is(err, catalog.ErrInvalid) || strings.Contains(err.Error(), "no key") {
		t.Errorf("what is no key: %v", err)
	}
}

// Senders of the merchant's own have a scheme of their choice: one that signs
// the time, with an id that redeliveries repeat.
func TestTrapSendersOfTheMerchantsOwn(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Products: 5, Orders: 5})
	newer := "whsec_bmV3ZXItc2VjcmV0LTAxMjM0NTY3ODk="
	v := verifying(t, server, magento.SchemeStandard, newer, server.StandardSecret())
	sent, err := server.StandardDelivery("sales.order.updated", server.Orders()[1])
	if err != nil {
		t.Fatal(err)
	}
	verdict, err := v.Verify(t.Context(), delivery(sent, "/"))
	if err != nil || verdict.SecretIndex != 1 || verdict.Events[0].ResourceID != id(server.Orders()[1].ID) || verdict.Events[0].Kind != catalog.EventOrderUpdated {
		t.Fatalf("%+v, %v", verdict, err)
	}
	again := one(t, v, delivery(sent.SignedWith(newer+" "+server.StandardSecret()), "/"))
	other, err := server.StandardDelivery("sales.order.updated", server.Orders()[1])
	if err != nil {
		t.Fatal(err)
	}
	if again.Key != verdict.Events[0].Key || one(t, v, delivery(other, "/")).Key == again.Key {
		t.Error("the key is not the message's id")
	}
	refused(t, v, delivery(sent.Altered(), "/"), "signature_mismatch")
	refused(t, v, delivery(sent.With(magentotest.HeaderWebhookID, "msg_other"), "/"), "signature_mismatch")
	refused(t, v, delivery(sent.Without(magentotest.HeaderWebhookTS), "/"), "missing_header")
	late, early := delivery(sent, "/"), delivery(sent, "/")
	late.ReceivedAt, early.ReceivedAt = late.ReceivedAt.Add(time.Hour), early.ReceivedAt.Add(-time.Hour)
	refused(t, v, late, "stale")
	refused(t, v, early, "future")
	_, err = newAdapter(t, server, magento.Config{WebhookScheme: magento.SchemeStandard, WebhookSecrets: []catalog.Secret{catalog.NewSecret("whsec_no base64")}}).
		Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: server.StoreURL()}})
	if !errors.Is(err, catalog.ErrInvalid) || strings.Contains(err.Error(), "no base64") {
		t.Errorf("a secret that is none: %v", err)
	}
}

// Widely installed modules sign nothing: all they can send is a header.
func TestTrapModulesThatSignNothing(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{})
	v := verifying(t, server, magento.SchemeHeader, "shared-secret-0123456789")
	d := catalog.Delivery{Method: http.MethodPost, URL: &url.URL{Path: "/hook/sales.order.created"}, Body: []byte(`{"entity_id":8}`), Header: http.Header{}}
	refused(t, v, d, "missing_header")
	d.Header.Set("X-Webhook-Secret", "shared-secret-012345678")
	refused(t, v, d, "secret_mismatch")
	d.Header.Set("X-Webhook-Secret", "shared-secret-0123456789")
	if e := one(t, v, d); e.ResourceID != "8" || e.Kind != catalog.EventOrderCreated {
		t.Errorf("%+v", e)
	}
}

// A delivery by another scheme is refused, whatever its headers claim.
func TestTrapTheSchemeIsChosenByTheHost(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Products: 5})
	adapter := newAdapter(t, server, magento.Config{ClientID: server.ClientID(), WebhookSecrets: []catalog.Secret{catalog.NewSecret(server.VerificationToken())}})
	account := catalog.Account{Store: server.StoreURL(), Settings: map[string]string{"webhooks": "shared_header"}}
	v, err := adapter.Verifier(catalog.VerifierConfig{Account: &account})
	if err != nil {
		t.Fatal(err)
	}
	sent, err := server.AsyncDelivery("catalog.product.updated", server.Products()[0])
	if err != nil {
		t.Fatal(err)
	}
	refused(t, v, delivery(sent, "/catalog.product.updated"), "missing_header")
	account.Settings["webhooks"] = "none"
	for _, config := range []catalog.VerifierConfig{{}, {Account: &account}} {
		if _, err := adapter.Verifier(config); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%+v: %v", config.Account, err)
		}
	}
	account.Settings["webhooks"] = "io_events"
	if _, err := newAdapter(t, server, magento.Config{}).Verifier(catalog.VerifierConfig{Account: &account}); !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), "ClientID") {
		t.Errorf("I/O events without a client id: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Verify(ctx, catalog.Delivery{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a dead context: %v", err)
	}
}
