package woocommerce_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/woocommerce"
)

func verifier(t testing.TB, secret string) catalog.WebhookVerifier {
	t.Helper()
	app, err := woocommerce.New(woocommerce.Config{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := app.Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: "http://127.0.0.1:8088"}, Secrets: []catalog.Secret{catalog.NewSecret("an older secret"), catalog.NewSecret(secret)}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// meaning is what a delivery is to say.
type meaning struct {
	kind     catalog.EventKind
	resource catalog.Resource
	id       string
	whole    bool // the payload is the whole record
}

// deliveries are the recorded deliveries of webhooks.
var deliveries = map[string]meaning{
	"action_topic_order_status_completed":             {catalog.EventOther, "", "", false},
	"coupon_created_already_trashed":                  {catalog.EventOther, "", "", false},
	"customer_created":                                {catalog.EventCustomerCreated, catalog.Customers, "id", true},
	"customer_deleted":                                {catalog.EventCustomerDeleted, catalog.Customers, "id", false},
	"order_created":                                   {catalog.EventOrderCreated, catalog.Orders, "id", true},
	"order_created_eur_unicode_coupon_fee":            {catalog.EventOrderCreated, catalog.Orders, "id", true},
	"order_deleted_trash":                             {catalog.EventOrderDeleted, catalog.Orders, "id", false},
	"order_updated_cancelled":                         {catalog.EventOrderUpdated, catalog.Orders, "id", false}, // has a refund
	"order_updated_completed":                         {catalog.EventOrderUpdated, catalog.Orders, "id", true},
	"order_updated_on_create":                         {catalog.EventOrderUpdated, catalog.Orders, "id", true},
	"product_created":                                 {catalog.EventProductCreated, catalog.Products, "id", true},
	"product_created_gone_before_delivery_error_body": {catalog.EventOther, catalog.Products, "", false},
	"product_created_variation":                       {catalog.EventProductUpdated, catalog.Products, "parent_id", false},
	"product_deleted_trash":                           {catalog.EventProductDeleted, catalog.Products, "id", false},
	"product_deleted_variation_trash":                 {catalog.EventProductDeleted, catalog.Products, "id", false},
	"product_updated":                                 {catalog.EventProductUpdated, catalog.Products, "id", true},
	"product_updated_noop_put":                        {catalog.EventProductUpdated, catalog.Products, "id", true},
	"same_delivery_id_1":                              {catalog.EventProductUpdated, catalog.Products, "id", true},
	"same_delivery_id_2":                              {catalog.EventProductUpdated, catalog.Products, "id", true},
	"same_delivery_id_5":                              {catalog.EventProductUpdated, catalog.Products, "id", true},
}

// hook is one recorded request.
type hook struct {
	Method, Secret string
	Headers        [][2]string
	Body64         string `json:"body_base64"`
	Verified       *bool  `json:"signature_verified_with_secret"`
}

func loadHook(t testing.TB, name string) (hook, catalog.Delivery) {
	t.Helper()
	var h hook
	specs.Decode(t, &h, "woocommerce", "deliveries", name+".json")
	body, err := base64.StdEncoding.DecodeString(h.Body64)
	if err != nil {
		t.Fatal(err)
	}
	d := catalog.Delivery{Method: h.Method, Header: http.Header{}, Body: body, ReceivedAt: time.Date(2026, 11, 21, 1, 2, 3, 0, time.UTC)}
	for _, pair := range h.Headers {
		d.Header.Add(pair[0], pair[1])
	}
	return h, d
}

func TestDeliveries(t *testing.T) {
	t.Parallel()
	good, keys, shared := 0, map[string]string{}, map[string]int{}
	names := files(t, "deliveries")
	for _, name := range names {
		if t.Run(name, func(t *testing.T) {
			h, d := loadHook(t, name)
			switch name {
			case "ping_product_created":
				verdict, err := verifier(t, h.Secret).Verify(t.Context(), d)
				if err != nil || len(verdict.Events) != 0 || verdict.Reply.Status != http.StatusOK {
					t.Errorf("%+v, %v", verdict, err)
				}
				return
			case "wc_auth_callback": // a key that is granted comes unsigned and is no webhook
				if verdict, err := verifier(t, "a secret").Verify(t.Context(), d); !errors.Is(err, catalog.ErrUnauthorized) || len(verdict.Grants) > 0 {
					t.Errorf("%+v, %v", verdict, err)
				}
				return
			}
			want, known := deliveries[name]
			if !known {
				t.Fatal("nothing is expected of this delivery")
			}
			shared[d.Header.Get("X-WC-Webhook-Delivery-ID")]++
			key := want.check(t, h, d)
			if other, taken := keys[key]; taken {
				t.Errorf("it has the key of %s", other)
			}
			keys[key] = name
		}) {
			good++
		}
	}
	if len(names) != len(deliveries)+2 {
		t.Errorf("%d deliveries are expected and %d are there", len(deliveries)+2, len(names))
	}
	most := 0
	for _, n := range shared {
		most = max(most, n)
	}
	specs.Report(t, "woocommerce deliveries verified %d/%d, %d keys, up to %d with one delivery id", good, len(names), len(keys), most)
}

// check verifies one delivery and returns its event's key.
func (want meaning) check(t *testing.T, h hook, d catalog.Delivery) string {
	t.Helper()
	v := verifier(t, h.Secret)
	verdict, err := v.Verify(t.Context(), d)
	if err != nil || h.Verified == nil || !*h.Verified || len(verdict.Events) != 1 || verdict.SecretIndex != 1 {
		t.Fatalf("%+v, %v", verdict, err)
	}
	var body map[string]json.RawMessage
	if err := json.Unmarshal(d.Body, &body); err != nil {
		t.Fatal(err)
	}
	e := verdict.Events[0]
	got := meaning{e.Kind, e.Resource, want.id, !e.Partial}
	if got != want || e.ResourceID != string(body[want.id]) || e.Topic != d.Header.Get("X-WC-Webhook-Topic") || e.Store != "http://127.0.0.1:8088" {
		t.Errorf("%+v of %s %q, want %+v", got, e.Store, e.ResourceID, want)
	}
	var modified *string
	if raw := body["date_modified_gmt"]; raw != nil {
		if err := json.Unmarshal(raw, &modified); err != nil {
			t.Fatal(err)
		}
	}
	if at := e.OccurredAt.Format("2006-01-02T15:04:05"); modified != nil && at != *modified || modified == nil && !e.OccurredAt.IsZero() {
		t.Errorf("it occurred at %s", at)
	}
	want.decodes(t, e)
	if string(e.Payload) != string(d.Body) {
		t.Error("the payload is not the body")
	}
	if again, err := v.Verify(t.Context(), d); err != nil || again.Events[0].Key != e.Key {
		t.Errorf("a redelivery has another key, %v", err)
	}
	if _, err := verifier(t, "another secret").Verify(t.Context(), d); !errors.Is(err, catalog.ErrUnauthorized) {
		t.Errorf("another secret: %v", err)
	}
	return e.Key
}

// decodes holds that a recorded record is read as one that is fetched, if the
// store answers with the same bytes.
func (want meaning) decodes(t *testing.T, e catalog.Event) {
	t.Helper()
	if e.Resource == "" {
		return
	}
	s := settings(t)
	s["/"+string(e.Resource)+"/"+e.ResourceID] = e.Payload
	engine := open(t, s, e.Store, anyKey)
	if e.Resource == catalog.Products && !e.Partial {
		if catalogtest.DecodedAsFetched(t, engine, e, nil) {
			t.Error("decoded without the store's currency")
		}
		if _, err := engine.Product(t.Context(), e.ResourceID); err != nil {
			t.Fatal(err)
		}
	}
	if got := catalogtest.DecodedAsFetched(t, engine, e, nil); got != want.whole {
		t.Errorf("decoded %t, want %t", got, want.whole)
	}
}

// TestErrorDeliveries: the API's refusal in the place of a record is named.
func TestErrorDeliveries(t *testing.T) {
	t.Parallel()
	h, d := loadHook(t, "product_created_gone_before_delivery_error_body")
	verdict, err := verifier(t, h.Secret).Verify(t.Context(), d)
	if err != nil || verdict.Events[0].PayloadKind != "woocommerce.webhook.error" {
		t.Errorf("%+v, %v", verdict, err)
	}
}
