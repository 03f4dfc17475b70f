package shopify_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/auth/authtest"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// connecting is a server with an app that can be connected to it.
func connecting(t *testing.T, config shopifytest.Config) (*shopifytest.Server, *shopify.Adapter) {
	t.Helper()
	server := serve(t, config)
	return server, logging(t, server, nil)
}

// logging is an app that logs all it can.
func logging(t *testing.T, server *shopifytest.Server, log *authtest.Log) *shopify.Adapter {
	t.Helper()
	if log == nil {
		log = &authtest.Log{}
	}
	app, err := shopify.New(shopify.Config{Logger: log.Logger(), Transport: server.Transport(), ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()),
		Scopes: []string{"read_products", "write_orders", "read_orders", "read_themes"}})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func approve(t *testing.T, server *shopifytest.Server, consent string) string {
	t.Helper()
	back, err := server.Approve(consent)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func TestConnectInstall(t *testing.T) {
	t.Parallel()
	authtest.Run(t, authtest.Harness{
		Store: "acme.myshopify.com", Other: "other.myshopify.com", Method: shopify.ConnectInstall, Fields: url.Values{"shop": {"https://Acme.myshopify.com/"}}, State: "state",
		Flow: func(t *testing.T) authtest.Flow {
			server, log := serve(t, shopifytest.Config{RedirectURIs: []string{authtest.Base + "/shopify/callback"}}), &authtest.Log{}
			return authtest.Flow{Adapter: logging(t, server, log), Log: log, Secrets: []string{server.ClientSecret(), server.Token()},
				Approve: func(t *testing.T, _ http.Handler, began authtest.Answer) string {
					return approve(t, server, began.Location)
				}}
		},
	})
}

// begin takes the flow of "install" to the moment the browser comes back.
func begin(t *testing.T, bench *authtest.Bench, server *shopifytest.Server) (*authtest.Browser, *url.URL) {
	t.Helper()
	browser := bench.Browser()
	began := browser.Get(bench.Path("start") + "?method=install&shop=acme&hmac=x&timestamp=1&host=y")
	back, err := url.Parse(approve(t, server, began.Location))
	if err != nil {
		t.Fatal(err)
	}
	return browser, back
}

func TestConnectInstallGrantsAndMisses(t *testing.T) {
	t.Parallel()
	server, app := connecting(t, shopifytest.Config{})
	bench := authtest.NewBench(t, app, nil)
	browser, back := begin(t, bench, server)
	page := browser.Get(browser.Get(back.String()).Location)
	_, stored := bench.Stored(server.Shop())
	if c := stored.Credential; c.RefreshToken.IsZero() || time.Until(c.ExpiresAt) > time.Hour || time.Until(c.ExpiresAt) < 59*time.Minute {
		t.Errorf("the token does not expire as it should: %v", c.ExpiresAt)
	}
	if !strings.Contains(page.Body, "Not granted</dt><dd>read_themes</dd>") || !strings.Contains(page.Body, "write_orders") {
		t.Errorf("the page does not tell the scopes: %s", page.Body)
	}
	engine, err := (&catalog.Stores{Registry: bench.Life.Registry, Accounts: bench.Accounts, Credentials: auth.NewProvider(auth.ProviderConfig{Store: bench.Credentials})}).Open(t.Context(), "shopify:"+server.Shop())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Error(err)
	}
}

// The state is right in each of these, so it is the signature that refuses.
func TestConnectCallbackRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(server *shopifytest.Server, q url.Values) url.Values
		code   string
	}{
		"missing HMAC": {func(_ *shopifytest.Server, q url.Values) url.Values { q.Del("hmac"); return q }, "missing_hmac"},
		"wrong HMAC": {func(_ *shopifytest.Server, q url.Values) url.Values {
			q.Set("hmac", strings.Repeat("ab", 32))
			return q
		}, "hmac_mismatch"},
		"HMAC that is no hex": {func(_ *shopifytest.Server, q url.Values) url.Values { q.Set("hmac", "zz"); return q }, "hmac_mismatch"},
		"HMAC of another secret": {func(s *shopifytest.Server, q url.Values) url.Values {
			return s.SignCallback(q, "somebody's")
		}, "hmac_mismatch"},
		"code changed after signing":      {func(_ *shopifytest.Server, q url.Values) url.Values { q.Set("code", "abc"); return q }, "hmac_mismatch"},
		"parameter added after signing":   {func(_ *shopifytest.Server, q url.Values) url.Values { q.Set("x", "1"); return q }, "hmac_mismatch"},
		"parameter removed after signing": {func(_ *shopifytest.Server, q url.Values) url.Values { q.Del("host"); return q }, "hmac_mismatch"},
		"foreign shop, signed": {func(s *shopifytest.Server, q url.Values) url.Values {
			q.Set("shop", "other.myshopify.com")
			return s.SignCallback(q, "")
		}, "wrong_shop"},
		"shop that is none, signed": {func(s *shopifytest.Server, q url.Values) url.Values {
			q.Set("shop", "evil.example/acme.myshopify.com")
			return s.SignCallback(q, "")
		}, "wrong_shop"},
		"too old, signed": {func(s *shopifytest.Server, q url.Values) url.Values {
			q.Set("timestamp", "1337178173")
			return s.SignCallback(q, "")
		}, "stale"},
		"no code, signed": {func(s *shopifytest.Server, q url.Values) url.Values {
			q.Del("code")
			return s.SignCallback(q, "")
		}, "missing_code"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, app := connecting(t, shopifytest.Config{})
			bench := authtest.NewBench(t, app, nil)
			browser, back := begin(t, bench, server)
			back.RawQuery = test.change(server, back.Query()).Encode()
			bench.Refused(browser.Get(back.String()), http.StatusForbidden, test.code)
			bench.Empty()
			bench.Clean(server.ClientSecret())
		})
	}
}

func TestConnectCallbackSignedBeforeRotation(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	app, err := shopify.New(shopify.Config{Transport: server.Transport(), ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()),
		OldSecrets: []catalog.Secret{catalog.NewSecret("the old secret")}})
	if err != nil {
		t.Fatal(err)
	}
	bench := authtest.NewBench(t, app, nil)
	browser, back := begin(t, bench, server)
	q := back.Query()
	q.Set("extra", "a b+c/~é") // as the platform may add at any time
	back.RawQuery = server.SignCallback(q, "the old secret").Encode()
	if a := browser.Get(back.String()); a.Status != http.StatusSeeOther {
		t.Errorf("answered %d: %s", a.Status, a.Body)
	}
}

func TestConnectTokenByForm(t *testing.T) {
	t.Parallel()
	for method, migrated := range map[string]bool{shopify.ConnectToken: false, shopify.ConnectMigrate: true} {
		server, app := connecting(t, shopifytest.Config{})
		bench := authtest.NewBench(t, app, nil)
		browser := bench.Browser()
		form := url.Values{"method": {method}, "shop": {"acme"}, "token": {server.Token()}}
		bench.Refused(browser.Get(bench.Path("start")+"?"+form.Encode()), http.StatusBadRequest, "") // a secret in an address
		bench.Refused(browser.PostFrom(bench.Path("start"), form), http.StatusForbidden, "")
		bench.Empty()
		if a := browser.Post(bench.Path("start"), form); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: answered %d: %s", method, a.Status, a.Body)
		}
		_, stored := bench.Stored(server.Shop())
		if got := stored.Credential.AccessToken.Reveal() == server.Token(); got == migrated || stored.Credential.RefreshToken.IsZero() == migrated || len(stored.Credential.Scopes) == 0 {
			t.Errorf("%s: kept the static token: %v", method, got)
		}
		bench.Clean(server.Token(), server.ClientSecret())
	}
}

func TestConnectTokenRefused(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]url.Values{
		"token that does not work":   {"shop": {"acme"}, "token": {"shpat_canary_77777777"}},
		"store that is none":         {"shop": {"evil.example"}, "token": {"shpat_canary_77777777"}},
		"store that leads elsewhere": {"shop": {"acme.myshopify.com@evil.example"}, "token": {"shpat_canary_77777777"}},
		"store with a path":          {"shop": {"evil.example/acme.myshopify.com"}, "token": {"shpat_canary_77777777"}},
		"no token":                   {"shop": {"acme"}},
	} {
		for _, method := range []string{shopify.ConnectToken, shopify.ConnectMigrate} {
			server := shopifytest.NewServer(nil)
			t.Cleanup(server.Close)
			log := &authtest.Log{}
			bench := authtest.NewBench(t, logging(t, server, log), nil)
			bench.Watch(log)
			form.Set("method", method)
			a := bench.Browser().Post(bench.Path("start"), form)
			if a.Status != http.StatusBadRequest && a.Status != http.StatusForbidden || a.Location != "" {
				t.Errorf("%s, %s: answered %d to %q", name, method, a.Status, a.Location)
			}
			bench.Empty()
			bench.Clean("shpat_canary_77777777")
		}
	}
}

func TestConnectOrganizationIsForOperators(t *testing.T) {
	t.Parallel()
	server, app := connecting(t, shopifytest.Config{})
	form := url.Values{"method": {shopify.ConnectOrganization}, "shop": {"acme"}}
	bench := authtest.NewBench(t, app, nil)
	bench.Refused(bench.Browser().Post(bench.Path("start"), form), http.StatusBadRequest, "")
	bench.Empty()
	bench = authtest.NewBench(t, app, func(c *auth.ConnectConfig) { c.Methods = map[string][]string{"shopify": {shopify.ConnectOrganization}} })
	if a := bench.Browser().Get(bench.Path("start") + "?" + form.Encode()); a.Status != http.StatusOK || a.Location != "" { // a link asks first
		t.Errorf("a link answered %d to %q", a.Status, a.Location)
	}
	bench.Empty()
	if a := bench.Browser().Post(bench.Path("start"), form); a.Status != http.StatusSeeOther {
		t.Errorf("answered %d: %s", a.Status, a.Body)
	}
	_, stored := bench.Stored(server.Shop())
	if time.Until(stored.Credential.ExpiresAt) < 23*time.Hour {
		t.Error("no token by client credentials")
	}
}

// post sends a session token as an embedded app's page does.
func post(bench *authtest.Bench, token string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, bench.Path("session"), bytes.NewReader(nil))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	bench.ServeHTTP(w, r)
	return w
}

func TestConnectBySessionToken(t *testing.T) {
	t.Parallel()
	server, app := connecting(t, shopifytest.Config{})
	bench := authtest.NewBench(t, app, nil)
	for range 2 { // the second finds the store connected
		if w := post(bench, server.SessionToken(shopifytest.Session{})); w.Code != http.StatusOK || w.Body.String() != `{"connected":true}`+"\n" {
			t.Fatalf("answered %d: %s", w.Code, w.Body)
		}
	}
	if n := operations(server, "oauth.token_exchange"); n != 1 {
		t.Errorf("%d exchanges, want 1", n)
	}
	if _, stored := bench.Stored(server.Shop()); stored.Credential.RefreshToken.IsZero() {
		t.Error("the token is not renewable")
	}
	bench.Clean(server.ClientSecret())
}

func TestConnectSessionTokenRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		session shopifytest.Session
		code    string
	}{
		"expired JWT":          {shopifytest.Session{Age: 2 * time.Minute}, "expired"},
		"JWT of the future":    {shopifytest.Session{Age: -time.Minute}, "not_yet"},
		"alg none":             {shopifytest.Session{Alg: "none"}, "algorithm"},
		"alg HS512":            {shopifytest.Session{Alg: "HS512"}, "algorithm"},
		"alg in small letters": {shopifytest.Session{Alg: "hs256"}, "algorithm"},
		"wrong audience":       {shopifytest.Session{Audience: "another app"}, "audience"},
		"wrong secret":         {shopifytest.Session{Secret: "somebody's"}, "signature"},
		"no expiry":            {shopifytest.Session{Change: func(c map[string]any) { delete(c, "exp") }}, "no_expiry"},
		"destination that is no shop": {shopifytest.Session{Change: func(c map[string]any) {
			c["dest"] = "https://evil.example"
		}}, "wrong_shop"},
		"issued by another shop": {shopifytest.Session{Change: func(c map[string]any) {
			c["iss"] = "https://other.myshopify.com/admin"
		}}, "wrong_shop"},
		"oversize JWT": {shopifytest.Session{Change: func(c map[string]any) { c["x"] = strings.Repeat("a", 7000) }}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, app := connecting(t, shopifytest.Config{})
			bench := authtest.NewBench(t, app, nil)
			token := server.SessionToken(test.session)
			w := post(bench, token)
			if test.code == "" {
				if w.Code != http.StatusBadRequest {
					t.Errorf("answered %d", w.Code)
				}
			} else {
				heard := bench.Refused(authtest.Answer{Status: w.Code}, http.StatusUnauthorized, test.code)
				if w.Header().Get("X-Shopify-Retry-Invalid-Session-Request") != "1" || w.Body.Len() > 0 {
					t.Errorf("the page is not told to retry: %v %s", w.Header(), w.Body)
				}
				if !errors.Is(heard, catalog.ErrUnauthorized) {
					t.Errorf("%v", heard)
				}
			}
			bench.Empty()
			if n := operations(server, "oauth.token_exchange"); n != 0 {
				t.Error("it was sent on")
			}
			bench.Clean(token, server.ClientSecret())
		})
	}
}

func TestConnectMissingSessionToken(t *testing.T) {
	t.Parallel()
	_, app := connecting(t, shopifytest.Config{})
	bench := authtest.NewBench(t, app, nil)
	bench.Refused(authtest.Answer{Status: post(bench, "").Code}, http.StatusUnauthorized, "missing_token")
	bench.Empty()
}

func TestUninstallEndsTheAccount(t *testing.T) {
	t.Parallel()
	server, app := connecting(t, shopifytest.Config{})
	bench := authtest.NewBench(t, app, nil)
	browser, back := begin(t, bench, server)
	browser.Get(back.String())
	verifier, err := app.Verifier(catalog.VerifierConfig{})
	if err != nil {
		t.Fatal(err)
	}
	d := server.UninstallDelivery()
	verdict, err := verifier.Verify(t.Context(), catalog.Delivery{Method: http.MethodPost, Header: d.Header, Body: d.Body, ReceivedAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // deliveries come twice
		if err := bench.Life.Event(t.Context(), verdict.Events[0]); err != nil {
			t.Fatal(err)
		}
	}
	account, err := bench.Accounts.ByStore(t.Context(), "shopify", server.Shop())
	if err != nil || account.Status != catalog.AccountUninstalled {
		t.Errorf("%+v, %v", account, err)
	}
	if _, err := bench.Credentials.Load(t.Context(), account.ID); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Errorf("the credential is still there: %v", err)
	}
	// Installed again, the same event comes a third time, late.
	browser, back = begin(t, bench, server)
	browser.Get(back.String())
	if err := bench.Life.Event(t.Context(), verdict.Events[0]); err != nil {
		t.Fatal(err)
	}
	if account, stored := bench.Stored(server.Shop()); account.Status != catalog.AccountActive || stored.Credential.IsZero() {
		t.Errorf("a late event ended the new installation: %+v", account)
	}
}
