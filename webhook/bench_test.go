package webhook_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/soukhq/souk/shopify/shopifytest"
	"github.com/soukhq/souk/webhook"
)

// nowhere keeps nothing.
type nowhere struct{}

func (nowhere) Put(_ context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
	results := make([]webhook.PutResult, len(entries))
	for i := range results {
		results[i].ID = "x"
	}
	return results, nil
}

// BenchmarkReceiver is the receiver alone, without a socket and a store: what
// a store's throughput is to be compared with.
func BenchmarkReceiver(b *testing.B) {
	w := newWorld(b, func(w *world) { w.receiver.Inbox, w.receiver.OnDelivery = nowhere{}, nil })
	var deliveries []shopifytest.Delivery
	for n := range 64 {
		body := fmt.Appendf(nil, `{"id":%d,"updated_at":"2026-07-01T10:00:00Z","note":"%s"}`, n, strings.Repeat("x", 1000))
		deliveries = append(deliveries, w.shop.Webhook("orders/updated", body))
	}
	var n atomic.Int64
	b.ReportAllocs()
	b.SetBytes(int64(len(deliveries[0].Body)))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			d := deliveries[n.Add(1)%64]
			req, err := d.Request(b.Context(), "http://host.example/webhooks/shopify")
			if err != nil {
				b.Error(err)
				return
			}
			req.RemoteAddr = "192.0.2.1:1234"
			answer := httptest.NewRecorder()
			w.receiver.ServeHTTP(answer, req)
			if answer.Code != 200 {
				b.Errorf("answered %d", answer.Code)
				return
			}
		}
	})
}
