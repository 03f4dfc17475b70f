package woocommerce_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// pair holds the requests from a row on until two are there at once, and
// counts how many of the list are under way.
type pair struct {
	http.RoundTripper
	from int
	open chan struct{}

	mu           sync.Mutex
	held         int
	now, most    int
	asked, ended int
}

func (g *pair) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/wc/v3/products") {
		return g.RoundTripper.RoundTrip(r)
	}
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset")) // "" = from the first row
	g.mu.Lock()
	g.asked, g.now = g.asked+1, g.now+1
	g.most = max(g.most, g.now)
	if offset >= g.from {
		if g.held++; g.held == 2 {
			close(g.open)
		}
	}
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.now, g.ended = g.now-1, g.ended+1
		g.mu.Unlock()
	}()
	if offset >= g.from {
		select {
		case <-g.open:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return g.RoundTripper.RoundTrip(r)
}

// TestAListWaitsForAPageAndReadsTheNext, no more, and leaves none under way.
func TestAListWaitsForAPageAndReadsTheNext(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 100, Orders: -1, Customers: -1})
	g := &pair{RoundTripper: server.Transport(), from: 18, open: make(chan struct{})}
	e := openStore(t, newAdapter(t, server, woocommerce.Config{Transport: g}), server)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	query := catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 10}}
	if got := ids(t, e.Products(ctx, query), productID); len(got) != 100 {
		t.Errorf("%d products", len(got))
	}
	if g.most != 2 || g.asked != 11 {
		t.Errorf("%d pages at once, %d in all", g.most, g.asked)
	}
	n := 0
	for _, err := range e.Products(ctx, query) {
		if err != nil {
			t.Error(err)
		}
		if n++; n == 35 {
			break
		}
	}
	if g.ended != g.asked {
		t.Errorf("%d of %d requests ended before the list", g.ended, g.asked)
	}
}

// A store that bears one call at a time is still read to its end.
func TestAListNeedsNoMoreThanOneCallAtOnce(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 100, Orders: -1, Customers: -1})
	pace := transport.PoliteConfig{Concurrency: 1, MaxConcurrency: 1}
	e := openStore(t, newAdapter(t, server, woocommerce.Config{Pace: pace}), server)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if got := ids(t, e.Products(ctx, catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 10}}), productID); len(got) != 100 {
		t.Errorf("%d products", len(got))
	}
	if n := server.Ledger().Concurrent; n > 1 {
		t.Errorf("%d at once", n)
	}
}

// Where pages are short, nobody knows where the page after the next begins.
func TestShortPagesAreNotReadAheadInVain(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 120, Orders: -1, Customers: -1})
	g := &pair{RoundTripper: &hider{RoundTripper: server.Transport(), every: 3}, from: 1 << 30}
	e := openStore(t, newAdapter(t, server, woocommerce.Config{Transport: g}), server)
	options := catalog.ListOptions{PageSize: 10}
	got := ids(t, e.Products(t.Context(), catalog.ProductQuery{ListOptions: options}), productID)
	all := g.asked
	options.Limit = len(got) // reads each page when it is asked for
	ids(t, e.Products(t.Context(), catalog.ProductQuery{ListOptions: options}), productID)
	if one := g.asked - all; len(got) == 0 || all > one+1 {
		t.Errorf("%d pages for %d products, where %d do", all, len(got), one)
	}
}
