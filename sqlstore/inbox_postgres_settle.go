package sqlstore

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// beginEvent begins an attempt: of this run, and only where nobody else has it.
const beginEvent = `WITH e AS (
	UPDATE souk_events SET state = 'running', owner = $3, attempts = attempts + 1, tries = tries + 1, due_at = $4
	WHERE seq = $1 AND run = $2 AND (state IN ('pending', 'retry') OR state = 'running' AND due_at <= $5) RETURNING *),
	a AS (INSERT INTO souk_event_attempts (event, number, started_at) SELECT seq, attempts, $5 FROM e),
	old AS (DELETE FROM souk_event_attempts t USING e WHERE e.attempts > $6 AND t.event = e.seq AND t.number <= e.attempts - $6)
	SELECT ` + eventColumns + `, b.payload FROM e JOIN souk_event_bodies b ON b.event = e.seq`

func (b *postgresInbox) begin(ctx context.Context, job eventJob) (webhook.Claimed, error) {
	now, owner := b.now(), rand.Text()
	until := now.Add(b.config.Lease)
	var scan eventScan
	var payload []byte
	err := b.pool.QueryRow(ctx, beginEvent, job.Event, job.Run, owner, until.UnixMicro(), now.UnixMicro(), keptAttempts).Scan(scan.into(&payload)...)
	if err != nil {
		return webhook.Claimed{}, err
	}
	return scan.claimed(owner, until, payload), nil
}

const settleEvent = `WITH e AS (
	UPDATE souk_events SET state = $3::text, owner = '', due_at = $4, settled_at = $5, tries = tries - $6,
		last_error = CASE WHEN $7::text <> '' OR $3::text = 'done' THEN $7::text ELSE last_error END
	WHERE seq = $1 AND owner = $2 AND state = 'running' RETURNING seq, attempts),
	a AS (UPDATE souk_event_attempts t SET ended_at = $8, state = $3::text, error = $7::text FROM e WHERE t.event = e.seq AND t.number = e.attempts),
	k AS (INSERT INTO souk_event_keys (key, event, own, at) SELECT s.key, e.seq, 0, $8 FROM e, unnest($9::bytea[]) AS s(key) ON CONFLICT DO NOTHING)
	SELECT seq FROM e`

// querier is a pool or a transaction.
type querier interface {
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}

func (b *postgresInbox) settle(ctx context.Context, q querier, s *webhook.Settlement) error {
	if err := checkSettlement(s); err != nil {
		return err
	}
	if s.Lease.Owner == "" || checkText(s.Lease.Owner) != nil {
		return leaseLost("settle event")
	}
	now := b.now()
	due, settled := settledTimes(s, now)
	var seq int64
	err := q.QueryRow(ctx, settleEvent, parseID(s.Lease.ID), s.Lease.Owner, string(s.State), due, settled, number(s.State == webhook.StatePending),
		readable(s.Error), now.UnixMicro(), sortedStates(s.States)).Scan(&seq)
	if errors.Is(err, pgx.ErrNoRows) {
		return leaseLost("settle event")
	}
	return err
}

// record settles an attempt, and reports whether it did. Where the database
// does not work for some seconds the event's lease ends, and it is put back.
func (b *postgresInbox) record(ctx context.Context, c webhook.Claimed, s webhook.Settlement) bool {
	var err error
	for pause := 100 * time.Millisecond; pause < 5*time.Second; pause *= 2 {
		if err = b.settle(ctx, b.pool, &s); err == nil {
			return true
		}
		if errors.Is(err, catalog.ErrConflict) || errors.Is(err, catalog.ErrInvalid) || cannotKeep(err) {
			break
		}
		time.Sleep(pause)
	}
	b.config.Logger.ErrorContext(ctx, "sqlstore: what became of an event could not be recorded; it may be handled again", "id", c.ID, "error", err)
	return false
}

// Transact implements webhook.Transactor. The row, its job and what do writes
// are one.
func (b *postgresInbox) Transact(ctx context.Context, settlement webhook.Settlement, do func(context.Context) error) error {
	a, _ := ctx.Value(attemptKey{}).(*pgAttempt)
	err := b.inPgx(ctx, func(tx pgx.Tx) error {
		if err := b.settle(ctx, tx, &settlement); err != nil {
			return err
		}
		if a != nil && a.claimed.Owner == settlement.Lease.Owner && settlement.State.Final() {
			_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, a.job)
			if err != nil && !errors.Is(err, rivertype.ErrNotFound) {
				return err
			}
		}
		if err := do(context.WithValue(ctx, txKey{}, tx)); err != nil {
			return errOfDo{err}
		}
		return nil
	})
	if own, ok := errors.AsType[errOfDo](err); ok {
		return own.error
	}
	if err == nil && a != nil {
		a.settled.Store(true)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && cannotKeep(e) { // a constraint that do has deferred to the commit
		return err
	}
	return b.failed(ctx, "settle event", err)
}
