package woocommerce

import (
	"context"
	"iter"
	"sync"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// exportAhead is how many pages of an export are read before their turn.
const exportAhead = 4

// ExportProducts yields what Products would, and in the same order: WooCommerce
// has no bulk export, so that several pages, of a hundred if PageSize does not
// say otherwise, are read at the same time, as Config.Pace allows, where a list
// reads one behind the other. That takes more of a small host for a shorter
// time. Filters, After, Limit and OnBadItem are honoured; Sort only stable. A
// page that cannot be read ends the list with an error after what was read
// before it. Memory is that of a few pages, however large the catalogue.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-products
func (e *Engine) ExportProducts(ctx context.Context, query catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	const op = "export products"
	if query.Sort != catalog.SortStable {
		return transport.Failed[catalog.Product](catalog.Unsupported(Platform, op+" sorted by "+string(query.Sort), "use the stable order, or Products"))
	}
	if query.PageSize == 0 {
		query.PageSize = mostIncluded
	}
	c, l, err := e.productList(op, query)
	if err != nil {
		return transport.Failed[catalog.Product](err)
	}
	w, first, err := byID(e, c, l)
	if err != nil {
		return transport.Failed[catalog.Product](err)
	}
	return func(yield func(catalog.Product, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		w := w // each run has its own pages
		a := &ahead[productNode]{walk: &w}
		defer a.running.Wait()
		defer cancel()
		if query.Limit == 0 {
			w.pages = a.page
		}
		for p, err := range l.deliver(l.records(completed(ctx, l, first, w.fetch))) {
			if !yield(p, err) {
				return
			}
		}
	}
}

// ahead reads pages of a walk before they are asked for, where they are if
// nothing moves. The walk sees for itself whether what it gets overlaps what it
// has, whenever it was read; a page that is asked for elsewhere is read then.
type ahead[N any] struct {
	walk    *walk[N]
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
		}
		a.pages, a.forget = nil, nil
		p, err := a.walk.page(ctx, "id", from)
		if err == nil {
			a.start(ctx, from, p)
		}
		return p, err
	}
	delete(a.pages, from)
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

// start reads the pages that follow one, those that are not read already.
func (a *ahead[N]) start(ctx context.Context, from int, last page[N]) {
	step := a.walk.size - 1 // a page begins one row before where it should
	if step < 1 {
		return
	}
	if a.pages == nil {
		a.pages = map[int]chan fetched[N]{}
	}
	if a.forget == nil {
		a.context, a.forget = context.WithCancel(ctx)
	}
	under := a.context
	for n := 1; n <= exportAhead; n++ {
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
