package magentotest

import (
	"slices"
	"sort"
	"strings"
)

// pageOf returns the records of the page asked for, and how many fit in all.
// The lock is held.
//
// Filters on what rows carry cost little and change from page to page when a
// shop is read by ids; the others need the records, and their outcome is kept.
func pageOf[T any](c *call, l *listing[T], q *criteria) ([]*T, int, bool) {
	groups, ok := bind(c, l, q)
	if !ok {
		return nil, 0, false
	}
	var cheap, dear [][]term[T]
	for _, g := range groups {
		if slices.ContainsFunc(g, func(t term[T]) bool { return t.fast == nil }) {
			dear = append(dear, g)
		} else {
			cheap = append(cheap, g)
		}
	}
	rows := l.table.rows
	if skus, ok := q.skus(); ok && l.bySKU != nil {
		rows = l.fitting(dear, l.bySKU(skus))
	} else if len(dear) > 0 {
		all := rows
		rows = l.table.view(keyOf(dear, nil), func() []row { return l.fitting(dear, all) })
	}
	if q.size > 0 && inIDOrder(q) {
		rows, from, total := scan(c, q, cheap, rows)
		return l.pageRecords(c, q, rows, from, len(rows)), total, true
	}
	base := rows
	rows = l.table.view(keyOf(groups, q.sorts), func() []row {
		var out []row
		for _, r := range base {
			if rowFits(cheap, r) {
				out = append(out, r)
			}
		}
		return sortRows(l, q, out)
	})
	from, to := c.window(q, len(rows))
	return l.pageRecords(c, q, rows, from, to), len(rows), true
}

// keyOf names the outcome of filters and sort orders.
func keyOf[T any](groups [][]term[T], sorts []sorting) string {
	var key strings.Builder
	for _, g := range groups {
		key.WriteByte('\x01')
		for _, t := range g {
			key.WriteString("\x02" + t.filter.field + "\x03" + t.filter.cond + "\x03" + t.filter.value)
		}
	}
	for _, s := range sorts {
		key.WriteString("\x04" + s.field)
		if s.desc {
			key.WriteByte('-')
		}
	}
	return key.String()
}

// fitting returns the rows whose records pass.
func (l *listing[T]) fitting(groups [][]term[T], rows []row) []row {
	var out []row
	for _, r := range rows {
		var rec *T // made when the first term asks for it
		if fits(groups, func(t term[T]) bool {
			if t.fast != nil {
				return t.test.holdsNumber(t.fast(r))
			}
			if rec == nil {
				rec = l.table.load(r)
			}
			v, ok := t.col.get(rec)
			return t.test.holds(v, !ok)
		}) {
			out = append(out, r)
		}
	}
	return out
}

func fits[T any](groups [][]term[T], holds func(term[T]) bool) bool {
	for _, g := range groups {
		if !slices.ContainsFunc(g, holds) {
			return false
		}
	}
	return true
}

// rowFits is fits for terms on what rows carry.
func rowFits[T any](groups [][]term[T], r row) bool {
	for _, g := range groups {
		held := false
		for i := range g {
			if held = g[i].test.holdsNumber(g[i].fast(r)); held {
				break
			}
		}
		if !held {
			return false
		}
	}
	return true
}

// scan cuts a page out of rows in the order of ids without keeping a list of
// what fits. It returns the page, after the row before it, and how many fit.
func scan[T any](c *call, q *criteria, groups [][]term[T], all []row) (rows []row, from, total int) {
	for _, g := range groups {
		if len(g) == 1 && g[0].test.cond == "gt" && g[0].filter.field == "entity_id" {
			all = all[sort.Search(len(all), func(i int) bool { return g[0].test.holdsNumber(g[0].fast(all[i])) }):]
		}
	}
	for _, r := range all {
		if rowFits(groups, r) {
			total++
		}
	}
	start, end := c.window(q, total)
	first := max(start-1, 0) // a restless page may begin with the row before it
	n := 0
	for _, r := range all {
		if n >= end {
			break
		}
		if rowFits(groups, r) {
			if n >= first {
				rows = append(rows, r)
			}
			n++
		}
	}
	return rows, min(start-first, len(rows)), total
}

func inIDOrder(q *criteria) bool {
	return len(q.sorts) == 0 || len(q.sorts) == 1 && q.sorts[0].field == "entity_id" && !q.sorts[0].desc
}
