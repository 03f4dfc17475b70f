package transport_test

import (
	"context"
	"errors"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

const (
	shipTheRest = "ship what is still open, not the same lines again"
	noHint      = ""
)

func TestPartlyShippedCounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		said, hint        string
		made, total       int
		message, wantHint string
	}{
		"the only one":     {"closed", "reopen it", 0, 1, "closed", "reopen it"},
		"the first":        {"closed", "reopen it", 0, 3, "closed; shipment 1 of 3: made before it 0, not sent 2", "reopen it"},
		"the middle one":   {"closed", "reopen it", 1, 3, "closed; shipment 2 of 3: made before it 1, not sent 1", "reopen it; " + shipTheRest},
		"the last":         {"closed", noHint, 2, 3, "closed; shipment 3 of 3: made before it 2, not sent 0", shipTheRest},
		"without a reason": {"", noHint, 1, 2, "shipment 2 of 2: made before it 1, not sent 0", shipTheRest},
	} {
		refused := &catalog.Error{Platform: "acme", Op: "ship", Kind: catalog.ErrInvalid, Message: c.said, Hint: c.hint}
		err := transport.PartlyShipped(refused, c.made, c.total)
		if err != error(refused) || refused.Message != c.message || refused.Hint != c.wantHint {
			t.Errorf("%s: %v; want %q and %q", name, err, c.message, c.wantHint)
		}
	}
	for _, err := range []error{nil, errors.New("other")} {
		if got := transport.PartlyShipped(err, 1, 3); got != err {
			t.Errorf("%v became %v", err, got)
		}
	}
}

// TestPartlyShippedConfirmsTheWhole: what was made in part is neither done nor
// to be repeated.
func TestPartlyShippedConfirmsTheWhole(t *testing.T) {
	t.Parallel()
	const done, notDone, unknown = catalog.OutcomeDone, catalog.OutcomeNotDone, catalog.OutcomeUnknown
	down := &catalog.Error{Kind: catalog.ErrUnavailable}
	for name, c := range map[string]struct {
		made, total int
		found       catalog.Outcome // of the lost one alone
		err         error
		want        catalog.Outcome
		tells       string // an ErrConflict with this; "" = err, if any
	}{
		"the only one, lost":           {0, 1, done, nil, done, ""},
		"the only one, not taken":      {0, 1, notDone, nil, notDone, ""},
		"the first not taken":          {0, 3, notDone, nil, notDone, ""},
		"the first lost":               {0, 3, done, nil, unknown, "1 of the call's 3 shipments are made, the others not"},
		"the middle one not taken":     {1, 3, notDone, nil, unknown, "1 of the call's 3 shipments are made, the others not"},
		"the middle one lost":          {1, 3, done, nil, unknown, "2 of the call's 3 shipments are made, the others not"},
		"the middle one not to be had": {1, 3, unknown, nil, unknown, ""},
		"the middle one not readable":  {1, 3, unknown, down, unknown, ""},
		"the last not taken":           {2, 3, notDone, nil, unknown, "2 of the call's 3 shipments are made, the others not"},
		"the last lost":                {2, 3, done, nil, done, ""},
	} {
		lost := &catalog.OutcomeError{Err: &catalog.Error{Platform: "acme", Op: "ship", Kind: catalog.ErrOutcomeUnknown, Hint: "find out with Confirm before sending it again"},
			Confirm: func(context.Context) (catalog.Outcome, error) { return c.found, c.err }}
		if err := transport.PartlyShipped(lost, c.made, c.total); err != error(lost) {
			t.Fatalf("%s: it became %v", name, err)
		}
		wantHint := "find out with Confirm before sending it again"
		if c.made > 0 {
			wantHint = "find out with Confirm, and then " + shipTheRest
		}
		if lost.Err.Hint != wantHint {
			t.Errorf("%s: the hint is %q, want %q", name, lost.Err.Hint, wantHint)
		}
		for range 2 { // it may be asked again
			found, err := lost.Confirm(t.Context())
			if found != c.want {
				t.Errorf("%s: %s, want %s", name, found, c.want)
			}
			if c.tells == "" {
				if err != c.err {
					t.Errorf("%s: Confirm tells %v, want %v", name, err, c.err)
				}
				continue
			}
			told, ok := errors.AsType[*catalog.Error](err)
			if !ok || told.Platform != "acme" || told.Op != "confirm ship" || told.Kind != catalog.ErrConflict || told.Message != c.tells || told.Hint != shipTheRest {
				t.Errorf("%s: Confirm tells %v, want %q", name, err, c.tells)
			}
		}
	}
}
