package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
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
		stop = run(t, any.d)
		synctest.Wait()
		stop()
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
		stop := run(t, b.d)
		time.Sleep(60 * time.Hour)
		stop()
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
