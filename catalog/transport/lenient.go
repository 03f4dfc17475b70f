package transport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/soukhq/souk/catalog"
)

// Decode reads one record's JSON into v, a pointer to a struct, such that one
// odd field does not cost the record.
//
// JSON that fits takes the straight way through encoding/json. Otherwise every
// field is read for itself: numbers sent as text and text sent as numbers are
// taken for what they say, anything else that does not fit leaves its field
// zero and becomes a Problem with its path. Digits are never passed through a
// float on the way to text or an integer. The error says that the JSON is not
// an object at all. It does not keep raw.
func Decode(raw json.RawMessage, v any) ([]catalog.Problem, error) {
	if json.Unmarshal(raw, v) == nil && firstByte(raw) == '{' {
		return nil, nil
	}
	target := reflect.ValueOf(v).Elem()
	target.SetZero()
	if !json.Valid(raw) {
		return nil, fmt.Errorf("it is not JSON")
	}
	if firstByte(raw) != '{' {
		return nil, fmt.Errorf("it is %s, not an object", shape(raw))
	}
	var l lenient
	l.read("", raw, target)
	return l.problems, nil
}

func firstByte(raw []byte) byte {
	if raw = bytes.TrimLeft(raw, " \t\r\n"); len(raw) > 0 {
		return raw[0]
	}
	return 0
}

// shape names a JSON value for a message.
func shape(raw []byte) string {
	switch firstByte(raw) {
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

type lenient struct{ problems []catalog.Problem }

// maxProblems bounds what one wreck of a record can report.
const maxProblems = 100

func (l *lenient) odd(path string, raw []byte, want string) bool {
	if len(l.problems) < maxProblems {
		l.problems = append(l.problems, catalog.NewProblem(path, shape(raw)+" where "+want+" was expected", string(raw)))
	}
	return false
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// read sets v from raw and reports whether it could.
func (l *lenient) read(path string, raw []byte, v reflect.Value) bool {
	raw = bytes.TrimSpace(raw)
	if firstByte(raw) == 'n' {
		v.SetZero()
		return true
	}
	if v.CanAddr() && v.Addr().Type().Implements(unmarshaler) {
		if err := v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(raw); err != nil {
			v.SetZero()
			return l.odd(path, raw, "another value")
		}
		return true
	}
	switch v.Kind() {
	case reflect.Pointer:
		next := reflect.New(v.Type().Elem())
		if !l.read(path, raw, next.Elem()) {
			return false
		}
		v.Set(next)
		return true
	case reflect.Struct:
		return l.object(path, raw, v)
	case reflect.Slice:
		return l.list(path, raw, v)
	default:
		return l.scalar(path, raw, v)
	}
}

func (l *lenient) object(path string, raw []byte, v reflect.Value) bool {
	if firstByte(raw) != '{' {
		return l.odd(path, raw, "an object")
	}
	fields := fieldsOf(v.Type())
	d := json.NewDecoder(bytes.NewReader(raw))
	_, _ = d.Token()
	for d.More() {
		name, _ := d.Token()
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return true // the JSON was valid before, so this cannot happen
		}
		key, _ := name.(string)
		if index, ok := fields[key]; ok {
			l.read(join(path, key), value, v.FieldByIndex(index))
		}
	}
	return true
}

func (l *lenient) list(path string, raw []byte, v reflect.Value) bool {
	if firstByte(raw) != '[' {
		return l.odd(path, raw, "a list")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	_, _ = d.Token()
	for i := 0; d.More(); i++ {
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return true
		}
		next := reflect.New(v.Type().Elem()).Elem()
		if l.read(join(path, strconv.Itoa(i)), value, next) {
			v.Set(reflect.Append(v, next))
		}
	}
	return true
}

// scalar reads text, numbers and truth, also where they come as one another.
func (l *lenient) scalar(path string, raw []byte, v reflect.Value) bool {
	text, isText := string(raw), false
	if firstByte(raw) == '"' {
		isText = json.Unmarshal(raw, &text) == nil
	}
	composite := firstByte(raw) == '{' || firstByte(raw) == '['
	switch v.Kind() {
	case reflect.String:
		number := v.Type() == reflect.TypeFor[json.Number]()
		if composite || number && !isNumber(text) || !isText && !isNumber(text) {
			return l.odd(path, raw, "text")
		}
		v.SetString(text)
		return true
	case reflect.Bool:
		switch text {
		case "true", "1":
			v.SetBool(true)
			return true
		case "false", "0", "":
			return true
		}
		return l.odd(path, raw, "true or false")
	case reflect.Int, reflect.Int64, reflect.Int32:
		whole, fraction, _ := strings.Cut(text, ".")
		n, err := strconv.ParseInt(whole, 10, v.Type().Bits())
		if err != nil || strings.Trim(fraction, "0") != "" {
			return l.odd(path, raw, "a whole number")
		}
		v.SetInt(n)
		return true
	case reflect.Float64:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return l.odd(path, raw, "a number")
		}
		v.SetFloat(f)
		return true
	}
	if json.Unmarshal(raw, v.Addr().Interface()) != nil {
		v.SetZero()
		return l.odd(path, raw, "another value")
	}
	return true
}

func isNumber(s string) bool {
	return s != "" && (s[0] == '-' || '0' <= s[0] && s[0] <= '9') && json.Valid([]byte(s))
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

var fieldCache sync.Map // reflect.Type -> map[string][]int

// fieldsOf maps JSON names to field indexes, embedded structs included.
func fieldsOf(t reflect.Type) map[string][]int {
	if known, ok := fieldCache.Load(t); ok {
		return known.(map[string][]int)
	}
	fields := make(map[string][]int)
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() || f.Anonymous && name == "" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		fields[name] = f.Index
	}
	fieldCache.Store(t, fields)
	return fields
}
