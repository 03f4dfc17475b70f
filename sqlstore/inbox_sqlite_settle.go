package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// checkSettlement refuses what no attempt can be settled as.
func checkSettlement(s *webhook.Settlement) error {
	if s.State.Final() || s.State == webhook.StateRetry || s.State == webhook.StatePending {
		return nil
	}
	return &catalog.Error{Op: "settle event", Kind: catalog.ErrInvalid, Message: "an attempt cannot be settled as " + readable(string(s.State))}
}

// times are the due_at and settled_at of a settled event.
func settledTimes(s *webhook.Settlement, now time.Time) (due, settled sql.NullInt64) {
	switch {
	case s.State == webhook.StateRetry:
		return sql.NullInt64{Int64: s.RetryAt.UnixMicro(), Valid: true}, settled
	case s.State == webhook.StatePending:
		return micros(now), settled
	}
	return due, micros(now)
}

// Settle implements webhook.Claimer.
func (b *sqliteInbox) Settle(ctx context.Context, settlements []webhook.Settlement) ([]error, error) {
	errs := make([]error, len(settlements))
	err := b.inTx(ctx, func(tx sqliteTx) error {
		for i := range settlements {
			var err error
			if errs[i], err = b.settle(tx, &settlements[i], b.now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, b.failed(ctx, "settle events", err)
	}
	b.ring()
	return errs, nil
}

// settle records one. refused is its own error, err the database's.
func (b *sqliteInbox) settle(tx sqliteTx, s *webhook.Settlement, now time.Time) (refused, err error) {
	if err := checkSettlement(s); err != nil {
		return err, nil
	}
	seq, message := parseID(s.Lease.ID), readable(s.Error)
	due, settled := settledTimes(s, now)
	if s.Lease.Owner == "" || checkText(s.Lease.Owner) != nil {
		return leaseLost("settle event"), nil
	}
	var number64 int64
	err = tx.row(b.stmts.settle, []any{seq, s.Lease.Owner, string(s.State), due, settled, number(s.State == webhook.StatePending), message}, &number64)
	if errors.Is(err, sql.ErrNoRows) {
		return leaseLost("settle event"), nil
	}
	if err != nil {
		return nil, err
	}
	if _, err := tx.exec(b.stmts.ends, seq, number64, now.UnixMicro(), string(s.State), message); err != nil {
		return nil, err
	}
	for _, state := range s.States {
		if state == "" {
			continue
		}
		if _, err := tx.exec(b.stmts.addKey, storedKey(state), seq, 0, now.UnixMicro()); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// errOfDo marks what do returned.
type errOfDo struct{ error }

// Transact implements webhook.Transactor. The event is settled first, which
// proves the lease and keeps it: nobody else writes until the end.
func (b *sqliteInbox) Transact(ctx context.Context, settlement webhook.Settlement, do func(context.Context) error) error {
	err := b.inTx(ctx, func(tx sqliteTx) error {
		refused, err := b.settle(tx, &settlement, b.now())
		if err = errors.Join(refused, err); err != nil {
			return err
		}
		if err := do(context.WithValue(ctx, txKey{}, tx.tx)); err != nil {
			return errOfDo{err}
		}
		return nil
	})
	if own, ok := errors.AsType[errOfDo](err); ok {
		return own.error
	}
	if err == nil {
		b.ring()
	}
	return b.failed(ctx, "settle event", err)
}

// replayStep is how many events one transaction replays.
const replayStep = 500

// replayable checks a replay's query and narrows its states. It reports false
// where nothing can be selected.
func replayable(query *webhook.Query) (bool, error) {
	if query.All() {
		return false, &catalog.Error{Op: "replay events", Kind: catalog.ErrInvalid, Message: "the query selects every record", Hint: "name at least the states, or a range of time"}
	}
	query.States = query.Replayable()
	return len(query.States) > 0, nil
}

// Replay implements webhook.Inbox, in small steps.
func (b *sqliteInbox) Replay(ctx context.Context, query webhook.Query) (int, error) {
	const op = "replay events"
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if some, err := replayable(&query); !some {
		return 0, err
	}
	defer b.ring()
	total, after := 0, int64(0)
	for {
		var step []int64
		err := b.transact(ctx, op, func(tx *sql.Tx) (err error) {
			step, err = b.replayStep(ctx, tx, query, after)
			return err
		})
		if err != nil {
			return total, err
		}
		total += len(step)
		if len(step) < replayStep {
			return total, nil
		}
		after = step[len(step)-1]
	}
}

func (b *sqliteInbox) replayStep(ctx context.Context, tx *sql.Tx, query webhook.Query, after int64) ([]int64, error) {
	var w where
	if !w.selects(query) {
		return nil, nil
	}
	w.add("e.seq > " + w.arg(after))
	rows, err := tx.QueryContext(ctx, b.sql("SELECT e.seq FROM souk_events e WHERE "+w.String()+" ORDER BY e.seq LIMIT "+w.arg(replayStep)), w.args...)
	if err != nil {
		return nil, err
	}
	step, err := sequence(rows)
	if err != nil || len(step) == 0 {
		return nil, err
	}
	var in where
	now := in.arg(b.now().UnixMicro())
	_, err = tx.ExecContext(ctx, b.sql("UPDATE souk_events SET state = 'pending', due_at = "+now+", settled_at = NULL, tries = 0, replays = replays + 1 WHERE seq IN "+list(&in, step)), in.args...)
	return step, err
}
