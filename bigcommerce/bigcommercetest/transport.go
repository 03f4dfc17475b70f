package bigcommercetest

import (
	"errors"
	"io"
	"log"
	"net/http"
	"strings"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

var (
	errHost = errors.New("bigcommercetest: refused")
	quiet   = log.New(io.Discard, "", 0)
)

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
	case host != APIHost && host != LoginHost:
		wrong = "request to the host " + host
		if r.Header.Get("X-Auth-Token") != "" {
			wrong += ", with the access token"
		}
	case r.URL.Scheme != "https":
		wrong = "request over " + r.URL.Scheme + " to " + host + r.URL.Path
	}
	if wrong != "" {
		return nil, t.server.book.Refuse(r, errHost, wrong)
	}
	return t.wire.RoundTrip(r)
}

var _ http.RoundTripper = (*transport)(nil)
