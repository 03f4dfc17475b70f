package bigcommerce

import (
	"time"

	"github.com/soukhq/souk/catalog/transport"
)

// times is a range of time: since inclusive, before exclusive, each zero for
// open.
type times struct{ since, before time.Time }

func (t times) holds(at time.Time) bool { return transport.Within(at, t.since, t.before) }

// name names the range for cursors, "" when it is open.
func (t times) name() string { return transport.Span(t.since, t.before) }

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
