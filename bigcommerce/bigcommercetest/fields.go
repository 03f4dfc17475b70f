package bigcommercetest

import (
	"slices"
	"strings"
)

// fieldSet is include_fields or exclude_fields of a V3 list.
type fieldSet struct {
	only, without []string
}

func (c *call) fieldSet() fieldSet {
	split := func(name string) []string {
		if v := c.query.Get(name); v != "" {
			return strings.Split(v, ",")
		}
		return nil
	}
	return fieldSet{split("include_fields"), split("exclude_fields")}
}

func (f fieldSet) all() bool { return f.only == nil && f.without == nil }

func (f fieldSet) keeps(name string, extra []string) bool {
	if name == "id" || slices.Contains(extra, name) {
		return true
	}
	if f.only != nil && !slices.Contains(f.only, name) {
		return false
	}
	return !slices.Contains(f.without, name)
}

// trim removes members of the JSON object that begins at from, which write has
// just appended, keeping id and those in extra.
func (f fieldSet) trim(w *writer, from int, extra []string) {
	if f.all() {
		return
	}
	if w.b[from] == ',' {
		from++
	}
	src := w.b[from:]
	out := make([]byte, 0, len(src))
	out = append(out, '{')
	for at := 1; src[at] != '}'; {
		if src[at] == ',' {
			at++
		}
		end := skipValue(src, at)
		name := string(src[at+1 : end-1])
		stop := skipValue(src, end+1)
		if f.keeps(name, extra) {
			if len(out) > 1 {
				out = append(out, ',')
			}
			out = append(out, src[at:stop]...)
		}
		at = stop
	}
	w.b = append(append(w.b[:from], out...), '}')
}

// skipValue returns where the JSON value that begins at i ends. The JSON is
// ours, so that it is well formed and without spaces.
func skipValue(b []byte, i int) int {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
			if depth < 0 {
				return i
			}
		case ',':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
	return i
}
