package transport

import (
	"cmp"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Defaults of Config.
const (
	DefaultUserAgent      = "souk (+https://github.com/soukhq/souk)"
	DefaultMaxBody        = 64 << 20
	DefaultAttempts       = 5
	DefaultMaxWait        = 60 * time.Second
	DefaultAttemptTimeout = 60 * time.Second
	DefaultRetryQuota     = 100
)

// Config describes a Client. Platform is required; every other zero field
// takes its default.
type Config struct {
	// Platform names the adapter in errors, logs and traces. Required.
	Platform string
	// Transport sends the requests; nil means NewHTTPTransport. It must be safe
	// for concurrent use and must not retry or follow redirects by itself. A
	// transport that does not report through net/http/httptrace is taken to
	// have sent every request that fails.
	Transport http.RoundTripper
	// UserAgent is sent unless the request brings its own.
	UserAgent string
	// MaxBody is the most bytes of one answer, after decompression. A larger
	// answer is an error.
	MaxBody int64
	// Attempts is the most attempts of one call. One more is allowed after a
	// refreshed credential.
	Attempts int
	// MaxWait is the longest wait between two attempts, and the longest time a
	// throttled answer may hold a budget. A platform that asks for more ends
	// the call with an error that carries RetryAfter. The wait for the budget
	// itself is bounded by the context alone.
	MaxWait time.Duration
	// AttemptTimeout bounds one attempt from its first byte sent to the end of
	// the answer's body. The wait for the budget does not count.
	AttemptTimeout time.Duration
	// RetryQuota is how many retries the whole Client may have on credit while
	// nothing succeeds, so that an outage is not met by a storm. Each retry
	// takes one; a call that succeeds after a retry gives one back, any other
	// success a tenth. Retries the platform asked for by throttling are free.
	// A negative quota means no retries but those.
	RetryQuota int
	// RequestIDHeader is the answer's header that names the call to the
	// platform's support; "" means X-Request-Id.
	RequestIDHeader string
	// Classify judges every answer that arrived whole, redirects excepted; nil
	// means ByStatus. It must not keep or change the Response.
	Classify func(*Response) Verdict
	// Logger receives attempts at debug and retries at info level; nil means
	// no logs. It never sees a query string, a header or a body.
	Logger *slog.Logger
	// Observer receives what metrics and traces need; nil means nobody does.
	Observer Observer
}

// Client sends the calls of one adapter, for any number of stores. It is safe
// for concurrent use.
type Client struct {
	cfg   Config
	quota *quota
}

// New checks the configuration and makes a Client. The error is a
// *catalog.ConfigError that names the field.
func New(cfg Config) (*Client, error) {
	wrong := func(field, reason string) (*Client, error) {
		return nil, &catalog.ConfigError{Platform: cmp.Or(cfg.Platform, "transport"), Field: field, Reason: reason}
	}
	switch {
	case cfg.Platform == "":
		return wrong("Platform", "is empty; name the adapter")
	case cfg.MaxBody < 0:
		return wrong("MaxBody", "is negative; 0 means 64 MiB")
	case cfg.Attempts < 0:
		return wrong("Attempts", "is negative; 0 means 5, 1 means no retries")
	case cfg.MaxWait < 0:
		return wrong("MaxWait", "is negative; 0 means one minute")
	case cfg.AttemptTimeout < 0:
		return wrong("AttemptTimeout", "is negative; 0 means one minute")
	}
	cfg.UserAgent = cmp.Or(cfg.UserAgent, DefaultUserAgent)
	cfg.MaxBody = cmp.Or(cfg.MaxBody, DefaultMaxBody)
	cfg.Attempts = cmp.Or(cfg.Attempts, DefaultAttempts)
	cfg.MaxWait = cmp.Or(cfg.MaxWait, DefaultMaxWait)
	cfg.AttemptTimeout = cmp.Or(cfg.AttemptTimeout, DefaultAttemptTimeout)
	cfg.RetryQuota = max(0, cmp.Or(cfg.RetryQuota, DefaultRetryQuota))
	cfg.RequestIDHeader = cmp.Or(cfg.RequestIDHeader, "X-Request-Id")
	if cfg.Transport == nil {
		cfg.Transport = NewHTTPTransport()
	}
	if cfg.Classify == nil {
		cfg.Classify = ByStatus
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Observer == nil {
		cfg.Observer = nobody{}
	}
	return &Client{cfg: cfg, quota: newQuota(cfg.RetryQuota)}, nil
}

// CloseIdleConnections closes connections that no call uses. The Client stays
// usable.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.cfg.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// NewHTTPTransport returns the transport a Client uses by default: HTTP/2
// where offered, bounded dials and handshakes, idle connections enough for
// one store's concurrent calls. It reads no environment: set Proxy on it for
// a host behind a proxy.
func NewHTTPTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxIdleConns:           512,
		MaxIdleConnsPerHost:    32,
		IdleConnTimeout:        60 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
	}
}
