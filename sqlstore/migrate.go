package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
)

//go:embed migrations
var migrations embed.FS

// SchemaError says that a newer program has changed the database, so that this
// one cannot know what it would break. Nothing was changed.
type SchemaError struct {
	// Found and Known are the schema versions of the database and of this
	// program.
	Found, Known int
}

// Error names both versions.
func (e *SchemaError) Error() string {
	return fmt.Sprintf("the database has schema version %d and this program knows %d: it was opened by a newer program; use that one, or a backup from before", e.Found, e.Known)
}

// prepare brings the schema up to date and checks the keys, all or nothing.
// Other processes that start now wait for it.
func (s *Store) prepare(ctx context.Context) error {
	steps, err := s.dialect.steps()
	if err != nil {
		return err
	}
	return s.transact(ctx, "open database", func(tx *sql.Tx) error {
		if s.dialect.lock != "" {
			if _, err := tx.ExecContext(ctx, s.dialect.lock); err != nil {
				return err
			}
		}
		found, err := s.schemaVersion(ctx, tx)
		if err != nil {
			return err
		}
		if found > len(steps) {
			return &SchemaError{Found: found, Known: len(steps)}
		}
		for i, step := range steps[found:] {
			if err := apply(ctx, tx, step); err != nil {
				return fmt.Errorf("schema version %d: %w", found+i+1, err)
			}
			if _, err := tx.ExecContext(ctx, s.sql("INSERT INTO souk_schema (version, applied_at) VALUES ($1, $2)"), found+i+1, micros(s.now())); err != nil {
				return err
			}
		}
		return s.checkKeys(ctx, tx)
	})
}

// apply runs a migration: SQL, or the line that stands for River's own.
func apply(ctx context.Context, tx *sql.Tx, step string) error {
	if version, ok := strings.CutPrefix(step, "-- river "); ok {
		return migrateRiver(ctx, tx, strings.TrimSpace(version))
	}
	_, err := tx.ExecContext(ctx, step)
	return err
}

// schemaVersion reads how far the database is, 0 when it is new. It changes
// nothing unless it must, so that a session without the right to create tables
// can open a database that is up to date.
func (s *Store) schemaVersion(ctx context.Context, tx *sql.Tx) (int, error) {
	var exists, version int
	if err := tx.QueryRowContext(ctx, s.dialect.hasSchema).Scan(&exists); err != nil {
		return 0, err
	}
	if exists == 0 {
		_, err := tx.ExecContext(ctx, "CREATE TABLE souk_schema (version INTEGER NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)")
		return 0, err
	}
	err := tx.QueryRowContext(ctx, "SELECT coalesce(max(version), 0) FROM souk_schema").Scan(&version)
	return version, err
}

// steps are the dialect's migrations; the one at index n makes version n+1.
func (d *dialect) steps() ([]string, error) {
	folder := "migrations/" + d.name
	files, err := migrations.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var steps []string
	for i, file := range files { // in the order of their names
		if want := fmt.Sprintf("%04d_", i+1); len(file.Name()) < 5 || file.Name()[:5] != want {
			return nil, fmt.Errorf("migration %s is not number %d", file.Name(), i+1)
		}
		text, err := migrations.ReadFile(folder + "/" + file.Name())
		if err != nil {
			return nil, err
		}
		steps = append(steps, string(text))
	}
	return steps, nil
}

// keyCheck is what is sealed under each key's ID.
var keyCheck = []byte("souk key check")

// checkKeys refuses keys that cannot open what is stored, and puts a new
// current key on record.
func (s *Store) checkKeys(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT used.id, souk_keys.sealed FROM
		(SELECT id FROM souk_keys UNION SELECT key_id FROM souk_credentials WHERE key_id IS NOT NULL) AS used
		LEFT JOIN souk_keys ON souk_keys.id = used.id`)
	if err != nil {
		return err
	}
	var known []string
	err = each(rows, func() error {
		var stored sealed
		if err := rows.Scan(&stored.keyID, &stored.bytes); err != nil {
			return err
		}
		if stored.bytes == nil {
			if s.keys.ciphers[stored.keyID] == nil {
				return &KeyError{stored.keyID, unknownKey}
			}
			return nil
		}
		known = append(known, stored.keyID)
		_, err := s.keys.open(kindKey, stored.keyID, stored)
		return err
	})
	if err != nil || slices.Contains(known, s.keys.current) {
		return err
	}
	check := s.keys.seal(kindKey, s.keys.current, keyCheck)
	_, err = tx.ExecContext(ctx, s.sql("INSERT INTO souk_keys (id, sealed) VALUES ($1, $2)"), check.keyID, check.bytes)
	return err
}

// each calls f for every row, and closes the rows.
func each(rows *sql.Rows, f func() error) error {
	var err error
	for err == nil && rows.Next() {
		err = f()
	}
	return errors.Join(err, rows.Err(), rows.Close())
}
