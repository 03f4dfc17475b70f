package woocommerce

import (
	"cmp"
	"context"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// byChange reads a list oldest change first. It asks for what changed since
// the last page rather than for a numbered row, so that rows which change
// meanwhile, and thereby move to the end, hide none.
//
// Times have whole seconds, and older stores do not order records of one
// second: a second whose records do not fit into a page is walked through by
// id. And a record may change after the store chose a page's rows and before
// it wrote them; it then shows a time that says nothing of its place. So only
// rows whose time lies before the page was made, the cold ones, tell how far a
// page reaches. When all are younger, the rest is read by id and sorted here.
type byChange[N any] struct{ walk walk[N] }

// anyTime is before every time.
const anyTime = math.MinInt64

// mark is how far a reading has come: up to the record with the id among those
// changed at the second; all of them when id is whole.
type mark struct {
	at    int64
	id    int64
	dense bool // walking through the second
	spot  spot
}

// whole stands for every id.
const whole = math.MaxInt64

func (m mark) position() string { return itoa(m.at) + "." + itoa(m.id) }

func parseMark(op, text string) (mark, error) {
	at, id, ok := strings.Cut(text, ".")
	var m mark
	var err, also error
	m.at, err = strconv.ParseInt(at, 10, 64)
	m.id, also = strconv.ParseInt(id, 10, 64)
	if !ok || err != nil || also != nil || m.id < 0 || m.at < -1<<40 || m.at > 1<<40 {
		return mark{}, damaged(op)
	}
	return m, nil
}

// fetch reads the records behind a mark. No rows do not mean the end.
func (b *byChange[N]) fetch(ctx context.Context, m mark) (fresh []*row[N], next mark, more bool, err error) {
	if m.dense {
		return b.second(ctx, m)
	}
	after := int64(anyTime) // exclusive
	if m.at != anyTime {
		if after = m.at; m.id != whole {
			after--
		}
	}
	p, err := b.since(after).page(ctx, "modified", 0)
	if err != nil {
		return nil, m, false, err
	}
	last := int64(anyTime)
	for _, r := range p.rows {
		if r.changed == 0 || r.changed >= p.cold {
			continue
		}
		if r.changed < last || r.changed <= after {
			return nil, m, false, b.unsorted()
		}
		last = r.changed
	}
	switch {
	case !p.more:
		return b.sorted(p.rows, m), m, false, nil
	case last == anyTime:
		rows, err := b.rest(ctx, after)
		return b.sorted(rows, m), m, false, err
	}
	fresh = b.sorted(slices.DeleteFunc(p.rows, func(r *row[N]) bool { return r.changed >= last }), m)
	next = mark{at: last}
	if len(fresh) == 0 {
		next.dense = true
		if last == m.at {
			next.spot.id = m.id
		}
	}
	return fresh, next, true, nil
}

// since is the walk through what changed after a second.
func (b *byChange[N]) since(after int64) *walk[N] {
	w := b.walk
	w.call.query = maps.Clone(w.call.query)
	if after != anyTime {
		w.call.query.Set("modified_after", stamp(time.Unix(after, 0)))
		w.call.query.Set("dates_are_gmt", "true")
	}
	return &w
}

// rest reads everything that changed after a second.
func (b *byChange[N]) rest(ctx context.Context, after int64) ([]*row[N], error) {
	w := b.since(after)
	var all []*row[N]
	for at, more := (spot{}), true; more; {
		var rows []*row[N]
		var err error
		if rows, at, more, err = w.fetch(ctx, at); err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// sorted returns the rows behind a mark in their order, with their places.
// Rows without a time stay behind the one they came after.
func (b *byChange[N]) sorted(rows []*row[N], m mark) []*row[N] {
	fresh, at := rows[:0], m.at
	for _, r := range rows {
		if r.changed == 0 {
			r.changed = at
		}
		if at = r.changed; r.id == 0 || r.changed > m.at || r.changed == m.at && r.id > m.id {
			fresh = append(fresh, r)
		}
	}
	slices.SortStableFunc(fresh, func(x, y *row[N]) int {
		if x.id == 0 || y.id == 0 {
			return cmp.Compare(x.changed, y.changed)
		}
		return cmp.Or(cmp.Compare(x.changed, y.changed), cmp.Compare(x.id, y.id))
	})
	for _, r := range fresh {
		r.place = mark{at: r.changed, id: r.id}.position()
	}
	return fresh
}

// second walks through the records that changed in the mark's second. Those
// that have changed again come later.
func (b *byChange[N]) second(ctx context.Context, m mark) (fresh []*row[N], next mark, more bool, err error) {
	w := b.since(m.at - 1)
	w.call.query.Set("modified_before", stamp(time.Unix(m.at+1, 0)))
	rows, at, more, err := w.fetch(ctx, m.spot)
	if err != nil {
		return nil, m, false, err
	}
	for _, r := range rows {
		if r.id != 0 && r.changed < m.at {
			return nil, m, false, b.unsorted()
		}
		if r.id == 0 || r.changed == m.at {
			r.place = mark{at: m.at, id: r.id}.position()
			fresh = append(fresh, r)
		}
	}
	if m.spot = at; !more {
		return fresh, mark{at: m.at, id: whole}, true, nil
	}
	return fresh, m, true, nil
}

func (b *byChange[N]) unsorted() error {
	return &catalog.Error{Platform: Platform, Op: b.walk.call.op, Kind: catalog.ErrUnsupported,
		Message: "the store does not filter and sort by time of change as it was asked to",
		Hint:    "WooCommerce can since 5.8; have the merchant update it, or look for a plugin that changes the order of lists"}
}

// stamp writes a time. Beside dates_are_gmt, which goes with it, no setting of
// the store's changes its meaning.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// between asks for times from since on and before before. The store's own
// bounds are exclusive and count whole seconds.
func between(query url.Values, after, before string, since, until time.Time) {
	if !since.IsZero() {
		query.Set(after, stamp(since.Truncate(time.Second).Add(-time.Second)))
	}
	if !until.IsZero() {
		query.Set(before, stamp(until.Add(time.Second-time.Nanosecond)))
	}
	if query.Has(after) || query.Has(before) {
		query.Set("dates_are_gmt", "true")
	}
}
