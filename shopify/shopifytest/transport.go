package shopifytest

import (
	"fmt"
	"net/http"
	"strings"
)

// Client returns a client whose requests for any myshopify.com host come to
// this server, so that the code under test keeps its real URLs.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.Transport()} }

// Transport sends every request for https://{anything}.myshopify.com to this
// server over a real socket with the Host header kept. Requests for the
// server's own URL pass; any other host is refused, for a client that talks
// to one has lost its way. Safe for concurrent use.
func (s *Server) Transport() http.RoundTripper { return redirector{s} }

type redirector struct{ srv *Server }

// RoundTrip implements http.RoundTripper.
func (t redirector) RoundTrip(r *http.Request) (*http.Response, error) {
	listener := t.srv.http.Listener.Addr().String()
	host := strings.ToLower(r.URL.Hostname())
	switch {
	case strings.HasSuffix(host, ".myshopify.com"):
		if r.URL.Scheme != "https" {
			t.srv.book.Violationf("request for %s in clear text", host)
		}
		c := r.Clone(r.Context())
		if c.Host == "" {
			c.Host = r.URL.Host
		}
		c.URL.Scheme, c.URL.Host = "http", listener
		return t.srv.client.RoundTrip(c)
	case r.URL.Host == listener:
		return t.srv.client.RoundTrip(r)
	}
	if r.Body != nil {
		r.Body.Close()
	}
	leak := ""
	if r.Header.Get("X-Shopify-Access-Token") != "" {
		leak = ", with the access token"
	}
	t.srv.book.Violationf("request for the foreign host %s%s", host, leak)
	return nil, fmt.Errorf("shopifytest: no route to host %s", host)
}
