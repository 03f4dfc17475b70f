package catalogtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

var changeRules = []rule{
	{name: "everything comes first, then what changed and nothing old", check: changesOnlyChanged, core: true},
	{name: "newest change comes last", check: changesNewestLast},
	{name: "a reader killed after any record goes on in a new process", check: changesResume},
	{name: "nothing is skipped while records change", check: changesUnderChange},
	{name: "records changed in the same moment all come", check: changesEqualTimes},
	{name: "a record changed twice in one moment comes in its latest state", check: changesTwiceAtOnce},
	{name: "a reader that finds nothing new keeps its checkpoint good", check: changesIdle},
	{name: "a checkpoint of another resource or platform is refused", check: changesForeign},
	{name: "changes are refused where Features says there are none", check: changesNone},
}

// changing are the kinds whose changes can be read and made.
func (x *session) changing() []kind {
	var all []kind
	for _, k := range x.listed() {
		features, _ := x.features(k.resource)
		if k.changes == nil || features.Changes == catalog.ChangesNone {
			continue
		}
		if k.truth(x.Store).Touch == nil {
			x.t.Fatalf("Features says that changes of %s can be read, but the harness cannot touch one", k.resource)
		}
		all = append(all, k)
	}
	return all
}

// pass reads all changes since the checkpoint, in pages of a few.
func (x *session) pass(k kind, e catalog.Engine, checkpoint string) (got []item, next string) {
	x.t.Helper()
	r := k.changes(e, checkpoint, catalog.ChangeOptions{PageSize: 4})
	for v, err := range r.all(x.t.Context()) {
		if err != nil {
			x.t.Fatalf("changes of %s after %d records: %v", k.resource, len(got), err)
		}
		got = append(got, v)
	}
	return got, r.checkpoint()
}

func changesOnlyChanged(t testing.TB, s *suite) {
	x := s.open(t, sized(15, 15, 15))
	for _, k := range x.changing() {
		features, _ := x.features(k.resource)
		truth := k.truth(x.Store)
		began := x.clock.now()
		all, checkpoint := x.pass(k, x.engine, "")
		compare(t, fmt.Sprintf("changes of %s from the beginning", k.resource), ids(all), truth.IDs(), features.Paging != catalog.PagingNumbers, true)

		x.clock.push(10 * time.Second)
		present := truth.IDs()
		changed := []string{present[2], present[9], present[0]}
		for _, id := range changed {
			truth.Touch(id)
			x.clock.push(2 * time.Second)
		}
		if truth.Add != nil {
			changed = append(changed, truth.Add())
		}
		got, checkpoint := x.pass(k, x.reopen(), checkpoint)
		compare(t, fmt.Sprintf("changes of %s after four changes", k.resource), ids(got), changed, false, false)
		horizon := began.Add(-features.Overlap - features.Grain - time.Minute)
		for _, v := range got {
			if !slices.Contains(changed, v.id) && v.updated.Before(horizon) {
				t.Errorf("changes of %s: %s came again, unchanged since %v", k.resource, v.id, v.updated)
			}
		}
		if features.SortsUpdated {
			once(t, fmt.Sprintf("changes of %s after four changes", k.resource), ids(got), changed)
		}
		// The same again from the checkpoint after it: nothing but what the
		// overlap brings.
		again, _ := x.pass(k, x.reopen(), checkpoint)
		for _, v := range again {
			if v.updated.Before(horizon) {
				t.Errorf("changes of %s: %s came again although nothing changed", k.resource, v.id)
			}
		}
	}
}

func changesNewestLast(t testing.TB, s *suite) {
	x := s.open(t, sized(15, 15, 15))
	for _, k := range x.changing() {
		features, _ := x.features(k.resource)
		sorted := func(what string, got []item) {
			if !slices.IsSortedFunc(got, func(a, b item) int { return a.updated.Compare(b.updated) }) {
				t.Errorf("changes of %s, %s: the newest change does not come last", k.resource, what)
			}
		}
		all, checkpoint := x.pass(k, x.engine, "")
		if features.SortsUpdated {
			sorted("first read", all)
		}
		present := k.truth(x.Store).IDs()
		for _, i := range []int{7, 1, 12, 3, 7} {
			x.clock.push(3 * time.Second)
			k.truth(x.Store).Touch(present[i%len(present)])
		}
		got, _ := x.pass(k, x.engine, checkpoint)
		sorted("second read", got)
	}
}

// changesResume stops after each record in turn. The record that was being
// handled comes again.
func changesResume(t testing.TB, s *suite) {
	x := s.open(t, sized(11, 11, 11))
	for _, k := range x.changing() {
		want := k.truth(x.Store).IDs()
		for stop := 1; stop <= min(11, len(want)); stop++ {
			r := k.changes(x.engine, "", catalog.ChangeOptions{PageSize: 3})
			var got []string
			for v, err := range r.all(t.Context()) {
				if err != nil {
					t.Fatalf("changes of %s: %v", k.resource, err)
				}
				got = append(got, v.id)
				if len(got) == stop {
					break
				}
			}
			rest, _ := x.pass(k, x.reopen(), r.checkpoint())
			if !slices.Contains(ids(rest), got[stop-1]) {
				t.Errorf("changes of %s: the record being handled when the process died did not come again", k.resource)
			}
			compare(t, fmt.Sprintf("changes of %s, killed at record %d", k.resource, stop), append(got, ids(rest)...), want, false, true)
		}
	}
}

func changesEqualTimes(t testing.TB, s *suite) {
	x := s.open(t, sized(15, 15, 15))
	for _, k := range x.changing() {
		truth := k.truth(x.Store)
		_, checkpoint := x.pass(k, x.engine, "")
		x.clock.push(10 * time.Second)
		changed := truth.IDs()
		changed = changed[:min(9, len(changed))] // more than two pages
		for _, id := range changed {
			truth.Touch(id)
		}
		r := k.changes(x.engine, checkpoint, catalog.ChangeOptions{PageSize: 2})
		var got []string
		for v, err := range r.all(t.Context()) {
			if err != nil {
				t.Fatalf("changes of %s: %v", k.resource, err)
			}
			if got = append(got, v.id); len(got) == 4 {
				break
			}
		}
		rest, _ := x.pass(k, x.reopen(), r.checkpoint())
		compare(t, fmt.Sprintf("changes of %s in one moment", k.resource), append(got, ids(rest)...), changed, false, false)
	}
}

// changesTwiceAtOnce changes a record, reads it, and changes it again within
// the grain of the platform's clock, so that its change time stays the same.
func changesTwiceAtOnce(t testing.TB, s *suite) {
	x := s.open(t, sized(6, 6, 6))
	for _, k := range x.changing() {
		truth := k.truth(x.Store)
		_, checkpoint := x.pass(k, x.engine, "")
		x.clock.push(10 * time.Second)
		id := truth.IDs()[2]
		truth.Touch(id)
		_, checkpoint = x.pass(k, x.engine, checkpoint)
		truth.Touch(id)
		if got, _ := x.pass(k, x.engine, checkpoint); !slices.Contains(ids(got), id) {
			t.Errorf("changes of %s: the second change within one moment did not come", k.resource)
		}
	}
}

func changesIdle(t testing.TB, s *suite) {
	x := s.open(t, sized(6, 6, 6))
	for _, k := range x.changing() {
		_, checkpoint := x.pass(k, x.engine, "")
		for range 3 {
			x.clock.push(time.Minute)
			_, checkpoint = x.pass(k, x.engine, checkpoint)
		}
		x.watch.note("checkpoint: %s", checkpoint)
		id := k.truth(x.Store).IDs()[3]
		k.truth(x.Store).Touch(id)
		got, _ := x.pass(k, x.reopen(), checkpoint)
		if !slices.Contains(ids(got), id) {
			t.Errorf("changes of %s: a change after some idle passes did not come", k.resource)
		}
	}
}

func changesForeign(t testing.TB, s *suite) {
	x := s.open(t, sized(6, 6, 6))
	list := x.changing()
	for i, k := range list {
		_, own := x.pass(k, x.engine, "")
		other := list[(i+1)%len(list)]
		for name, checkpoint := range map[string]string{
			"a checkpoint of " + string(k.resource): own,
			"a damaged checkpoint":                  own[:len(own)/2],
			"another platform's checkpoint":         `{"v":1,"platform":"elsewhere","resource":"` + string(other.resource) + `"}`,
		} {
			if other.resource == k.resource && checkpoint == own {
				continue
			}
			before := x.wire.sent()
			got, err := catalog.Collect(other.changes(x.engine, checkpoint, catalog.ChangeOptions{}).all(t.Context()))
			x.fails(err, fmt.Sprintf("changes of %s from %s", other.resource, name), catalog.ErrInvalid)
			if len(got) > 0 || x.wire.sent() > before {
				t.Errorf("changes of %s from %s were read", other.resource, name)
			}
		}
	}
}

func changesNone(t testing.TB, s *suite) {
	x := s.open(t)
	none := 0
	for _, k := range kinds {
		features, ok := x.features(k.resource)
		if k.changes == nil || ok && features.Changes != catalog.ChangesNone {
			continue
		}
		none++
		_, err := catalog.Collect(k.changes(x.engine, "", catalog.ChangeOptions{}).all(t.Context()))
		x.unsupported(err, fmt.Sprintf("changes of %s", k.resource))
	}
	if none == 0 {
		t.Skip("Features says that changes of everything can be read")
	}
}
