package bigcommerce_test

import (
	"strconv"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// newServer starts a server that fails the test on anything a client must not
// do.
func newServer(t testing.TB, config bigcommercetest.Config) *bigcommercetest.Server {
	t.Helper()
	config.TB = t
	server := bigcommercetest.NewServer(&config)
	t.Cleanup(server.Close)
	return server
}

// newAdapter makes an adapter that talks to the server.
func newAdapter(t testing.TB, server *bigcommercetest.Server, config bigcommerce.Config) *bigcommerce.Adapter {
	t.Helper()
	config.Transport = server.Transport()
	adapter, err := bigcommerce.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return adapter
}

func openStore(t testing.TB, adapter *bigcommerce.Adapter, store *bigcommercetest.Store) catalog.Engine {
	t.Helper()
	engine, err := adapter.Open(catalog.Account{ID: "a", Store: store.StoreHash()}, catalog.StaticToken(store.Token()))
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// quick opens the store of a server that does not throttle.
func quick(t testing.TB, config bigcommercetest.Config) (*bigcommercetest.Server, catalog.Engine) {
	t.Helper()
	config.Unthrottled = true
	if config.Quota == 0 {
		config.Quota = 1_000_000 // what the headers say, and the client keeps to
	}
	server := newServer(t, config)
	return server, openStore(t, newAdapter(t, server, bigcommerce.Config{}), server.Store)
}

func id(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func capability[T any](t testing.TB, e catalog.Engine) T {
	t.Helper()
	c, ok := catalog.As[T](e)
	if !ok {
		t.Fatalf("the engine lacks %T", *new(T))
	}
	return c
}

func mapped[A, B any](all []A, f func(A) B) []B {
	out := make([]B, len(all))
	for i, v := range all {
		out[i] = f(v)
	}
	return out
}

func amount(text, currency string) catalog.Money {
	m, err := catalog.NewMoney(text, currency)
	if err != nil {
		panic(err)
	}
	return m
}

func units(n int64) *catalog.Quantity {
	q := catalog.NewQuantity(n)
	return &q
}

// collect reads a list that must succeed.
func collect[T any](t testing.TB, seq func(func(T, error) bool)) []T {
	t.Helper()
	all, err := catalog.Collect(seq)
	if err != nil {
		t.Fatalf("after %d records: %v", len(all), err)
	}
	return all
}
