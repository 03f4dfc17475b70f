package webhook_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"strings"
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

// zeros is an endless body.
type zeros struct{ left int64 }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), z.left)
	z.left -= n
	return int(n), nil
}

func TestHugeBodiesOfStrangersCostLittle(t *testing.T) {
	w := newWorld(t, nil)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var peak atomic.Uint64
	stop := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapAlloc))
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	for _, length := range []int64{-1, 300 << 20} { // chunked, and announced
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/webhooks/shopify", &zeros{left: 300 << 20})
		check(t, err)
		req.ContentLength = length
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			continue // it may be cut off while it still sends
		}
		if res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("length %d: answered %d", length, res.StatusCode)
		}
		_ = res.Body.Close()
	}
	close(stop)
	watch.Wait()
	runtime.ReadMemStats(&after)
	if grown := int64(peak.Load()) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("the heap grew by %d KiB", grown>>10)
	}
	if total := after.TotalAlloc - before.TotalAlloc; total > 32<<20 {
		t.Errorf("%d KiB were allocated", total>>10)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.reports {
		if r.Status != http.StatusRequestEntityTooLarge {
			t.Errorf("reported %+v", r)
		}
	}
}

func TestAllBodiesTogetherAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.receiver.MaxInFlight = 8 << 10 })
	d := w.shop.Webhook("orders/create", []byte(`{"id":1,"x":"`+strings.Repeat("x", 9<<10)+`"}`))
	if got := w.post(t, "/webhooks/shopify", d); got.status != 503 {
		t.Errorf("answered %d", got.status)
	}
	small := w.shop.Webhook("orders/create", []byte(`{"id":1}`))
	for range 20 { // what is given back can be taken again
		if got := w.post(t, "/webhooks/shopify", small); got.status != 200 {
			t.Fatalf("a small one: %d", got.status)
		}
	}
}

func TestSlowAndBrokenSenders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.receiver.Timeout = 100 * time.Millisecond })
	for name, c := range map[string]struct {
		sent string
		cut  bool
		want string
	}{
		"stops in the middle":   {"POST /webhooks/shopify HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"id\":", false, "HTTP/1.1 503"},
		"chunk that never ends": {"POST /webhooks/shopify HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"", false, "HTTP/1.1 503"},
		"cut off":               {"POST /webhooks/shopify HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"id\":", true, "HTTP/1.1 400"},
		"bad chunk":             {"POST /webhooks/shopify HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", false, "HTTP/1.1 400"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
			check(t, err)
			defer conn.Close()
			check(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
			_, err = io.WriteString(conn, c.sent)
			check(t, err)
			if c.cut {
				check(t, conn.(*net.TCPConn).CloseWrite())
			}
			answer, err := io.ReadAll(conn)
			if !strings.HasPrefix(string(answer), c.want) {
				t.Errorf("answered %q, %v; want %s", answer, err, c.want)
			}
		})
	}
}
