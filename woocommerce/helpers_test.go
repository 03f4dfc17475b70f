package woocommerce_test

import (
	"iter"
	"strconv"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// newServer starts a server that fails the test on anything a client must not
// do.
func newServer(t testing.TB, config woocommercetest.Config) *woocommercetest.Server {
	t.Helper()
	config.TB = t
	server := woocommercetest.NewServer(&config)
	t.Cleanup(server.Close)
	return server
}

func newAdapter(t testing.TB, server *woocommercetest.Server, config woocommerce.Config) *woocommerce.Adapter {
	t.Helper()
	if config.Transport == nil {
		config.Transport = server.Transport()
	}
	adapter, err := woocommerce.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return adapter
}

func keys(server *woocommercetest.Server) catalog.CredentialSource {
	return catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret())})
}

// openStore opens the server's store with settings: pairs of a name and a
// value.
func openStore(t testing.TB, adapter *woocommerce.Adapter, server *woocommercetest.Server, settings ...string) catalog.Engine {
	t.Helper()
	account := catalog.Account{ID: "a", Store: server.StoreURL(), Settings: map[string]string{}}
	for i := 0; i+1 < len(settings); i += 2 {
		account.Settings[settings[i]] = settings[i+1]
	}
	engine, err := adapter.Open(account, keys(server))
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// quick starts a server and opens its store.
func quick(t testing.TB, config woocommercetest.Config) (*woocommercetest.Server, catalog.Engine) {
	t.Helper()
	server := newServer(t, config)
	return server, openStore(t, newAdapter(t, server, woocommerce.Config{}), server)
}

func id(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

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

func productID(p catalog.Product) string     { return p.ID }
func orderID(o catalog.Order) string         { return o.ID }
func customerID(c catalog.Customer) string   { return c.ID }
func itemID(l catalog.InventoryLevel) string { return l.ItemID }
func mapped[A, B any](all []A, f func(A) B) (out []B) {
	for _, a := range all {
		out = append(out, f(a))
	}
	return out
}

func capability[T any](t testing.TB, e catalog.Engine) T {
	t.Helper()
	c, ok := catalog.As[T](e)
	if !ok {
		t.Fatalf("the engine lacks %T", *new(T))
	}
	return c
}

func mustID(t testing.TB, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
