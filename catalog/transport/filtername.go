package transport

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// FilterName names the filters of a query for its cursors: pairs of a name and
// a value, of which the empty ones do not count. No filter at all is "".
func FilterName(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			b.WriteString(pairs[i] + "=" + strconv.Quote(pairs[i+1]) + ";")
		}
	}
	return b.String()
}

// Span names a range of time for FilterName, "" when it is unlimited.
func Span(since, before time.Time) string {
	if since.IsZero() && before.IsZero() {
		return ""
	}
	name := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	return name(since) + "/" + name(before)
}

// Words names values for FilterName, whatever order they are in.
func Words[T ~string](values []T) string {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	slices.Sort(all)
	return strings.Join(all, ",")
}
