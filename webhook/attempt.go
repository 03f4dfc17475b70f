package webhook

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// maxErrorText bounds the error text on record.
const maxErrorText = 2000

// abandonAfter is how long a handler may go on after its context has ended.
const abandonAfter = 5 * time.Second

// maxAsked bounds the wait that a platform may ask for.
const maxAsked = 24 * time.Hour

// Backoff returns a Dispatcher.Backoff that doubles from first up to most, and
// spreads each pause over its upper half.
func Backoff(first, most time.Duration) func(try int) time.Duration {
	return func(try int) time.Duration {
		pause := first
		for range try - 1 {
			if pause >= most {
				break
			}
			pause *= 2
		}
		pause = min(pause, most)
		return pause/2 + rand.N(pause/2+1)
	}
}

// attempt runs the handler of a claimed event and says what became of it, and
// whether that is on record already. own ends when the claim is lost, or
// handlers must stop.
func (d *Dispatcher) attempt(own context.Context, c Claimed) (Settlement, bool) {
	started := time.Now()
	r := &run{delivered: Delivered{ID: c.ID, Attempt: c.Attempt}, lease: c.Lease}
	r.inbox, _ = d.inbox.(Transactor)
	d.assign(own, &c.Event)
	err := d.tryHandle(own, c, r)
	s := Settlement{Lease: c.Lease, State: StateDone}
	settled := r.wasSettled()
	switch {
	case settled || err == nil:
		s.States = r.seen()
	case errors.Is(err, ErrIgnored):
		s.State = StateIgnored
	case IsPermanent(err):
		s.State, s.Error = StateDead, errorText(err)
	case errors.Is(context.Cause(own), errShutdown):
		s.State, s.Error = StatePending, errorText(err) // not its fault
	case c.Tries >= d.maxTries():
		s.State, s.Error = StateDead, errorText(err)
	default:
		s.State, s.Error, s.RetryAt = StateRetry, errorText(err), time.Now().Add(d.pause(c.Tries, err))
	}
	d.told(own, c, s, err, time.Since(started))
	return s, settled
}

func (d *Dispatcher) maxTries() int { return orDefault(d.MaxTries, 15) }

// tryHandle calls the handler within its time.
func (d *Dispatcher) tryHandle(own context.Context, c Claimed, r *run) error {
	if c.Tries > d.maxTries() {
		return Permanent(fmt.Errorf("webhook: the process ended during each of the last attempts, %d in all", c.Tries-1))
	}
	handler := d.handler(&c.Event)
	if handler == nil {
		return ErrIgnored
	}
	ctx, cancel := context.WithTimeout(own, d.timeout())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		done <- contain(func() error { return handler(r.context(ctx), c.Event) })
	}()
	select {
	case err := <-done:
		return d.noted(ctx, c, err)
	case <-ctx.Done():
	}
	timer := time.NewTimer(abandonAfter)
	defer timer.Stop()
	select {
	case err := <-done:
		return d.noted(ctx, c, err)
	case <-timer.C:
	}
	select {
	case err := <-done:
		return d.noted(ctx, c, err)
	case d.abandoned <- struct{}{}:
		go func() {
			<-done
			<-d.abandoned
		}()
	case <-d.stopping:
	}
	d.logger().ErrorContext(own, "webhook: a handler did not end with its context and was given up", d.about(c, context.Cause(ctx))...)
	return fmt.Errorf("webhook: the handler went on after its context had ended: %w", context.Cause(ctx))
}

// noted logs the stack of a panic, which is not put on record.
func (d *Dispatcher) noted(ctx context.Context, c Claimed, err error) error {
	if p, ok := errors.AsType[*panicError](err); ok {
		d.logger().ErrorContext(ctx, "webhook: a handler panicked", append(d.about(c, err), "stack", string(p.stack))...)
	}
	return err
}

// assign finds the account of an event that had none when it came.
func (d *Dispatcher) assign(ctx context.Context, e *catalog.Event) {
	if e.Account != "" || e.Store == "" || d.stores == nil || d.stores.Accounts == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_ = contain(func() error { // without an account the handler decides
		account, err := d.stores.Accounts.ByStore(ctx, e.Platform, e.Store)
		if err == nil {
			e.Account = account.ID
		}
		return err
	})
}

func (d *Dispatcher) pause(try int, err error) time.Duration {
	backoff := d.Backoff
	if backoff == nil {
		backoff = Backoff(5*time.Second, 6*time.Hour)
	}
	pause := backoff(max(try, 1))
	if e, ok := errors.AsType[*catalog.Error](err); ok {
		pause = max(pause, min(e.RetryAfter, maxAsked))
	}
	return pause
}

// errorText is what is put on record of an error: short, and valid text that
// every database takes.
func errorText(err error) string {
	text := strings.ReplaceAll(strings.ToValidUTF8(err.Error(), "\ufffd"), "\x00", "\ufffd")
	if len(text) > maxErrorText {
		text = strings.ToValidUTF8(text[:maxErrorText], "") + "..."
	}
	return text
}

func (d *Dispatcher) about(c Claimed, err error) []any {
	return []any{"id", c.ID, "platform", c.Event.Platform, "account", c.Event.Account, "topic", c.Event.Topic, "attempt", c.Attempt, "error", err}
}

// told reports how an attempt went, before its outcome is on record.
func (d *Dispatcher) told(ctx context.Context, c Claimed, s Settlement, err error, took time.Duration) {
	switch {
	case s.State == StateDone && err != nil:
		d.logger().WarnContext(ctx, "webhook: a handler failed after its transaction was committed", d.about(c, err)...)
	case s.State == StateRetry:
		d.logger().WarnContext(ctx, "webhook event failed, to be tried again", d.about(c, err)...)
	case s.State == StateDead:
		d.logger().ErrorContext(ctx, "webhook event is dead", d.about(c, err)...)
	}
	if d.OnAttempt == nil {
		return
	}
	if failed := contain(func() error {
		d.OnAttempt(context.WithoutCancel(ctx), AttemptReport{Claimed: c, Took: took, State: s.State, RetryAt: s.RetryAt, Err: err})
		return nil
	}); failed != nil {
		d.logger().ErrorContext(ctx, "webhook: OnAttempt failed", "error", failed)
	}
}
