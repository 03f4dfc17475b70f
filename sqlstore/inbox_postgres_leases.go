package sqlstore

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/soukhq/souk/webhook"
)

// sortedStates are the keys of states in order, for the reason insert has.
func sortedStates(states []string) [][]byte {
	var keys [][]byte
	for _, state := range states {
		if state != "" {
			keys = append(keys, storedKey(state))
		}
	}
	slices.SortFunc(keys, bytes.Compare)
	return keys
}

// extend renews the leases of all attempts under way, and ends those that were
// lost.
func (w *pgWorker) extend(ctx context.Context) error {
	b := w.inbox
	ctx, cancel := context.WithTimeout(ctx, b.config.Lease/3)
	defer cancel()
	w.mu.Lock()
	var all []*pgAttempt
	var seqs []int64
	var owners []string
	for a := range w.held {
		all, seqs, owners = append(all, a), append(seqs, parseID(a.claimed.ID)), append(owners, a.claimed.Owner)
	}
	w.mu.Unlock()
	if len(all) == 0 {
		return nil
	}
	until := b.now().Add(b.config.Lease)
	var kept []string
	err := b.inPgx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, byIndex); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `UPDATE souk_events e SET due_at = $3 FROM unnest($1::bigint[], $2::text[]) AS l(seq, owner)
			WHERE e.seq = l.seq AND e.owner = l.owner AND e.state = 'running' RETURNING e.owner`, seqs, owners, until.UnixMicro())
		if err != nil {
			return err
		}
		kept, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range all {
		switch _, underWay := w.held[a]; {
		case !underWay:
		case err == nil && slices.Contains(kept, a.claimed.Owner):
			a.until = until
		case err == nil, b.now().After(a.until):
			a.cancel(webhook.ErrLeaseLost)
		}
	}
	return err
}

const (
	// lostEvents are those whose process ended during an attempt.
	lostEvents = `SELECT seq FROM souk_events WHERE state = 'running' AND due_at <= $1 ORDER BY due_at, seq LIMIT $2 FOR UPDATE SKIP LOCKED`
	// unbegunEvents are those whose process ended with the job fetched and the
	// attempt not begun.
	unbegunEvents = `SELECT e.seq FROM souk_events e, unnest($1::bigint[], $2::bigint[]) AS j(seq, run)
		WHERE e.seq = j.seq AND e.run = j.run AND e.state IN ('pending', 'retry') FOR UPDATE OF e SKIP LOCKED`
	putBackEvents = `UPDATE souk_events SET run = run + 1, owner = '', due_at = $2, state = CASE state WHEN 'running' THEN 'retry' ELSE state END
		WHERE seq = ANY($1) RETURNING seq, run`
)

// putBack gives events whose process has ended a new job. River would find
// their jobs too, after JobTimeout; then it finds a run that is over.
func (w *pgWorker) putBack(ctx context.Context) error {
	b := w.inbox
	dead, err := w.fetchedLongAgo(ctx)
	if err != nil {
		return err
	}
	return b.inPgx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, byIndex); err != nil {
			return err
		}
		lost, err := numbersOf(tx.Query(ctx, lostEvents, b.now().UnixMicro(), replayStep))
		if err != nil {
			return err
		}
		if len(dead) > 0 {
			var seqs, runs []int64
			for _, job := range dead {
				seqs, runs = append(seqs, job.Event), append(runs, job.Run)
			}
			unbegun, err := numbersOf(tx.Query(ctx, unbegunEvents, seqs, runs))
			if err != nil {
				return err
			}
			lost = append(lost, unbegun...)
		}
		if len(lost) == 0 {
			return nil
		}
		rows, err := tx.Query(ctx, putBackEvents, lost, b.now().UnixMicro())
		if err != nil {
			return err
		}
		jobs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[eventJob])
		if err != nil {
			return err
		}
		return b.insertJobs(ctx, tx, jobs)
	})
}

func numbersOf(rows pgx.Rows, err error) ([]int64, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// fetchedLongAgo lists the jobs that have run for longer than a lease.
func (w *pgWorker) fetchedLongAgo(ctx context.Context) ([]eventJob, error) {
	var jobs []eventJob
	params := river.NewJobListParams().Queues(eventQueue).Kinds(eventJob{}.Kind()).States(rivertype.JobStateRunning).First(1000)
	for {
		page, err := w.client.JobList(ctx, params)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Jobs {
			var job eventJob
			if row.AttemptedAt != nil && time.Since(*row.AttemptedAt) > w.inbox.config.Lease && json.Unmarshal(row.EncodedArgs, &job) == nil {
				jobs = append(jobs, job)
			}
		}
		if len(page.Jobs) < 1000 {
			return jobs, nil
		}
		params = params.After(page.LastCursor)
	}
}
