package bigcommercetest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// span is a time range in Unix seconds, both ends inclusive; 0 is open.
type span struct{ min, max int64 }

func (s span) holds(t int64) bool { return t >= s.min && (s.max == 0 || t <= s.max) }

// selection says which records of a table a list holds and in what order. The
// zero value is all of them by id.
type selection[T any] struct {
	ids               []int64 // nil for any
	minID, maxID      int64   // inclusive, 0 for open
	created, modified span

	keep []func(*T) bool // tests that need the record
	key  string          // names keep

	sort string // "", "id", "date_created", "date_modified" or the name of less
	less func(a, b *T) int
	desc bool
}

// when adds a test of the record under a name that tells it from all others.
func (s *selection[T]) when(name string, test func(*T) bool) {
	s.keep = append(s.keep, test)
	s.key += name + "\x00"
}

// above raises the smallest id; below lowers the largest.
func (s *selection[T]) above(id int64) { s.minID = max(s.minID, id) }
func (s *selection[T]) below(id int64) {
	if s.maxID == 0 || id < s.maxID {
		s.maxID = id
	}
	if id <= 0 {
		s.maxID = -1
	}
}

// page returns copies of the records of a window and where it lies, both of one
// moment.
func (t *table[T]) page(s *selection[T], number, size int) (page, []*T) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	rows := t.choose(s)
	p := newPage(number, size, len(rows))
	return p, t.load(rows[p.from:p.to])
}

// selected returns copies of all records of a selection, of one moment.
func (t *table[T]) selected(s *selection[T]) []*T {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.load(t.choose(s))
}

// choose returns the rows of a selection in order; not to be written to, and
// valid while the read lock is held.
func (t *table[T]) choose(s *selection[T]) []row {
	if s.ids != nil || s.sort == "" || s.sort == "id" {
		return t.filtered(s)
	}
	key := fmt.Sprint("sort ", s.sort, s.desc, s.minID, s.maxID, s.created, s.modified, s.key)
	return t.view(key, func() []row { return t.filtered(s) })
}

func (t *table[T]) filtered(s *selection[T]) []row {
	var rows []row
	switch {
	case s.ids != nil:
		rows = t.chosen(s)
	case len(s.keep) > 0:
		rows = t.view("keep "+s.key, func() []row { return t.kept(t.rows, s) })
	default:
		rows = t.rows
	}
	if s.minID > 0 || s.maxID != 0 {
		rows = t.between(rows, s.minID, s.maxID)
	}
	if s.created != (span{}) || s.modified != (span{}) {
		var out []row
		for _, r := range rows {
			if s.created.holds(r.created) && s.modified.holds(r.modified) {
				out = append(out, r)
			}
		}
		rows = out
	}
	return t.sorted(rows, s)
}

// chosen looks the listed ids up, each once.
func (t *table[T]) chosen(s *selection[T]) []row {
	ids := slices.Compact(slices.Sorted(slices.Values(s.ids)))
	var rows []row
	for _, id := range ids {
		if i, ok := t.find(id); ok {
			rows = append(rows, t.rows[i])
		}
	}
	return t.kept(rows, s)
}

func (t *table[T]) kept(rows []row, s *selection[T]) []row {
	if len(s.keep) == 0 {
		return rows
	}
	var out []row
next:
	for _, r := range rows {
		v := t.at(r.index)
		for _, test := range s.keep {
			if !test(v) {
				continue next
			}
		}
		out = append(out, r)
	}
	return out
}

func (t *table[T]) between(rows []row, low, high int64) []row {
	at := func(id int64) int {
		i, _ := slices.BinarySearchFunc(rows, id-t.base, func(r row, index int64) int { return cmp.Compare(int64(r.index), index) })
		return i
	}
	from, to := at(low), len(rows)
	if high != 0 {
		to = at(min(high, math.MaxInt64-1) + 1)
	}
	return rows[min(from, to):to]
}

func (t *table[T]) sorted(rows []row, s *selection[T]) []row {
	var order func(a, b row) int
	switch s.sort {
	case "", "id":
		if !s.desc {
			return rows
		}
		rows = slices.Clone(rows)
		slices.Reverse(rows)
		return rows
	case "date_created":
		order = func(a, b row) int { return cmp.Compare(a.created, b.created) }
	case "date_modified":
		order = func(a, b row) int { return cmp.Compare(a.modified, b.modified) }
	default:
		records := make(map[int32]*T, len(rows))
		for _, r := range rows {
			records[r.index] = t.at(r.index)
		}
		order = func(a, b row) int { return s.less(records[a.index], records[b.index]) }
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b row) int {
		if s.desc {
			return order(b, a)
		}
		return order(a, b)
	})
	return rows
}

// folded compares without regard to case.
func folded(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) }
