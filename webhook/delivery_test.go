package webhook_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify/shopifytest"
	"github.com/soukhq/souk/webhook"
)

// faulty is an inbox that goes wrong as told.
type faulty struct {
	*webhook.MemoryInbox
	put func(ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error)
}

func (f *faulty) Put(ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
	return f.put(ctx, entries)
}

func TestFortyCopiesOfEachDelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	var deliveries []shopifytest.Delivery
	for _, o := range w.shop.Orders() {
		deliveries = append(deliveries, w.shop.Webhook("orders/updated", w.shop.OrderPayload(o)))
	}
	deliveries = append(deliveries, deliveries[0].Altered()) // never accepted, however often
	var sends []shopifytest.Delivery
	for _, d := range deliveries {
		for range 40 {
			sends = append(sends, d)
		}
	}
	rand.Shuffle(len(sends), func(i, j int) { sends[i], sends[j] = sends[j], sends[i] })
	var all sync.WaitGroup
	var accepted atomic.Int32
	gate := make(chan struct{}, 40)
	for _, d := range sends {
		all.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			if w.post(t, "/webhooks/shopify", d).status == 200 {
				accepted.Add(1)
			}
		})
	}
	all.Wait()
	if want := int32(40 * (len(deliveries) - 1)); accepted.Load() != want {
		t.Errorf("%d were accepted; want %d", accepted.Load(), want)
	}
	fresh := make(map[string]int)
	for _, r := range w.reports {
		for i, result := range r.Results {
			if !result.Duplicate {
				fresh[r.Events[i].Key]++
			}
		}
	}
	if len(fresh) != len(deliveries)-1 || len(w.records(t, webhook.Query{Limit: 500})) != len(fresh) {
		t.Errorf("%d events are new", len(fresh))
	}
	for key, n := range fresh {
		if n != 1 {
			t.Errorf("%s was new %d times", key, n)
		}
	}
}

// A platform sends again until it is told that the event is safe.
func TestInboxErrorsMakeThePlatformSendAgain(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	w := newWorld(t, func(w *world) {
		w.receiver.Inbox = &faulty{w.inbox, func(ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
			switch calls.Add(1) {
			case 1:
				return nil, errors.New("disk full")
			case 2:
				panic("a bug")
			case 3:
				return nil, &catalog.Error{Kind: catalog.ErrUnavailable}
			case 4: // kept, but the answer is lost
				_, _ = w.inbox.Put(ctx, entries)
				return nil, errors.New("connection lost")
			}
			return w.inbox.Put(ctx, entries)
		}}
	})
	d := w.order(t, "orders/paid")
	attempts, err := w.shop.Send(t.Context(), w.url+"/webhooks/shopify", d)
	check(t, err)
	var statuses []int
	for _, a := range attempts {
		statuses = append(statuses, a.Status)
	}
	if len(statuses) != 5 || statuses[0] != 503 || statuses[3] != 503 || statuses[4] != 200 {
		t.Errorf("answered %v", statuses)
	}
	if got := w.last(t); !got.Results[0].Duplicate {
		t.Errorf("what was kept came again as %+v", got.Results)
	}
	if n := len(w.records(t, webhook.Query{})); n != 1 {
		t.Errorf("%d records", n)
	}
}

func TestHangingInboxIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	w := newWorld(t, func(w *world) {
		w.receiver.Timeout = 50 * time.Millisecond
		w.receiver.Batch.MaxQueued = 2
		w.receiver.Inbox = &faulty{w.inbox, func(ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
			<-release
			return w.inbox.Put(ctx, entries)
		}}
	})
	for i := range 3 {
		got := w.post(t, "/webhooks/shopify", w.order(t, "orders/paid"))
		if got.status != 503 || got.header.Get("Retry-After") == "" {
			t.Errorf("answered %d", got.status)
		}
		full := errors.Is(w.last(t).Err, catalog.ErrUnavailable)
		if full != (i == 2) {
			t.Errorf("delivery %d: %v", i, w.last(t).Err)
		}
	}
	close(release)
	// What was admitted is kept although nobody waited.
	check(t, w.receiver.Close(t.Context()))
	if n := len(w.records(t, webhook.Query{})); n != 2 {
		t.Errorf("%d records; want the 2 admitted", n)
	}
	if got := w.post(t, "/webhooks/shopify", w.order(t, "orders/paid")); got.status != 503 {
		t.Errorf("after Close: %d", got.status)
	}
}
