package shopifytest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// receiver keeps what it got and answers from a list of statuses.
type receiver struct {
	mu     sync.Mutex
	status []int
	ids    []string
	bodies []string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, _ := io.ReadAll(req.Body)
	r.ids, r.bodies = append(r.ids, req.Header.Get(HeaderWebhookID)), append(r.bodies, string(body))
	status := r.status[min(len(r.ids), len(r.status))-1]
	if status == 302 {
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(status)
}

func TestDeliverRepeatsTheSameBytes(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{WebhookGap: time.Millisecond})
	rec := &receiver{status: []int{500, 302, 200}}
	host := httptest.NewServer(rec)
	defer host.Close()
	tries, err := s.Deliver(t.Context(), host.URL, "products/update", s.ProductPayload(s.Products()[0]))
	if err != nil || len(tries) != 3 || tries[1].Status != 302 {
		t.Fatalf("%+v %v", tries, err)
	}
	for i := range rec.ids {
		if rec.ids[i] != rec.ids[0] || rec.bodies[i] != rec.bodies[0] || rec.ids[i] == "" {
			t.Errorf("attempt %d differs", i)
		}
	}
}

func TestDeliverGivesUp(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{WebhookGap: time.Microsecond})
	rec := &receiver{status: []int{500}}
	host := httptest.NewServer(rec)
	defer host.Close()
	if tries, err := s.Deliver(t.Context(), host.URL, "orders/create", []byte("{}")); !errors.Is(err, ErrUndelivered) || len(tries) != 9 {
		t.Errorf("%d attempts, %v", len(tries), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Deliver(ctx, host.URL, "orders/create", []byte("{}")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func signedBy(d Delivery, secret string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(d.Body)
	got, err := base64.StdEncoding.DecodeString(d.Header.Get(HeaderHMAC))
	return err == nil && hmac.Equal(got, mac.Sum(nil))
}

func TestSignatureAndForgery(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	d := s.Webhook("orders/create", []byte(`{"id":1}`))
	for _, h := range []string{HeaderTopic, HeaderHMAC, HeaderShop, HeaderVersion, HeaderWebhookID, HeaderEventID, HeaderTriggeredAt} {
		if d.Header.Get(h) == "" {
			t.Errorf("%s is missing", h)
		}
	}
	if !signedBy(d, s.ClientSecret()) || signedBy(d.Altered(), s.ClientSecret()) || !signedBy(d.Signed("other"), "other") ||
		d.Without(HeaderTopic).Header.Get(HeaderTopic) != "" || !signedBy(d, s.ClientSecret()) {
		t.Error("signing or forging is wrong, or a copy changed the original")
	}
	if s.Webhook("orders/create", nil).Header.Get(HeaderWebhookID) == d.Header.Get(HeaderWebhookID) {
		t.Error("two deliveries share an id")
	}
}

func TestPayloadsAreRESTShaped(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	decode := func(raw []byte) map[string]json.RawMessage {
		var m map[string]json.RawMessage
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		return m
	}
	var refunded, shipped *Order
	for _, o := range s.Orders() {
		if len(o.Refunds) > 0 {
			refunded = o
		}
		if len(o.Fulfillments) > 0 {
			shipped = o
		}
		decode(s.OrderPayload(o))
	}
	product := decode(s.ProductPayload(s.Products()[7]))
	var variants, gids []json.RawMessage
	_ = json.Unmarshal(product["variants"], &variants)
	_ = json.Unmarshal(product["variant_gids"], &gids)
	if len(variants) != 100 || len(gids) != 300 || string(product["status"]) != `"active"` {
		t.Errorf("%d variants, %d gids, status %s", len(variants), len(gids), product["status"])
	}
	for name, m := range map[string]map[string]json.RawMessage{
		"refund": decode(s.RefundPayload(refunded, &refunded.Refunds[0])), "fulfillment": decode(s.FulfillmentPayload(shipped, &shipped.Fulfillments[0])),
		"customer": decode(s.CustomerPayload(s.Customers()[5])), "deleted": decode(s.DeletedPayload(1)), "uninstalled": decode(s.UninstalledPayload()),
	} {
		if m["id"] == nil {
			t.Errorf("%s has no id", name)
		}
	}
	if m := decode(s.InventoryPayload(s.Products()[0].Variants[0].Item.Levels[0])); m["id"] != nil || m["available"] == nil {
		t.Errorf("%v", m)
	}
}
