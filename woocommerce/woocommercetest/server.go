package woocommercetest

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// maxBody bounds what is read of a request.
const maxBody = 8 << 20

// Server is a running store. Safe for concurrent use; records are handed out
// and taken in as copies.
type Server struct {
	cfg       Config
	folder    string // path of the store, "" or "/blog"
	home      *url.URL
	host      string
	listener  net.Listener
	http      *http.Server
	transport *transport
	book      book
	effects   effectLog
	faults    serverkit.Faults[Fault]
	pages     serverkit.Pages
	closed    atomic.Bool
	done      chan struct{}

	mu        sync.RWMutex
	products  *table[Product]
	orders    *table[Order]
	customers *table[Customer]
	skus      map[string][]int64 // of changed records, lower case
	gtins     map[string][]int64 // of changed records
	terms     map[string][]Term
	nextID    int64 // products, variations, orders, refunds
	nextItem  int64 // order items
	nextNote  int64
	nextMeta  int64
	nextTerm  int64

	routeTable
	keys  keyring
	hooks hookList
}

// NewServer starts a store on a free port of the loopback interface. A nil
// config means the defaults. It panics when no port can be had or an address in
// the config is none.
func NewServer(config *Config) *Server {
	if config == nil {
		config = &Config{}
	}
	cfg := config.withDefaults()
	store, err := url.Parse(cfg.StoreURL)
	if err != nil || store.Host == "" {
		panic(fmt.Sprintf("woocommercetest: Config.StoreURL %q is not an address", cfg.StoreURL))
	}
	home, err := url.Parse(cfg.HomeURL)
	if err != nil || home.Host == "" {
		panic(fmt.Sprintf("woocommercetest: Config.HomeURL %q is not an address", cfg.HomeURL))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Sprintf("woocommercetest: no port to listen on: %v", err))
	}
	s := &Server{
		cfg: cfg, folder: store.EscapedPath(), home: home, host: store.Host, listener: listener,
		done: make(chan struct{}), skus: map[string][]int64{}, gtins: map[string][]int64{},
	}
	s.book.Book = serverkit.NewBook[Call]("woocommercetest", cfg.TB, maxCalls)
	s.transport = &transport{s, serverkit.NewLoopback(listener.Addr().String())}
	s.keys.add(&Key{
		ID: 1, ConsumerKey: cfg.ConsumerKey, ConsumerSecret: cfg.ConsumerSecret,
		Permissions: "read_write", UserID: adminID, Role: "administrator",
	})
	s.fill()
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

// fill lays out the seeded records without making them.
func (s *Server) fill() {
	n := s.cfg.Products + trashed(s.cfg.Products)
	s.products = newTable(n, s.productKey, s.seedProduct, func(p *Product) key {
		return key{p.ID, p.CreatedAt.Unix(), p.ModifiedAt.Unix()}
	})
	m := s.cfg.Orders + trashed(s.cfg.Orders)
	s.orders = newTable(m, s.orderKey, s.seedOrder, func(o *Order) key {
		return key{o.ID, o.CreatedAt.Unix(), o.ModifiedAt.Unix()}
	})
	s.customers = newTable(s.cfg.Customers+len(staff), s.customerKey, s.seedCustomer, func(c *Customer) key {
		return key{c.ID, c.CreatedAt.Unix(), c.ModifiedAt.Unix()}
	})
	s.terms = seedTerms()
	s.nextID = s.orderID(m)
	s.nextItem, s.nextNote, s.nextMeta, s.nextTerm = 50_000_000, 60_000_000, 70_000_000, 9_000
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

// URL returns the server's own address, such as http://127.0.0.1:39211. Requests
// to it arrive over plain http, so only OAuth works there, signed with HomeURL.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// StoreURL returns the genuine address of the store, which [Server.Client]
// carries here.
func (s *Server) StoreURL() string { return s.cfg.StoreURL }

// Host returns the host of StoreURL, with its port if it has one.
func (s *Server) Host() string { return s.host }

// HomeURL returns the address WordPress believes the store has, in https or
// http as configured.
func (s *Server) HomeURL() string { return s.cfg.HomeURL }

// ConsumerKey returns the first key's id; its scope is read_write.
func (s *Server) ConsumerKey() string { return s.cfg.ConsumerKey }

// ConsumerSecret returns the first key's secret.
func (s *Server) ConsumerSecret() string { return s.cfg.ConsumerSecret }

func (s *Server) now() time.Time { return s.cfg.Clock().UTC() }

// stamp is the time a change is recorded with: whole seconds, the store's grain.
func (s *Server) stamp() time.Time { return s.now().Truncate(time.Second) }
