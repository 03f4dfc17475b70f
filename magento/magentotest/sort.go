package magentotest

import (
	"cmp"
	"slices"
	"strings"
)

// sortKey is what a row is ordered by, per sort order.
type sortKey struct {
	row  row
	nums []int64
	text []string
}

func sortRows[T any](l *listing[T], q *criteria, rows []row) []row {
	if inIDOrder(q) {
		return rows
	}
	keys := make([]sortKey, len(rows))
	for i, r := range rows {
		keys[i] = l.key(q, r)
	}
	slices.SortStableFunc(keys, func(a, b sortKey) int { return compareKeys(q, a, b) })
	for i := range keys {
		rows[i] = keys[i].row
	}
	return rows
}

func (l *listing[T]) key(q *criteria, r row) sortKey {
	k := sortKey{row: r, nums: make([]int64, len(q.sorts)), text: make([]string, len(q.sorts))}
	var rec *T
	for n, s := range q.sorts {
		if f := fast(s.field); f != nil {
			k.nums[n] = f(r)
			continue
		}
		if rec == nil {
			rec = l.table.load(r)
		}
		col, _ := l.column(s.field)
		v, ok := col.get(rec)
		switch {
		case !ok:
			k.nums[n] = -1 << 62 // NULL comes first
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

func compareKeys(q *criteria, a, b sortKey) int {
	for n, s := range q.sorts {
		c := cmp.Or(cmp.Compare(a.nums[n], b.nums[n]), strings.Compare(a.text[n], b.text[n]))
		if s.desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}
