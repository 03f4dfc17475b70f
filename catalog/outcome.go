package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Outcome says whether a write happened.
type Outcome string

// The outcomes Confirm can find.
const (
	OutcomeDone    Outcome = "done"
	OutcomeNotDone Outcome = "not_done"
	OutcomeUnknown Outcome = "unknown" // not visible yet, or not distinguishable from somebody else's
)

// OutcomeError is a write whose answer was lost after it was sent. It is
// ErrOutcomeUnknown. Find it with errors.AsType[*catalog.OutcomeError].
type OutcomeError struct {
	// Err describes the write and how its answer was lost; never nil.
	Err *Error
	// Confirm reads the truth from the platform; it changes nothing. It is
	// never nil.
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
