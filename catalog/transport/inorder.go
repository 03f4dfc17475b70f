package transport

import (
	"context"
	"errors"
	"iter"
	"sync"
)

// InOrder does work on each item, up to atOnce at the same time, and yields
// the results in the items' order: for records whose parts need calls of
// their own. An item's error is yielded beside its result and does not stop
// the others. While the consumer holds one result, the work on the items
// behind it goes on, at most atOnce of them. Breaking out cancels the context
// of the work under way and waits until it has returned.
func InOrder[A, B any](ctx context.Context, items []A, atOnce int, work func(context.Context, A) (B, error)) iter.Seq2[B, error] {
	type result struct {
		value B
		err   error
	}
	return func(yield func(B, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer func() {
			cancel()
			running.Wait()
		}()
		atOnce := max(1, atOnce)
		results := make([]chan result, len(items))
		start := func(i int) {
			done := make(chan result, 1)
			results[i] = done
			running.Go(func() {
				var r result
				defer close(done) // also when work ends its goroutine
				r.value, r.err = work(ctx, items[i])
				done <- r
			})
		}
		for i := range min(atOnce, len(items)) {
			start(i)
		}
		for i := range items {
			r, returned := <-results[i]
			results[i] = nil
			if !returned {
				r.err = errors.New("the item's work ended without a result")
			}
			if next := i + atOnce; next < len(items) {
				start(next)
			}
			if !yield(r.value, r.err) {
				return
			}
		}
	}
}
