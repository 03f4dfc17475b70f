package magentotest

import (
	"errors"
	"net/http"
	"strings"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// ErrHost is wrapped by the error of a request for a host that is none of the
// shop's or Adobe's.
var ErrHost = errors.New("magentotest: refused")

// transport sends the genuine hosts to the server, keeping the Host header.
type transport struct {
	server *Server
	wire   *serverkit.Loopback
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	host := strings.ToLower(r.URL.Host)
	var wrong string
	switch {
	case host == t.server.http.Listener.Addr().String():
	case host == strings.ToLower(t.server.base.Host):
		if r.URL.Scheme != t.server.base.Scheme {
			wrong = "request over " + r.URL.Scheme + " to " + host
		}
	case host == KeyHost, host == IMSHost, host == ValidationHost:
		if r.URL.Scheme != "https" {
			wrong = "request over " + r.URL.Scheme + " to " + host
		}
	default:
		wrong = "request to the host " + host
		if r.Header.Get("Authorization") != "" {
			wrong += ", with credentials"
		}
	}
	if wrong != "" {
		return nil, t.server.book.Refuse(r, ErrHost, wrong)
	}
	return t.wire.RoundTrip(r)
}

var _ http.RoundTripper = (*transport)(nil)
