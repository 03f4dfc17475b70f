package salla

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// filterOf names the filters of a query for its cursors: pairs of a name and
// a value, of which the empty ones do not count.
func filterOf(pairs ...any) string {
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
	stamp := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	return stamp(since) + "/" + stamp(before)
}

// Salla filters by whole days. Which zone's days, and whether the last is
// included, its pages do not say: the first day is taken where it begins
// latest and the last one where it ends earliest, and what is too much is
// dropped here.
func firstDay(since time.Time) string { return since.UTC().Format(time.DateOnly) }

func lastDay(before time.Time) string {
	return before.In(riyadh).AddDate(0, 0, 1).Format(time.DateOnly)
}

// wordFor finds the native word of a normalised one; among several the first
// by alphabet.
func wordFor[T comparable](table map[string]T, wanted T) (string, bool) {
	var words []string
	for word, v := range table {
		if v == wanted {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		return "", false
	}
	return slices.Min(words), true
}
