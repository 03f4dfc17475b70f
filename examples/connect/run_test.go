package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// program is one run of it.
type program struct {
	url  string
	said string // before it was ready
	end  func()
}

// start runs the program with a database until end is called.
func start(t *testing.T, database string, more ...string) *program {
	t.Helper()
	env := map[string]string{"APP_PORT": "0", "DATABASE_PATH": database}
	for i := 0; i+1 < len(more); i += 2 {
		env[more[i]] = more[i+1]
	}
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, func(name string) string { return env[name] }, in, slog.New(slog.NewTextHandler(t.Output(), nil)))
		_ = in.Close()
		ended <- err
	}()
	p := &program{}
	lines := bufio.NewScanner(out)
	for p.url == "" && lines.Scan() {
		p.said += lines.Text() + "\n"
		if found := regexp.MustCompile(`Open (\S+)/ in a browser`).FindStringSubmatch(lines.Text()); found != nil {
			p.url = found[1]
		}
	}
	done := false
	p.end = func() {
		t.Helper()
		if done {
			return
		}
		done = true
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the program ended with: %v", err)
		}
	}
	t.Cleanup(p.end)
	if p.url == "" {
		stop()
		done = true
		t.Fatalf("the program did not start: %v", <-ended)
	}
	return p
}

func TestTheKeyIsMadeOnceForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "shop.db")
	first := start(t, database)
	first.end()
	path := filepath.Join(filepath.Dir(database), "shop-inside.db.key")
	key, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v", info.Mode())
	}
	if !strings.Contains(first.said, "made now and kept in "+path) || strings.Contains(first.said, strings.TrimSpace(string(key))) {
		t.Errorf("it said:\n%s", first.said)
	}
	second := start(t, database)
	second.end()
	if again, _ := os.ReadFile(path); string(again) != string(key) || strings.Contains(second.said, "made now") {
		t.Errorf("the key was made again:\n%s", second.said)
	}
}

func TestWrongSettings(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	used := start(t, filepath.Join(folder, "used.db"))
	_ = used
	lost := filepath.Join(folder, "lost.db")
	start(t, lost).end()
	if err := os.Remove(filepath.Join(folder, "lost-inside.db.key")); err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(folder, "open.db")
	start(t, open).end()
	if err := os.Chmod(filepath.Join(folder, "open-inside.db.key"), 0o644); err != nil { //nolint:gosec // the point of the test
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"a host of everybody":       {map[string]string{"APP_HOST": "0.0.0.0"}, "set APP_URL"},
		"public without a password": {map[string]string{"APP_URL": "https://app.example.com", "SALLA_CLIENT_ID": "1", "SALLA_CLIENT_SECRET": "canary"}, "set APP_PASSWORD"},
		"an address that is none":   {map[string]string{"APP_URL": "app.example.com"}, "APP_URL is not an address"},
		"plain http in public":      {map[string]string{"APP_URL": "http://app.example.com", "APP_PASSWORD": "canary", "SALLA_CLIENT_ID": "1", "SALLA_CLIENT_SECRET": "canary"}, "BaseURL"},
		"half of the credentials":   {map[string]string{"SALLA_CLIENT_SECRET": "canary"}, "SALLA_CLIENT_ID"},
		"postgres without a key":    {map[string]string{"DATABASE_URL": "postgres://localhost/x", "SHOPIFY_CLIENT_ID": "1", "SHOPIFY_CLIENT_SECRET": "canary"}, "set SOUK_KEY"},
		"postgres for the servers":  {map[string]string{"DATABASE_URL": "postgres://localhost/x"}, "is for real stores"},
		"a strange key":             {map[string]string{"SOUK_KEY": "canary"}, "32"},
		"a database in use":         {map[string]string{"DATABASE_PATH": filepath.Join(folder, "used.db")}, "in use"},
		"a lost key":                {map[string]string{"DATABASE_PATH": lost}, "the key of"},
		"a key others may read":     {map[string]string{"DATABASE_PATH": open}, "chmod 600"},
	} {
		getenv := func(key string) string {
			if value, ok := c.env[key]; ok {
				return value
			}
			return map[string]string{"APP_PORT": "0", "DATABASE_PATH": filepath.Join(t.TempDir(), "x.db")}[key]
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // for one that starts
		err := run(ctx, getenv, io.Discard, slog.New(slog.DiscardHandler))
		cancel()
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
}
