package magentotest

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Hosts besides the shop's own that a client may have to talk to;
// [Server.Client] answers for them.
const (
	// IMSHost grants tokens for SaaS.
	IMSHost = "ims-na1.adobelogin.com"
	// KeyHost has the public keys of Adobe I/O Events under /prod/keys/.
	KeyHost = "static.adobeioevents.com"
	// ValidationHost takes the answers to [Server.StartValidation].
	ValidationHost = "csm.adobe.io"
)

// Server is one shop behind a real socket. All methods are safe for concurrent
// use; records are handed out and taken in as copies.
type Server struct {
	cfg         Config
	base        *url.URL
	http        *httptest.Server
	transport   *transport
	book        *serverkit.Book[Call]
	faults      serverkit.Faults[Fault]
	auth        authority
	keys        eventKeys
	validations validations
	queue       queue
	*store
	closed atomic.Bool
	active atomic.Int64
	report atomic.Int64 // numbers the reports of internal errors

	ledgerMu sync.Mutex
	ledger   Ledger
}

// NewServer starts a server on a free port of the loopback interface. A nil
// config means the defaults. It panics when no port can be had or the config
// names an unknown version or an impossible address.
func NewServer(config *Config) *Server {
	if config == nil {
		config = &Config{}
	}
	s := &Server{cfg: config.withDefaults()}
	s.base, _ = url.Parse(s.cfg.BaseURL) // checked by withDefaults
	s.book = serverkit.NewBook[Call]("magentotest", s.cfg.TB, maxCalls)
	s.store = newStore(&s.cfg)
	s.auth.init(&s.cfg)
	s.http = httptest.NewUnstartedServer(s)
	s.http.Config.ErrorLog = log.New(io.Discard, "", 0) // cut connections are wanted here
	s.http.Config.ReadHeaderTimeout = 10 * time.Second
	s.http.Start()
	s.transport = &transport{s, serverkit.NewLoopback(s.http.Listener.Addr().String())}
	return s
}

// Close stops the server and its client's connections; requests under way are
// cut. Violations after it fail no test. Calling it again does nothing.
func (s *Server) Close() {
	if s.closed.Swap(true) {
		return
	}
	s.book.Mute()
	s.transport.wire.CloseIdleConnections()
	s.http.CloseClientConnections()
	s.http.Close()
}

// URL returns the server's own address, such as http://127.0.0.1:39211. It
// answers there too, for clients that can be given any address; signatures are
// then checked against that address.
func (s *Server) URL() string { return s.http.URL }

// StoreURL returns the genuine base URL of the shop, without a trailing slash.
// For SaaS it ends with the tenant.
func (s *Server) StoreURL() string { return strings.TrimSuffix(s.cfg.BaseURL, "/") }

// Host returns the host of StoreURL, with its port if it has one.
func (s *Server) Host() string { return s.base.Host }

// ConsumerKey returns the first of the integration's four secrets.
func (s *Server) ConsumerKey() string { return s.cfg.ConsumerKey }

// ConsumerSecret returns the second of the integration's four secrets.
func (s *Server) ConsumerSecret() string { return s.cfg.ConsumerSecret }

// AccessToken returns the third of the integration's four secrets. It works as
// a bearer token only with Config.BearerTokens.
func (s *Server) AccessToken() string { return s.cfg.AccessToken }

// AccessTokenSecret returns the fourth of the integration's four secrets.
func (s *Server) AccessTokenSecret() string { return s.cfg.AccessTokenSecret }

// AdminUser returns the user name admin tokens are granted to.
func (s *Server) AdminUser() string { return s.cfg.AdminUser }

// AdminPassword returns the password of AdminUser.
func (s *Server) AdminPassword() string { return s.cfg.AdminPassword }

// ClientID returns the app's id at Adobe, for IMS and I/O Events.
func (s *Server) ClientID() string { return s.cfg.ClientID }

// ClientSecret returns the app's secret at Adobe.
func (s *Server) ClientSecret() string { return s.cfg.ClientSecret }

// OrgID returns the IMS organisation of the merchant.
func (s *Server) OrgID() string { return s.cfg.OrgID }

// VerificationToken returns what signs deliveries of Mage-OS async-events.
func (s *Server) VerificationToken() string { return s.cfg.VerificationToken }

// StandardSecret returns the whsec_ secret that signs Standard Webhooks.
func (s *Server) StandardSecret() string { return s.cfg.StandardSecret }

// Transport returns a round tripper that carries requests for the genuine
// hosts to this server over real sockets, and refuses every other host.
func (s *Server) Transport() http.RoundTripper { return s.transport }

// Client returns a new client that uses Transport.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.transport} }

func (s *Server) now() time.Time { return s.cfg.Clock().UTC() }

var _ http.Handler = (*Server)(nil)
