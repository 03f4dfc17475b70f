package sqlstore_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/webhook"
	"github.com/soukhq/souk/webhook/inboxtest"
)

var (
	silent       = slog.New(slog.DiscardHandler)
	silentConfig = sqlstore.InboxConfig{Logger: silent}
)

func postgresHarness() inboxtest.Harness {
	inboxes := newRegister()
	open := func(t testing.TB, d *database) webhook.Inbox {
		s := d.handle(t)
		inbox := inboxOf(t, s, silentConfig)
		inboxes.add(inbox, opened{inbox, d, s, nil})
		return inbox
	}
	return inboxtest.Harness{
		OwnClock: true, // River's
		Open: func(t testing.TB, _ func() time.Time) webhook.Inbox {
			d := postgresDatabase(t)
			run(t, d.raw(t), effects)
			return open(t, d)
		},
		Reopen: func(t testing.TB, inbox webhook.Inbox) webhook.Inbox {
			o := inboxes.of(inbox)
			shut(t, o.store)
			return open(t, o.d)
		},
		Effect: addEffect,
		Effects: func(t testing.TB, inbox webhook.Inbox, name string) int {
			return countEffects(t, inboxes.of(inbox).d, name)
		},
	}
}

func TestPostgresInbox(t *testing.T) {
	t.Parallel()
	inboxtest.Run(t, postgresHarness())
}

// River keeps its own time, but what is stored has the store's.
func TestPostgresInboxAtItsTime(t *testing.T) {
	t.Parallel()
	for _, rule := range []string{"a purge forgets old keys and states, and no others", "a search selects by time", "a range of time can be replayed"} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			h := inboxtest.Harness{Open: func(t testing.TB, now func() time.Time) webhook.Inbox {
				s := postgresDatabase(t).handle(t)
				s.SetClock(now)
				return inboxOf(t, s, silentConfig)
			}}
			if !inboxtest.Check(t, rule, h) {
				t.Error("there is no such rule")
			}
		})
	}
}
