package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// pgWorker works the jobs of one call of Work.
type pgWorker struct {
	river.WorkerDefaults[eventJob]
	inbox   *postgresInbox
	process func(context.Context, webhook.Claimed) webhook.Settlement
	ending  context.Context // ends when no attempt is to begin any more
	client  *river.Client[pgx.Tx]

	mu      sync.Mutex
	held    map[*pgAttempt]struct{}
	retryAt map[int64]time.Time // by job
}

// pgAttempt is an attempt under way.
type pgAttempt struct {
	claimed webhook.Claimed
	job     *river.Job[eventJob]
	cancel  context.CancelCauseFunc
	until   time.Time   // guarded by pgWorker.mu
	settled atomic.Bool // by Transact, which runs within process
}

type attemptKey struct{}

// Work implements webhook.Runner.
func (b *postgresInbox) Work(ctx context.Context, workers int, process func(context.Context, webhook.Claimed) webhook.Settlement) error {
	if ctx.Err() != nil {
		return nil
	}
	w := &pgWorker{inbox: b, process: process, ending: ctx, held: make(map[*pgAttempt]struct{}), retryAt: make(map[int64]time.Time)}
	known := river.NewWorkers()
	if err := river.AddWorkerSafely(known, w); err != nil {
		return err
	}
	client, err := river.NewClient(riverpgxv5.New(b.pool), &river.Config{
		ID:            "souk-" + rand.Text(),
		Queues:        map[string]river.QueueConfig{eventQueue: {MaxWorkers: max(1, min(workers, river.QueueNumWorkersMax))}},
		Workers:       known,
		Logger:        quiet(b.config.Logger),
		FetchCooldown: b.config.FetchCooldown, FetchPollInterval: max(time.Second, b.config.FetchCooldown), PollOnly: b.config.PollOnly,
		JobTimeout: b.config.JobTimeout, RescueStuckJobsAfter: b.config.JobTimeout + time.Minute,
		// What became of an event is in its own row.
		CompletedJobRetentionPeriod: time.Hour, CancelledJobRetentionPeriod: 24 * time.Hour, DiscardedJobRetentionPeriod: 24 * time.Hour,
	})
	if err != nil {
		return &catalog.Error{Op: "work events", Kind: catalog.ErrInvalid, Err: err}
	}
	w.client = client
	own, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := client.Start(own); err != nil {
		return b.failed(ctx, "work events", err)
	}
	var background sync.WaitGroup
	background.Go(func() { w.every(own, b.config.Lease/3, w.extend) })
	background.Go(func() { w.every(own, b.config.Lease/2, w.putBack) })
	<-ctx.Done()
	err = client.Stop(own) // waits for attempts under way
	stop()
	background.Wait()
	return b.failed(context.WithoutCancel(ctx), "work events", err)
}

// every calls f now and then, until ctx ends.
func (w *pgWorker) every(ctx context.Context, pause time.Duration, f func(context.Context) error) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		if err := f(ctx); err != nil && ctx.Err() == nil {
			w.inbox.config.Logger.ErrorContext(ctx, "sqlstore: leases of events could not be looked after", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// NextRetry implements river.Worker: the time that the settlement said, or a
// while where there was none because the database failed.
func (w *pgWorker) NextRetry(job *river.Job[eventJob]) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	at, said := w.retryAt[job.ID]
	if delete(w.retryAt, job.ID); !said {
		return time.Now().Add(5 * time.Second)
	}
	if soon := time.Now().Add(20 * time.Millisecond); at.Before(soon) {
		return soon // River takes no time that has passed
	}
	return at
}

// Work implements river.Worker.
func (w *pgWorker) Work(ctx context.Context, job *river.Job[eventJob]) error {
	if w.ending.Err() != nil {
		return river.JobSnooze(0)
	}
	b := w.inbox
	claimed, err := b.begin(ctx, job.Args)
	if errors.Is(err, pgx.ErrNoRows) {
		return b.notBegun(ctx, job.Args)
	}
	if err != nil {
		return err
	}
	run, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	a := &pgAttempt{claimed: claimed, job: job, cancel: cancel, until: claimed.Until}
	w.mu.Lock()
	w.held[a] = struct{}{}
	w.mu.Unlock()
	settlement := w.process(context.WithValue(run, attemptKey{}, a), claimed)
	w.mu.Lock()
	delete(w.held, a)
	w.mu.Unlock()
	if a.settled.Load() || !b.record(context.WithoutCancel(ctx), claimed, settlement) {
		return nil
	}
	switch settlement.State {
	case webhook.StateDead:
		return river.JobCancel(errors.New(readable(settlement.Error)))
	case webhook.StatePending:
		return river.JobSnooze(0)
	case webhook.StateRetry:
		w.mu.Lock()
		w.retryAt[job.ID] = settlement.RetryAt
		w.mu.Unlock()
		return errors.New(readable(settlement.Error))
	}
	return nil
}

// notBegun says what is to become of a job whose event is not to be handled
// now: there is nothing left to do, or it waits for whoever handles it.
func (b *postgresInbox) notBegun(ctx context.Context, job eventJob) error {
	var due sql.NullInt64
	err := b.pool.QueryRow(ctx, "SELECT due_at FROM souk_events WHERE seq = $1 AND run = $2", job.Event, job.Run).Scan(&due)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !due.Valid {
		return nil // an old run, or a final state
	}
	if err != nil {
		return err
	}
	return river.JobSnooze(max(fromMicros(due).Sub(b.now()), 100*time.Millisecond))
}
