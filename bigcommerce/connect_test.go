package bigcommerce_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/auth/authtest"
)

const (
	hash   = "abc123xyz"
	canary = "bc-canary-5f1c77777777777777"
)

func route(name string) string { return authtest.Base + "/bigcommerce/" + name }

// connecting is a platform that calls the app's callbacks, and an app that logs
// all it can.
func connecting(t *testing.T, log *authtest.Log, change func(*bigcommerce.Config)) (*bigcommercetest.Server, *bigcommerce.Adapter, *authtest.Inward) {
	t.Helper()
	inward := &authtest.Inward{}
	server := newServer(t, bigcommercetest.Config{Unthrottled: true, Products: 1, Orders: -1, Customers: -1, RedirectURI: route("auth"), LoadURI: route("load"),
		UninstallURI: route("uninstall"), RemoveUserURI: route("remove_user"), CallbackTransport: inward})
	config := bigcommerce.Config{ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()), Logger: log.Logger(), Attempts: 1,
		Scopes: []string{"store_v2_products_read_only", "store_v2_orders", "store_v2_content"}}
	if change != nil {
		change(&config)
	}
	return server, newAdapter(t, server, config), inward
}

func TestConnectInstall(t *testing.T) {
	t.Parallel()
	authtest.Run(t, authtest.Harness{
		Store: hash, Other: "other123", Method: bigcommerce.ConnectInstall, Stateless: true,
		Flow: func(t *testing.T) authtest.Flow {
			log := &authtest.Log{}
			server, app, _ := connecting(t, log, nil)
			return authtest.Flow{Adapter: app, Log: log, Secrets: []string{server.ClientSecret(), server.Token()},
				Approve: func(t *testing.T, _ http.Handler, began authtest.Answer) string {
					back, err := server.Install(began.Location)
					if err != nil {
						t.Fatal(err)
					}
					return back
				}}
		},
	})
}

// installing is a bench, and the address that an installation leads to.
func installing(t *testing.T, change func(*bigcommerce.Config)) (*bigcommercetest.Server, *authtest.Bench, *authtest.Browser, string) {
	t.Helper()
	log := &authtest.Log{}
	server, app, inward := connecting(t, log, change)
	bench := authtest.NewBench(t, app, nil)
	bench.Watch(log)
	inward.To(bench)
	return server, bench, bench.Browser(), server.AuthCallback(route("auth"))
}

func TestConnectComparesScopes(t *testing.T) {
	t.Parallel()
	server, bench, browser, back := installing(t, nil)
	page := browser.Get(back)
	if !strings.Contains(page.Body, "Not granted</dt><dd>store_v2_content</dd>") || !strings.Contains(page.Body, "store_v2_orders") {
		t.Errorf("the page does not tell the scopes: %s", page.Body)
	}
	if csp := page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors https://*.mybigcommerce.com") {
		t.Errorf("the control panel cannot show the page: %s", csp)
	}
	account, stored := bench.Stored(hash)
	if !stored.Credential.ExpiresAt.IsZero() || len(stored.Credential.Scopes) == 0 {
		t.Errorf("stored %+v", stored.Credential)
	}
	engine, err := (&catalog.Stores{Registry: bench.Life.Registry, Accounts: bench.Accounts, Credentials: auth.NewProvider(auth.ProviderConfig{Store: bench.Credentials})}).Open(t.Context(), account.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Error(err)
	}
	// New scopes: the old token dies, and a callback of the same kind comes.
	browser.Get(server.AuthCallback(route("auth"), "store_v2_orders_read_only"))
	_, again := bench.Stored(hash)
	if again.Credential.Same(stored.Credential) || strings.Join(again.Credential.Scopes, " ") != "store_v2_orders_read_only" {
		t.Errorf("stored %+v", again.Credential.Scopes)
	}
}

func TestConnectCallbackRefused(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(url.Values) { return func(q url.Values) { q.Set(name, value) } }
	for name, test := range map[string]struct {
		change func(url.Values)
		app    func(*bigcommerce.Config)
		code   string
	}{
		"no code":                       {change: set("code", ""), code: "missing_code"},
		"unknown code":                  {change: set("code", canary), code: "invalid_code"},
		"no scope":                      {change: set("scope", ""), code: "missing_scope"},
		"no store":                      {change: set("context", ""), code: "wrong_store"},
		"foreign store":                 {change: set("context", "stores/other123"), code: "invalid_code"},
		"store that climbs":             {change: set("context", "stores/../other123"), code: "wrong_store"},
		"store with a host":             {change: set("context", "evil.example/stores/abc123xyz"), code: "wrong_store"},
		"store with a second line":      {change: set("context", "stores/abc123xyz/x"), code: "wrong_store"},
		"store in capitals":             {change: set("context", "stores/ABC123XYZ"), code: "wrong_store"},
		"app with another secret":       {app: func(c *bigcommerce.Config) { c.ClientSecret = catalog.NewSecret(canary) }, code: "invalid_code"},
		"app with another client id":    {app: func(c *bigcommerce.Config) { c.ClientID = "somebody" }, code: "invalid_code"},
		"callback that only looks like": {change: func(q url.Values) { q.Del("code"); q.Set("signed_payload_jwt", canary) }, code: "missing_code"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, bench, browser, at := installing(t, test.app)
			back, err := url.Parse(at)
			if err != nil {
				t.Fatal(err)
			}
			q := back.Query()
			if test.change != nil {
				test.change(q)
			}
			back.RawQuery = q.Encode()
			bench.Refused(browser.Get(back.String()), http.StatusForbidden, test.code)
			bench.Empty()
			bench.Clean(canary, server.ClientSecret(), q.Get("code"))
		})
	}
}

// Whoever answers for the login host may be wrong: the token's own store is
// what counts.
func TestConnectTokenOfAnotherStoreIsRefused(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server := newServer(t, bigcommercetest.Config{})
	for name, body := range map[string]string{
		"another store": `{"access_token":"` + canary + `","scope":"store_v2_orders","context":"stores/other123"}`,
		"no store":      `{"access_token":"` + canary + `","scope":"store_v2_orders"}`,
		"no token":      `{"scope":"store_v2_orders","context":"stores/abc123xyz"}`,
		"no JSON":       `access_token=` + canary,
	} {
		app, err := bigcommerce.New(bigcommerce.Config{ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()), Logger: log.Logger(),
			Attempts: 1, Transport: answering(body)})
		if err != nil {
			t.Fatal(err)
		}
		bench := authtest.NewBench(t, app, nil)
		bench.Watch(log)
		bench.Refused(bench.Browser().Get(route("auth")+"?code=x&scope=store_v2_orders&context=stores/"+hash), http.StatusServiceUnavailable, "")
		bench.Empty()
		bench.Clean(canary, server.ClientSecret())
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestConnectAccountByForm(t *testing.T) {
	t.Parallel()
	keys := newServer(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1}) // all have the same
	authtest.RunForm(t, authtest.Form{
		Flow: func(t *testing.T, log *authtest.Log) (auth.Connector, []string) {
			server, app, _ := connecting(t, log, nil)
			return app, []string{server.ClientSecret()}
		},
		Store: hash, Other: "other123", Method: bigcommerce.ConnectAccount, Secret: []string{"token", "client_secret"},
		Fields: url.Values{"store": {"https://api.bigcommerce.com/stores/abc123xyz/v3/"}, "token": {keys.Token()}, "client_secret": {"canary-client-secret"}},
		Refused: map[string]url.Values{
			"token that does not open the store": {"token": {canary}},
			"store that is none":                 {"store": {"evil.example"}},
			"store that climbs":                  {"store": {"stores/../../evil"}},
		},
	})
	log := &authtest.Log{}
	server, app, _ := connecting(t, log, nil)
	bench := authtest.NewBench(t, app, nil)
	bench.Browser().Post(bench.Path("start"), url.Values{"method": {bigcommerce.ConnectAccount}, "store": {"ABC123xyz"}, "token": {server.Token()}, "client_secret": {canary}})
	if _, stored := bench.Stored(hash); len(stored.Credential.WebhookSecrets) != 1 || stored.Credential.WebhookSecrets[0].Reveal() != canary {
		t.Error("the client secret is not kept for webhooks")
	}
}

// The token opens a store, and not the one that was typed.
func TestConnectAccountOfAnotherStoreIsRefused(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server := bigcommercetest.NewServer(&bigcommercetest.Config{Unthrottled: true, Products: -1, Orders: -1, Customers: -1}) // where such a call fails no test
	t.Cleanup(server.Close)
	other := server.AddStore(&bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	bench := authtest.NewBench(t, newAdapter(t, server, bigcommerce.Config{Logger: log.Logger(), Attempts: 1}), nil)
	bench.Watch(log)
	a := bench.Browser().Post(bench.Path("start"), url.Values{"method": {bigcommerce.ConnectAccount}, "store": {hash}, "token": {other.Token()}})
	bench.Refused(a, http.StatusForbidden, "")
	bench.Empty()
	bench.Clean(other.Token())
}

func TestConnectAccountWithoutTheScopeIsRefused(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, _ := connecting(t, log, nil)
	bench := authtest.NewBench(t, app, nil)
	account := server.AddAccount(bigcommercetest.Account{Scopes: []string{"store_v2_orders"}})
	a := bench.Browser().Post(bench.Path("start"), url.Values{"method": {bigcommerce.ConnectAccount}, "store": {hash}, "token": {account.Token}})
	bench.Refused(a, http.StatusForbidden, "")
	bench.Empty()
	bench.Clean(account.Token)
}

// A token never expires: a refusal means that the app was uninstalled, or the
// API account deleted.
func TestConnectRevokedTokenEndsTheAccount(t *testing.T) {
	t.Parallel()
	server, bench, browser, back := installing(t, nil)
	browser.Get(back)
	account, stored := bench.Stored(hash)
	stores := &catalog.Stores{Registry: bench.Life.Registry, Accounts: bench.Accounts, Credentials: auth.NewProvider(auth.ProviderConfig{Store: bench.Credentials})}
	engine, err := stores.Open(t.Context(), account.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := bench.Life.Revoked(t.Context(), account.ID, &catalog.Error{Kind: catalog.ErrReauthorize}); err != nil { // of an old job: the token works
		t.Fatal(err)
	}
	bench.Stored(hash)
	server.Revoke(stored.Credential.AccessToken.Reveal())
	_, dead := engine.Shop(t.Context())
	if catalog.KindOf(dead) != catalog.ErrReauthorize {
		t.Fatalf("a revoked token is %v", dead)
	}
	if err := bench.Life.Revoked(t.Context(), account.ID, dead); err != nil {
		t.Fatal(err)
	}
	if account, err = bench.Accounts.Get(t.Context(), account.ID); err != nil || account.Status != catalog.AccountReauthorize {
		t.Errorf("%+v, %v", account, err)
	}
	if _, err := bench.Credentials.Load(t.Context(), account.ID); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Errorf("the token is still there: %v", err)
	}
}

// answering answers every request alike.
type answering string

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(a))), Request: r}, nil
}

func TestConnectConfig(t *testing.T) {
	t.Parallel()
	for field, config := range map[string]bigcommerce.Config{
		"ClientSecret": {ClientID: "abc"},
		"ClientID":     {ClientID: "a/b", ClientSecret: catalog.NewSecret("x")},
		"Scopes":       {Scopes: []string{"a b"}},
	} {
		_, err := bigcommerce.New(config)
		if bad, ok := err.(*catalog.ConfigError); !ok || bad.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	app, err := bigcommerce.New(bigcommerce.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if plan := app.ConnectPlan(); len(plan.Routes) > 0 || len(plan.Methods) != 1 || plan.FrameAncestors != nil {
		t.Errorf("without an app there are %d routes, %d methods", len(plan.Routes), len(plan.Methods))
	}
}
