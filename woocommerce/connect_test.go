package woocommerce_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/auth/authtest"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

const (
	shop      = "https://shop.example.test"
	canaryKey = "ck_canary00000000000000000000000000000000"
	canary    = "cs_canary00000000000000000000000000000000"
)

// connecting is a store that can call the app, and an app that logs all it can.
func connecting(t *testing.T, config woocommercetest.Config, log *authtest.Log) (*woocommercetest.Server, *woocommerce.Adapter, *authtest.Inward) {
	t.Helper()
	inward := &authtest.Inward{}
	config.WebhookTransport = inward
	config.Products, config.Orders, config.Customers = 1, -1, -1
	server := newServer(t, config)
	return server, newAdapter(t, server, woocommerce.Config{Logger: log.Logger(), AppName: "Souk & Co", Attempts: 1}), inward
}

func TestConnectGrant(t *testing.T) {
	t.Parallel()
	for name, store := range map[string]string{"at the root": shop, "in a folder": shop + "/blog"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			authtest.Run(t, authtest.Harness{
				Store: store, Other: "https://other.example.test", Method: woocommerce.ConnectGrant, State: "user_id",
				Fields: url.Values{"store": {strings.ToUpper(store[:20]) + store[20:] + "/"}},
				Flow: func(t *testing.T) authtest.Flow {
					log := &authtest.Log{}
					server, app, inward := connecting(t, woocommercetest.Config{StoreURL: store}, log)
					return authtest.Flow{Adapter: app, Log: log, Secrets: []string{server.ConsumerKey(), server.ConsumerSecret()},
						Approve: func(t *testing.T, connect http.Handler, began authtest.Answer) string {
							inward.To(connect)
							return clicked(t, server.Approve, began.Location)
						}}
				},
			})
		})
	}
}

func clicked(t *testing.T, click func(context.Context, string) (string, error), at string) string {
	t.Helper()
	back, err := click(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// begun takes the flow to the moment the store asks for approval.
func begun(t *testing.T, config woocommercetest.Config, change func(*auth.ConnectConfig)) (*woocommercetest.Server, *authtest.Bench, *authtest.Browser, string) {
	t.Helper()
	log := &authtest.Log{}
	server, app, inward := connecting(t, config, log)
	bench := authtest.NewBench(t, app, change)
	bench.Watch(log)
	inward.To(bench)
	browser := bench.Browser()
	a := browser.Get(bench.Path("start") + "?method=grant&store=shop.example.test")
	if a.Status != http.StatusSeeOther {
		t.Fatalf("answered %d: %s", a.Status, a.Body)
	}
	return server, bench, browser, a.Location
}

func TestConnectGrantTellsWhatWasGranted(t *testing.T) {
	t.Parallel()
	server, bench, browser, at := begun(t, woocommercetest.Config{}, nil)
	asked, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	q := asked.Query()
	if q.Get("app_name") != "Souk & Co" || q.Get("scope") != "read_write" || q.Get("return_url") != bench.Path("return") || q.Get("callback_url") != bench.Path("granted", q.Get("user_id")) {
		t.Errorf("asked for %v", q)
	}
	page := browser.Get(browser.Get(clicked(t, server.Approve, at)).Location)
	if !strings.Contains(page.Body, "<dd>read_write</dd>") {
		t.Errorf("the page does not tell the permissions: %s", page.Body)
	}
	engine, err := (&catalog.Stores{Registry: bench.Life.Registry, Accounts: bench.Accounts, Credentials: auth.NewProvider(auth.ProviderConfig{Store: bench.Credentials})}).Open(t.Context(), "woocommerce:"+shop)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestConnectGrantDeclined(t *testing.T) {
	t.Parallel()
	server, bench, browser, at := begun(t, woocommercetest.Config{}, nil)
	bench.Refused(browser.Get(clicked(t, server.Deny, at)), http.StatusForbidden, "access_denied")
	bench.Empty()
	bench.Refused(browser.Get(strings.Replace(clicked(t, server.Deny, at), "success=0", "success=1", 1)), http.StatusBadRequest, "state")
	bench.Empty()
}

func TestConnectReturnWithoutKeys(t *testing.T) {
	t.Parallel()
	server, bench, browser, at := begun(t, woocommercetest.Config{}, nil)
	bench.Refused(browser.Get(strings.Replace(clicked(t, server.Deny, at), "success=0", "success=1", 1)), http.StatusForbidden, "no_keys")
	bench.Empty()
}

func TestConnectCallbackHTTPNotHTTPS(t *testing.T) {
	t.Parallel()
	local := func(c *auth.ConnectConfig) { c.BaseURL = "http://localhost:8080/connect" }
	server := newServer(t, woocommercetest.Config{})
	for _, plain := range []bool{false, true} {
		bench := authtest.NewBench(t, newAdapter(t, server, woocommerce.Config{PlainCallback: plain}), local)
		r := httptest.NewRequest(http.MethodGet, "http://localhost:8080/connect/woocommerce/start?method=grant&store=shop.example.test", nil)
		w := httptest.NewRecorder()
		bench.ServeHTTP(w, r)
		at := w.Header().Get("Location")
		if !plain {
			bench.Refused(authtest.Answer{Status: w.Code, Location: at}, http.StatusInternalServerError, "plain_callback")
			bench.Empty()
			continue
		}
		if _, err := server.Approve(t.Context(), at); err == nil || !strings.Contains(err.Error(), "over SSL") {
			t.Errorf("the store says %v", err)
		}
	}
}

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

// The store's return_url is the app's own: nothing that is added to it leads
// the browser elsewhere.
func TestConnectOpenRedirectByReturn(t *testing.T) {
	t.Parallel()
	server, bench, browser, at := begun(t, woocommercetest.Config{}, nil)
	evil := url.QueryEscape("https://evil.example/")
	back := clicked(t, server.Approve, at) + "&return_url=" + evil + "&redirect_to=" + evil + "&success_call_back=" + url.QueryEscape(shop+"/x")
	if a := browser.Get(back); !strings.HasPrefix(a.Location, bench.Path("connected")+"/") {
		t.Errorf("sent to %q", a.Location)
	}
}

func TestConnectKeysByForm(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 1, Orders: -1, Customers: -1}) // keys are the same for the same seed
	authtest.RunForm(t, authtest.Form{
		Flow: func(t *testing.T, log *authtest.Log) (auth.Connector, []string) {
			_, app, _ := connecting(t, woocommercetest.Config{}, log)
			return app, nil
		},
		Store: shop, Other: "https://other.example.test", Method: woocommerce.ConnectKeys, Secret: []string{"key", "secret"},
		Fields: url.Values{"store": {"Shop.Example.test/"}, "key": {server.ConsumerKey()}, "secret": {server.ConsumerSecret()}},
		Refused: map[string]url.Values{
			"keys that do not open the store": {"key": {canaryKey}, "secret": {canary}},
			"secret that is not the key's":    {"secret": {canary}},
			"store without TLS":               {"store": {"http://shop.example.test"}},
			"store with a user":               {"store": {"https://me:you@shop.example.test"}},
			"store that leads elsewhere":      {"store": {"https://shop.example.test/../../evil"}},
			"store with a query":              {"store": {"https://shop.example.test/?rest_route=/"}},
			"store of another scheme":         {"store": {"file:///etc/passwd"}},
			"address of a script":             {"store": {"javascript:alert(1)"}},
		},
	})
}

func TestConnectReadOnlyKeysAreTold(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, inward := connecting(t, woocommercetest.Config{}, log)
	readers := newAdapter(t, server, woocommerce.Config{Permissions: woocommerce.PermissionsRead})
	for want, app := range map[string]*woocommerce.Adapter{"<dd>read</dd>": readers, "<dd>read_write</dd>": app} {
		bench := authtest.NewBench(t, app, nil)
		inward.To(bench)
		browser := bench.Browser()
		page := browser.Get(browser.Get(clicked(t, server.Approve, browser.Get(bench.Path("start")+"?method=grant&store="+shop).Location)).Location)
		if !strings.Contains(page.Body, want) || strings.Contains(page.Body, "Not granted") {
			t.Errorf("the page does not tell the permissions: %s", page.Body)
		}
	}
}

// Keys never expire: a refusal means that the merchant took them back.
func TestConnectRevokedKeysEndTheAccount(t *testing.T) {
	t.Parallel()
	server, bench, browser, at := begun(t, woocommercetest.Config{}, nil)
	browser.Get(clicked(t, server.Approve, at))
	account, stored := bench.Stored(shop)
	stores := &catalog.Stores{Registry: bench.Life.Registry, Accounts: bench.Accounts,
		Credentials: auth.NewProvider(auth.ProviderConfig{Store: bench.Credentials, Accounts: bench.Accounts})}
	engine, err := stores.Open(t.Context(), account.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := bench.Life.Revoked(t.Context(), account.ID, &catalog.Error{Kind: catalog.ErrReauthorize}); err != nil { // of an old job: the keys work
		t.Fatal(err)
	}
	bench.Stored(shop)
	server.RevokeKey(stored.Credential.Key.Reveal())
	_, dead := engine.Shop(t.Context())
	if catalog.KindOf(dead) != catalog.ErrReauthorize {
		t.Fatalf("a revoked key is %v", dead)
	}
	if err := bench.Life.Revoked(t.Context(), account.ID, dead); err != nil {
		t.Fatal(err)
	}
	if account, err = bench.Accounts.Get(t.Context(), account.ID); err != nil || account.Status != catalog.AccountReauthorize {
		t.Errorf("%+v, %v", account, err)
	}
	if _, err := bench.Credentials.Load(t.Context(), account.ID); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Errorf("the keys are still there: %v", err)
	}
	// The merchant connects the store again.
	again := browser.Get(bench.Path("start") + "?method=grant&store=" + shop)
	browser.Get(clicked(t, server.Approve, again.Location))
	if mended, _ := bench.Stored(shop); mended.ID != account.ID || mended.Status != catalog.AccountActive {
		t.Errorf("stored %+v", mended)
	}
}

func TestConnectUnprovedKeysAreTakenBackByTheStore(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, inward := connecting(t, woocommercetest.Config{}, log)
	bench := authtest.NewBench(t, app, nil)
	inward.To(bench)
	server.Inject(woocommercetest.Firewall(http.StatusForbidden).On(http.MethodGet, "/settings/general"))
	browser := bench.Browser()
	at := browser.Get(bench.Path("start") + "?method=grant&store=" + shop).Location
	if _, err := server.Approve(t.Context(), at); err == nil || len(server.Keys()) != 1 {
		t.Errorf("a key that could not be proved was kept by the store: %v, %d keys", err, len(server.Keys()))
	}
	bench.Empty()
}
