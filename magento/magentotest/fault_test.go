package magentotest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	path := "/V1/products" + sc(2, 1, "entity_id ASC")
	tests := []struct {
		name       string
		fault      Fault
		status     int
		header     string // name: value
		json, fail bool
		part       string
	}{
		{"429 seconds", Throttle("2"), 429, "Retry-After: 2", true, false, "Too Many Requests"},
		{"429 decimal", Throttle("2.0"), 429, "Retry-After: 2.0", true, false, ""},
		{"429 date", Throttle("Fri, 20 Nov 2026 12:00:05 GMT"), 429, "Retry-After: Fri, 20 Nov 2026 12:00:05 GMT", true, false, ""},
		{"429 bare", Throttle(""), 429, "Retry-After: ", true, false, ""},
		{"429 html", ThrottleHTML("3"), 429, "Retry-After: 3", false, false, "<h1>"},
		{"401", TokenInvalid(), 401, "", true, false, "%resources"},
		{"401 resource", ResourceMissing("Magento_Sales::ship"), 401, "", true, false, "Magento_Sales::ship"},
		{"401 signature", SignatureInvalid(), 401, "", true, false, "signature"},
		{"401 nonce", NonceUsed(), 401, "", true, false, `["1"]`},
		{"403", Forbidden(), 403, "Content-Type: text/html; charset=UTF-8", false, false, ""},
		{"404", NotFound(), 404, "", true, false, ""},
		{"404 route", NoRoute(), 404, "", true, false, "any route"},
		{"400 named", Invalid(msgRequired, "fieldName", "sku"), 400, "", true, false, `"fieldName":"sku"`},
		{"400 positional", Invalid("Broken %1", "x"), 400, "", true, false, `["x"]`},
		{"400 fields", InvalidFields("sku", "name"), 400, "", true, false, `"errors":[`},
		{"500", InternalError(), 500, "", true, false, "Report ID"},
		{"503", Maintenance(), 503, "", false, false, ""},
		{"502", ServerError(502), 502, "", false, false, ""},
		{"200 html", HTMLPage(), 200, "", false, false, ""},
		{"302", Redirect("https://evil.example/"), 302, "Location: https://evil.example/", false, false, ""},
		{"cut before", Disconnect(CutBefore), 0, "", false, true, ""},
		{"cut in the middle", Disconnect(CutMiddle), 0, "", false, true, ""},
		{"truncated", Fault{Truncate: true}, 200, "", false, false, `{"items"`},
		{"replaced", Replaced("items.0.price", `"free"`), 200, "", true, false, `"price":"free"`},
		{"null", Replaced("items.1.sku", "null"), 200, "", true, false, `"sku":null`},
	}
	for _, tt := range tests {
		s := start(t, &Config{TB: t, Products: 10})
		s.Inject(tt.fault.On("GET", "/V1/products").Following(1))
		if r := get(t, s, path); r.status != 200 {
			t.Errorf("%s: the request before: %d", tt.name, r.status)
		}
		r, err := send(s, bearer(request(t, s, "GET", path, ""), s.AccessToken()))
		if tt.fail {
			if err == nil {
				t.Errorf("%s: no error", tt.name)
			}
		} else {
			if err != nil || r.status != tt.status || json.Valid([]byte(r.body)) != tt.json || !strings.Contains(r.body, tt.part) {
				t.Errorf("%s: %v %d %.200s", tt.name, err, r.status, r.body)
			}
			if name, value, ok := strings.Cut(tt.header, ": "); ok && r.header.Get(name) != value {
				t.Errorf("%s: %s is %q", tt.name, name, r.header.Get(name))
			}
		}
		if r := get(t, s, path); r.status != 200 {
			t.Errorf("%s: the request after: %d", tt.name, r.status)
		}
	}
}

func TestFaultAfterTheEffect(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 10})
	f := ServerError(502)
	f.After = true
	s.Inject(f.On("POST", "/V1/orders/*/cancel"))
	var o *Order
	for _, x := range s.Orders() {
		if x.State == StateNew {
			o = x
			break
		}
	}
	if r := do(t, s, "POST", "/V1/orders/"+itoa(o.ID)+"/cancel", ""); r.status != 502 {
		t.Errorf("%d", r.status)
	}
	if s.Order(o.ID).State != StateCanceled {
		t.Error("the request had no effect")
	}
}

func TestDelayEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 10})
	s.Inject(Fault{Delay: time.Hour})
	r := bearer(request(t, s, "GET", "/V1/store/websites", ""), s.AccessToken())
	client := s.Client()
	client.Timeout = 20 * time.Millisecond
	if _, err := client.Do(r); err == nil {
		t.Error("the delay was not kept")
	}
	s.Inject(Throttle("1").Repeat(-1))
	s.ClearFaults()
	if r := get(t, s, "/V1/store/websites"); r.status != http.StatusOK {
		t.Errorf("%d", r.status)
	}
}

func TestCallsHoldNoSecret(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 10, NoTwoFactor: true})
	get(t, s, "/V1/store/websites")
	mustSend(t, s, request(t, s, "POST", "/rest/V1/integration/admin/token", `{"username":"admin","password":"admin-Passw0rd"}`))
	mustSend(t, s, signOAuth(request(t, s, "GET", "/V1/store/websites", ""), s, "rfc"))
	calls := s.Calls()
	if len(calls) != 3 || calls[0].Auth != "bearer" || calls[2].Auth != "oauth" || calls[0].Scope != "all" {
		t.Fatalf("%+v", calls)
	}
	text, _ := json.Marshal(calls)
	for _, secret := range []string{s.AccessToken(), s.AccessTokenSecret(), s.ConsumerSecret(), s.AdminPassword()} {
		if strings.Contains(string(text), secret) {
			t.Errorf("a secret is in the calls: %s", text)
		}
	}
	if l := s.Ledger(); l.Requests != 3 || l.Answered != 3 || l.MaxConcurrent != 1 {
		t.Errorf("%+v", l)
	}
}
