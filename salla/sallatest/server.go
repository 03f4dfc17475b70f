package sallatest

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Hosts a client of Salla talks to; [Server.Client] answers for them.
const (
	APIHost      = "api.salla.dev"
	AccountsHost = "accounts.salla.sa"

	apiPrefix = "/admin/v2"
	maxBody   = 8 << 20
)

// Server is a running test server. The methods of its first [Store] are its
// own. Safe for concurrent use.
type Server struct {
	*Store
	cfg       Config
	listener  net.Listener
	http      *http.Server
	transport *transport
	auth      authority
	book      *serverkit.Book[Call]
	faults    serverkit.Faults[Fault]
	customers sync.Map // client IP -> *window

	mu     sync.Mutex
	stores []*Store
	closed atomic.Bool
	done   chan struct{}
}

// NewServer starts a server on a free port of the loopback interface. A nil
// config means the defaults. It panics when no port can be had.
func NewServer(config *Config) *Server {
	if config == nil {
		config = &Config{}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Sprintf("sallatest: no port to listen on: %v", err))
	}
	s := &Server{cfg: config.withDefaults(), listener: listener, done: make(chan struct{})}
	s.book = serverkit.NewBook[Call]("sallatest", s.cfg.TB, maxCalls)
	s.auth.init(s)
	s.transport = &transport{s, serverkit.NewLoopback(listener.Addr().String())}
	s.Store = s.addStore(*config)
	s.http = &http.Server{
		Handler: s, ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: log.New(io.Discard, "", 0), // cut connections are wanted here
	}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(listener) // ends with Close
	}()
	return s
}

// AddStore puts another merchant's store into the server, reached with its own
// access token; nil means the defaults. Fields marked "server wide" are those
// of the first store. It panics if the merchant or the token is already there.
func (s *Server) AddStore(config *Config) *Store {
	if config == nil {
		config = &Config{}
	}
	return s.addStore(*config)
}

func (s *Server) addStore(c Config) *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.MerchantID == 0 && len(s.stores) > 0 {
		for _, st := range s.stores {
			c.MerchantID = max(c.MerchantID, st.cfg.MerchantID+1)
		}
	}
	c.Clock = s.cfg.Clock
	c = c.withDefaults()
	if slices.ContainsFunc(s.stores, func(st *Store) bool { return st.cfg.MerchantID == c.MerchantID }) {
		panic(fmt.Sprintf("sallatest: merchant %d has a store already", c.MerchantID))
	}
	st := newStore(s, c)
	st.token = s.auth.addStatic(st, c.Token)
	s.stores = append(s.stores, st)
	return st
}

// Close stops the server and its client's connections and waits for neither
// requests nor latency. Violations after it fail no test. Calling it again does
// nothing.
func (s *Server) Close() {
	if s.closed.Swap(true) {
		return
	}
	s.book.Mute()
	_ = s.http.Close()
	s.transport.wire.CloseIdleConnections()
	<-s.done
}

// URL returns the server's own address, such as http://127.0.0.1:39211. It
// answers both for the API (under /admin/v2) and for OAuth (under /oauth2).
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// ClientID returns the app's id.
func (s *Server) ClientID() string { return s.cfg.ClientID }

// ClientSecret returns the app's secret.
func (s *Server) ClientSecret() string { return s.cfg.ClientSecret }

// WebhookSecret returns the secret deliveries are signed with.
func (s *Server) WebhookSecret() string { return s.cfg.WebhookSecret }

// Transport returns a round tripper that carries requests for the genuine hosts
// to this server over real sockets, and refuses every other host.
func (s *Server) Transport() http.RoundTripper { return s.transport }

// Client returns a new client that uses Transport.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.transport} }

var errHost = errors.New("sallatest: refused")

// transport sends the genuine hosts to the server, keeping the Host header.
type transport struct {
	server *Server
	wire   *serverkit.Loopback
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	host := strings.ToLower(r.URL.Host)
	own := host == t.server.listener.Addr().String()
	var wrong string
	switch {
	case own:
	case host == "dashboard.test":
		wrong = "followed a pagination link to dashboard.test"
	case host != APIHost && host != AccountsHost && host != InstallHost:
		wrong = "request to the host " + host
	case r.URL.Scheme != "https":
		wrong = "request over " + r.URL.Scheme + " to " + host + r.URL.Path
	}
	if wrong != "" {
		return nil, t.server.book.Refuse(r, errHost, wrong)
	}
	return t.wire.RoundTrip(r)
}

var (
	_ http.Handler      = (*Server)(nil)
	_ http.RoundTripper = (*transport)(nil)
)
