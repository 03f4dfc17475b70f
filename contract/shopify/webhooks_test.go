package shopify_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/shopify"
)

const secret = "hush"

func verifier(t testing.TB, secrets ...string) catalog.WebhookVerifier {
	t.Helper()
	app, err := shopify.New(shopify.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var config catalog.VerifierConfig
	for _, s := range secrets {
		config.Secrets = append(config.Secrets, catalog.NewSecret(s))
	}
	v, err := app.Verifier(config)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// delivery is a delivery of our shop with a given signature.
func delivery(topic, signature string, body []byte) catalog.Delivery {
	h := http.Header{}
	for name, value := range map[string]string{
		"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": signature, "X-Shopify-Shop-Domain": shop, "X-Shopify-Api-Version": "2026-07",
		"X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043", "X-Shopify-Event-Id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
		"X-Shopify-Triggered-At": "2026-11-01T10:00:00.987654321Z",
	} {
		h.Set(name, value)
	}
	return catalog.Delivery{Method: http.MethodPost, Header: h, Body: body, ReceivedAt: time.Date(2026, 11, 1, 10, 0, 1, 0, time.UTC)}
}

func signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// deliveries are the samples of webhooks and what each must become. The kinds
// are spelled out: hosts store these words.
var deliveries = map[string]struct {
	topic    string
	kind     catalog.EventKind
	resource catalog.Resource
	id       string
}{
	"wh_inventory_levels_update": {"inventory_levels/update", "inventory.changed", catalog.Inventory, "271878346596884015"},
	"wh_products_delete":         {"products/delete", "product.deleted", catalog.Products, "788032119674292922"},
	"wh_customers_delete":        {"customers/delete", "customer.deleted", catalog.Customers, "706405506930370084"},
	"wh_shop_redact":             {"shop/redact", "privacy.shop_redact", catalog.Shops, "954889"},
	"wh_customers_redact":        {"customers/redact", "privacy.customer_redact", catalog.Customers, "191167"},
	"wh_customers_data_request":  {"customers/data_request", "privacy.data_request", catalog.Customers, "191167"},
	"wh_bulk_finish":             {"bulk_operations/finish", catalog.EventOther, "", ""},
}

// gaps are the samples that become less than they should, each with the
// reason. A gap that was closed fails its test until it is struck out here.
var gaps = map[string]string{}

func TestDeliverySamples(t *testing.T) {
	t.Parallel()
	all := samples(t)
	v, good := verifier(t, secret), 0
	for name, want := range deliveries {
		if gaps[name] != "" {
			want.id = ""
		}
		if t.Run(name, func(t *testing.T) {
			var body map[string]json.RawMessage
			if err := json.Unmarshal(all[name], &body); err != nil {
				t.Fatal(err)
			}
			delete(body, "src") // the collector's note, not Shopify's
			raw, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			verdict, err := v.Verify(t.Context(), delivery(want.topic, signature(secret, raw), raw))
			if err != nil || len(verdict.Events) != 1 || len(verdict.Grants) != 0 || verdict.Reply.Status != 0 {
				t.Fatalf("%+v %v", verdict, err)
			}
			e := verdict.Events[0]
			if e.Kind != want.kind || e.Resource != want.resource || e.ResourceID != want.id || e.Topic != want.topic || e.Store != shop {
				t.Errorf("%s %s %s %s of %s", e.Kind, e.Resource, e.ResourceID, e.Topic, e.Store)
			}
			if !bytes.Equal(e.Payload, raw) || e.Key == "" || e.OccurredAt.Second() != 0 || e.OccurredAt.Year() != 2026 {
				t.Errorf("%+v", e)
			}
			signed := signature(secret, raw)
			raw[len(raw)-2] ^= 1
			if _, err := v.Verify(t.Context(), delivery(want.topic, signed, raw)); !errors.Is(err, catalog.ErrUnauthorized) {
				t.Errorf("a changed body: %v", err)
			}
		}) && gaps[name] == "" {
			good++
		}
	}
	for name, reason := range gaps {
		specs.Report(t, "shopify gap: %s: %s", name, reason)
	}
	specs.Report(t, "shopify samples of deliveries %s", fraction(good, len(deliveries)))
}

type vector struct {
	ID, Kind, Secret, Body, Digest string
	Valid                          bool
	Headers                        map[string]string
}

func TestVectors(t *testing.T) {
	t.Parallel()
	var file struct{ Vectors []vector }
	specs.Decode(t, &file, "shopify", "vectors.json")
	webhooks, good, unused := 0, 0, 0
	for _, one := range file.Vectors {
		if one.Kind != "webhook_base64" {
			unused++ // the adapter has no function for callbacks or proxies
			continue
		}
		webhooks++
		if t.Run(one.ID, func(t *testing.T) { one.check(t) }) {
			good++
		}
	}
	if good == 0 {
		t.Error("no vector of a webhook")
	}
	specs.Report(t, "shopify webhook vectors %s, %d vectors of callbacks and proxies not used yet", fraction(good, webhooks), unused)
}

// check verifies the vector by itself and while the secret is being rotated.
// A body that is no object is authentic all the same, and cannot be read.
func (one vector) check(t *testing.T) {
	for name, secrets := range map[string][]string{"alone": {one.Secret}, "rotated": {"a newer one", one.Secret}} {
		d := delivery("products/create", one.Digest, []byte(one.Body))
		verdict, err := verifier(t, secrets...).Verify(t.Context(), d)
		refused := errors.Is(err, catalog.ErrUnauthorized)
		if refused == one.Valid {
			t.Errorf("%s: refused %t, valid %t: %v", name, refused, one.Valid, err)
		}
		if one.Valid && err == nil && verdict.SecretIndex != len(secrets)-1 {
			t.Errorf("%s: secret %d", name, verdict.SecretIndex)
		}
		if err != nil && !refused && (one.Body[0] == '{' || !errors.Is(err, catalog.ErrBadAnswer)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if one.Headers != nil {
		// Genuine, but of a shop on the vendor's own development domain.
		d := delivery("", one.Digest, []byte(one.Body))
		for name, value := range one.Headers {
			d.Header.Set(name, value)
		}
		_, err := verifier(t, one.Secret).Verify(t.Context(), d)
		if got, ok := errors.AsType[*catalog.Error](err); !ok || got.Code != "wrong_shop" {
			t.Errorf("its own headers: %v", err)
		}
	}
	if _, err := verifier(t, "another secret").Verify(t.Context(), delivery("products/create", one.Digest, []byte(one.Body))); !errors.Is(err, catalog.ErrUnauthorized) {
		t.Errorf("another secret: %v", err)
	}
}
