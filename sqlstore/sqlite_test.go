package sqlstore_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/sqlstore"
)

func init() {
	// hold opens the database and keeps it until its input ends.
	roles["hold"] = func() error {
		s, err := sqlstore.OpenSQLite(context.Background(), os.Getenv("SOUK_TEST_PATH"), sqlstore.Keys{Current: sqlstore.NewKey("other")})
		if err != nil {
			return err
		}
		_, _ = os.Stdout.WriteString("open\n")
		_, _ = io.Copy(io.Discard, os.Stdin)
		return s.Close()
	}
}

// process is this binary run again.
func process(t testing.TB, role string, env ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(append(os.Environ(), roleVariable+"="+role), env...)
	cmd.Stderr = os.Stderr
	return cmd
}

func inUse(t *testing.T, path string) {
	t.Helper()
	s, err := sqlstore.OpenSQLite(t.Context(), path, testKeys)
	if err == nil {
		_ = s.Close()
	}
	if !errors.Is(err, sqlstore.ErrInUse) || !errors.Is(err, catalog.ErrConflict) || !strings.Contains(err.Error(), "OpenPostgres") {
		t.Errorf("opening %s again: %v, want ErrInUse", filepath.Base(path), err)
	}
}

func TestSQLiteIsOneProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "souk.db")
	s, err := sqlstore.OpenSQLite(t.Context(), path, testKeys)
	if err != nil {
		t.Fatal(err)
	}
	inUse(t, path)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	inUse(t, link)
	var refused strings.Builder
	other := process(t, "hold", "SOUK_TEST_PATH="+path)
	other.Stderr = &refused
	if err := other.Run(); err == nil || !strings.Contains(refused.String(), "in use by another process") {
		t.Errorf("a second process: %v, %s", err, &refused)
	}
	if err := s.Accounts().Put(t.Context(), catalog.Account{ID: "a", Platform: "p", Store: "s"}); err != nil {
		t.Errorf("the first one was disturbed: %v", err)
	}
	for range 2 {
		shut(t, s)
	}
	s, err = sqlstore.OpenSQLite(t.Context(), path, testKeys)
	if err != nil {
		t.Fatalf("after Close: %v", err)
	}
	if _, err := s.Accounts().Get(t.Context(), "a"); err != nil {
		t.Errorf("after Close: %v", err)
	}
	shut(t, s)
}

func TestSQLiteLockEndsWithItsProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "souk.db")
	holder := process(t, "hold", "SOUK_TEST_PATH="+path)
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "open\n" {
		t.Fatalf("the holder said %q, %v", line, err)
	}
	inUse(t, path)
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	_, err = sqlstore.OpenSQLite(t.Context(), path, testKeys) // of another key, which is seen only with the lock
	if _, wrong := errors.AsType[*sqlstore.KeyError](err); !wrong {
		t.Errorf("after kill -9: %v, want the database to be free", err)
	}
}

func TestSQLiteFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"a b?c#d%20é&e.db", "file:x=1.db"} {
		path := filepath.Join(folder, name)
		s, err := sqlstore.OpenSQLite(t.Context(), path, testKeys)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := s.Accounts().Put(t.Context(), catalog.Account{ID: "a", Platform: "p", Store: "s"}); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("the file is elsewhere: %v", err)
		}
		err = filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
			if info, _ := e.Info(); err == nil && !e.IsDir() && info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %v", e.Name(), info.Mode())
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		shut(t, s)
	}
	for _, path := range []string{"", ":memory:", "file:x.db?mode=memory"} {
		if _, err := sqlstore.OpenSQLite(t.Context(), path, testKeys); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: %v, want ErrInvalid", path, err)
		}
	}
	if _, err := sqlstore.OpenSQLite(t.Context(), filepath.Join(folder, "absent", "souk.db"), testKeys); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in an absent folder: %v", err)
	}
}

// A database that is no WAL database, as on a file system without shared
// memory, is found out.
func TestSQLitePragmasAreReadBack(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"_pragma=journal_mode(DELETE)":                          "journal_mode=delete",
		"_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)": "synchronous=1",
	} {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "x.db")+"?"+query)
		if err != nil {
			t.Fatal(err)
		}
		if err := sqlstore.CheckPragmas(t.Context(), db); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", query, err)
		}
		_ = db.Close()
	}
}

func TestSQLiteRefusesAnotherFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes.txt")
	text := strings.Repeat("this is no database\n", 1000)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlstore.OpenSQLite(t.Context(), path, testKeys); err == nil {
		t.Error("it was opened")
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != text {
		t.Errorf("it was changed: %v", err)
	}
}
