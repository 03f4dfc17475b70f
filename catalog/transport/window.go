package transport

import (
	"context"
	"time"

	"github.com/soukhq/souk/catalog"
)

// WindowConfig describes a window budget. Limit and Period are required; what
// the platform reports later replaces Limit, and moves the window.
type WindowConfig struct {
	// Limit is how much may be spent in one window.
	Limit float64
	// Period is the window's length. It is used until the platform says when
	// its window resets, and when it never does.
	Period time.Duration
	// Margin is never spent of a window; 0 means none.
	Margin float64
	// SlowRate is what the platform still lets through per second once the
	// window is spent, such as Salla's one call; 0 means nothing. Such calls go
	// one at a time.
	SlowRate float64
	// Slack is added to every reset the platform announces, for clocks and
	// rounding; 0 means none.
	Slack time.Duration
}

// Window is a budget that starts anew at set times, told by headers: Settle
// with Observed.Available, Capacity and ResetIn. Between two answers it counts
// by itself, calls in flight included. Safe for concurrent use.
type Window struct {
	line   line
	window window
}

// NewWindow makes a full window that begins with the first call. The error is
// a *catalog.ConfigError.
func NewWindow(cfg WindowConfig) (*Window, error) {
	wrong := func(field, reason string) (*Window, error) {
		return nil, &catalog.ConfigError{Platform: "transport", Field: field, Reason: reason}
	}
	switch {
	case !positive(cfg.Limit):
		return wrong("Limit", "is not a number above 0")
	case cfg.Period <= 0:
		return wrong("Period", "is not above 0")
	case cfg.Margin < 0 || !finite(cfg.Margin) || cfg.Margin >= cfg.Limit:
		return wrong("Margin", "is not from 0 to below Limit")
	case cfg.SlowRate < 0 || !finite(cfg.SlowRate):
		return wrong("SlowRate", "is not a number from 0 up")
	case cfg.Slack < 0:
		return wrong("Slack", "is negative")
	}
	w := &Window{window: window{cfg: cfg, limit: cfg.Limit, left: cfg.Limit}}
	w.line.policy, w.line.used = &w.window, time.Now()
	return w, nil
}

// Reserve implements Budget.
func (w *Window) Reserve(ctx context.Context, cost float64) (Permit, error) {
	return w.line.reserve(ctx, cost)
}

// Idle is how long nobody has used the window; 0 while a call waits or is in
// flight.
func (w *Window) Idle() time.Duration { return w.line.idle() }

// window is the arithmetic. As in a bucket, left counts what was settled, and
// reserved what is in flight, which may or may not be in the platform's count.
type window struct {
	cfg   WindowConfig
	limit float64

	left     float64
	since    time.Time // when this window began, by our account
	reset    time.Time // when it ends; zero until its first call
	epoch    int       // counts windows
	reserved float64
	inFlight int
	charged  float64   // in this window
	hold     time.Time // nobody goes before
	probing  bool      // after a refusal, until a call is accepted: one at a time
	slowAt   time.Time // when the slow lane lets the next one through
}

func (w *window) begin(since, reset time.Time) {
	w.left, w.charged, w.since, w.reset = w.limit, 0, since, reset
	w.epoch++
}

// roll begins a new window when the old one is over.
func (w *window) roll(now time.Time) {
	if !w.reset.IsZero() && !now.Before(w.reset) {
		w.begin(w.reset, time.Time{})
	}
}

func (w *window) delay(now time.Time, cost float64) (time.Duration, error) {
	if cost > w.limit {
		return 0, tooDear(cost, w.limit)
	}
	w.roll(now)
	if d := w.hold.Sub(now); d > 0 {
		return d, nil
	}
	if w.probing && w.inFlight > 0 {
		return never, nil
	}
	if w.left-w.reserved >= min(cost+w.cfg.Margin, w.limit) {
		return 0, nil
	}
	if w.reset.IsZero() { // full, but calls of the last window are still out
		return never, nil
	}
	d := w.reset.Sub(now)
	if w.cfg.SlowRate > 0 && w.inFlight == 0 {
		d = min(d, max(w.slowAt.Sub(now), 0))
	}
	return d, nil
}

func (w *window) soonest(now time.Time, cost float64) time.Duration {
	w.roll(now)
	d := max(w.hold.Sub(now), 0)
	if w.left < cost && w.cfg.SlowRate == 0 && !w.reset.IsZero() {
		d = max(d, w.reset.Sub(now))
	}
	return d
}

func (w *window) take(now time.Time, p *permit) {
	if w.reset.IsZero() {
		w.since, w.reset = now, now.Add(w.cfg.Period)
	}
	if w.left-w.reserved < p.cost {
		p.slow = true
		w.slowAt = now.Add(untilRestored(p.cost, w.cfg.SlowRate))
	}
	w.reserved += p.cost
	w.inFlight++
	p.charged, p.epoch = w.charged, w.epoch
}

func (w *window) settle(now time.Time, p *permit, s Settlement) {
	w.roll(now)
	w.reserved -= p.cost
	if w.inFlight--; w.inFlight == 0 {
		w.reserved = 0
	}
	if !s.Refused {
		w.probing = false
	}
	o := s.Observed
	if o != nil && positive(o.Capacity) {
		w.limit = o.Capacity
		w.left = min(w.left, w.limit)
	}
	if w.counts(now, p, o) {
		before := w.charged // by calls settled since this one was sent
		if p.epoch == w.epoch {
			before -= p.charged
		}
		if !s.Refused && !p.slow {
			w.left -= s.Charged
			w.charged += s.Charged
		}
		// Of the calls in flight all may be in o.Available already, of those
		// settled since this one was sent perhaps none.
		if o != nil && finite(o.Available) {
			w.left = min(max(w.left, o.Available-before), o.Available+w.reserved, w.limit)
		}
	}
	if w.cfg.SlowRate > 0 && !p.slow && s.reached() && w.left-w.reserved < 1 {
		w.slowAt = later(w.slowAt, now.Add(untilRestored(1, w.cfg.SlowRate))) // the slow lane opens after the last one
	}
	if s.Refused {
		w.refuse(now, s)
	}
}

// counts reports whether the platform counted the call in the current window,
// and moves the window to where the platform has it.
func (w *window) counts(now time.Time, p *permit, o *Observed) bool {
	if o == nil || o.ResetIn <= 0 {
		return p.epoch == w.epoch
	}
	reset := now.Add(o.ResetIn + w.cfg.Slack)
	switch {
	case p.epoch != w.epoch && reset.Sub(w.since) < w.cfg.Period/2:
		return false // the window that has just ended
	case !w.reset.IsZero() && reset.Sub(w.reset) > w.cfg.Period/2:
		w.begin(now, reset) // the platform's next window, begun before ours was over
	default:
		w.reset = reset
	}
	return true
}

// refuse stops the window until the platform's wait or its reset is over.
func (w *window) refuse(now time.Time, s Settlement) {
	w.probing = true
	w.left = min(w.left, w.reserved)
	w.hold = later(w.hold, now.Add(s.Wait))
	switch {
	case s.Observed != nil && s.Observed.ResetIn > 0: // known
	case s.Wait > 0 && w.cfg.SlowRate == 0:
		w.reset = now.Add(s.Wait) // the platform expects calls again then
	case w.reset.IsZero():
		w.reset = now.Add(w.cfg.Period)
	}
	w.slowAt = later(w.slowAt, w.hold)
	if w.cfg.SlowRate > 0 {
		w.slowAt = later(w.slowAt, now.Add(untilRestored(1, w.cfg.SlowRate)))
	}
}
