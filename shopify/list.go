package shopify

import (
	"cmp"
	"context"
	"errors"
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

func failed[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

// list reads a list page by page, the next page while the caller works on
// this one.
//
// The stable order is by id: a record present throughout is read exactly once,
// and a cursor is the last id. Shopify's own cursors are only used within a
// run; they must not be stored.
func list[N, T any](ctx context.Context, e *Engine, l listing[N, T]) iter.Seq2[T, error] {
	if l.search.err != nil {
		return failed[T](l.search.err)
	}
	filter := string(l.options.Sort) + "|" + l.search.text()
	position, err := l.options.After.Position(Platform, l.resource, filter)
	if err != nil {
		return failed[T](err)
	}
	request, err := l.request(position)
	if err != nil {
		return failed[T](err)
	}
	return func(yield func(T, error) bool) {
		count := 0
		var scratch N
		for node, err := range e.nodes(ctx, request) {
			var item T
			if err == nil {
				item, err = readInto(ctx, e, l.op, node, l.reader, l.options.OmitRaw, &scratch)
			}
			if err = onBadItem(err, l.options.OnBadItem); err != nil {
				if err == errSkip {
					continue
				}
				yield(item, err)
				return
			}
			if l.keep != nil && !l.keep(&item) {
				continue
			}
			id, updated := l.reader.position(&item)
			if l.options.Sort == catalog.SortUpdated {
				id = updated
			}
			l.reader.record(&item).Cursor = catalog.NewCursor(Platform, l.resource, filter, id)
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
// query.
func (l listing[N, T]) request(position string) (nodesRequest, error) {
	features := resources[l.resource]
	size := min(cmp.Or(max(l.options.PageSize, 0), features.PageSize), features.MaxPageSize)
	r := nodesRequest{op: l.op, root: []string{l.root}, document: l.document, size: size, variables: map[string]any{}}
	if l.options.Limit > 0 && l.keep == nil && l.options.OnBadItem == nil {
		r.limit, r.size = l.options.Limit, min(size, l.options.Limit)
	}
	query := l.search.text()
	switch l.options.Sort {
	case catalog.SortStable:
		r.variables["sortKey"] = "ID"
		from := l.from
		if position != "" {
			next, ok := new(big.Int).SetString(position, 10)
			if !ok {
				return r, &catalog.Error{Platform: Platform, Op: l.op, Kind: catalog.ErrInvalid, Message: "the cursor is damaged"}
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

var errSkip = errors.New("skip this item")

// onBadItem asks the caller about a record that cannot be read.
func onBadItem(err error, ask func(*catalog.ItemError) error) error {
	bad, ok := errors.AsType[*catalog.ItemError](err)
	if !ok || ask == nil {
		return err
	}
	return cmp.Or(ask(bad), errSkip)
}

// readItem turns one node into the model.
func readItem[N, T any](ctx context.Context, e *Engine, op string, node rawNode, by itemReader[N, T], omitRaw bool) (T, error) {
	var n N
	return readInto(ctx, e, op, node, by, omitRaw, &n)
}

// readInto is readItem with a node that the caller uses again for the next
// record: what convert returns must not refer to the room reset keeps.
func readInto[N, T any](ctx context.Context, e *Engine, op string, node rawNode, by itemReader[N, T], omitRaw bool, n *N) (T, error) {
	var none T
	if by.reset != nil {
		by.reset(n)
	} else {
		var zero N
		*n = zero
	}
	problems, err := transport.Decode(node.raw, n)
	if err == nil && by.id(n) == "" {
		err = errors.New("it has no id")
	}
	if err != nil {
		return none, &catalog.ItemError{Platform: Platform, Op: op, ID: numericID(by.id(n)), Raw: node.raw, Err: err}
	}
	x := extra{omitRaw: omitRaw}
	if by.complete != nil {
		if err := by.complete(ctx, e, n, &x); err != nil {
			return none, err
		}
	}
	r := reader{problems: append(problems, x.problems...)}
	item := by.convert(&r, n, node.page)
	record := by.record(&item)
	record.Platform = Platform
	record.Problems = append(r.problems, node.problems()...)
	if !omitRaw {
		record.Raw, record.RawKind, record.More = node.raw, by.kind, x.parts
	}
	return item, nil
}

// readOne turns the node of a single read into the model.
func readOne[N, T any](ctx context.Context, e *Engine, op string, node rawNode, by itemReader[N, T]) (T, error) {
	return readItem(ctx, e, op, node, by, false)
}

// emptied keeps a slice's room for the next record. What lies behind its
// length is zero at all times, so that nothing shines through.
func emptied[T any](s []T) []T {
	clear(s)
	return s[:0]
}

// more fetches the nodes of a nested connection that did not fit.
func more[N any](ctx context.Context, e *Engine, d connectionDocument, id string, c *connection[N], x *extra) error {
	if !c.PageInfo.HasNextPage {
		return nil
	}
	request := nodesRequest{op: "read the rest of " + d.connection, root: []string{"node", d.connection}, document: d.document,
		size: 250, after: c.PageInfo.EndCursor, variables: map[string]any{"id": id}}
	for node, err := range e.nodes(ctx, request) {
		if catalog.KindOf(err) == catalog.ErrNotFound {
			x.problems = append(x.problems, catalog.NewProblem(d.connection, "the record vanished before all of it was read", ""))
			return nil
		}
		if err != nil {
			return err
		}
		var n N
		problems, err := transport.Decode(node.raw, &n)
		for _, p := range problems {
			p.Path = d.connection + "." + p.Path
			x.problems = append(x.problems, p)
		}
		if err != nil {
			x.problems = append(x.problems, catalog.NewProblem(d.connection, err.Error(), string(node.raw)))
			continue
		}
		c.Nodes = append(c.Nodes, n)
		if !x.omitRaw {
			x.parts = append(x.parts, catalog.RawPart{Kind: catalog.RawKind("shopify.graphql." + d.connection), Raw: node.raw})
		}
	}
	c.PageInfo.HasNextPage = false
	return nil
}
