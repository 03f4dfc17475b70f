package webhook

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Dispatcher hands the events of an Inbox to the host's handlers, repeats what
// fails, and gives up on what cannot succeed. Change its fields and register
// handlers before Run. It is safe for concurrent use after that.
//
// One handler runs for an event: the one for its platform and topic, or else
// the one for its kind, or else the one for any. An event nobody handles is
// ignored, and stays on record.
type Dispatcher struct {
	// Workers is how many handlers run at a time; 0 = 16.
	Workers int
	// Timeout is how long a handler may take; 0 = 1 minute. One that goes on
	// for 5 s after its context has ended is given up: the attempt counts as
	// failed, and another may run beside it. At most Workers handlers are given
	// up at a time; then their workers wait for them.
	Timeout time.Duration
	// MaxTries is how often an event is tried, counted from its last replay,
	// before it is dead; 0 = 15, with the default Backoff about half a day.
	MaxTries int
	// Backoff is the pause after the given try, counted from 1, failed; nil =
	// Backoff(5s, 6h). A longer wait that the platform asked for
	// (catalog.Error.RetryAfter) wins, up to a day.
	Backoff func(try int) time.Duration
	// Lease is how long an event is kept from others without a sign of life;
	// 0 = 1 minute. It is renewed while the handler runs; after a crash it is
	// what the next attempt waits for.
	Lease time.Duration
	// Poll is how long to wait before looking for due events again, where the
	// inbox does not say; 0 = 1 s.
	Poll time.Duration
	// Grace is how long handlers may go on after Run's context has ended,
	// before theirs does; 0 = 20 s.
	Grace time.Duration
	// Keep is how long final records and keys are kept, see Inbox.Purge, which
	// Run calls every hour; 0 = 30 days, negative = Run does not purge. The keys
	// are the only defence against a delivery that somebody replays: most
	// platforms sign no time.
	Keep time.Duration
	// OnAttempt is told of every attempt when its handler has ended; the outcome
	// is put on record after that, unless the lease was lost. nil = none. It
	// must be quick and safe for concurrent use.
	OnAttempt func(ctx context.Context, report AttemptReport)
	// Logger gets failures; nil = slog.Default().
	Logger *slog.Logger

	stores *catalog.Stores
	inbox  Inbox

	mu        sync.Mutex
	topics    map[[2]string]Handler
	kinds     map[catalog.EventKind]Handler
	any       Handler
	running   bool
	abandoned chan struct{}   // a slot for each handler that was given up
	stopping  <-chan struct{} // closed when no handler is waited for any more
}

// AttemptReport is what became of an attempt.
type AttemptReport struct {
	Claimed Claimed
	Took    time.Duration
	// State is what the event was settled to, StateRetry until RetryAt.
	State   State
	RetryAt time.Time
	// Err is why it was not done.
	Err error
}

// NewDispatcher makes a dispatcher for an inbox that is a Claimer or a Runner.
// stores finds the accounts of events that had none when they came; nil leaves
// them without.
func NewDispatcher(stores *catalog.Stores, inbox Inbox) *Dispatcher {
	return &Dispatcher{stores: stores, inbox: inbox, topics: make(map[[2]string]Handler), kinds: make(map[catalog.EventKind]Handler)}
}

// On sets the handler for a kind of event. It panics when there is one
// already, h is nil or Run has begun, as do OnTopic and OnAny.
func (d *Dispatcher) On(kind catalog.EventKind, h Handler) {
	d.register("On "+string(kind), h, func() bool { defer func() { d.kinds[kind] = h }(); return d.kinds[kind] == nil })
}

// OnTopic sets the handler for a platform's own topic, such as "shopify" and
// "orders/edited". It takes the topic's events from the handler of their kind.
func (d *Dispatcher) OnTopic(platform, topic string, h Handler) {
	key := [2]string{platform, topic}
	d.register("OnTopic "+platform+" "+topic, h, func() bool { defer func() { d.topics[key] = h }(); return d.topics[key] == nil })
}

// OnAny sets the handler for all events that have no other.
func (d *Dispatcher) OnAny(h Handler) {
	d.register("OnAny", h, func() bool { defer func() { d.any = h }(); return d.any == nil })
}

func (d *Dispatcher) register(what string, h Handler, set func() bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case h == nil:
		panic("webhook: " + what + ": the handler is nil")
	case d.running:
		panic("webhook: " + what + ": register handlers before Run")
	case !set():
		panic("webhook: " + what + ": there is a handler already; one runs for each event")
	}
}

func (d *Dispatcher) handler(e *catalog.Event) Handler {
	d.mu.Lock()
	defer d.mu.Unlock()
	if h := d.topics[[2]string{e.Platform, e.Topic}]; h != nil {
		return h
	}
	if h := d.kinds[e.Kind]; h != nil {
		return h
	}
	return d.any
}

// Run handles events until ctx ends. Then it takes no new ones, lets those
// under way end within Grace, gives back what was claimed and not begun, and
// returns nil. It returns an error when it cannot begin, or the Runner fails.
// While the inbox fails it tries again. A handler that ignores the end of its
// context is left behind. Run runs once.
func (d *Dispatcher) Run(ctx context.Context) error {
	claimer, pulls := d.inbox.(Claimer)
	runner, pushes := d.inbox.(Runner)
	if !pulls && !pushes {
		return &catalog.ConfigError{Platform: "webhook", Field: "Dispatcher inbox", Reason: "is neither a Claimer nor a Runner"}
	}
	d.mu.Lock()
	if d.running {
		d.mu.Unlock()
		return &catalog.Error{Op: "run dispatcher", Kind: catalog.ErrConflict, Message: "it runs, or has run"}
	}
	d.running = true
	d.abandoned = make(chan struct{}, d.workers())
	d.mu.Unlock()

	var background sync.WaitGroup
	defer background.Wait()
	ctx, end := context.WithCancel(ctx)
	defer end()
	background.Go(func() { d.purge(ctx) })

	// Handlers outlive ctx by the grace.
	live, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	unwatch := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(orDefault(d.Grace, 20*time.Second)):
			stop(errShutdown)
		case <-live.Done():
		}
	})
	defer unwatch()
	d.stopping = live.Done()
	if pushes {
		return runner.Work(ctx, d.workers(), func(own context.Context, c Claimed) Settlement {
			own, cancel := context.WithCancelCause(own)
			defer cancel(nil)
			defer context.AfterFunc(live, func() { cancel(errShutdown) })()
			settlement, _ := d.attempt(own, c)
			return settlement
		})
	}
	newPuller(d, claimer).run(ctx, live)
	return nil
}

// purge deletes what is old, every hour.
func (d *Dispatcher) purge(ctx context.Context) {
	if d.Keep < 0 {
		return
	}
	for {
		err := contain(func() error { _, err := d.inbox.Purge(ctx, orDefault(d.Keep, 30*24*time.Hour)); return err })
		if err != nil && ctx.Err() == nil {
			d.logger().WarnContext(ctx, "webhook: purging failed", "error", err)
		}
		if !sleep(ctx, time.Hour) {
			return
		}
	}
}

// sleep waits, and reports whether ctx did not end.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (d *Dispatcher) workers() int           { return orDefault(d.Workers, 16) }
func (d *Dispatcher) timeout() time.Duration { return orDefault(d.Timeout, time.Minute) }
func (d *Dispatcher) lease() time.Duration   { return orDefault(d.Lease, time.Minute) }

func (d *Dispatcher) logger() *slog.Logger {
	if d.Logger != nil {
		return d.Logger
	}
	return slog.Default()
}

var errShutdown = fmt.Errorf("webhook: shutting down: %w", context.Canceled)
