package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

func orderEvent(n int) catalog.Event {
	return catalog.Event{Key: catalog.EventKey("test", fmt.Sprint(n)), Platform: "shopify", Store: "acme.myshopify.com", Topic: "orders/updated",
		Kind: catalog.EventOrderUpdated, Resource: catalog.Orders, ResourceID: fmt.Sprint(n)}
}

// bench is a dispatcher over an inbox in memory, for a synctest bubble.
type bench struct {
	inbox   *webhook.MemoryInbox
	d       *webhook.Dispatcher
	mu      sync.Mutex
	reports []webhook.AttemptReport
}

func newBench() *bench {
	b := &bench{inbox: webhook.NewMemoryInbox(webhook.MemoryInboxConfig{})}
	b.d = webhook.NewDispatcher(nil, b.inbox)
	b.d.Logger = quiet
	b.d.OnAttempt = func(_ context.Context, r webhook.AttemptReport) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.reports = append(b.reports, r)
	}
	return b
}

func (b *bench) put(t *testing.T, events ...catalog.Event) (ids []string) {
	t.Helper()
	for _, e := range events {
		results, err := b.inbox.Put(t.Context(), []webhook.Entry{webhook.EntryOf(e)})
		check(t, err)
		ids = append(ids, results[0].ID)
	}
	return ids
}

func (b *bench) get(t *testing.T, id string) webhook.Record {
	t.Helper()
	r, err := b.inbox.Get(t.Context(), id)
	check(t, err)
	return r
}

func TestDispatcherPicksTheMostSpecificHandler(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		var mu sync.Mutex
		got := make(map[string]string)
		handler := func(name string) webhook.Handler {
			return func(ctx context.Context, e catalog.Event) error {
				mu.Lock()
				defer mu.Unlock()
				got[e.ResourceID] += name
				if d, ok := webhook.DeliveredFrom(ctx); !ok || d.ID == "" || d.Attempt != 1 {
					t.Errorf("the handler learns %+v", d)
				}
				return nil
			}
		}
		b.d.On(catalog.EventOrderUpdated, handler("kind"))
		b.d.OnTopic("shopify", "orders/edited", handler("topic"))
		edited, other := orderEvent(2), orderEvent(3)
		edited.Topic, other.Kind = "orders/edited", catalog.EventOrderPaid
		foreign := edited
		foreign.Key, foreign.Platform, foreign.ResourceID = "k", "salla", "4"
		ids := b.put(t, orderEvent(1), edited, other, foreign)
		stop := run(t, b.d)
		synctest.Wait()
		if got["1"] != "kind" || got["2"] != "topic" || got["3"] != "" || got["4"] != "kind" {
			t.Errorf("handled by %v", got)
		}
		if s := b.get(t, ids[2]).State; s != webhook.StateIgnored {
			t.Errorf("what nobody handles is %s", s)
		}
		stop()
		any := newBench()
		any.d.OnAny(handler("any"))
		any.put(t, orderEvent(5))
		defer run(t, any.d)()
		synctest.Wait()
		if got["5"] != "any" {
			t.Errorf("handled by %v", got)
		}
	})
}

func TestDispatcherRefusesASecondHandler(t *testing.T) {
	t.Parallel()
	h := func(context.Context, catalog.Event) error { return nil }
	for name, register := range map[string]func(d *webhook.Dispatcher){
		"On":      func(d *webhook.Dispatcher) { d.On("k", h); d.On("k", h) },
		"OnTopic": func(d *webhook.Dispatcher) { d.OnTopic("p", "t", h); d.OnTopic("p", "t", h) },
		"OnAny":   func(d *webhook.Dispatcher) { d.OnAny(h); d.OnAny(h) },
		"nil":     func(d *webhook.Dispatcher) { d.OnAny(nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			register(webhook.NewDispatcher(nil, nil))
		}()
	}
	d := webhook.NewDispatcher(nil, struct{ webhook.Inbox }{})
	if err := d.Run(t.Context()); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("an inbox that is neither: %v", err)
	}
}

func TestDispatcherRetriesWithBackoff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		var at []time.Time
		b.d.OnAny(func(_ context.Context, e catalog.Event) error {
			at = append(at, time.Now())
			switch len(at) {
			case 3:
				return &catalog.Error{Kind: catalog.ErrRateLimited, RetryAfter: time.Hour}
			case 4:
				return &catalog.Error{Kind: catalog.ErrRateLimited, RetryAfter: 1000 * time.Hour}
			}
			return errors.New("down")
		})
		id := b.put(t, orderEvent(1))[0]
		defer run(t, b.d)()
		time.Sleep(3 * 24 * time.Hour)
		r := b.get(t, id)
		if r.State != webhook.StateDead || r.Attempts != 15 || r.LastError != "down" {
			t.Fatalf("the record is %s after %d attempts, %q", r.State, r.Attempts, r.LastError)
		}
		for i, want := range []time.Duration{5 * time.Second, 10 * time.Second, time.Hour, 24 * time.Hour, 80 * time.Second, 160 * time.Second} {
			gap := at[i+1].Sub(at[i])
			if i == 2 || i == 3 {
				want *= 2 // exactly what was asked, not spread
				want -= time.Second
			}
			if gap < want/2 || gap > want+2*time.Second {
				t.Errorf("pause %d is %v; want about %v", i, gap, want)
			}
		}
		if total := at[14].Sub(at[4]); total < 4*time.Hour || total > 24*time.Hour {
			t.Errorf("the last ten tries took %v", total)
		}
	})
}

func TestBackoffIsSpreadAndBounded(t *testing.T) {
	t.Parallel()
	pause := webhook.Backoff(time.Second, time.Minute)
	seen := make(map[time.Duration]bool)
	for try, most := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 6: 32 * time.Second, 7: time.Minute, 1000: time.Minute} {
		for range 50 {
			got := pause(try)
			seen[got] = true
			if got < most/2 || got > most {
				t.Errorf("try %d: %v; want %v to %v", try, got, most/2, most)
			}
		}
	}
	if len(seen) < 50 {
		t.Errorf("only %d different pauses", len(seen))
	}
}

func TestDispatcherOutcomes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.d.MaxTries = 2
		b.d.Timeout = 10 * time.Second
		hung := make(chan struct{})
		b.d.OnAny(func(ctx context.Context, e catalog.Event) error {
			switch e.ResourceID {
			case "1":
				return fmt.Errorf("wrapped: %w", webhook.Permanent(errors.New("unreadable")))
			case "2":
				panic(strings.Repeat("x\x00", 4000))
			case "3":
				return webhook.ErrIgnored
			case "4": // ends with its context
				<-ctx.Done()
				return context.Cause(ctx)
			case "5": // does not
				<-hung
			}
			return nil
		})
		ids := b.put(t, orderEvent(1), orderEvent(2), orderEvent(3), orderEvent(4), orderEvent(5), orderEvent(6))
		stop := run(t, b.d)
		time.Sleep(10 * time.Minute)
		for i, want := range []struct {
			state    webhook.State
			attempts int
			says     string
		}{{webhook.StateDead, 1, "wrapped: unreadable"}, {webhook.StateDead, 2, "panic: x"}, {webhook.StateIgnored, 1, ""},
			{webhook.StateDead, 2, "deadline exceeded"}, {webhook.StateDead, 2, "went on after its context had ended"}, {webhook.StateDone, 1, ""}} {
			r := b.get(t, ids[i])
			if r.State != want.state || r.Attempts != want.attempts || !strings.Contains(r.LastError, want.says) || len(r.LastError) > 2100 || strings.Contains(r.LastError, "\x00") {
				t.Errorf("event %d is %s after %d attempts, %.100q; want %+v", i+1, r.State, r.Attempts, r.LastError, want)
			}
		}
		stop()
		close(hung)
		synctest.Wait()
		if len(b.reports) != 9 {
			t.Errorf("%d attempts were reported", len(b.reports))
		}
	})
}

// More hung handlers than workers do not multiply without end.
func TestHungHandlersAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.d.Workers, b.d.MaxTries, b.d.Timeout, b.d.Grace = 2, 1, time.Second, time.Second
		release := make(chan struct{})
		var running atomic.Int32
		b.d.OnAny(func(context.Context, catalog.Event) error {
			running.Add(1)
			defer running.Add(-1)
			<-release
			return nil
		})
		for n := range 20 {
			b.put(t, orderEvent(n))
		}
		stop := run(t, b.d)
		time.Sleep(time.Hour)
		if got := running.Load(); got != 4 {
			t.Errorf("%d handlers hang; want 2 given up and 2 waited for", got)
		}
		close(release)
		time.Sleep(time.Hour)
		if got := running.Load(); got != 0 {
			t.Errorf("%d still hang", got)
		}
		if s, _ := b.inbox.Stats(t.Context()); s.States[webhook.StatePending]+s.States[webhook.StateRunning] != 0 {
			t.Errorf("not all were handled: %v", s.States)
		}
		stop()
	})
}

func TestLeaseIsKeptWhileAHandlerRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.d.Timeout, b.d.Lease = time.Hour, 30*time.Second
		calls := 0
		b.d.OnAny(func(context.Context, catalog.Event) error { calls++; time.Sleep(20 * time.Minute); return nil })
		id := b.put(t, orderEvent(1))[0]
		defer run(t, b.d)()
		time.Sleep(25 * time.Minute)
		if r := b.get(t, id); calls != 1 || r.State != webhook.StateDone || r.Attempts != 1 {
			t.Errorf("handled %d times, %s", calls, r.State)
		}
	})
}

// stealing is an inbox whose leases get lost.
type stealing struct {
	*webhook.MemoryInbox
	extend func() error
}

func (s *stealing) Extend(ctx context.Context, leases []webhook.Lease, lease time.Duration) ([]error, error) {
	if err := s.extend(); err != nil {
		if errors.Is(err, catalog.ErrConflict) {
			return slices.Repeat([]error{err}, len(leases)), nil
		}
		return nil, err
	}
	return s.MemoryInbox.Extend(ctx, leases, lease)
}

func TestLostLeaseEndsTheHandler(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{"taken": &catalog.Error{Kind: catalog.ErrConflict}, "inbox away": errors.New("connection refused")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				inbox := &stealing{webhook.NewMemoryInbox(webhook.MemoryInboxConfig{}), func() error { return failure }}
				d := webhook.NewDispatcher(nil, inbox)
				d.Logger, d.Timeout, d.Lease, d.Workers = quiet, time.Hour, 30*time.Second, 1
				var causes []error
				d.OnAny(func(ctx context.Context, _ catalog.Event) error {
					if len(causes) == 1 {
						return nil
					}
					<-ctx.Done()
					causes = append(causes, context.Cause(ctx))
					return nil
				})
				_, err := inbox.Put(t.Context(), []webhook.Entry{webhook.EntryOf(orderEvent(1))})
				check(t, err)
				defer run(t, d)()
				time.Sleep(10 * time.Minute)
				if len(causes) != 1 || !errors.Is(causes[0], webhook.ErrLeaseLost) {
					t.Errorf("the handler's context ended with %v", causes)
				}
			})
		})
	}
}

func TestDispatcherShutsDownGracefully(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.d.Workers, b.d.Timeout, b.d.Grace = 2, time.Hour, 20*time.Second
		var ended []string
		var mu sync.Mutex
		b.d.OnAny(func(ctx context.Context, e catalog.Event) error {
			pause := time.Minute
			if e.ResourceID == "0" {
				pause = 10 * time.Second
			}
			timer := time.NewTimer(pause)
			defer timer.Stop()
			select {
			case <-timer.C:
				return nil
			case <-ctx.Done():
				mu.Lock()
				defer mu.Unlock()
				ended = append(ended, e.ResourceID)
				return context.Cause(ctx)
			}
		})
		ids := b.put(t, orderEvent(0), orderEvent(1), orderEvent(2), orderEvent(3), orderEvent(4))
		stop := run(t, b.d)
		time.Sleep(time.Second)
		began := time.Now()
		stop()
		if took := time.Since(began); took != 20*time.Second {
			t.Errorf("it took %v", took)
		}
		if !slices.Equal(ended, []string{"1"}) {
			t.Errorf("ended: %v", ended)
		}
		for i, want := range []webhook.State{webhook.StateDone, webhook.StatePending, webhook.StatePending, webhook.StatePending, webhook.StatePending} {
			if r := b.get(t, ids[i]); r.State != want || r.LastError != "" && i != 1 {
				t.Errorf("event %d is %s, %q; want %s", i, r.State, r.LastError, want)
			}
		}
		// Nothing of this counts as a try.
		claimed, err := b.inbox.Claim(t.Context(), 10, time.Minute)
		check(t, err)
		if len(claimed) != 4 || slices.ContainsFunc(claimed, func(c webhook.Claimed) bool { return c.Tries != 1 }) {
			t.Errorf("claimed %+v", claimed)
		}
	})
}

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
