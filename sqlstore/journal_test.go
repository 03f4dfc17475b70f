package sqlstore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/sqlstore"
)

func openJournal(t testing.TB, folder string, keys sqlstore.Keys) *sqlstore.Journal {
	t.Helper()
	j, err := sqlstore.OpenJournal(folder, keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func TestJournal(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "journal")
	j, ctx := openJournal(t, folder, testKeys), t.Context()
	none := func(account string) {
		t.Helper()
		if _, err := j.Find(ctx, account); !errors.Is(err, catalog.ErrNotFound) {
			t.Errorf("Find(%s): %v, want ErrNotFound", account, err)
		}
	}
	none("../t-1")
	if _, err := sqlstore.OpenJournal(folder, testKeys); !errors.Is(err, sqlstore.ErrInUse) {
		t.Errorf("a second process: %v", err)
	}
	var c canaries
	fresh := catalog.Credential{AccessToken: c.secret("access"), RefreshToken: c.secret("refresh"), ExpiresAt: time.Now().UTC(), Scopes: []string{"a"}}
	answer := auth.Answer{Account: "../t-1", Attempt: "first", Fingerprint: "f", Credential: fresh}
	for range 2 { // the second time in place of the first
		if err := j.Append(ctx, answer); err != nil {
			t.Fatal(err)
		}
	}
	if c.search(t, folder) == 0 {
		t.Error("there is no file")
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	next := sqlstore.NewKey("next")
	j = openJournal(t, folder, sqlstore.Keys{Current: next, Old: []sqlstore.Key{testKeys.Current}})
	got, err := j.Find(ctx, "../t-1")
	if err != nil || got.Account != "../t-1" || got.Attempt != "first" || got.Fingerprint != "f" || !got.Credential.Same(fresh) || !got.Credential.ExpiresAt.Equal(fresh.ExpiresAt) {
		t.Errorf("found %+v, %v", got, err)
	}
	none("t-2")
	if err := j.Remove(ctx, "../t-1", "another"); err != nil {
		t.Error(err)
	}
	if _, err := j.Find(ctx, "../t-1"); err != nil {
		t.Errorf("another attempt removed it: %v", err)
	}
	for range 2 {
		if err := j.Remove(ctx, "../t-1", "first"); err != nil {
			t.Error(err)
		}
	}
	none("../t-1")
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := j.Find(ended, "t-1"); !errors.Is(err, context.Canceled) {
		t.Errorf("Find: %v", err)
	}
	if err := errors.Join(j.Append(ended, answer), j.Remove(ended, "t-1", "first")); !errors.Is(err, context.Canceled) {
		t.Errorf("Append and Remove: %v", err)
	}
	none("../t-1")
}

// Whatever lies there, it is an error and no credential.
func TestJournalFilesThatAreNoAnswer(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	j := openJournal(t, folder, testKeys)
	if err := j.Append(t.Context(), auth.Answer{Account: "a", Attempt: "1", Credential: bearer("x")}); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*.answer"))
	if len(files) != 1 {
		t.Fatalf("files: %v", files)
	}
	good, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte(nil), good...)
	flipped[len(flipped)-1] ^= 1
	for name, data := range map[string][]byte{"empty": {}, "half": good[:len(good)/2], "flipped": flipped, "text": []byte(strings.Repeat("text", 100)),
		"a huge length": []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), "no number": []byte(strings.Repeat("\xff", 20))} {
		if err := os.WriteFile(files[0], data, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := j.Find(t.Context(), "a"); !errors.Is(err, catalog.ErrUnavailable) || !got.Credential.IsZero() {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if err := j.Append(t.Context(), auth.Answer{Account: "a", Attempt: "2", Credential: bearer("x")}); err != nil {
			t.Errorf("%s is in the way: %v", name, err)
		}
	}
}
