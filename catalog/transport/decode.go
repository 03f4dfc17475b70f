package transport

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"sync"

	"github.com/soukhq/souk/catalog"
)

// Decode reads one record's JSON into v, a pointer to a struct, such that one
// odd field does not cost the record.
//
// Fields are found by their json tags, letters' case included. Numbers sent
// as text and text sent as numbers are taken for what they say; digits are
// never passed through a float on the way to text or an integer. Anything else
// that does not fit leaves its field zero and becomes a Problem with its path.
// Types with an UnmarshalJSON of their own are asked. The error says that the
// JSON is not an object at all, or no JSON.
//
// Short texts that repeat, such as currencies, share memory. Decode does not
// keep raw and is safe for concurrent use. It expects *v to be zero, except
// that a slice of length 0 may bring room, all of it zero, to be used again.
func Decode(raw json.RawMessage, v any) ([]catalog.Problem, error) {
	target := reflect.ValueOf(v).Elem()
	i := skipSpace(raw, 0)
	if end := skipValue(raw, i, 0); end < 0 || skipSpace(raw, end) != len(raw) {
		return nil, errors.New("it is not JSON")
	}
	if raw[i] != '{' {
		return nil, fmt.Errorf("it is %s, not an object", shape(raw[i]))
	}
	d := decoders.Get().(*decoder)
	d.b = raw
	d.object(i, target, planOf(target.Type()))
	problems := d.problems
	d.b, d.problems, d.path = nil, nil, d.path[:0]
	decoders.Put(d)
	return problems, nil
}

// decoder reads JSON that was found valid before.
type decoder struct {
	b        []byte
	path     []step
	problems []catalog.Problem
	texts    [512]string // recent short texts by hash
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// step is a part of a path: a member's name, or an element's index.
type step struct {
	name  string
	index int
}

// maxProblems bounds what one wreck of a record can report.
const maxProblems = 100

// odd reports a value that does not fit.
func (d *decoder) odd(i int, want string) {
	if len(d.problems) >= maxProblems {
		return
	}
	var path []byte
	for n, s := range d.path {
		if n > 0 {
			path = append(path, '.')
		}
		if s.name != "" {
			path = append(path, s.name...)
		} else {
			path = strconv.AppendInt(path, int64(s.index), 10)
		}
	}
	d.problems = append(d.problems, catalog.NewProblem(string(path), shape(d.b[i])+" where "+want+" was expected", string(d.b[i:skipValue(d.b, i, 0)])))
}

// shape names a JSON value by its first byte.
func shape(first byte) string {
	switch first {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "text"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	}
	return "a number"
}
