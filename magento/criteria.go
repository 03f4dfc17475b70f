package magento

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// condition is one filter. Times and ids are texts like everything else.
// https://developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches
type condition struct{ field, how, value string }

// group holds if one of its conditions does; all groups must hold.
type group []condition

// criteria are what a list is asked for. There are never more than ten groups,
// nor ten conditions in one: with an index of 10 a signature depends on the
// version.
type criteria struct {
	groups []group
	sort   []string // fields, ascending
	last   bool     // the fields are descending
	size   int64
	page   int64 // 0 = the first
}

// mostIndexes is how many groups, or conditions of a group, there may be.
const mostIndexes = 10

// where returns criteria with further groups.
func (c criteria) where(groups ...group) criteria {
	c.groups = append(slices.Clone(c.groups), groups...)
	return c
}

func is(field, value string) group         { return group{{field, "eq", value}} }
func oneOf(field string, v []string) group { return group{{field, "in", strings.Join(v, ",")}} }

// params writes the criteria out. Every name has a value, as some versions
// pass over those that have none.
func (c criteria) params() []oauth1.Param {
	var all []oauth1.Param
	add := func(name, value string) {
		all = append(all, oauth1.Param{Name: "searchCriteria" + name, Value: value})
	}
	for g, group := range c.groups {
		for f, one := range group {
			at := "[filterGroups][" + strconv.Itoa(g) + "][filters][" + strconv.Itoa(f) + "]"
			add(at+"[field]", one.field)
			add(at+"[value]", one.value)
			add(at+"[conditionType]", one.how)
		}
	}
	direction := "ASC"
	if c.last {
		direction = "DESC"
	}
	for i, field := range c.sort {
		at := "[sortOrders][" + strconv.Itoa(i) + "]"
		add(at+"[field]", field)
		add(at+"[direction]", direction)
	}
	if c.size > 0 {
		add("[pageSize]", strconv.FormatInt(c.size, 10))
	}
	add("[currentPage]", strconv.FormatInt(max(c.page, 1), 10))
	return all
}

// encodeQuery writes parameters as a query: a space is %20, a plus %2B.
func encodeQuery(params []oauth1.Param) string {
	var b strings.Builder
	for i, p := range params {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(oauth1.Encode(p.Name))
		b.WriteByte('=')
		b.WriteString(oauth1.Encode(p.Value))
	}
	return b.String()
}

// stampLayout is how Magento writes and compares times, in UTC.
const stampLayout = "2006-01-02 15:04:05"

func stamp(t time.Time) string { return t.UTC().Format(stampLayout) }

// within filters a time. Change times are whole seconds: since is rounded down
// and before up, so that nothing is left out; what is too much is dropped by
// the exact filter.
func within(field string, since, before time.Time) []group {
	var groups []group
	if !since.IsZero() {
		groups = append(groups, group{{field, "gteq", stamp(since)}})
	}
	if !before.IsZero() {
		groups = append(groups, group{{field, "lt", stamp(before.Add(time.Second - 1))}})
	}
	return groups
}

// bySKUs cuts SKUs into filters of their own requests. A list is split at its
// commas, which cannot be escaped, so a SKU with a comma is asked for by
// itself, ten to a request. Each filter selects no more products than it names
// SKUs, and keeps the request line short of what web servers take.
func bySKUs(skus []string) []filterOf {
	const longest = 5000
	var all []filterOf
	var list, odd filterOf
	flush := func(f *filterOf) {
		if len(f.named) > 0 {
			all = append(all, *f)
		}
		*f = filterOf{}
	}
	for _, sku := range skus {
		length := len(oauth1.Encode(sku)) + 3
		if strings.Contains(sku, ",") {
			if len(odd.named) == mostIndexes || odd.length+length > longest {
				flush(&odd)
			}
			odd.add(sku, length)
			odd.group = append(odd.group, condition{"sku", "eq", sku})
			continue
		}
		if len(list.named) == batch || list.length+length > longest {
			flush(&list)
		}
		list.add(sku, length)
		list.group = oneOf("sku", list.named)
	}
	flush(&list)
	flush(&odd)
	return all
}

// filterOf is a filter that names all it selects.
type filterOf struct {
	group  group
	named  []string
	length int
}

func (f *filterOf) add(name string, length int) {
	f.named, f.length = append(f.named, name), f.length+length
}

// batch is how many records are asked for by name at once: what Magento does
// for each of them is slow.
const batch = 100
