package sallatest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type failure struct {
	Status  int
	Success bool
	Error   struct {
		Code    any
		Message string
		Fields  map[string][]string
	}
}

func TestErrorShapes(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Scopes: []string{"products.read", "customers.read_write", "orders.read_write"}})
	gone := s.AddStore(nil)
	gone.Revoke()
	expired := s.AddStore(nil)
	expired.ExpireTokens()
	order := itoa64(s.Orders()[0].ID)
	tests := []struct {
		name, token, method, path, body string
		status                          int
		code                            any
		message                         string
		fields                          map[string][]string
	}{
		{"scope", s.Token(), "GET", "/branches", "", 401, "Unauthorized", msgScope + "branches.read", nil},
		{"write scope", s.Token(), "DELETE", "/products/1", "", 401, "Unauthorized", msgScope + "products.read_write", nil},
		{"unknown token", "nonsense", "GET", "/orders", "", 401, "Unauthorized", msgInvalidToken, nil},
		{"expired token", expired.Token(), "GET", "/orders", "", 401, "Unauthorized", msgInvalidToken, nil},
		{"app taken out", gone.Token(), "GET", "/orders", "", 401, "Unauthorized", msgGone, nil},
		{"missing, number", s.Token(), "GET", "/orders/7", "", 404, 404.0, msgNotFoundEN, nil},
		{"missing, word", s.Token(), "GET", "/products/78", "", 404, "error", msgNotFoundAR, nil},
		{"items of nothing", s.Token(), "GET", "/orders/items?order_id=7", "", 404, "error", msgNotFoundAR, nil},
		{"items path of rumour", s.Token(), "GET", "/orders/" + order + "/items", "", 404, nil, "", nil},
		{"method", s.Token(), "DELETE", "/orders", "", 405, 405.0, "The DELETE method is not supported for this route.", nil},
		{"empty note", s.Token(), "POST", "/orders/" + order + "/histories", `{"note":""}`, 422, "error", msgInvalid,
			map[string][]string{"note": {"نص التعليق مطلوب"}}},
		{"bad date", s.Token(), "GET", "/orders?from_date=yesterday", "", 422, "error", msgInvalid,
			map[string][]string{"from_date": {"التاريخ لا يتوافق مع الشكل Y-m-d."}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := do(t, s, tt.token, tt.method, tt.path, tt.body)
			f := decode[failure](t, r)
			if r.status != tt.status || f.Status != tt.status || f.Success {
				t.Errorf("status %d, body %s", r.status, r.body)
			}
			if tt.message != "" && (f.Error.Code != tt.code || f.Error.Message != tt.message) {
				t.Errorf("error %+v", f.Error)
			}
			if diff := cmp.Diff(tt.fields, f.Error.Fields); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestViolations(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(*http.Request)
		want string
	}{
		{"no accept", func(r *http.Request) { r.Header.Del("Accept") }, "without Accept"},
		{"token without bearer", func(r *http.Request) { r.Header.Set("Authorization", "token") }, "without Authorization: Bearer"},
		{"unknown parameter", func(r *http.Request) { r.URL.RawQuery = "updated_since=1" }, "unknown query parameter updated_since"},
		{"array without brackets", func(r *http.Request) { r.URL.RawQuery = "status=1298199463&status=349994915" }, "arrays are spelled status[]"},
		{"status by slug", func(r *http.Request) { r.URL.RawQuery = "status[]=completed" }, "is no status id"},
		{"items path", func(r *http.Request) { r.URL.Path = "/admin/v2/orders/1/items" }, "/orders/items?order_id="},
		{"unknown endpoint", func(r *http.Request) { r.URL.Path = "/admin/v2/webhooks/subscriptions/list" }, "no such endpoint"},
		{"outside of the version", func(r *http.Request) { r.URL.Path = "/orders" }, "lives under /admin/v2"},
		{"accounts host", func(r *http.Request) { r.URL.Host, r.Host = AccountsHost, AccountsHost }, "not to api.salla.dev"},
		{"plain http", func(r *http.Request) { r.URL.Scheme = "http" }, "over http"},
		{"pagination link", func(r *http.Request) { r.URL.Host = "dashboard.test" }, "pagination link"},
		{"other host", func(r *http.Request) { r.URL.Host = "example.com" }, "example.com"},
		{"expanded", func(r *http.Request) { r.URL.RawQuery = "expanded=true" }, "expanded"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, nil)
			r, err := http.NewRequestWithContext(t.Context(), "GET", "https://"+APIHost+apiPrefix+"/orders", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+s.Token())
			r.Header.Set("Accept", "application/json")
			tt.edit(r)
			res, err := s.Client().Do(r)
			if err == nil {
				res.Body.Close()
			}
			if v := s.Violations(); len(v) != 1 || !strings.Contains(v[0], tt.want) {
				t.Errorf("violations %q, want one with %q", v, tt.want)
			}
		})
	}
}

func TestCallsHoldNoSecret(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	get(t, s, "/orders?page=2")
	token(t, s, map[string][]string{"grant_type": {"authorization_code"}, "code": {s.IssueCode()}, "redirect_uri": {"https://app.example.com/cb"}})
	calls := s.Calls()
	if len(calls) != 2 || calls[0].Path != "/admin/v2/orders" || calls[0].Query != "page=2" || calls[0].Status != 200 ||
		calls[0].Merchant != s.MerchantID() || calls[1].Path != "/oauth2/token" {
		t.Fatalf("calls %+v", calls)
	}
	text, err := json.Marshal(calls)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{s.Token(), s.ClientSecret(), "ory_ac_"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("calls hold %q", secret)
		}
	}
}
