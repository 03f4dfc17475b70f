package transport

import (
	"encoding/json"
	"errors"
	"iter"

	"github.com/soukhq/souk/catalog"
)

// errNotJSON is what an unreadable page ends with. It says nothing of the
// page's content.
func errNotJSON(what string) error {
	return &catalog.Error{Kind: catalog.ErrBadAnswer, Message: what, Err: errors.New("malformed or cut JSON")}
}

// Elements yields the elements of a JSON array, in order, each a sub-slice of
// raw: nothing is copied or decoded. An element is valid JSON when it is
// yielded. When raw is not an array, is malformed or goes on after its end,
// the last pair is a nil element and a catalog.ErrBadAnswer error. JSON null
// has no elements.
func Elements(raw []byte) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		i := skipSpace(raw, 0)
		if i < len(raw) && raw[i] == 'n' {
			if i = skipWord(raw, i, "null"); i < 0 || skipSpace(raw, i) != len(raw) {
				yield(nil, errNotJSON("the list"))
			}
			return
		}
		if i >= len(raw) || raw[i] != '[' {
			yield(nil, errNotJSON("the list is not an array"))
			return
		}
		end := eachElement(raw, i, 1, func(element json.RawMessage) bool { return yield(element, nil) })
		if end == stopped {
			return
		}
		if end < 0 || skipSpace(raw, end) != len(raw) {
			yield(nil, errNotJSON("the list"))
		}
	}
}

// stopped is the offset eachElement and eachMember return when told to stop.
const stopped = -2

// eachElement visits the elements of the array at i.
func eachElement(b []byte, i, depth int, visit func(json.RawMessage) bool) int {
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == ']' {
		return i + 1
	}
	for {
		start := i
		if i = skipValue(b, i, depth); i < 0 {
			return -1
		}
		if !visit(b[start:i:i]) {
			return stopped
		}
		if i = skipSpace(b, i); i >= len(b) {
			return -1
		}
		switch b[i] {
		case ']':
			return i + 1
		case ',':
			i = skipSpace(b, i+1)
		default:
			return -1
		}
	}
}

// eachMember visits the members of the object at i. visit gets the quoted
// name and the value's offset, and returns the offset after the value.
func eachMember(b []byte, i int, visit func(key []byte, value int) int) int {
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == '}' {
		return i + 1
	}
	for {
		var key []byte
		if key, i = skipKey(b, i); i < 0 {
			return -1
		}
		if i = visit(key, i); i < 0 {
			return i
		}
		if i = skipSpace(b, i); i >= len(b) {
			return -1
		}
		switch b[i] {
		case '}':
			return i + 1
		case ',':
			i = skipSpace(b, i+1)
		default:
			return -1
		}
	}
}

// named reports whether a quoted key is name; keys are case-sensitive.
func named(key []byte, name string) bool {
	if inner := key[1 : len(key)-1]; string(inner) == name {
		return true
	}
	var plain string
	return hasEscape(key) && json.Unmarshal(key, &plain) == nil && plain == name
}

func hasEscape(key []byte) bool {
	for _, c := range key {
		if c == '\\' {
			return true
		}
	}
	return false
}

// Field returns the value at path, a sub-slice of raw, or nil when there is
// none: a name on the path is missing, or the value it should be in is not an
// object. Of equal names the last counts. The whole of raw is checked: when
// it is malformed or cut, even after the value, the error is a
// catalog.ErrBadAnswer.
func Field(raw []byte, path ...string) (json.RawMessage, error) {
	page, err := OpenPage(raw)
	if err != nil {
		return nil, err
	}
	return page.Field(path...), nil
}

// Peek returns the values of an object's members of these names, sub-slices of
// raw, nil for what it has not found. It reads no further than the last of
// them, so that the first of equal names counts and what lies behind is not
// checked: for a record's id, which stands in front as a rule, when the record
// will be decoded later.
func Peek(raw []byte, names ...string) []json.RawMessage {
	values := make([]json.RawMessage, len(names))
	i := skipSpace(raw, 0)
	if i >= len(raw) || raw[i] != '{' {
		return values
	}
	missing := len(names)
	eachMember(raw, i, func(key []byte, value int) int {
		end := skipValue(raw, value, 1)
		if end < 0 {
			return -1
		}
		for n, name := range names {
			if values[n] == nil && named(key, name) {
				values[n] = raw[value:end:end]
				missing--
			}
		}
		if missing == 0 {
			return stopped
		}
		return end
	})
	return values
}
