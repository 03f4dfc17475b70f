package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
	"github.com/soukhq/souk/woocommerce"
)

// platform is one of the five as this program runs it: a test server that
// keeps the platform's own rate limit, and the adapter.
type platform struct {
	name string
	// serve makes a store of so many products. address is where it listens.
	serve func(products int, latency time.Duration, unlimited bool, address string) store
	// open makes the engine that reads the store.
	open func(http.RoundTripper, target) (catalog.Engine, error)
}

// store is a server under way.
type store struct {
	http.Handler
	target    target
	throttled func() int     // calls the server refused for their number
	least     func() float64 // seconds the rate limit makes the calls so far take
	close     func()
}

var platforms = []platform{
	{shopify.Platform, serveShopify, openSouk},
	{salla.Platform, serveSalla, openSalla},
	{woocommerce.Platform, serveWooCommerce, openWooCommerce},
	{magento.Platform, serveMagento, openMagento},
	{bigcommerce.Platform, serveBigCommerce, openBigCommerce},
}

func withinBudget() float64 { return 0 }

// serveShopify is a store on Plus: 20,000 points and 1,000 more a second. All
// products fit into their page; what does not needs calls of its own, which
// would blur the least.
func serveShopify(products int, latency time.Duration, unlimited bool, address string) store {
	bucket := shopifytest.Bucket{Capacity: 20_000, Restore: 1_000}
	if unlimited {
		bucket = shopifytest.Bucket{Capacity: 1e9, Restore: 1e9}
	}
	s := shopifytest.NewServer(&shopifytest.Config{Products: products, Orders: -1, Customers: -1, Latency: latency, Bucket: bucket})
	fitPages(s)
	return store{
		Handler: s, target: target{Address: address, Shop: s.Shop(), Token: s.Token()}, close: s.Close,
		throttled: func() int { return s.Ledger().Throttled },
		least:     func() float64 { return (s.Ledger().PointsCharged - bucket.Capacity) / bucket.Restore },
	}
}

// serveSalla is a store on the plan with 720 calls a minute.
func serveSalla(products int, latency time.Duration, unlimited bool, address string) store {
	config := sallatest.Config{Products: products, Orders: -1, Customers: -1, Latency: latency, Plan: sallatest.PlanSpecial, EvenPages: true}
	if unlimited {
		config.PerMinute = 1_000_000 // said in the headers too, which the client believes
	}
	s := sallatest.NewServer(&config)
	return store{
		Handler: s, target: target{Address: address, Shop: fmt.Sprint(s.MerchantID()), Token: s.Token()}, close: s.Close,
		throttled: func() int { return s.Ledger().Throttled }, least: withinBudget,
	}
}

func openSalla(transport http.RoundTripper, t target) (catalog.Engine, error) {
	app, err := salla.New(salla.Config{Transport: transport})
	if err != nil {
		return nil, err
	}
	return app.Open(catalog.Account{Store: t.Shop}, catalog.StaticToken(t.Token))
}

// running is a store that listens.
type running struct {
	store
	listener *http.Server
	requests atomic.Int64
	sent     atomic.Int64 // bytes of bodies
}

// ServeHTTP counts what clients ask and are sent.
func (r *running) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.requests.Add(1)
	r.store.ServeHTTP(&countingWriter{w, &r.sent}, request)
}

type countingWriter struct {
	http.ResponseWriter
	n *atomic.Int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.n.Add(int64(n))
	return n, err
}

func (c *countingWriter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (p platform) start(products int, latency time.Duration, unlimited bool) (*running, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &running{store: p.serve(products, latency, unlimited, listener.Addr().String())}
	r.target.Platform = p.name
	r.listener = &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	go r.listener.Serve(listener) //nolint:errcheck // ends with stop
	return r, nil
}

func (r *running) stop() {
	_ = r.listener.Shutdown(context.Background())
	r.close()
}

func (r *running) text() string {
	text, _ := json.Marshal(r.target) // texts always encode
	return string(text)
}

// openPlatform makes the engine for a target in the process that reads it.
func openPlatform(w *wire, t target) (catalog.Engine, error) {
	for _, p := range platforms {
		if p.name == t.Platform {
			return p.open(w, t)
		}
	}
	return nil, fmt.Errorf("unknown platform %q", t.Platform)
}
