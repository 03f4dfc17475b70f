package bigcommerce

import (
	"context"
	"encoding/json"
	"errors"
	"iter"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// candidate is a row of a page on its way into the model.
type candidate[N any] struct {
	raw      json.RawMessage
	node     N
	id       string
	problems []catalog.Problem
	parts    []catalog.RawPart // what came in answers of its own
	err      error             // why it cannot be read at all
}

// part keeps the JSON of something that came in an answer of its own.
func (c *candidate[N]) part(kind catalog.RawKind, raw json.RawMessage) {
	c.parts = append(c.parts, catalog.RawPart{Kind: kind, Raw: raw})
}

// reader turns one kind of node N into the model's T.
type reader[N, T any] struct {
	kind    catalog.RawKind
	id      func(*N) string // "" when it has none
	record  func(*T) *catalog.Record
	convert func(n *notes, node *N) T
}

// decode reads the rows of a page.
func (r *reader[N, T]) decode(rows []json.RawMessage) []*candidate[N] {
	all := make([]*candidate[N], len(rows))
	room := make([]candidate[N], len(rows))
	for i, raw := range rows {
		c := &room[i]
		c.raw = raw
		c.problems, c.err = transport.Decode(raw, &c.node)
		c.id = r.id(&c.node)
		if c.err == nil && c.id == "" {
			c.err = errors.New("it has no id")
		}
		all[i] = c
	}
	return all
}

// page is one page of a list.
type page[N any] struct {
	// rows decodes them, while the next page comes.
	rows func(context.Context) ([]*candidate[N], error)
	// next leads to the following page, where more says that there is one.
	next string
	more bool
}

// pages is how the pages of a list follow one another. A state is text that
// leads to a page, "" to the first.
type pages[N any] struct {
	fetch func(ctx context.Context, size int, state string) (page[N], error)
	// position writes a cursor's position behind a record of a page, and begin
	// reads it: the state to go on from, and which rows of that page were
	// delivered before.
	position func(state, id string) string
	begin    func(position string) (state string, passed func(id string) bool, ok bool)
}

// listing is one list to be read.
type listing[N, T any] struct {
	op       string
	resource catalog.Resource
	options  catalog.ListOptions
	filter   string // names the filters, for cursors
	reader   reader[N, T]
	calls    call // that of a page, without its place; only products have it
	pages    pages[N]
	skip     func(*N) bool // the exact filter, as far as the row tells
	batch    func(ctx context.Context, rows []*candidate[N]) error
	complete func(ctx context.Context, c *candidate[N]) error
	keep     func(*T) bool // the exact filter
}

// atOnce is how many records of a page are completed at the same time.
const atOnce = callsAtOnce

// list reads a list page by page, the next page while the caller works on
// this one.
func list[N, T any](ctx context.Context, l listing[N, T]) iter.Seq2[T, error] {
	state, passed, err := l.begin()
	if err != nil {
		return transport.Failed[T](err)
	}
	return l.deliver(func() iter.Seq2[T, error] { return l.items(ctx, state, passed) })
}

// begin finds where the list starts.
func (l *listing[N, T]) begin() (state string, passed func(id string) bool, err error) {
	if l.options.Sort != catalog.SortStable {
		return "", nil, catalog.Unsupported(Platform, l.op+" sorted by "+string(l.options.Sort),
			"read in the stable order; catalog's readers of changes sort by themselves")
	}
	position, err := l.options.After.Position(Platform, l.resource, l.filter)
	if err != nil || position == "" {
		return "", func(string) bool { return false }, err
	}
	state, passed, ok := l.pages.begin(position)
	if !ok {
		err = &catalog.Error{Platform: Platform, Op: l.op, Kind: catalog.ErrInvalid, Message: "the cursor is damaged",
			Hint: "use cursors as they are, or start again without one"}
	}
	return state, passed, err
}

// deliver yields what the caller asked for of all records.
func (l *listing[N, T]) deliver(all func() iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) { transport.Deliver(all(), l.options, l.keep)(yield) }
}

// fetched is a page as it came, and the state that led to it.
type fetched[N any] struct {
	state string
	page  page[N]
}

// loaded is a page that is ready to be completed, and the state that led to it.
type loaded[N any] struct {
	state string
	rows  []*candidate[N]
}

// items yields the records of all pages, with their cursors.
func (l *listing[N, T]) items(ctx context.Context, state string, passed func(string) bool) iter.Seq2[T, error] {
	size := transport.Size(l.options, resources[l.resource])
	if l.options.Limit > 0 && l.skip == nil && l.keep == nil && l.options.OnBadItem == nil {
		size = min(size, l.options.Limit)
	}
	fetch := func(ctx context.Context, state string) (fetched[N], string, bool, error) {
		p, err := l.pages.fetch(ctx, size, state)
		return fetched[N]{state, p}, p.next, p.more, err
	}
	load := func(ctx context.Context, p fetched[N]) (loaded[N], error) {
		decoded, err := p.page.rows(ctx)
		if err != nil {
			return loaded[N]{}, err
		}
		rows := decoded[:0]
		for _, c := range decoded {
			if c.id != "" && passed(c.id) || c.err == nil && l.skip != nil && l.skip(&c.node) {
				continue
			}
			rows = append(rows, c)
		}
		if l.batch != nil && len(rows) > 0 {
			err = l.batch(ctx, rows)
		}
		return loaded[N]{p.state, rows}, err
	}
	all := transport.CompletedUpTo(ctx, l.options.Limit, state, fetch, load)
	return func(yield func(T, error) bool) {
		for p, err := range all {
			if err != nil {
				yield(*new(T), err)
				return
			}
			for item, err := range l.finished(ctx, p) {
				if !yield(item, err) {
					return
				}
			}
		}
	}
}

// finished completes the records of a page, in their order.
func (l *listing[N, T]) finished(ctx context.Context, p loaded[N]) iter.Seq2[T, error] {
	work := func(ctx context.Context, c *candidate[N]) (T, error) {
		item, err := finish(ctx, l.op, &l.reader, c, l.options.OmitRaw, l.complete)
		if err == nil {
			l.reader.record(&item).Cursor = catalog.NewCursor(Platform, l.resource, l.filter, l.pages.position(p.state, c.id))
		}
		return item, err
	}
	if l.complete != nil {
		return transport.InOrder(ctx, p.rows, atOnce, work)
	}
	return func(yield func(T, error) bool) {
		for _, c := range p.rows {
			if !yield(work(ctx, c)) {
				return
			}
		}
	}
}

// finish completes one row and turns it into the model.
func finish[N, T any](ctx context.Context, op string, by *reader[N, T], c *candidate[N], omitRaw bool, complete func(context.Context, *candidate[N]) error) (T, error) {
	var none T
	if c.err != nil {
		return none, &catalog.ItemError{Platform: Platform, Op: op, ID: c.id, Raw: c.raw, Err: c.err}
	}
	if complete != nil {
		if err := complete(ctx, c); err != nil {
			return none, err
		}
	}
	n := notes{transport.Notes{Problems: c.problems}}
	item := by.convert(&n, &c.node)
	record := by.record(&item)
	record.Platform, record.Problems = Platform, n.Problems
	if !omitRaw {
		record.Raw, record.RawKind, record.More = c.raw, by.kind, c.parts
	}
	return item, nil
}

// readOne turns the record of a single read into the model.
func readOne[N, T any](ctx context.Context, op string, raw json.RawMessage, by *reader[N, T], complete func(context.Context, *candidate[N]) error) (T, error) {
	return finish(ctx, op, by, by.decode([]json.RawMessage{raw})[0], false, complete)
}
