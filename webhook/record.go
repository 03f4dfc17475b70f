package webhook

import (
	"errors"
	"net/http"
	"time"

	"github.com/soukhq/souk/catalog"
)

// State is where a record stands.
type State string

// The states of a record. Done, ignored and dead are final, until a replay.
const (
	// StatePending: not yet tried, or given back.
	StatePending State = "pending"
	// StateRunning: claimed by a worker.
	StateRunning State = "running"
	// StateRetry: an attempt failed, the next one is due later.
	StateRetry State = "retry"
	// StateDone: handled.
	StateDone State = "done"
	// StateIgnored: there was no handler for it, or it was stale.
	StateIgnored State = "ignored"
	// StateDead: it failed for good, or too often.
	StateDead State = "dead"
)

// Final reports whether the state stays until a replay.
func (s State) Final() bool { return s == StateDone || s == StateIgnored || s == StateDead }

// ErrLeaseLost is the cause with which a handler's context ends when the event
// no longer is its own: its lease ended, or somebody else has settled it.
var ErrLeaseLost = errors.New("webhook: the lease of the event was lost")

// Lease is the right to handle a record, for a time.
type Lease struct {
	ID string
	// Owner is random and new for every claim.
	Owner string
	// Until is when others may claim the record.
	Until time.Time
}

// Claimed is a record to be handled.
type Claimed struct {
	Lease
	Event catalog.Event
	// Attempt numbers the attempts of the record from 1, over all replays.
	Attempt int
	// Tries counts the attempts since the record came, or was replayed last.
	Tries int
}

// Settlement is what became of an attempt.
type Settlement struct {
	Lease Lease
	// State is the record's next one: any but StateRunning. StatePending gives
	// the record back as if it had not been tried: the attempt's number stays
	// used, Tries does not count it.
	State State
	// RetryAt is when a record in StateRetry is due.
	RetryAt time.Time
	// Error says what went wrong, bounded in length; "" = nothing.
	Error string
	// States are keys to be known from now on, as Entry.States.
	States []string
}

// Record is an event on record.
type Record struct {
	ID     string
	Event  catalog.Event
	Header http.Header // as in the Entry
	State  State
	// Attempts is how many there were, Replays how often it was replayed.
	Attempts, Replays int
	// LastError is of the last attempt that failed, "" when none has since the
	// record was done.
	LastError string
	// StoredAt is when it was kept; DueAt when the next attempt may begin, or
	// the present one's lease ends, zero in a final state; SettledAt when it
	// reached its final state, zero before.
	StoredAt, DueAt, SettledAt time.Time
	// History is the latest attempts, oldest first: 20 of them at least, and 200
	// at most.
	History []Attempt
}

// Attempt is one try to handle a record.
type Attempt struct {
	Number    int
	StartedAt time.Time
	// EndedAt is zero, and State "", while it runs and when it was never heard
	// of again.
	EndedAt time.Time
	// State is what the record was settled to.
	State State
	// Error is what went wrong; "" = nothing.
	Error string
}

// Query selects records; zero fields do not select.
type Query struct {
	ID         string
	Key        string // Event.Key
	Platform   string
	Store      string
	Account    string
	Topic      string
	Kind       catalog.EventKind
	Resource   catalog.Resource
	ResourceID string
	// States are alternatives.
	States []State
	// From and To bound StoredAt: not before From, and before To.
	From, To time.Time
	// After continues behind a page: its Next. One that the inbox did not give
	// out is ErrInvalid.
	After string
	// Limit is the size of a page: 0 = 50, at most 500.
	Limit int
}

// PageSize returns Limit within its bounds.
func (q Query) PageSize() int {
	if q.Limit <= 0 {
		return 50
	}
	return min(q.Limit, 500)
}

// All reports whether the query selects every record.
func (q Query) All() bool {
	return q.ID == "" && q.Key == "" && q.Platform == "" && q.Store == "" && q.Account == "" && q.Topic == "" && q.Kind == "" &&
		q.Resource == "" && q.ResourceID == "" && len(q.States) == 0 && q.From.IsZero() && q.To.IsZero()
}

// Replayable returns the states that Replay selects: those of the query that
// can be replayed, or all of these when it names none.
func (q Query) Replayable() []State {
	states := q.States
	if len(states) == 0 {
		states = []State{StateDone, StateIgnored, StateDead, StateRetry}
	}
	var can []State
	for _, s := range states {
		if s.Final() || s == StateRetry {
			can = append(can, s)
		}
	}
	return can
}

// Page is a part of a search.
type Page struct {
	Records []Record
	// Next continues; "" = that was all.
	Next string
}

// Stats is the state of an inbox.
type Stats struct {
	// States counts the records by state; states without any may be missing.
	States map[State]int64
	// OldestDue is the earliest time at which a record that waits was due; zero
	// when none waits. Its age is the backlog.
	OldestDue time.Time
	// Keys is how many keys are known.
	Keys int64
}
