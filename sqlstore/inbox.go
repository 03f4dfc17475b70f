package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// InboxConfig tunes an inbox; zero fields mean the defaults. All but Logger is
// for Postgres: on SQLite the Dispatcher decides.
type InboxConfig struct {
	// Lease is how long an event is kept from other processes without a sign of
	// life of the one that handles it, and so what the next attempt waits for
	// after a crash; 0 = 1 minute, at least 1 second. It is renewed while the
	// handler runs.
	Lease time.Duration
	// JobTimeout ends an attempt whatever the Dispatcher does; 0 = 1 hour. Make
	// it longer than Dispatcher.Timeout.
	JobTimeout time.Duration
	// FetchCooldown is the least time between two fetches of jobs by one
	// process; 0 = 2 ms. Shorter is more events a second, longer is less load.
	FetchCooldown time.Duration
	// PollOnly does without LISTEN, for pgbouncer in transaction mode: an event
	// waits up to a second for its first attempt.
	PollOnly bool
	// Logger gets what goes wrong beside the handlers; nil = slog.Default().
	Logger *slog.Logger
}

// Inbox returns the inbox in the database; call it once for a Store. It keeps
// every event with a key that is unique, its body, header and attempts.
//
// On SQLite it is a webhook.Claimer, which the Dispatcher polls and which
// wakes it. On Postgres it is a webhook.Runner: an event and its River job are
// inserted in one transaction, and River schedules, repeats and shares the
// work among all processes that run a Dispatcher. River's tables are in the
// schema of souk's, its queue is "souk_events"; a host may use both for its
// own jobs.
//
// On both it is a webhook.Transactor: see SQLTx and PgxTx. Let the Receiver
// put entries in batches, by BatchOptions: one writer for SQLite, two for
// Postgres. A text of an event longer than 2,000 bytes, other than its payload
// and key, or one with a zero byte or not in UTF-8, is refused with
// ErrInvalid.
func (s *Store) Inbox(ctx context.Context, config InboxConfig) (webhook.Inbox, error) {
	if config.Lease < 0 || config.JobTimeout < 0 || config.FetchCooldown < 0 {
		return nil, &catalog.ConfigError{Platform: "sqlstore", Field: "InboxConfig", Reason: "times must not be negative"}
	}
	config.Lease = max(cmp.Or(config.Lease, time.Minute), time.Second)
	config.JobTimeout = cmp.Or(config.JobTimeout, time.Hour)
	config.FetchCooldown = max(cmp.Or(config.FetchCooldown, 2*time.Millisecond), time.Millisecond)
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	common := inbox{Store: s, config: config}
	if s.pool != nil {
		return newPostgresInbox(common)
	}
	return newSQLiteInbox(ctx, common)
}

// inbox is what the inboxes on both databases have in common.
type inbox struct {
	*Store
	config InboxConfig
}

type txKey struct{}

// SQLTx returns the transaction that settles the event, in the function given
// to webhook.Transact, where the inbox is on SQLite: what it writes is there
// exactly if the event is done. It must not be committed, rolled back or used
// later. While it lasts nothing else is written to the file: the function
// calls nothing of the Store that writes, which would wait for itself.
//
// The host's own tables may be in the same file. Make them in a transaction
// like this one, or on a connection of the host's own by the driver
// modernc.org/sqlite in this process.
func SQLTx(ctx context.Context) (*sql.Tx, bool) {
	tx, ok := ctx.Value(txKey{}).(*sql.Tx)
	return tx, ok
}

// PgxTx is SQLTx for an inbox on Postgres. It sees the tables of the session's
// search_path.
func PgxTx(ctx context.Context) (pgx.Tx, bool) {
	tx, ok := ctx.Value(txKey{}).(pgx.Tx)
	return tx, ok
}

// cannotKeep reports whether the database refused what it was given, rather
// than failed.
func cannotKeep(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && len(e.Code) == 5 {
		switch e.Code[:2] { // data, integrity, limits, raised by a trigger
		case "22", "23", "54", "P0":
			return true
		}
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH:
			return true
		}
	}
	return false
}

// putFailed is the error of an entry, or of a whole call of Put.
func (b *inbox) putFailed(ctx context.Context, err error) error {
	if cannotKeep(err) {
		return &catalog.Error{Op: "keep events", Kind: catalog.ErrInvalid, Message: "the database does not take the event", Err: err}
	}
	return b.failed(ctx, "keep events", err)
}

// putAll puts entries by put, which takes all or none. What the database
// refuses is halved until the entry to blame is alone.
func (b *inbox) putAll(ctx context.Context, rows []*eventRow, put func(context.Context, []*eventRow) error) error {
	if len(rows) == 0 {
		return nil
	}
	err := put(ctx, rows)
	if err == nil {
		return nil
	}
	for _, r := range rows {
		r.result = webhook.PutResult{}
	}
	switch {
	case !cannotKeep(err):
		return b.putFailed(ctx, err)
	case len(rows) == 1:
		rows[0].result.Err = b.putFailed(ctx, err)
		return nil
	}
	half := len(rows) / 2
	return errors.Join(b.putAll(ctx, rows[:half], put), b.putAll(ctx, rows[half:], put))
}

// Put implements webhook.Putter, but for its dialect's part.
func (b *inbox) put(ctx context.Context, entries []webhook.Entry, put func(context.Context, []*eventRow) error) ([]webhook.PutResult, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	all := make([]eventRow, len(entries))
	good := make([]*eventRow, 0, len(entries))
	for i := range entries {
		if err := all[i].encode(&entries[i]); err != nil {
			all[i].result.Err = err
			continue
		}
		good = append(good, &all[i])
	}
	if err := b.putAll(ctx, good, put); err != nil {
		return nil, err
	}
	results := make([]webhook.PutResult, len(all))
	for i := range all {
		results[i] = all[i].result
	}
	return results, nil
}
