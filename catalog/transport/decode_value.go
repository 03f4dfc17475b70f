package transport

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// value reads the value at i into v, which is zero, and returns the offset
// after it. ok says that it fitted; if not, v is zero still.
func (d *decoder) value(i int, v reflect.Value, p *plan) (next int, ok bool) {
	if d.b[i] == 'n' {
		v.SetZero() // of equal names the last counts
		return i + len("null"), true
	}
	switch p.kind {
	case planText:
		return d.text(i, v)
	case planStruct:
		return d.object(i, v, p)
	case planSlice:
		return d.list(i, v, p)
	case planPointer:
		to := reflect.New(v.Type().Elem())
		if next, ok = d.value(i, to.Elem(), p.elem); ok {
			v.Set(to)
		}
		return next, ok
	case planBool:
		return d.truth(i, v)
	case planInt, planFloat, planNumber:
		return d.number(i, v, p.kind)
	}
	next = skipValue(d.b, i, 0)
	var err error
	if p.kind == planCustom {
		err = v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(d.b[i:next:next])
	} else {
		err = json.Unmarshal(d.b[i:next], v.Addr().Interface())
	}
	if err != nil {
		v.SetZero()
		d.odd(i, "another value")
	}
	return next, err == nil
}

func (d *decoder) object(i int, v reflect.Value, p *plan) (next int, ok bool) {
	if d.b[i] != '{' {
		d.odd(i, "an object")
		return skipValue(d.b, i, 0), false
	}
	// Members mostly come in one order; expect is where the next should be.
	expect := 0
	return eachMember(d.b, i, func(key []byte, at int) int {
		f := p.find(key, expect)
		if f < 0 {
			return skipValue(d.b, at, 0)
		}
		expect = f + 1
		field := &p.fields[f]
		d.path = append(d.path, step{name: field.name})
		target := v
		for _, n := range field.index {
			target = target.Field(n)
		}
		next, _ := d.value(at, target, field.plan)
		d.path = d.path[:len(d.path)-1]
		return next
	}), true
}

// find returns the field of a quoted name, -1 when there is none.
func (p *plan) find(key []byte, expect int) int {
	name := key[1 : len(key)-1]
	if expect < len(p.fields) && p.fields[expect].name == string(name) {
		return expect
	}
	if f, ok := p.byName[string(name)]; ok {
		return f
	}
	if hasEscape(key) {
		var plain string
		if json.Unmarshal(key, &plain) == nil {
			if f, ok := p.byName[plain]; ok {
				return f
			}
		}
	}
	return -1
}

func (d *decoder) list(i int, v reflect.Value, p *plan) (next int, ok bool) {
	if d.b[i] != '[' {
		d.odd(i, "a list")
		return skipValue(d.b, i, 0), false
	}
	if v.IsNil() || v.Len() > 0 { // of equal names the last counts
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	}
	d.path = append(d.path, step{})
	here := len(d.path) - 1
	i = skipSpace(d.b, i+1)
	for n := 0; d.b[i] != ']'; n++ {
		d.path[here].index = n
		size := v.Len()
		if size == v.Cap() {
			v.Grow(1)
		}
		v.SetLen(size + 1)
		if i, ok = d.value(i, v.Index(size), p.elem); !ok {
			v.SetLen(size)
		}
		if i = skipSpace(d.b, i); d.b[i] == ',' {
			i = skipSpace(d.b, i+1)
		}
	}
	d.path = d.path[:here]
	return i + 1, true
}

// scalar returns what a text, a number or a truth says. Composite values say
// nothing.
func (d *decoder) scalar(i int) (said string, next int, ok bool) {
	switch c := d.b[i]; c {
	case '"':
		next = skipString(d.b, i)
		return d.unquote(d.b[i:next]), next, true
	case '{', '[':
		return "", skipValue(d.b, i, 0), false
	}
	next = skipValue(d.b, i, 0)
	return d.short(d.b[i:next]), next, true
}

func (d *decoder) text(i int, v reflect.Value) (next int, ok bool) {
	said, next, ok := d.scalar(i)
	if !ok || d.b[i] == 't' || d.b[i] == 'f' {
		d.odd(i, "text")
		return next, false
	}
	v.SetString(said)
	return next, true
}

func (d *decoder) truth(i int, v reflect.Value) (next int, ok bool) {
	switch d.b[i] {
	case 't':
		v.SetBool(true)
		return i + len("true"), true
	case 'f':
		return i + len("false"), true
	}
	said, next, _ := d.scalar(i)
	switch {
	case said == "true" || said == "1":
		v.SetBool(true)
		return next, true
	case said == "false" || said == "0" || said == "" && d.b[i] == '"':
		return next, true
	}
	d.odd(i, "true or false")
	return next, false
}

// number reads an integer, a float or the text of a number.
func (d *decoder) number(i int, v reflect.Value, kind planKind) (next int, ok bool) {
	said, next, ok := d.scalar(i)
	want := "a number"
	switch {
	case !ok:
	case kind == planInt:
		want = "a whole number"
		whole, fraction, _ := strings.Cut(said, ".")
		n, err := strconv.ParseInt(whole, 10, v.Type().Bits())
		if ok = err == nil && strings.Trim(fraction, "0") == ""; ok {
			v.SetInt(n)
		}
	case kind == planFloat:
		f, err := strconv.ParseFloat(said, 64)
		if ok = err == nil; ok {
			v.SetFloat(f)
		}
	default:
		if ok = isNumber(said); ok {
			v.SetString(said)
		} else if want = "text"; d.b[i] != '"' {
			want = "a number"
		}
	}
	if !ok {
		d.odd(i, want)
	}
	return next, ok
}

func isNumber(s string) bool {
	return s != "" && (s[0] == '-' || s[0]-'0' <= 9) && skipNumber([]byte(s), 0) == len(s)
}

// unquote reads a valid JSON string.
func (d *decoder) unquote(quoted []byte) string {
	inner := quoted[1 : len(quoted)-1]
	if hasEscape(quoted) || !utf8.Valid(inner) {
		var s string
		if json.Unmarshal(quoted, &s) == nil {
			return s
		}
	}
	return d.short(inner)
}

// short makes a string, or finds it among the short ones read lately.
func (d *decoder) short(text []byte) string {
	if len(text) == 0 {
		return ""
	}
	if len(text) > 16 {
		return string(text)
	}
	h := uint32(len(text))
	for _, c := range text {
		h = (h ^ uint32(c)) * 16777619
	}
	slot := &d.texts[(h^h>>15)%uint32(len(d.texts))]
	if *slot != string(text) {
		*slot = string(text)
	}
	return *slot
}
