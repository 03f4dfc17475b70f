package bigcommercetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

var (
	errHost = errors.New("bigcommercetest: refused")
	quiet   = log.New(io.Discard, "", 0)
)

// transport sends the genuine hosts to the server, keeping the Host header.
type transport struct {
	server *Server
	base   *http.Transport
}

func newTransport(s *Server) *transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	address := s.http.Listener.Addr().String()
	return &transport{s, &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "tcp", address)
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
	case host != APIHost && host != LoginHost:
		wrong = "request to the host " + host
		if r.Header.Get("X-Auth-Token") != "" {
			wrong += ", with the access token"
		}
	case r.URL.Scheme != "https":
		wrong = "request over " + r.URL.Scheme + " to " + host + r.URL.Path
	}
	if wrong != "" {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		t.server.book.violation("%s", wrong)
		return nil, fmt.Errorf("%w: %s", errHost, wrong)
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
