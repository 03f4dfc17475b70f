package bigcommercetest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const callback = "https://app.example.com/auth"

func exchange(t *testing.T, s *Server, form bool, change func(map[string]string)) reply {
	t.Helper()
	u, err := url.Parse(s.AuthCallback(callback, "store_v2_orders", "store_v2_products_read_only"))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	in := map[string]string{"client_id": s.ClientID(), "client_secret": s.ClientSecret(), "code": q.Get("code"), "context": q.Get("context"),
		"scope": q.Get("scope"), "grant_type": "authorization_code", "redirect_uri": callback}
	if change != nil {
		change(in)
	}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	kind, text := "application/json", string(b)
	if form {
		v := url.Values{}
		for name, value := range in {
			v.Set(name, value)
		}
		kind, text = "application/x-www-form-urlencoded", v.Encode()
	}
	r, err := http.NewRequestWithContext(t.Context(), "POST", "https://login.bigcommerce.com/oauth2/token", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept", "application/json")
	got, err := roundTrip(s.Client(), r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

type grant struct {
	AccessToken string `json:"access_token"`
	Scope       string
	Context     string
	User, Owner struct {
		ID    int64
		Email string
	}
	AccountUUID string `json:"account_uuid"`
	ExpiresIn   *int   `json:"expires_in"`
}

func TestInstall(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{Clock: c.now, RedirectURI: callback, Orders: 2, Products: 2})
	var last string
	for _, form := range []bool{false, true} {
		var g grant
		r := exchange(t, s, form, nil)
		r.decode(t, &g)
		if r.status != 200 || g.Context != "stores/abc123xyz" || g.Scope != "store_v2_orders store_v2_products_read_only" || g.Owner.ID != OwnerID ||
			g.AccountUUID == "" || g.ExpiresIn != nil {
			t.Fatalf("%d %s", r.status, r.body)
		}
		for _, test := range []struct {
			token, method, path string
			status              int
		}{{g.AccessToken, "GET", "/v2/orders", 200}, {g.AccessToken, "GET", "/v3/catalog/products", 200},
			{g.AccessToken, "DELETE", "/v3/catalog/products/101", 403}, {g.AccessToken, "GET", "/v3/customers", 403}} {
			if got, err := send(t.Context(), s, test.token, test.method, test.path, ""); err != nil || got.status != test.status {
				t.Errorf("%s: %v %d", test.path, err, got.status)
			}
		}
		if last != "" {
			if got, _ := send(t.Context(), s, last, "GET", "/v2/orders", ""); got.status != 401 {
				t.Errorf("the token before: %d", got.status)
			}
		}
		last = g.AccessToken
	}
	for _, call := range s.Calls() {
		if strings.Contains(call.Body, s.ClientSecret()) || call.Header.Get("X-Auth-Token") == last {
			t.Errorf("a secret in the log: %+v", call)
		}
	}
	s.Uninstall()
	if got, _ := send(t.Context(), s, last, "GET", "/v2/orders", ""); got.status != 401 {
		t.Errorf("after uninstalling: %d", got.status)
	}
	if got := fetch(t, s, "/v2/orders"); got.status != 200 {
		t.Errorf("the store's own account: %d", got.status)
	}
	if e := s.Events(); e[len(e)-1].Scope != "store/app/uninstalled" {
		t.Errorf("events %+v", e)
	}
}

func TestInstallRefusals(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(s *Server, c *clock, in map[string]string){
		"another secret":   func(_ *Server, _ *clock, in map[string]string) { in["client_secret"] = "x" },
		"another code":     func(_ *Server, _ *clock, in map[string]string) { in["code"] = "x" },
		"another store":    func(_ *Server, _ *clock, in map[string]string) { in["context"] = "stores/other" },
		"another callback": func(_ *Server, _ *clock, in map[string]string) { in["redirect_uri"] = "https://evil.example.com" },
		"another grant":    func(_ *Server, _ *clock, in map[string]string) { in["grant_type"] = "refresh_token" },
		"no scope":         func(_ *Server, _ *clock, in map[string]string) { in["scope"] = "" },
		"an old code":      func(_ *Server, c *clock, _ map[string]string) { c.add(time.Hour) },
	} {
		c := newClock()
		s := start(t, &Config{Clock: c.now, RedirectURI: callback})
		r := exchange(t, s, false, func(in map[string]string) { change(s, c, in) })
		if r.status < 400 || r.status > 401 || !strings.Contains(r.body, "error") || strings.Contains(r.body, "access_token") {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	s := start(t, nil)
	var used string
	exchange(t, s, false, func(in map[string]string) { used = in["code"] })
	if r := exchange(t, s, false, func(in map[string]string) { in["code"] = used }); r.status != 400 {
		t.Errorf("a code used twice: %d", r.status)
	}
}

func TestSignedPayload(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{Clock: c.now})
	parse := func(token string) (claims map[string]any, ok bool) {
		parts := strings.Split(token, ".")
		mac := hmac.New(sha256.New, []byte(s.ClientSecret()))
		mac.Write([]byte(parts[0] + "." + parts[1]))
		b, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil || json.Unmarshal(b, &claims) != nil {
			t.Fatalf("token %s", token)
		}
		return claims, parts[2] == base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	claims, ok := parse(s.SignedPayload(Callback{UserID: UserID, Path: "/orders"}))
	user, _ := claims["user"].(map[string]any)
	if !ok || claims["aud"] != s.ClientID() || claims["iss"] != "bc" || claims["sub"] != "stores/abc123xyz" || user["id"] != float64(UserID) ||
		claims["exp"].(float64)-claims["iat"].(float64) != 24*3600 || claims["channel_id"] != nil || claims["url"] != "/orders" {
		t.Errorf("%v %v", ok, claims)
	}
	for name, cb := range map[string]Callback{"another secret": {Secret: "x"}, "no algorithm": {Algorithm: "none"}} {
		if _, ok := parse(s.SignedPayload(cb)); ok {
			t.Errorf("%s is signed", name)
		}
	}
	if claims, _ := parse(s.SignedPayload(Callback{Claims: map[string]any{"aud": "x", "sub": nil}})); claims["aud"] != "x" || claims["sub"] != nil {
		t.Errorf("claims %v", claims)
	}
}
