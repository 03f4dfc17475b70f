package shopify

import (
	"context"
	"iter"
	"math/big"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// pageContext is what a page says once for all its records.
type pageContext struct{ currency string }

// extra collects what completing a record brings besides its fields.
type extra struct {
	parts    []catalog.RawPart
	problems []catalog.Problem
	omitRaw  bool
}

// itemReader turns one kind of node N into the model's T.
type itemReader[N, T any] struct {
	kind     catalog.RawKind
	id       func(*N) string
	record   func(*T) *catalog.Record
	position func(*T) (id, updated string)                              // for cursors
	complete func(ctx context.Context, e *Engine, n *N, x *extra) error // fetches what did not fit into the page
	convert  func(r *reader, n *N, page pageContext) T
	reset    func(n *N) // empties a node for the next record but keeps its room; nil = zero it
}

// listing is one list to be read.
type listing[N, T any] struct {
	op       string
	resource catalog.Resource
	root     string
	document document
	options  catalog.ListOptions
	search   search
	from     string // an id to begin with, when no cursor says so
	reader   itemReader[N, T]
	keep     func(*T) bool // the exact filter, where Shopify's is rougher
}

// list reads a list page by page, the next page while the caller works on
// this one.
//
// The stable order is by id: a record present throughout is read exactly once,
// and a cursor is the last id. By change a cursor is the last second and who
// was delivered of it. Shopify's own cursors are only used within a run; they
// must not be stored.
func list[N, T any](ctx context.Context, e *Engine, l listing[N, T]) iter.Seq2[T, error] {
	if l.search.err != nil {
		return transport.Failed[T](l.search.err)
	}
	filter := string(l.options.Sort) + "|" + l.search.text()
	position, err := l.options.After.Position(Platform, l.resource, filter)
	if err != nil {
		return transport.Failed[T](err)
	}
	begin := changePosition{}
	if l.options.Sort == catalog.SortUpdated && position != "" {
		if begin, err = parseChangePosition(l.op, position); err != nil {
			return transport.Failed[T](err)
		}
		position = begin.at
	}
	request, err := l.request(position, len(begin.ids))
	if err != nil {
		return transport.Failed[T](err)
	}
	return func(yield func(T, error) bool) {
		count := 0
		reached := begin
		var scratch N
		for node, err := range e.nodes(ctx, request) {
			var item T
			if err == nil {
				item, err = readInto(ctx, e, l.op, node, l.reader, l.options.OmitRaw, &scratch)
			}
			skip, err := transport.BadItem(err, l.options.OnBadItem)
			if skip {
				continue
			}
			if err != nil {
				yield(item, err)
				return
			}
			if l.keep != nil && !l.keep(&item) {
				continue
			}
			position, updated := l.reader.position(&item)
			if l.options.Sort == catalog.SortUpdated {
				if begin.delivered(position, updated) {
					continue
				}
				reached = reached.behind(position, updated)
				position = reached.text()
			}
			l.reader.record(&item).Cursor = catalog.NewCursor(Platform, l.resource, filter, position)
			if !yield(item, nil) {
				return
			}
			if count++; count == l.options.Limit {
				return
			}
		}
	}
}

// request turns the position behind the last record into the first page's
// query. So many records before the position come again, to be left out.
func (l listing[N, T]) request(position string, again int) (nodesRequest, error) {
	features := resources[l.resource]
	size := transport.Size(l.options, features)
	r := nodesRequest{op: l.op, root: []string{l.root}, document: l.document, size: size, variables: map[string]any{}}
	if l.options.Limit > 0 && l.keep == nil && l.options.OnBadItem == nil {
		r.limit = l.options.Limit + again
		r.size = min(size, r.limit)
	}
	query := l.search.text()
	switch l.options.Sort {
	case catalog.SortStable:
		r.variables["sortKey"] = "ID"
		from := l.from
		if position != "" {
			next, ok := new(big.Int).SetString(position, 10)
			if !ok || !digits(position) {
				return r, damaged(l.op)
			}
			from = next.Add(next, big.NewInt(1)).String()
		}
		if from != "" {
			query = l.search.with("id:>=" + from)
		}
	case catalog.SortUpdated:
		if !features.SortsUpdated {
			return r, catalog.Unsupported(Platform, l.op+" sorted by change", "use the stable order")
		}
		r.variables["sortKey"] = "UPDATED_AT"
		if position != "" {
			query = l.search.with("updated_at:>=" + quote(position))
		}
	default:
		return r, catalog.Unsupported(Platform, l.op+" sorted by "+string(l.options.Sort), "use catalog.SortStable or catalog.SortUpdated")
	}
	if query != "" {
		r.variables["query"] = query
	}
	return r, nil
}

func damaged(op string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the cursor is damaged", Hint: "start again without a cursor"}
}
