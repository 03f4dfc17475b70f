package woocommerce

import (
	"context"
	"iter"
	"sync"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// listAhead is how many pages of a list are under way behind the last one that
// came: the one that is waited for and the next, so that the calls which
// complete a page never keep the list itself waiting.
const listAhead = 2

// readAhead reads the pages of a walk and completes them, up to most at the
// same time, and at first so many as trust says. A list with a limit reads no
// page before it is asked for.
func readAhead[N, T any](ctx context.Context, l *listing[N, T], w walk[N], first spot, most, trust int) iter.Seq2[[]*row[N], error] {
	return func(yield func([]*row[N], error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		w := w // each run has its own pages
		a := &ahead[N]{walk: &w, most: most, trust: trust}
		defer a.running.Wait()
		defer cancel()
		if l.options.Limit == 0 {
			w.pages = a.page
		}
		completed(ctx, l, first, w.fetch)(yield)
	}
}

// ahead reads pages of a walk before they are asked for, where they are if
// nothing moves. The walk sees for itself whether what it gets overlaps what it
// has, whenever it was read; a page that is asked for elsewhere is read then.
type ahead[N any] struct {
	walk    *walk[N]
	most    int // how many pages are read at the same time
	trust   int // how many are now: one after a miss, one more with each page that was where it was read
	running sync.WaitGroup
	pages   map[int]chan fetched[N] // by the number of their first row
	context context.Context         // of those pages
	forget  context.CancelFunc      // ends those that are not asked for any more
}

type fetched[N any] struct {
	page page[N]
	err  error
}

// page returns the page from a row on; never called twice at once.
func (a *ahead[N]) page(ctx context.Context, from int) (page[N], error) {
	done := a.pages[from]
	if done == nil {
		if a.forget != nil {
			a.forget()
			a.trust = 1
		}
		a.pages, a.forget = nil, nil
		p, err := a.walk.page(ctx, "id", from)
		if err == nil {
			a.start(ctx, from, p)
		}
		return p, err
	}
	delete(a.pages, from)
	a.trust = min(a.trust+1, a.most)
	select {
	case r := <-done:
		if r.err == nil {
			a.start(ctx, from, r.page)
		}
		return r.page, r.err
	case <-ctx.Done():
		return page[N]{}, &catalog.Error{Platform: Platform, Op: a.walk.call.op, Kind: catalog.ErrUnavailable, Err: transport.Ended(ctx)}
	}
}

// start reads the pages that follow one, those that are not read already. None
// follow a page that is short where they would follow a full one.
func (a *ahead[N]) start(ctx context.Context, from int, last page[N]) {
	step := a.walk.size - 1 // a page begins one row before where it should
	if step < 1 || len(last.rows) < a.walk.size {
		return
	}
	if a.pages == nil {
		a.pages = map[int]chan fetched[N]{}
	}
	if a.forget == nil {
		a.context, a.forget = context.WithCancel(ctx)
	}
	under := a.context
	for n := 1; n <= a.trust; n++ {
		at := from + n*step
		if at >= last.total-1 {
			return // the last row of all is seen by the page before
		}
		if a.pages[at] != nil {
			continue
		}
		done := make(chan fetched[N], 1)
		a.pages[at] = done
		a.running.Go(func() {
			p, err := a.walk.page(under, "id", at)
			done <- fetched[N]{p, err}
		})
	}
}
