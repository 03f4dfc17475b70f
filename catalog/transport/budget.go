package transport

import (
	"context"
	"time"
)

// Budget paces calls against what one store, or one app, may spend. It is an
// interface so that several processes can share one. Implementations are safe
// for concurrent use.
type Budget interface {
	// Reserve waits, first come first served, until cost may be spent. It ends
	// with ctx, with ctx's error in the tree of the one it returns, and fails
	// at once when the wait cannot end before ctx's deadline. A cost that can
	// never be spent is a catalog.ErrInvalid error.
	Reserve(ctx context.Context, cost float64) (Permit, error)
}

// Permit is the right to make one attempt. Whoever got it settles it exactly
// once, as soon as the answer is known; further calls do nothing. Safe for
// concurrent use.
type Permit interface {
	Settle(Settlement)
}

// Settlement tells a budget how an attempt ended. The zero value means that
// nothing was sent: everything goes back.
type Settlement struct {
	// Sent says that the attempt may have reached the platform. It matters
	// only beside an otherwise zero Settlement: an answer that cost nothing.
	Sent bool
	// Charged is what the platform took; the rest of the reservation goes
	// back.
	Charged float64
	// Refused says that the platform throttled the attempt and charged
	// nothing. Nobody may go before Wait has passed.
	Refused bool
	// Wait is how long the platform asked to wait; 0 when it did not say.
	Wait time.Duration
	// Failed says that the platform is in trouble: 5xx, or no answer at all.
	// Budgets of platforms without published limits slow down.
	Failed bool
	// Observed is the platform's own account of the budget at this answer; nil
	// when it gave none.
	Observed *Observed
}

// reached reports whether the attempt may have reached the platform.
func (s Settlement) reached() bool { return s != Settlement{} }

// Observed is what a platform says about a budget. A bucket uses Available,
// Capacity and RestoreRate, a window Available, Capacity and ResetIn.
type Observed struct {
	// Available is what was left after this answer was charged.
	Available float64
	// Capacity is the most there can be; 0 means unknown.
	Capacity float64
	// RestoreRate is what comes back per second; 0 means unknown.
	RestoreRate float64
	// ResetIn is how long after this answer the window starts anew; 0 means
	// unknown.
	ResetIn time.Duration
}
