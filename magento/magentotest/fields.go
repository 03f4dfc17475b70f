package magentotest

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

var fieldsPattern = regexp.MustCompile(`^[A-Za-z0-9_\[\],]+$`)

// fieldSet is a parsed projection: names, and below them what is kept of
// their values; nil below means all of it.
type fieldSet map[string]fieldSet

// parseFields reads "items[sku,name],total_count"; false when it cannot.
func parseFields(s string) (fieldSet, bool) {
	if !fieldsPattern.MatchString(s) {
		return nil, false
	}
	set, rest, ok := parseLevel(s, 0)
	return set, ok && rest == ""
}

func parseLevel(s string, depth int) (fieldSet, string, bool) {
	set := fieldSet{}
	for {
		end := strings.IndexAny(s, "[],")
		if end < 0 {
			end = len(s)
		}
		name := s[:end]
		s = s[end:]
		if name == "" {
			return nil, "", false
		}
		var sub fieldSet
		if strings.HasPrefix(s, "[") {
			var ok bool
			if sub, s, ok = parseLevel(s[1:], depth+1); !ok || !strings.HasPrefix(s, "]") {
				return nil, "", false
			}
			s = s[1:]
		}
		set[name] = sub
		switch {
		case strings.HasPrefix(s, ","):
			s = s[1:]
		case s == "" && depth == 0, strings.HasPrefix(s, "]") && depth > 0:
			return set, s, true
		default:
			return nil, "", false
		}
	}
}

// project keeps the wanted fields of the answer. An expression the shop cannot
// read makes the answer an empty array; an empty list becomes null.
func (c *call) project(expression string) {
	if len(c.out.b) == 0 || c.out.b[0] != '{' && c.out.b[0] != '[' {
		return // a text, a number or a truth value stays as it is
	}
	set, ok := parseFields(expression)
	if !ok {
		c.violation("fields=%q cannot be read", expression)
		c.out.b = append(c.out.b[:0], "[]"...)
		return
	}
	b := project(bytes.Clone(c.out.b), set)
	c.out.b = append(c.out.b[:0], b...)
}

// project applies a set to an object, or to each element of an array.
func project(src json.RawMessage, set fieldSet) []byte {
	src = bytes.TrimSpace(src)
	if len(src) == 0 || src[0] != '[' {
		return projectObject(src, set)
	}
	var list []json.RawMessage
	if json.Unmarshal(src, &list) != nil {
		return src
	}
	if len(list) == 0 {
		return []byte("null")
	}
	out := []byte{'['}
	for i, e := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, projectObject(e, set)...)
	}
	return append(out, ']')
}

func projectObject(src json.RawMessage, set fieldSet) []byte {
	if len(src) == 0 || src[0] != '{' {
		return src
	}
	d := json.NewDecoder(bytes.NewReader(src))
	_, _ = d.Token() // the brace
	out := []byte{'{'}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return src
		}
		var v json.RawMessage
		if d.Decode(&v) != nil {
			return src
		}
		name, _ := key.(string)
		sub, wanted := set[name]
		if !wanted {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(appendText(out, name, false), ':')
		switch {
		case sub == nil || v[0] != '{' && v[0] != '[':
			out = append(out, v...)
		case name == "custom_attributes":
			out = append(out, projectAttributes(v, sub)...)
		default:
			out = append(out, project(v, sub)...)
		}
	}
	if len(out) == 1 {
		return []byte("[]")
	}
	return append(out, '}')
}

// projectAttributes keeps attributes by their code, under the index they had:
// an object, unless the indexes happen to count from 0.
func projectAttributes(src json.RawMessage, set fieldSet) []byte {
	var list []json.RawMessage
	if json.Unmarshal(src, &list) != nil {
		return src
	}
	var kept []int
	for i, e := range list {
		var a struct {
			Code string `json:"attribute_code"`
		}
		if json.Unmarshal(e, &a) != nil {
			continue
		}
		if _, ok := set[a.Code]; ok {
			kept = append(kept, i)
		}
	}
	if len(kept) == 0 {
		return []byte("[]")
	}
	open, end, counted := byte('['), byte(']'), kept[len(kept)-1] == len(kept)-1
	if !counted {
		open, end = '{', '}'
	}
	out := []byte{open}
	for n, i := range kept {
		if n > 0 {
			out = append(out, ',')
		}
		if !counted {
			out = append(out, strconv.Quote(strconv.Itoa(i))...)
			out = append(out, ':')
		}
		out = append(out, list[i]...)
	}
	return append(out, end)
}
