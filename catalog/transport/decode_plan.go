package transport

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// plan is what is known of a type before any JSON of it is read.
type plan struct {
	kind   planKind
	elem   *plan // of a pointer or a slice
	fields []fieldPlan
	byName map[string]int
}

type planKind uint8

const (
	planOther planKind = iota // left to encoding/json
	planCustom
	planText
	planNumber // json.Number
	planBool
	planInt
	planFloat
	planPointer
	planSlice
	planStruct
)

type fieldPlan struct {
	name  string
	index []int
	plan  *plan
}

var plans sync.Map // reflect.Type -> *plan

// planOf returns the plan of a type, made once.
func planOf(t reflect.Type) *plan {
	if known, ok := plans.Load(t); ok {
		return known.(*plan)
	}
	p := makePlan(t, map[reflect.Type]*plan{})
	plans.Store(t, p)
	return p
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// makePlan works with the plans under way, so that a type may contain itself.
func makePlan(t reflect.Type, underWay map[reflect.Type]*plan) *plan {
	if p := underWay[t]; p != nil {
		return p
	}
	p := &plan{}
	underWay[t] = p
	switch {
	case reflect.PointerTo(t).Implements(unmarshaler):
		p.kind = planCustom
	case t == reflect.TypeFor[json.Number]():
		p.kind = planNumber
	default:
		p.ofKind(t, underWay)
	}
	return p
}

func (p *plan) ofKind(t reflect.Type, underWay map[reflect.Type]*plan) {
	switch t.Kind() {
	case reflect.String:
		p.kind = planText
	case reflect.Bool:
		p.kind = planBool
	case reflect.Int, reflect.Int64, reflect.Int32:
		p.kind = planInt
	case reflect.Float64:
		p.kind = planFloat
	case reflect.Pointer:
		p.kind, p.elem = planPointer, makePlan(t.Elem(), underWay)
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 { // bytes are base64 to encoding/json
			p.kind, p.elem = planSlice, makePlan(t.Elem(), underWay)
		}
	case reflect.Struct:
		p.kind, p.byName = planStruct, map[string]int{}
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "-" || !f.IsExported() || f.Anonymous && name == "" || throughPointer(t, f.Index) {
				continue
			}
			if name == "" {
				name = f.Name
			}
			if _, twice := p.byName[name]; !twice {
				p.byName[name] = len(p.fields)
				p.fields = append(p.fields, fieldPlan{name, f.Index, makePlan(f.Type, underWay)})
			}
		}
	}
}

// throughPointer reports a field of an embedded pointer, which is not set.
func throughPointer(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t = t.Field(i).Type; t.Kind() == reflect.Pointer {
			return true
		}
	}
	return false
}
