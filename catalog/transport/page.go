package transport

import (
	"encoding/json"
	"slices"
	"strings"
)

// Page is one JSON answer, cut open in one pass and checked to its end. All
// slices are parts of the body. It is not safe for concurrent writes.
type Page struct {
	// Items are the elements of the array at the path OpenPage was given, each
	// of them valid JSON. Nil when there is no array at the path.
	Items []json.RawMessage
	// Found reports whether the array was there, if only empty.
	Found bool

	body   json.RawMessage
	list   []string // the path to Items
	beside []member // every value next to the way to Items
}

// member is a value beside the path, known by the depth and name of the
// object member it is.
type member struct {
	depth int
	key   []byte // quoted
	value json.RawMessage
}

// OpenPage reads a whole answer and cuts the array at path into its elements,
// such as OpenPage(body, "data", "products", "nodes"). Without a path a
// top-level array is cut. A missing or null value at the path is no error,
// since many platforms answer a failure in this way: Found is false then. The
// error is a catalog.ErrBadAnswer when the body is malformed or cut, or when
// the value at path is something else than an array.
//
// It costs about as much as reading the bytes once and allocates a few times
// per page, not per item.
func OpenPage(body []byte, path ...string) (*Page, error) {
	p := &Page{body: body, list: path}
	i := skipSpace(body, 0)
	end := p.enter(body, i, 0)
	switch {
	case end == stopped:
		return nil, errNotJSON("the answer has no list at " + strings.Join(path, "."))
	case end < 0 || skipSpace(body, end) != len(body):
		return nil, errNotJSON("the answer")
	}
	p.body = body[i:end:end]
	return p, nil
}

// enter reads the value at i, to which the first depth names of the path
// lead.
func (p *Page) enter(b []byte, i, depth int) int {
	if i >= len(b) {
		return -1
	}
	switch {
	case depth == len(p.list) && b[i] == '[':
		return p.cut(b, i, depth)
	case depth < len(p.list) && b[i] == '{':
		return eachMember(b, i, func(key []byte, value int) int {
			if named(key, p.list[depth]) {
				p.Items, p.Found = nil, false // of equal names the last counts
				return p.enter(b, value, depth+1)
			}
			end := skipValue(b, value, depth+1)
			if end >= 0 {
				p.beside = append(p.beside, member{depth, key, b[value:end:end]})
			}
			return end
		})
	}
	end := skipValue(b, i, depth)
	if end >= 0 && depth == len(p.list) && depth > 0 && b[i] != 'n' {
		return stopped
	}
	return end
}

func (p *Page) cut(b []byte, i, depth int) int {
	p.Found, p.Items = true, []json.RawMessage{}
	return eachElement(b, i, depth+1, func(element json.RawMessage) bool {
		if len(p.Items) == cap(p.Items) { // guess from the first elements how many there will be
			p.Items = slices.Grow(p.Items, max(8, min(len(p.Items)*3, 1024)))
		}
		p.Items = append(p.Items, element)
		return true
	})
}

// Field returns the value at path, a part of the body, or nil when there is
// none. Values beside the way to Items, such as a cursor, cost nothing to
// find. Of equal names the last counts.
func (p *Page) Field(path ...string) json.RawMessage {
	if len(path) == 0 {
		return p.body
	}
	depth := 0
	for depth < len(p.list) && depth < len(path) && p.list[depth] == path[depth] {
		depth++
	}
	if depth == len(p.list) || depth == len(path) { // on the way to Items, or inside
		return find(p.body, path)
	}
	for _, m := range slices.Backward(p.beside) {
		if m.depth == depth && named(m.key, path[depth]) {
			return find(m.value, path[depth+1:])
		}
	}
	return nil
}

// find walks into valid JSON.
func find(raw json.RawMessage, path []string) json.RawMessage {
	for _, name := range path {
		i := skipSpace(raw, 0)
		if i >= len(raw) || raw[i] != '{' {
			return nil
		}
		var value json.RawMessage
		eachMember(raw, i, func(key []byte, at int) int {
			end := skipValue(raw, at, 1)
			if named(key, name) {
				value = raw[at:end:end]
			}
			return end
		})
		if value == nil {
			return nil
		}
		raw = value
	}
	return raw
}
