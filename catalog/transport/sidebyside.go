package transport

import (
	"context"
	"iter"
	"sync"
)

// SideBySide yields what several lists yield, one list after the other, while
// atOnce of them are read at the same time: for an export by windows of ids.
// Up to ahead pairs of each wait for the consumer. Errors are yielded as they
// come, and a list goes on behind one if it does so by itself. parts is asked
// for a list when there is room for one; what it yields gets a context that is
// cancelled when the consumer breaks out, which then waits until all have
// returned. When ctx ends before everything was yielded, ctx's error is the
// last pair.
func SideBySide[T any](ctx context.Context, atOnce, ahead int, parts iter.Seq[func(context.Context) iter.Seq2[T, error]]) iter.Seq2[T, error] {
	type pair struct {
		value T
		err   error
	}
	return func(yield func(T, error) bool) {
		outer := ctx
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		next, stop := iter.Pull(parts)
		defer func() {
			cancel()
			running.Wait()
			stop()
		}()
		var queue []chan pair
		start := func() {
			part, ok := next()
			if !ok {
				return
			}
			pairs := make(chan pair, max(0, ahead))
			queue = append(queue, pairs)
			running.Go(func() {
				defer close(pairs)
				for value, err := range part(ctx) {
					select {
					case pairs <- pair{value, err}:
					case <-ctx.Done():
						return
					}
				}
			})
		}
		for range max(1, atOnce) {
			start()
		}
		for len(queue) > 0 {
			for p := range queue[0] {
				if !yield(p.value, p.err) {
					return
				}
			}
			// A list that was cut off closes as one does that is at its end.
			if err := Ended(outer); err != nil {
				yield(*new(T), err)
				return
			}
			queue = queue[1:]
			start()
		}
	}
}
