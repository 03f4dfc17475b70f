// Package pgtest gives tests a Postgres server of their own. A package's tests
// share one, which is started when first asked for:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }
//
//	func TestX(t *testing.T) {
//		dsn := pgtest.Schema(t) // empty, this test's alone
//	}
//
// The server's files are in a temporary folder, it listens on a Unix socket
// there, and it ends with the tests. Where no Postgres is installed the tests
// are skipped, or fail where the environment has CI=true or
// SOUK_POSTGRES_REQUIRED=1.
package pgtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

var (
	shared  server
	start   sync.Once
	startup error
	schemas atomic.Int64
)

// errAbsent says that there is no Postgres to run.
var errAbsent = errors.New("no postgres and initdb in PATH or /usr/lib/postgresql/*/bin; install them, say by apt-get install postgresql")

// Run runs the tests and stops the server, if one was started.
func Run(m *testing.M) int {
	defer shared.stop()
	return m.Run()
}

// Schema returns the connection string of a new, empty schema.
func Schema(t testing.TB) string {
	t.Helper()
	start.Do(func() { startup = shared.start() })
	if errors.Is(startup, errAbsent) && !required() {
		t.Skip(startup)
	}
	if startup != nil {
		t.Fatal(startup)
	}
	name := fmt.Sprintf("test_%d", schemas.Add(1))
	conn, err := pgx.Connect(t.Context(), shared.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	return shared.dsn + " search_path=" + name
}

// required says that the tests must not be skipped.
func required() bool {
	return os.Getenv("SOUK_POSTGRES_REQUIRED") == "1" || os.Getenv("CI") == "true"
}

// programs finds the newest installed postgres and initdb.
func programs() (postgres, initdb string, err error) {
	folders := filepath.SplitList(os.Getenv("PATH"))
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(installed, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
	for _, folder := range append(folders, installed...) {
		postgres, errPostgres := exec.LookPath(filepath.Join(folder, "postgres"))
		initdb, errInit := exec.LookPath(filepath.Join(folder, "initdb"))
		if errPostgres == nil && errInit == nil {
			return postgres, initdb, nil
		}
	}
	return "", "", errAbsent
}

// version reads the 15 of /usr/lib/postgresql/15/bin.
func version(folder string) float64 {
	v, _ := strconv.ParseFloat(filepath.Base(filepath.Dir(folder)), 64)
	return v
}

// Files returns the folder of the server's files: tables, write-ahead log and
// all. Ask for a Schema first.
func Files() string { return shared.folder }
