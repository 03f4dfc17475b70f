package magentotest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// newApp runs a handler and returns its address.
func newApp(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	app := httptest.NewServer(h)
	t.Cleanup(app.Close)
	return app.URL
}

func TestBearerTokens(t *testing.T) {
	t.Parallel()
	s := NewServer(&Config{})
	t.Cleanup(s.Close)
	r := func(token string) reply {
		return mustSend(t, s, bearer(request(t, s, "GET", "/V1/products"+sc(1, 1, ""), ""), token))
	}
	off := failure(t, r(s.AccessToken()), 401)
	wrong := failure(t, r("nonsense"), 401)
	if off.Message != msgUnauthorized || off.Message != wrong.Message || string(off.Parameters) != `{"resources":"Magento_Catalog::products"}` {
		t.Errorf("%+v %+v", off, wrong)
	}
	s = NewServer(&Config{BearerTokens: true, Resources: []string{"Magento_Sales::actions_view"}})
	t.Cleanup(s.Close)
	if e := failure(t, r(s.AccessToken()), 401); e.Message != msgUnauthorized {
		t.Error(e.Message)
	}
	if res := mustSend(t, s, bearer(request(t, s, "GET", "/V1/orders"+sc(1, 1, ""), ""), s.AccessToken())); res.status != 200 {
		t.Errorf("granted resource: %d", res.status)
	}
	if len(s.Violations()) != 0 {
		t.Error(s.Violations())
	}
}

func TestAdminTokens(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := NewServer(&Config{Clock: c.now})
	t.Cleanup(s.Close)
	post := func(path, body string) reply { return mustSend(t, s, request(t, s, "POST", "/rest/V1/"+path, body)) }
	good := `{"username":"admin","password":"admin-Passw0rd"}`
	e := failure(t, post("integration/admin/token", good), 400)
	if e.Message != msgTwoFactor || string(e.Parameters) != `{"active_providers":["google"]}` {
		t.Errorf("%+v", e)
	}
	token := decode[string](t, post("tfa/provider/google/authenticate", `{"username":"admin","password":"admin-Passw0rd","otp":"123456"}`))
	list := request(t, s, "GET", "/V1/orders"+sc(1, 1, ""), "")
	if r := mustSend(t, s, bearer(list, token)); r.status != 200 {
		t.Errorf("%d %s", r.status, r.body)
	}
	c.add(4*time.Hour + time.Second)
	failure(t, mustSend(t, s, bearer(request(t, s, "GET", "/V1/orders"+sc(1, 1, ""), ""), token)), 401)
	failure(t, post("integration/admin/token", `{"username":"admin"}`), 400)
	failure(t, post("integration/admin/token", `{`), 400)

	s = NewServer(&Config{Clock: c.now, NoTwoFactor: true})
	t.Cleanup(s.Close)
	if token := decode[string](t, post("integration/admin/token", good)); strings.Count(token, ".") != 2 {
		t.Errorf("%q is no JWT", token)
	}
	for range 6 {
		if e := failure(t, post("integration/admin/token", `{"username":"admin","password":"x"}`), 401); e.Message != msgSignIn {
			t.Error(e.Message)
		}
	}
	failure(t, post("integration/admin/token", good), 401)
	c.add(31 * time.Minute)
	decode[string](t, post("integration/admin/token", good))
}

func TestSaaS(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := NewServer(&Config{Edition: SaaS, Clock: c.now})
	t.Cleanup(s.Close)
	ims := func(change func(url.Values)) reply {
		form := url.Values{
			"client_id": {s.ClientID()}, "client_secret": {s.ClientSecret()}, "grant_type": {"client_credentials"},
			"scope": {"openid,AdobeID,email,profile,additional_info.roles,commerce.accs"},
		}
		change(form)
		r, _ := http.NewRequestWithContext(t.Context(), "POST", "https://"+IMSHost+"/ims/token/v3", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return mustSend(t, s, r)
	}
	grant := decode[struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
	}](t, ims(func(url.Values) {}))
	if grant.ExpiresIn != 86400 {
		t.Errorf("expires in %d", grant.ExpiresIn)
	}
	for field, status := range map[string]int{"client_secret": 401, "grant_type": 400, "scope": 400} {
		if r := ims(func(f url.Values) { f.Set(field, "x") }); r.status != status {
			t.Errorf("wrong %s: %d", field, r.status)
		}
	}
	s.ResetCalls()
	send := func(path, store string) reply {
		r := bearer(request(t, s, "GET", path, ""), grant.AccessToken)
		r.Header.Set("X-Api-Key", s.ClientID())
		r.Header.Set("X-Gw-Ims-Org-Id", s.OrgID())
		if store != "" {
			r.Header.Set("Store", store)
		}
		return mustSend(t, s, r)
	}
	id := s.Products()[20].ID
	sku := s.Products()[20].SKU
	name := func(store string) string {
		return decode[struct{ Name string }](t, send("/V1/products/"+encode(sku), store)).Name
	}
	if name("ar") != s.Product(id).Scoped["ar"]["name"] || name("all") != s.Product(id).Name {
		t.Errorf("%q %q", name("ar"), name("all"))
	}
	if len(s.Violations()) != 0 {
		t.Error(s.Violations())
	}
	failure(t, send("/V1/products"+sc(1, 1, ""), "nowhere"), 404)
	for _, path := range []string{"/rest/V1/store/websites", "/V1/directory/currency"} {
		failure(t, send(path, ""), 404)
	}
	c.add(25 * time.Hour)
	failure(t, send("/V1/store/websites", ""), 401)
}

func TestScopesAndAddresses(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{BaseURL: "https://shop.example:8443/de/"})
	type named struct{ Name string }
	sku := s.Products()[20].SKU
	for path, want := range map[string]string{
		"/rest/V1": s.Products()[20].Name, "/rest/all/V1": s.Products()[20].Name, "/index.php/rest/default/V1": s.Products()[20].Name,
		"/rest/ar/V1": s.Products()[20].Scoped["ar"]["name"],
	} {
		r := get(t, s, path+"/products/"+encode(sku))
		if got := decode[named](t, r).Name; got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if e := failure(t, get(t, s, "/rest/nowhere/V1/products/"+sku), 404); e.Message != msgNoRoute {
		t.Error(e.Message)
	}
	wantViolation(t, s, "no such endpoint")
	r := request(t, s, "GET", "/rest/V1/store/websites", "")
	r.URL.Host = "other.example"
	if _, err := send(s, bearer(r, s.AccessToken())); err == nil {
		t.Error("a foreign host was reached")
	}
	wantViolation(t, s, "with credentials")
	own, _ := http.NewRequestWithContext(t.Context(), "GET", s.URL()+"/rest/V1/store/websites", nil)
	if res := mustSend(t, s, bearer(own, s.AccessToken())); res.status != 200 {
		t.Errorf("own address: %d", res.status)
	}

	s = start(t, &Config{NoRewrites: true})
	if r := get(t, s, "/rest/V1/store/websites"); r.status != 404 || !strings.Contains(r.header.Get("Content-Type"), "html") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := get(t, s, "/index.php/rest/V1/store/websites"); r.status != 200 {
		t.Errorf("%d", r.status)
	}
	s = start(t, &Config{NoEncodedSlashes: true})
	if r := get(t, s, "/V1/products/AB%2F15"); r.status != 404 || json.Valid([]byte(r.body)) {
		t.Errorf("%d %s", r.status, r.body)
	}
	s = start(t, &Config{})
	if r := get(t, s, "/magento_version"); r.body != "Magento/2.4 (Community)" {
		t.Error(r.body)
	}
}
