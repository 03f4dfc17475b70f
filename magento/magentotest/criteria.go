package magentotest

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// criteria is what a list is asked for.
type criteria struct {
	groups [][]filter // every group must hold; a group holds if one of its filters does
	sorts  []sorting
	size   int // 0 for everything
	page   int // 1 for the first
	echo   string
}

type filter struct{ field, value, cond string }

type sorting struct {
	field string
	desc  bool
}

var conditions = strings.Fields("eq neq gt gteq lt lteq like nlike in nin null notnull finset nfinset from to moreq")

var sortField = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// criteria reads the search criteria; false after an error was answered. The
// names may be in camel or in snake case.
func (c *call) criteria() (criteria, bool) {
	root := c.query.get("searchCriteria", "search_criteria")
	if root == nil {
		c.required("searchCriteria")
		return criteria{}, false
	}
	q := criteria{page: 1}
	for _, key := range root.keys {
		n := root.sub[key]
		ok := true
		switch key {
		case "filter_groups", "filterGroups":
			ok = c.groups(&q, n)
		case "sortOrders", "sort_orders":
			ok = c.sorts(&q, n)
		case "pageSize", "page_size":
			q.size, ok = c.number(n.value)
		case "currentPage", "current_page":
			q.page, ok = c.number(n.value)
		default:
			ok = c.unknown(key)
		}
		if !ok {
			return q, false
		}
	}
	if limit := c.server.cfg.PageLimit; limit > 0 {
		if q.size > limit {
			c.bad(msgPageSize, "max", limit)
			return q, false
		}
		if q.size == 0 {
			q.size = min(c.server.cfg.DefaultPageSize, limit)
		}
	}
	if q.page < 1 {
		c.violation("currentPage %d; pages count from 1", q.page)
	}
	q.echo = q.json()
	q.page = max(q.page, 1)
	return q, true
}

func (c *call) unknown(key string) bool {
	c.violation("unknown search criterion %s", key)
	c.bad(msgField, "fieldName", key)
	return false
}

func (c *call) number(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	if err != nil {
		c.bad(msgType, "value", text, "type", "int")
		return 0, false
	}
	return n, true
}

func (c *call) groups(q *criteria, n *node) bool {
	for _, g := range n.keys {
		var group []filter
		for _, key := range n.sub[g].keys {
			if key != "filters" {
				return c.unknown(key)
			}
			filters := n.sub[g].sub[key]
			for _, f := range filters.keys {
				got, ok := c.filter(filters.sub[f])
				if !ok {
					return false
				}
				group = append(group, got)
			}
		}
		q.groups = append(q.groups, group)
	}
	return true
}

func (c *call) filter(n *node) (filter, bool) {
	f := filter{cond: "eq"}
	hasValue := false
	for _, key := range n.keys {
		v := n.sub[key].value
		switch key {
		case "field":
			f.field = v
		case "value":
			f.value, hasValue = v, true
		case "condition_type", "conditionType":
			f.cond = v
		default:
			return f, c.unknown(key)
		}
	}
	if f.field == "" {
		c.violation("a filter without a field")
	}
	if !slices.Contains(conditions, f.cond) || f.cond == "moreq" {
		// What the database layer has no key for, it takes for equality.
		c.violation("condition type %q filters like eq", f.cond)
		f.cond = "eq"
	}
	if !hasValue && f.cond != "null" && f.cond != "notnull" {
		c.violation("a filter on %s without a value", f.field)
	}
	return f, true
}

func (c *call) sorts(q *criteria, n *node) bool {
	for _, i := range n.keys {
		s := sorting{desc: true}
		for _, key := range n.sub[i].keys {
			v := n.sub[i].sub[key].value
			switch key {
			case "field":
				if !sortField.MatchString(v) {
					c.bad("Sort order field %1 contains restricted symbols", v)
					return false
				}
				s.field = v
			case "direction":
				switch strings.ToUpper(v) {
				case "ASC":
					s.desc = false
				case "DESC":
				default:
					c.bad("Sort order has to be specified as %1 for ascending order or %2 for descending order.", "ASC", "DESC")
					return false
				}
			default:
				return c.unknown(key)
			}
		}
		q.sorts = append(q.sorts, s)
	}
	return true
}

// skus returns the SKUs a list is limited to by a group of its own.
func (q *criteria) skus() ([]string, bool) {
	for _, g := range q.groups {
		if len(g) != 1 || g[0].field != "sku" {
			continue
		}
		switch g[0].cond {
		case "eq":
			return []string{g[0].value}, true
		case "in":
			return strings.Split(g[0].value, ","), true
		}
	}
	return nil, false
}

// json is search_criteria as answers repeat it.
func (q *criteria) json() string {
	var w writer
	w.obj("")
	w.arr("filter_groups")
	for _, g := range q.groups {
		w.obj("")
		w.arr("filters")
		for _, f := range g {
			w.obj("")
			w.str("field", f.field)
			w.str("value", f.value)
			w.str("condition_type", f.cond)
			w.end()
		}
		w.endArr()
		w.end()
	}
	w.endArr()
	if len(q.sorts) > 0 {
		w.arr("sort_orders")
		for _, s := range q.sorts {
			w.obj("")
			w.str("field", s.field)
			w.str("direction", map[bool]string{true: "DESC", false: "ASC"}[s.desc])
			w.end()
		}
		w.endArr()
	}
	if q.size > 0 {
		w.int("page_size", int64(q.size))
	}
	w.int("current_page", int64(q.page))
	w.end()
	return string(w.b)
}

// window cuts a page out of n rows. Past the end there is nothing, or the last
// page again if the shop is that old.
func (c *call) window(q *criteria, n int) (from, to int) {
	if q.size <= 0 {
		return 0, n
	}
	page := q.page
	if last := (n + q.size - 1) / q.size; page > last && c.server.cfg.RepeatLastPage {
		page = max(last, 1)
	}
	if page-1 > n/q.size {
		return n, n
	}
	return min((page-1)*q.size, n), min(page*q.size, n)
}

// answerList writes a list around rows that write themselves.
func (c *call) answerList(q *criteria, total int, rows func(w *writer) int) {
	c.status = http.StatusOK
	w := &c.out
	w.obj("")
	w.arr("items")
	c.rows = rows(w)
	w.endArr()
	w.raw("search_criteria", q.echo)
	w.int("total_count", int64(total))
	w.end()
}
