package magento

import (
	"context"
	"iter"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// windowSize is how many products a window of ids is meant to hold.
const windowSize = 100

// ExportProducts yields what Products would, and in the same order: Magento has
// no bulk export, so the catalogue is read in windows of ids, several at a time,
// as Config.Pace allows, instead of a page behind the other. Filters, After,
// Limit and OnBadItem are honoured; Sort only stable. What was created after the
// beginning is not in it. Any window that cannot be read ends the list with an
// error after what was read before it. Memory is that of a few pages, however
// large the catalogue.
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
		windows, err := e.windows(ctx, &l, after.id)
		if err != nil {
			yield(catalog.Product{}, err)
			return
		}
		l.deliver(e.through(ctx, &l, windows), yield)
	}
}

// through yields the pages of the windows, several of which are read at a time.
// Of one that holds more than a page the rest is read when its turn comes.
func (e *Engine) through(ctx context.Context, l *listing[productNode, catalog.Product], windows []window) iter.Seq2[[]*candidate[productNode], error] {
	read := func(ctx context.Context, w window) (p opened, err error) {
		p.within = *l
		p.within.groups = append(l.groups[:len(l.groups):len(l.groups)], group{{"entity_id", "lteq", strconv.FormatInt(w.last, 10)}})
		if p.page, p.next, p.more, err = p.within.fetch(ctx, e, step{after: place{id: w.first}}, windowSize); err == nil {
			p.page, err = p.within.whole(ctx, p.page)
		}
		return p, err
	}
	return func(yield func([]*candidate[productNode], error) bool) {
		for p, err := range transport.InOrder(ctx, windows, defaultMost, read) {
			if !yield(p.page, err) || err != nil {
				return
			}
			if !p.more {
				continue
			}
			fetch := func(ctx context.Context, s step) ([]*candidate[productNode], step, bool, error) {
				return p.within.fetch(ctx, e, s, windowSize)
			}
			for page, err := range pages(ctx, &p.within, p.next, fetch) {
				if !yield(page, err) || err != nil {
					return
				}
			}
		}
	}
}

// opened is the first page of a window, and where the window goes on.
type opened struct {
	within listing[productNode, catalog.Product]
	page   []*candidate[productNode]
	next   step
	more   bool
}

// window is a range of ids, behind the first and up to the last.
type window struct{ first, last int64 }

// windows cuts the ids there are into ranges that hold about as many products
// each.
func (e *Engine) windows(ctx context.Context, l *listing[productNode, catalog.Product], first int64) ([]window, error) {
	groups := append(l.groups[:len(l.groups):len(l.groups)], place{id: first}.behind(catalog.SortStable)...)
	rows, total, _, err := e.page(ctx, call{op: l.op, path: l.path}, criteria{groups: groups, sort: []string{"entity_id"}, last: true, size: 1}, fields("items[id],total_count"))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var n productNode
	if _, err := decode(rows[0], &n); err != nil {
		return nil, &catalog.Error{Platform: Platform, Op: l.op, Kind: catalog.ErrBadAnswer, Message: "the last product cannot be read", Err: err}
	}
	last, err := strconv.ParseInt(n.ID, 10, 64)
	if err != nil || last <= first || total < 1 {
		return nil, &catalog.Error{Platform: Platform, Op: l.op, Kind: catalog.ErrBadAnswer, Message: "the last product has no id behind the others'"}
	}
	width := windowSize * max((last-first)/total, 1)
	var all []window
	for first < last {
		next := min(first+width, last)
		all = append(all, window{first, next})
		first = next
	}
	return all, nil
}
