package catalog

import (
	"context"
	"time"
)

// Deduper remembers which events were handled, so that a redelivery is not
// handled twice: claim, handle, then Confirm, or Release on failure. Marking
// an event before it was handled would lose it; never claim one whose
// signature was not verified. Implementations are safe for concurrent use.
type Deduper interface {
	// Claim asks to handle the event with this key. The claim lasts for the
	// lease: a holder that dies frees the key when the lease ends. A lease
	// that is not positive, or an empty key, is ErrInvalid. A store that is
	// full of live claims is ErrUnavailable: answer the platform with a
	// failure, so that it sends again.
	Claim(ctx context.Context, key string, lease time.Duration) (Claim, error)
	// Confirm says that the event was handled; its key is remembered. To
	// confirm again, because the first answer was lost, is no error. A claim
	// that was lost meanwhile, or is not one, is ErrConflict.
	Confirm(ctx context.Context, claim Claim) error
	// Release gives the key back unhandled. A claim that was lost meanwhile
	// is ErrConflict and changes nothing of its new owner's.
	Release(ctx context.Context, claim Claim) error
}

// Claim is the answer to Deduper.Claim.
type Claim struct {
	Key   string
	State ClaimState
	// Owner is the random proof of ownership, set when State is ClaimGranted.
	Owner string
	// Until is when the lease ends: ours, or the other holder's.
	Until time.Time
}

// ClaimState says what came of a claim.
type ClaimState string

// The states of a claim.
const (
	// ClaimGranted: handle the event, then Confirm or Release.
	ClaimGranted ClaimState = "granted"
	// ClaimBusy: somebody else handles it now; have the platform send again.
	ClaimBusy ClaimState = "busy"
	// ClaimDone: it was handled before; answer success.
	ClaimDone ClaimState = "done"
)
