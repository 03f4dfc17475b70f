package salla

import (
	"context"
	"encoding/json"
	"errors"
	"iter"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// atOnce is how many records of a page are completed at the same time.
const atOnce = 6

// extra collects what completing a record brings besides its fields.
type extra struct {
	raw      json.RawMessage // in place of the row, when it was read for itself
	kind     catalog.RawKind
	parts    []catalog.RawPart
	problems []catalog.Problem
	omitRaw  bool
}

// part keeps the JSON of something that came in an answer of its own.
func (x *extra) part(kind catalog.RawKind, raw json.RawMessage) {
	if !x.omitRaw && len(raw) > 0 {
		x.parts = append(x.parts, catalog.RawPart{Kind: kind, Raw: raw})
	}
}

// itemReader turns one kind of node N into the model's T.
type itemReader[N, T any] struct {
	kind    catalog.RawKind
	id      func(*N) string // "" when it has none
	record  func(*T) *catalog.Record
	convert func(r *reader, n *N) T
}

// listing is one list to be read.
type listing[N, T any] struct {
	op       string
	resource catalog.Resource
	call     call
	options  catalog.ListOptions
	filter   string // names the filters, for cursors
	reader   itemReader[N, T]
	// unsettled: records enter the list in its middle; see walk.
	unsettled bool
	prepare   func(context.Context, *call) error // asks for what the query needs
	skip      func(*N) bool                      // the exact filter, as far as the row tells
	complete  func(context.Context, *N, *extra) error
	keep      func(*T) bool // the exact filter
	last      func(*T) bool // ends the list before this record
}

// list reads a list page by page, the next page while the caller works on
// this one.
func list[N, T any](ctx context.Context, e *Engine, l listing[N, T]) iter.Seq2[T, error] {
	if l.options.Sort != catalog.SortStable {
		return transport.Failed[T](catalog.Unsupported(Platform, l.op+" sorted by "+string(l.options.Sort),
			"read in the stable order; catalog's readers of changes sort by themselves"))
	}
	position, err := l.options.After.Position(Platform, l.resource, l.filter)
	if err != nil {
		return transport.Failed[T](err)
	}
	start, after, err := parsePosition(l.op, position)
	if err != nil {
		return transport.Failed[T](err)
	}
	return func(yield func(T, error) bool) {
		var none T
		call := l.call
		call.op = l.op
		if l.prepare != nil {
			if err := l.prepare(ctx, &call); err != nil {
				yield(none, err)
				return
			}
		}
		w := &walk{call: call, unsettled: l.unsettled, size: int64(transport.Size(l.options, resources[l.resource]))}
		if l.options.Limit > 0 && l.skip == nil && l.keep == nil && l.options.OnBadItem == nil {
			w.size = min(w.size, int64(l.options.Limit))
		}
		transport.Deliver(l.items(ctx, e, w, w.from(start), after), l.options, l.keep)(yield)
	}
}

// candidate is a row that was decoded.
type candidate[N any] struct {
	row      row
	node     N
	id       string
	problems []catalog.Problem
	err      error
}

// items yields the records of all pages, with their cursors.
func (l *listing[N, T]) items(ctx context.Context, e *Engine, w *walk, first step, after string) iter.Seq2[T, error] {
	fetch := func(ctx context.Context, s step) ([]row, step, bool, error) { return w.fetch(ctx, e, s) }
	pages := transport.Pages(ctx, first, fetch)
	if l.options.Limit > 0 {
		pages = transport.OnDemand(ctx, first, fetch) // a page ahead would mostly be for nothing
	}
	return func(yield func(T, error) bool) {
		var none T
		var seen recent
		for rows, err := range pages {
			if err != nil {
				yield(none, transport.CalledOff(Platform, l.op, err))
				return
			}
			candidates := l.decode(rows, &seen, &after)
			work := func(ctx context.Context, c *candidate[N]) (T, error) { return l.read(ctx, c) }
			limit := atOnce
			if l.complete == nil {
				limit = 0
			}
			for item, err := range each(ctx, candidates, limit, work) {
				if err == nil && l.last != nil && l.last(&item) || !yield(item, err) {
					return
				}
			}
		}
	}
}

// each works on the items one by one where nothing has to be waited for.
func each[A, B any](ctx context.Context, items []*A, atOnce int, work func(context.Context, *A) (B, error)) iter.Seq2[B, error] {
	if atOnce > 1 {
		return transport.InOrder(ctx, items, atOnce, work)
	}
	return func(yield func(B, error) bool) {
		for _, item := range items {
			if !yield(work(ctx, item)) {
				return
			}
		}
	}
}

// decode reads the rows of a page, without those delivered before: those of
// this run, and those up to the one a cursor names once it turns up.
func (l *listing[N, T]) decode(rows []row, seen *recent, after *string) []*candidate[N] {
	candidates := make([]*candidate[N], 0, len(rows))
	nodes := make([]candidate[N], len(rows))
	for i, r := range rows {
		c := &nodes[i]
		c.row = r
		c.problems, c.err = decode(r.raw, &c.node)
		c.id = l.reader.id(&c.node)
		if c.err == nil && c.id == "" {
			c.err = errors.New("it has no id")
		}
		if c.id != "" && !seen.add(c.id) {
			continue
		}
		if *after != "" && c.id == *after {
			candidates, *after = candidates[:0], ""
			continue
		}
		if c.err == nil && l.skip != nil && l.skip(&c.node) {
			continue
		}
		candidates = append(candidates, c)
	}
	return candidates
}

// read completes a candidate and turns it into the model.
func (l *listing[N, T]) read(ctx context.Context, c *candidate[N]) (T, error) {
	item, err := finish(ctx, l.op, l.reader, c, l.options.OmitRaw, l.complete)
	if err == nil {
		l.reader.record(&item).Cursor = catalog.NewCursor(Platform, l.resource, l.filter, c.row.at.position(c.id))
	}
	return item, err
}

// finish turns one node into the model.
func finish[N, T any](ctx context.Context, op string, by itemReader[N, T], c *candidate[N], omitRaw bool, complete func(context.Context, *N, *extra) error) (T, error) {
	var none T
	if c.err != nil {
		return none, &catalog.ItemError{Platform: Platform, Op: op, ID: c.id, Raw: c.row.raw, Err: c.err}
	}
	x := extra{raw: c.row.raw, kind: by.kind, problems: c.problems, omitRaw: omitRaw}
	if complete != nil {
		if err := complete(ctx, &c.node, &x); err != nil {
			return none, err
		}
	}
	r := reader{Notes: transport.Notes{Problems: x.problems}}
	item := by.convert(&r, &c.node)
	record := by.record(&item)
	record.Platform, record.Problems = Platform, r.Problems
	if !omitRaw {
		record.Raw, record.RawKind, record.More = x.raw, x.kind, x.parts
	}
	return item, nil
}

// readOne turns the record of a single read into the model.
func readOne[N, T any](ctx context.Context, op string, raw json.RawMessage, by itemReader[N, T], complete func(context.Context, *N, *extra) error) (T, error) {
	c := candidate[N]{row: row{raw: raw}}
	c.problems, c.err = decode(raw, &c.node)
	c.id = by.id(&c.node)
	if c.err == nil && c.id == "" {
		c.err = errors.New("it has no id")
	}
	return finish(ctx, op, by, &c, false, complete)
}
