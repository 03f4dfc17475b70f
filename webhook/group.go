package webhook

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
)

// group collects the items of many callers into batches, so that one commit
// serves all that wait. There is no timer: an item that comes while nothing is
// being committed goes at once, those that come meanwhile are the next batch.
type group[T, R any] struct {
	commit func(context.Context, []T) ([]R, error)
	fail   func(error) R // the result of an item that was not committed
	size   func(*T) int64
	limits groupLimits

	mu      sync.Mutex
	queue   []*groupCall[T, R]
	items   int   // in the queue and being committed
	bytes   int64 // of them
	writers int   // that run
	closed  bool
	idle    chan struct{} // closed when the last writer stops after close
}

type groupLimits struct {
	batch      int           // items of a commit
	batchBytes int64         // of a commit
	queue      int           // items that may wait or be committed
	queueBytes int64         // of them
	writers    int           // commits at a time
	timeout    time.Duration // of a commit, with its repetitions
}

type groupCall[T, R any] struct {
	items   []T
	bytes   int64
	results []R
	done    chan struct{}
}

// do commits items, which stay together, and returns their results in order.
// The error says that they were not admitted, or that ctx ended; then they may
// still be committed.
func (g *group[T, R]) do(ctx context.Context, items []T) ([]R, error) {
	if len(items) == 0 {
		return nil, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	call := &groupCall[T, R]{items: items, done: make(chan struct{})}
	for i := range items {
		call.bytes += g.size(&items[i])
	}
	if err := g.admit(call); err != nil {
		return nil, err
	}
	select {
	case <-call.done:
		return call.results, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (g *group[T, R]) admit(call *groupCall[T, R]) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return &catalog.Error{Op: "keep events", Kind: catalog.ErrUnavailable, Message: "shutting down"}
	}
	// A call that is larger than the queue goes when the queue is empty.
	if g.items > 0 && (g.items+len(call.items) > g.limits.queue || g.bytes+call.bytes > g.limits.queueBytes) {
		return &catalog.Error{Op: "keep events", Kind: catalog.ErrUnavailable, Message: fmt.Sprintf("%d events wait to be stored", g.items)}
	}
	g.items += len(call.items)
	g.bytes += call.bytes
	g.queue = append(g.queue, call)
	if g.writers < g.limits.writers {
		g.writers++
		go g.write()
	}
	return nil
}

// write commits batches until nothing waits.
func (g *group[T, R]) write() {
	for {
		calls := g.next()
		if calls == nil {
			return
		}
		var items []T
		for _, c := range calls {
			items = append(items, c.items...)
		}
		ctx, cancel := context.WithTimeout(context.Background(), g.limits.timeout)
		results := g.commitAll(ctx, items)
		cancel()
		g.mu.Lock()
		for _, c := range calls {
			g.items -= len(c.items)
			g.bytes -= c.bytes
		}
		g.mu.Unlock()
		for _, c := range calls {
			c.results, results = results[:len(c.items):len(c.items)], results[len(c.items):]
			close(c.done)
		}
	}
}

// next takes a batch off the queue; nil stops the writer.
func (g *group[T, R]) next() []*groupCall[T, R] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == 0 {
		g.writers--
		g.queue = nil
		g.settleClose()
		return nil
	}
	n, items, bytes := 0, 0, int64(0)
	for _, c := range g.queue {
		if n > 0 && (items+len(c.items) > g.limits.batch || bytes+c.bytes > g.limits.batchBytes) {
			break
		}
		n, items, bytes = n+1, items+len(c.items), bytes+c.bytes
	}
	calls := g.queue[:n:n]
	g.queue = g.queue[n:]
	return calls
}

// commitAll commits the items, in halves where the whole fails, so that one
// bad item costs nobody else's. A store that does not work is not asked again
// for every item.
func (g *group[T, R]) commitAll(ctx context.Context, items []T) []R {
	results, err := g.try(ctx, items)
	if err == nil {
		return results
	}
	hopeless := errors.Is(err, catalog.ErrUnavailable) || ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	if len(items) == 1 || hopeless {
		results = make([]R, len(items))
		for i := range results {
			results[i] = g.fail(err)
		}
		return results
	}
	half := len(items) / 2
	return append(g.commitAll(ctx, items[:half]), g.commitAll(ctx, items[half:])...)
}

func (g *group[T, R]) try(ctx context.Context, items []T) (results []R, err error) {
	defer func() {
		if p := recover(); p != nil {
			results, err = nil, fmt.Errorf("webhook: the store panicked: %v", p)
		}
	}()
	results, err = g.commit(ctx, items)
	if err == nil && len(results) != len(items) {
		return nil, fmt.Errorf("webhook: the store gave %d results for %d items", len(results), len(items))
	}
	return results, err
}

func (g *group[T, R]) settleClose() {
	if g.closed && g.writers == 0 && g.idle != nil {
		close(g.idle)
		g.idle = nil
	}
}

// close admits nothing more and waits until what was admitted is committed, or
// ctx ends.
func (g *group[T, R]) close(ctx context.Context) error {
	g.mu.Lock()
	g.closed = true
	if g.writers == 0 {
		g.mu.Unlock()
		return nil
	}
	if g.idle == nil {
		g.idle = make(chan struct{})
	}
	idle := g.idle
	g.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
