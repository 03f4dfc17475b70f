package webhook

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Handler does what a host does about an event. It may be called more than
// once for the same event, in a row or, when a lease was lost, at the same
// time: an effect that must happen once uses Event.Key as its idempotency key,
// or shares the event's transaction by Transact. It ends with ctx.
type Handler func(ctx context.Context, event catalog.Event) error

// Permanent marks an error that no repetition will cure: the event is dead at
// once. nil stays nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

type permanentError struct{ error }

func (e *permanentError) Unwrap() error { return e.error }

// IsPermanent reports whether Permanent is in err's tree.
func IsPermanent(err error) bool {
	_, ok := errors.AsType[*permanentError](err)
	return ok
}

// ErrIgnored, returned by a handler, says that nothing was to be done about
// the event: it is recorded as ignored instead of done.
var ErrIgnored = errors.New("webhook: the event was ignored")

// Delivered is what a handler can learn of the attempt it is.
type Delivered struct {
	// ID is the record's, for Inbox.Get; "" without an Inbox.
	ID string
	// Attempt numbers the attempts of the event from 1, over all replays.
	Attempt int
}

// DeliveredFrom returns the attempt that a handler's context belongs to.
func DeliveredFrom(ctx context.Context) (Delivered, bool) {
	r, ok := ctx.Value(runKey{}).(*run)
	if !ok {
		return Delivered{}, false
	}
	return r.delivered, true
}

// Transact runs a handler's effect in the transaction that settles its event,
// so that both happen or neither does: even after a crash the effect is there
// exactly once. It is the last thing a handler does; what the handler returns
// after a Transact that succeeded changes nothing. Slow work, and every call
// over the network, belongs before it. The inbox's package says how to find
// the transaction in the context given to do.
//
// An inbox without transactions is ErrUnsupported; a lease that was lost is
// ErrConflict, and do has had no effect.
func Transact(ctx context.Context, do func(ctx context.Context) error) error {
	r, ok := ctx.Value(runKey{}).(*run)
	if !ok || r.inbox == nil {
		return catalog.Unsupported("", "share the event's transaction", "call it from a Dispatcher's handler, or use the event's Key as an idempotency key")
	}
	settlement := Settlement{Lease: r.lease, State: StateDone, States: r.seen()}
	if err := r.inbox.Transact(ctx, settlement, do); err != nil {
		return err
	}
	r.mu.Lock()
	r.settled = true
	r.mu.Unlock()
	return nil
}

// Saw says which state of a record a handler has seen, so that a Sweeper does
// not report it again. Stores.Product, Order and Customer say so themselves
// for events that tell of a creation or an update and nothing else; call it after reading a record in another way. updated is the record's
// UpdatedAt; for stock, resource is Inventory and id the ItemID. Outside a
// handler it does nothing.
func Saw(ctx context.Context, event catalog.Event, resource catalog.Resource, id string, updated time.Time) {
	if r, ok := ctx.Value(runKey{}).(*run); ok {
		r.saw(stateKey(event.Platform, event.Store, resource, id, updated))
	}
}

// run is one attempt, as its handler's context knows it.
type run struct {
	delivered Delivered
	lease     Lease
	inbox     Transactor // nil without one

	mu      sync.Mutex
	states  []string
	settled bool // by Transact
}

type runKey struct{}

// maxSeen bounds the states that one attempt is remembered by.
const maxSeen = 100

func (r *run) context(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, runKey{}, r)
	return catalog.ObserveRecords(ctx, func(e catalog.Event, updated time.Time) {
		if tellsState(e.Kind) {
			r.saw(stateKey(e.Platform, e.Store, e.Resource, e.ResourceID, updated))
		}
	})
}

func (r *run) saw(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key != "" && len(r.states) < maxSeen {
		r.states = append(r.states, key)
	}
}

func (r *run) seen() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.states...)
}

func (r *run) wasSettled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.settled
}
