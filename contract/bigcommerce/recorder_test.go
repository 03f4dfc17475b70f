package bigcommerce_test

import (
	"bytes"
	"io"
	"iter"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
)

// recorded is a request that was sent. It holds no token.
type recorded struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte
	Token  bool // it carried one
}

// recorder sends requests on and keeps them. It is safe for concurrent use.
type recorder struct {
	to http.RoundTripper

	mu       sync.Mutex
	requests []recorded
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	one := recorded{Method: req.Method, URL: req.URL, Header: req.Header.Clone(), Token: req.Header.Get("X-Auth-Token") != ""}
	one.Header.Del("X-Auth-Token")
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		one.Body = body
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	r.mu.Lock()
	r.requests = append(r.requests, one)
	r.mu.Unlock()
	return r.to.RoundTrip(req)
}

// check holds all that was recorded against the description and reports the
// numbers. It returns the exceptions that were needed.
func (r *recorder) check(t testing.TB, a *api, what string) map[string]int {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	valid, kinds, needed := 0, map[string]bool{}, map[string]int{}
	for _, one := range r.requests {
		kind, exceptions, err := a.request(t.Context(), one)
		if err != nil {
			t.Errorf("%s %s: %v", one.Method, one.URL, err)
			continue
		}
		kinds[kind] = true
		valid++
		for _, name := range exceptions {
			needed[name]++
		}
	}
	if valid == 0 {
		t.Error("nothing was sent that is right")
	}
	specs.Report(t, "bigcommerce %s %d/%d, of %d operations", what, valid, len(r.requests), len(kinds))
	return needed
}

// open opens a store through a transport.
func open(t testing.TB, config bigcommerce.Config, account catalog.Account, token string) *bigcommerce.Engine {
	t.Helper()
	app, err := bigcommerce.New(config)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := app.Open(account, catalog.StaticToken(token))
	if err != nil {
		t.Fatal(err)
	}
	e, ok := catalog.As[*bigcommerce.Engine](opened)
	if !ok {
		t.Fatalf("%T", opened)
	}
	return e
}

// drain reads a list to its end.
func drain[T any](t testing.TB, what string, list iter.Seq2[T, error]) []T {
	t.Helper()
	all, err := catalog.Collect(list)
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
	return all
}
