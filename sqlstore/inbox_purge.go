package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/soukhq/souk/catalog"
)

// purgeStep is how many rows one transaction deletes, so that nobody waits
// long behind it.
const purgeStep = 500

// Purge implements webhook.Inbox, in small steps.
func (b *inbox) Purge(ctx context.Context, keep time.Duration) (int, error) {
	const op = "purge events"
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if keep <= 0 {
		return 0, &catalog.Error{Op: op, Kind: catalog.ErrInvalid, Message: "the time to keep them is not positive"}
	}
	limit := b.now().Add(-keep).UnixMicro()
	total := 0
	for {
		n := 0
		err := b.transact(ctx, op, func(tx *sql.Tx) (err error) {
			n, err = b.purgeRecords(ctx, tx, limit)
			return err
		})
		if err != nil {
			return total, err
		}
		if total += n; n < purgeStep {
			break
		}
	}
	return total, b.purgeKeys(ctx, op, limit)
}

func (b *inbox) purgeRecords(ctx context.Context, tx *sql.Tx, limit int64) (int, error) {
	// The condition is there twice for Postgres, where a replay may come between.
	rows, err := tx.QueryContext(ctx, b.sql(`DELETE FROM souk_events WHERE due_at IS NULL AND seq IN
		(SELECT seq FROM souk_events WHERE stored_at < $1 AND due_at IS NULL ORDER BY stored_at LIMIT $2) RETURNING seq`), limit, purgeStep)
	if err != nil {
		return 0, err
	}
	gone, err := sequence(rows)
	if err != nil || len(gone) == 0 {
		return 0, err
	}
	var w where
	in := list(&w, gone)
	for _, table := range []string{"souk_event_bodies", "souk_event_attempts"} {
		if _, err := tx.ExecContext(ctx, b.sql("DELETE FROM "+table+" WHERE event IN "+in), w.args...); err != nil {
			return 0, err
		}
	}
	return len(gone), nil
}

// purgeKeys forgets old keys, but those of events that are not final. It goes
// forward in time, so that what stays is passed once.
func (b *inbox) purgeKeys(ctx context.Context, op string, limit int64) error {
	from := int64(0)
	for {
		var last sql.NullInt64
		var n int64
		err := b.row(ctx, op, "SELECT max(at), count(*) FROM (SELECT at FROM souk_event_keys WHERE at >= $1 AND at < $2 ORDER BY at LIMIT $3) AS old",
			[]any{from, limit, purgeStep}, &last, &n)
		if err != nil || n == 0 {
			return err
		}
		_, err = b.exec(ctx, op, `DELETE FROM souk_event_keys WHERE at >= $1 AND at <= $2
			AND NOT EXISTS (SELECT 1 FROM souk_events e WHERE e.seq = souk_event_keys.event AND e.due_at IS NOT NULL)`, from, last.Int64)
		if err != nil || n < purgeStep {
			return err
		}
		from = last.Int64 + 1
	}
}
