package shopifytest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// filter turns one field of a search into a test of the key or of the record.
type filter func(t *term)

type filterSet map[string]filter

// compare applies the operator of a term to an ordering result.
func (t *term) compare(c int) bool {
	switch t.op {
	case ">=":
		return c >= 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	case "<":
		return c < 0
	}
	return c == 0
}

func keyNumber(get func(key) int64) filter {
	return func(t *term) {
		n, err := strconv.ParseInt(t.value, 10, 64)
		if err != nil {
			_, n, _ = parseGID(t.value)
		}
		t.onKey = func(k key) bool { return t.compare(compareInt(get(k), n)) }
	}
}

// keyTime compares whole seconds; a date without a time means its first
// second, or, without an operator, the whole day.
func keyTime(get func(key) int64) filter {
	return func(t *term) {
		at, day, ok := parseSearchTime(t.value)
		if !ok {
			t.onKey = func(key) bool { return true }
			return
		}
		from := at.Unix()
		t.onKey = func(k key) bool {
			v := get(k)
			if t.op == "" && day {
				return v >= from && v < from+86400
			}
			return t.compare(compareInt(v, from))
		}
	}
}

func parseSearchTime(s string) (t time.Time, day, ok bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, false, true
		}
	}
	t, err := time.Parse("2006-01-02", s)
	return t, true, err == nil
}

func compareInt(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// word compares one of the texts of a record, without case; a trailing *
// means any ending, a comma list any of the words.
func word[T any](get func(*T) []string) filter {
	return func(t *term) {
		values := []string{strings.ToLower(t.value)}
		if !t.quoted {
			values = strings.Split(values[0], ",")
		}
		t.onRec = func(o any) bool {
			for _, have := range get(o.(*T)) {
				have = strings.ToLower(have)
				for _, want := range values {
					if p, ok := strings.CutSuffix(want, "*"); ok && strings.HasPrefix(have, p) || have == want {
						return true
					}
				}
			}
			return false
		}
	}
}

// phrase looks for words inside texts, as the tokenised fields do; quoted,
// the words must follow one another.
func phrase[T any](get func(*T) []string) filter {
	return func(t *term) {
		want := strings.TrimSuffix(strings.ToLower(t.value), "*")
		t.onRec = func(o any) bool {
			for _, have := range get(o.(*T)) {
				if strings.Contains(strings.ToLower(have), want) {
					return true
				}
			}
			return false
		}
	}
}

func number[T any](get func(*T) float64) filter {
	return func(t *term) {
		n, err := strconv.ParseFloat(t.value, 64)
		t.onRec = func(o any) bool {
			if err != nil {
				return true
			}
			switch v := get(o.(*T)); {
			case v < n:
				return t.compare(-1)
			case v > n:
				return t.compare(1)
			}
			return t.compare(0)
		}
	}
}

// keyFilters are known to every list.
func keyFilters(more filterSet) filterSet {
	fs := filterSet{
		"id":         keyNumber(func(k key) int64 { return k.id }),
		"created_at": keyTime(func(k key) int64 { return k.created }),
		"updated_at": keyTime(func(k key) int64 { return k.updated }),
	}
	for name, f := range more {
		fs[name] = f
	}
	return fs
}

// bind gives every leaf its test; unknown fields match everything and warn.
func (t *term) bind(fs filterSet, warn func(field string)) {
	if t.join != "" {
		for _, k := range t.kids {
			k.bind(fs, warn)
		}
		slices.SortStableFunc(t.kids, func(a, b *term) int {
			return compareInt(b2i(a.onKey == nil), b2i(b.onKey == nil))
		})
		return
	}
	name := t.field
	if name == "" {
		name = "default"
	}
	f := fs[name]
	if f == nil {
		negated := t.negated
		t.onKey = func(key) bool { return !negated }
		if t.field != "" {
			warn(t.field)
		}
		return
	}
	f(t)
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
