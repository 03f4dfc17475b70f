package shopify_test

import (
	"strconv"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// roomy is a bucket that never makes a test wait.
var roomy = shopifytest.Bucket{Capacity: 1e7, Restore: 1e7}

// serve starts a store that fails the test on any request a correct client
// would not send.
func serve(t *testing.T, config shopifytest.Config) *shopifytest.Server {
	t.Helper()
	config.TB = t
	if config.Bucket.Capacity == 0 {
		config.Bucket = roomy
	}
	server := shopifytest.NewServer(&config)
	t.Cleanup(server.Close)
	return server
}

// open makes an engine with an adapter of its own.
func open(t *testing.T, server *shopifytest.Server) catalog.Engine {
	t.Helper()
	return openWith(t, server, shopify.Config{}, catalog.StaticToken(server.Token()))
}

func openWith(t *testing.T, server *shopifytest.Server, config shopify.Config, credentials catalog.CredentialSource) catalog.Engine {
	t.Helper()
	config.Transport = server.Transport()
	app, err := shopify.New(config)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := app.Open(catalog.Account{Store: server.Shop()}, credentials)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func gidOf(id int64) string { return strconv.FormatInt(id, 10) }

func capability[T any](t *testing.T, e catalog.Engine) T {
	t.Helper()
	c, ok := catalog.As[T](e)
	if !ok {
		t.Fatalf("the engine lacks %T", *new(T))
	}
	return c
}
