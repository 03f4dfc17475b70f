package sqlstore

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/soukhq/souk/catalog"
)

var postgresDialect = &dialect{
	name: "postgres",
	// The number is "souk" in ASCII. The lock ends with the transaction, which
	// is all a pooler in transaction mode can promise.
	lock:      "SELECT pg_advisory_xact_lock(1936684395)",
	hasSchema: "SELECT CASE WHEN to_regclass('souk_schema') IS NULL THEN 0 ELSE 1 END",
	isUnique: func(err error) bool {
		e, ok := errors.AsType[*pgconn.PgError](err)
		return ok && e.Code == "23505"
	},
}

// OpenPostgres connects to the database that dsn names, as a URL or in
// key=value form, with a pool of its own; pgxpool documents the settings, such
// as pool_max_conns. Any number of processes may use one database.
func OpenPostgres(ctx context.Context, dsn string, keys Keys) (*Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil { // its text repeats the dsn
		return nil, &catalog.ConfigError{Platform: "sqlstore", Field: "dsn", Reason: "cannot be read; it looks like postgres://user@host/database or host=... dbname=..."}
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, &catalog.Error{Op: "open database", Kind: catalog.ErrUnavailable, Message: "the pool cannot be made", Err: err}
	}
	s, err := NewPostgres(ctx, pool, keys)
	if err != nil {
		pool.Close()
		return nil, err
	}
	s.closing = append(s.closing, func() error { pool.Close(); return nil })
	return s, nil
}

// NewPostgres uses a pool of the host's, which Close leaves open.
func NewPostgres(ctx context.Context, pool *pgxpool.Pool, keys Keys) (*Store, error) {
	ring, err := newKeyring(keys)
	if err != nil {
		return nil, err
	}
	if pool == nil {
		return nil, &catalog.ConfigError{Platform: "sqlstore", Field: "pool", Reason: "is nil; OpenPostgres makes one"}
	}
	db := stdlib.OpenDBFromPool(pool)
	s := &Store{dialect: postgresDialect, write: db, read: db, pool: pool, keys: ring, now: time.Now, closing: []func() error{db.Close}}
	if err = s.checkSession(ctx); err == nil {
		err = s.prepare(ctx)
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// checkSession refuses a session in which "committed" means less than on disk.
func (s *Store) checkSession(ctx context.Context) error {
	const op = "open database"
	var commit string
	if err := s.row(ctx, op, "SELECT current_setting('synchronous_commit')", nil, &commit); err != nil {
		return err
	}
	if commit == "off" {
		return &catalog.Error{Op: op, Kind: catalog.ErrInvalid, Message: "synchronous_commit is off, so that a crash of the database loses tokens that were stored",
			Hint: "add synchronous_commit=on to the connection's settings"}
	}
	return nil
}
