package transport

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// restAlone is what to do when some shipments of a call were made.
const restAlone = "ship what is still open, not the same lines again"

// PartlyShipped is the error of a call that makes total shipments, one after
// the other, and ends with err at the one behind the made first. It says in err
// what became of the others, and lets its Confirm judge the call as a whole, for
// what was made in part must not be repeated: OutcomeDone when all are made,
// OutcomeNotDone when none is, else OutcomeUnknown beside an ErrConflict with how
// many are. It changes err, which must be the caller's alone, and returns it; as
// it is where there is one shipment, or no *catalog.Error in it.
func PartlyShipped(err error, made, total int) error {
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok || total == 1 {
		return err
	}
	failed.Message = behind(failed.Message, fmt.Sprintf("shipment %d of %d: made before it %d, not sent %d", made+1, total, made, total-made-1))
	lost, unknown := errors.AsType[*catalog.OutcomeError](err)
	switch {
	case unknown && made > 0:
		failed.Hint = "find out with Confirm, and then " + restAlone
	case made > 0:
		failed.Hint = behind(failed.Hint, restAlone)
	}
	if !unknown {
		return err
	}
	confirm, platform, op := lost.Confirm, failed.Platform, failed.Op
	lost.Confirm = func(ctx context.Context) (catalog.Outcome, error) {
		found, err := confirm(ctx)
		there := made
		if found == catalog.OutcomeDone {
			there++
		}
		if err != nil || found == catalog.OutcomeUnknown || there == 0 || there == total {
			return found, err
		}
		return catalog.OutcomeUnknown, &catalog.Error{Platform: platform, Op: "confirm " + op, Kind: catalog.ErrConflict,
			Message: fmt.Sprintf("%d of the call's %d shipments are made, the others not", there, total), Hint: restAlone}
	}
	return err
}

// behind puts a remark behind the text there is.
func behind(text, remark string) string { return strings.TrimPrefix(text+"; "+remark, "; ") }
