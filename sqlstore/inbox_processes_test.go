package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/webhook"
)

// quick has leases short enough to wait for.
var quick = sqlstore.InboxConfig{Lease: time.Second, Logger: silent}

func keep(t testing.TB, inbox webhook.Inbox, entries ...webhook.Entry) []string {
	t.Helper()
	results, err := inbox.Put(t.Context(), entries)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range results {
		if r.Err != nil || r.Duplicate {
			t.Fatalf("%+v", r)
		}
		ids = append(ids, r.ID)
	}
	return ids
}

func record(t testing.TB, inbox webhook.Inbox, id string) webhook.Record {
	t.Helper()
	r, err := inbox.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// work handles events until so many attempts have ended.
func work(t testing.TB, inbox webhook.Inbox, attempts int, process func(context.Context, webhook.Claimed) webhook.Settlement) {
	t.Helper()
	workBy(t, inbox, 4, attempts, process)
}

func workBy(t testing.TB, inbox webhook.Inbox, workers, attempts int, process func(context.Context, webhook.Claimed) webhook.Settlement) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	var mu sync.Mutex
	err := inbox.(webhook.Runner).Work(ctx, workers, func(ctx context.Context, c webhook.Claimed) webhook.Settlement {
		s := process(ctx, c)
		mu.Lock()
		defer mu.Unlock()
		if attempts--; attempts == 0 {
			stop()
		}
		return s
	})
	if err != nil || attempts > 0 {
		t.Errorf("%d attempts are missing, %v", attempts, err)
	}
}

func done(_ context.Context, c webhook.Claimed) webhook.Settlement {
	return webhook.Settlement{Lease: c.Lease, State: webhook.StateDone}
}

func TestProcessesShareTheEvents(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	first, second := inboxOf(t, d.handle(t), silentConfig), inboxOf(t, d.handle(t), silentConfig)
	const n = 300
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	var mu sync.Mutex
	handled, by := map[string]int{}, [2]int{}
	var all sync.WaitGroup
	for i, inbox := range []webhook.Inbox{first, second} {
		all.Go(func() {
			err := inbox.(webhook.Runner).Work(ctx, 4, func(ctx context.Context, c webhook.Claimed) webhook.Settlement {
				mu.Lock()
				defer mu.Unlock()
				handled[c.ID]++
				if by[i]++; by[0]+by[1] == n {
					stop()
				}
				return done(ctx, c)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	for i := range 10 {
		var entries []webhook.Entry
		for j := range n / 10 {
			entries = append(entries, anEvent(i*n/10+j, "shared"))
		}
		keep(t, []webhook.Inbox{first, second}[i%2], entries...)
	}
	all.Wait()
	for id, times := range handled {
		if times != 1 {
			t.Errorf("event %s was handled %d times", id, times)
		}
	}
	if len(handled) != n {
		t.Errorf("%d of %d were handled", len(handled), n)
	}
	t.Logf("shared %d to %d", by[0], by[1])
}

// A process whose leases end unheard, here because its clock is an hour slow,
// loses its event to another, and can do nothing more about it.
func TestLostLeaseOnPostgres(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	run(t, d.raw(t), effects)
	slowStore := d.handle(t)
	slowStore.SetClock(func() time.Time { return time.Now().Add(-time.Hour) })
	slow, other := inboxOf(t, slowStore, quick), inboxOf(t, d.handle(t), quick)
	id := keep(t, slow, anEvent(1, "x"))[0]
	begun, lost := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		workBy(t, slow, 1, 1, func(ctx context.Context, c webhook.Claimed) webhook.Settlement {
			close(begun)
			<-ctx.Done()
			if cause := context.Cause(ctx); !errors.Is(cause, webhook.ErrLeaseLost) {
				t.Errorf("the context ended with %v", cause)
			}
			s := webhook.Settlement{Lease: c.Lease, State: webhook.StateDone, States: []string{"late"}}
			err := slow.(webhook.Transactor).Transact(context.WithoutCancel(ctx), s, func(ctx context.Context) error { return addEffect(ctx, "late") })
			if !errors.Is(err, catalog.ErrConflict) {
				t.Errorf("Transact after the lease was lost: %v", err)
			}
			close(lost)
			return s
		})
	})
	<-begun
	work(t, other, 1, func(ctx context.Context, c webhook.Claimed) webhook.Settlement {
		<-lost
		if c.ID != id || c.Attempt != 2 || c.Tries != 2 {
			t.Errorf("the other has %+v", c)
		}
		return done(ctx, c)
	})
	all.Wait()
	r := record(t, other, id)
	if r.State != webhook.StateDone || len(r.History) != 2 || !r.History[0].EndedAt.IsZero() || r.History[1].State != webhook.StateDone || countEffects(t, d, "late") != 0 {
		t.Errorf("%+v", r)
	}
	if results, err := other.Put(t.Context(), []webhook.Entry{{Event: catalog.Event{Key: "late"}}}); err != nil || results[0].Duplicate {
		t.Errorf("the loser's state is known: %+v, %v", results, err)
	}
}

// A process that is killed between River's fetch and the attempt leaves a job
// that runs for ever.
func TestFetchedAndNeverBegun(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	inbox := inboxOf(t, d.handle(t), quick)
	id := keep(t, inbox, anEvent(1, "x"))[0]
	run(t, d.raw(t), "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now() - interval '10 seconds', attempted_by = '{dead}'")
	work(t, inbox, 1, done)
	if r := record(t, inbox, id); r.State != webhook.StateDone || r.Attempts != 1 {
		t.Errorf("%+v", r)
	}
}

// The job of a retry that was replayed meanwhile finds nothing to do.
func TestOldJobDoesNothing(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	inbox := inboxOf(t, d.handle(t), silentConfig)
	id := keep(t, inbox, anEvent(1, "x"))[0]
	work(t, inbox, 1, func(_ context.Context, c webhook.Claimed) webhook.Settlement {
		return webhook.Settlement{Lease: c.Lease, State: webhook.StateRetry, RetryAt: time.Now().Add(time.Hour), Error: "later"}
	})
	if r := record(t, inbox, id); r.State != webhook.StateRetry || time.Until(r.DueAt) < 50*time.Minute {
		t.Fatalf("%+v", r)
	}
	if n, err := inbox.Replay(t.Context(), webhook.Query{ID: id}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	run(t, d.raw(t), "UPDATE river_job SET state = 'available', scheduled_at = now() WHERE state = 'retryable'")
	second := keep(t, inbox, anEvent(2, "x"))[0]
	var seen []string
	var mu sync.Mutex
	work(t, inbox, 2, func(ctx context.Context, c webhook.Claimed) webhook.Settlement {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, fmt.Sprint(c.ID, " ", c.Attempt, " ", c.Tries))
		return done(ctx, c)
	})
	if text := strings.Join(seen, ", "); len(seen) != 2 || !strings.Contains(text, id+" 2 1") || !strings.Contains(text, second+" 1 1") {
		t.Errorf("handled %s", text)
	}
	if r := record(t, inbox, id); r.State != webhook.StateDone || r.Attempts != 2 {
		t.Errorf("%+v", r)
	}
}

// A job that River hands out again while its event is still being handled waits
// for the one who handles it.
func TestJobWaitsForTheLease(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	inbox := inboxOf(t, d.handle(t), quick)
	id := keep(t, inbox, anEvent(1, "x"))[0]
	run(t, d.raw(t), "UPDATE souk_events SET state = 'running', owner = 'another', attempts = 1, tries = 1, due_at = $1", time.Now().Add(1500*time.Millisecond).UnixMicro())
	start := time.Now()
	work(t, inbox, 1, done)
	if r := record(t, inbox, id); r.State != webhook.StateDone || r.Attempts != 2 || time.Since(start) < time.Second {
		t.Errorf("after %v: %+v", time.Since(start), r)
	}
}
