package sqlstore

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/soukhq/souk/webhook"
)

// sqliteInbox is the inbox of one process. Only its single connection writes,
// so that what a transaction read is true until it ends.
type sqliteInbox struct {
	inbox
	wake        chan struct{}
	stmts       sqliteStatements
	checkpoints *checkpointer
}

// sqliteStatements are those that run for every event, prepared once.
type sqliteStatements struct {
	lastSeq, setSeq, key, addKey, dropKey, alive, addEvent, addBody *sql.Stmt
	addNew                                                          [3]*sql.Stmt // an event's key and so many states
	due, claim, body, addAttempt, oldAttempts, extend, settle, ends *sql.Stmt
}

func newSQLiteInbox(ctx context.Context, common inbox) (*sqliteInbox, error) {
	const op = "open inbox"
	b := &sqliteInbox{inbox: common, wake: make(chan struct{}, 1)}
	// Keys are in no order: their part of the file is to be in memory, and the
	// log is to hold many changes of a page before the page is written back,
	// which is the checkpointer's to do.
	for _, pragma := range []string{"PRAGMA cache_size = -32768", "PRAGMA wal_autocheckpoint = " + strconv.Itoa(autoCheckpoint)} {
		if _, err := b.write.ExecContext(ctx, pragma); err != nil {
			return nil, b.failed(ctx, op, err)
		}
	}
	for _, s := range []struct {
		into  **sql.Stmt
		query string
	}{
		{&b.stmts.lastSeq, "SELECT seq FROM souk_event_last"},
		{&b.stmts.setSeq, "UPDATE souk_event_last SET seq = ?1"},
		{&b.stmts.key, "SELECT event, own FROM souk_event_keys WHERE key = ?1"},
		{&b.stmts.addNew[0], "INSERT INTO souk_event_keys (key, event, own, at) VALUES (?3, ?1, 1, ?2) ON CONFLICT DO NOTHING"},
		{&b.stmts.addNew[1], "INSERT INTO souk_event_keys (key, event, own, at) VALUES (?3, ?1, 1, ?2), (?4, ?1, 0, ?2) ON CONFLICT DO NOTHING"},
		{&b.stmts.addNew[2], "INSERT INTO souk_event_keys (key, event, own, at) VALUES (?3, ?1, 1, ?2), (?4, ?1, 0, ?2), (?5, ?1, 0, ?2) ON CONFLICT DO NOTHING"},
		{&b.stmts.addKey, "INSERT INTO souk_event_keys (key, event, own, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"},
		{&b.stmts.dropKey, "DELETE FROM souk_event_keys WHERE key = ?1 AND event = ?2"},
		{&b.stmts.alive, "SELECT count(*) FROM souk_events WHERE seq = ?1"},
		{&b.stmts.addEvent, "INSERT INTO souk_events (" + insertColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
		{&b.stmts.addBody, "INSERT INTO souk_event_bodies (event, header, payload) VALUES (?1, ?2, ?3)"},
		{&b.stmts.due, sqliteDue},
		{&b.stmts.claim, `UPDATE souk_events AS e SET state = 'running', owner = ?2, due_at = ?3, attempts = attempts + 1, tries = tries + 1
			WHERE seq = ?1 RETURNING ` + eventColumnsPlain()},
		{&b.stmts.body, "SELECT payload FROM souk_event_bodies WHERE event = ?1"},
		{&b.stmts.addAttempt, "INSERT INTO souk_event_attempts (event, number, started_at) VALUES (?1, ?2, ?3)"},
		{&b.stmts.oldAttempts, "DELETE FROM souk_event_attempts WHERE event = ?1 AND number <= ?2"},
		{&b.stmts.extend, "UPDATE souk_events SET due_at = ?3 WHERE seq = ?1 AND owner = ?2 AND state = 'running'"},
		{&b.stmts.settle, `UPDATE souk_events SET state = ?3, owner = '', due_at = ?4, settled_at = ?5, tries = tries - ?6,
			last_error = CASE WHEN ?7 <> '' OR ?3 = 'done' THEN ?7 ELSE last_error END
			WHERE seq = ?1 AND owner = ?2 AND state = 'running' RETURNING attempts`},
		{&b.stmts.ends, "UPDATE souk_event_attempts SET ended_at = ?3, state = ?4, error = ?5 WHERE event = ?1 AND number = ?2"},
	} {
		stmt, err := b.write.PrepareContext(ctx, s.query)
		if err != nil {
			return nil, b.failed(ctx, op, err)
		}
		*s.into = stmt
	}
	checkpoints, err := b.startCheckpoints(b.config.Logger)
	if err != nil {
		return nil, b.failed(ctx, op, err)
	}
	b.checkpoints = checkpoints
	return b, nil
}

// sqliteTx is a transaction that runs prepared statements. It is not cut short
// by the context of its caller, who waited only for its turn.
type sqliteTx struct {
	tx    *sql.Tx
	wrote *int64                  // statements
	bound map[*sql.Stmt]*sql.Stmt // to the transaction, which keeps them until it ends
}

func (t sqliteTx) stmt(stmt *sql.Stmt) *sql.Stmt {
	bound := t.bound[stmt]
	if bound == nil {
		bound = t.tx.Stmt(stmt)
		t.bound[stmt] = bound
	}
	return bound
}

func (t sqliteTx) exec(stmt *sql.Stmt, args ...any) (changed int64, err error) {
	result, err := t.stmt(stmt).Exec(args...)
	if err != nil {
		return 0, err
	}
	*t.wrote++
	return result.RowsAffected()
}

func (t sqliteTx) row(stmt *sql.Stmt, args []any, into ...any) error {
	return t.stmt(stmt).QueryRow(args...).Scan(into...)
}

// inTx runs f in a transaction, which ctx bounds only before it begins.
func (b *sqliteInbox) inTx(ctx context.Context, f func(sqliteTx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	conn, err := b.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // back to the pool
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	wrote := int64(6)                    // a commit writes some pages whatever it changed
	if err := f(sqliteTx{tx, &wrote, make(map[*sql.Stmt]*sql.Stmt)}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	b.checkpoints.wrote(wrote)
	return nil
}

// Wake implements webhook.Waker.
func (b *sqliteInbox) Wake() <-chan struct{} { return b.wake }

func (b *sqliteInbox) ring() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

var (
	_ webhook.Inbox      = (*sqliteInbox)(nil)
	_ webhook.Claimer    = (*sqliteInbox)(nil)
	_ webhook.Transactor = (*sqliteInbox)(nil)
	_ webhook.Waker      = (*sqliteInbox)(nil)
)
