package transport_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

func unknownOutcome() error {
	return &catalog.Error{Platform: "acme", Op: "add note", Kind: catalog.ErrOutcomeUnknown}
}

// TestConfirmLooksSeveralTimes: what is still at work shows late, and nothing
// is not said too early.
func TestConfirmLooksSeveralTimes(t *testing.T) {
	for name, c := range map[string]struct {
		shows int // the look that finds it, 0 = none
		found catalog.Outcome
		want  catalog.Outcome
		looks int
		after time.Duration
	}{
		"at once":         {1, catalog.OutcomeDone, catalog.OutcomeDone, 1, 0},
		"late":            {3, catalog.OutcomeDone, catalog.OutcomeDone, 3, 3 * time.Second},
		"somebody else's": {2, catalog.OutcomeUnknown, catalog.OutcomeUnknown, 2, time.Second},
		"never":           {0, "", catalog.OutcomeNotDone, transport.Looks, 15 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				looks := 0
				w := transport.Write{Platform: "acme", Op: "add note", Key: "k", Pause: time.Second, Look: func(context.Context) (catalog.Outcome, error) {
					if looks++; looks == c.shows {
						return c.found, nil
					}
					return catalog.OutcomeNotDone, nil
				}}
				err := w.Lost(unknownOutcome())
				lost, ok := errors.AsType[*catalog.OutcomeError](err)
				if !ok || lost.IdempotencyKey != "k" || lost.Err.Hint == "" || looks != 0 {
					t.Fatalf("got %#v after %d looks", err, looks)
				}
				if again := w.Lost(err); again != err {
					t.Errorf("wrapped twice: %v", again)
				}
				start := time.Now()
				found, err := lost.Confirm(t.Context())
				if err != nil || found != c.want || looks != c.looks || time.Since(start) != c.after {
					t.Errorf("%s, %v after %d looks and %s", found, err, looks, time.Since(start))
				}
			})
		})
	}
}

func TestConfirmEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := transport.Write{Platform: "acme", Op: "add note", Look: func(context.Context) (catalog.Outcome, error) { return catalog.OutcomeNotDone, nil }}
		lost, _ := errors.AsType[*catalog.OutcomeError](w.Lost(unknownOutcome()))
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("closing time"))
		defer cancel()
		start := time.Now()
		found, err := lost.Confirm(ctx)
		if found != catalog.OutcomeUnknown || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, catalog.ErrUnavailable) || time.Since(start) != time.Second {
			t.Errorf("%s, %v after %s", found, err, time.Since(start))
		}
	})
}

func TestOnlyALostAnswerIsConfirmed(t *testing.T) {
	t.Parallel()
	refused := &catalog.Error{Platform: "acme", Kind: catalog.ErrInvalid}
	for _, err := range []error{nil, refused, errors.New("other")} {
		if got := (transport.Write{}).Lost(err); got != err {
			t.Errorf("%v became %v", err, got)
		}
	}
	lost, _ := errors.AsType[*catalog.OutcomeError](transport.Write{}.Lost(unknownOutcome()))
	if found, err := lost.Confirm(t.Context()); found != catalog.OutcomeUnknown || err != nil {
		t.Errorf("without a way to look: %s, %v", found, err)
	}
}
