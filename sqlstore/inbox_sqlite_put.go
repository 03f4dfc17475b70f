package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"slices"
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
	known, err := b.putKeys(tx, r, seq, now)
	if err != nil {
		return false, err
	}
	if known != 0 {
		return false, b.duplicate(tx, r, known)
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

// putKeys makes an entry's keys known. It returns the event that had one before,
// and then adds none; 0 = the entry is new. As a rule all are new, and added by
// one statement; else it is found out which were.
func (b *sqliteInbox) putKeys(tx sqliteTx, r *eventRow, seq int64, now time.Time) (known int64, err error) {
	at := now.UnixMicro()
	twinIsState := r.twin == nil || slices.ContainsFunc(r.states, func(s []byte) bool { return bytes.Equal(s, r.twin) })
	if n := len(r.states); twinIsState && n < len(b.stmts.addNew) {
		args := append(make([]any, 0, 3+n), seq, at, r.key)
		for _, state := range r.states {
			args = append(args, state)
		}
		if changed, err := tx.exec(b.stmts.addNew[n], args...); err != nil || changed == int64(1+n) {
			return 0, err
		}
		if err := b.dropKeys(tx, seq, append(r.states[:n:n], r.key)); err != nil {
			return 0, err
		}
	}
	if r.twin != nil {
		if event, own, err := b.known(tx, r.twin); err != nil || own {
			return event, err
		}
	}
	changed, err := tx.exec(b.stmts.addKey, r.key, seq, 1, at)
	if err != nil {
		return 0, err
	}
	if changed == 0 {
		event, _, err := b.known(tx, r.key)
		return event, err
	}
	for _, state := range r.states {
		if _, err := tx.exec(b.stmts.addKey, state, seq, 0, at); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// dropKeys takes back the keys that were added under the number.
func (b *sqliteInbox) dropKeys(tx sqliteTx, seq int64, keys [][]byte) error {
	for _, key := range keys {
		if _, err := tx.exec(b.stmts.dropKey, key, seq); err != nil {
			return err
		}
	}
	return nil
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
