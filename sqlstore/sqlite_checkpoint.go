package sqlstore

import (
	"context"
	"database/sql"
	"log/slog"
	"sync/atomic"
)

// checkpointEvery is how much is written between two write-backs, in
// statements: about 60 MB of log under load.
const checkpointEvery = 20_000

// autoCheckpoint is the page at which a commit itself writes the log back. It
// is not reached while the checkpointer works.
const autoCheckpoint = 24_000

// checkpointer writes the log of a SQLite database back into its file beside
// the commits, which otherwise wait for it: a stall of some hundred
// milliseconds for everybody, several times a minute under load.
type checkpointer struct {
	own    *sql.DB // its connection
	write  *sql.DB // the one that writes
	logger *slog.Logger

	written atomic.Int64
	due     chan struct{}
	stop    context.CancelFunc
	stopped chan struct{}
}

// startCheckpoints makes the store write its log back in the background, until
// it is closed.
func (s *Store) startCheckpoints(logger *slog.Logger) (*checkpointer, error) {
	own, err := sqliteDB(s.path, "_pragma=wal_autocheckpoint(0)", 1)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &checkpointer{own: own, write: s.write, logger: logger, due: make(chan struct{}, 1), stop: stop, stopped: make(chan struct{})}
	go c.run(ctx)
	s.closing = append([]func() error{c.close}, s.closing...)
	return c, nil
}

// wrote counts so many statements more, and has the log written back when they
// are enough. Safe for concurrent use.
func (c *checkpointer) wrote(statements int64) {
	if c.written.Add(statements) < checkpointEvery {
		return
	}
	c.written.Store(0)
	select {
	case c.due <- struct{}{}:
	default:
	}
}

func (c *checkpointer) run(ctx context.Context) {
	defer close(c.stopped)
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.due:
		}
		if err := c.writeBack(ctx); err != nil && ctx.Err() == nil {
			c.logger.WarnContext(ctx, "the log of the SQLite database was not written back; the next commits will try", "error", err)
		}
	}
}

// writeBack empties the log. What is added while the connection of its own
// works is less each time; only for the rest do writers wait, and the log
// begins anew.
func (c *checkpointer) writeBack(ctx context.Context) error {
	const short = 500 // pages
	for range 4 {
		left, err := passive(ctx, c.own)
		if err != nil {
			return err
		}
		if left < short {
			break
		}
	}
	_, err := passive(ctx, c.write)
	return err
}

// passive writes back what is in the log, and returns how many pages were
// added to it meanwhile, or are still read.
func passive(ctx context.Context, db *sql.DB) (left int64, err error) {
	var busy, pages, done int64
	if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &done); err != nil {
		return 0, err
	}
	return pages - done, nil
}

// close ends a write-back that is under way: what is in the log stays there.
func (c *checkpointer) close() error {
	c.stop()
	<-c.stopped
	return c.own.Close()
}
