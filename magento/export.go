package magento

import (
	"context"
	"iter"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

const (
	// windowSize is how many products a window of ids is meant to hold.
	windowSize = 100
	// stretchSize is after how many products the ids are looked at, so that the
	// windows fit: ids have gaps of any size.
	stretchSize = 1000
)

// ExportProducts yields what Products would, and in the same order: Magento has
// no bulk export, so the catalogue is read in windows of ids, several at a time,
// as Config.Pace allows, instead of a page behind the other. Filters, After,
// Limit and OnBadItem are honoured; Sort only stable. What was created after the
// beginning is not in it. Any window that cannot be read ends the list with an
// error after what was read before it. Memory is that of a few pages, however
// large the catalogue.
// https://developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches
func (e *Engine) ExportProducts(ctx context.Context, query catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	const op = "export products"
	refuse := transport.Failed[catalog.Product]
	if query.Sort != catalog.SortStable {
		return refuse(catalog.Unsupported(Platform, op+" sorted by "+string(query.Sort), "use the stable order, or Products"))
	}
	l, err := e.products(op, query)
	if err != nil {
		return refuse(err)
	}
	position, err := l.options.After.Position(Platform, l.resource, l.filter)
	if err != nil {
		return refuse(err)
	}
	after, err := parsePlace(op, l.options.Sort, position)
	if err != nil {
		return refuse(err)
	}
	return func(yield func(catalog.Product, error) bool) {
		last, _, err := e.productAt(ctx, &l, criteria{groups: l.groups, last: true}.where(after.behind(l.options.Sort)...))
		switch {
		case err != nil:
			yield(catalog.Product{}, err)
		case last > 0:
			l.deliver(e.through(ctx, &l, window{after.id, last}), yield)
		}
	}
}

// window is a range of ids, behind the first and up to the last.
type window struct{ first, last int64 }

// in limits a list to the window.
func (w window) in(l *listing[productNode, catalog.Product]) listing[productNode, catalog.Product] {
	within := *l
	within.groups = append(l.groups[:len(l.groups):len(l.groups)], group{{"entity_id", "lteq", strconv.FormatInt(w.last, 10)}})
	return within
}

// cut cuts a window with so many products into such as hold windowSize of them
// each, if the ids are spread evenly.
func (w window) cut(products int64) []window {
	products = min(products, stretchSize) // more are in no stretch, whatever an answer says
	width := max((w.last-w.first)/max(products/windowSize, 1), 1)
	var all []window
	for w.first+width < w.last {
		all = append(all, window{w.first, w.first + width})
		w.first += width
	}
	return append(all, w)
}

// through yields the pages of a window: stretch by stretch, the windows of each
// several at a time. Of one that holds more than a page the rest is read when
// its turn comes.
func (e *Engine) through(ctx context.Context, l *listing[productNode, catalog.Product], all window) iter.Seq2[[]*candidate[productNode], error] {
	type opened struct {
		within listing[productNode, catalog.Product]
		page   []*candidate[productNode]
		next   step
		more   bool
	}
	open := func(ctx context.Context, w window) (o opened, err error) {
		var rows undecoded[productNode]
		o.within = w.in(l)
		if rows, o.next, o.more, err = o.within.fetch(ctx, e, step{after: place{id: w.first}}, windowSize); err == nil {
			o.page, err = o.within.whole(ctx, rows)
		}
		return o, err
	}
	stretch := func(ctx context.Context, from int64) ([]window, int64, bool, error) {
		w, products, err := e.stretch(ctx, l, window{from, all.last})
		return w.cut(products), w.last, err == nil && w.last < all.last, err
	}
	return func(yield func([]*candidate[productNode], error) bool) {
		for windows, err := range transport.Pages(ctx, all.first, stretch) {
			if err != nil {
				yield(nil, err)
				return
			}
			for o, err := range transport.InOrder(ctx, windows, defaultMost, open) {
				if !yield(o.page, err) || err != nil {
					return
				}
				if !o.more {
					continue
				}
				fetch := func(ctx context.Context, s step) (undecoded[productNode], step, bool, error) {
					return o.within.fetch(ctx, e, s, windowSize)
				}
				for page, err := range transport.CompletedUpTo(ctx, o.within.options.Limit, o.next, fetch, o.within.whole) {
					if !yield(page, err) || err != nil {
						return
					}
				}
			}
		}
	}
}

// stretch is the beginning of a window that holds stretchSize products, and how
// many it does hold.
func (e *Engine) stretch(ctx context.Context, l *listing[productNode, catalog.Product], w window) (window, int64, error) {
	within := w.in(l)
	id, total, err := e.productAt(ctx, &within, criteria{groups: within.groups, page: stretchSize}.where(place{id: w.first}.behind(catalog.SortStable)...))
	if err == nil && id > w.first && id < w.last {
		return window{w.first, id}, stretchSize, nil
	}
	return w, total, err
}

// productAt reads the id of one product of a list, 0 where there is none, and
// how many there are.
func (e *Engine) productAt(ctx context.Context, l *listing[productNode, catalog.Product], q criteria) (id, total int64, err error) {
	q.sort, q.size = []string{"entity_id"}, 1
	rows, total, _, err := e.page(ctx, call{op: l.op, path: l.path}, q, fields("items[id],total_count"))
	if err != nil || len(rows) == 0 {
		return 0, total, err
	}
	var n productNode
	if _, err = decode(rows[0], &n); err == nil {
		id, err = strconv.ParseInt(n.ID, 10, 64)
	}
	if err != nil || id <= 0 {
		return 0, 0, &catalog.Error{Platform: Platform, Op: l.op, Kind: catalog.ErrBadAnswer, Message: "a product without an id that could be gone by", Err: err}
	}
	return id, total, nil
}
