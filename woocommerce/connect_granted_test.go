package woocommerce_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog/auth/authtest"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// post sends what a store's server, or anybody, may send.
func post(bench *authtest.Bench, at, contentType, body string) int {
	r := httptest.NewRequest(http.MethodPost, at, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	bench.ServeHTTP(w, r)
	return w.Code
}

func TestConnectGrantedKeysRefused(t *testing.T) {
	t.Parallel()
	type keysBody map[string]any
	real := func(server *woocommercetest.Server, state string) keysBody {
		return keysBody{"key_id": 4, "user_id": state, "consumer_key": server.ConsumerKey(), "consumer_secret": server.ConsumerSecret(), "key_permissions": "read_write"}
	}
	for name, test := range map[string]struct {
		change func(t *testing.T, server *woocommercetest.Server, body keysBody)
		path   func(callback string) string
		status int
		code   string
	}{
		"keys that do not open the store": {change: func(_ *testing.T, _ *woocommercetest.Server, b keysBody) {
			b["consumer_key"], b["consumer_secret"] = canaryKey, canary
		}, status: http.StatusForbidden},
		"secret that is not the key's": {change: func(_ *testing.T, _ *woocommercetest.Server, b keysBody) { b["consumer_secret"] = canary }, status: http.StatusForbidden},
		"keys that were revoked": {change: func(_ *testing.T, s *woocommercetest.Server, b keysBody) {
			s.RevokeKey(b["consumer_key"].(string))
		}, status: http.StatusForbidden},
		"keys of a customer": {change: func(_ *testing.T, s *woocommercetest.Server, b keysBody) {
			s.SetKeyRole(b["consumer_key"].(string), "customer")
		}, status: http.StatusForbidden},
		"keys of another store": {change: func(t *testing.T, _ *woocommercetest.Server, b keysBody) {
			other := newServer(t, woocommercetest.Config{Seed: 9, StoreURL: "https://other.example.test"})
			b["consumer_key"], b["consumer_secret"] = other.ConsumerKey(), other.ConsumerSecret()
		}, status: http.StatusForbidden},
		"keys that are none":      {change: func(_ *testing.T, _ *woocommercetest.Server, b keysBody) { b["consumer_key"] = "admin" }, status: http.StatusBadRequest, code: "malformed"},
		"secret with a line feed": {change: func(_ *testing.T, _ *woocommercetest.Server, b keysBody) { b["consumer_secret"] = canary + "\nX: y" }, status: http.StatusBadRequest, code: "malformed"},
		"oversize key": {change: func(_ *testing.T, _ *woocommercetest.Server, b keysBody) {
			b["consumer_key"] = "ck_" + strings.Repeat("a", 4000)
		}, status: http.StatusBadRequest, code: "malformed"},
		"oversize body": {change: func(_ *testing.T, _ *woocommercetest.Server, b keysBody) { b["x"] = strings.Repeat("a", 70<<10) }, status: http.StatusBadRequest},
		"state of another flow in the body": {change: func(_ *testing.T, _ *woocommercetest.Server, b keysBody) {
			b["user_id"] = strings.Repeat("0", 64)
		}, status: http.StatusBadRequest, code: "state"},
		"no state in the body": {change: func(_ *testing.T, _ *woocommercetest.Server, b keysBody) { delete(b, "user_id") }, status: http.StatusBadRequest, code: "state"},
		"wrong state":          {path: func(at string) string { return at[:len(at)-64] + strings.Repeat("0", 64) }, status: http.StatusBadRequest, code: "state"},
		"missing state":        {path: func(at string) string { return at[:len(at)-65] }, status: http.StatusBadRequest, code: "state"},
		"two states":           {path: func(at string) string { return at + "?state=" + strings.Repeat("0", 64) }, status: http.StatusBadRequest, code: "state"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, bench, browser, at := begun(t, woocommercetest.Config{}, nil)
			asked, err := url.Parse(at)
			if err != nil {
				t.Fatal(err)
			}
			state, callback := asked.Query().Get("user_id"), asked.Query().Get("callback_url")
			body := real(server, state)
			if test.change != nil {
				test.change(t, server, body)
			}
			if test.path != nil {
				callback = test.path(callback)
			}
			text, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			code := post(bench, callback, "application/json;charset=UTF-8", string(text))
			bench.Refused(authtest.Answer{Status: code}, test.status, test.code)
			bench.Empty()
			back := browser.Get(bench.Path("return") + "?success=1&user_id=" + state)
			if back.Status < 400 || back.Location != "" {
				t.Errorf("the browser was answered %d to %q", back.Status, back.Location)
			}
			bench.Empty()
			bench.Clean(canary, canaryKey, server.ConsumerKey(), server.ConsumerSecret())
		})
	}
}

func TestConnectGrantedKeysReplayed(t *testing.T) {
	t.Parallel()
	server, bench, browser, at := begun(t, woocommercetest.Config{}, nil)
	asked, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	back := clicked(t, server.Approve, at)
	granted := server.Keys()[1]
	later := server.GrantCallback(server.AddKey(woocommercetest.Key{}), asked.Query().Get("user_id"))
	for range 2 { // before the browser is back
		bench.Refused(authtest.Answer{Status: post(bench, asked.Query().Get("callback_url"), "application/json", string(later.Body))}, http.StatusBadRequest, "state")
	}
	if a := browser.Get(back); a.Status != http.StatusSeeOther {
		t.Fatalf("answered %d: %s", a.Status, a.Body)
	}
	bench.Refused(authtest.Answer{Status: post(bench, asked.Query().Get("callback_url"), "application/json", string(later.Body))}, http.StatusBadRequest, "state")
	if _, stored := bench.Stored(shop); stored.Credential.Key.Reveal() != granted.ConsumerKey {
		t.Error("keys that came later took the place of those granted")
	}
}
