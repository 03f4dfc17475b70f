package authtest

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
)

// Inward is a transport for a platform's server that calls the app, as those do
// that post keys or activations: it carries requests for Base to the handler and
// refuses others. Hand it over before there is a Connect, and call To in
// Flow.Approve. It is safe for concurrent use.
type Inward struct{ handler atomic.Pointer[http.Handler] }

// To names the handler that requests are carried to from now on.
func (i *Inward) To(handler http.Handler) { i.handler.Store(&handler) }

// RoundTrip implements http.RoundTripper.
func (i *Inward) RoundTrip(r *http.Request) (*http.Response, error) {
	handler := i.handler.Load()
	base, err := url.Parse(Base)
	if err != nil || handler == nil || r.URL.Scheme != base.Scheme || r.URL.Host != base.Host {
		return nil, errors.New("authtest: a server called " + r.URL.Scheme + "://" + r.URL.Host + ", where no app is")
	}
	in := r.Clone(r.Context())
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "192.0.2.1:1234"
	if in.Body == nil {
		in.Body = io.NopCloser(strings.NewReader(""))
	}
	defer in.Body.Close()
	w := httptest.NewRecorder()
	(*handler).ServeHTTP(w, in)
	res := w.Result()
	res.Request = r
	return res, nil
}

var _ http.RoundTripper = (*Inward)(nil)
