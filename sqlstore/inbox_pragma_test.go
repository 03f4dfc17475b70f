package sqlstore_test

import "testing"

// The connection that an inbox writes by waits for the disk at every commit.
func TestInboxKeepsTheDurablePragmas(t *testing.T) {
	t.Parallel()
	s := sqliteDatabase(t).handle(t)
	inboxOf(t, s, silentConfig)
	for name, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "fullfsync": "1", "wal_autocheckpoint": "24000", "page_size": "8192"} {
		if got, err := s.Pragma(t.Context(), name); err != nil || got != want {
			t.Errorf("%s is %s, %v; want %s", name, got, err, want)
		}
	}
}
