package woocommercetest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// schemeHeader tells the server which scheme the client asked for: the store's
// https ends in the Transport.
const schemeHeader = "X-Woocommercetest-Scheme"

var errHost = errors.New("woocommercetest: refused")

// transport sends requests for the store to the server, keeping the Host header.
type transport struct {
	server *Server
	wire   *serverkit.Loopback
}

// Transport returns a round tripper that carries requests for the hosts of
// StoreURL and HomeURL, over https and http, to this server over real sockets. It refuses every other
// host and reports it as a violation.
func (s *Server) Transport() http.RoundTripper { return s.transport }

// Client returns a new client that uses Transport.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.transport} }

// Join returns a round tripper that carries each request to the server whose
// store it names, for services with many merchants. A request for none of them
// is refused and reported to the first.
func Join(servers ...*Server) http.RoundTripper { return joined(servers) }

type joined []*Server

func (j joined) RoundTrip(r *http.Request) (*http.Response, error) {
	for _, s := range j {
		if s.transport.knows(r.URL.Host) {
			return s.transport.RoundTrip(r)
		}
	}
	if len(j) == 0 {
		return nil, fmt.Errorf("%w: no server for %s", errHost, r.URL.Host)
	}
	return j[0].transport.RoundTrip(r)
}

func (t *transport) knows(host string) bool {
	s := t.server
	return strings.EqualFold(host, s.host) || strings.EqualFold(host, s.home.Host) || host == s.listener.Addr().String()
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !t.knows(r.URL.Host) || r.URL.Scheme != "https" && r.URL.Scheme != "http" {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		t.server.book.Violationf("request to %s://%s", r.URL.Scheme, r.URL.Host)
		return nil, fmt.Errorf("%w: %s is not this store", errHost, r.URL.Host)
	}
	out := r.Clone(r.Context())
	out.Header.Set(schemeHeader, r.URL.Scheme)
	res, err := t.wire.RoundTrip(out)
	if res != nil {
		res.Request = r // redirects are resolved against the genuine URL
	}
	return res, err
}

var _ http.RoundTripper = (*transport)(nil)
var _ http.RoundTripper = joined(nil)
