package catalogtest

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
)

// diff compares two values of the model, without what depends on how they
// were read, and without the fields that are excused.
func (s *suite) diff(want, got any, excused map[string]string) string {
	if reflect.DeepEqual(bare(want), bare(got)) { // much faster, and mostly so
		return ""
	}
	var steps strings.Builder
	ignored := func(p cmp.Path) bool {
		steps.Reset()
		steps.WriteString(p.Index(0).Type().Name())
		for _, step := range p {
			if f, ok := step.(cmp.StructField); ok {
				steps.WriteString("." + f.Name())
			}
		}
		name := steps.String()
		switch name[strings.IndexByte(name, '.')+1:] {
		case "Record.Raw", "Record.RawKind", "Record.More", "Record.Cursor", "Record.Platform":
			return true
		}
		_, ok := excuse(excused, name)
		return ok && strings.Contains(name, ".")
	}
	return cmp.Diff(want, got, cmp.FilterPath(ignored, cmp.Ignore()),
		cmp.Comparer(func(a, b catalog.Money) bool { return a == b }), // scale counts
		cmp.Comparer(func(a, b catalog.Quantity) bool { return a == b }),
		cmp.FilterValues(empty, cmp.Ignore()))
}

// bare is a copy of a record that keeps only the problems of how it was read.
func bare(v any) any {
	twin := reflect.New(reflect.TypeOf(v)).Elem()
	twin.Set(reflect.ValueOf(v))
	if r := twin.FieldByName("Record"); r.IsValid() && r.Type() == recordType {
		r.Set(reflect.ValueOf(catalog.Record{Problems: r.Interface().(catalog.Record).Problems}))
	}
	return twin.Interface()
}

// empty treats absent and empty lists as equal.
func empty(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	return x.IsValid() && y.IsValid() && x.Kind() == reflect.Slice && y.Kind() == reflect.Slice && x.Len() == 0 && y.Len() == 0
}

var (
	timeType     = reflect.TypeFor[time.Time]()
	moneyType    = reflect.TypeFor[catalog.Money]()
	quantityType = reflect.TypeFor[catalog.Quantity]()
	recordType   = reflect.TypeFor[catalog.Record]()
)

func leaf(t reflect.Type) bool { return t == timeType || t == moneyType || t == quantityType }

// fields remembers which fields of the model were ever filled.
type fields struct{ filled map[string]bool }

func (f *fields) walk(v any) {
	f.into(reflect.TypeOf(v).Name(), reflect.ValueOf(v), reflect.TypeOf(v))
}

// into visits a value; an invalid one stands for a type that has none here,
// so that fields of lists that are always empty are known too.
func (f *fields) into(name string, v reflect.Value, t reflect.Type) {
	switch {
	case t == recordType:
	case t.Kind() == reflect.Pointer:
		f.mark(name, v.IsValid() && !v.IsNil())
		if t.Elem().Kind() != reflect.Struct || leaf(t.Elem()) {
			return
		}
		inner := reflect.Value{}
		if v.IsValid() && !v.IsNil() {
			inner = v.Elem()
		}
		f.into(name, inner, t.Elem())
	case t.Kind() == reflect.Slice:
		f.mark(name, v.IsValid() && v.Len() > 0)
		if t.Elem().Kind() != reflect.Struct {
			return
		}
		f.into(name, reflect.Value{}, t.Elem())
		for i := range lengthOf(v) {
			f.into(name, v.Index(i), t.Elem())
		}
	case t.Kind() == reflect.Struct && !leaf(t):
		for i := range t.NumField() {
			inner := reflect.Value{}
			if v.IsValid() {
				inner = v.Field(i)
			}
			f.into(name+"."+t.Field(i).Name, inner, t.Field(i).Type)
		}
	default:
		f.mark(name, v.IsValid() && !v.IsZero())
	}
}

func lengthOf(v reflect.Value) int {
	if !v.IsValid() {
		return 0
	}
	return v.Len()
}

func (f *fields) mark(name string, filled bool) { f.filled[name] = f.filled[name] || filled }

func (f *fields) knows(name string) bool {
	for known := range f.filled {
		if known == name || strings.HasPrefix(known, name+".") {
			return true
		}
	}
	return false
}

// unsound lists what no value of the model may hold.
func unsound(v any) []string {
	var found []string
	var visit func(name string, v reflect.Value)
	visit = func(name string, v reflect.Value) {
		switch {
		case v.Type() == recordType:
		case v.Type() == timeType:
			if at := v.Interface().(time.Time); at.Location() != time.UTC {
				found = append(found, fmt.Sprintf("%s is in %v, want UTC", name, at.Location()))
			} else if !at.IsZero() && (at.Year() < 1990 || at.Year() > 2200) {
				found = append(found, fmt.Sprintf("%s is %v", name, at))
			}
		case v.Type() == moneyType:
			if m := v.Interface().(catalog.Money); !m.IsZero() && len(m.Currency()) != 3 {
				found = append(found, fmt.Sprintf("%s is %q, with the currency %q", name, m.Amount(), m.Currency()))
			}
		case v.Type() == quantityType:
		case v.Kind() == reflect.Pointer:
			if !v.IsNil() {
				visit(name, v.Elem())
			}
		case v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8:
			for i := range v.Len() {
				visit(fmt.Sprintf("%s.%d", name, i), v.Index(i))
			}
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				visit(name+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case v.Kind() == reflect.String && (strings.HasSuffix(name, ".ID") || strings.HasSuffix(name, "ID")):
			if id := v.String(); strings.ContainsAny(id, " \t\n\"") || strings.Contains(id, "e+") || id == "0" || id == "null" {
				found = append(found, fmt.Sprintf("%s is the odd id %q", name, id))
			}
		}
	}
	visit(reflect.TypeOf(v).Name(), reflect.ValueOf(v))
	return found
}
