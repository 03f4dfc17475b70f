package serverkit

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Loopback is a RoundTripper that carries requests for any host and scheme over
// real sockets to one address in plain http, with the Host header of the
// genuine URL. It refuses none: look at the host before. Safe for concurrent use.
type Loopback struct{ base *http.Transport }

// NewLoopback returns one for an address such as "127.0.0.1:39211".
func NewLoopback(address string) *Loopback {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	return &Loopback{&http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "tcp", address)
		},
		MaxIdleConns: 256, MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute,
	}}
}

// RoundTrip implements [http.RoundTripper].
func (l *Loopback) RoundTrip(r *http.Request) (*http.Response, error) {
	out := r.Clone(r.Context())
	out.URL.Scheme = "http"
	if out.Host == "" {
		out.Host = r.URL.Host
	}
	res, err := l.base.RoundTrip(out)
	if res != nil {
		res.Request = r // redirects are resolved against the genuine URL
	}
	return res, err
}

// CloseIdleConnections closes the connections no request is using.
func (l *Loopback) CloseIdleConnections() { l.base.CloseIdleConnections() }

var _ http.RoundTripper = (*Loopback)(nil)
