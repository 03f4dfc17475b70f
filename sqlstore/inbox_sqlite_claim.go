package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// sqliteDue finds what is due, longest first: each state's part of the index
// is in order.
const sqliteDue = `SELECT seq FROM (
	SELECT * FROM (SELECT seq, due_at FROM souk_events WHERE state = 'pending' AND due_at <= ?1 ORDER BY due_at, seq LIMIT ?2)
	UNION ALL SELECT * FROM (SELECT seq, due_at FROM souk_events WHERE state = 'retry' AND due_at <= ?1 ORDER BY due_at, seq LIMIT ?2)
	UNION ALL SELECT * FROM (SELECT seq, due_at FROM souk_events WHERE state = 'running' AND due_at <= ?1 ORDER BY due_at, seq LIMIT ?2)
	) ORDER BY due_at, seq LIMIT ?2`

// eventColumnsPlain is eventColumns for a RETURNING, which knows no alias.
func eventColumnsPlain() string { return strings.ReplaceAll(eventColumns, "e.", "") }

// Claim implements webhook.Claimer. It writes nothing when nothing is due.
func (b *sqliteInbox) Claim(ctx context.Context, limit int, lease time.Duration) ([]webhook.Claimed, error) {
	const op = "claim events"
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if limit <= 0 || lease <= 0 {
		return nil, &catalog.Error{Op: op, Kind: catalog.ErrInvalid, Message: "the limit or the lease is not positive"}
	}
	var one int64
	err := b.row(ctx, op, sqliteDue, []any{b.now().UnixMicro(), 1}, &one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var claimed []webhook.Claimed
	err = b.inTx(ctx, func(tx sqliteTx) error {
		now := b.now()
		due, err := b.dueEvents(tx, now, limit)
		if err != nil {
			return err
		}
		for _, seq := range due {
			c, err := b.claimEvent(tx, seq, now, lease)
			if err != nil {
				return err
			}
			claimed = append(claimed, c)
		}
		return nil
	})
	if err != nil {
		return nil, b.failed(ctx, op, err)
	}
	return claimed, nil
}

func (b *sqliteInbox) dueEvents(tx sqliteTx, now time.Time, limit int) ([]int64, error) {
	rows, err := tx.tx.Stmt(b.stmts.due).Query(now.UnixMicro(), limit)
	if err != nil {
		return nil, err
	}
	return sequence(rows)
}

// sequence reads rows of one number.
func sequence(rows *sql.Rows) (seqs []int64, err error) {
	err = each(rows, func() error {
		var seq int64
		err := rows.Scan(&seq)
		seqs = append(seqs, seq)
		return err
	})
	return seqs, err
}

func (b *sqliteInbox) claimEvent(tx sqliteTx, seq int64, now time.Time, lease time.Duration) (webhook.Claimed, error) {
	until, owner := now.Add(lease), rand.Text()
	var scan eventScan
	if err := tx.row(b.stmts.claim, []any{seq, owner, until.UnixMicro()}, scan.into()...); err != nil {
		return webhook.Claimed{}, err
	}
	var payload []byte
	if err := tx.row(b.stmts.body, []any{seq}, &payload); err != nil {
		return webhook.Claimed{}, err
	}
	if _, err := tx.exec(b.stmts.addAttempt, seq, scan.attempts, now.UnixMicro()); err != nil {
		return webhook.Claimed{}, err
	}
	if scan.attempts > keptAttempts {
		if _, err := tx.exec(b.stmts.oldAttempts, seq, scan.attempts-keptAttempts); err != nil {
			return webhook.Claimed{}, err
		}
	}
	return scan.claimed(owner, until, payload), nil
}

// claimed is the attempt that a row just scanned has begun.
func (s *eventScan) claimed(owner string, until time.Time, payload []byte) webhook.Claimed {
	record := s.record(payload)
	return webhook.Claimed{Lease: webhook.Lease{ID: record.ID, Owner: owner, Until: until.UTC()}, Event: record.Event, Attempt: int(s.attempts), Tries: int(s.tries)}
}

// Extend implements webhook.Claimer.
func (b *sqliteInbox) Extend(ctx context.Context, leases []webhook.Lease, lease time.Duration) ([]error, error) {
	errs := make([]error, len(leases))
	err := b.inTx(ctx, func(tx sqliteTx) error {
		until := b.now().Add(lease).UnixMicro()
		for i, l := range leases {
			changed, err := tx.exec(b.stmts.extend, parseID(l.ID), l.Owner, until)
			if err != nil {
				return err
			}
			if changed == 0 || l.Owner == "" {
				errs[i] = leaseLost("renew lease")
			}
		}
		return nil
	})
	if err != nil {
		return nil, b.failed(ctx, "renew leases", err)
	}
	return errs, nil
}

func leaseLost(op string) error {
	return &catalog.Error{Op: op, Kind: catalog.ErrConflict, Message: "the lease was lost: the event was settled, or taken after the lease ended"}
}
