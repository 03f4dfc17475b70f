package webhook_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/webhook"
)

// FuzzReceiver sends anything anywhere: nothing but what is signed is kept,
// and every answer is one of the known ones.
func FuzzReceiver(f *testing.F) {
	w := newWorld(f, func(w *world) {
		w.receiver.Source = func(*http.Request) string { return "" }
		w.receiver.MaxBody = 64 << 10
	})
	good := w.order(f, "orders/create")
	salla, err := w.merchant.Delivery("order.created", w.merchant.Orders()[0])
	check(f, err)
	known := []int{200, 400, 401, 404, 405, 413}
	for _, path := range []string{"/webhooks/shopify", "/webhooks/salla", "/webhooks/shopify/tenant-1/orders/create", "/webhooks//", "/webhooks/shopify/%2F%00/..", "/", ""} {
		f.Add("POST", path, good.Header.Get("X-Shopify-Hmac-Sha256"), "orders/create", good.Body)
		f.Add("POST", path, salla.Header.Get("X-Salla-Signature"), "x", salla.Body)
	}
	f.Add("GET", "/webhooks/shopify?challenge=1", "", "", []byte(nil))
	f.Fuzz(func(t *testing.T, method, path, signature, topic string, body []byte) {
		u, err := url.ParseRequestURI(path)
		if err != nil || !strings.HasPrefix(path, "/") || strings.ContainsAny(method, " \r\n") || method == "" {
			return
		}
		req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		req.Method, req.URL = method, u
		req.Header.Set("X-Shopify-Hmac-Sha256", signature)
		req.Header.Set("X-Salla-Signature", signature)
		req.Header.Set("X-Shopify-Topic", topic)
		req.Header.Set("X-Shopify-Shop-Domain", w.shop.Shop())
		before, err := w.inbox.Stats(t.Context())
		check(t, err)
		answer := httptest.NewRecorder()
		w.receiver.ServeHTTP(answer, req)
		ok := false
		for _, status := range known {
			ok = ok || answer.Code == status
		}
		if !ok {
			t.Errorf("answered %d: %v", answer.Code, w.last(t).Err)
		}
		after, err := w.inbox.Stats(t.Context())
		check(t, err)
		// Inputs kept from another day hold that day's bodies, truly signed.
		signed := signature == proof(w.shop.ClientSecret(), body, base64.StdEncoding.EncodeToString) ||
			strings.EqualFold(signature, proof(w.salla.WebhookSecret(), body, hex.EncodeToString))
		if (after.Keys != before.Keys || answer.Code == 200) && !signed {
			t.Errorf("something unsigned was answered %d and left %d keys", answer.Code, after.Keys)
		}
		w.mu.Lock()
		w.reports = nil
		w.mu.Unlock()
	})
}

func proof(secret string, body []byte, encode func([]byte) string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return encode(mac.Sum(nil))
}

// FuzzRedactHeader holds that no value of an unknown header is kept.
func FuzzRedactHeader(f *testing.F) {
	for _, name := range []string{"Authorization", "X-Shopify-Topic", "x-api-key", "Content-Type", "X-Shopify-Access-Token", "\xff", ""} {
		f.Add(name, "canary-value")
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		kept := webhook.RedactHeader(http.Header{name: {value}})
		for n, values := range kept {
			lower := strings.ToLower(n)
			secret := strings.Contains(lower, "token") || strings.Contains(lower, "secret") || strings.Contains(lower, "auth") || !strings.Contains(lower, "-") && lower != "accept" && lower != "connection" && lower != "date" && lower != "host" && lower != "traceparent"
			if secret && len(values) > 0 && values[0] != webhook.Redacted {
				t.Errorf("%q kept %q", n, values[0])
			}
		}
	})
}
