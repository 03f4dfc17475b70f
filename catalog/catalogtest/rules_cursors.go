package catalogtest

import (
	"fmt"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

var cursorRules = []rule{
	{name: "a list killed after any record goes on in a new process", check: resumeAnywhere, core: true},
	{name: "a list killed while records change goes on without a loss", check: resumeUnderChange},
	{name: "every listed record has a cursor and a single read has none", check: cursorsSet},
	{name: "a cursor of another resource, platform or filter is refused", check: foreignCursors},
	{name: "a damaged cursor is refused", check: damagedCursors},
	{name: "a cursor holds no secret and survives JSON", check: cursorsPlain},
}

// resumeAnywhere stops after each record in turn, at page boundaries and
// between them, and goes on with a new adapter.
func resumeAnywhere(t testing.TB, s *suite) {
	x := s.open(t, sized(7, 13, 13))
	for _, k := range x.listed() {
		features, _ := x.features(k.resource)
		options := catalog.ListOptions{PageSize: 4}
		all := x.read(k, x.engine, query{ListOptions: options})
		want := k.truth(x.Store).IDs()
		for stop := 1; stop <= len(all); stop++ {
			if k.resource == catalog.Inventory && stop > 12 && stop < len(all)-3 {
				continue // the like was seen
			}
			var got []string
			var cursor catalog.Cursor
			for v, err := range k.list(t.Context(), x.engine, query{ListOptions: options}) {
				if err != nil {
					t.Fatalf("%s: %v", k.resource, err)
				}
				got, cursor = append(got, v.id), v.record.Cursor
				if len(got) == stop {
					break
				}
			}
			rest := options
			rest.After = cursor
			got = append(got, ids(x.read(k, x.reopen(), query{ListOptions: rest}))...)
			compare(t, fmt.Sprintf("%s, killed after record %d", k.resource, stop), got, want, features.Paging != catalog.PagingNumbers, true)
		}
	}
}

// resumeUnderChange kills the reader every few records and changes the store
// before it goes on.
func resumeUnderChange(t testing.TB, s *suite) {
	x := s.open(t, sized(22, 22, 22))
	for _, k := range coreKinds {
		features, _ := x.features(k.resource)
		truth := k.truth(x.Store)
		throughout := map[string]bool{}
		for _, id := range truth.IDs() {
			throughout[id] = true
		}
		var got []string
		var cursor catalog.Cursor
		for round := 0; ; round++ {
			if round > 200 {
				t.Fatalf("%s: the list does not end", k.resource)
			}
			n := 0
			for v, err := range k.list(t.Context(), x.reopen(), query{ListOptions: catalog.ListOptions{PageSize: 5, After: cursor}}) {
				if err != nil {
					t.Fatalf("%s: %v", k.resource, err)
				}
				got, cursor = append(got, v.id), v.record.Cursor
				if n++; n == 1+round%4 {
					break
				}
			}
			if n == 0 {
				break
			}
			x.clock.push(time.Second)
			// The very record the cursor stands on may go.
			if last := got[len(got)-1]; round%2 == 0 && len(truth.IDs()) > 8 {
				truth.Delete(last)
				delete(throughout, last)
			}
			truth.Touch(truth.IDs()[round%len(truth.IDs())])
			if round < 6 {
				truth.Add()
			}
		}
		compare(t, fmt.Sprintf("%s, killed again and again", k.resource), got, keys(throughout), features.Paging != catalog.PagingNumbers, false)
	}
}

func cursorsSet(t testing.TB, s *suite) {
	x := s.open(t, sized(7, 7, 7))
	for _, k := range x.listed() {
		features, _ := x.features(k.resource)
		for _, v := range x.read(k, x.engine, query{ListOptions: catalog.ListOptions{PageSize: 3}}) {
			if v.record.Cursor == "" && features.Paging != catalog.PagingNone {
				t.Errorf("%s: record %s has no cursor", k.resource, v.id)
			}
		}
		if k.get == nil {
			continue
		}
		if v, err := k.get(t.Context(), x.engine, k.truth(x.Store).IDs()[0]); err != nil || v.record.Cursor != "" {
			t.Errorf("a single read of %s has the cursor %q, %v; want none", k.resource, v.record.Cursor, err)
		}
	}
}

// refused holds that a list from this cursor ends at once.
func (x *session) refused(k kind, q query, what string) {
	x.t.Helper()
	before := x.wire.sent()
	got, err := catalog.Collect(k.list(x.t.Context(), x.engine, q))
	x.fails(err, fmt.Sprintf("%s from %s", k.resource, what), catalog.ErrInvalid)
	if len(got) > 0 || x.wire.sent() > before {
		x.t.Errorf("%s from %s: %d requests and %d records, want a refusal at once", k.resource, what, x.wire.sent()-before, len(got))
	}
}

func foreignCursors(t testing.TB, s *suite) {
	x := s.open(t, sized(7, 7, 7))
	first := func(k kind, q query) catalog.Cursor {
		q.PageSize, q.Limit = 3, 2
		all := x.read(k, x.engine, q)
		return all[len(all)-1].record.Cursor
	}
	for i, k := range coreKinds {
		other := coreKinds[(i+1)%len(coreKinds)]
		x.refused(k, query{ListOptions: catalog.ListOptions{After: first(other, query{})}}, "a cursor of "+string(other.resource))
		foreign := catalog.NewCursor("elsewhere", k.resource, "", "1")
		x.refused(k, query{ListOptions: catalog.ListOptions{After: foreign}}, "a cursor of another platform")
		features, _ := x.features(k.resource)
		cursor := first(k, query{})
		for _, f := range features.Filters {
			q := unlisted[f]
			if f == catalog.FilterStatus {
				q.status = []string{statusOf(x.read(k, x.engine, query{})[0])}
			}
			q.After = cursor
			x.refused(k, q, "a cursor of the list without the filter by "+string(f))
		}
		if features.SortsUpdated {
			x.refused(k, query{ListOptions: catalog.ListOptions{After: cursor, Sort: catalog.SortUpdated}}, "a cursor of the other order")
		}
	}
}

func damagedCursors(t testing.TB, s *suite) {
	x := s.open(t, sized(7, 7, 7))
	for _, k := range coreKinds {
		good := string(x.read(k, x.engine, query{})[2].record.Cursor)
		for name, bad := range map[string]string{
			"nonsense": "nonsense", "spaces": "  ", "a cut cursor": good[:len(good)/2], "a cursor with odd bytes": good + "\x00!",
			"a page number": "2", "a cursor with an odd position": string(catalog.NewCursor(s.Platform, k.resource, "", "' OR 1=1")),
		} {
			x.refused(k, query{ListOptions: catalog.ListOptions{After: catalog.Cursor(bad)}}, name)
		}
	}
}

func cursorsPlain(t testing.TB, s *suite) {
	x := s.open(t, sized(7, 7, 7))
	for _, k := range x.listed() {
		for _, v := range x.read(k, x.engine, query{}) {
			x.watch.note("cursor: %s", v.record.Cursor)
			for _, c := range string(v.record.Cursor) {
				if c < '!' || c > '~' || c == '"' || c == '\\' {
					t.Fatalf("%s: the cursor %q is not plain text", k.resource, v.record.Cursor)
				}
			}
		}
	}
}
