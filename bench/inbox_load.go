package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/shopify/shopifytest"
)

// rate is what one round of load gave.
type rate struct {
	perSecond float64
	p50, p99  time.Duration
	answers   int
	cpu       time.Duration // for each answer, of the receiver and its database, not of those who send
}

var padding = strings.Repeat("n", 900)

// lastDelivery numbers the deliveries, which are never sent twice.
var lastDelivery atomic.Int64

// deliver posts a new delivery of about 1 KiB, signed as Shopify does.
func deliver(ctx context.Context, client *http.Client, r *receiver) error {
	n := 1_000_000 + lastDelivery.Add(1)
	body := fmt.Appendf(nil, `{"id": %d, "updated_at": "2026-11-01T10:%02d:%02dZ", "note": "%s"}`, n, n/60%60, n%60, padding)
	mac := hmac.New(sha256.New, []byte(receiverSecret))
	mac.Write(body)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header = http.Header{
		"Content-Type": {"application/json"}, shopifytest.HeaderTopic: {"orders/create"}, shopifytest.HeaderShop: {receiverShop},
		shopifytest.HeaderWebhookID: {rand.Text()}, shopifytest.HeaderEventID: {rand.Text()}, shopifytest.HeaderVersion: {"2026-07"},
		shopifytest.HeaderHMAC: {base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}
	answer, err := client.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("a delivery was answered %s", answer.Status)
	}
	return nil
}

func loadClient(connections int) *http.Client {
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections, DisableCompression: true}}
}

// load posts over so many connections, each one delivery after the other.
func load(ctx context.Context, r *receiver, connections int, length time.Duration) (rate, error) {
	client := loadClient(connections)
	defer client.CloseIdleConnections()
	took := make([][]time.Duration, connections)
	errs := make([]error, connections)
	begin := time.Now()
	var all sync.WaitGroup
	for i := range connections {
		all.Go(func() {
			for errs[i] == nil && time.Since(begin) < length {
				start := time.Now()
				errs[i] = deliver(ctx, client, r)
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	all.Wait()
	wall := time.Since(begin)
	for _, err := range errs {
		if err != nil {
			return rate{}, err
		}
	}
	each := slices.Concat(took...)
	slices.Sort(each)
	return rate{answers: len(each), perSecond: float64(len(each)) / wall.Seconds(), p50: each[len(each)/2], p99: each[len(each)*99/100]}, nil
}

// deliverMany posts so many deliveries.
func deliverMany(ctx context.Context, r *receiver, connections, n int) error {
	client := loadClient(connections)
	defer client.CloseIdleConnections()
	var left atomic.Int64
	left.Store(int64(n))
	errs := make([]error, connections)
	var all sync.WaitGroup
	for i := range connections {
		all.Go(func() {
			for errs[i] == nil && left.Add(-1) >= 0 {
				errs[i] = deliver(ctx, client, r)
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
