package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/soukhq/souk/catalog"
)

// Store is an open database. It is safe for concurrent use; close it when
// nothing uses it any more.
type Store struct {
	dialect *dialect
	write   *sql.DB       // on SQLite the one connection that writes
	read    *sql.DB       // the same as write on Postgres
	pool    *pgxpool.Pool // nil on SQLite
	path    string        // of the file on SQLite
	keys    *keyring
	now     func() time.Time
	closing []func() error

	accountsWritten atomic.Uint64 // what List has read ahead is old when it moves
	statesSwept     atomic.Int64  // microseconds
}

// dialect is where the two databases differ.
type dialect struct {
	name       string // the folder of its migrations
	positional bool   // parameters are ?1, not $1
	lock       string // taken before the schema is looked at; "" = the transaction does
	hasSchema  string // finds the table souk_schema
	isUnique   func(error) bool
}

// sql writes a statement as the database wants it.
func (s *Store) sql(query string) string {
	if s.dialect.positional {
		return strings.ReplaceAll(query, "$", "?")
	}
	return query
}

// exec runs one statement and returns how many rows it changed.
func (s *Store) exec(ctx context.Context, op, query string, args ...any) (int64, error) {
	result, err := s.write.ExecContext(ctx, s.sql(query), args...)
	if err != nil {
		return 0, s.failed(ctx, op, err)
	}
	n, err := result.RowsAffected()
	return n, s.failed(ctx, op, err)
}

// row reads one row; none is sql.ErrNoRows.
func (s *Store) row(ctx context.Context, op, query string, args []any, into ...any) error {
	err := s.read.QueryRowContext(ctx, s.sql(query), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return s.failed(ctx, op, err)
}

// transact runs f in a transaction that may write.
func (s *Store) transact(ctx context.Context, op string, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.failed(ctx, op, err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if err := f(tx); err != nil {
		return s.failed(ctx, op, err)
	}
	return s.failed(ctx, op, tx.Commit())
}

// Close lets go of the database. It does not close a pool given to
// NewPostgres. Calling it again does nothing.
func (s *Store) Close() error {
	var errs []error
	for _, close := range s.closing {
		errs = append(errs, close())
	}
	s.closing = nil
	return errors.Join(errs...)
}

// failed makes a database's error one of souk's. The texts of both drivers
// name tables and constraints, never values.
func (s *Store) failed(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if catalog.KindOf(err) != "" {
		return err
	}
	e := &catalog.Error{Op: op, Kind: catalog.ErrUnavailable, Message: "the database failed", Err: err}
	if wrong, ok := errors.AsType[*KeyError](err); ok {
		e.Message, e.Err = "a value cannot be decrypted", wrong
	}
	if newer, ok := errors.AsType[*SchemaError](err); ok {
		e.Kind, e.Message, e.Err = catalog.ErrInvalid, "", newer
	}
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && (refused.Code == "22021" || refused.Code == "22P05") {
		e.Kind, e.Message = catalog.ErrInvalid, "the database cannot keep this text"
	}
	return e
}

// micros is a time as it is stored; NULL when it is zero.
func micros(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: !t.IsZero()}
}

func fromMicros(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}
