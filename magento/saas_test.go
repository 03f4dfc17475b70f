package magento_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

func saasAdapter(t *testing.T, server *magentotest.Server) *magento.Adapter {
	return newAdapter(t, server, magento.Config{ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()), OrgID: server.OrgID()})
}

// SaaS has another host, no /rest, the view in a header and tokens of Adobe's
// identity service.
func TestTrapSaaSIsCalledInItsOwnWay(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Edition: magentotest.SaaS, Products: 120, Orders: 30, Customers: 20})
	adapter := saasAdapter(t, server)
	credentials, err := adapter.ClientCredentials(server.StoreURL())
	if err != nil {
		t.Fatal(err)
	}
	engine := openWith(t, adapter, server, credentials, "store_view", "ar")
	readAll(t, engine)
	tokens := 0
	for _, call := range server.Calls() {
		if call.Host == magentotest.IMSHost {
			tokens++
			continue
		}
		if call.Header.Get("Store") != "ar" || strings.Contains(call.Path, "rest") || call.Auth != "bearer" || call.Header.Get("X-Api-Key") == "" || call.Status != 200 {
			t.Errorf("%s %s: %d, Store %q", call.Method, call.Path, call.Status, call.Header.Get("Store"))
		}
	}
	if tokens != 1 {
		t.Errorf("%d tokens were asked for, want 1", tokens)
	}
	server.ExpireTokens()
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Errorf("after the tokens ended: %v", err)
	}
}

// The app's token opens every store of its organisation: it is sent to Adobe's
// hosts alone.
func TestTrapTheAppsTokenStaysWithAdobe(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Edition: magentotest.SaaS})
	adapter := saasAdapter(t, server)
	for _, store := range []string{"https://shop.example.com", "https://api.commerce.adobe.com.evil.example/t", "https://evilapi.commerce.adobe.com/t",
		"http://na1.api.commerce.adobe.com/t", "https://na1.api.commerce.adobe.com", "https://na1.api.commerce.adobe.com/a/b", "https://na1.api.commerce.adobe.com/t/rest"} {
		if _, err := adapter.ClientCredentials(store); err == nil {
			t.Errorf("%s is given the app's token", store)
		}
		_, err := adapter.RefreshCredential(t.Context(), catalog.Account{Store: store}, catalog.Credential{})
		if err == nil {
			t.Errorf("%s is given the app's token by a refresh", store)
		}
	}
	if n := len(server.Calls()); n > 0 {
		t.Errorf("%d calls", n)
	}
}

func TestRefreshCredential(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Edition: magentotest.SaaS})
	account := catalog.Account{Store: server.StoreURL()}
	adapter := saasAdapter(t, server)
	c, err := adapter.RefreshCredential(t.Context(), account, catalog.Credential{})
	if err != nil || c.AccessToken.IsZero() || c.ExpiresAt.IsZero() {
		t.Errorf("%v, %v", c, err)
	}
	wrong := newAdapter(t, server, magento.Config{ClientID: server.ClientID(), ClientSecret: catalog.NewSecret("p8e-not-the-secret-0123456789")})
	_, err = wrong.RefreshCredential(t.Context(), account, catalog.Credential{})
	if !errors.Is(err, catalog.ErrUnauthorized) || strings.Contains(err.Error(), "p8e-") {
		t.Errorf("a wrong secret: %v", err)
	}
	_, err = newAdapter(t, server, magento.Config{}).RefreshCredential(t.Context(), account, catalog.Credential{})
	if !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no keys: %v", err)
	}
	_, err = adapter.RefreshCredential(t.Context(), catalog.Account{Store: "https://shop.example.com"}, catalog.Credential{})
	if !errors.Is(err, catalog.ErrReauthorize) {
		t.Errorf("an integration: %v", err)
	}
	for _, body := range []string{`{}`, `{"access_token":"","expires_in":5}`, `{"access_token":"x"}`, `[]`} {
		server.Inject(magentotest.Fault{Path: "/ims/token/v3", Status: 200, Body: body})
		if _, err := adapter.RefreshCredential(t.Context(), account, catalog.Credential{}); !errors.Is(err, catalog.ErrBadAnswer) {
			t.Errorf("the answer %s: %v", body, err)
		}
	}
}
