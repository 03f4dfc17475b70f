package main

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	goshopify "github.com/bold-commerce/go-shopify/v4"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
)

// wire sends requests for the shop to the server, wherever it runs, and counts
// the bytes of the answers.
type wire struct {
	address  string
	inner    *http.Transport
	received atomic.Int64
	requests atomic.Int64

	mu     sync.Mutex
	body   int64         // the largest answer since largest was asked
	moving time.Duration // what that answer took
}

// largest forgets the largest answer and says what it took.
func (w *wire) largest() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	took := w.moving
	w.body, w.moving = 0, 0
	return took
}

func newWire(address string) *wire {
	return &wire{address: address, inner: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.requests.Add(1)
	start := time.Now()
	r = r.Clone(r.Context())
	r.Host = r.URL.Host
	r.URL.Scheme, r.URL.Host = "http", w.address
	resp, err := w.inner.RoundTrip(r)
	if err == nil {
		resp.Body = &counted{ReadCloser: resp.Body, wire: w, start: start}
	}
	return resp, err
}

type counted struct {
	io.ReadCloser
	wire  *wire
	start time.Time
	n     int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n += int64(n)
	c.wire.received.Add(int64(n))
	if err == io.EOF {
		c.wire.mu.Lock()
		defer c.wire.mu.Unlock()
		if c.n > c.wire.body {
			c.wire.body, c.wire.moving = c.n, time.Since(c.start)
		}
	}
	return n, err
}

// openSouk makes our client.
func openSouk(transport http.RoundTripper, t target) (catalog.Engine, error) {
	app, err := shopify.New(shopify.Config{Transport: transport})
	if err != nil {
		return nil, err
	}
	return app.Open(catalog.Account{Store: t.Shop}, catalog.StaticToken(t.Token))
}

// openPeer makes the peer's client, with as many tries as given; 0 is its
// default of none beyond the first.
func openPeer(transport http.RoundTripper, t target, retries int) (*goshopify.Client, error) {
	options := []goshopify.Option{goshopify.WithHTTPClient(&http.Client{Transport: transport}), goshopify.WithVersion("2026-07")}
	if retries > 0 {
		options = append(options, goshopify.WithRetry(retries))
	}
	return goshopify.NewClient(goshopify.App{}, t.Shop, t.Token, options...)
}

// scanSouk reads all products and checks that they are filled.
func scanSouk(ctx context.Context, engine catalog.Engine) (products, variants int, err error) {
	for p, err := range engine.Products(ctx, catalog.ProductQuery{}) {
		if err != nil {
			return products, variants, err
		}
		if err := filled(p); err != nil {
			return products, variants, err
		}
		products++
		variants += len(p.Variants)
	}
	return products, variants, nil
}

func scanPeer(ctx context.Context, client *goshopify.Client) (products, variants int, err error) {
	all, err := client.Product.ListAll(ctx, goshopify.ListOptions{Limit: 250})
	for _, p := range all {
		variants += len(p.Variants)
	}
	return len(all), variants, err
}
