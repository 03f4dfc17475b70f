package bigcommerce

import (
	"context"
	"iter"
	"math"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

const (
	// windowPages is how many pages a window of ids has, if the ids are spread
	// evenly.
	windowPages = 4
	// windowAhead is how many products of a window wait for the consumer.
	windowAhead = 50
)

// ExportProducts yields what Products would, in the same order and with the
// same cursors, and reads three windows of ids at the same time, which is as
// much as BigCommerce asks for. It has no exports of its own: the calls count
// against the store's quota as those of Products do. All options are honoured;
// with a Limit of a few pages it is Products.
//
// A window that cannot be read to its end ends the list with its error.
func (e *Engine) ExportProducts(ctx context.Context, query catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	const op = "export products"
	l, err := e.productQuery(op, query)
	if err != nil {
		return transport.Failed[catalog.Product](err)
	}
	state, passed, err := l.begin()
	if err != nil {
		return transport.Failed[catalog.Product](err)
	}
	if query.Limit > 0 && query.Limit <= windowPages*mostRows {
		return list(ctx, l)
	}
	options := l.options
	l.options.Limit = 0 // each window is read whole
	all := l
	all.options = options
	return all.deliver(func() iter.Seq2[catalog.Product, error] {
		return func(yield func(catalog.Product, error) bool) {
			bounds, err := e.windows(ctx, op, l, numeric(state))
			if err != nil {
				yield(catalog.Product{}, err)
				return
			}
			window := func(b [2]int64) func(context.Context) iter.Seq2[catalog.Product, error] {
				return func(ctx context.Context) iter.Seq2[catalog.Product, error] { return e.window(ctx, l, b, passed) }
			}
			parts := func(yield func(func(context.Context) iter.Seq2[catalog.Product, error]) bool) {
				for b := range bounds {
					if !yield(window(b)) {
						return
					}
				}
			}
			for p, err := range transport.SideBySide(ctx, atOnce, windowAhead, parts) {
				if catalog.KindOf(err) == "" && err != nil {
					err = &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnavailable, Err: err}
				}
				if !yield(p, err) {
					return
				}
			}
		}
	})
}

// window reads the products whose ids are above the first bound and up to the
// second, 0 for no end.
func (e *Engine) window(ctx context.Context, l listing[productNode, catalog.Product], bounds [2]int64, passed func(string) bool) iter.Seq2[catalog.Product, error] {
	c := l.calls
	if bounds[1] > 0 {
		c = c.with("id:max", strconv.FormatInt(bounds[1], 10))
	}
	l.pages = byID(e, c, &productReader, greater)
	return l.items(ctx, strconv.FormatInt(bounds[0], 10), passed)
}

// windows cuts the ids above one into windows of about as many products each.
// The last has no end, for products that are created meanwhile.
func (e *Engine) windows(ctx context.Context, op string, l listing[productNode, catalog.Product], after int64) (iter.Seq[[2]int64], error) {
	edge := func(direction string) (id, total int64, err error) {
		c := l.calls.with("limit", "1", "direction", direction, "include_fields", "sku")
		c.query.Del("include")
		if after > 0 {
			c = greater(c, after)
		}
		a, rows, err := e.rows(ctx, c)
		if err != nil || len(rows) == 0 {
			return 0, 0, err
		}
		p := a.pagination()
		id = numeric(productReader.decode(rows)[0].id)
		if p == nil || id == 0 {
			return 0, 0, a.bad(op, "the answer does not tell how many products there are")
		}
		return id, p.Total, nil
	}
	first, total, err := edge("asc")
	if err != nil {
		return nil, err
	}
	last, _, err := edge("desc")
	if err != nil {
		return nil, err
	}
	// Bounded, so that no id, however large, turns the width about.
	width := min(max(1, (last-first+1)/max(1, total)), math.MaxInt64/4/windowPages/mostRows) * windowPages * mostRows
	return func(yield func([2]int64) bool) {
		from := max(after, first-1, 0)
		for ; width < last-from; from += width {
			if !yield([2]int64{from, from + width}) {
				return
			}
		}
		yield([2]int64{from, 0})
	}, nil
}
