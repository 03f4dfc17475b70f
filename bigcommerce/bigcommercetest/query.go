package bigcommercetest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// checkQuery reports parameters the endpoint does not have. V3 refuses them;
// V2 is not documented to, so there they do nothing.
func (c *call) checkQuery(to *route) bool {
	var wrong []string
	for name, values := range c.query {
		if !to.takes(name) {
			wrong = append(wrong, name)
			c.violation("unknown query parameter %s", name)
		}
		if len(values) > 1 {
			c.violation("%s is repeated; lists are written with commas", name)
		}
	}
	if len(wrong) == 0 || c.v2 {
		return true
	}
	slices.Sort(wrong)
	c.fail(http.StatusUnprocessableEntity,
		"The filter(s): "+strings.Join(wrong, ", ")+" are not valid filter parameter(s).")
	return false
}

// filterReader reads filters and remembers the first that is wrong.
type filterReader struct {
	c   *call
	bad string
}

func (f *filterReader) text(name string) string { return f.c.query.Get(name) }

func (f *filterReader) list(name string) []string {
	v := f.c.query.Get(name)
	if v == "" {
		return nil
	}
	return strings.Split(v, ",")
}

func (f *filterReader) id(name string) int64 {
	v := f.text(name)
	if v == "" {
		return 0
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		f.wrong(name)
	}
	return n
}

func (f *filterReader) ids(name string) []int64 {
	list := f.list(name)
	if list == nil {
		return nil
	}
	out := make([]int64, 0, len(list))
	for _, v := range list {
		n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		if err != nil {
			f.wrong(name)
		}
		out = append(out, n)
	}
	return out
}

// flag reads true, false, 1 or 0; nil when absent.
func (f *filterReader) flag(name string) *bool {
	v := f.text(name)
	if v == "" {
		return nil
	}
	b, err := strconv.ParseBool(v)
	if err != nil {
		f.wrong(name)
	}
	return &b
}

var dateLayouts = []string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04:05.000Z0700", "2006-01-02T15:04:05Z0700",
	time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700",
}

// date reads a time. A V3 date without a time of day gets the time of day of
// the request, as the vendor warns.
func (f *filterReader) date(name string) time.Time {
	v := f.text(name)
	if v == "" {
		return time.Time{}
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, v); err == nil {
			return t.UTC()
		}
	}
	day, err := time.Parse(time.DateOnly, v)
	if err != nil {
		if strings.Contains(f.c.r.URL.RawQuery, "+") && strings.Contains(v, " ") {
			f.c.violation("%s has a plus sign that is not percent-encoded", name)
		}
		f.wrong(name)
		return time.Time{}
	}
	if f.c.v2 {
		return day
	}
	f.c.violation("%s=%s has no time of day: the time of the request is used", name, v)
	now := f.c.store.now()
	return day.Add(now.Sub(now.Truncate(24 * time.Hour)))
}

func (f *filterReader) wrong(name string) {
	if f.bad == "" {
		f.bad = name
	}
}

// failed answers the error of a filter that could not be read.
func (f *filterReader) failed() bool {
	if f.bad == "" {
		return false
	}
	f.c.violation("the value of %s cannot be read", f.bad)
	f.c.invalid(strings.Replace(msgBadField, "%s", f.bad, 1), f.bad, "the value is invalid")
	return true
}

// span reads name:min and name:max, or min_name and max_name.
func (f *filterReader) span(least, most string) span {
	var s span
	if t := f.date(least); !t.IsZero() {
		s.min = t.Unix()
		if t.Nanosecond() > 0 {
			s.min++
		}
	}
	if t := f.date(most); !t.IsZero() {
		s.max = t.Unix()
	}
	return s
}
