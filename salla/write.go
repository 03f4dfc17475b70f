package salla

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// change is one call that changes something. It is sent once: Salla knows no
// idempotency keys.
type change struct {
	op           string
	method, path string
	query        url.Values
	fields       map[string]any   // the body; nil = none
	secrets      []catalog.Secret // in it
	// look finds what became of it; nil = nobody can tell.
	look func(context.Context) (catalog.Outcome, error)
	// slow says that Salla queues it, so that it may show minutes later.
	slow bool
}

// write makes a change and opens the answer. A lost answer is a
// *catalog.OutcomeError.
func (e *Engine) write(ctx context.Context, c change) (answer, error) {
	to := call{op: c.op, method: c.method, path: c.path, query: c.query, secrets: c.secrets, empty: true}
	if c.fields != nil {
		body, err := json.Marshal(c.fields)
		if err != nil {
			return answer{}, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrInvalid, Message: "the request cannot be encoded as JSON", Err: err}
		}
		to.body = body
	}
	a, _, err := e.send(ctx, to)
	return a, e.lost(c, err)
}

// slowness is how much longer than at others it takes to look at what Salla
// queues: "several minutes", by its own words.
const slowness = 40

// lost gives an error whose outcome is unknown the means to find out.
func (e *Engine) lost(c change, err error) error {
	pause := e.pollInterval()
	if c.slow {
		pause *= slowness
	}
	return transport.Write{Platform: Platform, Op: c.op, Pause: pause, Look: c.look}.Lost(err)
}

// unknown is the error for a change that was accepted and whose result is not
// known. What a part of it could confirm says nothing of the whole.
func (e *Engine) unknown(c change, message string, err error) error {
	if part, ok := errors.AsType[*catalog.OutcomeError](err); ok {
		err = part.Err
	}
	return e.lost(c, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrOutcomeUnknown, Message: message, Err: err})
}

// record reads what a change left from its answer. One that cannot be read is
// still one that was written.
func record[N, T any](ctx context.Context, e *Engine, c change, a answer, by itemReader[N, T]) (T, error) {
	var none T
	raw, err := a.object(c.op)
	if err != nil {
		return none, e.unknown(c, "it succeeded, but its answer holds no record", err)
	}
	item, err := readOne(ctx, c.op, raw, by, nil)
	if err != nil {
		return none, e.unknown(c, "it succeeded, but its answer cannot be read", err)
	}
	return item, nil
}

// invalid refuses an argument before anything is sent.
func invalid(op, field, message string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message,
		Fields: []catalog.FieldError{{Field: field, Message: message}}}
}

// vanished says that a record is not there any more.
func vanished(err error) bool { return catalog.KindOf(err) == catalog.ErrNotFound }

// withHint adds a hint to what went wrong half way.
func withHint(err error, hint string) error {
	if failed, ok := errors.AsType[*catalog.Error](err); ok {
		failed.Hint = hint
	}
	return err
}

// halfDone says of a call that failed what was done before it, and what is
// missing unless its outcome is unknown.
func halfDone(err error, done, missing string) error {
	if catalog.KindOf(err) == catalog.ErrOutcomeUnknown {
		missing = ", and what became of the rest Confirm finds out"
	}
	return withHint(err, done+missing+"; the same call may be repeated")
}

// currency is the store's currency; it does not change.
func (e *Engine) currency(ctx context.Context) (string, error) {
	if c := e.money.Load(); c != nil {
		return *c, nil
	}
	shop, err := e.Shop(ctx)
	if err != nil {
		return "", err
	}
	e.money.Store(&shop.Currency)
	return shop.Currency, nil
}

// asIs looks at a record and says whether it is as wanted; one that is gone is
// not.
func asIs[T any](read func() (T, error), wanted func(T) bool) (catalog.Outcome, error) {
	found, err := read()
	switch {
	case vanished(err):
		return catalog.OutcomeNotDone, nil
	case err != nil:
		return catalog.OutcomeUnknown, err
	case wanted(found):
		return catalog.OutcomeDone, nil
	}
	return catalog.OutcomeNotDone, nil
}

const (
	post = http.MethodPost
	put  = http.MethodPut
)
