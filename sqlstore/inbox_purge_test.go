package sqlstore_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/webhook"
)

// TestPurgeOfManyKeys: old keys lie among young ones and those of events that
// are not final, and there are more than one step passes.
func TestPurgeOfManyKeys(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *database) {
		const events, open, month = 2000, 200, 30 * 24 * time.Hour
		var now atomic.Int64
		now.Store(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC).Unix())
		s := d.handle(t)
		s.SetClock(func() time.Time { return time.Unix(now.Load(), 0) })
		inbox := inboxOf(t, s, sqlstore.InboxConfig{})
		put := func(generation string) (fresh int) {
			entries := make([]webhook.Entry, events)
			for i := range entries {
				key := fmt.Sprint(i*7919%events, " ", generation)
				entries[i] = webhook.Entry{Event: catalog.Event{Key: key, Platform: "acme"}, States: []string{key + " created", key + " state"}}
			}
			results, err := inbox.Put(t.Context(), entries)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range results {
				if !r.Duplicate && r.Err == nil {
					fresh++
				}
			}
			return fresh
		}
		put("old")
		run(t, d.raw(t), fmt.Sprintf("UPDATE souk_events SET state = 'done', due_at = NULL WHERE seq > %d", open))
		now.Add(int64(month/time.Second) - 60)
		put("young")
		now.Add(120)
		if n, err := inbox.Purge(t.Context(), month); err != nil || n != events-open {
			t.Errorf("%d purged, %v; want %d", n, err, events-open)
		}
		if got, err := inbox.Stats(t.Context()); err != nil || got.Keys != 3*(events+open) {
			t.Errorf("%d keys are left, %v; want %d", got.Keys, err, 3*(events+open))
		}
		if young, old := put("young"), put("old"); young != 0 || old != events-open {
			t.Errorf("%d young and %d old events are new; want 0 and %d", young, old, events-open)
		}
	})
}
