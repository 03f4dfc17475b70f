package salla_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/salla"
)

const webhookSecret = "a secret of the tests"

func verifier(t testing.TB, scheme salla.Scheme, secret string) catalog.WebhookVerifier {
	t.Helper()
	v, err := adapter(t, silence{}, salla.Config{WebhookScheme: scheme}).
		Verifier(catalog.VerifierConfig{Secrets: []catalog.Secret{catalog.NewSecret("an older secret"), catalog.NewSecret(secret)}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func delivery(body []byte, header, value string) catalog.Delivery {
	return catalog.Delivery{Method: http.MethodPost, Header: http.Header{header: {value}}, Body: body,
		ReceivedAt: time.Date(2026, 11, 21, 1, 2, 3, 0, time.UTC)}
}

func signed(body []byte) catalog.Delivery {
	mac := hmac.New(sha256.New, []byte(webhookSecret))
	mac.Write(body)
	return delivery(body, "X-Salla-Signature", hex.EncodeToString(mac.Sum(nil)))
}

// meaning is what an event is to say.
type meaning struct {
	kind     catalog.EventKind
	resource catalog.Resource
	id       string // where in the payload the record's id is; "" for none
	at       string // when it happened
	whole    bool   // the payload is the whole record
}

// deliveries are the recorded deliveries, one per file.
var deliveries = map[string]meaning{
	"abandoned.cart.purchased":      {catalog.EventOther, "", "", "2025-03-25T08:59:37Z", false},
	"abandoned.cart.status.changed": {catalog.EventOther, "", "", "2025-03-25T08:59:37Z", false},
	"app.installed":                 {catalog.EventOther, catalog.App, "", "2022-12-31T09:31:25Z", false},
	"app.store.authorize":           {catalog.EventAppAuthorized, catalog.App, "", "2022-12-31T09:31:25Z", false},
	"app.subscription.started":      {catalog.EventOther, catalog.App, "", "2022-12-31T09:31:25Z", false},
	"app.uninstalled":               {catalog.EventAppUninstalled, catalog.App, "", "2022-12-31T09:31:25Z", false},
	"app.updated":                   {catalog.EventOther, catalog.App, "", "2022-12-31T09:31:25Z", false},
	"brand.created":                 {catalog.EventOther, "", "", "2024-03-24T13:09:48Z", false},
	"brand.deleted":                 {catalog.EventOther, "", "", "2024-03-24T13:09:48Z", false},
	"brand.updated":                 {catalog.EventOther, "", "", "2024-03-24T13:09:48Z", false},
	"category.created":              {catalog.EventOther, "", "", "2021-06-30T11:21:57Z", false},
	"customer.created":              {catalog.EventCustomerCreated, catalog.Customers, "data.id", "2022-01-25T09:36:49Z", false},
	"customer.login":                {catalog.EventOther, catalog.Customers, "data.id", "2022-01-25T09:36:49Z", false},
	"customer.otp.request":          {catalog.EventOther, catalog.Customers, "", "2021-06-30T09:09:11Z", false},
	"customer.updated":              {catalog.EventCustomerUpdated, catalog.Customers, "data.id", "2022-01-25T09:36:49Z", false},
	"order.created":                 {catalog.EventOrderCreated, catalog.Orders, "data.id", "2022-06-26T09:21:48Z", false},
	"order.shipment.cancelled":      {catalog.EventOrderUpdated, catalog.Orders, "data.id", "2022-06-26T11:41:11Z", false},
	"order.status.updated":          {catalog.EventOrderUpdated, catalog.Orders, "data.order.id", "2022-08-17T20:59:38Z", false},
	"product.category.updated":      {catalog.EventProductUpdated, catalog.Products, "data.id", "2025-11-19T10:45:17Z", false},
	"product.channels.changed":      {catalog.EventProductUpdated, catalog.Products, "data.id", "2024-11-18T10:21:36Z", false},
	"product.created":               {catalog.EventProductCreated, catalog.Products, "data.id", "2023-04-17T09:14:21Z", true},
	"product.price.updated":         {catalog.EventProductUpdated, catalog.Products, "data.id", "2025-12-14T08:41:40Z", false},
	"product.status.updated":        {catalog.EventProductUpdated, catalog.Products, "data.id", "2025-11-17T12:32:59Z", false},
	"review.added":                  {catalog.EventOther, "", "", "2021-07-07T11:50:48Z", false},
	"shipment.creating":             {catalog.EventOrderUpdated, catalog.Orders, "data.order_id", "2023-01-29T18:16:38Z", false},
}

// TestDeliveries verifies every recorded delivery, as it is in its file and
// without white space, by both schemes.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(specs.Path(t, "salla", "webhooks"), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no deliveries: %v", err)
	}
	good, keys := 0, map[string]string{}
	for _, file := range files {
		topic := strings.TrimSuffix(filepath.Base(file), ".json")
		if t.Run(topic, func(t *testing.T) {
			want, known := deliveries[topic]
			if !known {
				t.Fatal("nothing is expected of this delivery")
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var recorded struct{ Payload json.RawMessage }
			if err := json.Unmarshal(text, &recorded); err != nil {
				t.Fatal(err)
			}
			var compact bytes.Buffer
			if err := json.Compact(&compact, recorded.Payload); err != nil {
				t.Fatal(err)
			}
			for _, body := range [][]byte{recorded.Payload, compact.Bytes()} {
				key := want.check(t, topic, body)
				if other, taken := keys[key]; taken {
					t.Errorf("it has the key of %s", other)
				}
				keys[key] = topic
			}
		}) {
			good++
		}
	}
	if len(files) != len(deliveries) {
		t.Errorf("%d deliveries are expected and %d are there", len(deliveries), len(files))
	}
	specs.Report(t, "salla deliveries verified by both schemes %d/%d, each as recorded and compacted, %d keys", good, len(files), len(keys))
}

// check verifies one body by both schemes and returns the event's key.
func (want meaning) check(t *testing.T, topic string, body []byte) string {
	t.Helper()
	root := parse(t, body)
	var key string
	for what, of := range map[string]struct {
		scheme   salla.Scheme
		delivery catalog.Delivery
	}{
		"signature": {salla.SchemeSignature, signed(body)},
		"token":     {salla.SchemeToken, delivery(body, "Authorization", webhookSecret)},
	} {
		before := bytes.Clone(body)
		v := verifier(t, of.scheme, webhookSecret)
		verdict, err := v.Verify(t.Context(), of.delivery)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if len(verdict.Events) != 1 || verdict.SecretIndex != 1 {
			t.Fatalf("%s: %+v", what, verdict)
		}
		e := verdict.Events[0]
		id := ""
		if want.id != "" {
			id = root.text(t, want.id)
		}
		got := meaning{e.Kind, e.Resource, want.id, e.OccurredAt.Format(time.RFC3339), !e.Partial}
		if got != want || e.ResourceID != id || e.Topic != topic || e.Store != root.text(t, "merchant") || e.Platform != salla.Platform {
			t.Errorf("%s: %+v of %s %s, want %+v %q", what, got, e.Store, e.ResourceID, want, id)
		}
		if topic == "app.store.authorize" {
			want.granted(t, verdict, root)
		} else if !bytes.Equal(e.Payload, before) || len(verdict.Grants) != 0 {
			t.Errorf("%s: the payload is not the body, or there are grants", what)
		}
		if key != "" && e.Key != key {
			t.Errorf("%s: the same bytes have the keys %s and %s", what, key, e.Key)
		}
		key = e.Key
		again, err := v.Verify(t.Context(), of.delivery)
		if err != nil || again.Events[0].Key != key {
			t.Errorf("%s: a redelivery has another key, %v", what, err)
		}
		if _, err := verifier(t, of.scheme, "another secret").Verify(t.Context(), of.delivery); !errors.Is(err, catalog.ErrUnauthorized) {
			t.Errorf("%s: another secret: %v", what, err)
		}
	}
	return key
}

// granted holds a grant against the body, of which no token may be left.
func (meaning) granted(t *testing.T, verdict catalog.Verdict, root tree) {
	t.Helper()
	if len(verdict.Grants) != 1 {
		t.Fatalf("%d grants", len(verdict.Grants))
	}
	g, c := verdict.Grants[0], verdict.Grants[0].Credential
	if g.Store != root.text(t, "merchant") || c.AccessToken.Reveal() != root.text(t, "data.access_token") ||
		c.RefreshToken.Reveal() != root.text(t, "data.refresh_token") || strings.Join(c.Scopes, " ") != root.text(t, "data.scope") ||
		json.Number(root.text(t, "data.expires")) != json.Number(itoa(c.ExpiresAt.Unix())) {
		t.Errorf("the grant of %s with %s until %s is not the body's", g.Store, c.Scopes, c.ExpiresAt)
	}
	all, err := json.Marshal(verdict.Events)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{root.text(t, "data.access_token"), root.text(t, "data.refresh_token")} {
		if bytes.Contains(all, []byte(token)) || bytes.Contains(verdict.Events[0].Payload, []byte(token)) {
			t.Error("the event holds a token")
		}
	}
}
