package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/soukhq/souk/webhook"
)

// Put implements webhook.Putter: one transaction, one wait for the disk.
func (b *sqliteInbox) Put(ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
	results, err := b.put(ctx, entries, func(ctx context.Context, rows []*eventRow) error {
		return b.inTx(ctx, func(tx sqliteTx) error { return b.putRows(tx, rows) })
	})
	b.ring()
	return results, err
}

func (b *sqliteInbox) putRows(tx sqliteTx, rows []*eventRow) error {
	var last int64
	if err := tx.row(b.stmts.lastSeq, nil, &last); err != nil {
		return err
	}
	now, seq := b.now(), last
	for _, r := range rows {
		kept, err := b.putRow(tx, r, seq+1, now)
		if err != nil {
			return err
		}
		if kept {
			seq++
		}
	}
	if seq == last {
		return nil
	}
	_, err := tx.exec(b.stmts.setSeq, seq)
	return err
}

// putRow keeps an entry under the number, unless it is a duplicate.
func (b *sqliteInbox) putRow(tx sqliteTx, r *eventRow, seq int64, now time.Time) (kept bool, err error) {
	if r.twin != nil {
		event, own, err := b.known(tx, r.twin)
		if err != nil {
			return false, err
		}
		if own {
			return false, b.duplicate(tx, r, event)
		}
	}
	changed, err := tx.exec(b.stmts.addKey, r.key, seq, 1, now.UnixMicro())
	if err != nil {
		return false, err
	}
	if changed == 0 {
		event, _, err := b.known(tx, r.key)
		if err != nil {
			return false, err
		}
		return false, b.duplicate(tx, r, event)
	}
	for _, state := range r.states {
		if _, err := tx.exec(b.stmts.addKey, state, seq, 0, now.UnixMicro()); err != nil {
			return false, err
		}
	}
	if _, err := tx.exec(b.stmts.addEvent, r.args(seq, now)...); err != nil {
		return false, err
	}
	if _, err := tx.exec(b.stmts.addBody, seq, r.header, r.payload); err != nil {
		return false, err
	}
	r.result.ID = strconv.FormatInt(seq, 10)
	return true, nil
}

// known finds whose key it is, and whether it is an event's own.
func (b *sqliteInbox) known(tx sqliteTx, key []byte) (event int64, own bool, err error) {
	err = tx.row(b.stmts.key, []any{key}, &event, &own)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return event, own, err
}

func (b *sqliteInbox) duplicate(tx sqliteTx, r *eventRow, event int64) error {
	r.result.Duplicate = true
	var there bool
	err := tx.row(b.stmts.alive, []any{event}, &there)
	if there {
		r.result.ID = strconv.FormatInt(event, 10)
	}
	return err
}
