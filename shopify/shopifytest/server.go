package shopifytest

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Server is one shop behind a real socket. All methods are safe for
// concurrent use.
type Server struct {
	cfg      Config
	shop     string
	currency string
	versions []string
	http     *httptest.Server
	client   *http.Transport

	mu     sync.RWMutex // guards the following
	store  *store
	epoch  int // of cursors
	writes writes

	tokens *tokens
	bucket *bucket
	docs   documents
	book   *serverkit.Book[Call]
	faults serverkit.Faults[Fault]
	busy   atomic.Bool // background work is under way
}

// NewServer starts a server; nil is the default configuration. It panics
// only where no socket can be had, as httptest does. Close it after use.
func NewServer(cfg *Config) *Server {
	var c Config
	if cfg != nil {
		c = *cfg
	}
	c = c.withDefaults()
	s := &Server{cfg: c, shop: strings.ToLower(c.Shop), currency: "SAR", versions: slices.Clone(c.Versions)}
	slices.Sort(s.versions)
	s.book = serverkit.NewBook[Call]("shopifytest", c.TB, maxCalls)
	s.store = newStore(seeder{now: s.now().Truncate(time.Second), seed: c.Seed, products: c.Products,
		orders: c.Orders, customers: c.Customers, places: c.Locations, currency: s.currency})
	s.tokens = newTokens(s)
	s.bucket = newBucket(c.Bucket, c.Unthrottled, s.now)
	s.http = httptest.NewServer(s)
	s.client = &http.Transport{
		MaxIdleConnsPerHost: 256, MaxIdleConns: 256, IdleConnTimeout: time.Minute, DisableCompression: true,
		DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
	}
	return s
}

// Close stops the server; requests under way are cut. Violations seen later are not reported to a TB.
func (s *Server) Close() {
	s.book.Mute()
	s.client.CloseIdleConnections()
	s.http.CloseClientConnections()
	s.http.Close()
}

// URL is the plain http address of the listener, without a trailing slash.
func (s *Server) URL() string { return s.http.URL }

// Shop is the permanent domain of the shop.
func (s *Server) Shop() string { return s.shop }

// Token is the access token that never expires.
func (s *Server) Token() string { return s.cfg.Token }

// ClientID is the app's key.
func (s *Server) ClientID() string { return s.cfg.ClientID }

// ClientSecret is the app's secret, which also signs webhooks.
func (s *Server) ClientSecret() string { return s.cfg.ClientSecret }

func (s *Server) now() time.Time { return s.cfg.Clock().UTC() }

// ServeHTTP routes a request as the platform's edge does. It is exported so
// that the server can also be mounted elsewhere.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Request-Id", requestID())
	w.Header().Set("Date", s.now().Format(http.TimeFormat))
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	if host == bulkHost {
		s.serveBulk(w, r)
		return
	}
	if !strings.EqualFold(host, s.shop) && r.Host != s.http.Listener.Addr().String() {
		s.book.Violationf("request for %q, but the shop is %s", host, s.shop)
		s.book.Add(Call{Time: s.now(), Path: r.URL.Path, Host: host, Status: http.StatusNotFound, Header: redact(r.Header)})
		plain(w, http.StatusNotFound, `{"errors":"Not Found"}`)
		return
	}
	path := r.URL.Path
	switch {
	case path == "/admin/oauth/authorize":
		s.serveConsent(w, r)
	case path == "/admin/oauth/access_token":
		s.serveToken(w, r)
	case path == "/admin/oauth/access_scopes.json":
		s.serveScopes(w, r)
	case strings.HasPrefix(path, "/admin/api/") && strings.HasSuffix(path, "/graphql.json"):
		version := strings.TrimSuffix(strings.TrimPrefix(path, "/admin/api/"), "graphql.json")
		s.serveGraphQL(w, r, strings.TrimSuffix(version, "/"))
	default:
		s.book.Violationf("no such path: %s", path)
		s.book.Add(Call{Time: s.now(), Path: path, Host: host, Status: http.StatusNotFound, Header: redact(r.Header)})
		plain(w, http.StatusNotFound, `{"errors":"Not Found"}`)
	}
}

// serving is the version that answers a request for v: dead and unknown
// dated versions fall forward to the oldest live one. ok is false for what
// is no version at all.
func (s *Server) serving(v string) (version string, ok bool) {
	if v == "unstable" || slices.Contains(s.versions, v) {
		return v, true
	}
	if v == "" {
		s.book.Violationf("no version in the path: the oldest one answers")
		return s.versions[0], true
	}
	if _, err := time.Parse("2006-01", v); err != nil {
		return "", false
	}
	s.book.Violationf("version %s is not supported: %s answers", v, s.versions[0])
	return s.versions[0], true
}

func plain(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// wait sleeps for d unless the request ends first.
func wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-r.Context().Done():
		return false
	case <-t.C:
		return true
	}
}

var _ http.Handler = (*Server)(nil)
