package salla_test

import (
	"iter"
	"net/http"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/salla"
)

// merchant is the store that is opened where none is told.
const merchant = "1305146709"

// adapter makes an adapter that sends through a transport. Its budget of the
// customers endpoints is its own and never in the way.
func adapter(t testing.TB, through http.RoundTripper, config salla.Config) *salla.Adapter {
	t.Helper()
	budget, err := transport.NewWindow(transport.WindowConfig{Limit: 1_000_000, Period: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	config.Transport, config.CustomersBudget = through, budget
	app, err := salla.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// open opens a store with a static token. One attempt a call: what a sample
// refuses is refused.
func open(t testing.TB, through http.RoundTripper, token string) *salla.Engine {
	t.Helper()
	opened, err := adapter(t, through, salla.Config{Attempts: 1, ListShipments: true}).
		Open(catalog.Account{Store: merchant}, catalog.StaticToken(token))
	if err != nil {
		t.Fatal(err)
	}
	e, ok := catalog.As[*salla.Engine](opened)
	if !ok {
		t.Fatalf("%T", opened)
	}
	return e
}

// drain reads a list to its end and returns its records.
func drain[T any](t testing.TB, what string, list iter.Seq2[T, error]) []T {
	t.Helper()
	all, err := catalog.Collect(list)
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
	return all
}
