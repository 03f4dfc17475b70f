package magento_test

import (
	"context"
	"iter"
	"strconv"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

func id(n int64) string { return strconv.FormatInt(n, 10) }

// newServer starts a shop that fails the test for whatever cannot work against
// a real one.
func newServer(t testing.TB, config magentotest.Config) *magentotest.Server {
	t.Helper()
	config.TB = t
	server := magentotest.NewServer(&config)
	t.Cleanup(server.Close)
	return server
}

// integration is the credential of the server's integration.
func integration(server *magentotest.Server) catalog.Credential {
	return catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret()),
		AccessToken: catalog.NewSecret(server.AccessToken()), TokenSecret: catalog.NewSecret(server.AccessTokenSecret())}
}

func newAdapter(t testing.TB, server *magentotest.Server, config magento.Config) *magento.Adapter {
	t.Helper()
	if config.Transport == nil && server != nil {
		config.Transport = server.Transport()
	}
	a, err := magento.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// openStore opens the server's shop; settings are pairs of name and value.
func openStore(t testing.TB, a *magento.Adapter, server *magentotest.Server, settings ...string) catalog.Engine {
	t.Helper()
	return openWith(t, a, server, catalog.StaticCredential(integration(server)), settings...)
}

func openWith(t testing.TB, a *magento.Adapter, server *magentotest.Server, credentials catalog.CredentialSource, settings ...string) catalog.Engine {
	t.Helper()
	account := catalog.Account{ID: "tenant-1", Store: "http://magento.test", Settings: map[string]string{}}
	if server != nil {
		account.Store = server.StoreURL()
	}
	for i := 0; i+1 < len(settings); i += 2 {
		account.Settings[settings[i]] = settings[i+1]
	}
	engine, err := a.Open(account, credentials)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// quick starts a shop and opens it.
func quick(t testing.TB, config magentotest.Config, settings ...string) (*magentotest.Server, catalog.Engine) {
	t.Helper()
	server := newServer(t, config)
	return server, openStore(t, newAdapter(t, server, magento.Config{}), server, settings...)
}

// ids reads a list that must succeed.
func ids[T any](t testing.TB, seq iter.Seq2[T, error], of func(T) string) []string {
	t.Helper()
	var all []string
	for v, err := range seq {
		if err != nil {
			t.Fatalf("after %d records: %v", len(all), err)
		}
		all = append(all, of(v))
	}
	return all
}

func productID(p catalog.Product) string   { return p.ID }
func orderID(o catalog.Order) string       { return o.ID }
func customerID(c catalog.Customer) string { return c.ID }

func mapped[A, B any](list []A, f func(A) B) []B {
	all := make([]B, len(list))
	for i, v := range list {
		all[i] = f(v)
	}
	return all
}

func units(n int64) *catalog.Quantity {
	q := catalog.NewQuantity(n)
	return &q
}

func as[T any](t testing.TB, e catalog.Engine) T {
	t.Helper()
	c, ok := catalog.As[T](e)
	if !ok {
		t.Fatalf("the engine is no %T", *new(T))
	}
	return c
}

func do(ctx context.Context, e catalog.Engine, path string) error {
	rest, _ := catalog.As[catalog.RESTCaller](e)
	_, err := rest.Do(ctx, catalog.RESTRequest{Path: path})
	return err
}

func mustParse(t testing.TB, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func pace(atOnce int) transport.PoliteConfig {
	return transport.PoliteConfig{Concurrency: atOnce, MaxConcurrency: atOnce}
}
