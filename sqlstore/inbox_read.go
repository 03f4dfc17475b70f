package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// keptAttempts bounds the attempts of a record that are kept.
const keptAttempts = 50

// ceilMicros is the first microsecond not before t.
func ceilMicros(t time.Time) int64 {
	n := t.UnixMicro()
	if time.UnixMicro(n).Before(t) {
		n++
	}
	return n
}

// Get implements webhook.Inbox.
func (b *inbox) Get(ctx context.Context, id string) (webhook.Record, error) {
	const op = "get event"
	gone := &catalog.Error{Op: op, Kind: catalog.ErrNotFound, Message: "no such record"}
	if err := ctx.Err(); err != nil {
		return webhook.Record{}, err
	}
	seq := parseID(id)
	if seq == 0 {
		return webhook.Record{}, gone
	}
	var scan eventScan
	var header sql.NullString
	var payload []byte
	err := b.row(ctx, op, "SELECT "+eventColumns+", b.header, b.payload FROM souk_events e JOIN souk_event_bodies b ON b.event = e.seq WHERE e.seq = $1",
		[]any{seq}, scan.into(&header, &payload)...)
	if errors.Is(err, sql.ErrNoRows) {
		return webhook.Record{}, gone
	}
	if err != nil {
		return webhook.Record{}, err
	}
	record := scan.record(payload)
	if header.Valid {
		if err := json.Unmarshal([]byte(header.String), &record.Header); err != nil {
			return webhook.Record{}, b.failed(ctx, op, err)
		}
	}
	record.History, err = b.history(ctx, seq)
	return record, b.failed(ctx, op, err)
}

func (b *inbox) history(ctx context.Context, seq int64) ([]webhook.Attempt, error) {
	rows, err := b.read.QueryContext(ctx, b.sql("SELECT number, started_at, ended_at, state, error FROM souk_event_attempts WHERE event = $1 ORDER BY number DESC LIMIT $2"), seq, keptAttempts)
	if err != nil {
		return nil, err
	}
	var attempts []webhook.Attempt
	err = each(rows, func() error {
		var a webhook.Attempt
		var started int64
		var ended sql.NullInt64
		err := rows.Scan(&a.Number, &started, &ended, &a.State, &a.Error)
		a.StartedAt, a.EndedAt = time.UnixMicro(started).UTC(), fromMicros(ended)
		attempts = append(attempts, a)
		return err
	})
	slices.Reverse(attempts)
	return attempts, err
}

// Search implements webhook.Inbox.
func (b *inbox) Search(ctx context.Context, query webhook.Query) (webhook.Page, error) {
	const op = "search events"
	if err := ctx.Err(); err != nil {
		return webhook.Page{}, err
	}
	var w where
	some := w.selects(query)
	if query.After != "" {
		before := parseID(query.After)
		if before == 0 {
			return webhook.Page{}, &catalog.Error{Op: op, Kind: catalog.ErrInvalid, Message: "After is not the Next of a page"}
		}
		w.add("e.seq < " + w.arg(before))
	}
	if !some {
		return webhook.Page{}, nil
	}
	size := query.PageSize()
	rows, err := b.read.QueryContext(ctx, b.sql("SELECT "+eventColumns+" FROM souk_events e WHERE "+w.String()+" ORDER BY e.seq DESC LIMIT "+w.arg(size+1)), w.args...)
	if err != nil {
		return webhook.Page{}, b.failed(ctx, op, err)
	}
	var page webhook.Page
	err = each(rows, func() error {
		var scan eventScan
		err := rows.Scan(scan.into()...)
		page.Records = append(page.Records, scan.record(nil))
		return err
	})
	if err != nil {
		return webhook.Page{}, b.failed(ctx, op, err)
	}
	if len(page.Records) > size {
		page.Records = page.Records[:size]
		page.Next = page.Records[size-1].ID
	}
	return page, nil
}

// Stats implements webhook.Inbox.
func (b *inbox) Stats(ctx context.Context) (webhook.Stats, error) {
	const op = "count events"
	if err := ctx.Err(); err != nil {
		return webhook.Stats{}, err
	}
	stats := webhook.Stats{States: make(map[webhook.State]int64)}
	rows, err := b.read.QueryContext(ctx, "SELECT state, count(*) FROM souk_events GROUP BY state")
	if err != nil {
		return webhook.Stats{}, b.failed(ctx, op, err)
	}
	err = each(rows, func() error {
		var state webhook.State
		var n int64
		err := rows.Scan(&state, &n)
		stats.States[state] = n
		return err
	})
	if err != nil {
		return webhook.Stats{}, b.failed(ctx, op, err)
	}
	for _, state := range []webhook.State{webhook.StatePending, webhook.StateRetry} {
		var due sql.NullInt64
		if err := b.row(ctx, op, "SELECT min(due_at) FROM souk_events WHERE state = $1", []any{string(state)}, &due); err != nil {
			return webhook.Stats{}, err
		}
		if at := fromMicros(due); due.Valid && (stats.OldestDue.IsZero() || at.Before(stats.OldestDue)) {
			stats.OldestDue = at
		}
	}
	err = b.row(ctx, op, "SELECT count(*) FROM souk_event_keys", nil, &stats.Keys)
	return stats, err
}
