package shopify_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

func appOf(t *testing.T, server *shopifytest.Server) *shopify.Adapter {
	t.Helper()
	app, err := shopify.New(shopify.Config{Transport: server.Transport(), ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret())})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// operations counts the server's calls of one name.
func operations(server *shopifytest.Server, name string) (n int) {
	for _, c := range server.Calls() {
		if c.Operation == name {
			n++
		}
	}
	return n
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	app := appOf(t, server)
	source, err := app.ClientCredentials(server.Shop())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := app.Open(catalog.Account{Store: server.Shop()}, source)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if _, err := engine.Shop(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := operations(server, "oauth.client_credentials"); n != 1 {
		t.Errorf("%d tokens were asked for, want 1 for all goroutines", n)
	}
	server.ExpireTokens() // refused before its time: asked for again, once
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Error(err)
	}
	if n := operations(server, "oauth.client_credentials"); n != 2 {
		t.Errorf("%d tokens were asked for, want 2", n)
	}
}

func TestClientCredentialsRefused(t *testing.T) {
	t.Parallel()
	for code, kind := range map[string]error{"shop_not_permitted": catalog.ErrForbidden, "app_not_installed": catalog.ErrReauthorize} {
		server := serve(t, shopifytest.Config{})
		server.DenyClientCredentials(code)
		app := appOf(t, server)
		source, err := app.ClientCredentials(server.Shop())
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credential(t.Context())
		if !errors.Is(err, kind) || !strings.Contains(err.Error(), code) || strings.Contains(err.Error(), server.ClientSecret()) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// expiring is a store with an expiring token in a credential store, opened
// through catalog.Stores as a host would.
func expiring(t *testing.T, lifetime time.Duration) (*shopifytest.Server, *catalog.Stores, *catalog.MemoryCredentials) {
	t.Helper()
	server := serve(t, shopifytest.Config{TokenLifetime: lifetime})
	app := appOf(t, server)
	registry, accounts, credentials := &catalog.Registry{}, &catalog.MemoryAccounts{}, &catalog.MemoryCredentials{}
	if err := registry.Register(app); err != nil {
		t.Fatal(err)
	}
	if err := accounts.Put(t.Context(), catalog.Account{ID: "tenant-1", Platform: shopify.Platform, Store: server.Shop()}); err != nil {
		t.Fatal(err)
	}
	pair := server.NewExpiringToken()
	if _, err := credentials.CompareAndSwap(t.Context(), "tenant-1", 0, catalog.Credential{AccessToken: catalog.NewSecret(pair.AccessToken),
		RefreshToken: catalog.NewSecret(pair.RefreshToken), ExpiresAt: pair.ExpiresAt}); err != nil {
		t.Fatal(err)
	}
	return server, &catalog.Stores{Registry: registry, Accounts: accounts, Credentials: auth.NewProvider(auth.ProviderConfig{Store: credentials})}, credentials
}

func shopOf(t *testing.T, stores *catalog.Stores) error {
	t.Helper()
	engine, err := stores.Open(t.Context(), "tenant-1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = engine.Shop(t.Context())
	return err
}

func TestExpiringTokenIsRefreshedOnceForAll(t *testing.T) {
	t.Parallel()
	server, stores, credentials := expiring(t, time.Minute) // less than the five minutes ahead: due at once
	var wait sync.WaitGroup
	for range 100 {
		wait.Go(func() {
			if err := shopOf(t, stores); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	stored, err := credentials.Load(t.Context(), "tenant-1")
	if err != nil || stored.Refresh != nil || stored.Version < 2 {
		t.Errorf("stored version %d, intent %v, %v", stored.Version, stored.Refresh, err)
	}
	if n := operations(server, "oauth.refresh_token"); n == 0 || n > 100 {
		t.Errorf("%d refreshes", n)
	}
}

func TestRefusedTokenIsRefreshedOnce(t *testing.T) {
	t.Parallel()
	server, stores, _ := expiring(t, time.Hour)
	server.ExpireTokens()
	var wait sync.WaitGroup
	for range 100 {
		wait.Go(func() {
			if err := shopOf(t, stores); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := operations(server, "oauth.refresh_token"); n != 1 {
		t.Errorf("%d refreshes for 100 refused calls, want 1", n)
	}
}

func TestLostRefreshAnswerIsAskedForAgain(t *testing.T) {
	t.Parallel()
	server, stores, _ := expiring(t, time.Hour)
	server.ExpireTokens()
	server.Inject(shopifytest.Fault{Operation: "oauth.refresh_token", CutAfter: true})
	if err := shopOf(t, stores); err != nil {
		t.Errorf("after a lost answer: %v; Shopify accepts the same refresh token again", err)
	}
}

func TestDeadRefreshToken(t *testing.T) {
	t.Parallel()
	server, stores, credentials := expiring(t, time.Hour)
	server.Uninstall()
	err := shopOf(t, stores)
	if !errors.Is(err, catalog.ErrReauthorize) {
		t.Errorf("after the app was uninstalled: %v, want ErrReauthorize", err)
	}
	if stored, err := credentials.Load(t.Context(), "tenant-1"); err != nil || stored.Refresh != nil {
		t.Errorf("an intent was left behind: %+v, %v", stored.Refresh, err)
	}
}

func TestStaticTokenThatDied(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Revoke(server.Token())
	_, err := open(t, server).Shop(t.Context())
	if !errors.Is(err, catalog.ErrReauthorize) || !errors.Is(err, catalog.ErrUnauthorized) || strings.Contains(err.Error(), server.Token()) {
		t.Errorf("got %v", err)
	}
}

func TestMissingScopeIsNotRefreshed(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{Scopes: []string{"read_products"}})
	_, err := catalog.Collect(open(t, server).Orders(t.Context(), catalog.OrderQuery{}))
	if !errors.Is(err, catalog.ErrForbidden) {
		t.Errorf("without read_orders: %v, want ErrForbidden", err)
	}
}
