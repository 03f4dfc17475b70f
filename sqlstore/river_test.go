package sqlstore_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/soukhq/souk/sqlstore"
)

// The payload stays in the inbox; a job names its event.
func TestJobsHoldNoPayload(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	inbox := inboxOf(t, d.handle(t), silentConfig)
	e := anEvent(1, "x")
	e.Event.Payload = []byte(`{"canary": true}`)
	id := keep(t, inbox, e, anEvent(2, "x"))[0]
	var jobs, canaries int
	var args string
	err := d.raw(t).QueryRow("SELECT count(*), count(*) FILTER (WHERE j::text LIKE '%canary%'), min(args::text) FROM river_job j").Scan(&jobs, &canaries, &args)
	if err != nil || jobs != 2 || canaries != 0 || args != `{"run": 0, "event": `+id+`}` {
		t.Errorf("%d jobs, %d with the payload, %s, %v", jobs, canaries, args, err)
	}
}

// migratorOf is River's own way to make its tables.
func migratorOf(t *testing.T, d *database) *rivermigrate.Migrator[pgx.Tx] {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), d.dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	migrator, err := rivermigrate.New[pgx.Tx](riverpgxv5.New(pool), &rivermigrate.Config{Logger: silent})
	if err != nil {
		t.Fatal(err)
	}
	return migrator
}

// A host may have River in the schema already.
func TestRiverIsThereAlready(t *testing.T) {
	t.Parallel()
	for name, version := range map[string]int{"as new": 0, "too old": 4} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := postgresDatabase(t)
			if _, err := migratorOf(t, d).Migrate(t.Context(), rivermigrate.DirectionUp, &rivermigrate.MigrateOpts{TargetVersion: version}); err != nil {
				t.Fatal(err)
			}
			s, err := d.open(testKeys)
			if version > 0 {
				if err == nil || !strings.Contains(err.Error(), "River's own migrations") {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			inbox := inboxOf(t, s, sqlstore.InboxConfig{Logger: silent, PollOnly: true})
			keep(t, inbox, anEvent(1, "x"))
			work(t, inbox, 1, done)
		})
	}
}

// Our migrations leave River's tables as its own would.
func TestRiverIsAsItsOwnMigrationsMakeIt(t *testing.T) {
	t.Parallel()
	d := postgresDatabase(t)
	d.handle(t)
	if result, err := migratorOf(t, d).Validate(t.Context(), nil); err != nil || !result.OK {
		t.Errorf("%+v, %v", result, err)
	}
	own := postgresDatabase(t)
	if _, err := migratorOf(t, own).Migrate(t.Context(), rivermigrate.DirectionUp, nil); err != nil {
		t.Fatal(err)
	}
	describe := func(d *database) (text string) {
		const query = `SELECT string_agg(line, E'\n' ORDER BY line) FROM (
			SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS line
				FROM information_schema.columns WHERE table_schema = current_schema() AND table_name LIKE 'river%'
			UNION ALL SELECT replace(indexdef, current_schema() || '.', '') FROM pg_indexes WHERE schemaname = current_schema() AND tablename LIKE 'river%'
			UNION ALL SELECT 'enum ' || enumlabel || ' ' || row_number() OVER (ORDER BY enumsortorder) FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
				WHERE t.typnamespace = current_schema()::regnamespace
			UNION ALL SELECT 'version ' || version FROM river_migration) AS all_lines`
		if err := d.raw(t).QueryRow(query).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	if got, want := describe(d), describe(own); got != want || len(want) < 1000 {
		t.Errorf("ours:\n%s\nRiver's:\n%s", got, want)
	}
}
