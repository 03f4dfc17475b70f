package webhook_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

func TestDirectHandlesInTheRequest(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	w := newWorld(t, func(w *world) {
		w.receiver.Inbox, w.receiver.Deduper = nil, catalog.NewMemoryDeduper(catalog.MemoryDeduperConfig{})
		w.receiver.Handler = func(ctx context.Context, e catalog.Event) error {
			if e.Account != "tenant-1" {
				t.Errorf("the account is %q", e.Account)
			}
			switch calls.Add(1) {
			case 1:
				return errors.New("not yet")
			case 2:
				panic("a bug")
			}
			return nil
		}
	})
	d := w.order(t, "orders/paid")
	attempts, err := w.shop.Send(t.Context(), w.url+"/webhooks/shopify", d)
	check(t, err)
	if len(attempts) != 3 || attempts[0].Status != 503 || attempts[1].Status != 503 {
		t.Errorf("answered %+v", attempts)
	}
	if got := w.post(t, "/webhooks/shopify", d); got.status != 200 || !w.last(t).Results[0].Duplicate || calls.Load() != 3 {
		t.Errorf("a redelivery: %d, handled %d times", got.status, calls.Load())
	}
	if got := w.post(t, "/webhooks/shopify", d.Altered()); got.status != 401 || calls.Load() != 3 {
		t.Errorf("a forged one: %d, handled %d times", got.status, calls.Load())
	}
}

func TestDirectAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		d := &webhook.Direct{Deduper: catalog.NewMemoryDeduper(catalog.MemoryDeduperConfig{}), Handler: func(context.Context, catalog.Event) error {
			calls.Add(1)
			time.Sleep(time.Second)
			return nil
		}}
		var busy, fresh atomic.Int32
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				results, err := d.Put(t.Context(), []webhook.Entry{webhook.EntryOf(orderEvent(1))})
				check(t, err)
				switch {
				case errors.Is(results[0].Err, catalog.ErrUnavailable):
					busy.Add(1)
				case results[0].Err == nil && !results[0].Duplicate:
					fresh.Add(1)
				}
			})
		}
		all.Wait()
		if calls.Load() != 1 || fresh.Load() != 1 || busy.Load() != 39 {
			t.Errorf("handled %d times, %d fresh, %d busy", calls.Load(), fresh.Load(), busy.Load())
		}
	})
}

func TestDirectOutcomes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls int
		var fail error
		d := &webhook.Direct{Deduper: catalog.NewMemoryDeduper(catalog.MemoryDeduperConfig{}), Logger: quiet, MaxRunning: 1, Handler: func(ctx context.Context, e catalog.Event) error {
			calls++
			if e.ResourceID == "7" {
				time.Sleep(time.Minute) // whatever its context says
			}
			return fail
		}}
		put := func(n int) webhook.PutResult {
			results, err := d.Put(t.Context(), []webhook.Entry{webhook.EntryOf(orderEvent(n))})
			check(t, err)
			return results[0]
		}
		for n, c := range []struct {
			err       error
			final     bool
			failsOnce bool
		}{{nil, true, false}, {webhook.ErrIgnored, true, false}, {webhook.Permanent(errors.New("bad")), true, false}, {errors.New("down"), false, true}} {
			fail, calls = c.err, 0
			first, second := put(n), put(n)
			if (first.Err != nil) != c.failsOnce || second.Duplicate != c.final || c.final != (calls == 1) {
				t.Errorf("%v: %+v, %+v, handled %d times", c.err, first, second, calls)
			}
		}
		fail = nil
		if r := put(7); !errors.Is(r.Err, context.DeadlineExceeded) {
			t.Errorf("a handler that hangs: %+v", r)
		}
		if r := put(7); !errors.Is(r.Err, catalog.ErrUnavailable) {
			t.Errorf("sent again meanwhile: %+v", r)
		}
		if r := put(8); !errors.Is(r.Err, catalog.ErrUnavailable) {
			t.Errorf("above MaxRunning: %+v", r)
		}
		time.Sleep(time.Hour)
		if r := put(8); r.Err != nil {
			t.Errorf("after that: %+v", r)
		}
	})
}

// The sweep of a host without an inbox goes through the same deduper.
func TestDirectTwins(t *testing.T) {
	t.Parallel()
	var handled []string
	d := &webhook.Direct{Deduper: catalog.NewMemoryDeduper(catalog.MemoryDeduperConfig{}), Handler: func(ctx context.Context, e catalog.Event) error {
		handled = append(handled, e.ResourceID+string(e.Kind))
		webhook.Saw(ctx, e, catalog.Orders, "seen", time.Unix(50, 0))
		return nil
	}}
	put := func(e webhook.Entry) bool {
		t.Helper()
		results, err := d.Put(t.Context(), []webhook.Entry{e})
		check(t, err)
		check(t, results[0].Err)
		return results[0].Duplicate
	}
	delivery := func(id string, at int64) webhook.Entry {
		e := orderEvent(1)
		e.Key, e.ResourceID, e.UpdatedAt = catalog.EventKey("delivery", id), id, time.Unix(at, 0)
		return webhook.EntryOf(e)
	}
	swept := func(id string, at int64) webhook.Entry {
		e := delivery(id, at)
		e.Event.Key, e.Twin, e.States = e.Twin, "", nil
		return e
	}
	for i, step := range []struct {
		entry     webhook.Entry
		duplicate bool
	}{{delivery("a", 10), false}, {swept("a", 10), true}, {swept("a", 11), false}, {swept("b", 10), false}, {delivery("b", 10), true}, {delivery("b", 10), true}, {swept("seen", 50), true}} {
		if got := put(step.entry); got != step.duplicate {
			t.Errorf("step %d: duplicate %v", i, got)
		}
	}
	if len(handled) != 3 {
		t.Errorf("handled %v", handled)
	}
}

func TestDirectTakesGrants(t *testing.T) {
	t.Parallel()
	var order []string
	w := newWorld(t, nil)
	w.receiver = &webhook.Receiver{Stores: w.stores, Deduper: catalog.NewMemoryDeduper(catalog.MemoryDeduperConfig{}), Logger: quiet,
		OnGrant: func(ctx context.Context, g catalog.Grant, _ catalog.Event) error {
			order = append(order, "grant")
			return w.stores.Accounts.Put(ctx, catalog.Account{ID: "new", Platform: "salla", Store: g.Store})
		},
		Handler: func(_ context.Context, e catalog.Event) error {
			order = append(order, "event of "+e.Account)
			return nil
		}}
	d, _ := w.merchant.AuthorizeDelivery()
	for range 2 {
		req, err := d.Request(t.Context(), "http://host.example/webhooks/salla")
		check(t, err)
		answer := httptest.NewRecorder()
		w.receiver.ServeHTTP(answer, req)
		if answer.Code != 200 {
			t.Errorf("answered %d", answer.Code)
		}
	}
	if !slices.Equal(order, []string{"grant", "event of new"}) {
		t.Errorf("done: %v", order)
	}
}
