package main

import (
	"context"
	"fmt"
	"time"

	"github.com/soukhq/souk/catalog"
)

const (
	pageLatency = 60 * time.Millisecond
	manyScanned = 100_000
)

// measurePlatforms reads 10,000 products of each platform through its server
// with 60 ms of latency and its rate limit, and compares the memory of 10,000
// products with that of 100,000.
func measurePlatforms(ctx context.Context) ([]row, error) {
	var rows []row
	for _, p := range platforms {
		if one := platformOf(ctx); one != "" && one != p.name {
			continue
		}
		timed, err := timeScan(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		flat, err := flatness(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		rows = append(append(rows, timed...), flat)
	}
	return rows, nil
}

type onePlatform struct{}

// platformOf is the only platform to be measured; "" = all.
func platformOf(ctx context.Context) string {
	name, _ := ctx.Value(onePlatform{}).(string)
	return name
}

// timeScan reads a store once. The least time is that of its pages one after
// another, or what the rate limit makes the calls take, if that is more.
func timeScan(ctx context.Context, p platform) ([]row, error) {
	s, err := p.start(scanned, pageLatency, false)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	u, err := inChild(ctx, "platform", s.text())
	if err != nil {
		return nil, err
	}
	limit, throttled := max(0, s.least()), s.throttled()
	least := max(float64(u.Pages)*(pageLatency+u.Transfer).Seconds(), limit)
	name := fmt.Sprintf("%s, %d products: ", p.name, u.Products)
	return []row{
		{What: name + "requests", Unit: "calls", Ours: float64(u.Requests), Minimum: float64(u.Pages), OverMinimum: float64(u.Requests) / float64(u.Pages),
			Note: fmt.Sprintf("pages of %d", u.PageSize)},
		{What: name + "wall", Unit: "s", Ours: u.Wall.Seconds(), Minimum: least, OverMinimum: u.Wall.Seconds() / least,
			Note: fmt.Sprintf("target 1.05; 60 ms of latency and %v to make and move a page; the rate limit alone: %.1f s", u.Transfer.Round(time.Millisecond), limit)},
		{What: name + "throttled", Unit: "answers", Ours: float64(throttled), Note: "target 0"},
	}, nil
}

// flatness compares the peaks of memory. The small store is read ten times,
// so that both runs make the same garbage and only growth with the catalogue
// can tell them apart.
func flatness(ctx context.Context, p platform) (row, error) {
	peak := func(products, scans int) (float64, error) {
		s, err := p.start(products, 0, true)
		if err != nil {
			return 0, err
		}
		defer s.stop()
		s.target.Scans = scans
		u, err := inChild(ctx, "platform", s.text())
		return float64(u.PeakKiB) / 1024, err
	}
	small, err := peak(scanned, manyScanned/scanned)
	if err != nil {
		return row{}, err
	}
	large, err := peak(manyScanned, 1)
	if err != nil {
		return row{}, err
	}
	return row{What: p.name + ", 100,000 products against 10,000: peak RSS", Unit: "MB", Ours: large, Minimum: small, OverMinimum: large / small,
		Note: "target 1.1"}, nil
}

// readPlatform is the work of the process that is measured: it times single
// first pages, if it is a timed run, and then scans.
func readPlatform(ctx context.Context, w *wire, t target, u *usage) error {
	engine, err := openPlatform(w, t)
	if err != nil {
		return err
	}
	list := engine.Features().Resources[catalog.Products]
	u.PageSize = list.MaxPageSize
	query := catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: list.MaxPageSize}}
	if t.Scans == 0 {
		if u.Transfer, err = pageTime(ctx, w, engine, list.MaxPageSize); err != nil {
			return err
		}
		w.requests.Store(0)
		w.received.Store(0)
	}
	start := time.Now()
	for range max(1, t.Scans) {
		u.Products = 0
		for p, err := range engine.Products(ctx, query) {
			if err != nil {
				return err
			}
			if len(p.Raw) == 0 || p.ID == "" || p.Cursor == "" {
				return fmt.Errorf("product %s came without its id, cursor or Raw", p.ID)
			}
			u.Products++
			u.Variants += len(p.Variants)
		}
	}
	u.Wall = time.Since(start)
	if u.Variants < u.Products/2 { // some of a seeded store have none
		return fmt.Errorf("%d products came with %d variants", u.Products, u.Variants)
	}
	u.Pages = (t.rows(u.Products) + list.MaxPageSize - 1) / list.MaxPageSize
	return nil
}

// pageTime is the least that a page took of several read for themselves, less
// the latency: the largest answer of each, since a page may need further calls.
func pageTime(ctx context.Context, w *wire, engine catalog.Engine, size int) (time.Duration, error) {
	least := time.Hour
	for range 5 {
		w.largest()
		query := catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: size, Limit: size}}
		for _, err := range engine.Products(ctx, query) {
			if err != nil {
				return 0, err
			}
		}
		least = min(least, w.largest())
	}
	return max(0, least-pageLatency), nil
}
