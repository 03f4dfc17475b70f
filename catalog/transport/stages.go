package transport

import (
	"context"
	"errors"
	"iter"
	"sync"
)

// OnDemand yields the pages of a list as Pages does, but fetches a page only
// when the consumer asks for it: for reads of a few records, where a page
// ahead would mostly be for nothing.
func OnDemand[P, S any](ctx context.Context, first S, fetch func(context.Context, S) (page P, next S, more bool, err error)) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		for state, more := first, true; more; {
			page, next, again, err := fetch(ctx, state)
			if err == nil && ctx.Err() != nil {
				err = Ended(ctx)
			}
			if err != nil {
				var none P
				yield(none, err)
				return
			}
			if !yield(page, nil) {
				return
			}
			state, more = next, again
		}
	}
}

// CompletedUpTo is Completed for a list of which limit records are wanted, 0 =
// all: with a limit it fetches and completes a page only when the consumer asks
// for it, as OnDemand does.
func CompletedUpTo[P, Q, S any](ctx context.Context, limit int, first S, fetch func(context.Context, S) (page P, next S, more bool, err error),
	work func(context.Context, P) (Q, error)) iter.Seq2[Q, error] {
	if limit <= 0 {
		return Completed(ctx, first, fetch, work)
	}
	return OnDemand(ctx, first, func(ctx context.Context, s S) (done Q, next S, more bool, err error) {
		page, next, more, err := fetch(ctx, s)
		if err == nil {
			done, err = work(ctx, page)
		}
		return done, next, more, err
	})
}

// Completed yields the pages of a list as Pages does, each completed by work:
// for pages whose records need further calls. Three things go on at once: the
// consumer has a page, work completes the next, and the one behind that is
// fetched. While the consumer waits, work completes two, so that work which
// takes longer than a fetch does not hold up the list. fetch is never called
// twice at once, work for two pages at most.
//
// An error, of fetch or of work, is yielded once, with a zero result, after
// every result before it. Breaking out cancels what is under way and waits
// until it has returned. The sequence may be ranged over again and begins anew
// each time.
func Completed[P, Q, S any](ctx context.Context, first S, fetch func(context.Context, S) (page P, next S, more bool, err error),
	work func(context.Context, P) (Q, error)) iter.Seq2[Q, error] {
	type result struct {
		value Q
		err   error
	}
	return func(yield func(Q, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		pages := make(chan chan result)
		left := make(chan struct{})
		var running sync.WaitGroup
		defer func() {
			cancel()
			close(left)
			running.Wait()
		}()
		running.Go(func() {
			defer close(pages)
			for page, err := range Pages(ctx, first, fetch) {
				done := make(chan result, 1)
				if err != nil {
					done <- result{err: err}
				} else {
					running.Go(func() {
						r := result{err: errors.New("the work on a page ended without a result")}
						defer func() { done <- r }() // also when work ends its goroutine
						r.value, r.err = work(ctx, page)
					})
				}
				select {
				case pages <- done:
				case <-left:
					return
				}
			}
		})
		for done := range pages {
			r := <-done
			if r.err == nil && ctx.Err() != nil {
				r.err = Ended(ctx)
			}
			if r.err != nil {
				var none Q
				yield(none, r.err)
				return
			}
			if !yield(r.value, nil) {
				return
			}
		}
	}
}
