package webhook_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

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
		stop := run(t, b.d)
		time.Sleep(25 * time.Minute)
		stop()
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
				stop := run(t, d)
				time.Sleep(10 * time.Minute)
				stop()
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

func TestRunEndsThoughHandlersHang(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.d.Workers, b.d.Timeout, b.d.Grace = 2, time.Second, time.Second
		release := make(chan struct{})
		b.d.OnAny(func(context.Context, catalog.Event) error { <-release; return nil })
		for n := range 10 {
			b.put(t, orderEvent(n))
		}
		stop := run(t, b.d)
		time.Sleep(time.Minute)
		began := time.Now()
		stop()
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
		close(release)
		synctest.Wait()
	})
}

// failingRunner schedules by itself, and cannot.
type failingRunner struct{ webhook.Inbox }

func (failingRunner) Work(context.Context, int, func(context.Context, webhook.Claimed) webhook.Settlement) error {
	return errors.New("no connection")
}

func TestRunSaysThatItsRunnerFailed(t *testing.T) {
	t.Parallel()
	d := webhook.NewDispatcher(nil, failingRunner{webhook.NewMemoryInbox(webhook.MemoryInboxConfig{})})
	if err := d.Run(t.Context()); err == nil || err.Error() != "no connection" {
		t.Errorf("Run: %v", err)
	}
	if err := d.Run(t.Context()); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("Run again: %v", err)
	}
}
