package keyfile_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/soukhq/souk/examples/internal/keyfile"
)

func TestAKeyIsMadeOnceAndReadAgain(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "shop.db")
	key, made, err := keyfile.Open(database)
	if err != nil || !made {
		t.Fatalf("made %t, %v", made, err)
	}
	if raw, err := base64.StdEncoding.DecodeString(key.Reveal()); err != nil || len(raw) != 32 {
		t.Errorf("a key of %d bytes, %v", len(raw), err)
	}
	if info, err := os.Stat(keyfile.Path(database)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := os.WriteFile(database, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	again, made, err := keyfile.Open(database)
	if err != nil || made || !again.Equal(key) {
		t.Errorf("another key, made %t, %v", made, err)
	}
	other, _, err := keyfile.Open(filepath.Join(t.TempDir(), "other.db"))
	if err != nil || other.Equal(key) {
		t.Errorf("two databases share a key, %v", err)
	}
}

func TestADatabaseWithoutItsKeyGetsNone(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "shop.db")
	if err := os.WriteFile(database, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, made, err := keyfile.Open(database); made || err == nil || !strings.Contains(err.Error(), "is gone") {
		t.Errorf("made %t, %v", made, err)
	}
	if _, err := os.Stat(keyfile.Path(database)); err == nil {
		t.Error("there is a key now")
	}
}

func TestAKeyThatOthersMayReadIsRefused(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permissions")
	}
	database := filepath.Join(t.TempDir(), "shop.db")
	if _, _, err := keyfile.Open(database); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(keyfile.Path(database), 0o644); err != nil { //nolint:gosec // the point of the test
		t.Fatal(err)
	}
	if _, _, err := keyfile.Open(database); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("got %v", err)
	}
}
