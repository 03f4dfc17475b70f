package magentotest

import (
	"regexp"
	"strings"
	"time"
)

// columnKind says how the database compares a column.
type columnKind int

const (
	textColumn columnKind = iota // case does not matter
	numberColumn
	timeColumn
)

// column is what lists of T can be filtered and sorted by. A value that is not
// ok is NULL: no condition but null holds for it.
type column[T any] struct {
	kind columnKind
	get  func(*T) (string, bool)
}

// some wraps a getter of a column that is never NULL.
func some[T any](get func(*T) string) func(*T) (string, bool) {
	return func(r *T) (string, bool) { return get(r), true }
}

// filled wraps a getter of a column that is NULL when empty.
func filled[T any](get func(*T) string) func(*T) (string, bool) {
	return func(r *T) (string, bool) {
		v := get(r)
		return v, v != ""
	}
}

// timeValue reads a time as MySQL does in a comparison: the plain form, a day
// alone, a T between, or digits alone.
func timeValue(v string) (int64, bool) {
	for _, layout := range []string{stampLayout, "2006-01-02", "2006-01-02T15:04:05", "20060102150405", "2006-01-02 15:04", "20060102"} {
		if t, err := time.Parse(layout, strings.TrimSpace(v)); err == nil {
			return t.Unix(), true
		}
	}
	return 0, false
}

// numberValue reads the number a text starts with, as MySQL does; in
// ten-thousandths.
func numberValue(v string) int64 {
	v = strings.TrimSpace(v)
	end, dot := 0, false
	for end < len(v) && (isDigit(v[end]) || v[end] == '-' && end == 0 || v[end] == '.' && !dot) {
		dot = dot || v[end] == '.'
		end++
	}
	return toUnits(strings.TrimSuffix(v[:end], "."))
}

// test is a filter ready to run on values.
type test struct {
	kind  columnKind
	cond  string
	text  string
	num   int64
	texts map[string]bool
	nums  map[int64]bool
	like  *regexp.Regexp
}

// prepare reads the filter's value once; false if the database would refuse it.
func prepare(kind columnKind, f filter) (*test, bool) {
	t := &test{kind: kind, cond: f.cond, text: fold(f.value)}
	one := func(v string) (int64, bool) {
		if kind == timeColumn {
			return timeValue(v)
		}
		return numberValue(v), true
	}
	switch f.cond {
	case "null", "notnull":
	case "like", "nlike":
		t.like = likePattern(f.value)
	case "finset", "nfinset":
		t.kind = textColumn
	case "in", "nin":
		t.texts, t.nums = map[string]bool{}, map[int64]bool{}
		for v := range strings.SplitSeq(f.value, ",") {
			if kind == textColumn {
				t.texts[fold(v)] = true
				continue
			}
			n, ok := one(v)
			if !ok {
				return nil, false
			}
			t.nums[n] = true
		}
	default:
		if kind != textColumn {
			n, ok := one(f.value)
			if !ok {
				return nil, false
			}
			t.num = n
		}
	}
	return t, true
}

// fold makes texts equal that the database takes for equal.
func fold(s string) string { return strings.ToLower(strings.TrimRight(s, " ")) }

// likePattern turns % and _ into a pattern over the whole text.
func likePattern(s string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString("(?is)^")
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%':
			b.WriteString(".*")
		case s[i] == '_':
			b.WriteString(".")
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteString(regexp.QuoteMeta(s[i : i+1]))
		case s[i] >= 0x80:
			b.WriteByte(s[i])
		default:
			b.WriteString(regexp.QuoteMeta(s[i : i+1]))
		}
	}
	b.WriteString("$")
	return regexp.MustCompile(b.String())
}

// holds runs the test on a value; null says that there is none.
func (t *test) holds(v string, null bool) bool {
	switch t.cond {
	case "null":
		return null
	case "notnull":
		return !null
	}
	if null {
		return false
	}
	switch t.cond {
	case "like":
		return t.like.MatchString(v)
	case "nlike":
		return !t.like.MatchString(v)
	case "finset", "nfinset":
		found := false
		for part := range strings.SplitSeq(fold(v), ",") {
			found = found || part == t.text
		}
		return found == (t.cond == "finset")
	case "in", "nin":
		var found bool
		if t.kind == textColumn {
			found = t.texts[fold(v)]
		} else {
			found = t.nums[t.key(v)]
		}
		return found == (t.cond == "in")
	}
	if t.kind == textColumn {
		return t.order(strings.Compare(fold(v), t.text))
	}
	return t.holdsNumber(t.key(v))
}

func (t *test) key(v string) int64 {
	if t.kind == timeColumn {
		n, _ := timeValue(v)
		return n
	}
	return numberValue(v)
}

// holdsNumber is holds for a number column in ten-thousandths, or a time
// column in Unix seconds.
func (t *test) holdsNumber(n int64) bool {
	switch t.cond {
	case "in":
		return t.nums[n]
	case "nin":
		return !t.nums[n]
	case "null":
		return false
	case "notnull":
		return true
	}
	switch {
	case n < t.num:
		return t.order(-1)
	case n > t.num:
		return t.order(1)
	}
	return t.order(0)
}

func (t *test) order(c int) bool {
	switch t.cond {
	case "neq":
		return c != 0
	case "gt":
		return c > 0
	case "gteq", "from":
		return c >= 0
	case "lt":
		return c < 0
	case "lteq", "to":
		return c <= 0
	}
	return c == 0
}
