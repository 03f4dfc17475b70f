package webhook

import (
	"context"
	"net/http"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Putter keeps events. Inbox is one, Direct another.
type Putter interface {
	// Put keeps the entries, in order, and returns one result for each, in the
	// same order. When it returns, what it reports as kept is durable.
	//
	// An entry is a duplicate, and not kept again, when its Event.Key is known,
	// or when its Twin is the Event.Key of a kept entry. Otherwise it is kept,
	// and its Key and all its States become known, in one atomic step that
	// also holds between concurrent calls and between the entries of one call.
	// A key that is known already is no error for States.
	//
	// An entry that cannot be kept fails alone, by its result's Err, where the
	// cause is the entry (an empty key is ErrInvalid). An error of Put is one
	// of the whole call: then nothing is reported as kept, though it may have
	// been, and the caller may put the same entries again, together or one by
	// one. An inbox that does not work or is full is ErrUnavailable; the caller
	// does not look for a bad entry then.
	Put(ctx context.Context, entries []Entry) ([]PutResult, error)
}

// Entry is an event to be kept.
type Entry struct {
	// Event is what came; Event.Key is required. Event.Payload is kept byte for
	// byte, whatever it holds, and so are all texts, or the entry is refused.
	Event catalog.Event
	// Header is the delivery's, without secrets: see RedactHeader. nil for an
	// event that came otherwise.
	Header http.Header
	// Twin is the key that an entry for the same change has, or would have,
	// when it comes the other way, by a Sweeper; "" = none.
	Twin string
	// States are further keys to be known from now on: the states of records
	// that this event tells of.
	States []string
}

// PutResult says what came of an entry.
type PutResult struct {
	// ID is the inbox's name for the record: of the new one, or of the one that
	// was there before; "" when that one is gone or Err is set.
	ID string
	// Duplicate says that the event was known: it is safe, and was not kept
	// again.
	Duplicate bool
	// Err says why this entry, and only this one, was not kept.
	Err error
}

// Inbox keeps events, what became of them, and the keys of those it has seen.
// An inbox is also a Claimer or a Runner, and may be a Transactor and a Waker.
//
// Times are the inbox's own clock. Implementations are safe for concurrent
// use, return copies, return ctx's error when it has ended, and hold no lock
// or transaction between calls.
type Inbox interface {
	Putter
	// Get returns the record with all it has, or ErrNotFound.
	Get(ctx context.Context, id string) (Record, error)
	// Search lists the records the query selects, latest stored first, without
	// Header, History and Event.Payload. Following Page.Next gives every record
	// that was there at the first call and stayed, once.
	Search(ctx context.Context, query Query) (Page, error)
	// Replay makes every record the query selects due now, as a further attempt
	// of the same record with its retries counted from the beginning, and
	// returns how many. Without Query.States it selects those that are done,
	// ignored, dead or waiting for a retry; pending and running ones are never
	// touched. Limit and After do not apply. A query that selects everything is
	// ErrInvalid: say at least the states.
	Replay(ctx context.Context, query Query) (int, error)
	// Purge forgets the keys, and deletes the records in a final state, that
	// were stored longer ago than keep, and returns how many records. Records
	// that are not final, and their keys, stay. keep must be positive.
	Purge(ctx context.Context, keep time.Duration) (int, error)
	// Stats counts.
	Stats(ctx context.Context) (Stats, error)
}

// Claimer is an Inbox whose events the Dispatcher fetches: it claims those
// that are due, each under a lease, and settles them.
type Claimer interface {
	// Claim takes up to limit due records, longest due first, for the time of
	// the lease. Due are pending ones, those whose retry has come, and running
	// ones whose lease ended. A claim counts as an attempt; its number goes up
	// by one with each. None due is no error.
	Claim(ctx context.Context, limit int, lease time.Duration) ([]Claimed, error)
	// Extend makes the leases end the given time from now. The errors are per
	// lease, nil for success, ErrConflict for one that was lost: its record was
	// settled, or claimed by somebody else. A lease that ended but was not
	// taken is still its owner's.
	Extend(ctx context.Context, leases []Lease, lease time.Duration) ([]error, error)
	// Settle records what became of attempts and ends their leases. The errors
	// are per settlement, as with Extend; a lost lease changes nothing, its
	// States too stay unknown. A Claimer is called by many workers at once, in
	// batches.
	Settle(ctx context.Context, settlements []Settlement) ([]error, error)
}

// Runner is an Inbox that schedules by itself, such as one on a job queue.
type Runner interface {
	// Work calls process for every attempt that is due, up to workers at once,
	// until ctx ends; then it starts none, waits for those under way, and
	// returns nil. Each attempt has a fresh owner and number, as with Claim,
	// and is kept from others while process runs. It records the Settlement
	// that process returns, unless the attempt was settled meanwhile by
	// Transact or lost. The context given to process ends when the attempt is
	// lost, with ErrLeaseLost as its cause, and not because ctx ends; what
	// Transact needs may be in it.
	Work(ctx context.Context, workers int, process func(ctx context.Context, claimed Claimed) Settlement) error
}

// Transactor is an Inbox in a database that lets a handler's effect share the
// transaction that settles the event. Handlers use it by Transact.
type Transactor interface {
	// Transact begins a transaction, makes sure that the lease is still held
	// (ErrConflict), calls do with a context that the inbox's own package finds
	// the transaction in, records the settlement, and commits. An error or a
	// panic of do rolls everything back and is returned or goes on. No call
	// over the network belongs inside do.
	Transact(ctx context.Context, settlement Settlement, do func(ctx context.Context) error) error
}

// Waker is an Inbox that tells when something may be due, so that a Dispatcher
// in the same process need not wait for its next poll.
type Waker interface {
	// Wake returns a channel, always the same, that receives after events were
	// kept or replayed. One value may stand for many.
	Wake() <-chan struct{}
}
