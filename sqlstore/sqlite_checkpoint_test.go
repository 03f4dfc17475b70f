package sqlstore_test

import (
	"os"
	"testing"
	"time"

	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/webhook"
)

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func putMany(t *testing.T, inbox webhook.Inbox, from, to int) {
	t.Helper()
	for n := from; n < to; n += 100 {
		var entries []webhook.Entry
		for i := range 100 {
			entries = append(entries, anEvent(n+i, "good"))
		}
		if _, err := inbox.Put(t.Context(), entries); err != nil {
			t.Fatal(err)
		}
	}
}

// After a write-back the log begins anew, and what was in it is in the file.
func TestWriteBackEmptiesTheLog(t *testing.T) {
	t.Parallel()
	d := sqliteDatabase(t)
	inbox := inboxOf(t, d.handle(t), silentConfig)
	putMany(t, inbox, 0, 3000)
	file, log := sizeOf(t, d.dsn), sizeOf(t, d.dsn+"-wal")
	if err := sqlstore.WriteBack(t.Context(), inbox); err != nil {
		t.Fatal(err)
	}
	if grown := sizeOf(t, d.dsn); grown < file+200_000 {
		t.Errorf("the file had %d bytes, and %d after the write-back", file, grown)
	}
	putMany(t, inbox, 3000, 5000)
	if after := sizeOf(t, d.dsn+"-wal"); after != log {
		t.Errorf("the log grew from %d to %d bytes, although it was empty", log, after)
	}
}

// Nobody has to ask for it, and no commit does it: there are not enough pages.
func TestTheLogIsWrittenBackInTime(t *testing.T) {
	t.Parallel()
	d := sqliteDatabase(t)
	inbox := inboxOf(t, d.handle(t), silentConfig)
	before := sizeOf(t, d.dsn)
	putMany(t, inbox, 0, 10_000)
	for range 6000 {
		if sizeOf(t, d.dsn) > before+1_000_000 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the log was not written back within a minute")
}
