package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver that sqlstore uses too

	"github.com/soukhq/souk/sqlstore"
)

// effect is what was done about an event, once for each time it was replayed.
type effect struct {
	event           string // the record's id
	replay, attempt int
	did             string
}

// effects is a table of this program's own in the inbox's file. Nothing in it
// forbids an effect to happen twice: that none does is the transaction's work.
type effects struct{ db *sql.DB }

const effectsTable = `CREATE TABLE IF NOT EXISTS effects (
	id INTEGER PRIMARY KEY, event TEXT NOT NULL, replay INTEGER NOT NULL, attempt INTEGER NOT NULL, did TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS effects_event ON effects (event, replay)`

func openEffects(ctx context.Context, file string) (*effects, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "_pragma=busy_timeout(5000)"}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(2)
	e := &effects{db}
	if _, err := db.ExecContext(ctx, effectsTable); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *effects) close() error { return e.db.Close() }

// write adds an effect in the transaction that settles its event.
func (e *effects) write(ctx context.Context, f effect) error {
	tx, ok := sqlstore.SQLTx(ctx)
	if !ok {
		return errors.New("an effect outside a transaction")
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO effects (event, replay, attempt, did, at) VALUES (?, ?, ?, ?, ?)",
		f.event, f.replay, f.attempt, f.did, time.Now().UnixMicro())
	return err
}

// of returns what was done about events, the latest for each.
func (e *effects) of(ctx context.Context, ids []string) (map[string]string, error) {
	done := make(map[string]string, len(ids))
	if len(ids) == 0 {
		return done, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	rows, err := e.db.QueryContext(ctx, "SELECT event, did FROM effects WHERE event IN (?"+strings.Repeat(", ?", len(ids)-1)+") ORDER BY id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, did string
		if err := rows.Scan(&id, &did); err != nil {
			return nil, err
		}
		done[id] = did
	}
	return done, rows.Err()
}

// effectCounts are over the whole table.
type effectCounts struct {
	// Effects is how many there are, Replayed how many of them because a
	// person replayed an event, and Twice how many happened again without that:
	// it must be zero.
	Effects  int64 `json:"count"`
	Replayed int64 `json:"replayed"`
	Twice    int64 `json:"twice"`
}

func (e *effects) count(ctx context.Context) (effectCounts, error) {
	var c effectCounts
	err := e.db.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE replay > 0),
		count(*) - (SELECT count(*) FROM (SELECT DISTINCT event, replay FROM effects)) FROM effects`).Scan(&c.Effects, &c.Replayed, &c.Twice)
	return c, err
}
