package sqlstore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/sqlstore/internal/pgtest"
)

// A test that needs another process runs this binary again with this variable
// set to what that process is to do.
const roleVariable = "SOUK_TEST_ROLE"

var roles = map[string]func() error{}

func TestMain(m *testing.M) {
	role := os.Getenv(roleVariable)
	if role == "" {
		os.Exit(pgtest.Run(m))
	}
	if err := roles[role](); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var testKeys = sqlstore.Keys{Current: sqlstore.NewKey("test")}

// database is one of the databases a test runs on: open gives another handle
// to the same data.
type database struct {
	name string
	many bool // several handles at once
	open func(sqlstore.Keys) (*sqlstore.Store, error)
	dsn  string // or the path
}

func sqliteDatabase(t testing.TB) *database {
	path := filepath.Join(t.TempDir(), "souk.db")
	return &database{name: "sqlite", dsn: path, open: func(k sqlstore.Keys) (*sqlstore.Store, error) {
		return sqlstore.OpenSQLite(t.Context(), path, k)
	}}
}

func postgresDatabase(t testing.TB) *database {
	dsn := pgtest.Schema(t)
	return &database{name: "postgres", dsn: dsn, many: true, open: func(k sqlstore.Keys) (*sqlstore.Store, error) {
		return sqlstore.OpenPostgres(t.Context(), dsn, k)
	}}
}

// onEach runs a test on an empty database of each kind.
func onEach(t *testing.T, test func(*testing.T, *database)) {
	for name, make := range map[string]func(testing.TB) *database{"sqlite": sqliteDatabase, "postgres": postgresDatabase} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, make(t))
		})
	}
}

// handle opens the database for the length of the test.
func (d *database) handle(t testing.TB) *sqlstore.Store {
	t.Helper()
	return d.with(t, testKeys)
}

func (d *database) with(t testing.TB, keys sqlstore.Keys) *sqlstore.Store {
	t.Helper()
	s, err := d.open(keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// named is the database for a process whose sessions can be told.
func (d *database) named(application string) *database {
	other := *d
	if d.name == "postgres" {
		other.dsn += " application_name=" + application + "_" + d.dsn[len(d.dsn)-4:]
	}
	return &other
}

// finish ends what the server may still be doing for a process that is gone.
func (d *database) finish(t testing.TB, gone *database) {
	t.Helper()
	if _, application, ok := strings.Cut(gone.dsn, "application_name="); ok {
		db := d.raw(t)
		run(t, db, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = $1", application)
		_ = db.Close()
	}
}

// shut closes a handle before the test ends.
func shut(t testing.TB, s *sqlstore.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// clock is one that a test moves.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time       { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) pass(d time.Duration) { c.ahead.Add(int64(d)) }
