package webhook_test

import (
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

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
