package sqlstore_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/webhook"
	"github.com/soukhq/souk/webhook/inboxtest"
)

// opened is an inbox and where it is.
type opened struct {
	webhook.Inbox
	d     *database
	store *sqlstore.Store
	clock func() time.Time
}

const effects = "CREATE TABLE IF NOT EXISTS effects (name TEXT NOT NULL)"

// inboxOf opens a store and its inbox.
func inboxOf(t testing.TB, s *sqlstore.Store, config sqlstore.InboxConfig) webhook.Inbox {
	t.Helper()
	inbox, err := s.Inbox(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return inbox
}

func addEffect(ctx context.Context, name string) error {
	if tx, ok := sqlstore.SQLTx(ctx); ok {
		_, err := tx.ExecContext(ctx, "INSERT INTO effects (name) VALUES (?)", name)
		return err
	}
	if tx, ok := sqlstore.PgxTx(ctx); ok {
		_, err := tx.Exec(ctx, "INSERT INTO effects (name) VALUES ($1)", name)
		return err
	}
	return errors.New("there is no transaction in the context")
}

func countEffects(t testing.TB, d *database, name string) (n int) {
	t.Helper()
	if err := d.raw(t).QueryRow("SELECT count(*) FROM effects WHERE name = $1", name).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSQLiteInbox(t *testing.T) {
	t.Parallel()
	inboxes := newRegister()
	open := func(t testing.TB, d *database, now func() time.Time) webhook.Inbox {
		s := d.handle(t)
		s.SetClock(now)
		inbox := inboxOf(t, s, sqlstore.InboxConfig{})
		inboxes.add(inbox, opened{inbox, d, s, now})
		return inbox
	}
	inboxtest.Run(t, inboxtest.Harness{
		Open: func(t testing.TB, now func() time.Time) webhook.Inbox {
			d := sqliteDatabase(t)
			inbox := open(t, d, now)
			run(t, d.raw(t), effects)
			return inbox
		},
		Reopen: func(t testing.TB, inbox webhook.Inbox) webhook.Inbox {
			o := inboxes.of(inbox)
			shut(t, o.store)
			return open(t, o.d, o.clock)
		},
		Effect: addEffect,
		Effects: func(t testing.TB, inbox webhook.Inbox, name string) int {
			return countEffects(t, inboxes.of(inbox).d, name)
		},
	})
}
