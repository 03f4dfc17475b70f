package bigcommerce

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/transport"
)

// times is a range of time: since inclusive, before exclusive, each zero for
// open.
type times struct{ since, before time.Time }

func (t times) holds(at time.Time) bool { return transport.Within(at, t.since, t.before) }

// String names the range for cursors, "" when it is open.
func (t times) String() string {
	if t == (times{}) {
		return ""
	}
	var ends [2]string
	for i, end := range []time.Time{t.since, t.before} {
		if !end.IsZero() {
			ends[i] = end.UTC().Format(time.RFC3339Nano)
		}
	}
	return ends[0] + "/" + ends[1]
}

// of asks for the range by two parameters. Whether BigCommerce takes its ends
// in is not documented, so a second more is asked for on each side, and the
// list drops what is too much. Times are written out whole: to a date alone
// V3 adds the time of day of the call.
func (t times) of(c call, since, before string) call {
	if !t.since.IsZero() {
		c = c.with(since, stamp(t.since.Add(-time.Second)))
	}
	if !t.before.IsZero() {
		c = c.with(before, stamp(t.before.Add(time.Second)))
	}
	return c
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// filterOf names the filters of a query for its cursors: pairs of a name and a
// value, of which the empty ones do not count.
func filterOf(pairs ...any) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := fmt.Sprint(pairs[i+1]); value != "" {
			fmt.Fprintf(&b, "%s=%q;", pairs[i], value)
		}
	}
	return b.String()
}

// words names a set of words in any order.
func words[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	slices.Sort(texts)
	return strings.Join(texts, ",")
}
