package sqlstore

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// putTries bounds how often a batch is judged anew because another process
// has kept one of its keys meanwhile.
const putTries = 20

// errOvertaken says that a key became known between the look and the insert.
var errOvertaken = errors.New("another process has kept the same key")

// Put implements webhook.Putter: one transaction with the events, their keys
// and their River jobs.
func (b *postgresInbox) Put(ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
	return b.put(ctx, entries, func(ctx context.Context, rows []*eventRow) error {
		for range putTries {
			err := b.putRows(ctx, rows)
			if !errors.Is(err, errOvertaken) {
				return err
			}
			for _, r := range rows {
				r.result = webhook.PutResult{}
			}
		}
		return &catalog.Error{Op: "keep events", Kind: catalog.ErrUnavailable, Message: "too many processes keep the same events at once"}
	})
}

// knownKey is whose key it is.
type knownKey struct {
	event      int64
	own, alive bool
}

// newKey is a key to be inserted.
type newKey struct {
	key   []byte
	event int64
	own   bool
}

func (b *postgresInbox) putRows(ctx context.Context, rows []*eventRow) error {
	tx, known, numbers, err := b.look(ctx, rows)
	if tx != nil {
		defer func() { _ = tx.Rollback(ctx) }() // after Commit it does nothing
	}
	if err != nil {
		return err
	}
	var fresh []*eventRow
	var seqs []int64
	var keys []newKey
	learn := func(key []byte, event int64, own bool) {
		known[string(key)] = knownKey{event, own, true}
		keys = append(keys, newKey{key, event, own})
	}
	for i, r := range rows { // in order, each with what those before it made known
		was, is := known[string(r.key)]
		if r.twin != nil && known[string(r.twin)].own {
			was, is = known[string(r.twin)], true
		}
		if is {
			r.result.Duplicate = true
			if was.alive {
				r.result.ID = strconv.FormatInt(was.event, 10)
			}
			continue
		}
		seq := numbers[i]
		learn(r.key, seq, true)
		for _, state := range r.states {
			if _, is := known[string(state)]; !is {
				learn(state, seq, false)
			}
		}
		r.result.ID = strconv.FormatInt(seq, 10)
		fresh, seqs = append(fresh, r), append(seqs, seq)
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := b.insert(ctx, tx, fresh, seqs, keys, b.now()); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// byIndex keeps Postgres from a plan, made while the tables are small and used
// again when they are large, that reads them from end to end.
const byIndex = "SET LOCAL enable_seqscan = off"

// look begins a transaction, reads which of the keys are known and takes
// numbers for the events, in one round trip. The transaction may be there
// beside an error.
func (b *postgresInbox) look(ctx context.Context, rows []*eventRow) (tx pgx.Tx, known map[string]knownKey, numbers []int64, err error) {
	var keys [][]byte
	for _, r := range rows {
		keys = append(keys, r.key)
		if r.twin != nil {
			keys = append(keys, r.twin)
		}
		keys = append(keys, r.states...)
	}
	known = make(map[string]knownKey)
	var batch pgx.Batch
	batch.BeginTx(pgx.TxOptions{})
	batch.Queue(byIndex)
	batch.Queue(`SELECT key, event, own = 1, EXISTS (SELECT 1 FROM souk_events e WHERE e.seq = k.event) FROM souk_event_keys k WHERE key = ANY($1)`, keys).Query(func(rows pgx.Rows) error {
		var key []byte
		var k knownKey
		_, err := pgx.ForEachRow(rows, []any{&key, &k.event, &k.own, &k.alive}, func() error {
			known[string(key)] = k
			return nil
		})
		return err
	})
	batch.Queue("SELECT nextval('souk_events_seq') FROM generate_series(1, $1::bigint)", len(rows)).Query(func(rows pgx.Rows) (err error) {
		numbers, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		return err
	})
	results := b.pool.SendBatch(ctx, &batch)
	err = results.Close()
	return results.Tx(), known, numbers, err
}

// insertAll inserts keys, events and bodies.
const insertAll = `WITH keys AS (
		INSERT INTO souk_event_keys (key, event, own, at) SELECT *, $16::bigint FROM unnest($17::bytea[], $18::bigint[], $19::bigint[])
	), events AS (
		INSERT INTO souk_events (` + insertColumns + `) SELECT *, $16::bigint, $16::bigint, 'pending' FROM
			unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
				$12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[])
	)
	INSERT INTO souk_event_bodies (event, header, payload) SELECT * FROM unnest($1::bigint[], $20::text[], $21::bytea[])`

// insert adds the events in one statement, and their jobs.
func (b *postgresInbox) insert(ctx context.Context, tx pgx.Tx, rows []*eventRow, seqs []int64, keys []newKey, now time.Time) error {
	// In one order everywhere, or two processes could wait for each other.
	slices.SortFunc(keys, func(a, b newKey) int { return bytes.Compare(a.key, b.key) })
	names, events, own := make([][]byte, len(keys)), make([]int64, len(keys)), make([]int64, len(keys))
	for i := range keys {
		names[i], events[i], own[i] = keys[i].key, keys[i].event, number(keys[i].own)
	}
	headers, payloads := make([]*string, len(rows)), make([][]byte, len(rows))
	for i, r := range rows {
		if r.header.Valid {
			headers[i] = &r.header.String
		}
		payloads[i] = r.payload
	}
	if _, err := tx.Exec(ctx, insertAll, append(columnsOf(rows, seqs, now), names, events, own, headers, payloads)...); err != nil {
		if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "23505" && e.ConstraintName == "souk_event_keys_pkey" {
			return errOvertaken
		}
		return err
	}
	jobs := make([]eventJob, len(seqs))
	for i, seq := range seqs {
		jobs[i].Event = seq
	}
	return b.insertJobs(ctx, tx, jobs)
}
