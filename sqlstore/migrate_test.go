package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/sqlstore/internal/pgtest"
)

// raw is the database without sqlstore; on SQLite no Store may be open.
func (d *database) raw(t testing.TB) *sql.DB {
	t.Helper()
	driver, dsn := "pgx", d.dsn
	if d.name == "sqlite" {
		driver, dsn = "sqlite", "file:"+d.dsn
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func run(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestManyProcessesMigrateAtOnce(t *testing.T) {
	t.Parallel()
	for range 5 {
		dsn := pgtest.Schema(t)
		pools := make([]*pgxpool.Pool, 8)
		for i := range pools { // connected beforehand, so that they meet
			pool, err := pgxpool.New(t.Context(), dsn)
			if err == nil {
				err = pool.Ping(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			pools[i] = pool
		}
		var all sync.WaitGroup
		for _, pool := range pools {
			all.Go(func() {
				s, err := sqlstore.NewPostgres(t.Context(), pool, testKeys)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := s.Accounts().Get(t.Context(), "none"); !errors.Is(err, catalog.ErrNotFound) {
					t.Error(err)
				}
				if err := s.Close(); err != nil || pool.Ping(t.Context()) != nil {
					t.Errorf("the host's pool was closed: %v", err)
				}
			})
		}
		all.Wait()
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *database) {
		s := d.handle(t)
		known, err := s.Steps()
		if err != nil {
			t.Fatal(err)
		}
		shut(t, s)
		db := d.raw(t)
		placeholder := "$1"
		run(t, db, "INSERT INTO souk_schema (version, applied_at) VALUES ("+placeholder+", 0)", known+1)
		_, err = d.open(sqlstore.Keys{Current: sqlstore.NewKey("new")})
		newer, ok := errors.AsType[*sqlstore.SchemaError](err)
		if !ok || newer.Found != known+1 || newer.Known != known || !strings.Contains(err.Error(), "newer program") {
			t.Errorf("got %v, want a SchemaError", err)
		}
		var keys int
		if err := db.QueryRow("SELECT count(*) FROM souk_keys").Scan(&keys); err != nil || keys != 1 {
			t.Errorf("%d keys are on record, %v: the refused program left its own", keys, err)
		}
		run(t, db, "DELETE FROM souk_schema WHERE version = "+placeholder, known+1)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		d.handle(t)
	})
}

// A host may make the tables with one role and work with another.
func TestPostgresWithoutTheRightToCreate(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	shut(t, d.handle(t))
	_, schema, _ := strings.Cut(d.dsn, "search_path=")
	db, role := d.raw(t), "limited_"+schema
	run(t, db, "CREATE ROLE "+role+" LOGIN")
	run(t, db, "GRANT USAGE ON SCHEMA "+schema+" TO "+role)
	run(t, db, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "+schema+" TO "+role)
	s, err := sqlstore.OpenPostgres(t.Context(), strings.Replace(d.dsn, "user=souk", "user="+role, 1), testKeys)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Accounts().Put(t.Context(), catalog.Account{ID: "a", Platform: "p", Store: "s"}); err != nil {
		t.Error(err)
	}
}

func TestPostgresRefusals(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Schema(t)
	if _, err := sqlstore.OpenPostgres(t.Context(), dsn+" options='-c synchronous_commit=off'", testKeys); !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), "synchronous_commit") {
		t.Errorf("a session that loses commits: %v", err)
	}
	if _, err := sqlstore.NewPostgres(t.Context(), nil, testKeys); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no pool: %v", err)
	}
	const password = "hunter2-canary"
	for name, dsn := range map[string]string{
		"unreadable": "postgres://u:" + password + "@host:port/db?sslmode=never",
		"absent":     "postgres://u:" + password + "@127.0.0.1:1/db?connect_timeout=1",
	} {
		_, err := sqlstore.OpenPostgres(t.Context(), dsn, testKeys)
		if err == nil || strings.Contains(err.Error(), password) || strings.Contains(err.Error(), "u:") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sqlstore.OpenPostgres(ended, dsn, testKeys); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
}
