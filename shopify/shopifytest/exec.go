package shopifytest

import (
	"strconv"
)

// exec runs one operation. It writes the answer in selection order straight
// into buf and counts what it really cost.
type exec struct {
	srv   *Server
	plan  *plan
	grant *grant // the token's scopes
	ver   string
	buf   []byte
	path  []step
	errs  []gqlError
	warns []searchNote
	acc   int  // actual cost of the siblings written so far
	null  bool // the value just written may not stay: a non-null field failed

	order *Order // the order around the current object, for its currencies
	bag   moneyBag
	amt   moneyV2
	last  *Product // the product loaded last, for lists of variants
}

// step is one step of a response path.
type step struct {
	key   string
	index int // -1 when key is meant
}

// object writes o, which has the concrete type typ.
func (x *exec) object(f *field, typ string, o any) {
	if f.sub == nil {
		x.buf = append(x.buf, "{}"...)
		return
	}
	x.fields(f.sub.of(typ), o)
}

func (x *exec) fields(fs []*field, o any) {
	start := len(x.buf)
	x.buf = append(x.buf, '{')
	for i, f := range fs {
		if i > 0 {
			x.buf = append(x.buf, ',')
		}
		x.buf = append(x.buf, f.prefix...)
		at := len(x.buf)
		if f.sub == nil {
			f.resolve(x, f, o)
		} else {
			x.path = append(x.path, step{f.key, -1})
			outer := x.acc
			x.acc = 0
			f.resolve(x, f, o)
			x.acc = outer + x.settle(f)
			x.path = x.path[:len(x.path)-1]
		}
		if x.null {
			if f.nonNull {
				x.buf = x.buf[:start]
				return
			}
			x.buf = append(x.buf[:at], "null"...)
			x.null = false
		}
	}
	x.buf = append(x.buf, '}')
}

// settle turns the cost gathered below f into the cost of f itself.
// Connections settle themselves, since only they know how many nodes came.
func (x *exec) settle(f *field) int {
	switch {
	case freeType(f.typ):
		return 0
	case f.connection():
		return x.acc
	case len(x.path) == 1 && f.typ == "Count":
		return countCost
	}
	return 1 + x.acc
}

func (f *field) connection() bool {
	const suffix = "Connection"
	return len(f.typ) > len(suffix) && f.typ[len(f.typ)-len(suffix):] == suffix
}

// list writes n objects and charges for the dearest of them once.
func (x *exec) list(f *field, n int, each func(i int)) {
	x.buf = append(x.buf, '[')
	most := 0
	for i := range n {
		if i > 0 {
			x.buf = append(x.buf, ',')
		}
		x.path = append(x.path, step{index: i})
		x.acc = 0
		each(i)
		most = max(most, x.acc)
		x.path = x.path[:len(x.path)-1]
		if x.null {
			return
		}
	}
	x.acc = most
	x.buf = append(x.buf, ']')
}

// nothing writes null for a field that has no value.
func (x *exec) nothing(f *field) {
	if f.nonNull {
		x.null = true
		return
	}
	x.buf = append(x.buf, "null"...)
}

// fail notes an error at the field being written and leaves null there.
func (x *exec) fail(f *field, e gqlError) {
	e.path = x.here(f)
	if f.pos != nil {
		e.line, e.column = f.pos.Line, f.pos.Column
	}
	x.errs = append(x.errs, e)
	x.nothing(f)
}

// here is the response path of f: composite fields are on the stack already.
func (x *exec) here(f *field) []step {
	p := append([]step(nil), x.path...)
	if f.sub == nil {
		p = append(p, step{f.key, -1})
	}
	return p
}

func (f *field) int(name string) (int, bool) {
	switch v := f.args[name].(type) {
	case int64:
		return int(v), true
	case int:
		return v, true
	case interface{ Int64() (int64, error) }:
		n, err := v.Int64()
		return int(n), err == nil
	}
	return 0, false
}

func (f *field) text(name string) string {
	switch v := f.args[name].(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case interface{ String() string }:
		return v.String()
	}
	return ""
}

func (f *field) bool(name string) bool {
	b, _ := f.args[name].(bool)
	return b
}

func (f *field) texts(name string) []string {
	list, ok := f.args[name].([]any)
	if !ok {
		if s, ok := f.args[name].(string); ok {
			return []string{s}
		}
		return nil
	}
	out := make([]string, 0, len(list))
	for _, v := range list {
		s, _ := v.(string)
		out = append(out, s)
	}
	return out
}

// onlyID reports whether nothing but the id is selected, so that the object
// itself need not be made.
func (f *field) onlyID(typ string) bool {
	for _, s := range f.sub.of(typ) {
		switch s.name {
		case "id", "legacyResourceId", "__typename":
		default:
			return false
		}
	}
	return true
}
