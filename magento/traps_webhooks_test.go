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

// Adobe signs what it sends to all its customers with the same keys: only the
// recipient in the signed body tells whose an event is. The field is being
// renamed.
func TestTrapAnotherAppsEventIsSignedByAdobeToo(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Edition: magentotest.Commerce, Products: 5})
	v := verifying(t, server, magento.SchemeIOEvents)
	for _, form := range []magentotest.ClientIDForm{magentotest.ClientIDBoth, magentotest.ClientIDNew, magentotest.ClientIDOld} {
		mine := ioEvent(t, server, productSaved, server.Products()[2], false)
		mine.Form = form
		e := one(t, v, delivery(server.IODelivery(mine), "/webhooks/tenant-1"))
		if e.Kind != catalog.EventProductUpdated || e.ResourceID != id(server.Products()[2].ID) || e.Topic != productSaved || !e.Partial || e.Store != server.StoreURL() {
			t.Errorf("form %d: %+v", form, e)
		}
		foreign := mine
		foreign.ClientID = "somebody-else"
		refused(t, v, delivery(server.IODelivery(foreign), "/"), "wrong_recipient")
		refused(t, v, delivery(server.IODelivery(mine, foreign), "/"), "wrong_recipient")
	}
	nobody := ioEvent(t, server, productSaved, server.Products()[2], false)
	nobody.ClientID = ""
	refused(t, v, delivery(server.IODelivery(nobody), "/"), "wrong_recipient")
	// The two spellings may disagree: the stranger's wins over nothing.
	mixed := server.IODelivery(ioEvent(t, server, productSaved, server.Products()[2], false))
	mixed.Body = bytes.Replace(mixed.Body, []byte(`"recipient_client_id":"`+server.ClientID()), []byte(`"recipient_client_id":"other`), 1)
	refused(t, v, delivery(server.SignIO(mixed), "/"), "wrong_recipient")
}

// A batch has up to twenty events, each with an id of its own that
// redeliveries repeat.
func TestTrapABatchOfTwentyEvents(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Edition: magentotest.Commerce, Products: 30, Orders: 5})
	v := verifying(t, server, magento.SchemeIOEvents)
	var batch []magentotest.Event
	for _, p := range server.Products()[:20] {
		batch = append(batch, ioEvent(t, server, productSaved, p, false))
	}
	sent := server.IODelivery(batch...)
	first, err := v.Verify(t.Context(), delivery(sent, "/"))
	again, err2 := v.Verify(t.Context(), delivery(sent.With(magentotest.HeaderDeliveryID, "another").With(magentotest.HeaderRetryCount, "1"), "/"))
	if err != nil || err2 != nil || len(first.Events) != 20 || len(again.Events) != 20 {
		t.Fatalf("%d events, %v, %v", len(first.Events), err, err2)
	}
	keys := map[string]bool{}
	for i, e := range first.Events {
		if keys[e.Key] || again.Events[i].Key != e.Key || e.ResourceID != id(server.Products()[i].ID) || !json.Valid(e.Payload) || e.OccurredAt.IsZero() {
			t.Errorf("event %d: %+v", i, e)
		}
		keys[e.Key] = true
	}
	refused(t, v, delivery(sent.Altered(), "/"), "signature_mismatch")
	refused(t, v, delivery(sent.Unsigned(), "/"), "missing_header")
}

// Two keys sign; one of them that fits is enough, so that they can be
// replaced one after the other.
func TestTrapOneOfTwoSignaturesIsEnough(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Edition: magentotest.Commerce, Products: 5})
	v := verifying(t, server, magento.SchemeIOEvents)
	sent := server.IODelivery(ioEvent(t, server, productSaved, server.Products()[1], false))
	one(t, v, delivery(sent.Without(magentotest.HeaderSignature1, magentotest.HeaderKeyPath1), "/"))
	one(t, v, delivery(sent.Without(magentotest.HeaderSignature2, magentotest.HeaderKeyPath2), "/"))
	one(t, v, delivery(sent.With(magentotest.HeaderSignature1, "bm9uc2Vuc2U="), "/"))
	refused(t, v, delivery(sent.With(magentotest.HeaderSignature1, "bm9uc2Vuc2U=").With(magentotest.HeaderSignature2, "?"), "/"), "signature_mismatch")
	swapped := sent.With(magentotest.HeaderKeyPath1, sent.Header.Get(magentotest.HeaderKeyPath2)).With(magentotest.HeaderKeyPath2, sent.Header.Get(magentotest.HeaderKeyPath1))
	refused(t, v, delivery(swapped, "/"), "signature_mismatch")
}

// The path of a key comes from a header that nobody has verified: the host is
// fixed, the path is Adobe's, and a key is fetched once.
func TestTrapKeysAreFetchedFromAdobeAloneAndOnce(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Edition: magentotest.Commerce, Products: 5})
	v := verifying(t, server, magento.SchemeIOEvents)
	sent := server.IODelivery(ioEvent(t, server, productSaved, server.Products()[1], false))
	for range 5 {
		one(t, v, delivery(sent, "/"))
	}
	if n := len(server.Calls()); n != 1 {
		t.Errorf("%d calls for five deliveries, want 1", n)
	}
	server.ResetCalls()
	for _, path := range []string{"", "https://evil.example/prod/keys/a.pem", "//evil.example/prod/keys/a.pem", "/prod/keys/../../x", "/prod/keys/..", "/dev/keys/a.pem",
		"/prod/keys/a.pem?x=1", "/prod/keys/a/b.pem", "@evil.example/prod/keys/a.pem", "/prod/keys/", "/prod/keys/a%2fb"} {
		refused(t, v, delivery(sent.With(magentotest.HeaderKeyPath1, path).With(magentotest.HeaderKeyPath2, path), "/"), "signature_mismatch")
	}
	if n := len(server.Calls()); n > 0 {
		t.Errorf("%d calls for paths that are not Adobe's", n)
	}
}

// A key that cannot be fetched is no forgery: Adobe must send again.
func TestTrapAKeyThatCannotBeFetchedIsNoForgery(t *testing.T) {
	t.Parallel()
	server := magentotest.NewServer(&magentotest.Config{Edition: magentotest.Commerce, Products: 5}) // asked for what is not there
	t.Cleanup(server.Close)
	v, err := newAdapter(t, server, magento.Config{ClientID: server.ClientID(), WebhookScheme: magento.SchemeIOEvents, Attempts: 1}).
		Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: server.StoreURL()}})
	if err != nil {
		t.Fatal(err)
	}
	server.Inject(magentotest.ServerError(503).On("GET", "/prod/keys/*").Repeat(2))
	sent := delivery(server.IODelivery(ioEvent(t, server, productSaved, server.Products()[1], false)), "/")
	if _, err := v.Verify(t.Context(), sent); !errors.Is(err, catalog.ErrUnavailable) || errors.Is(err, catalog.ErrUnauthorized) {
		t.Errorf("got %v", err)
	}
	one(t, v, sent)
	// Strangers who name keys that are not there cannot have Adobe asked for
	// ever.
	server.ResetCalls()
	for i := range 60 {
		_, _ = v.Verify(t.Context(), delivery(server.IODelivery(ioEvent(t, server, productSaved, server.Products()[1], false)).
			With(magentotest.HeaderKeyPath1, "/prod/keys/no-"+id(int64(i))+".pem").Without(magentotest.HeaderSignature2), "/"))
	}
	if n := len(server.Calls()); n > 15 {
		t.Errorf("%d keys were asked for", n)
	}
}

// Adobe tries a new address by a GET whose challenge it wants back, or by a
// link that it wants visited.
func TestTrapAdobesChallenges(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Edition: magentotest.Commerce, Products: 5})
	v := verifying(t, server, magento.SchemeIOEvents)
	verdict, err := v.Verify(t.Context(), catalog.Delivery{Method: http.MethodGet, URL: &url.URL{RawQuery: "challenge=8ec8d794-e0ab-42df-9017-e3dada8e84f7"}})
	if err != nil || string(verdict.Reply.Body) != "8ec8d794-e0ab-42df-9017-e3dada8e84f7" || len(verdict.Events) > 0 || !strings.HasPrefix(verdict.Reply.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("%s, %v", verdict.Reply.Body, err)
	}
	for _, query := range []string{"", "challenge=", "challenge=a%0d%0ab", "challenge=" + strings.Repeat("x", 2000)} {
		refused(t, v, catalog.Delivery{Method: http.MethodGet, URL: &url.URL{RawQuery: query}}, "missing_challenge")
	}

	receiver := &receiving{v: v}
	web := receiver.start(t)
	token, err := server.StartValidation(t.Context(), web)
	if err != nil || !server.Validated(token) {
		t.Errorf("validated: %v, %v", server.Validated(token), err)
	}
	if err := server.Challenge(t.Context(), web); err != nil {
		t.Error(err)
	}
	// The post is not signed: only Adobe's host is visited.
	server.ResetCalls()
	for _, link := range []string{"http://csm.adobe.io/x", "https://csm.adobe.io.evil.example/x", "https://user@csm.adobe.io/x", "https://csm.adobe.io:8443/x", "https://169.254.169.254/x", "file:///etc/passwd", "::"} {
		body, err := json.Marshal(map[string]string{"validationUrl": link})
		if err != nil {
			t.Fatal(err)
		}
		refused(t, v, catalog.Delivery{Method: http.MethodPost, URL: &url.URL{Path: "/"}, Header: http.Header{}, Body: body}, "wrong_host")
	}
	if n := len(server.Calls()); n > 0 {
		t.Errorf("%d calls", n)
	}
}

// A saved record may be new or changed; values hold chosen fields alone, with
// numbers as texts; shops of one organisation put an app into the type; and an
// older envelope is still sent.
func TestTrapIOEventsAreHints(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Edition: magentotest.Commerce, Products: 5, Orders: 5, Customers: 5})
	v := verifying(t, server, magento.SchemeIOEvents)
	value := func(text string) json.RawMessage { return json.RawMessage(text) }
	for name, c := range map[string]struct {
		code, app, value string
		envelope         bool
		kind             catalog.EventKind
		resource         catalog.Resource
		id               string
	}{
		"new":                 {code: productSaved, value: `{"entity_id":"7","_isNew":true}`, kind: catalog.EventProductCreated, resource: catalog.Products, id: "7"},
		"changed":             {code: productSaved, value: `{"entity_id":7,"_isNew":false,"created_at":"2026-01-01 00:00:00","updated_at":"2026-01-01 00:00:00"}`, kind: catalog.EventProductUpdated, resource: catalog.Products, id: "7"},
		"new by its times":    {code: "observer.sales_order_save_commit_after", value: `{"entity_id":"8","created_at":"2026-01-01 00:00:00","updated_at":"2026-01-01 00:00:00"}`, kind: catalog.EventOrderCreated, resource: catalog.Orders, id: "8"},
		"changed by its time": {code: "observer.sales_order_save_commit_after", value: `{"entity_id":"8","created_at":"2026-01-01 00:00:00","updated_at":"2026-01-02 00:00:00"}`, kind: catalog.EventOrderUpdated, resource: catalog.Orders, id: "8"},
		"no id":               {code: productSaved, value: `{"sku":"24-MB01"}`, kind: catalog.EventProductUpdated, resource: catalog.Products},
		"of an app":           {code: "observer.customer_save_commit_after", app: "app_two", value: `{"entity_id":"9"}`, kind: catalog.EventCustomerUpdated, resource: catalog.Customers, id: "9"},
		"envelope":            {code: "observer.customer_delete_commit_after", envelope: true, value: `{"entity_id":"9"}`, kind: catalog.EventCustomerDeleted, resource: catalog.Customers, id: "9"},
		"shipment":            {code: "observer.sales_order_shipment_save_after", value: `{"entity_id":"3","order_id":"8"}`, kind: catalog.EventOrderUpdated, resource: catalog.Orders, id: "8"},
		"refund":              {code: "observer.sales_order_creditmemo_save_after", value: `{"entity_id":"3","order_id":8}`, kind: catalog.EventOrderRefunded, resource: catalog.Orders, id: "8"},
		"placed":              {code: "plugin.sales.api.order_management.place", value: `{"entity_id":"8"}`, kind: catalog.EventOrderCreated, resource: catalog.Orders, id: "8"},
		"stock":               {code: "observer.cataloginventory_stock_item_save_commit_after", value: `{"item_id":"1","product_id":"7","qty":"3"}`, kind: catalog.EventInventoryChanged, resource: catalog.Inventory, id: "7"},
		"something else":      {code: "observer.newsletter_subscriber_save_after", value: `{"entity_id":"9"}`, kind: catalog.EventOther},
		"odd":                 {code: productSaved, value: `["odd"]`, kind: catalog.EventProductUpdated, resource: catalog.Products},
	} {
		sent := ioEvent(t, server, c.code, value(c.value), false)
		sent.App, sent.Envelope = c.app, c.envelope
		e := one(t, v, delivery(server.IODelivery(sent), "/"))
		if e.Kind != c.kind || e.Resource != c.resource || e.ResourceID != c.id || e.Topic != c.code {
			t.Errorf("%s: %s, %s %q of %s; want %s, %s %q", name, e.Kind, e.Resource, e.ResourceID, e.Topic, c.kind, c.resource, c.id)
		}
	}
}

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
