package sqlstore_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

func anEvent(n int, topic string) webhook.Entry {
	return webhook.Entry{Event: catalog.Event{Key: catalog.EventKey("test", fmt.Sprint(n)), Platform: "testshop", Store: "s", Topic: topic, Payload: []byte(`{}`)}}
}

// A row that the database does not take costs its neighbours nothing.
func TestPoisonIsAlone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *database) {
		inbox := inboxOf(t, d.handle(t), silentConfig)
		if d.name == "sqlite" {
			run(t, d.raw(t), "CREATE TRIGGER refuse BEFORE INSERT ON souk_events WHEN NEW.topic = 'poison' BEGIN SELECT RAISE(ABORT, 'refused'); END")
		} else {
			run(t, d.raw(t), "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$")
			run(t, d.raw(t), "CREATE TRIGGER refuse BEFORE INSERT ON souk_events FOR EACH ROW WHEN (NEW.topic = 'poison') EXECUTE FUNCTION refuse()")
		}
		var entries []webhook.Entry
		for n := range 100 {
			topic := "good"
			if n%33 == 1 {
				topic = "poison"
			}
			entries = append(entries, anEvent(n, topic))
		}
		entries = append(entries, entries[0], anEvent(200, strings.Repeat("t", 3000)), entries[1])
		results, err := inbox.Put(t.Context(), entries)
		if err != nil {
			t.Fatal(err)
		}
		for n, r := range results {
			poison := entries[n].Event.Topic != "good"
			if poison != errors.Is(r.Err, catalog.ErrInvalid) || poison == (r.ID != "") || r.Duplicate != (n == 100) {
				t.Errorf("entry %d: %+v", n, r)
			}
		}
		if stats, err := inbox.Stats(t.Context()); err != nil || stats.States[webhook.StatePending] != 97 || stats.Keys != 97 {
			t.Errorf("%+v, %v", stats, err)
		}
	})
}

func TestAnInboxThatDoesNotWorkSaysSo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *database) {
		s := d.handle(t)
		inbox := inboxOf(t, s, silentConfig)
		shut(t, s)
		if _, err := inbox.Put(t.Context(), []webhook.Entry{anEvent(1, "good")}); !errors.Is(err, catalog.ErrUnavailable) {
			t.Errorf("Put: %v, want ErrUnavailable", err)
		}
		if _, err := inbox.Get(t.Context(), "1"); !errors.Is(err, catalog.ErrUnavailable) {
			t.Errorf("Get: %v, want ErrUnavailable", err)
		}
	})
}
