package woocommerce

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// recordKind turns one kind of node N into the model's T.
type recordKind[N, T any] struct {
	name    catalog.RawKind
	id      func(*N) int64
	changed func(*N) time.Time // nil where no list is sorted by it
	record  func(*T) *catalog.Record
	convert func(*reader, *N) T
}

// row is one record of a page.
type row[N any] struct {
	raw      json.RawMessage
	node     N
	id       int64 // 0 when the record cannot be read
	changed  int64 // Unix seconds; 0 when it has no such time
	problems []catalog.Problem
	err      error
	head     bool              // only id and changed are read so far
	parts    []catalog.RawPart // what came in answers of its own
	place    string            // the position of a cursor behind it
}

// readRow decodes a record.
func (k recordKind[N, T]) readRow(raw json.RawMessage) *row[N] {
	r := &row[N]{raw: raw}
	r.problems, r.err = transport.Decode(raw, &r.node)
	if r.err == nil {
		if r.id = k.id(&r.node); r.id <= 0 {
			r.id, r.err = 0, errors.New("it has no id")
		} else if k.changed != nil {
			if at := k.changed(&r.node); !at.IsZero() {
				r.changed = at.Unix()
			}
		}
	}
	return r
}

// readHead decodes what a walk needs of a record to go on; the rest is decoded
// while the store makes the next page.
func (k recordKind[N, T]) readHead(raw json.RawMessage) *row[N] {
	values := transport.Peek(raw, "id", "date_modified_gmt")
	id, err := strconv.ParseInt(string(values[0]), 10, 64)
	var modified moment
	if err != nil || id <= 0 || values[1] == nil || modified.UnmarshalJSON(values[1]) != nil {
		return k.readRow(raw) // what is odd is read with all tolerance
	}
	r := &row[N]{raw: raw, head: true, id: id}
	if k.changed != nil && !modified.IsZero() {
		r.changed = modified.Unix()
	}
	return r
}

// finish turns a row into the model.
func (k recordKind[N, T]) finish(op string, r *row[N], omitRaw bool) (T, error) {
	var none T
	if r.err != nil {
		return none, &catalog.ItemError{Platform: Platform, Op: op, ID: idText(r.id), Raw: r.raw, Err: r.err}
	}
	notes := reader{Notes: transport.Notes{Problems: r.problems}}
	v := k.convert(&notes, &r.node)
	record := k.record(&v)
	record.Platform, record.Problems = Platform, notes.Problems
	if !omitRaw {
		record.Raw, record.RawKind, record.More = r.raw, k.name, r.parts
	}
	return v, nil
}

// one reads a single record; complete, if any, asks for what belongs to it.
func one[N, T any](ctx context.Context, e *Engine, c call, k recordKind[N, T], complete func(context.Context, []*row[N]) error) (T, error) {
	var none T
	c.shape = wantObject
	a, err := e.send(ctx, c)
	if err != nil {
		return none, err
	}
	r := k.readRow(a.body)
	if r.err == nil && complete != nil {
		if err := complete(ctx, []*row[N]{r}); err != nil {
			return none, err
		}
	}
	return k.finish(c.op, r, false)
}

// listing is one list to be read.
type listing[N, T any] struct {
	op       string
	resource catalog.Resource
	kind     recordKind[N, T]
	options  catalog.ListOptions
	filter   string // names the filters and the order, for cursors
	skip     func(*N) bool
	complete func(context.Context, []*row[N]) error
	keep     func(*T) bool // the exact filter
}

// position returns where the list begins; the error is for a wrong order or
// cursor.
func (l *listing[N, T]) position() (string, error) {
	switch {
	case l.options.Sort == catalog.SortStable:
	case l.options.Sort == catalog.SortUpdated && resources[l.resource].SortsUpdated:
		l.filter += "sort=updated;"
	default:
		return "", catalog.Unsupported(Platform, l.op+" sorted by "+string(l.options.Sort),
			"read in the stable order, or through catalog's readers of changes")
	}
	return l.options.After.Position(Platform, l.resource, l.filter)
}

// size is how many records to ask for at once.
func (l *listing[N, T]) size() int {
	size := transport.Size(l.options, resources[l.resource])
	if l.options.Limit > 0 && l.keep == nil && l.skip == nil && l.options.OnBadItem == nil {
		size = min(size, l.options.Limit)
	}
	return size
}

// records turns pages into the model, one by one.
func (l *listing[N, T]) records(pages iter.Seq2[[]*row[N], error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for rows, err := range pages {
			if err != nil {
				yield(none, transport.CalledOff(Platform, l.op, err))
				return
			}
			for _, r := range rows {
				v, err := l.kind.finish(l.op, r, l.options.OmitRaw)
				if err == nil {
					l.kind.record(&v).Cursor = catalog.NewCursor(Platform, l.resource, l.filter, r.place)
				}
				if !yield(v, err) {
					return
				}
			}
		}
	}
}

// completed drops what is not wanted of a page and completes the rest.
func (l *listing[N, T]) completed(ctx context.Context, rows []*row[N]) ([]*row[N], error) {
	kept := rows[:0]
	var good []*row[N]
	for _, r := range rows {
		if r.head {
			place := r.place
			r = l.kind.readRow(r.raw)
			r.place = place
		}
		if r.err == nil && l.skip != nil && l.skip(&r.node) {
			continue
		}
		if kept = append(kept, r); r.err == nil {
			good = append(good, r)
		}
	}
	if l.complete == nil || len(good) == 0 {
		return kept, nil
	}
	return kept, l.complete(ctx, good)
}

// deliver applies the query's filter, limit and OnBadItem to records.
func (l *listing[N, T]) deliver(records iter.Seq2[T, error]) iter.Seq2[T, error] {
	return transport.Deliver(records, l.options, l.keep)
}

// completed reads the pages of a list and completes them, the next page while
// the caller works on this one.
func completed[N, T, S any](ctx context.Context, l *listing[N, T], first S, fetch func(context.Context, S) ([]*row[N], S, bool, error)) iter.Seq2[[]*row[N], error] {
	return transport.CompletedUpTo(ctx, l.options.Limit, first, fetch, l.completed)
}

// start reads a list that has one part: by id, or oldest change first.
func start[N, T any](ctx context.Context, e *Engine, c call, l *listing[N, T]) iter.Seq2[T, error] {
	if l.options.Sort != catalog.SortUpdated {
		w, first, err := byID(e, c, l)
		if err != nil {
			return transport.Failed[T](err)
		}
		return l.deliver(l.records(readAhead(ctx, l, w, first, listAhead, 1)))
	}
	position, err := l.position()
	if err != nil {
		return transport.Failed[T](err)
	}
	first := mark{at: anyTime, id: whole}
	if position != "" {
		if first, err = parseMark(l.op, position); err != nil {
			return transport.Failed[T](err)
		}
	}
	b := &byChange[N]{l.walk(e, c)}
	return l.deliver(l.records(completed(ctx, l, first, b.fetch)))
}

// byID is the walk of a list in the order of ids, and where it begins.
func byID[N, T any](e *Engine, c call, l *listing[N, T]) (walk[N], spot, error) {
	var first spot
	position, err := l.position()
	if err == nil && position != "" {
		first, err = parseSpot(l.op, position)
	}
	return l.walk(e, c), first, err
}

func (l *listing[N, T]) walk(e *Engine, c call) walk[N] {
	c.op = l.op
	return walk[N]{e: e, call: c, size: l.size(), read: l.kind.readHead}
}
