package transport

import (
	"container/list"
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
)

// policy is the arithmetic of one kind of budget. A line calls it under its
// lock.
type policy interface {
	// delay is how long cost must still wait; 0 means it may go, never that
	// something must be settled first. An error means that it never can go.
	delay(now time.Time, cost float64) (time.Duration, error)
	// soonest is a lower bound of delay, whatever is settled meanwhile.
	soonest(now time.Time, cost float64) time.Duration
	// take reserves for p, after delay said 0.
	take(now time.Time, p *permit)
	// settle gives p's reservation back and accounts for what happened.
	settle(now time.Time, p *permit, s Settlement)
}

// never is the delay of what waits for a settlement, not for time.
const never time.Duration = -1

// line lets calls through a policy first come, first served. Until the first
// answer is settled it lets one call go at a time: after a restart the
// platform may remember more than this process does.
type line struct {
	policy policy

	mu       sync.Mutex
	waiters  list.List // of *waiter
	timer    *time.Timer
	inFlight int
	proven   bool
	used     time.Time
}

type waiter struct {
	cost  float64
	ready chan struct{} // closed once permit or err is set
	p     *permit
	err   error
}

// permit is one reservation in a line.
type permit struct {
	line *line
	cost float64
	at   time.Time
	done bool // under line.mu

	charged float64 // the policy's running total when the permit was given
	epoch   int     // the policy's period when the permit was given
	slow    bool    // given by a window's slow lane
}

func (l *line) reserve(ctx context.Context, cost float64) (Permit, error) {
	if err := ctx.Err(); err != nil {
		return nil, Ended(ctx)
	}
	if cost < 0 || math.IsNaN(cost) || math.IsInf(cost, 0) {
		return nil, &catalog.Error{Kind: catalog.ErrInvalid, Message: "the cost is not a number from 0 up"}
	}
	w := &waiter{cost: cost, ready: make(chan struct{})}
	l.mu.Lock()
	now := time.Now()
	l.used = now
	if deadline, ok := ctx.Deadline(); ok {
		if !deadline.After(now) { // the context's timer is late
			l.mu.Unlock()
			return nil, context.DeadlineExceeded
		}
		if d := l.policy.soonest(now, cost); d > deadline.Sub(now) {
			l.mu.Unlock()
			return nil, &catalog.Error{Kind: catalog.ErrRateLimited, RetryAfter: d,
				Message: "the budget allows the call only after the context's deadline", Err: context.DeadlineExceeded}
		}
	}
	e := l.waiters.PushBack(w)
	l.dispatch(now)
	l.mu.Unlock()

	select {
	case <-w.ready:
	case <-ctx.Done():
		l.mu.Lock()
		defer l.mu.Unlock()
		now := time.Now()
		if w.p != nil { // let through at the same moment
			l.release(now, w.p, Settlement{})
		} else if w.err == nil {
			l.waiters.Remove(e)
		}
		l.dispatch(now)
		return nil, Ended(ctx)
	}
	if w.err != nil {
		return nil, w.err
	}
	return w.p, nil
}

// Settle implements Permit.
func (p *permit) Settle(s Settlement) {
	l := p.line
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.done {
		return
	}
	now := time.Now()
	l.release(now, p, s)
	l.dispatch(now)
}

func (l *line) release(now time.Time, p *permit, s Settlement) {
	p.done = true
	l.used = now
	l.inFlight--
	if math.IsNaN(s.Charged) || math.IsInf(s.Charged, 0) || s.Charged < 0 {
		s.Charged = p.cost
	}
	if s.reached() {
		l.proven = true
	}
	l.policy.settle(now, p, s)
}

// dispatch lets through whoever may go and sets the timer for the one who
// then stands first.
func (l *line) dispatch(now time.Time) {
	if l.timer != nil {
		l.timer.Stop()
	}
	for l.waiters.Len() > 0 && (l.proven || l.inFlight == 0) {
		front := l.waiters.Front()
		w := front.Value.(*waiter)
		d, err := l.policy.delay(now, w.cost)
		switch {
		case err != nil:
			w.err = err
		case d == 0:
			w.p = &permit{line: l, cost: w.cost, at: now}
			l.inFlight++
			l.policy.take(now, w.p)
		case d == never:
			return
		case l.timer == nil:
			l.timer = time.AfterFunc(d, l.tick)
			return
		default:
			l.timer.Reset(d)
			return
		}
		l.waiters.Remove(front)
		close(w.ready)
	}
}

func (l *line) tick() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dispatch(time.Now())
}

// idle is how long nobody has used the line; 0 while a call waits or is in
// flight.
func (l *line) idle() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inFlight > 0 || l.waiters.Len() > 0 {
		return 0
	}
	return time.Since(l.used)
}

// untilRestored is the time in which rate restores amount, rounded up so that
// a timer never fires too early.
func untilRestored(amount, rate float64) time.Duration {
	if amount <= 0 {
		return 0
	}
	if seconds := amount / rate; seconds < 3600 {
		return time.Duration(math.Ceil(seconds*float64(time.Second))) + 1
	}
	return time.Hour // looked at again then
}

// tooDear is the error for a cost that no wait can make room for.
func tooDear(cost, capacity float64) error {
	return &catalog.Error{Kind: catalog.ErrInvalid,
		Message: fmt.Sprintf("the call costs %g and the whole budget is %g", cost, capacity), Hint: "ask for less at once, such as a smaller page"}
}
