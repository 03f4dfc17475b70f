package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Outcome says whether a write happened.
type Outcome string

// The outcomes Confirm can find. Two kinds of write are judged differently.
// One that sets a state (update, set, cancel, delete, track, subscribe) is done
// when the store is in that state, whoever brought it there: there is nothing
// left to repeat. One that adds something (create, adjust, fulfil, refund) is
// done only when what was added is this call's own and nobody else's.
const (
	// OutcomeDone: do not repeat it.
	OutcomeDone Outcome = "done"
	// OutcomeNotDone: the store shows nothing of it; it may be repeated.
	OutcomeNotDone Outcome = "not_done"
	// OutcomeUnknown: the store shows something that may be this write's or
	// somebody else's, or was changed since. Repeat it only with the same
	// idempotency key, or after somebody has looked.
	OutcomeUnknown Outcome = "unknown"
)

// OutcomeError is a write whose answer was lost after it was sent. It is
// ErrOutcomeUnknown. Find it with errors.AsType[*catalog.OutcomeError].
type OutcomeError struct {
	// Err describes the write and how its answer was lost; never nil.
	Err *Error
	// IdempotencyKey is the key the write was sent with: the same call with
	// this key in its WriteOptions is harmless whatever happened. It is ""
	// where the platform knows no such keys.
	IdempotencyKey string
	// Confirm reads the truth from the platform; it changes nothing. It looks
	// several times before it says that nothing happened, since the platform
	// may still be at work, and ends with ctx. It is never nil and may be called
	// again; safe for concurrent use.
	Confirm func(ctx context.Context) (Outcome, error)
}

// Error formats the failure.
func (e *OutcomeError) Error() string { return e.Err.Error() }

// Is matches ErrOutcomeUnknown, whatever the kind of Err.
func (e *OutcomeError) Is(target error) bool { return target == error(ErrOutcomeUnknown) }

// Unwrap gives Err.
func (e *OutcomeError) Unwrap() error { return e.Err }

// BatchError is a batch of which some items failed; the others are done.
type BatchError struct {
	Platform, Op string
	// Failed holds the error of each failed item by its index in the input.
	Failed map[int]error
	// Total is the size of the batch.
	Total int
}

// Error counts the failures and shows the first.
func (e *BatchError) Error() string {
	indexes := e.indexes()
	if len(indexes) == 0 {
		return fmt.Sprintf("%s: %s: no item failed", e.Platform, e.Op)
	}
	return fmt.Sprintf("%s: %s: %d of %d items failed, the others are done; first, item %d: %v",
		e.Platform, e.Op, len(e.Failed), e.Total, indexes[0], e.Failed[indexes[0]])
}

// Is matches a target that the errors of all failed items match, so that one
// item's kind never speaks for the batch. Repeating a batch as a whole would
// repeat what is done: look at Failed, and never repeat items whose outcome is
// unknown.
func (e *BatchError) Is(target error) bool {
	for _, err := range e.Failed {
		if !errors.Is(err, target) {
			return false
		}
	}
	return len(e.Failed) > 0
}

// kind is the kind all failed items share, "" when they do not.
func (e *BatchError) kind() Kind {
	var shared Kind
	for n, i := range e.indexes() {
		if k := KindOf(e.Failed[i]); n == 0 {
			shared = k
		} else if k != shared {
			return ""
		}
	}
	return shared
}

func (e *BatchError) indexes() []int {
	var all []int
	for i := range e.Failed {
		all = append(all, i)
	}
	slices.Sort(all)
	return all
}
