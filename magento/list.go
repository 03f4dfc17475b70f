package magento

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/oauth1"
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
	fetch := func(ctx context.Context, s step) ([]*candidate[N], step, bool, error) {
		return l.fetch(ctx, e, s, size)
	}
	return func(yield func(T, error) bool) { l.deliver(pages(ctx, &l, step{after: after}, fetch), yield) }
}

// pages reads the pages of a list ahead and completes them, or, where few
// records are wanted, only as they are asked for.
func pages[N, T, S any](ctx context.Context, l *listing[N, T], first S, fetch func(context.Context, S) ([]*candidate[N], S, bool, error)) iter.Seq2[[]*candidate[N], error] {
	if l.options.Limit > 0 {
		return transport.OnDemand(ctx, first, func(ctx context.Context, s S) ([]*candidate[N], S, bool, error) {
			page, next, more, err := fetch(ctx, s)
			if err == nil {
				page, err = l.whole(ctx, page)
			}
			return page, next, more, err
		})
	}
	return transport.Completed(ctx, first, fetch, l.whole)
}

// whole completes a page.
func (l *listing[N, T]) whole(ctx context.Context, page []*candidate[N]) ([]*candidate[N], error) {
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

// deliver yields the records of the pages, with their cursors.
func (l *listing[N, T]) deliver(pages iter.Seq2[[]*candidate[N], error], yield func(T, error) bool) {
	var none T
	count := 0
	for page, err := range pages {
		if err != nil {
			yield(none, err)
			return
		}
		for _, c := range page {
			item, err := finish(l.op, l.reader, c, l.options.OmitRaw)
			skip, err := transport.BadItem(err, l.options.OnBadItem)
			if err != nil {
				yield(none, err)
				return
			}
			if skip || l.keep != nil && !l.keep(&item) {
				continue
			}
			l.reader.record(&item).Cursor = catalog.NewCursor(Platform, l.resource, l.filter, c.position)
			if !yield(item, nil) {
				return
			}
			if count++; count == l.options.Limit {
				return
			}
		}
	}
}

// step is where a list goes next.
type step struct {
	after place
	page  int64             // of what lies behind after, from 1; only past rows without a place
	tail  []json.RawMessage // rows without a place that were delivered and come again
}

// fetch reads the step's page.
func (l *listing[N, T]) fetch(ctx context.Context, e *Engine, s step, size int64) ([]*candidate[N], step, bool, error) {
	s.page = max(s.page, 1)
	sort := []string{"entity_id"}
	if l.options.Sort == catalog.SortUpdated {
		sort = []string{"updated_at", "entity_id"}
	}
	q := criteria{groups: l.groups, sort: sort, size: size, page: s.page}.where(s.after.behind(l.options.Sort)...)
	var extra []oauth1.Param
	if l.project != "" {
		extra = append(extra, fields(l.project))
	}
	rows, total, size, err := e.page(ctx, call{op: l.op, path: l.path}, q, extra...)
	if err != nil {
		return nil, s, false, err
	}
	page, next, err := l.decode(rows, s)
	if err != nil {
		return nil, s, false, err
	}
	n := int64(len(rows))
	read := (s.page-1)*size + n
	more := n > 0 && total > read || total < read && n >= size && n > 0
	return page, next, more, nil
}

// decode reads the rows of a page and says where the next one begins.
func (l *listing[N, T]) decode(rows []json.RawMessage, s step) (page []*candidate[N], next step, err error) {
	nodes := make([]candidate[N], len(rows))
	next = step{after: s.after, page: s.page + 1}
	old := 0
	for i, raw := range rows {
		c := &nodes[i]
		c.raw = raw
		c.problems, c.err = decode(raw, &c.node)
		c.id = l.reader.id(&c.node)
		at, readable := placeOf(l.options.Sort, c.id, l.reader.updated(&c.node))
		if c.err == nil && c.id == "" {
			c.err = errors.New("it has no id")
		}
		switch {
		case !readable:
			if i < len(s.tail) && bytes.Equal(raw, s.tail[i]) {
				continue
			}
			at = next.after
			next.tail = append(next.tail, raw)
		case !at.after(s.after):
			old++
			continue
		default:
			next = step{after: at, page: 1}
		}
		c.position = at.text(l.options.Sort)
		if c.err == nil && l.skip != nil && l.skip(&c.node) {
			continue
		}
		page = append(page, c)
	}
	if old > 0 && old == len(rows) {
		return nil, s, &catalog.Error{Platform: Platform, Op: l.op, Kind: catalog.ErrBadAnswer,
			Message: "the shop passes over the filter by id, so that the list cannot go on", Hint: "look for a module that changes its search criteria"}
	}
	if next.page > 1 {
		next.tail = nil // it is left behind with its page
	}
	return page, next, nil
}

// page reads one page of a list, with smaller pages where the shop limits
// them, and says how large a page was asked for.
func (e *Engine) page(ctx context.Context, c call, q criteria, extra ...oauth1.Param) (rows []json.RawMessage, total, size int64, err error) {
	c.list = inItems
	for {
		if most := e.known.size.Load(); most > 0 {
			q.size = min(q.size, most)
		}
		c.query = append(q.params(), extra...)
		a, err := e.get(ctx, c)
		if failed, ok := err.(*catalog.Error); ok && failed.Code == pageTooLarge {
			if most := e.known.size.Load(); most > 0 && most < q.size {
				continue
			}
		}
		if err != nil {
			return nil, 0, 0, err
		}
		rows, total, err = a.rows(c.op)
		return rows, total, q.size, err
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

// place is where a record stands in its list: by id, or by change time and
// then id. The zero place is the beginning.
type place struct {
	updated int64 // Unix seconds
	id      int64
}

func placeOf(sort catalog.Sort, id string, updated time.Time) (place, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	p := place{id: n}
	if sort == catalog.SortUpdated {
		p.updated = updated.Unix()
		return p, err == nil && n > 0 && !updated.IsZero()
	}
	return p, err == nil && n > 0
}

// after reports whether p comes behind other.
func (p place) after(other place) bool {
	return p.updated > other.updated || p.updated == other.updated && p.id > other.id
}

// behind filters for what comes behind the place.
func (p place) behind(sort catalog.Sort) []group {
	id := strconv.FormatInt(p.id, 10)
	switch {
	case p == place{}:
		return nil
	case sort == catalog.SortUpdated:
		at := stamp(time.Unix(p.updated, 0))
		return []group{{{"updated_at", "gteq", at}}, {{"updated_at", "gt", at}, {"entity_id", "gt", id}}}
	}
	return []group{{{"entity_id", "gt", id}}}
}

func (p place) text(sort catalog.Sort) string {
	id := strconv.FormatInt(p.id, 10)
	if sort == catalog.SortUpdated {
		return strconv.FormatInt(p.updated, 10) + "." + id
	}
	return id
}

// parsePlace reads what text wrote.
func parsePlace(op string, sort catalog.Sort, text string) (place, error) {
	if text == "" {
		return place{}, nil
	}
	id, updated := text, "0"
	if sort == catalog.SortUpdated {
		updated, id, _ = strings.Cut(text, ".")
	}
	n, err1 := strconv.ParseInt(id, 10, 64)
	at, err2 := strconv.ParseInt(updated, 10, 64)
	if err1 != nil || err2 != nil || n < 0 || at < -1<<37 || at > 1<<37 {
		return place{}, damaged(op)
	}
	return place{at, n}, nil
}

func damaged(op string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the cursor is damaged", Hint: "start again without a cursor"}
}
