package woocommercetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestCustomersWritten(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	u := decode[object](t, do(t, s, "POST", "/customers", `{"email":"Noura@example.test","first_name":" Noura <b> ","last_name":"Saad"}`))
	if fieldsOf(u, "email first_name last_name username role") != "Noura@example.test Noura Saad Noura customer" {
		t.Errorf("%v", u)
	}
	second := decode[object](t, do(t, s, "POST", "/customers", `{"email":"noura@other.test"}`))
	if second["username"] == u["username"] {
		t.Errorf("two users are called %v", u["username"])
	}
	at := "/customers/" + fmt.Sprint(u["id"])
	before := len(s.Effects())
	for _, c := range []struct{ method, path, body, code string }{
		{"POST", "/customers", `{"email":"noura@EXAMPLE.test"}`, "registration-error-email-exists"},
		{"POST", "/customers", `{"email":"x@example.test","username":"noura"}`, "registration-error-username-exists"},
		{"POST", "/customers", `{"email":"nonsense"}`, "registration-error-invalid-email"},
		{"POST", "/customers", `{"email":null}`, "rest_missing_callback_param"},
		{"POST", "/customers", `{"email":"x@example.test","id":3}`, "woocommerce_rest_customer_exists"},
		{"PUT", at, `{"last_name":"x","email":"noura@other.test"}`, "woocommerce_rest_customer_invalid_email"},
		{"PUT", at, `{"last_name":"x","email":"noura@example.test"}`, "woocommerce_rest_customer_invalid_email"}, // its own
		{"PUT", at, `{"last_name":"x","username":"other"}`, "woocommerce_rest_customer_invalid_argument"},
	} {
		fails(t, do(t, s, c.method, c.path, c.body), 400, c.code)
	}
	if len(s.Effects()) != before || decode[object](t, get(t, s, at))["last_name"] != "Saad" {
		t.Errorf("effects of what was refused: %v", actions(s, before))
	}
	u = decode[object](t, do(t, s, "PUT", at, `{"last_name":"","billing":{"phone":"+966500000000"},"meta_data":[{"key":"note","value":"VIP"}]}`))
	if fieldsOf(u, "first_name last_name") != "Noura " || u["billing"].(object)["phone"] != "+966500000000" || len(u["meta_data"].([]any)) != 1 {
		t.Errorf("%v", u)
	}
	if u = decode[object](t, do(t, s, "PUT", at, `{"meta_data":[{"key":"note","value":null}]}`)); len(u["meta_data"].([]any)) != 0 {
		t.Errorf("%v", u["meta_data"])
	}
	list := decode[[]object](t, get(t, s, "/customers?email=NOURA@example.test"))
	if len(list) != 1 || fmt.Sprint(list[0]["id"]) != fmt.Sprint(u["id"]) {
		t.Errorf("by address: %v", list)
	}
}

func TestWebhooksWritten(t *testing.T) {
	t.Parallel()
	var pings atomic.Int64
	app := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { pings.Add(1) }))
	t.Cleanup(app.Close)
	s := start(t, nil)
	foreign := s.AddForeignSubscription(Subscription{})
	body := fmt.Sprintf(`{"topic":"order.updated","delivery_url":"%s/a","secret":"abc","status":"paused"}`, app.URL)
	h := decode[object](t, do(t, s, "POST", "/webhooks", body))
	if h["status"] != "active" || len(s.Violations()) != 1 || pings.Load() != 1 {
		t.Errorf("a new webhook is %v: %q, %d pings", h["status"], s.Violations(), pings.Load())
	}
	if _, told := h["secret"]; told {
		t.Error("the secret is told")
	}
	second := do(t, s, "POST", "/webhooks", strings.Replace(body, `,"status":"paused"`, "", 1))
	if second.status != 201 {
		t.Errorf("the same webhook again: %d; nothing is unique", second.status)
	}
	at := "/webhooks/" + fmt.Sprint(h["id"])
	id := s.Subscriptions()[1].ID
	before := len(s.Effects())
	for _, body := range []string{`{}`, `{"name":"","topic":"","delivery_url":"","secret":""}`, `{"status":"active"}`} {
		if r := do(t, s, "PUT", at, body); r.status != 200 {
			t.Errorf("%s: %d", body, r.status)
		}
	}
	for body, code := range map[string]string{
		`{"topic":"foo.bar"}`:                            "woocommerce_rest_shop_webhook_invalid_topic",
		`{"topic":"order.created","delivery_url":"x"}`:   "woocommerce_rest_shop_webhook_invalid_delivery_url",
		`{"topic":"order.created","status":"cancelled"}`: "rest_invalid_param",
	} {
		fails(t, do(t, s, "PUT", at, body), 400, code)
	}
	batch := decode[batchJSON](t, do(t, s, "POST", "/webhooks/batch", fmt.Sprintf(`{"update":[{"id":%d,"topic":"order.created","status":"bogus"}]}`, id)))
	if e := batch["update"][0].Error; e == nil || e.Code != "woocommerce_rest_shop_webhook_invalid_status" {
		t.Errorf("%v", batch)
	}
	if got := s.Subscriptions()[1]; len(s.Effects()) != before || got.Topic != "order.updated" || got.Secret != "abc" {
		t.Errorf("effects %v: %+v", actions(s, before), got)
	}
	// Damage, and its repair.
	if !s.UpdateSubscription(id, func(h *Subscription) { h.Status, h.FailureCount, h.Secret = "disabled", 6, "other" }) || s.UpdateSubscription(99, func(*Subscription) {}) {
		t.Error("UpdateSubscription does not say whether there is one")
	}
	if list := decode[[]object](t, get(t, s, "/webhooks?status=disabled")); len(list) != 1 || list[0]["status"] != "disabled" {
		t.Errorf("%v", list)
	}
	if r := do(t, s, "PUT", at, `{"status":"active","secret":"abc"}`); r.status != 200 {
		t.Error(r.status, r.body)
	}
	if got := s.Subscriptions()[1]; got.Status != "active" || got.FailureCount != 6 || got.Secret != "abc" {
		t.Errorf("%+v; the count of failures stays", got)
	}
	asked := pings.Load()
	do(t, s, "PUT", at, fmt.Sprintf(`{"delivery_url":"%s/b"}`, app.URL))
	if pings.Load() != asked+1 {
		t.Error("a new address is not pinged")
	}
	if !s.DropSubscription(id) || s.DropSubscription(id) {
		t.Error("DropSubscription does not say whether there was one")
	}
	fails(t, do(t, s, "PUT", at, `{"status":"active"}`), 400, "woocommerce_rest_shop_webhook_invalid_id")
	if got := s.Subscriptions()[0]; got != foreign || got.Name == "" || got.DeliveryURL == "" {
		t.Errorf("somebody else's webhook: %+v, was %+v", got, foreign)
	}
}
