package woocommerce_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

func export(t testing.TB, ctx context.Context, e catalog.Engine, size int) iter.Seq2[catalog.Product, error] {
	return capability[catalog.ProductExporter](t, e).ExportProducts(ctx, catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: size}})
}

// TestExportsStayWholeWhileProductsComeAndGo: whatever happens before a page,
// of which several are under way, what is there throughout comes exactly once.
func TestExportsStayWholeWhileProductsComeAndGo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 4))
			server := newServer(t, woocommercetest.Config{Products: 60 + random.IntN(120), Orders: -1, Customers: -1})
			before := productIDs(server)
			var mu sync.Mutex
			var gone []int64
			engine := disturbed(t, server, "/products", func(int) {
				mu.Lock()
				defer mu.Unlock()
				gone = append(gone, churn(server, random)...)
			})
			got := ids(t, export(t, t.Context(), engine, 1+random.IntN(17)), productID)
			if missing, twice := exactly(without(before, gone), productIDs(server), got); len(missing) > 0 || len(twice) > 0 {
				t.Errorf("missing %v, twice %v", missing, twice)
			}
		})
	}
}

// gate holds requests of a list until so many are there at once.
type gate struct {
	http.RoundTripper
	mu      sync.Mutex
	waiting int
	want    int
	open    chan struct{}
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/wc/v3/products") && r.URL.Query().Has("offset") {
		g.mu.Lock()
		if g.waiting++; g.waiting == g.want {
			close(g.open)
		}
		g.mu.Unlock()
		select {
		case <-g.open:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return g.RoundTripper.RoundTrip(r)
}

// TestExportsReadPagesAtTheSameTime, and leave none under way.
func TestExportsReadPagesAtTheSameTime(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 100, Orders: -1, Customers: -1})
	g := &gate{RoundTripper: server.Transport(), want: 4, open: make(chan struct{})}
	e := openStore(t, newAdapter(t, server, woocommerce.Config{Transport: g}), server)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if got := ids(t, export(t, ctx, e, 10), productID); len(got) != 100 {
		t.Errorf("%d products", len(got))
	}
	for p, err := range export(t, ctx, e, 10) { // breaking out waits for the rest
		if err != nil || p.ID == "" {
			t.Error(err)
		}
		break
	}
}

// TestAnExportThatFailsSaysSo after what came before, and however late.
func TestAnExportThatFailsSaysSo(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 100, Orders: -1, Customers: -1})
	e := openStore(t, newAdapter(t, server, woocommerce.Config{Attempts: 1}), server)
	server.Inject(woocommercetest.Fault{Path: "/products", Skip: 5, Times: -1, Status: 403, Body: "<html>no</html>"})
	count := 0
	var last error
	for _, err := range export(t, t.Context(), e, 10) {
		if last = err; err == nil {
			count++
		}
	}
	if last == nil || count >= 100 {
		t.Errorf("%d products and %v", count, last)
	}
	_, err := catalog.Collect(capability[catalog.ProductExporter](t, e).ExportProducts(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{Sort: catalog.SortUpdated}}))
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("sorted by change: %v", err)
	}
}
