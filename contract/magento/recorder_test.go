package magento_test

import (
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// recorded is a request that was sent. It holds no secret.
type recorded struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte
}

// below is the path from /V1 on.
func (one recorded) below() (string, bool) {
	_, rest, ok := strings.Cut(one.URL.EscapedPath(), "/V1/")
	return "/V1/" + rest, ok
}

// recorder sends requests on and keeps them. It is safe for concurrent use.
type recorder struct {
	to http.RoundTripper

	mu       sync.Mutex
	requests []recorded
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	one := recorded{Method: req.Method, URL: req.URL, Header: req.Header.Clone()}
	one.Header.Del("Authorization")
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		one.Body = body
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(strings.NewReader(string(body)))
	}
	r.mu.Lock()
	r.requests = append(r.requests, one)
	r.mu.Unlock()
	return r.to.RoundTrip(req)
}

// check holds all that was recorded against a description and reports the
// numbers. Requests to Adobe's identity service are none of the API's.
func (r *recorder) check(t testing.TB, a *api, what string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	valid, total := 0, 0
	kinds := map[string]bool{}
	for _, one := range r.requests {
		if one.URL.Host == magentotest.IMSHost {
			continue
		}
		total++
		kind, err := a.request(t.Context(), one)
		if err != nil {
			t.Errorf("%s %s: %v", one.Method, one.URL, err)
			continue
		}
		kinds[kind] = true
		valid++
	}
	if total == 0 {
		t.Error("nothing was sent")
	}
	specs.Report(t, "magento %s %d/%d, of %d operations", what, valid, total, len(kinds))
}

// open opens the server's shop as its edition has it.
func open(t testing.TB, server *magentotest.Server, through http.RoundTripper, saas bool) *magento.Engine {
	t.Helper()
	config := magento.Config{Transport: through, ListSalable: true}
	if saas {
		config.ClientID, config.ClientSecret = server.ClientID(), catalog.NewSecret(server.ClientSecret())
	}
	app, err := magento.New(config)
	if err != nil {
		t.Fatal(err)
	}
	credentials := catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret()),
		AccessToken: catalog.NewSecret(server.AccessToken()), TokenSecret: catalog.NewSecret(server.AccessTokenSecret())})
	if saas {
		if credentials, err = app.ClientCredentials(server.StoreURL()); err != nil {
			t.Fatal(err)
		}
	}
	opened, err := app.Open(catalog.Account{Store: server.StoreURL()}, credentials)
	if err != nil {
		t.Fatal(err)
	}
	e, ok := catalog.As[*magento.Engine](opened)
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
