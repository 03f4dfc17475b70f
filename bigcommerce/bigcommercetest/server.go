package bigcommercetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Hosts a client of BigCommerce talks to; [Server.Client] answers for them.
const (
	APIHost   = "api.bigcommerce.com"
	LoginHost = "login.bigcommerce.com"

	maxBody = 8 << 20
)

// Server is a running test server. The methods of its first [Store] are its
// own. Safe for concurrent use.
type Server struct {
	*Store
	cfg       Config
	http      *httptest.Server
	transport *transport
	auth      authority
	book      *serverkit.Book[Call]
	faults    serverkit.Faults[Fault]

	mu     sync.RWMutex
	stores []*Store
	closed atomic.Bool
}

// NewServer starts a server on a free port of the loopback interface. A nil
// config means the defaults. It panics when no port can be had, as httptest
// does. Close it after use.
func NewServer(config *Config) *Server {
	if config == nil {
		config = &Config{}
	}
	s := &Server{cfg: config.withDefaults()}
	s.book = serverkit.NewBook[Call]("bigcommercetest", s.cfg.TB, maxCalls)
	s.Store = s.addStore(*config)
	s.http = httptest.NewUnstartedServer(s)
	s.http.Config.ErrorLog = quiet // cut connections are wanted here
	s.http.Start()
	s.transport = &transport{s, serverkit.NewLoopback(s.http.Listener.Addr().String())}
	return s
}

// AddStore puts another store into the server, reached under its own hash with
// its own token; nil means the defaults. Fields marked "server wide" are those
// of the first store. It panics if the hash or the token is already there.
func (s *Server) AddStore(config *Config) *Store {
	if config == nil {
		config = &Config{}
	}
	return s.addStore(*config)
}

func (s *Server) addStore(c Config) *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.stores)
	if c.StoreHash == "" && n > 0 {
		c.StoreHash = "store" + strconv.Itoa(n+1) + "x"
	}
	if c.StoreID == 0 {
		c.StoreID = 4884484848484 + int64(n)
	}
	c.Clock, c.ClientID, c.ClientSecret = s.cfg.Clock, s.cfg.ClientID, s.cfg.ClientSecret
	c = c.withDefaults()
	for _, st := range s.stores {
		if st.cfg.StoreHash == c.StoreHash || st.cfg.Token == c.Token {
			panic(fmt.Sprintf("bigcommercetest: there is a store %s, or its token, already", c.StoreHash))
		}
	}
	st := newStore(s, c)
	s.auth.add(&account{Account{c.ClientID, c.ClientSecret, c.Token, c.Scopes}, st, false})
	s.stores = append(s.stores, st)
	return st
}

// Close stops the server; requests under way are cut. Violations after it fail
// no test. Calling it again does nothing.
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
// answers for the API (under /stores) and for the login host (under /oauth2 and
// /app).
func (s *Server) URL() string { return s.http.URL }

// Host returns the genuine host of the API, which Client answers for.
func (s *Server) Host() string { return APIHost }

// ClientID returns the id of the app and of every store's own API account.
func (s *Server) ClientID() string { return s.cfg.ClientID }

// ClientSecret returns the secret of that client, which signs webhooks and the
// signed_payload_jwt of callbacks.
func (s *Server) ClientSecret() string { return s.cfg.ClientSecret }

// Transport returns a round tripper that carries requests for the genuine hosts
// to this server over real sockets, and refuses every other host.
func (s *Server) Transport() http.RoundTripper { return s.transport }

// Client returns a new client that uses Transport.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.transport} }

// StoreURL returns the genuine base of the store's API without the version:
// https://api.bigcommerce.com/stores/{hash}.
func (s *Store) StoreURL() string { return "https://" + APIHost + "/stores/" + s.cfg.StoreHash }

// ownHost says whether a request came to the genuine host or straight to the
// server's address.
func (s *Server) ownHost(r *http.Request, want string) bool {
	return strings.EqualFold(r.Host, want) || r.Host == s.http.Listener.Addr().String()
}

var _ http.Handler = (*Server)(nil)
