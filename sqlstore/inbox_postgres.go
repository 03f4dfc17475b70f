package sqlstore

import (
	"context"
	"database/sql"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// postgresInbox is the inbox of many processes. River schedules: a job names an
// event and the run it is for, and everything else is in the event's row. A
// job of an old run, or of an event that is settled, does nothing.
type postgresInbox struct {
	inbox
	jobs *river.Client[pgx.Tx] // inserts only
}

const (
	eventQueue = "souk_events"
	// jobAttempts is what River may try; the Dispatcher gives up long before.
	jobAttempts = 30_000
)

// eventJob is the job of one run of an event.
type eventJob struct {
	Event int64 `json:"event"`
	Run   int64 `json:"run"`
}

// Kind implements river.JobArgs.
func (eventJob) Kind() string { return "souk_event" }

var jobOptions = &river.InsertOpts{Queue: eventQueue, MaxAttempts: jobAttempts}

func newPostgresInbox(common inbox) (*postgresInbox, error) {
	client, err := river.NewClient(riverpgxv5.New(common.pool), &river.Config{Logger: quiet(common.config.Logger)})
	if err != nil {
		return nil, &catalog.Error{Op: "open inbox", Kind: catalog.ErrInvalid, Err: err}
	}
	return &postgresInbox{inbox: common, jobs: client}, nil
}

// insertJobs inserts a job for each run, in the transaction of the rows.
func (b *postgresInbox) insertJobs(ctx context.Context, tx pgx.Tx, jobs []eventJob) error {
	if len(jobs) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(jobs))
	for i, job := range jobs {
		params[i] = river.InsertManyParams{Args: job, InsertOpts: jobOptions}
	}
	_, err := b.jobs.InsertManyFastTx(ctx, tx, params)
	return err
}

// inPgx runs f in a transaction.
func (b *postgresInbox) inPgx(ctx context.Context, f func(pgx.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, b.pool, f)
}

// Replay implements webhook.Inbox, in small steps. A new run begins: the job of
// the former one, where a retry waits, does nothing when its time comes.
func (b *postgresInbox) Replay(ctx context.Context, query webhook.Query) (int, error) {
	const op = "replay events"
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if some, err := replayable(&query); !some {
		return 0, err
	}
	total, after := 0, int64(0)
	for {
		var step []eventJob
		err := b.inPgx(ctx, func(tx pgx.Tx) (err error) {
			step, err = b.replayStep(ctx, tx, query, after)
			return err
		})
		if err != nil {
			return total, b.failed(ctx, op, err)
		}
		total += len(step)
		if len(step) < replayStep {
			return total, nil
		}
		after = step[len(step)-1].Event
	}
}

func (b *postgresInbox) replayStep(ctx context.Context, tx pgx.Tx, query webhook.Query, after int64) ([]eventJob, error) {
	var w where
	if !w.selects(query) {
		return nil, nil
	}
	w.add("e.seq > " + w.arg(after))
	step := "SELECT e.seq FROM souk_events e WHERE " + w.String() + " ORDER BY e.seq LIMIT " + w.arg(replayStep) + " FOR UPDATE"
	rows, err := tx.Query(ctx, `WITH step AS (`+step+`), again AS (
		UPDATE souk_events SET state = 'pending', due_at = `+w.arg(b.now().UnixMicro())+`, settled_at = NULL, tries = 0, replays = replays + 1, run = run + 1
		FROM step WHERE souk_events.seq = step.seq RETURNING souk_events.seq, run)
		SELECT seq, run FROM again ORDER BY seq`, w.args...)
	if err != nil {
		return nil, err
	}
	jobs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[eventJob])
	if err != nil {
		return nil, err
	}
	return jobs, b.insertJobs(ctx, tx, jobs)
}

// quiet lets River's warnings through: what it says of each job is the
// Dispatcher's to say.
func quiet(logger *slog.Logger) *slog.Logger { return slog.New(quietHandler{logger.Handler()}) }

type quietHandler struct{ slog.Handler }

// Enabled implements slog.Handler.
func (h quietHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// WithAttrs implements slog.Handler.
func (h quietHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return quietHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h quietHandler) WithGroup(name string) slog.Handler {
	return quietHandler{h.Handler.WithGroup(name)}
}

// nullable is a column that may be NULL, as pgx takes it in an array.
func nullable(n sql.NullInt64) *int64 {
	if !n.Valid {
		return nil
	}
	return &n.Int64
}

var (
	_ webhook.Inbox      = (*postgresInbox)(nil)
	_ webhook.Runner     = (*postgresInbox)(nil)
	_ webhook.Transactor = (*postgresInbox)(nil)
)
