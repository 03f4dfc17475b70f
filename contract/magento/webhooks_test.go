package magento_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/magento"
)

const keyPath = "/prod/keys/pub-key-contract.pem"

// adobe serves a public key where Adobe has its own.
type adobe struct{ pem string }

func (a adobe) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := http.StatusOK, a.pem
	if r.URL.Host != "static.adobeioevents.com" || r.URL.Path != keyPath {
		status, body = http.StatusNotFound, ""
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func verifier(t testing.TB, scheme magento.Scheme, clientID, pem string, secrets ...string) catalog.WebhookVerifier {
	t.Helper()
	config := magento.Config{WebhookScheme: scheme, ClientID: clientID, Transport: adobe{pem}, Attempts: 1}
	for _, s := range secrets {
		config.WebhookSecrets = append(config.WebhookSecrets, catalog.NewSecret(s))
	}
	app, err := magento.New(config)
	if err != nil {
		t.Fatal(err)
	}
	v, err := app.Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: "https://shop.example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func delivery(body []byte, headers map[string]string) catalog.Delivery {
	h := http.Header{}
	for name, value := range headers {
		h.Set(name, value)
	}
	return catalog.Delivery{Method: http.MethodPost, URL: &url.URL{Path: "/webhooks/tenant-1/sales.order.updated"}, Header: h, Body: body,
		ReceivedAt: time.Date(2026, 11, 21, 1, 2, 3, 0, time.UTC)}
}

// signedVector is a delivery with its signature.
type signedVector struct {
	RawBody           string            `json:"raw_body"`
	Headers           map[string]string `json:"headers"`
	PublicKey         string            `json:"public_key_pem"`
	Recipient         string            `json:"recipient_client_id"`
	VerificationToken string            `json:"verification_token"`
}

// TestWebhookVectors: each vector passes as it is, and none with a byte of its
// body changed.
func TestWebhookVectors(t *testing.T) {
	t.Parallel()
	var io, commerce, async signedVector
	specs.Decode(t, &io, "magento", "events", "adobe-io-events-signature-vector.json")
	specs.Decode(t, &commerce, "magento", "events", "adobe-commerce-webhook-signature-vector.json")
	specs.Decode(t, &async, "magento", "events", "mageos-async-events-hmac-vector.json")
	io.Headers["x-adobe-public-key1-path"], io.Headers["x-adobe-public-key2-path"] = keyPath, keyPath
	io.Headers["x-adobe-event-code"] = "com.adobe.commerce.observer.something" // the vector's body names no type
	good := 0
	for name, c := range map[string]struct {
		vector signedVector
		v      catalog.WebhookVerifier
	}{
		"Adobe I/O Events":        {io, verifier(t, magento.SchemeIOEvents, io.Recipient, io.PublicKey)},
		"Adobe Commerce Webhooks": {commerce, verifier(t, magento.SchemeCommerce, "", "", commerce.PublicKey)},
		"Mage-OS async-events":    {async, verifier(t, magento.SchemeAsyncEvents, "", "", "an older token", async.VerificationToken)},
	} {
		d := delivery([]byte(c.vector.RawBody), c.vector.Headers)
		verdict, err := c.v.Verify(t.Context(), d)
		if err != nil || len(verdict.Events) != 1 {
			t.Errorf("%s: %d events, %v", name, len(verdict.Events), err)
			continue
		}
		if good++; name == "Mage-OS async-events" && (verdict.Events[0].ResourceID != "42" || verdict.SecretIndex != 1) {
			t.Errorf("%s: %+v", name, verdict)
		}
		for i := range d.Body {
			altered := d
			altered.Body = bytes.Clone(d.Body)
			altered.Body[i] ^= 1
			if _, err := c.v.Verify(t.Context(), altered); !errors.Is(err, catalog.ErrUnauthorized) {
				t.Fatalf("%s with byte %d altered: %v", name, i, err)
			}
		}
	}
	specs.Report(t, "magento webhook vectors %d/3, no altered byte passes", good)
}

var ownKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// signed signs a body as Adobe does, with a key of the tests.
func signed(t testing.TB, body []byte) (catalog.Delivery, string) {
	t.Helper()
	key, err := ownKey()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	text := base64.StdEncoding.EncodeToString(signature)
	return delivery(body, map[string]string{"x-adobe-digital-signature-2": text, "x-adobe-public-key2-path": keyPath}),
		string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))
}

// TestEventSamples reads the vendor's sample events. Those in the older
// envelope are printed without their recipient, which is put in.
func TestEventSamples(t *testing.T) {
	t.Parallel()
	good := 0
	for file, want := range map[string]catalog.Event{
		"product_save_commit_after.cloudevent.json": {Topic: "observer.catalog_product_save_commit_after", Kind: catalog.EventProductUpdated, Resource: catalog.Products,
			OccurredAt: time.Date(2025, 7, 17, 15, 48, 42, 436_000_000, time.UTC)},
		"product_save_after.legacy-envelope.json": {Topic: "observer.catalog_product_save_after", Kind: catalog.EventProductUpdated, Resource: catalog.Products, ResourceID: "3",
			OccurredAt: time.Date(2022, 9, 6, 20, 37, 25, 0, time.UTC)},
		"invoice_save_after.legacy-envelope.json": {Topic: "observer.sales_order_invoice_save_after", Kind: catalog.EventOrderUpdated, Resource: catalog.Orders, ResourceID: "8"},
	} {
		body := specs.Read(t, "magento", "events", file)
		client := "ca7b36f23be94dcb9d2ebb97f0276e3f"
		if strings.Contains(file, "envelope") {
			body = bytes.Replace(body, []byte("{"), []byte(`{"recipient_client_id":"`+client+`","event_id":"e-1",`), 1)
		}
		d, key := signed(t, body)
		d.Header.Set("X-Adobe-Event-Code", "com.adobe.commerce."+want.Topic)
		verdict, err := verifier(t, magento.SchemeIOEvents, client, key).Verify(t.Context(), d)
		if err != nil || len(verdict.Events) != 1 {
			t.Errorf("%s: %d events, %v", file, len(verdict.Events), err)
			continue
		}
		e := verdict.Events[0]
		if e.Topic != want.Topic || e.Kind != want.Kind || e.Resource != want.Resource || e.ResourceID != want.ResourceID || !e.OccurredAt.Equal(want.OccurredAt) ||
			!e.Partial || !bytes.Equal(bytes.TrimSpace(e.Payload), bytes.TrimSpace(body)) {
			t.Errorf("%s: %s %s %s %q at %v", file, e.Topic, e.Kind, e.Resource, e.ResourceID, e.OccurredAt)
			continue
		}
		good++
	}
	specs.Report(t, "magento event samples %d/3", good)
}

// TestEventNames: every event of the vendor's references passes, and those of
// records souk reads have a kind.
func TestEventNames(t *testing.T) {
	t.Parallel()
	var reference, starter map[string]json.RawMessage
	specs.Decode(t, &reference, "magento", "events", "events-reference-saas.json")
	specs.Decode(t, &starter, "magento", "events", "starter-kit-EVENTS_SCHEMA.json")
	for name, schema := range starter {
		reference["observer."+name] = schema
	}
	// What is about none of the records souk reads.
	others := []string{"category", "cart", "checkout", "company", "customer_group", "_login", "register", "customattributes", "quote", "rma", "salesrule", "sales_rule"}
	passed, known := 0, 0
	for name := range reference {
		body := []byte(`{"type":"com.adobe.commerce.` + name + `","eventid":"e-1","recipientclientid":"app","data":{"value":{"entity_id":"11","id":"11","order_id":"12","parent_id":"12","product_id":"13"}}}`)
		d, key := signed(t, body)
		verdict, err := verifier(t, magento.SchemeIOEvents, "app", key).Verify(t.Context(), d)
		if err != nil || len(verdict.Events) != 1 || verdict.Events[0].Topic != name {
			t.Errorf("%s: %+v, %v", name, verdict, err)
			continue
		}
		passed++
		foreign := false
		for _, word := range others {
			foreign = foreign || strings.Contains(name, word)
		}
		e := verdict.Events[0]
		if foreign != (e.Kind == catalog.EventOther) || !foreign && e.ResourceID == "" {
			t.Errorf("%s is %s of %q", name, e.Kind, e.ResourceID)
		}
		if e.Kind != catalog.EventOther {
			known++
		}
	}
	specs.Report(t, "magento event names that pass the verifier %d/%d: %d with a kind, %d other", passed, len(reference), known, passed-known)
}
