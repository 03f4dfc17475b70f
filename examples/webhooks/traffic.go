package main

import (
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// traffic sends what platforms send: deliveries in good order, some of them
// several times, some late, and some that are forged.
type traffic struct {
	shops  shops
	url    string
	rate   float64
	logger *slog.Logger
	client *http.Client
	// forgeries bounds what is forged, below what the receiver forgives a
	// source: all that is sent here comes from one.
	forgeries *rate.Limiter
	slots     chan struct{} // bounds what is under way
	running   sync.WaitGroup
}

func newTraffic(all shops, url string, s settings, logger *slog.Logger) *traffic {
	t := &traffic{url: url, rate: s.rate, logger: logger, forgeries: rate.NewLimiter(2, 2), slots: make(chan struct{}, 64),
		client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	for _, shop := range all {
		if shop.inside {
			t.shops = append(t.shops, shop)
		}
	}
	return t
}

// run sends until ctx ends.
func (t *traffic) run(ctx context.Context) {
	defer t.client.CloseIdleConnections()
	defer t.running.Wait()
	if len(t.shops) == 0 {
		return
	}
	for _, shop := range t.shops {
		if p := shop.send.first(); p != nil {
			t.send(ctx, p.path, p.good, 1)
		}
	}
	pace := rate.NewLimiter(rate.Limit(t.rate), max(1, int(t.rate/20)))
	for n := 0; pace.Wait(ctx) == nil; n++ {
		t.one(ctx, t.shops[n%len(t.shops)])
	}
}

// one sends a delivery of a shop, in one of the ways that happen.
func (t *traffic) one(ctx context.Context, shop *shop) {
	pick := rand.IntN(1 << 20)
	p, err := shop.send.make(pick)
	if err != nil {
		t.logger.Error("a test server made no delivery", "platform", shop.adapter.Platform(), "error", err)
		return
	}
	switch n := rand.IntN(100); {
	case n < 15 && t.forgeries.Allow():
		t.send(ctx, p.path, p.forged[rand.IntN(len(p.forged))], 1)
	case n < 32: // again, at the same time
		for range 1 + rand.IntN(3) {
			t.send(ctx, p.path, p.good, 4)
		}
		t.send(ctx, p.path, p.good, 4)
	case n < 42: // late: another of the same record overtakes it
		t.later(ctx, shop, p, pick)
	default:
		t.send(ctx, p.path, p.good, 4)
	}
}

// later holds a delivery back until a newer one of the same record is handled.
func (t *traffic) later(ctx context.Context, shop *shop, old parcel, pick int) {
	t.spawn(ctx, func() {
		if !pause(ctx, 1500*time.Millisecond) {
			return
		}
		if newer, err := shop.send.make(pick); err == nil {
			t.post(ctx, newer.path, newer.good, 4)
		}
		if pause(ctx, 1500*time.Millisecond) {
			t.post(ctx, old.path, old.good, 4)
		}
	})
}

func (t *traffic) send(ctx context.Context, path string, d signed, tries int) {
	t.spawn(ctx, func() { t.post(ctx, path, d, tries) })
}

// spawn runs f beside the others, as many as there are slots.
func (t *traffic) spawn(ctx context.Context, f func()) {
	select {
	case t.slots <- struct{}{}:
		t.running.Go(func() {
			defer func() { <-t.slots }()
			f()
		})
	case <-ctx.Done():
	}
}

// post sends a delivery until it is answered with success, as platforms do, but
// sooner.
func (t *traffic) post(ctx context.Context, path string, d signed, tries int) {
	for wait := time.Second; ; wait *= 2 {
		request, err := d.Request(ctx, t.url+path)
		if err != nil {
			t.logger.Error("a delivery cannot be sent", "error", err)
			return
		}
		response, err := t.client.Do(request)
		if err == nil {
			_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16)) // for the next request on the connection
			_ = response.Body.Close()
			if response.StatusCode < 300 {
				return
			}
		}
		if tries--; tries <= 0 || !pause(ctx, wait) {
			return
		}
	}
}

// pause waits, and reports whether ctx still lasts.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
