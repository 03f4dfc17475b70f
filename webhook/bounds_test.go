package webhook_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

func TestBodiesOfAllSizesArriveWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, size := range []int{1, 64<<10 - 9, 64<<10 - 8, 64<<10 - 7, 64 << 10, 200_000, 2<<20 - 8} {
		d := w.shop.Webhook("orders/updated", []byte(`{"x":"`+strings.Repeat("x", size)+`"}`))
		if len(d.Body) > 2<<20 {
			t.Fatalf("%d bytes is more than the default bound", len(d.Body))
		}
		for _, length := range []int64{int64(len(d.Body)), -1} {
			req, err := d.Request(t.Context(), w.url+"/webhooks/shopify")
			check(t, err)
			req.ContentLength = length
			res, err := http.DefaultClient.Do(req)
			check(t, err)
			check(t, res.Body.Close())
			if report := w.last(t); res.StatusCode != 200 || report.Size != len(d.Body) {
				t.Errorf("%d bytes, announced %d: answered %d, read %d: %v", len(d.Body), length, res.StatusCode, report.Size, report.Err)
			}
		}
	}
}

func TestSourceIsTheAddressOrItsNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for remote, want := range map[string]string{
		"192.0.2.7:1234": "192.0.2.7", "[::ffff:192.0.2.7]:1234": "192.0.2.7", "[2001:db8:1:2:3:4:5:6]:9": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:9": "fe80::/64", "@": "@", "pipe:1": "pipe",
	} {
		req := httptest.NewRequest(http.MethodPost, "/webhooks/shopify", nil)
		req.RemoteAddr = remote
		w.receiver.ServeHTTP(httptest.NewRecorder(), req)
		if got := w.last(t).Source; got != want {
			t.Errorf("%s is %q; want %q", remote, got, want)
		}
	}
}

func memoryPut(t *testing.T, inbox *webhook.MemoryInbox, size int, ns ...int) error {
	t.Helper()
	for _, n := range ns {
		e := orderEvent(n)
		e.Payload = make([]byte, size)
		if _, err := inbox.Put(t.Context(), []webhook.Entry{webhook.EntryOf(e)}); err != nil {
			return err
		}
	}
	return nil
}

func finish(t *testing.T, inbox *webhook.MemoryInbox, limit int) {
	t.Helper()
	claimed, err := inbox.Claim(t.Context(), limit, time.Minute)
	check(t, err)
	for _, c := range claimed {
		errs, err := inbox.Settle(t.Context(), []webhook.Settlement{{Lease: c.Lease, State: webhook.StateDone}})
		check(t, errors.Join(append(errs, err)...))
	}
}

func TestMemoryInboxIsBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config webhook.MemoryInboxConfig
		size   int
	}{
		"by records": {webhook.MemoryInboxConfig{MaxRecords: 4}, 1},
		"by bytes":   {webhook.MemoryInboxConfig{MaxBytes: 4000}, 1000},
	} {
		inbox := webhook.NewMemoryInbox(c.config)
		check(t, memoryPut(t, inbox, c.size, 1, 2, 3, 4))
		if err := memoryPut(t, inbox, c.size, 5); !errors.Is(err, catalog.ErrUnavailable) {
			t.Errorf("%s: full of events that wait: %v", name, err)
		}
		finish(t, inbox, 2)
		check(t, memoryPut(t, inbox, c.size, 5, 6))
		stats, err := inbox.Stats(t.Context())
		check(t, err)
		if stats.States[webhook.StateDone] != 0 || stats.States[webhook.StatePending] != 4 || stats.Keys != 6 {
			t.Errorf("%s: %+v", name, stats)
		}
		// What was forgotten is known all the same.
		results, err := inbox.Put(t.Context(), []webhook.Entry{webhook.EntryOf(orderEvent(1))})
		if err != nil || !results[0].Duplicate || results[0].ID != "" {
			t.Errorf("%s: a forgotten event is %+v, %v", name, results, err)
		}
	}
}

func TestMemoryInboxForgetsTheOldestKeys(t *testing.T) {
	t.Parallel()
	inbox := webhook.NewMemoryInbox(webhook.MemoryInboxConfig{MaxKeys: 50, MaxRecords: 20})
	check(t, memoryPut(t, inbox, 1, 1000)) // waits all the time
	for n := range 300 {
		check(t, memoryPut(t, inbox, 1, n))
		claimed, err := inbox.Claim(t.Context(), 10, 1000*time.Hour)
		check(t, err)
		for _, c := range claimed {
			if c.Event.ResourceID == "1000" {
				continue
			}
			_, err := inbox.Settle(t.Context(), []webhook.Settlement{{Lease: c.Lease, State: webhook.StateDone}})
			check(t, err)
		}
	}
	stats, err := inbox.Stats(t.Context())
	check(t, err)
	if stats.Keys != 50 {
		t.Errorf("%d keys", stats.Keys)
	}
	for n, known := range map[int]bool{1000: true, 299: true, 260: true, 1: false} {
		results, err := inbox.Put(t.Context(), []webhook.Entry{webhook.EntryOf(orderEvent(n))})
		if err != nil || results[0].Duplicate != known {
			t.Errorf("%s: %+v, %v; want known %v", fmt.Sprint(n), results, err, known)
		}
	}
	page, err := inbox.Search(t.Context(), webhook.Query{Limit: 500})
	if err != nil || len(page.Records) > 20 || page.Records[0].Event.ResourceID != "1" {
		t.Errorf("%d records, %v", len(page.Records), err)
	}
}

func TestTransactNeedsAnInboxThatCan(t *testing.T) {
	t.Parallel()
	if err := webhook.Transact(t.Context(), nil); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("outside a handler: %v", err)
	}
	if _, ok := webhook.DeliveredFrom(t.Context()); ok {
		t.Error("an attempt outside a handler")
	}
	webhook.Saw(t.Context(), orderEvent(1), catalog.Orders, "1", time.Now())
	if err := webhook.Permanent(nil); err != nil {
		t.Errorf("Permanent(nil) is %v", err)
	}
}
