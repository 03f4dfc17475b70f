package catalogtest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/soukhq/souk/catalog"
)

var problemRules = []rule{
	{name: "an unknown word is a Problem and nothing else", check: unknownWord, core: true},
	{name: "a field of an odd type is a Problem and the page lives", check: oddTypes, core: true},
	{name: "an absent field is no Problem", check: absentFields},
}

// withProblem reads a list of which one record was spoilt: all records must
// come, the others unharmed.
func (x *session) withProblem(k kind, n int, field, value, what string) (item, bool) {
	x.t.Helper()
	clean := x.clean[k.resource]
	if clean == nil {
		clean = x.read(k, x.engine, query{})
		x.clean[k.resource] = clean
	}
	f := x.spoilField(k, n, clean[n].id, field, value)
	got, err := catalog.Collect(k.list(x.t.Context(), x.engine, query{}))
	if !x.spoilt(f, what) {
		return item{}, false
	}
	if err != nil || len(got) != len(clean) {
		x.t.Errorf("%s: %d of %d records came, %v", what, len(got), len(clean), err)
		return item{}, false
	}
	for i := range got {
		if i == n {
			continue
		}
		if diff := x.suite.diff(clean[i].value, got[i].value, nil); diff != "" {
			x.t.Errorf("%s: another record changed:\n%s", what, diff)
		}
	}
	if got[n].id != clean[n].id {
		x.t.Errorf("%s: the record lost its id", what)
	}
	return got[n], true
}

func unknownWord(t testing.TB, s *suite) {
	x := s.open(t)
	tried := 0
	for _, k := range coreKinds {
		field := s.Wires[k.resource].Word
		if field == "" {
			continue
		}
		tried++
		what := fmt.Sprintf("%s with an unknown word in %s", k.resource, field)
		v, ok := x.withProblem(k, 1, field, `"brand_new_word"`, what)
		if !ok {
			continue
		}
		if !slices.ContainsFunc(v.record.Problems, func(p catalog.Problem) bool { return p.Value == "brand_new_word" && p.Path != "" && p.Reason != "" }) {
			t.Errorf("%s: no Problem names it: %v", what, v.record.Problems)
		}
	}
	if tried == 0 {
		t.Error("the harness names no Word for products, orders or customers")
	}
}

// oddTypes tries on each named field every JSON type it does not have.
func oddTypes(t testing.TB, s *suite) {
	x := s.open(t, sized(5, 5, 5))
	for _, k := range coreKinds {
		for _, field := range s.Wires[k.resource].Odd {
			for _, odd := range []string{`{"an":"object"}`, `[["a list"]]`, `true`, `-0.5e-3`, `"چیزی"`} {
				what := fmt.Sprintf("%s with %s = %s", k.resource, field, odd)
				v, ok := x.withProblem(k, 2, field, odd, what)
				if !ok {
					break
				}
				// Texts, numbers and truth values stand for each other on
				// some platforms; a whole object for a text is always odd.
				if was := x.was(k, 2, v.id, field); was != shape(odd) && (was > scalar || shape(odd) > scalar) {
					x.hasProblem(v, what)
				}
			}
		}
	}
}

// The shapes of JSON values.
const (
	nothing = iota
	scalar
	list
	object
)

func shape(value string) int {
	switch {
	case value == "" || value == "null":
		return nothing
	case value[0] == '{':
		return object
	case value[0] == '[':
		return list
	}
	return scalar
}

// was is the shape a field has on the wire by nature; nothing when it is not
// set, since then any may be right.
func (x *session) was(k kind, n int, id, field string) int {
	x.wire.mu.Lock()
	defer x.wire.mu.Unlock()
	w := x.suite.Wires[k.resource]
	for _, a := range x.wire.answers {
		at, ok := w.record(a.request, a.body, n, id)
		if raw := dig(a.body, join(at, field)); ok && shape(string(raw)) != nothing {
			return shape(string(raw))
		}
	}
	x.t.Errorf("%s: the third record has no %s to try other types on", k.resource, field)
	return nothing
}

// hasProblem holds that a record says what is odd about it.
func (x *session) hasProblem(v item, what string) {
	x.t.Helper()
	if len(v.record.Problems) == 0 {
		x.t.Errorf("%s: no Problem on the record", what)
	}
	for _, p := range v.record.Problems {
		if p.Reason == "" || len(p.Value) > 256 {
			x.t.Errorf("%s: the Problem %+v has no reason or an unbounded value", what, p)
		}
	}
}

func absentFields(t testing.TB, s *suite) {
	x := s.open(t, sized(5, 5, 5))
	for _, k := range coreKinds {
		for _, field := range s.Wires[k.resource].Odd {
			what := fmt.Sprintf("%s with %s = null", k.resource, field)
			if v, ok := x.withProblem(k, 2, field, `null`, what); ok && len(v.record.Problems) > 0 {
				t.Errorf("%s: null means absent, but there is a Problem: %v", what, v.record.Problems)
			}
		}
	}
}
