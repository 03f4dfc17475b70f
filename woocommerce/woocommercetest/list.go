package woocommercetest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// listFields are the parameters every list has.
func listFields(orders ...string) []field {
	return append([]field{
		oneOf("context", "view", "edit"),
		{name: "page", kind: "integer", bounded: true, min: 1},
		{name: "per_page", kind: "integer", bounded: true, min: 1, max: 100},
		{name: "search", kind: "string"},
		{name: "exclude", kind: "ids"}, {name: "include", kind: "ids"},
		{name: "offset", kind: "integer"},
		oneOf("order", "asc", "desc"),
		oneOf("orderby", orders...),
	}, typed("array", "include_meta", "exclude_meta")...)
}

// dateFields are the moments lists of products and orders are filtered by.
func dateFields() []field {
	return append(typed("date", "after", "before", "modified_after", "modified_before"),
		field{name: "dates_are_gmt", kind: "boolean"}, field{name: "parent", kind: "ids"}, field{name: "parent_exclude", kind: "ids"})
}

// bounds are the filters by date: all exclusive, in whole seconds.
type bounds struct{ after, before, modifiedAfter, modifiedBefore int64 }

const never = int64(1) << 62

func (c *call) bounds() bounds {
	zone := c.server.cfg.Location
	if gmt, _ := c.flag("dates_are_gmt"); gmt {
		zone = time.UTC
	}
	at := func(name string, def int64) int64 {
		if t, ok := parseDate(c.params[name], zone); ok {
			return t.Unix()
		}
		return def
	}
	return bounds{at("after", -never), at("before", never), at("modified_after", -never), at("modified_before", never)}
}

func (b bounds) keep(k key) bool {
	return k.created > b.after && k.created < b.before && k.modified > b.modifiedAfter && k.modified < b.modifiedBefore
}

// viewName names the rows of a query: its parameters but those of the page and
// of the client.
func (c *call) viewName(prefix string) string {
	var b strings.Builder
	b.WriteString(prefix)
	for _, n := range slices.Sorted(slices.Values(c.query.names)) {
		switch {
		case isGlobal(n), n == "page" && !c.server.cfg.UnstableTies, n == "per_page", n == "offset", n == "context", n == "dp":
			continue
		}
		b.WriteString("&" + n + "=" + strings.Join(leaves(c.query.values[n]), ","))
	}
	return b.String()
}

// order sorts rows by one of the orders that need no record, and reports
// whether it knows it.
func order[R any](c *call, rows []R, by string, k func(R) key) bool {
	switch by {
	case "id", "include", "post__in", "random":
		slices.SortFunc(rows, func(a, b R) int { return cmp.Compare(k(a).id, k(b).id) })
	case "date", "registered_date":
		slices.SortFunc(rows, func(a, b R) int {
			return cmp.Or(cmp.Compare(k(a).created, k(b).created), cmp.Compare(k(a).id, k(b).id))
		})
	case "modified":
		tie := func(id int64) uint64 { return uint64(id) }
		if c.server.cfg.UnstableTies {
			page := uint64(c.number("page", 1))
			tie = func(id int64) uint64 { return serverkit.NewRand(int64(page), 0, int(id)).Uint64() }
		}
		slices.SortFunc(rows, func(a, b R) int {
			return cmp.Or(cmp.Compare(k(a).modified, k(b).modified), cmp.Compare(tie(k(a).id), tie(k(b).id)))
		})
	default:
		return false
	}
	return true
}

// byInclude puts rows in the order of the ids asked for.
func byInclude[R any](rows []R, ids []int64, id func(R) int64) {
	slices.SortStableFunc(rows, func(a, b R) int {
		return cmp.Compare(slices.Index(ids, id(a)), slices.Index(ids, id(b)))
	})
}

// descending says whether the list goes down; that is the default but for
// customers and terms.
func (c *call) descending(def string) bool {
	return cmp.Or(c.params["order"], def) == "desc"
}

// cut chooses the page of n rows and writes the headers about it.
func (c *call) cut(n int, defaults ...string) (from, to int) {
	per, page := c.number("per_page", 10), c.number("page", 1)
	from = (page - 1) * per
	if _, ok := c.params["offset"]; ok {
		from = max(0, c.number("offset", 0))
	}
	from = min(from, n)
	pages := (n + per - 1) / per
	c.header.Set("X-WP-Total", strconv.Itoa(n))
	c.header.Set("X-WP-TotalPages", strconv.Itoa(pages))
	var links []string
	if page > 1 {
		links = append(links, "<"+c.pageURL(max(min(page-1, pages), 0), defaults)+`>; rel="prev"`)
	}
	if page < pages {
		links = append(links, "<"+c.pageURL(page+1, defaults)+`>; rel="next"`)
	}
	if links != nil {
		c.header.Set("Link", strings.Join(links, ", "))
	}
	return from, min(from+per, n)
}

// pageURL is the address of another page: all parameters as sent, secrets too,
// and for some lists defaults the store adds.
func (c *call) pageURL(page int, defaults []string) string {
	q := &phpArray{}
	for _, n := range c.query.names {
		if n == "page" || n == "rest_route" {
			continue
		}
		v := c.query.values[n]
		if text, ok := v.(string); ok && n == "status" && len(defaults) > 0 {
			v = phpList(listOf(text))
		}
		q.set(n, v)
	}
	for i := 0; i+1 < len(defaults); i += 2 {
		if _, ok := q.values[defaults[i]]; ok {
			continue
		}
		if defaults[i] == "status" {
			q.set("status", phpList([]string{defaults[i+1]}))
		} else {
			q.set(defaults[i], defaults[i+1])
		}
	}
	q.set("page", strconv.Itoa(page))
	mark := "?"
	if c.server.cfg.Permalinks == Plain {
		mark = "&"
	}
	return c.server.restURL(c.route) + mark + q.encode()
}

func phpList(list []string) *phpArray {
	a := &phpArray{}
	for i, v := range list {
		a.set(strconv.Itoa(i), v)
	}
	return a
}

// rowsOf writes a list, each record cut to the fields asked for.
func rowsOf[R any](c *call, list []R, each func(w *writer, r R)) {
	c.status = http.StatusOK
	only := c.only()
	c.out.b = append(c.out.b[:0], '[')
	for _, r := range list {
		c.one(only, func(w *writer) { each(w, r) })
	}
	c.out.endArr()
}

// record writes one record.
func (c *call) one(only fieldTree, write func(w *writer)) {
	if only == nil {
		write(&c.out)
		return
	}
	var whole writer
	write(&whole)
	c.out.key("")
	c.out.b, _ = only.filter(c.out.b, whole.b)
}

// answer writes one record as the whole answer.
func (c *call) answer(status int, write func(w *writer)) {
	c.status = status
	c.out.b = c.out.b[:0]
	c.one(c.only(), write)
}

// created answers 201 with the address of what was made.
func (c *call) created(at string, write func(w *writer)) {
	c.header.Set("Location", c.server.apiURL(at))
	c.answer(http.StatusCreated, write)
}
