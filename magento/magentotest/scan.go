package magentotest

import (
	"slices"
	"sort"
	"strings"
)

// scan answers the requests a large shop is read with, filters on what rows
// carry in the order of ids, without keeping a list of what fits. It returns
// the rows of the page, after the one before it, and how many rows fit. ok is
// false for any other request.
func scan[T any](c *call, l *listing[T], q *criteria, groups [][]term[T]) (rows []row, from, total int, ok bool) {
	if q.size <= 0 || !inIDOrder(q) {
		return nil, 0, 0, false
	}
	all := l.table.rows
	for _, g := range groups {
		if slices.ContainsFunc(g, func(t term[T]) bool { return t.fast == nil }) {
			return nil, 0, 0, false
		}
		if len(g) == 1 && g[0].test.cond == "gt" && g[0].name == "entity_id" {
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
	return rows, min(start-first, len(rows)), total, true
}

func inIDOrder(q *criteria) bool {
	return len(q.sorts) == 0 || len(q.sorts) == 1 && strings.EqualFold(q.sorts[0].field, "entity_id") && !q.sorts[0].desc
}

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
