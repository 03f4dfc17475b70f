package magentotest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// ErrHost is wrapped by the error of a request for a host that is none of the
// shop's or Adobe's.
var ErrHost = errors.New("magentotest: refused")

// transport sends the genuine hosts to the server, keeping the Host header.
type transport struct {
	server *Server
	base   *http.Transport
}

func newTransport(s *Server) *transport {
	addr := s.http.Listener.Addr().String()
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	return &transport{s, &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "tcp", addr)
		},
		MaxIdleConns: 256, MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute,
	}}
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
		if r.Body != nil {
			_ = r.Body.Close()
		}
		t.server.book.violation("%s", wrong)
		return nil, fmt.Errorf("%w: %s", ErrHost, wrong)
	}
	out := r.Clone(r.Context())
	out.URL.Scheme = "http"
	if out.Host == "" {
		out.Host = r.URL.Host
	}
	res, err := t.base.RoundTrip(out)
	if res != nil {
		res.Request = r // redirects are resolved against the genuine URL
	}
	return res, err
}

var _ http.RoundTripper = (*transport)(nil)
