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

// purgeScan is how many keys one step looks at.
const purgeScan = 4000

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

// purgeKeys forgets old keys, but those of events that are not final.
func (b *inbox) purgeKeys(ctx context.Context, op string, limit int64) error {
	const old = "DELETE FROM souk_event_keys WHERE at < $1 AND NOT EXISTS (SELECT 1 FROM souk_events e WHERE e.seq = souk_event_keys.event AND e.due_at IS NOT NULL)"
	if b.dialect != sqliteDialect { // nobody waits behind it
		_, err := b.exec(ctx, op, old, limit)
		return err
	}
	// The steps go by key, since no index is by time; most find nothing old and
	// write nothing.
	from := []byte{}
	for {
		var to []byte
		var n, found int64
		err := b.row(ctx, op, "SELECT max(key), count(*), count(*) FILTER (WHERE at < $2) FROM (SELECT key, at FROM souk_event_keys WHERE key > $1 ORDER BY key LIMIT $3)",
			[]any{from, limit, purgeScan}, &to, &n, &found)
		if err != nil || n == 0 {
			return err
		}
		if found > 0 {
			if _, err := b.exec(ctx, op, old+" AND key > $2 AND key <= $3", limit, from, to); err != nil {
				return err
			}
		}
		if n < purgeScan {
			return nil
		}
		from = to
	}
}
