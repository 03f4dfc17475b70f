package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Direct handles events while their sender waits, for hosts without an Inbox:
// it claims the event, runs the handler, and confirms, or releases the claim
// when the handler fails, so that the platform's next delivery is tried again.
// There are no retries but the platform's, and nothing is kept to be replayed.
//
// A Receiver with a Deduper makes one itself. Make one to have a Sweeper and a
// Receiver share it. Deduper and Handler are required. It is safe for
// concurrent use; do not change the fields once it is in use.
type Direct struct {
	Deduper catalog.Deduper
	Handler Handler
	// Timeout is how long the handler may take; 0 = 3 s, less than every
	// platform waits. A handler that goes on after its context has ended keeps
	// its claim for 10 s more.
	Timeout time.Duration
	// MaxRunning bounds the handlers that run at a time; what comes above it is
	// refused, to be sent again. 0 = 256.
	MaxRunning int
	// Logger is told of permanent failures, which the platform must not learn
	// of; nil = slog.Default().
	Logger *slog.Logger

	once  sync.Once
	slots chan struct{}
}

// Put implements Putter: an entry that is not a duplicate is handled before it
// returns. The results' Err is the handler's, or ErrUnavailable while somebody
// else handles the same event. Entries are handled one after the other.
func (d *Direct) Put(ctx context.Context, entries []Entry) ([]PutResult, error) {
	if d.Deduper == nil || d.Handler == nil {
		return nil, &catalog.ConfigError{Platform: "webhook", Field: "Direct", Reason: "needs a Deduper and a Handler"}
	}
	d.once.Do(d.start)
	results := make([]PutResult, len(entries))
	for i := range entries {
		if err := ctx.Err(); err != nil {
			results[i].Err = err
			continue
		}
		results[i].Duplicate, results[i].Err = d.put(ctx, &entries[i], nil)
	}
	return results, nil
}

func (d *Direct) start() { d.slots = make(chan struct{}, orDefault(d.MaxRunning, 256)) }

// known marks the states that handled events told of, apart from the keys
// under which events themselves are claimed.
func known(state string) string { return "~" + state }

// put handles one entry; first, when it is not nil, runs before the handler
// and under the same claim.
func (d *Direct) put(ctx context.Context, e *Entry, first func(context.Context) error) (duplicate bool, err error) {
	for _, key := range []string{e.Twin, known(e.Event.Key)} {
		if done, err := d.done(ctx, key); done || err != nil {
			return done, err
		}
	}
	claim, err := d.Deduper.Claim(ctx, e.Event.Key, d.timeout()+10*time.Second)
	switch {
	case err != nil:
		return false, err
	case claim.State == catalog.ClaimDone:
		return true, nil
	case claim.State == catalog.ClaimBusy:
		return false, &catalog.Error{Platform: e.Event.Platform, Op: "handle event", Kind: catalog.ErrUnavailable, Message: "the same event is being handled now"}
	}
	select {
	case d.slots <- struct{}{}:
	default:
		d.release(ctx, claim)
		return false, &catalog.Error{Platform: e.Event.Platform, Op: "handle event", Kind: catalog.ErrUnavailable, Message: "too many handlers run"}
	}
	// The sender may hang up: what was begun is brought to its end.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.timeout())
	result := make(chan error, 1)
	go func() {
		defer func() { <-d.slots }()
		defer cancel()
		result <- d.handle(ctx, e, claim, first)
	}()
	select {
	case err = <-result:
		return false, err
	case <-ctx.Done():
	}
	select {
	case err = <-result: // it ended with its context, or just before
		return false, err
	case <-time.After(100 * time.Millisecond):
		return false, fmt.Errorf("webhook: the handler did not end with its context: %w", context.DeadlineExceeded)
	}
}

// done reports whether a key is confirmed.
func (d *Direct) done(ctx context.Context, key string) (bool, error) {
	if key == "" || key == known("") {
		return false, nil
	}
	claim, err := d.Deduper.Claim(ctx, key, time.Second)
	if err != nil {
		return false, err
	}
	if claim.State == catalog.ClaimGranted {
		d.release(ctx, claim)
	}
	return claim.State == catalog.ClaimDone, nil
}

func (d *Direct) handle(ctx context.Context, e *Entry, claim catalog.Claim, first func(context.Context) error) error {
	r := &run{delivered: Delivered{Attempt: 1}}
	err := contain(func() error {
		if first != nil {
			if err := first(ctx); err != nil {
				return err
			}
		}
		return d.Handler(r.context(ctx), e.Event)
	})
	after := context.WithoutCancel(ctx)
	switch {
	case IsPermanent(err):
		d.logger().ErrorContext(ctx, "webhook event failed for good", "platform", e.Event.Platform, "topic", e.Event.Topic, "key", e.Event.Key, "error", err)
	case err != nil && !errors.Is(err, ErrIgnored):
		d.release(after, claim)
		return err
	}
	if err := d.Deduper.Confirm(after, claim); err != nil {
		return err
	}
	for _, state := range append(e.States, r.seen()...) {
		// Without the mark a sweep reports the state once more, no worse.
		if c, err := d.Deduper.Claim(after, known(state), time.Minute); err == nil && c.State == catalog.ClaimGranted {
			_ = d.Deduper.Confirm(after, c)
		}
	}
	return nil
}

// release gives a claim back; where that fails its lease ends it.
func (d *Direct) release(ctx context.Context, claim catalog.Claim) {
	_ = d.Deduper.Release(context.WithoutCancel(ctx), claim)
}

func (d *Direct) timeout() time.Duration { return orDefault(d.Timeout, 3*time.Second) }

func (d *Direct) logger() *slog.Logger {
	if d.Logger != nil {
		return d.Logger
	}
	return slog.Default()
}

// contain runs f and turns a panic into an error.
func contain(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{value: p, stack: debug.Stack()}
		}
	}()
	return f()
}

// panicError is a panic of the host's code.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// orDefault returns value, or the default where it is not positive.
func orDefault[T ~int | ~int64 | ~float64](value, fallback T) T {
	if value <= 0 {
		return fallback
	}
	return value
}

var _ Putter = (*Direct)(nil)
