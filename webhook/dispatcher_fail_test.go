package webhook_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// A process that dies in every attempt does not go on for ever.
func TestCrashingEventsAreGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.d.MaxTries = 3
		id := b.put(t, orderEvent(1))[0]
		for range 3 { // claimed, and never heard of again
			if claimed, err := b.inbox.Claim(t.Context(), 1, time.Minute); err != nil || len(claimed) != 1 {
				t.Fatalf("claimed %d, %v", len(claimed), err)
			}
			time.Sleep(time.Minute)
		}
		b.d.OnAny(func(context.Context, catalog.Event) error { t.Error("it was tried again"); return nil })
		defer run(t, b.d)()
		time.Sleep(time.Second)
		if r := b.get(t, id); r.State != webhook.StateDead || !strings.Contains(r.LastError, "process ended") {
			t.Errorf("the record is %s, %q", r.State, r.LastError)
		}
	})
}

func TestDispatcherOutlivesAnInboxThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		inner := webhook.NewMemoryInbox(webhook.MemoryInboxConfig{})
		inbox := &moody{MemoryInbox: inner, bad: make(map[string]int)}
		inbox.bad["claim"], inbox.bad["settle"], inbox.bad["purge"] = 3, 4, 1
		d := webhook.NewDispatcher(nil, inbox)
		d.Logger = quiet
		calls := 0
		d.OnAny(func(context.Context, catalog.Event) error { calls++; return nil })
		results, err := inner.Put(t.Context(), []webhook.Entry{webhook.EntryOf(orderEvent(1))})
		check(t, err)
		stop := run(t, d)
		time.Sleep(time.Minute)
		stop()
		if r, err := inner.Get(t.Context(), results[0].ID); err != nil || r.State != webhook.StateDone || calls != 1 {
			t.Errorf("handled %d times, %s, %v", calls, r.State, err)
		}
	})
}

// moody fails so many calls, by an error and by a panic in turn.
type moody struct {
	*webhook.MemoryInbox
	mu  sync.Mutex
	bad map[string]int
}

func (m *moody) fail(what string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bad[what] <= 0 {
		return nil
	}
	if m.bad[what]--; m.bad[what]%2 == 0 {
		panic(what + " went wrong")
	}
	return errors.New(what + " failed")
}

func (m *moody) Claim(ctx context.Context, limit int, lease time.Duration) ([]webhook.Claimed, error) {
	if err := m.fail("claim"); err != nil {
		return nil, err
	}
	return m.MemoryInbox.Claim(ctx, limit, lease)
}

func (m *moody) Settle(ctx context.Context, all []webhook.Settlement) ([]error, error) {
	if err := m.fail("settle"); err != nil {
		return nil, err
	}
	return m.MemoryInbox.Settle(ctx, all)
}

func (m *moody) Purge(ctx context.Context, keep time.Duration) (int, error) {
	if err := m.fail("purge"); err != nil {
		return 0, err
	}
	return m.MemoryInbox.Purge(ctx, keep)
}

func TestDispatcherPurgesAndFindsAccounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		inbox := webhook.NewMemoryInbox(webhook.MemoryInboxConfig{})
		stores := &catalog.Stores{Accounts: &catalog.MemoryAccounts{}}
		check(t, stores.Accounts.Put(t.Context(), catalog.Account{ID: "tenant", Platform: "shopify", Store: "acme.myshopify.com"}))
		d := webhook.NewDispatcher(stores, inbox)
		d.Logger, d.Poll, d.Lease = quiet, time.Hour, time.Hour
		var account string
		d.OnAny(func(_ context.Context, e catalog.Event) error { account = e.Account; return nil })
		defer run(t, d)()
		synctest.Wait()
		began := time.Now()
		_, err := inbox.Put(t.Context(), []webhook.Entry{webhook.EntryOf(orderEvent(1))})
		check(t, err)
		synctest.Wait()
		if account != "tenant" || time.Since(began) != 0 {
			t.Errorf("the account is %q, after %v", account, time.Since(began))
		}
		time.Sleep(29 * 24 * time.Hour)
		if s, _ := inbox.Stats(t.Context()); s.Keys != 1 {
			t.Errorf("%d keys after 29 days", s.Keys)
		}
		time.Sleep(2 * 24 * time.Hour)
		if s, _ := inbox.Stats(t.Context()); s.Keys != 0 || s.States[webhook.StateDone] != 0 {
			t.Errorf("after 31 days there is %+v", s)
		}
	})
}
