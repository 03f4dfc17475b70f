package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	woocommercepeer "github.com/hiscaler/woocommerce-go"
	"github.com/hiscaler/woocommerce-go/config"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

const wooPeerName = "hiscaler/woocommerce-go v1.0.3"

// serveWooCommerce is a store on plain http, so that both clients sign by
// OAuth 1.0a. WooCommerce has no rate limit.
func serveWooCommerce(products int, latency time.Duration, _ bool, address string) store {
	s := woocommercetest.NewServer(&woocommercetest.Config{StoreURL: "http://" + address, Products: products, Orders: -1, Customers: -1, Latency: latency})
	return wooStore(s, address)
}

// servePlainWooCommerce leaves out metadata, whose values may be anything: the
// peer gives up a page for the first that is neither text nor number.
func servePlainWooCommerce(products int, latency time.Duration, _ bool, address string) store {
	s := woocommercetest.NewServer(&woocommercetest.Config{StoreURL: "http://" + address, Products: products, Orders: -1, Customers: -1, Latency: latency})
	for _, p := range s.Products() {
		if len(p.Meta) > 0 {
			_ = s.UpdateProduct(p.ID, func(p *woocommercetest.Product) { p.Meta = nil }) // it is there
		}
	}
	return wooStore(s, address)
}

func wooStore(s *woocommercetest.Server, address string) store {
	return store{
		Handler: s, close: s.Close, throttled: func() int { return 0 }, least: withinBudget,
		target: target{Address: address, Shop: s.StoreURL(), Token: s.ConsumerKey(), Keys: map[string]string{"secret": s.ConsumerSecret()}},
	}
}

// measureWooCommerce reads the same 10,000 products with 60 ms of latency by
// both clients, each in a process of its own.
func measureWooCommerce(ctx context.Context) ([]row, error) {
	var ours, peer usage
	for client, into := range map[string]*usage{"platform": &ours, "woocommerce-peer": &peer} {
		s, err := platform{woocommerce.Platform, servePlainWooCommerce, openWooCommerce}.start(scanned, pageLatency, false)
		if err != nil {
			return nil, err
		}
		*into, err = inChild(ctx, client, s.text())
		s.stop()
		if err != nil {
			return nil, err
		}
		into.Requests, into.Received = s.requests.Load(), s.sent.Load() // the peer's own transport does not tell
		if into.Products != scanned {
			return nil, fmt.Errorf("%s read %d products, want %d", client, into.Products, scanned)
		}
	}
	beside := func(what, unit string, of func(usage) float64) row {
		return row{What: what, Unit: unit, Ours: of(ours), Peer: of(peer), Ratio: of(ours) / of(peer), PeerName: wooPeerName}
	}
	rows := []row{
		beside("10,000 products over http: requests", "calls", func(u usage) float64 { return float64(u.Requests) }),
		beside("variations read", "variations", func(u usage) float64 { return float64(u.Variants) }),
		beside("wall", "s", func(u usage) float64 { return u.Wall.Seconds() }),
		beside("allocated per byte received", "B/B", func(u usage) float64 { return float64(u.Allocated) / float64(u.Received) }),
		beside("peak RSS", "MB", func(u usage) float64 { return float64(u.PeakKiB) / 1024 }),
		beside("CPU per byte received", "ns/B", func(u usage) float64 { return float64(u.CPU.Nanoseconds()) / float64(u.Received) }),
	}
	rows[1].Ratio, rows[1].Note = 0, "the peer's products hold only the variations' ids"
	return rows, nil
}

// readWooCommercePeer reads page by page, as the peer's documents show, and
// keeps every product, as it has no other way.
func readWooCommercePeer(ctx context.Context, t target, u *usage) error {
	client := woocommercepeer.NewClient(config.Config{URL: t.Shop, ConsumerKey: t.Token, ConsumerSecret: t.Keys["secret"], Timeout: 60})
	params := woocommercepeer.ProductsQueryParams{}
	params.PerPage, params.OrderBy, params.Order = 100, "id", "asc"
	start := time.Now()
	for params.Page = 1; ; params.Page++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		items, _, _, last, err := client.Services.Product.All(params)
		if err != nil {
			return fmt.Errorf("page %d: %w", params.Page, err)
		}
		u.Requests++
		u.Products += len(items)
		if last {
			break
		}
	}
	u.Wall = time.Since(start)
	return nil
}

func openWooCommerce(transport http.RoundTripper, t target) (catalog.Engine, error) {
	app, err := woocommerce.New(woocommerce.Config{Transport: transport})
	if err != nil {
		return nil, err
	}
	keys := catalog.Credential{Key: catalog.NewSecret(t.Token), Secret: catalog.NewSecret(t.Keys["secret"])}
	return app.Open(catalog.Account{Store: t.Shop}, catalog.StaticCredential(keys))
}
