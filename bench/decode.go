package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"time"

	goshopify "github.com/bold-commerce/go-shopify/v4"

	"github.com/soukhq/souk/catalog"
)

// canned answers every request with one recorded answer.
type canned struct {
	header http.Header
	body   []byte
}

// RoundTrip implements http.RoundTripper.
func (c *canned) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: c.header.Clone(), Body: io.NopCloser(bytes.NewReader(c.body)),
		ContentLength: int64(len(c.body)), Request: r}, nil
}

// recorder keeps the last answer that went through it.
type recorder struct {
	inner http.RoundTripper
	last  canned
}

// RoundTrip implements http.RoundTripper.
func (c *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.inner.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	c.last = canned{resp.Header, body}
	return resp, err
}

// measureDecode turns one page of 250 products into values again and again:
// all of a client's work less the socket. The rounds of both clients take
// turns and the best of each counts, so that load on the machine hits both.
func measureDecode(ctx context.Context) ([]row, error) {
	s, err := serve(250, false, 0)
	if err != nil {
		return nil, err
	}
	defer s.close()
	t := target{Address: s.address, Shop: s.Shop(), Token: s.Token()}
	record := &recorder{inner: newWire(s.address)}

	engine, err := openSouk(record, t)
	if err != nil {
		return nil, err
	}
	// Only the page itself: what lies beyond its nested lists comes in further
	// calls, which are left out by keeping the products small.
	for _, p := range s.Products() {
		if len(p.Variants) > 50 || len(p.Media) > 10 {
			s.DeleteProduct(p.ID)
		}
	}
	first := func() (n int, err error) {
		for _, err := range engine.Products(ctx, catalog.ProductQuery{}) {
			if err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
	count, err := first()
	if err != nil {
		return nil, err
	}
	ourPage := record.last
	if engine, err = openSouk(&ourPage, t); err != nil {
		return nil, err
	}

	client, err := openPeer(record, t, 0)
	if err != nil {
		return nil, err
	}
	list := func() (int, error) {
		page, err := client.Product.List(ctx, goshopify.ListOptions{Limit: 250})
		return len(page), err
	}
	peerCount, err := list()
	if err != nil {
		return nil, err
	}
	peerPage := record.last
	if client, err = openPeer(&peerPage, t, 0); err != nil {
		return nil, err
	}
	var ours, peer []sample
	for range 15 {
		for into, decode := range map[*[]sample]func() (int, error){&ours: first, &peer: list} {
			one, err := timed(decode)
			if err != nil {
				return nil, err
			}
			*into = append(*into, one)
		}
	}
	a, b := best(ours), best(peer)
	perByte := func(s sample, page canned) float64 { return float64(s.took.Nanoseconds()) / float64(len(page.body)) }
	allocated := func(s sample, page canned) float64 { return float64(s.allocated) / float64(len(page.body)) }
	return []row{
		{What: fmt.Sprintf("one page of %d products: time per byte", count), Unit: "ns/B", Ours: perByte(a, ourPage), Peer: perByte(b, peerPage),
			Ratio: perByte(a, ourPage) / perByte(b, peerPage), PeerName: peerName, Note: fmt.Sprintf("target 0.75; pages of %d and %d KB", len(ourPage.body)/1000, len(peerPage.body)/1000)},
		{What: "allocated per byte", Unit: "B/B", Ours: allocated(a, ourPage), Peer: allocated(b, peerPage), Ratio: allocated(a, ourPage) / allocated(b, peerPage), PeerName: peerName},
		{What: "time per product", Unit: "us", Ours: a.took.Seconds() * 1e6 / float64(count), Peer: b.took.Seconds() * 1e6 / float64(peerCount),
			Ratio: a.took.Seconds() / float64(count) / (b.took.Seconds() / float64(peerCount)), PeerName: peerName},
	}, nil
}

type sample struct {
	took      time.Duration
	allocated uint64
}

// timed runs a decoder for a while and returns what one run took.
func timed(decode func() (int, error)) (sample, error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start, runs := time.Now(), 0
	for ; time.Since(start) < 200*time.Millisecond; runs++ {
		if n, err := decode(); err != nil || n == 0 {
			return sample{}, fmt.Errorf("decoded %d records: %w", n, err)
		}
	}
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return sample{took / time.Duration(runs), (after.TotalAlloc - before.TotalAlloc) / uint64(runs)}, nil
}

func best(all []sample) sample {
	return slices.MinFunc(all, func(a, b sample) int { return int(a.took - b.took) })
}
