package sqlstore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest/storetest"
	"github.com/soukhq/souk/sqlstore"
)

func deduperOf(t *testing.T, s *sqlstore.Store, keep time.Duration) catalog.Deduper {
	t.Helper()
	d, err := s.Deduper(keep)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDeduper(t *testing.T) {
	t.Parallel()
	for name, handles := range map[string]struct {
		make func(testing.TB) *database
		n    int
	}{"sqlite": {sqliteDatabase, 1}, "postgres": {postgresDatabase, 1}, "postgres, three processes": {postgresDatabase, 3}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Deduper(t, func(t *testing.T) (catalog.Deduper, func(time.Duration)) {
				d := handles.make(t)
				var c clock
				var all []catalog.Deduper
				for range handles.n {
					s := d.handle(t)
					s.SetClock(c.now)
					all = append(all, deduperOf(t, s, time.Hour))
				}
				return storetest.SpreadDeduper(all...), c.pass
			})
		})
	}
}

// What is over does not stay in the table, and survives a restart until then.
func TestDeduperForgets(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *database) {
		var c clock
		s := d.handle(t)
		s.SetClock(c.now)
		deduper := deduperOf(t, s, 0)
		for i := range 20 {
			claim, err := deduper.Claim(t.Context(), fmt.Sprint(i), time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if i%2 == 0 {
				if err := deduper.Confirm(t.Context(), claim); err != nil {
					t.Fatal(err)
				}
			}
		}
		shut(t, s)
		s = d.handle(t)
		s.SetClock(c.now)
		deduper = deduperOf(t, s, 0)
		left := func() (n int) {
			if _, err := deduper.Claim(t.Context(), "now", time.Minute); err != nil {
				t.Fatal(err)
			}
			if err := d.raw(t).QueryRow("SELECT count(*) FROM souk_claims").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n - 1
		}
		for _, step := range []struct {
			pass time.Duration
			want int
		}{{time.Hour, 20}, {24 * time.Hour, 10}, {28 * 24 * time.Hour, 10}, {24 * time.Hour, 0}} {
			c.pass(step.pass)
			if got := left(); got != step.want {
				t.Errorf("%v later %d keys are left, want %d", step.pass, got, step.want)
			}
		}
		if _, err := s.Deduper(-1); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("a negative time to keep: %v", err)
		}
	})
}
