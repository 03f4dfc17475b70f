package magento_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/auth/authtest"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

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
