package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// migrateRiver makes River's tables as they are at a version, in our
// transaction. Where a host has River there already they must be as new.
func migrateRiver(ctx context.Context, tx *sql.Tx, to string) error {
	want, err := strconv.Atoi(to)
	if err != nil {
		return err
	}
	var exists bool
	if err := tx.QueryRowContext(ctx, "SELECT to_regclass('river_migration') IS NOT NULL OR to_regclass('river_job') IS NOT NULL").Scan(&exists); err != nil {
		return err
	}
	if exists {
		var found int
		err := tx.QueryRowContext(ctx, "SELECT coalesce(max(version), 0) FROM river_migration m WHERE coalesce(to_jsonb(m)->>'line', 'main') = 'main'").Scan(&found)
		if err != nil {
			return err
		}
		if found < want {
			return fmt.Errorf("the tables of River are here and at version %d of %d: bring them up to date by River's own migrations first", found, want)
		}
		return nil
	}
	migrator, err := rivermigrate.New[pgx.Tx](riverpgxv5.New(nil), nil)
	if err != nil {
		return err
	}
	for version := 1; version <= want; version++ {
		migration, err := migrator.GetVersion(version)
		if err != nil {
			return err
		}
		// The search_path says where the tables go.
		up := strings.ReplaceAll(migration.SQLUp, "/* TEMPLATE: schema */", "")
		if version == 2 {
			// Version 4 adds this value to the type unless it is there, and one
			// added in a transaction cannot be used before its end.
			up = strings.Replace(up, "'discarded',", "'discarded', 'pending',", 1)
		}
		if _, err := tx.ExecContext(ctx, up); err != nil {
			return fmt.Errorf("version %d of River: %w", version, err)
		}
	}
	for version := 1; version <= want; version++ { // its table has its final form only now
		if _, err := tx.ExecContext(ctx, "INSERT INTO river_migration (line, version) VALUES ('main', $1)", version); err != nil {
			return err
		}
	}
	return nil
}
