package transport

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Looks is how often something is looked for that may not show yet. With the
// default pause that is over seven seconds.
const Looks = 5

const (
	firstPause = 500 * time.Millisecond
	// longestPause is how many first pauses one can be long.
	longestPause = 16
)

// Write is a write whose answer may be lost, and how to find out what became
// of it.
type Write struct {
	Platform, Op string
	// Key is the idempotency key it was sent with, "" = none.
	Key string
	// Pause is the first pause between two looks; each is twice as long as the
	// one before, up to sixteen times the first. 0 = half a second.
	Pause time.Duration
	// Look reads once whether the store shows the write, and changes nothing.
	// nil = there is no way to find out.
	Look func(ctx context.Context) (catalog.Outcome, error)
}

// Lost gives an error whose outcome is unknown the means to find out: it
// returns a *catalog.OutcomeError, whose Confirm calls Look up to Looks times
// until it finds anything but OutcomeNotDone. Any other error, nil included, is
// returned as it is.
func (w Write) Lost(err error) error {
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok || failed.Kind != catalog.ErrOutcomeUnknown {
		return err
	}
	if _, told := errors.AsType[*catalog.OutcomeError](err); told {
		return err
	}
	look := w.Look
	if look == nil {
		look = func(context.Context) (catalog.Outcome, error) { return catalog.OutcomeUnknown, nil }
	}
	if failed.Hint == "" {
		failed.Hint = "find out with Confirm before sending it again"
	}
	return &catalog.OutcomeError{Err: failed, IdempotencyKey: w.Key, Confirm: func(ctx context.Context) (catalog.Outcome, error) {
		for n := 1; ; n++ {
			found, err := look(ctx)
			if err != nil {
				return catalog.OutcomeUnknown, err
			}
			if found != catalog.OutcomeNotDone || n == Looks {
				return found, nil
			}
			if err := Pause(ctx, w.Pause, n); err != nil {
				return catalog.OutcomeUnknown, &catalog.Error{Platform: w.Platform, Op: "confirm " + w.Op, Kind: catalog.ErrUnavailable, Err: err}
			}
		}
	}}
}

// Pause waits before the look after the nth, n counted from 1: first (0 = half
// a second), then twice as long each time, up to sixteen times first. It ends
// with ctx and then returns its error and cause.
func Pause(ctx context.Context, first time.Duration, n int) error {
	timer := time.NewTimer(cmp.Or(first, firstPause) * time.Duration(min(1<<min(max(n, 1)-1, 10), longestPause)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return Ended(ctx)
	case <-timer.C:
		return nil
	}
}
