package transport

import (
	"context"
	"errors"
	"iter"
)

// Pages yields the pages of a list and reads one page ahead: while the
// consumer works on a page, the next is fetched. fetch gets the state that
// leads to a page, first for the first, and returns the page, the next
// state, and whether there is a next page. It is never called twice at once.
//
// An error is yielded once, with a zero page, after every page before it; it
// is fetch's error, or ctx's. Breaking out cancels the fetch that is under
// way and waits until it has returned. The sequence may be ranged over again
// and begins anew each time.
func Pages[P, S any](ctx context.Context, first S, fetch func(context.Context, S) (page P, next S, more bool, err error)) iter.Seq2[P, error] {
	type result struct {
		page P
		next S
		more bool
		err  error
	}
	return func(yield func(P, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var ahead chan result // of the fetch under way; nil when there is none
		defer func() {
			cancel()
			if ahead != nil {
				<-ahead
			}
		}()
		start := func(s S) {
			done := make(chan result, 1)
			ahead = done
			go func() {
				var r result
				defer close(done) // also when fetch ends its goroutine
				r.page, r.next, r.more, r.err = fetch(ctx, s)
				done <- r
			}()
		}
		for start(first); ahead != nil; {
			r, returned := <-ahead
			ahead = nil
			switch {
			case !returned:
				r.err = errors.New("the page's fetch ended without a result")
			case ctx.Err() != nil && r.err == nil:
				r.err = Ended(ctx)
			}
			if r.err != nil {
				var none P
				yield(none, r.err)
				return
			}
			if r.more {
				start(r.next)
			}
			if !yield(r.page, nil) {
				return
			}
		}
	}
}
