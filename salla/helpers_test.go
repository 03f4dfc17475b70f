package salla_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// newServer starts a server that fails the test on anything a client must not
// do.
func newServer(t testing.TB, config sallatest.Config) *sallatest.Server {
	t.Helper()
	config.TB = t
	server := sallatest.NewServer(&config)
	t.Cleanup(server.Close)
	return server
}

// newAdapter makes an adapter that talks to the server, with a customers'
// budget of its own.
func newAdapter(t testing.TB, server *sallatest.Server, config salla.Config) *salla.Adapter {
	t.Helper()
	config.Transport = server.Transport()
	if config.ClientID == "" {
		config.ClientID, config.ClientSecret = server.ClientID(), catalog.NewSecret(server.ClientSecret())
	}
	if config.CustomersBudget == nil {
		config.CustomersBudget = customersWindow(t, 500, 10*time.Minute)
	}
	adapter, err := salla.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return adapter
}

func customersWindow(t testing.TB, limit float64, period time.Duration) transport.Budget {
	t.Helper()
	w, err := transport.NewWindow(transport.WindowConfig{Limit: limit, Period: period})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func openStore(t testing.TB, adapter *salla.Adapter, store *sallatest.Store) catalog.Engine {
	t.Helper()
	engine, err := adapter.Open(catalog.Account{ID: "a", Store: id(store.MerchantID())}, catalog.StaticToken(store.Token()))
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// quick opens the store of a server that does not throttle.
func quick(t testing.TB, config sallatest.Config) (*sallatest.Server, catalog.Engine) {
	t.Helper()
	config.Unthrottled = true
	if config.PerMinute == 0 {
		config.PerMinute = 1_000_000 // what the headers say, and the client keeps to
	}
	server := newServer(t, config)
	return server, openStore(t, newAdapter(t, server, salla.Config{}), server.Store)
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
