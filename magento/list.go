package magento

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// itemReader turns one kind of node N into the model's T.
type itemReader[N, T any] struct {
	kind    catalog.RawKind
	id      func(*N) string // "" when it has none
	updated func(*N) time.Time
	record  func(*T) *catalog.Record
	convert func(r *reader, n *N) T
}

// listing is one list to be read.
type listing[N, T any] struct {
	op       string
	resource catalog.Resource
	path     string
	options  catalog.ListOptions
	filter   string // names the filters, for cursors
	groups   []group
	reader   itemReader[N, T]
	project  string        // the part of the answer that is needed; "" = all
	skip     func(*N) bool // the exact filter, as far as the row tells
	drop     func(*N) bool // the same, once the row is complete
	keep     func(*T) bool // the exact filter
	// complete reads what the rows of a page lack.
	complete func(ctx context.Context, page []*candidate[N]) error
}

// candidate is a row on its way to the model.
type candidate[N any] struct {
	raw      json.RawMessage
	node     N
	id       string
	position string          // where the list goes on behind it
	kind     catalog.RawKind // of raw, where that is not the list's own
	problems []catalog.Problem
	parts    []catalog.RawPart
	err      error
}

// part keeps the JSON of something that came in an answer of its own.
func (c *candidate[N]) part(kind catalog.RawKind, raw json.RawMessage) {
	c.parts = append(c.parts, catalog.RawPart{Kind: kind, Raw: raw})
}

func (c *candidate[N]) problem(path, reason, value string) {
	c.problems = append(c.problems, catalog.NewProblem(path, reason, value))
}

// list reads a list page by page, the next page while the caller works on
// this one.
//
// Every request asks for the first page of what lies behind the last record:
// by id, or by change time and then id. So a record that is there throughout
// comes exactly once, whatever changes meanwhile; a late page costs no more
// than an early one; and shops that answer a page past the end with the last
// one again cannot do so here.
func list[N, T any](ctx context.Context, e *Engine, l listing[N, T]) iter.Seq2[T, error] {
	features := resources[l.resource]
	switch {
	case l.options.Sort == catalog.SortStable:
	case l.options.Sort == catalog.SortUpdated && features.SortsUpdated:
		l.filter += "sort=updated;"
	default:
		return transport.Failed[T](catalog.Unsupported(Platform, l.op+" sorted by "+string(l.options.Sort), "read in the stable order"))
	}
	position, err := l.options.After.Position(Platform, l.resource, l.filter)
	if err != nil {
		return transport.Failed[T](err)
	}
	after, err := parsePlace(l.op, l.options.Sort, position)
	if err != nil {
		return transport.Failed[T](err)
	}
	size := int64(transport.Size(l.options, features))
	if l.options.Limit > 0 && l.skip == nil && l.drop == nil && l.keep == nil && l.options.OnBadItem == nil {
		size = min(size, int64(l.options.Limit))
	}
	fetch := func(ctx context.Context, s step) (undecoded[N], step, bool, error) {
		return l.fetch(ctx, e, s, size)
	}
	return func(yield func(T, error) bool) {
		l.deliver(transport.CompletedUpTo(ctx, l.options.Limit, step{after: after}, fetch, l.whole), yield)
	}
}

// whole decodes and completes a page.
func (l *listing[N, T]) whole(ctx context.Context, rows undecoded[N]) ([]*candidate[N], error) {
	page, err := rows()
	if err != nil {
		return nil, err
	}
	if l.complete != nil {
		readable := make([]*candidate[N], 0, len(page))
		for _, c := range page {
			if c.err == nil {
				readable = append(readable, c)
			}
		}
		if len(readable) > 0 {
			if err := l.complete(ctx, readable); err != nil {
				return nil, err
			}
		}
	}
	if l.drop != nil {
		page = slices.DeleteFunc(page, func(c *candidate[N]) bool { return c.err == nil && l.drop(&c.node) })
	}
	return page, nil
}

// deliver yields what the caller asked for of the records of the pages.
func (l *listing[N, T]) deliver(pages iter.Seq2[[]*candidate[N], error], yield func(T, error) bool) {
	transport.Deliver(l.records(pages), l.options, l.keep)(yield)
}

// records turns pages into the model, one by one, each with its cursor.
func (l *listing[N, T]) records(pages iter.Seq2[[]*candidate[N], error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for page, err := range pages {
			if err != nil {
				yield(none, err)
				return
			}
			for _, c := range page {
				item, err := finish(l.op, l.reader, c, l.options.OmitRaw)
				if err == nil {
					l.reader.record(&item).Cursor = catalog.NewCursor(Platform, l.resource, l.filter, c.position)
				}
				if !yield(item, err) {
					return
				}
			}
		}
	}
}

// finish turns one node into the model.
func finish[N, T any](op string, by itemReader[N, T], c *candidate[N], omitRaw bool) (T, error) {
	var none T
	if c.err != nil {
		return none, &catalog.ItemError{Platform: Platform, Op: op, ID: c.id, Raw: c.raw, Err: c.err}
	}
	r := reader{transport.Notes{Problems: c.problems}}
	item := by.convert(&r, &c.node)
	record := by.record(&item)
	record.Platform, record.Problems = Platform, r.Problems
	if !omitRaw {
		record.Raw, record.RawKind, record.More = c.raw, cmp.Or(c.kind, by.kind), c.parts
	}
	return item, nil
}

// single decodes the record of a single read.
func single[N, T any](raw json.RawMessage, by itemReader[N, T]) *candidate[N] {
	c := &candidate[N]{raw: raw}
	c.problems, c.err = decode(raw, &c.node)
	c.id = by.id(&c.node)
	if c.err == nil && c.id == "" {
		c.err = errors.New("it has no id")
	}
	return c
}
