package magento

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// filterName names the filters of a query for its cursors: pairs of a name and
// a value, of which the empty ones do not count.
func filterName(pairs ...any) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		value := fmt.Sprint(pairs[i+1])
		if list, ok := pairs[i+1].([]string); ok {
			list = slices.Clone(list)
			slices.Sort(list)
			value = strings.Join(list, ",")
		}
		if value != "" {
			fmt.Fprintf(&b, "%s=%q;", pairs[i], value)
		}
	}
	return b.String()
}

// span names a range of time, "" when it is unlimited.
func span(since, before time.Time) string {
	if since.IsZero() && before.IsZero() {
		return ""
	}
	text := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	return text(since) + "/" + text(before)
}

func words[T ~string](values []T) []string {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	return all
}

// wordsFor finds the native words of a normalised one, sorted.
func wordsFor[T comparable](table map[string]T, wanted T) []string {
	var all []string
	for word, v := range table {
		if v == wanted {
			all = append(all, word)
		}
	}
	slices.Sort(all)
	return all
}
