package main

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/soukhq/souk/webhook"
)

// referenceInbox makes the two inserts and nothing else: one table whose key
// is unique, and River's jobs, in one transaction for a batch.
type referenceInbox struct {
	pool *pgxpool.Pool
	jobs *river.Client[pgx.Tx]
}

type referenceJob struct {
	ID int64 `json:"id"`
}

// Kind implements river.JobArgs.
func (referenceJob) Kind() string { return "reference" }

func newReference(ctx context.Context, pool *pgxpool.Pool) (*referenceInbox, error) {
	migrator, err := rivermigrate.New[pgx.Tx](riverpgxv5.New(pool), nil)
	if err != nil {
		return nil, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, err
	}
	if _, err := pool.Exec(ctx, `CREATE TABLE events (id BIGSERIAL PRIMARY KEY, key TEXT NOT NULL UNIQUE, platform TEXT NOT NULL, topic TEXT NOT NULL,
		state TEXT NOT NULL DEFAULT 'received', received_at BIGINT NOT NULL, payload BYTEA)`); err != nil {
		return nil, err
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	return &referenceInbox{pool, client}, err
}

// Put implements webhook.Putter.
func (r *referenceInbox) Put(ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
	results := make([]webhook.PutResult, len(entries))
	var keys, platforms, topics []string
	var times []int64
	var payloads [][]byte
	for _, e := range entries {
		keys, platforms, topics = append(keys, e.Event.Key), append(platforms, e.Event.Platform), append(topics, e.Event.Topic)
		times, payloads = append(times, time.Now().UnixMicro()), append(payloads, e.Event.Payload)
	}
	err := pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `INSERT INTO events (key, platform, topic, received_at, payload)
			SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bytea[]) ON CONFLICT (key) DO NOTHING RETURNING id, key`,
			keys, platforms, topics, times, payloads)
		if err != nil {
			return err
		}
		ids := make(map[string]int64)
		var id int64
		var key string
		if _, err := pgx.ForEachRow(rows, []any{&id, &key}, func() error { ids[key] = id; return nil }); err != nil {
			return err
		}
		var jobs []river.InsertManyParams
		for i, key := range keys {
			id, fresh := ids[key]
			results[i] = webhook.PutResult{ID: strconv.FormatInt(id, 10), Duplicate: !fresh}
			if fresh {
				jobs = append(jobs, river.InsertManyParams{Args: referenceJob{id}})
			}
		}
		_, err = r.jobs.InsertManyFastTx(ctx, tx, jobs)
		return err
	})
	return results, err
}
