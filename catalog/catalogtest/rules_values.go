package catalogtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
)

var valueRules = []rule{
	{name: "records are as the platform tells them", check: samplesMatch, core: true},
	{name: "a record read by its id is the record of the list", check: getEqualsList, core: true},
	{name: "times are in UTC, ids are text and money has its currency", check: valuesSound},
	{name: "every field of the model that is claimed is filled somewhere", check: fieldsFilled},
	{name: "native JSON is valid, named and decodable", check: rawSound, core: true},
	{name: "native JSON never changes, not even after the scan", check: rawStable},
	{name: "native JSON can be left out", check: rawOmitted, core: true},
	{name: "records survive their own JSON", check: valuesRoundTrip},
}

// rawSound looks at Raw, RawKind and Platform of every record.
func rawSound(t testing.TB, s *suite) {
	x := s.open(t)
	look := func(where string, v catalog.Record, value catalog.RawHolder) {
		switch {
		case v.Platform != s.Platform:
			t.Errorf("%s: the record's platform is %q, want %q", where, v.Platform, s.Platform)
		case !json.Valid(v.Raw):
			t.Errorf("%s: Raw is not valid JSON: %.80q", where, v.Raw)
		case !strings.HasPrefix(string(v.RawKind), s.Platform+"."):
			t.Errorf("%s: RawKind is %q, want it to begin with %q", where, v.RawKind, s.Platform+".")
		}
		if got, err := catalog.DecodeRaw[map[string]json.RawMessage](value); err != nil || len(got) == 0 {
			t.Errorf("%s: DecodeRaw gives %d members, %v", where, len(got), err)
		}
		for _, part := range v.More {
			if !json.Valid(part.Raw) || part.Kind == "" {
				t.Errorf("%s: a part of kind %q is not valid JSON or has no kind", where, part.Kind)
			}
		}
	}
	for _, k := range x.listed() {
		kindsSeen := map[catalog.RawKind]bool{}
		for _, v := range x.read(k, x.engine, query{}) {
			look(string(k.resource)+" "+v.id, v.record, v.record)
			kindsSeen[v.record.RawKind] = true
		}
		if len(kindsSeen) > 1 {
			t.Errorf("%s: one list has records of several RawKinds: %v", k.resource, kindsSeen)
		}
	}
	shop, err := x.engine.Shop(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	look("shop", shop.Record, shop)
}

// rawStable keeps what records looked like when they came and looks again
// after other scans, through the record and its clone.
func rawStable(t testing.TB, s *suite) {
	x := s.open(t, sized(30, 30, 30))
	for _, k := range x.listed() {
		var kept []item
		var sums [][32]byte
		var clones []catalog.RawHolder
		for v, err := range k.list(t.Context(), x.engine, query{ListOptions: catalog.ListOptions{PageSize: 4}}) {
			if err != nil {
				t.Fatal(err)
			}
			kept, sums = append(kept, v), append(sums, sha256.Sum256(v.record.Raw))
			if v.clone != nil {
				clones = append(clones, v.clone())
			}
		}
		x.read(k, x.engine, query{ListOptions: catalog.ListOptions{PageSize: 7}})
		for i, v := range kept {
			if sha256.Sum256(v.record.Raw) != sums[i] {
				t.Errorf("%s: Raw of record %s changed after it was yielded", k.resource, v.id)
			}
			if v.clone == nil {
				continue
			}
			if !bytes.Equal(clones[i].RawJSON(), v.record.Raw) {
				t.Errorf("%s: Raw of the clone of %s differs", k.resource, v.id)
			}
			if raw := clones[i].RawJSON(); len(raw) > 0 && &raw[0] == &v.record.Raw[0] {
				t.Errorf("%s: the clone of %s still shares its page", k.resource, v.id)
			}
		}
	}
}

func rawOmitted(t testing.TB, s *suite) {
	x := s.open(t)
	for _, k := range x.listed() {
		with := x.read(k, x.engine, query{})
		without := x.read(k, x.engine, query{ListOptions: catalog.ListOptions{OmitRaw: true}})
		for i, v := range without {
			if v.record.Raw != nil || v.record.More != nil {
				t.Errorf("%s: record %s has Raw although it was to be omitted", k.resource, v.id)
			}
			if diff := s.diff(with[i].value, v.value, nil); diff != "" {
				t.Errorf("%s: record %s without Raw (+) differs from the one with it (-):\n%s", k.resource, v.id, diff)
			}
		}
	}
}

func getEqualsList(t testing.TB, s *suite) {
	x := s.open(t, sized(24, 24, 24))
	for _, k := range coreKinds {
		for _, v := range x.read(k, x.engine, query{}) {
			got, err := k.get(t.Context(), x.engine, v.id)
			if err != nil {
				t.Errorf("%s %s by its id: %v", k.resource, v.id, err)
				continue
			}
			if diff := s.diff(v.value, got.value, s.ListOmits); diff != "" {
				t.Errorf("%s %s: the list (-) and the single read (+) differ:\n%s", k.resource, v.id, diff)
			}
		}
	}
}

func samplesMatch(t testing.TB, s *suite) {
	x := s.open(t)
	shop, err := x.engine.Shop(t.Context())
	if err != nil {
		t.Fatalf("Shop: %v", err)
	}
	if diff := s.diff(x.Samples.Shop, shop, nil); diff != "" {
		t.Errorf("the shop differs (-want +got):\n%s", diff)
	}
	for _, k := range x.listed() {
		samples := k.samples(x.Samples)
		if len(samples) == 0 {
			t.Errorf("the harness has no sample of %s", k.resource)
		}
		listed := map[string]item{}
		for _, v := range x.read(k, x.engine, query{}) {
			listed[v.id] = v
		}
		for _, want := range samples {
			got, ok := listed[want.id]
			if !ok {
				t.Errorf("%s: the sample %s is not in the list", k.resource, want.id)
				continue
			}
			if diff := s.diff(want.value, got.value, nil); diff != "" {
				t.Errorf("%s %s differs (-want +got):\n%s", k.resource, want.id, diff)
			}
		}
	}
}

func valuesSound(t testing.TB, s *suite) {
	x := s.open(t, sized(60, 60, 40))
	for _, k := range x.listed() {
		for _, v := range x.read(k, x.engine, query{}) {
			if v.id == "" {
				t.Errorf("%s: a record has no id", k.resource)
			}
			for _, fault := range unsound(v.value) {
				t.Errorf("%s %s: %s", k.resource, v.id, fault)
			}
		}
	}
	shop, err := x.engine.Shop(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range unsound(shop) {
		t.Errorf("shop: %s", fault)
	}
	if len(shop.Currency) != 3 {
		t.Errorf("shop: currency %q", shop.Currency)
	}
}

// valuesRoundTrip stores and loads records as a host does.
func valuesRoundTrip(t testing.TB, s *suite) {
	x := s.open(t)
	for _, v := range x.read(products, x.engine, query{}) {
		roundTrip(t, s, v.value.(catalog.Product))
	}
	for _, v := range x.read(orders, x.engine, query{}) {
		roundTrip(t, s, v.value.(catalog.Order))
	}
	for _, v := range x.read(customers, x.engine, query{}) {
		roundTrip(t, s, v.value.(catalog.Customer))
	}
}

func roundTrip[T any](t testing.TB, s *suite, v T) {
	t.Helper()
	text, err := json.Marshal(v)
	var back T
	if err == nil {
		err = json.Unmarshal(text, &back)
	}
	if err != nil {
		t.Errorf("a record does not survive JSON: %v", err)
	} else if diff := s.diff(v, back, nil); diff != "" {
		t.Errorf("a record is another after JSON (-before +after):\n%s", diff)
	}
}

func fieldsFilled(t testing.TB, s *suite) {
	x := s.open(t, sized(80, 90, 60))
	f := fields{filled: map[string]bool{}}
	for _, k := range x.listed() {
		for _, v := range x.read(k, x.engine, query{}) {
			f.walk(v.value)
		}
	}
	shop, err := x.engine.Shop(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f.walk(shop)
	for name, filled := range f.filled {
		reason, excused := excuse(s.Unfilled, name)
		switch {
		case !filled && !excused:
			t.Errorf("%s is empty on every record: fill it, or name it in Unfilled with the reason", name)
		case filled && excused && s.Unfilled[name] != "":
			t.Errorf("%s is filled although the harness says it cannot be: %s", name, reason)
		}
	}
	for name, reason := range s.Unfilled {
		if reason == "" {
			t.Errorf("Unfilled[%q] has no reason", name)
		}
		if !f.knows(name) {
			t.Errorf("Unfilled[%q] is no field of the model that was read", name)
		}
	}
}

// excuse finds the reason for a field or for what it is part of.
func excuse(reasons map[string]string, name string) (string, bool) {
	for {
		if reason, ok := reasons[name]; ok {
			return reason, true
		}
		i := strings.LastIndexByte(name, '.')
		if i < 0 {
			return "", false
		}
		name = name[:i]
	}
}
