package magentotest

import (
	"slices"
	"strings"
)

// listing is how a table is searched.
type listing[T any] struct {
	table   *table[T]
	columns map[string]column[T]
	// more finds columns that are not fixed, as attributes of products; nil
	// for none.
	more func(name string) (column[T], bool)
	// bySKU finds rows by their SKUs; nil for tables without.
	bySKU func(skus []string) []row
}

func (l *listing[T]) column(name string) (column[T], bool) {
	if col, ok := l.columns[name]; ok {
		return col, true
	}
	if l.more != nil {
		return l.more(name)
	}
	return column[T]{}, false
}

// fast returns a getter of columns that rows carry, so that records need not be
// made to be filtered.
func fast(name string) func(row) int64 {
	switch name {
	case "entity_id":
		return func(r row) int64 { return r.id * 10_000 } // number columns are in ten-thousandths
	case "updated_at":
		return func(r row) int64 { return r.updated }
	case "created_at":
		return func(r row) int64 { return r.created }
	}
	return nil
}

// term is one filter bound to its column.
type term[T any] struct {
	filter filter
	test   *test
	fast   func(row) int64
	col    column[T]
}

// bind prepares the filters; false after an error was answered.
func bind[T any](c *call, l *listing[T], q *criteria) ([][]term[T], bool) {
	var out [][]term[T]
	for _, g := range q.groups {
		if len(g) == 0 {
			continue
		}
		var terms []term[T]
		for _, f := range g {
			col, ok := l.column(f.field)
			if !ok {
				c.noColumn(f.field, l.more != nil)
				return nil, false
			}
			t, ok := prepare(col.kind, f)
			if !ok {
				c.internal("the database refuses %q as a value of %s", f.value, f.field)
				return nil, false
			}
			tm := term[T]{filter: f, test: t, col: col}
			if t.like == nil && !strings.HasSuffix(f.cond, "finset") {
				tm.fast = fast(f.field)
			}
			terms = append(terms, tm)
		}
		out = append(out, terms)
	}
	for _, s := range q.sorts {
		if _, ok := l.column(s.field); !ok {
			c.noColumn(s.field, l.more != nil)
			return nil, false
		}
	}
	return out, true
}

// noColumn answers a filter or sort on what does not exist: attributes of
// products have a message of their own, elsewhere the SQL fails.
func (c *call) noColumn(field string, attribute bool) {
	if attribute {
		c.violation("no attribute %s", field)
		c.bad("Invalid attribute name: %1", field)
		return
	}
	c.internal("no column %s", field)
}

// serveList answers a list of records of a table.
func serveList[T any](c *call, l *listing[T], render func(w *writer, r *T)) {
	q, ok := c.criteria()
	if !ok {
		return
	}
	c.server.mu.RLock()
	defer c.server.mu.RUnlock()
	recs, total, ok := pageOf(c, l, &q)
	if !ok {
		return
	}
	c.answerList(&q, total, func(w *writer) int {
		for _, r := range recs {
			render(w, r)
		}
		return len(recs)
	})
}

func (l *listing[T]) pageRecords(c *call, q *criteria, rows []row, from, to int) []*T {
	recs := make([]*T, 0, to-from)
	for i, r := range rows[from:to] {
		if i == 0 && l.restless(c, q, rows, from) {
			r = rows[from-1]
		}
		recs = append(recs, l.table.load(r))
	}
	return recs
}

// restless says whether the first row of a page is the last one of the page
// before once more, as happens when the two compare equal: on even pages.
func (l *listing[T]) restless(c *call, q *criteria, rows []row, from int) bool {
	if c.server.cfg.SteadyTies || from == 0 || q.size < 2 || q.page%2 == 1 {
		return false
	}
	if len(q.sorts) == 0 {
		return true
	}
	return compareKeys(q, l.key(q, rows[from-1]), l.key(q, rows[from])) == 0
}

// serveSlice answers a list of things that are not in a table: already
// filtered by columns, never restless.
func serveSlice[T any](c *call, all []T, columns map[string]column[T], render func(w *writer, r *T)) {
	if q, ok := c.criteria(); ok {
		answerSlice(c, &q, all, columns, render)
	}
}

func answerSlice[T any](c *call, q *criteria, all []T, columns map[string]column[T], render func(w *writer, r *T)) {
	l := &listing[T]{columns: columns}
	groups, ok := bind(c, l, q)
	if !ok {
		return
	}
	var kept []*T
	for i := range all {
		r := &all[i]
		if fits(groups, func(t term[T]) bool {
			v, ok := t.col.get(r)
			return t.test.holds(v, !ok)
		}) {
			kept = append(kept, r)
		}
	}
	if len(q.sorts) > 0 {
		slices.SortStableFunc(kept, func(a, b *T) int {
			return compareKeys(q, l.valueKey(q, a), l.valueKey(q, b))
		})
	}
	from, to := c.window(q, len(kept))
	c.answerList(q, len(kept), func(w *writer) int {
		for _, r := range kept[from:to] {
			render(w, r)
		}
		return to - from
	})
}

func (l *listing[T]) valueKey(q *criteria, r *T) sortKey {
	k := sortKey{nums: make([]int64, len(q.sorts)), text: make([]string, len(q.sorts))}
	for n, s := range q.sorts {
		col := l.columns[s.field]
		v, ok := col.get(r)
		switch {
		case !ok:
			k.nums[n] = -1 << 62
		case col.kind == textColumn:
			k.text[n] = fold(v)
		case col.kind == timeColumn:
			k.nums[n], _ = timeValue(v)
		default:
			k.nums[n] = numberValue(v)
		}
	}
	return k
}
