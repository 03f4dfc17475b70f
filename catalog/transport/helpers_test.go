package transport_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// wire is a RoundTripper made of a function.
type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

// answer makes an answer; header is a list of names and values.
func answer(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// script answers with each of its answers in turn, then with the last, and
// counts.
type script struct {
	mu      sync.Mutex
	answers []func(*http.Request) (*http.Response, error)
	calls   int
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	s.mu.Lock()
	f := s.answers[min(s.calls, len(s.answers)-1)]
	s.calls++
	s.mu.Unlock()
	return f(r)
}

func (s *script) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

func says(status int, body string, header ...string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return answer(status, body, header...), nil }
}

func breaks(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// hangs answers only when the request's context ends.
func hangs(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, context.Cause(r.Context())
}

func client(t *testing.T, cfg transport.Config) *transport.Client {
	t.Helper()
	if cfg.Platform == "" {
		cfg.Platform = "acme"
	}
	c, err := transport.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func address(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func get(t *testing.T) *transport.Request {
	return &transport.Request{Op: "list products", URL: address(t, "https://acme.example/products")}
}

func post(t *testing.T) *transport.Request {
	return &transport.Request{Op: "cancel order", Method: http.MethodPost, URL: address(t, "https://acme.example/orders"), Body: []byte(`{"id":1}`)}
}

// source is a credential source under test control.
type source struct {
	mu        sync.Mutex
	tokens    []string // the current one first
	refreshes int
	err       error
}

func (s *source) Credential(ctx context.Context) (catalog.Credential, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return catalog.Credential{AccessToken: catalog.NewSecret(s.tokens[0])}, ctx.Err()
}

func (s *source) Refresh(_ context.Context, used catalog.Credential) (catalog.Credential, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return catalog.Credential{}, s.err
	}
	if used.AccessToken.Reveal() == s.tokens[0] {
		s.refreshes++
		s.tokens = s.tokens[1:]
	}
	return catalog.Credential{AccessToken: catalog.NewSecret(s.tokens[0])}, nil
}

// wroteTwice reports a request as net/http does that it sent twice.
func wroteTwice(r *http.Request) {
	trace := httptrace.ContextClientTrace(r.Context())
	for range 2 {
		trace.GetConn(r.URL.Host)
		trace.WroteHeaders()
	}
}
