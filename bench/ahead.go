package main

import (
	"context"
	"fmt"
	"time"

	"github.com/soukhq/souk/catalog"
)

// measureAhead reads with 60 ms of latency while the consumer spends 40 ms on
// each page. A reader that asks for the next page meanwhile needs only the
// longer of the two per page.
func measureAhead(ctx context.Context) ([]row, error) {
	const (
		pages   = 40
		size    = 250
		latency = pageLatency
		work    = 40 * time.Millisecond
	)
	s, err := serve(pages*size, false, latency)
	if err != nil {
		return nil, err
	}
	defer s.close()
	fitPages(s.Server)
	w := newWire(s.address)
	engine, err := openSouk(w, target{Address: s.address, Shop: s.Shop(), Token: s.Token()})
	if err != nil {
		return nil, err
	}
	// What a page takes beyond the latency: the time to make and move it.
	transfer, err := pageTime(ctx, w, engine, size)
	if err != nil {
		return nil, err
	}
	requests := w.requests.Load()
	start, n := time.Now(), 0
	for _, err := range engine.Products(ctx, catalog.ProductQuery{}) {
		if err != nil {
			return nil, err
		}
		if n++; n%size == 0 {
			time.Sleep(work)
		}
	}
	wall := time.Since(start)
	if got := w.requests.Load() - requests; got != pages || n != pages*size {
		return nil, fmt.Errorf("%d requests for %d products, want %d for %d", got, n, pages, pages*size)
	}
	least := (pages * max(latency+transfer, work)).Seconds()
	serial := (pages * (latency + transfer + work)).Seconds()
	return []row{{What: fmt.Sprintf("%d pages, 60 ms latency, 40 ms of work each", pages), Unit: "s", Ours: wall.Seconds(), Minimum: least, OverMinimum: wall.Seconds() / least,
		Note: fmt.Sprintf("target 1.05; a reader that works between its requests needs %.2f s; transfer %v a page", serial, transfer.Round(time.Millisecond))}}, nil
}
