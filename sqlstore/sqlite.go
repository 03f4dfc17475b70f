package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/soukhq/souk/catalog"
)

// ErrInUse says that a SQLite database, or a journal, is open already, in this
// process or in another.
var ErrInUse = errors.New("in use by another process, or opened twice")

var sqliteDialect = &dialect{
	name:       "sqlite",
	positional: true,
	hasSchema:  "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'souk_schema'",
	isUnique: func(err error) bool {
		e, ok := errors.AsType[*sqlite.Error](err)
		return ok && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
	},
}

// readers is how many connections read beside the one that writes.
const readers = 4

// OpenSQLite opens the database in the file, which is made if it is absent,
// readable by its owner alone. The folder must exist and be on a local disk.
// Until Close the file belongs to this Store: another, in whatever process, is
// refused with ErrInUse, by a lock on the file path.lock that ends with the
// process however that ends.
func OpenSQLite(ctx context.Context, path string, keys Keys) (*Store, error) {
	ring, err := newKeyring(keys)
	if err != nil {
		return nil, err
	}
	path, err = realPath(path)
	if err != nil {
		return nil, err
	}
	unlock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, openError(path, err)
	}
	s := &Store{dialect: sqliteDialect, path: path, keys: ring, now: time.Now, closing: []func() error{unlock}}
	if err := s.openFile(ctx, path); err != nil {
		_ = s.Close()
		return nil, openError(path, err)
	}
	return s, nil
}

// realPath is the one name of the file, whatever links lead to it: the lock
// goes by name.
func realPath(path string) (string, error) {
	if path == "" || strings.HasPrefix(path, ":") || strings.HasPrefix(path, "file:") {
		return "", &catalog.ConfigError{Platform: "sqlstore", Field: "path", Reason: "must name a file; to keep nothing use catalog's in-memory stores"}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real, nil
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", openError(path, err)
	}
	return filepath.Join(folder, filepath.Base(path)), nil
}

func openError(path string, err error) error {
	if _, ok := errors.AsType[*catalog.Error](err); ok {
		return err
	}
	e := &catalog.Error{Op: "open database", Kind: catalog.ErrUnavailable, Err: err}
	if errors.Is(err, ErrInUse) {
		e.Kind, e.Hint = catalog.ErrConflict, "a SQLite database serves one process; use OpenPostgres for several"
	}
	e.Message = filepath.Base(path) + " cannot be opened"
	return e
}

func (s *Store) openFile(ctx context.Context, path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // SQLite's own files take this mode over
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if s.write, err = sqliteDB(path, "_txlock=immediate", 1); err != nil {
		return err
	}
	s.closing = append([]func() error{s.write.Close}, s.closing...)
	if err := checkPragmas(ctx, s.write); err != nil {
		return err
	}
	if s.read, err = sqliteDB(path, "_pragma=query_only(1)", readers); err != nil {
		return err
	}
	s.closing = append([]func() error{s.read.Close}, s.closing...)
	return s.prepare(ctx)
}

func sqliteDB(path, option string, connections int) (*sql.DB, error) {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive
	}
	name := url.URL{Scheme: "file", Path: path, RawQuery: strings.Join([]string{
		"_pragma=busy_timeout(10000)", // for a backup that another program takes
		"_pragma=page_size(8192)",     // of a new file; fewer writes for a batch, whose payloads are about a KiB each
		"_journal_mode=WAL",           // no _pragma: those may run in any order, and WAL fixes the page size
		"_pragma=synchronous(FULL)",
		"_pragma=fullfsync(1)",        // where fsync alone does not reach the disk
		"_pragma=secure_delete(FAST)", // what is erased is overwritten
		"_pragma=foreign_keys(1)",
		option,
	}, "&")}
	connector, err := sqlite.NewConnector(name.String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// checkPragmas reads back what durability rests on: SQLite ignores a pragma it
// cannot follow, say WAL on some file systems.
func checkPragmas(ctx context.Context, db *sql.DB) error {
	for _, p := range []struct{ name, want string }{{"journal_mode", "wal"}, {"synchronous", "2"}} {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			return err
		}
		if got != p.want {
			return fmt.Errorf("SQLite has %s=%s here, which is not durable; put the file on a local disk", p.name, got)
		}
	}
	return nil
}
