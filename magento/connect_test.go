package magento_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/auth/authtest"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

const (
	shop   = "https://magento.test"
	canary = "canary00000000000000000000000000"
)

// connecting is a shop that can call the app, and an app that logs all it can.
func connecting(t *testing.T, config magentotest.Config, log *authtest.Log) (*magentotest.Server, *magento.Adapter, *authtest.Inward) {
	t.Helper()
	inward := &authtest.Inward{}
	config.CallbackTransport = inward
	config.Products, config.Orders, config.Customers = 1, -1, -1
	server := newServer(t, config)
	return server, newAdapter(t, server, magento.Config{Logger: log.Logger(), Attempts: 1}), inward
}

var (
	callbackForm = regexp.MustCompile(`<code>([^<]*/activated/[0-9a-f]{64})</code>`)
	identityForm = regexp.MustCompile(`<code>([^<]*/identity/[0-9a-f]{64})</code>`)
)

// told are the addresses that the instructions tell.
func told(t *testing.T, began authtest.Answer) (callback, identity string) {
	t.Helper()
	a, b := callbackForm.FindStringSubmatch(began.Body), identityForm.FindStringSubmatch(began.Body)
	if a == nil || b == nil {
		t.Fatalf("no instructions: %d %s", began.Status, began.Body)
	}
	return a[1], b[1]
}

// without drops a parameter of an address.
func without(t *testing.T, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Del(name)
	u.RawQuery = q.Encode()
	return u.String()
}

func TestConnectActivate(t *testing.T) {
	t.Parallel()
	for _, version := range []string{magentotest.V247, magentotest.V248} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			authtest.Run(t, authtest.Harness{
				Store: shop + "/shop", Other: "https://other.example.com", Method: magento.ConnectActivate,
				Flow: func(t *testing.T) authtest.Flow {
					log := &authtest.Log{}
					server, app, inward := connecting(t, magentotest.Config{Version: version, BaseURL: shop + "/shop/"}, log)
					return authtest.Flow{Adapter: app, Log: log, Secrets: []string{server.AccessToken(), server.ConsumerSecret()},
						Approve: func(t *testing.T, connect http.Handler, began authtest.Answer) string {
							inward.To(connect)
							callback, identity := told(t, began)
							activation, err := server.Activate(t.Context(), callback, identity)
							if err != nil {
								t.Fatal(err)
							}
							return without(t, activation.IdentityURL, "success_call_back")
						}}
				},
			})
		})
	}
}

// activating takes the flow to the instructions.
func activating(t *testing.T, config magentotest.Config, change func(*auth.ConnectConfig)) (server *magentotest.Server, bench *authtest.Bench, browser *authtest.Browser, callback, identity string) {
	t.Helper()
	log := &authtest.Log{}
	server, app, inward := connecting(t, config, log)
	bench = authtest.NewBench(t, app, change)
	bench.Watch(log)
	inward.To(bench)
	browser = bench.Browser()
	callback, identity = told(t, browser.Post(bench.Path("start"), url.Values{"method": {magento.ConnectActivate}}))
	return server, bench, browser, callback, identity
}

func activate(t *testing.T, server *magentotest.Server, callback, identity string) magentotest.Activation {
	t.Helper()
	activation, err := server.Activate(t.Context(), callback, identity)
	if err != nil || activation.Status != http.StatusOK {
		t.Fatalf("%+v, %v", activation, err)
	}
	return activation
}

func TestConnectActivateReturnsToTheShop(t *testing.T) {
	t.Parallel()
	server, bench, browser, callback, identity := activating(t, magentotest.Config{}, nil)
	a := browser.Get(activate(t, server, callback, identity).IdentityURL)
	if a.Status != http.StatusSeeOther || a.Location != shop+"/admin/integration/loginSuccessCallback/" {
		t.Fatalf("answered %d to %q: %s", a.Status, a.Location, a.Body)
	}
	engine, err := (&catalog.Stores{Registry: bench.Life.Registry, Accounts: bench.Accounts, Credentials: auth.NewProvider(auth.ProviderConfig{Store: bench.Credentials})}).Open(t.Context(), "magento:"+shop)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Error(err)
	}
	_, stored := bench.Stored(shop)
	if c := stored.Credential; c.Key.IsZero() || c.Secret.IsZero() || c.TokenSecret.IsZero() || !c.ExpiresAt.IsZero() {
		t.Error("not all four values were stored")
	}
	bench.Clean(server.AccessToken())
}

func TestConnectOpenRedirectBySuccessCallBack(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"https://evil.example/", "//evil.example/", "https://magento.test.evil.example/", "https://magento.test@evil.example/", "http://magento.test/",
		"https://magento.test:8443/", "javascript:alert(1)", `https://magento.test\@evil.example/`, "/admin", "", "data:text/html,x"} {
		server, bench, browser, callback, identity := activating(t, magentotest.Config{}, nil)
		u, err := url.Parse(activate(t, server, callback, identity).IdentityURL)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set("success_call_back", to)
		u.RawQuery = q.Encode()
		if a := browser.Get(u.String()); !strings.HasPrefix(a.Location, bench.Path("connected")+"/") {
			t.Errorf("%q: answered %d to %q", to, a.Status, a.Location)
		}
	}
}

func TestConnectActivationRefused(t *testing.T) {
	t.Parallel()
	type change func(form url.Values)
	set := func(name, value string) change { return func(form url.Values) { form.Set(name, value) } }
	for name, test := range map[string]struct {
		change
		path func(callback string) string
		code string
	}{
		"shop without TLS":         {change: set("store_base_url", "http://magento.test/"), code: "plain_http"},
		"SaaS store":               {change: set("store_base_url", "https://na1.api.commerce.adobe.com/tenant/"), code: "saas"},
		"no shop":                  {change: set("store_base_url", "")},
		"shop with a user":         {change: set("store_base_url", "https://a:b@magento.test/")},
		"shop with a query":        {change: set("store_base_url", "https://magento.test/?x=")},
		"shop that is the API":     {change: set("store_base_url", "https://magento.test/rest/V1/")},
		"shop of another scheme":   {change: set("store_base_url", "file:///etc/passwd")},
		"shop that climbs":         {change: set("store_base_url", "https://magento.test/../x/")},
		"no consumer key":          {change: set("oauth_consumer_key", ""), code: "malformed"},
		"odd consumer secret":      {change: set("oauth_consumer_secret", "a&b=c d"), code: "malformed"},
		"oversize verifier":        {change: set("oauth_verifier", strings.Repeat("a", 4000)), code: "malformed"},
		"oversize parameter":       {change: set("oauth_verifier", strings.Repeat("a", 5000))},
		"oversize body":            {change: set("x", strings.Repeat("a", 70<<10))},
		"parameter twice":          {change: func(form url.Values) { form.Add("oauth_verifier", canary) }},
		"wrong state":              {path: func(at string) string { return at[:len(at)-64] + strings.Repeat("0", 64) }, code: "state"},
		"missing state":            {path: func(at string) string { return at[:len(at)-65] }, code: "state"},
		"state of another address": {path: func(at string) string { return at + "?state=" + strings.Repeat("0", 64) }, code: "state"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, bench, browser, callback, identity := activating(t, magentotest.Config{}, nil)
			form := url.Values{"oauth_consumer_key": {canary}, "oauth_consumer_secret": {canary}, "oauth_verifier": {canary}, "store_base_url": {shop + "/"}}
			if test.change != nil {
				test.change(form)
			}
			if test.path != nil {
				callback = test.path(callback)
			}
			code := post(bench, callback, form)
			bench.Refused(authtest.Answer{Status: code}, http.StatusBadRequest, test.code)
			if a := browser.Get(identity + "?oauth_consumer_key=" + canary); a.Status < 400 || a.Location != "" {
				t.Errorf("the browser was answered %d to %q", a.Status, a.Location)
			}
			bench.Empty()
			bench.Clean(canary)
			if n := len(server.Calls()); n != 0 {
				t.Errorf("the shop was called %d times", n)
			}
		})
	}
}

func post(bench *authtest.Bench, at string, form url.Values) int {
	r := httptest.NewRequest(http.MethodPost, at, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	bench.ServeHTTP(w, r)
	return w.Code
}

func TestConnectIdentityRefused(t *testing.T) {
	t.Parallel()
	clockAhead := func(by time.Duration) (magentotest.Config, func()) {
		var mu sync.Mutex
		now := time.Now()
		return magentotest.Config{Clock: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }}, func() { mu.Lock(); defer mu.Unlock(); now = now.Add(by) }
	}
	late, wait := clockAhead(301 * time.Second)
	for name, test := range map[string]struct {
		config magentotest.Config
		// take changes what happens between activation and the browser's coming.
		take func(t *testing.T, server *magentotest.Server, bench *authtest.Bench, callback string) (consumer string)
		code string
	}{
		"keys that do not open the shop": {take: func(_ *testing.T, _ *magentotest.Server, bench *authtest.Bench, callback string) string {
			post(bench, callback, url.Values{"oauth_consumer_key": {canary}, "oauth_consumer_secret": {canary}, "oauth_verifier": {canary}, "store_base_url": {shop + "/"}})
			return canary
		}, code: "oauth_problem"},
		"wrong verifier": {take: func(t *testing.T, server *magentotest.Server, bench *authtest.Bench, callback string) string {
			real, _ := server.Activate(t.Context(), "https://nowhere.example/", "") // of another flow, which is not here
			post(bench, callback, url.Values{"oauth_consumer_key": {real.ConsumerKey}, "oauth_consumer_secret": {real.ConsumerSecret}, "oauth_verifier": {canary}, "store_base_url": {shop + "/"}})
			return real.ConsumerKey
		}, code: "oauth_problem"},
		"wrong consumer secret": {take: func(t *testing.T, server *magentotest.Server, bench *authtest.Bench, callback string) string {
			real, _ := server.Activate(t.Context(), "https://nowhere.example/", "")
			post(bench, callback, url.Values{"oauth_consumer_key": {real.ConsumerKey}, "oauth_consumer_secret": {canary}, "oauth_verifier": {real.Verifier}, "store_base_url": {shop + "/"}})
			return real.ConsumerKey
		}, code: "oauth_problem"},
		"activated too long ago": {config: late, take: func(t *testing.T, server *magentotest.Server, _ *authtest.Bench, callback string) string {
			activation := activate(t, server, callback, "")
			wait()
			return activation.ConsumerKey
		}, code: "oauth_problem"},
		"browser of another integration": {take: func(t *testing.T, server *magentotest.Server, _ *authtest.Bench, callback string) string {
			activate(t, server, callback, "")
			return canary
		}, code: "wrong_consumer"},
		"no consumer key": {take: func(t *testing.T, server *magentotest.Server, _ *authtest.Bench, callback string) string {
			activate(t, server, callback, "")
			return ""
		}, code: "wrong_consumer"},
		"before the activation": {take: func(*testing.T, *magentotest.Server, *authtest.Bench, string) string { return canary }, code: "no_keys"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, bench, browser, callback, identity := activating(t, test.config, nil)
			consumer := test.take(t, server, bench, callback)
			bench.Refused(browser.Get(identity+"?oauth_consumer_key="+consumer), http.StatusForbidden, test.code)
			bench.Empty()
			bench.Clean(canary)
		})
	}
}

func TestConnectActivationReplayed(t *testing.T) {
	t.Parallel()
	server, bench, browser, callback, identity := activating(t, magentotest.Config{}, nil)
	first := activate(t, server, callback, identity)
	for range 2 {
		if again, err := server.Activate(t.Context(), callback, identity); err != nil || again.Status != http.StatusBadRequest {
			t.Errorf("the callback took keys twice: %+v, %v", again, err)
		}
	}
	if a := browser.Get(first.IdentityURL); a.Status != http.StatusSeeOther {
		t.Fatalf("answered %d: %s", a.Status, a.Body)
	}
	if _, stored := bench.Stored(shop); stored.Credential.Key.Reveal() != first.ConsumerKey {
		t.Error("keys that came later took the place of the first")
	}
	bench.Refused(browser.Get(first.IdentityURL), http.StatusBadRequest, "state")
}

func TestConnectTellsAMissingResource(t *testing.T) {
	t.Parallel()
	server, bench, browser, callback, identity := activating(t, magentotest.Config{Resources: []string{"Magento_Catalog::products"}}, nil)
	page := browser.Get(browser.Get(without(t, activate(t, server, callback, identity).IdentityURL, "success_call_back")).Location)
	if !strings.Contains(page.Body, "Not granted</dt><dd>Magento_Backend::store</dd>") {
		t.Errorf("the page does not tell it: %s", page.Body)
	}
	bench.Stored(shop)
}

func TestConnectKeysByForm(t *testing.T) {
	t.Parallel()
	keys := newServer(t, magentotest.Config{Products: 1, Orders: -1, Customers: -1}) // all shops have the same
	authtest.RunForm(t, authtest.Form{
		Flow: func(t *testing.T, log *authtest.Log) (auth.Connector, []string) {
			_, app, _ := connecting(t, magentotest.Config{}, log)
			return app, nil
		},
		Store: shop, Other: "https://other.example.com", Method: magento.ConnectKeys, Secret: []string{"consumer_key", "consumer_secret", "access_token", "token_secret"},
		Fields: url.Values{"store": {"Magento.test/"}, "consumer_key": {keys.ConsumerKey()}, "consumer_secret": {keys.ConsumerSecret()},
			"access_token": {keys.AccessToken()}, "token_secret": {keys.AccessTokenSecret()}},
		Refused: map[string]url.Values{
			"keys that do not open the store": {"consumer_key": {canary}, "consumer_secret": {canary}, "access_token": {canary}, "token_secret": {canary}},
			"consumer secret of another":      {"consumer_secret": {canary}},
			"token secret of another":         {"token_secret": {canary}},
			"SaaS store":                      {"store": {"https://na1.api.commerce.adobe.com/tenant"}},
			"store with a user":               {"store": {"https://a:b@magento.test"}},
			"store that is the API":           {"store": {"https://magento.test/rest/V1"}},
			"store of another scheme":         {"store": {"ftp://magento.test"}},
		},
	})
}

func TestConnectTokenByForm(t *testing.T) {
	t.Parallel()
	keys := newServer(t, magentotest.Config{Products: 1, Orders: -1, Customers: -1})
	authtest.RunForm(t, authtest.Form{
		Flow: func(t *testing.T, log *authtest.Log) (auth.Connector, []string) {
			_, app, _ := connecting(t, magentotest.Config{BearerTokens: true}, log)
			return app, nil
		},
		Store: shop, Other: "https://other.example.com", Method: magento.ConnectToken, Secret: []string{"access_token"},
		Fields: url.Values{"store": {shop}, "access_token": {keys.AccessToken()}},
		Refused: map[string]url.Values{
			"token that does not open the store": {"access_token": {canary}},
			"token of two words":                 {"access_token": {keys.AccessToken() + " " + canary}},
			"store without TLS":                  {"store": {"http://magento.test"}},
			"SaaS store":                         {"store": {"https://na1.api.commerce.adobe.com/tenant"}},
		},
	})
}

func TestConnectTokenWhereBearerTokensAreOff(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, _ := connecting(t, magentotest.Config{}, log)
	bench := authtest.NewBench(t, app, nil)
	bench.Watch(log)
	a := bench.Browser().Post(bench.Path("start"), url.Values{"method": {magento.ConnectToken}, "store": {shop}, "access_token": {server.AccessToken()}})
	err := bench.Refused(a, http.StatusForbidden, "")
	if err == nil || !strings.Contains(err.Error(), "bearer tokens") {
		t.Errorf("the host is not told why: %v", err)
	}
	bench.Empty()
	bench.Clean(server.AccessToken())
}

// saas is a tenant of the app's organisation.
func saas(t *testing.T, log *authtest.Log, config magento.Config) (*magentotest.Server, *magento.Adapter) {
	t.Helper()
	server := newServer(t, magentotest.Config{Edition: magentotest.SaaS, Products: 1, Orders: -1, Customers: -1})
	if config.ClientSecret.IsZero() {
		config.ClientSecret = catalog.NewSecret(server.ClientSecret())
	}
	config.ClientID, config.OrgID, config.Logger, config.Attempts = server.ClientID(), server.OrgID(), log.Logger(), 1
	return server, newAdapter(t, server, config)
}

func TestConnectOrganization(t *testing.T) {
	t.Parallel()
	const tenant = "https://na1.api.commerce.adobe.com/8Xk2mPqTenant"
	authtest.RunForm(t, authtest.Form{
		Flow: func(t *testing.T, log *authtest.Log) (auth.Connector, []string) {
			server, app := saas(t, log, magento.Config{})
			return app, []string{server.ClientSecret()}
		},
		Store: tenant, Other: "https://na1.api.commerce.adobe.com/other", Method: magento.ConnectOrganization, Fields: url.Values{"store": {tenant + "/"}},
		Refused: map[string]url.Values{
			"store that is not Adobe's":      {"store": {"https://magento.test"}},
			"store that looks like Adobe's":  {"store": {"https://na1.api.commerce.adobe.com.evil.example/tenant"}},
			"store that ends like Adobe's":   {"store": {"https://evil.example/na1.api.commerce.adobe.com/tenant"}},
			"Adobe's address without tenant": {"store": {"https://na1.api.commerce.adobe.com/"}},
			"Adobe's address without TLS":    {"store": {"http://na1.api.commerce.adobe.com/tenant"}},
		},
	})
}

func TestConnectOrganizationIsForOperators(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app := saas(t, log, magento.Config{})
	form := url.Values{"method": {magento.ConnectOrganization}, "store": {server.StoreURL()}}
	bench := authtest.NewBench(t, app, nil)
	bench.Refused(bench.Browser().Post(bench.Path("start"), form), http.StatusBadRequest, "")
	bench.Empty()
	offered := func(c *auth.ConnectConfig) { c.Methods = map[string][]string{"magento": {magento.ConnectOrganization}} }
	bench = authtest.NewBench(t, app, offered)
	if a := bench.Browser().Post(bench.Path("start"), form); a.Status != http.StatusSeeOther {
		t.Fatalf("answered %d: %s", a.Status, a.Body)
	}
	account, stored := bench.Stored(server.StoreURL())
	connection, err := bench.Life.Connection(t.Context(), account.ID)
	if err != nil || !connection.NextRefresh.Equal(stored.Credential.ExpiresAt.Add(-5*time.Minute)) {
		t.Errorf("%+v, %v", connection, err)
	}
	_, wrong := saas(t, log, magento.Config{ClientSecret: catalog.NewSecret(canary)})
	bench = authtest.NewBench(t, wrong, offered)
	bench.Watch(log)
	bench.Refused(bench.Browser().Post(bench.Path("start"), form), http.StatusForbidden, "invalid_client")
	bench.Empty()
	bench.Clean(canary, server.ClientSecret())
}

// An integration's values never expire: a refusal means that the merchant
// deleted it.
func TestConnectDeletedIntegrationEndsTheAccount(t *testing.T) {
	t.Parallel()
	server, bench, browser, callback, identity := activating(t, magentotest.Config{}, nil)
	browser.Get(activate(t, server, callback, identity).IdentityURL)
	account, _ := bench.Stored(shop)
	var ended []string
	bench.Life.OnEnded = func(_ context.Context, a catalog.Account) error { ended = append(ended, a.ID); return nil }
	if err := bench.Life.Revoked(t.Context(), account.ID, &catalog.Error{Kind: catalog.ErrReauthorize}); err != nil || len(ended) > 0 { // of an old job: the values work
		t.Fatalf("a working account was ended: %v", err)
	}
	stores := &catalog.Stores{Registry: bench.Life.Registry, Accounts: bench.Accounts, Credentials: auth.NewProvider(auth.ProviderConfig{Store: bench.Credentials})}
	engine, err := stores.Open(t.Context(), account.ID)
	if err != nil {
		t.Fatal(err)
	}
	server.Revoke()
	_, dead := engine.Shop(t.Context())
	if catalog.KindOf(dead) != catalog.ErrReauthorize {
		t.Fatalf("a deleted integration is %v", dead)
	}
	if err := bench.Life.Revoked(t.Context(), account.ID, dead); err != nil {
		t.Fatal(err)
	}
	account, err = bench.Accounts.Get(t.Context(), account.ID)
	if err != nil || account.Status != catalog.AccountReauthorize || len(ended) != 1 {
		t.Errorf("%+v, %v, host heard of %v", account, err, ended)
	}
	if _, err := bench.Credentials.Load(t.Context(), account.ID); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Errorf("the values are still there: %v", err)
	}
}
