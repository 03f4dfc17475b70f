package catalogtest

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/soukhq/souk/catalog"
)

var inputRules = []rule{
	{name: "an unknown id is not found", check: unknownID, core: true},
	{name: "a malformed id is refused without a request", check: malformedID, core: true},
	{name: "a record that cannot be read ends the list with an ItemError", check: badItemEnds, core: true},
	{name: "a record that cannot be read is passed over if OnBadItem says so", check: badItemSkipped, core: true},
	{name: "OnBadItem can end the list with its own error", check: badItemAborts},
	{name: "a list that is no list is an error, not an empty list", check: noList},
}

func unknownID(t testing.TB, s *suite) {
	x := s.open(t)
	for _, k := range coreKinds {
		v, err := k.get(t.Context(), x.engine, s.UnknownID)
		x.fails(err, fmt.Sprintf("%s with an unknown id", k.resource), catalog.ErrNotFound)
		if v.id != "" {
			t.Errorf("%s with an unknown id: a record comes beside the error", k.resource)
		}
	}
}

func malformedID(t testing.TB, s *suite) {
	x := s.open(t)
	for _, k := range coreKinds {
		for _, id := range append([]string{""}, s.MalformedIDs...) {
			before := x.wire.sent()
			_, err := k.get(t.Context(), x.engine, id)
			x.fails(err, fmt.Sprintf("%s with the id %q", k.resource, id), catalog.ErrInvalid)
			if x.wire.sent() > before {
				t.Errorf("%s with the id %q sent a request", k.resource, id)
			}
		}
	}
}

// spoil replaces record n of the next page of the list that has it.
func (x *session) spoil(k kind, n int, wreck string) *fault {
	w := x.suite.Wires[k.resource]
	return x.wire.inject(fault{edit: func(r *http.Request, body []byte) ([]byte, bool) {
		if !w.lists(r, body, n) {
			return body, false
		}
		return put(body, join(w.List, strconv.Itoa(n)), wreck)
	}})
}

// spoilField changes a field of record n, whose id is known, where the list
// reads it.
func (x *session) spoilField(k kind, n int, id, field, value string) *fault {
	w := x.suite.Wires[k.resource]
	return x.wire.inject(fault{edit: func(r *http.Request, body []byte) ([]byte, bool) {
		at, ok := w.record(r, body, n, id)
		if !ok {
			return body, false
		}
		return put(body, join(at, field), value)
	}})
}

// lists reports whether an answer is a page of the list with record n.
func (w Wire) lists(r *http.Request, body []byte, n int) bool {
	return (w.IsList == nil || w.IsList(r)) && count(body, w.List) > n
}

// record finds the whole record in an answer.
func (w Wire) record(r *http.Request, body []byte, n int, id string) (path string, ok bool) {
	if w.IsDetail != nil {
		return w.Detail, w.IsDetail(r, id)
	}
	return join(w.List, strconv.Itoa(n)), w.lists(r, body, n)
}

// spoilt fails the test if the fault found no answer to change: then the rule
// has shown nothing.
func (x *session) spoilt(f *fault, what string) bool {
	x.t.Helper()
	x.wire.mu.Lock()
	defer x.wire.mu.Unlock()
	if f.acted == 0 {
		x.t.Errorf("%s: the harness's Wire names a place that no answer has", what)
	}
	return f.acted > 0
}

func badItemEnds(t testing.TB, s *suite) {
	x := s.open(t)
	for _, k := range coreKinds {
		for _, wreck := range []string{`42`, `"gone"`, `[]`} {
			f := x.spoil(k, 3, wreck)
			got, err := catalog.Collect(k.list(t.Context(), x.engine, query{}))
			x.spoilt(f, string(k.resource))
			x.fails(err, fmt.Sprintf("%s with the record %s", k.resource, wreck), catalog.ErrBadAnswer)
			bad, ok := errors.AsType[*catalog.ItemError](err)
			switch {
			case !ok:
				t.Errorf("%s with the record %s: got %v, want a *catalog.ItemError", k.resource, wreck, err)
			case bad.Platform != s.Platform || bad.Op == "" || bad.Err == nil:
				t.Errorf("%s: the ItemError says platform %q, op %q, cause %v", k.resource, bad.Platform, bad.Op, bad.Err)
			case string(bad.Raw) != wreck:
				t.Errorf("%s: the ItemError holds %s, the record was %s", k.resource, bad.Raw, wreck)
			}
			if len(got) != 3 {
				t.Errorf("%s: %d records came before the fourth, which cannot be read", k.resource, len(got))
			}
		}
	}
}

func badItemSkipped(t testing.TB, s *suite) {
	x := s.open(t)
	for _, k := range coreKinds {
		want := k.truth(x.Store).IDs()
		f := x.spoil(k, 2, `"wreck"`)
		asked := 0
		q := query{ListOptions: catalog.ListOptions{PageSize: 5, OnBadItem: func(e *catalog.ItemError) error {
			x.watch.note("item error: %v", e)
			asked++
			return nil
		}}}
		got := ids(x.read(k, x.engine, q))
		x.spoilt(f, string(k.resource))
		if asked != 1 {
			t.Errorf("%s: OnBadItem was asked %d times about one record", k.resource, asked)
		}
		compare(t, string(k.resource)+" with a wreck", got, got, true, true)
		if len(got) != len(want)-1 {
			t.Errorf("%s: %d of %d records came, one of which could not be read", k.resource, len(got), len(want))
		}
	}
}

func badItemAborts(t testing.TB, s *suite) {
	x := s.open(t)
	enough := errors.New("that is enough")
	for _, k := range coreKinds {
		f := x.spoil(k, 0, `null`)
		got, err := catalog.Collect(k.list(t.Context(), x.engine, query{ListOptions: catalog.ListOptions{OnBadItem: func(*catalog.ItemError) error { return enough }}}))
		x.spoilt(f, string(k.resource))
		if !errors.Is(err, enough) || len(got) > 0 {
			t.Errorf("%s: the list gave %d records and ended with %v, want OnBadItem's error", k.resource, len(got), err)
		}
	}
}

func noList(t testing.TB, s *suite) {
	atOnce(t, map[string]string{"null": `null`, "a number": `42`, "a text": `"later"`}, func(name, odd string) {
		for _, k := range coreKinds {
			x := s.open(t)
			w := s.Wires[k.resource]
			f := x.wire.inject(fault{times: -1, edit: func(r *http.Request, body []byte) ([]byte, bool) {
				if !w.lists(r, body, 0) {
					return body, false
				}
				return put(body, w.List, odd)
			}})
			got, err := catalog.Collect(k.list(within(t, someRetries), x.engine, query{}))
			x.spoilt(f, string(k.resource))
			what := fmt.Sprintf("%s where the list should be but is %s", k.resource, name)
			x.fails(err, what, catalog.ErrBadAnswer, catalog.ErrUnavailable, catalog.ErrNotFound)
			if len(got) > 0 {
				t.Errorf("%s: %d records", what, len(got))
			}
		}
	})
}
