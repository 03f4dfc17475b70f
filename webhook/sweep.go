package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/soukhq/souk/catalog"
)

// SweepTopic is the Topic of events that a Sweeper made.
const SweepTopic = "souk.sweep"

// Checkpoints is where a Sweeper keeps how far it has read: small texts without
// secrets. Implementations are safe for concurrent use.
type Checkpoints interface {
	// Checkpoint returns what was set last, "" when nothing was.
	Checkpoint(ctx context.Context, account string, resource catalog.Resource) (string, error)
	// SetCheckpoint replaces it.
	SetCheckpoint(ctx context.Context, account string, resource catalog.Resource, checkpoint string) error
}

// Sweeper finds what the webhooks of an account missed: it reads what changed
// since its last sweep and puts an event for each state that no delivery told
// of. The host decides when; every few minutes to once a day is usual. Inbox,
// Stores and Checkpoints are required. It is safe for concurrent use, but one
// account is to be swept by one caller at a time.
//
// The events have the kind "updated", or "created" for records that are new
// since the sweep before, the topic SweepTopic and no payload: handlers fetch.
//
// # What is told once
//
// A delivery and the sweep that sees the same change are one event:
//
//   - where the event is a creation, the record has not changed since, and an
//     earlier sweep has come to its end: always, whichever comes first;
//   - where it is an update and the delivery tells the record's UpdatedAt: so
//     too;
//   - where it is an update and the delivery does not: if the delivery was
//     handled before the sweep, by a handler that read the record with
//     Stores.Product, Order or Customer, or called Saw. Otherwise the state is
//     handled twice: once for each.
//
// Other kinds (paid, cancelled, fulfilled, refunded, deleted) are never
// withheld, and have no part in this: a sweep finds the order as it is now and
// tells of an update. Times are compared to the second: of several changes of
// one record within a second, missed beside one that was not, nothing is told.
// A deletion cannot be seen by a sweep. A delivery that came and is dead
// counts as told: replay it. With a Direct for Inbox a pair of which one is
// being handled counts as two, and a sweep ends where a handler fails: have it
// return Permanent for what cannot succeed.
type Sweeper struct {
	Stores      *catalog.Stores
	Inbox       Putter
	Checkpoints Checkpoints
	// Resources are what is read: some of Products, Orders, Customers and
	// Inventory; nil = all of these. What the store cannot tell the changes of
	// is left out, see Swept.
	Resources []catalog.Resource
	// SkipFirst makes the first sweep of a resource note where things stand
	// without an event for every record there is.
	SkipFirst bool
	// Batch is how many events are put at once; 0 = 100.
	Batch int
}

// Swept is what a sweep did for one resource.
type Swept struct {
	Resource catalog.Resource
	// Read is how many records had changed, Put how many events were new, and
	// Refused how many the inbox did not take for what they are (ErrInvalid).
	Read, Put, Refused int
	// Err is why it ended early; the next sweep goes on from there. It is
	// ErrUnsupported where the store cannot tell what changed.
	Err error
}

// Sweep reads the changes of an account. The error says that nothing could be
// read; what happened to each resource is in the answer.
func (s *Sweeper) Sweep(ctx context.Context, accountID string) ([]Swept, error) {
	if s.Stores == nil || s.Inbox == nil || s.Checkpoints == nil {
		return nil, &catalog.ConfigError{Platform: "webhook", Field: "Sweeper", Reason: "needs Stores, Inbox and Checkpoints"}
	}
	engine, err := s.Stores.Open(ctx, accountID)
	if err != nil {
		return nil, err
	}
	account, err := s.Stores.Accounts.Get(ctx, accountID)
	if err != nil {
		return nil, err
	}
	resources := s.Resources
	if resources == nil {
		resources = []catalog.Resource{catalog.Products, catalog.Orders, catalog.Customers, catalog.Inventory}
	}
	var done []Swept
	for _, resource := range resources {
		one := &sweep{Sweeper: s, engine: engine, account: account, swept: Swept{Resource: resource}}
		one.swept.Err = one.resource(ctx)
		done = append(done, one.swept)
		if ctx.Err() != nil {
			return done, ctx.Err()
		}
	}
	return done, nil
}

// sweep is one run over one resource.
type sweep struct {
	*Sweeper
	engine  catalog.Engine
	account catalog.Account
	swept   Swept

	began   time.Time // this sweep
	last    time.Time // the sweep before, zero when there was none
	skip    bool
	pending []Entry
}

// sweepMark is the checkpoint as it is stored.
type sweepMark struct {
	// Began is when the last sweep began that came to its end.
	Began time.Time `json:"began,omitzero"`
	// Skip says that the first sweep is under way, without events.
	Skip    bool   `json:"skip,omitempty"`
	Changes string `json:"changes"`
}

func (s *sweep) resource(ctx context.Context) error {
	saved, err := s.Checkpoints.Checkpoint(ctx, s.account.ID, s.swept.Resource)
	if err != nil {
		return fmt.Errorf("webhook: load checkpoint: %w", err)
	}
	var mark sweepMark
	if saved == "" {
		mark.Skip = s.SkipFirst
	} else {
		if err := json.Unmarshal([]byte(saved), &mark); err != nil {
			return &catalog.Error{Op: "sweep " + string(s.swept.Resource), Kind: catalog.ErrInvalid, Message: "the stored checkpoint is not a Sweeper's", Err: err}
		}
	}
	s.began, s.last, s.skip = time.Now().UTC(), mark.Began, mark.Skip
	switch s.swept.Resource {
	case catalog.Products:
		c := catalog.ProductChanges(s.engine, mark.Changes, catalog.ChangeOptions{})
		return sweepChanges(ctx, s, c.All(ctx), c.Checkpoint, func(p *catalog.Product) swept {
			return swept{p.ID, p.CreatedAt, p.UpdatedAt, p.Raw, catalog.EventProductCreated, catalog.EventProductUpdated}
		})
	case catalog.Orders:
		c := catalog.OrderChanges(s.engine, mark.Changes, catalog.ChangeOptions{})
		return sweepChanges(ctx, s, c.All(ctx), c.Checkpoint, func(o *catalog.Order) swept {
			return swept{o.ID, o.CreatedAt, o.UpdatedAt, o.Raw, catalog.EventOrderCreated, catalog.EventOrderUpdated}
		})
	case catalog.Customers:
		c := catalog.CustomerChanges(s.engine, mark.Changes, catalog.ChangeOptions{})
		return sweepChanges(ctx, s, c.All(ctx), c.Checkpoint, func(p *catalog.Customer) swept {
			return swept{p.ID, p.CreatedAt, p.UpdatedAt, p.Raw, catalog.EventCustomerCreated, catalog.EventCustomerUpdated}
		})
	case catalog.Inventory:
		c := catalog.InventoryChanges(s.engine, mark.Changes, catalog.ChangeOptions{})
		return sweepChanges(ctx, s, c.All(ctx), c.Checkpoint, func(l *catalog.InventoryLevel) swept {
			// Events are about the item, wherever it lies.
			return swept{l.ItemID, time.Time{}, l.UpdatedAt, l.Raw, "", catalog.EventInventoryChanged}
		})
	}
	return catalog.Unsupported(s.account.Platform, "sweep "+string(s.swept.Resource), "sweep products, orders, customers or inventory")
}

// swept is what a sweep needs to know of a record.
type swept struct {
	id               string
	created, updated time.Time
	raw              json.RawMessage
	onCreated        catalog.EventKind // "" = is never reported as created
	onUpdated        catalog.EventKind
}

// sweepChanges puts the events of the changes, in batches, and saves how far
// it came after each. The checkpoint covers a record only once the next one is
// asked for.
func sweepChanges[T any](ctx context.Context, s *sweep, changes iter.Seq2[T, error], checkpoint func() string, describe func(*T) swept) error {
	batch := orDefault(s.Batch, 100)
	for v, err := range changes {
		if err != nil {
			// What was read before is covered; let it not be lost.
			return errors.Join(err, s.flush(ctx, checkpoint(), false))
		}
		if s.swept.Read > 0 && s.swept.Read%batch == 0 {
			if err := s.flush(ctx, checkpoint(), false); err != nil {
				return err
			}
		}
		s.swept.Read++
		if !s.skip {
			s.add(describe(&v))
		}
	}
	return s.flush(ctx, checkpoint(), true)
}

// clockSkew is how far the platform's clock and ours may differ.
const clockSkew = 5 * time.Minute

// add makes the entries of a record: its creation where that is news, and its
// state where that is. The inbox drops the ones it knows.
func (s *sweep) add(r swept) {
	if r.id == "" {
		return
	}
	platform, store := s.account.Platform, s.account.Store
	event := catalog.Event{Platform: platform, Store: store, Account: s.account.ID, Topic: SweepTopic, Kind: r.onUpdated, Resource: s.swept.Resource,
		ResourceID: r.id, OccurredAt: r.updated, UpdatedAt: r.updated, ReceivedAt: s.began, Partial: true}
	event.Key = stateKey(platform, store, s.swept.Resource, r.id, r.updated)
	if event.Key == "" { // without a time the content tells states apart
		sum := sha256.Sum256(r.raw)
		event.Key = catalog.EventKey("souk.content", platform, store, string(s.swept.Resource), r.id, hex.EncodeToString(sum[:]))
	}
	if isNew := !s.last.IsZero() && !r.created.IsZero() && !r.created.Before(s.last.Add(-clockSkew)); isNew && r.onCreated != "" {
		created := event
		created.Kind, created.Key = r.onCreated, createdKey(platform, store, s.swept.Resource, r.id)
		// Its state is told with it: the entry below is a duplicate then.
		s.pending = append(s.pending, Entry{Event: created, States: []string{event.Key}})
		if r.created.Unix() == r.updated.Unix() {
			return // nothing has changed since
		}
	}
	s.pending = append(s.pending, Entry{Event: event})
}

// flush puts what is pending and saves the checkpoint.
func (s *sweep) flush(ctx context.Context, changes string, ended bool) error {
	if len(s.pending) > 0 {
		// As behind a Receiver, one bad entry costs no other.
		whole := group[Entry, PutResult]{commit: s.Inbox.Put, fail: func(err error) PutResult { return PutResult{Err: err} }}
		for _, r := range whole.commitAll(ctx, s.pending) {
			switch {
			case errors.Is(r.Err, catalog.ErrInvalid):
				s.swept.Refused++
			case r.Err != nil:
				return r.Err
			case !r.Duplicate:
				s.swept.Put++
			}
		}
		s.pending = nil
	}
	mark := sweepMark{Began: s.last, Skip: s.skip, Changes: changes}
	if ended {
		mark.Began, mark.Skip = s.began, false
	}
	text, err := json.Marshal(mark)
	if err != nil {
		return err
	}
	if err := s.Checkpoints.SetCheckpoint(ctx, s.account.ID, s.swept.Resource, string(text)); err != nil {
		return fmt.Errorf("webhook: save checkpoint: %w", err)
	}
	return nil
}
