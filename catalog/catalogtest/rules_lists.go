package catalogtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

var listRules = []rule{
	{name: "each record comes exactly once, whatever the page size", check: fullRead, core: true},
	{name: "nothing present throughout is missed while records are added, changed and deleted", check: readUnderChange},
	{name: "pages are as large as asked for and no larger than allowed", check: pageSizes},
	{name: "a limit ends the list", check: limits, core: true},
	{name: "an empty list yields nothing and no error", check: emptyLists},
	{name: "leaving early stops the requests and leaks nothing", check: leavingEarly, core: true},
	{name: "nothing is sent before the list is read", check: lazy},
	{name: "a list can be read twice and its query is not written to", check: readTwice, core: true},
}

// fullRead reads everything by pages of several sizes.
func fullRead(t testing.TB, s *suite) {
	x := s.open(t, sized(25, 26, 27))
	for _, k := range x.listed() {
		want := k.truth(x.Store).IDs()
		sizes := []int{0, 1, 4, 1 << 20, -1}
		if k.resource == catalog.Inventory {
			sizes = []int{0, 40} // a level for each of many variants
		}
		for _, size := range sizes {
			got := x.read(k, x.engine, query{ListOptions: catalog.ListOptions{PageSize: size}})
			once(t, fmt.Sprintf("%s by pages of %d", k.resource, size), ids(got), want)
		}
	}
}

// seeds make the schedules of change; fixed, so that a failure comes again.
var seeds = []uint64{1, 2, 3, 20261120}

func readUnderChange(t testing.TB, s *suite) {
	for _, seed := range seeds {
		x := s.open(t, sized(31, 29, 27))
		for _, k := range coreKinds {
			r := rand.New(rand.NewPCG(seed, 7))
			truth := k.truth(x.Store)
			features, _ := x.features(k.resource)
			throughout := map[string]bool{}
			for _, id := range truth.IDs() {
				throughout[id] = true
			}
			var got []string
			size := 1 + r.IntN(7)
			for v, err := range k.list(t.Context(), x.engine, query{ListOptions: catalog.ListOptions{PageSize: size}}) {
				if err != nil {
					t.Fatalf("%s, seed %d, after %d records: %v", k.resource, seed, len(got), err)
				}
				got = append(got, v.id)
				present := truth.IDs()
				switch x.clock.push(time.Second); r.IntN(5) {
				case 0:
					truth.Add()
				case 1, 2:
					truth.Touch(present[r.IntN(len(present))])
				case 3:
					if len(present) > 12 {
						gone := present[r.IntN(len(present))]
						truth.Delete(gone)
						delete(throughout, gone)
					}
				}
				if len(got) > 2000 {
					t.Fatalf("%s, seed %d: the list does not end", k.resource, seed)
				}
			}
			compare(t, fmt.Sprintf("%s by pages of %d, seed %d", k.resource, size, seed), got, keys(throughout),
				features.Paging != catalog.PagingNumbers, false)
		}
	}
}

func keys(set map[string]bool) []string {
	var all []string
	for k := range set {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// pageSizes counts the records in the answers on the wire.
func pageSizes(t testing.TB, s *suite) {
	for _, k := range coreKinds {
		x := s.open(t, sized(23, 23, 23))
		features, _ := x.features(k.resource)
		for _, asked := range []int{0, 1, 5, features.MaxPageSize + 1000} {
			x.wire.mu.Lock()
			x.wire.answers = nil
			x.wire.mu.Unlock()
			x.read(k, x.engine, query{ListOptions: catalog.ListOptions{PageSize: asked}})
			most := features.MaxPageSize
			switch {
			case asked == 0:
				most = features.PageSize
			case asked <= most:
				most = asked
			}
			first := -1
			for _, a := range x.wire.answers {
				w := s.Wires[k.resource]
				if w.IsList != nil && !w.IsList(a.request) {
					continue
				}
				n := count(a.body, w.List)
				if n > most {
					t.Errorf("%s: PageSize %d asked for %d records at once, want %d at most", k.resource, asked, n, most)
				}
				if n >= 0 && first < 0 {
					first = n
				}
			}
			if want := min(most, 23); first != want {
				t.Errorf("%s: PageSize %d gave a first page of %d records, want %d", k.resource, asked, first, want)
			}
		}
	}
}

func limits(t testing.TB, s *suite) {
	x := s.open(t, sized(11, 11, 11))
	for _, k := range x.listed() {
		all := ids(x.read(k, x.engine, query{}))
		for _, limit := range []int{1, 2, 4, len(all), len(all) + 5} {
			got := ids(x.read(k, x.engine, query{ListOptions: catalog.ListOptions{Limit: limit, PageSize: 4}}))
			if want := all[:min(limit, len(all))]; !slices.Equal(got, want) {
				t.Errorf("%s with Limit %d: got %d records, want the first %d", k.resource, limit, len(got), len(want))
			}
		}
		before := x.wire.sent()
		x.read(k, x.engine, query{ListOptions: catalog.ListOptions{Limit: 2, PageSize: 2}})
		first := x.wire.sent() - before
		x.read(k, x.engine, query{ListOptions: catalog.ListOptions{PageSize: 2}})
		if rest := x.wire.sent() - before - first; k.resource != catalog.Locations && first >= rest {
			t.Errorf("%s: two records took %d requests, all %d took %d", k.resource, first, len(all), rest)
		}
	}
}

func emptyLists(t testing.TB, s *suite) {
	x := s.open(t, sized(0, 0, 0))
	for _, k := range coreKinds {
		if n := len(k.truth(x.Store).IDs()); n > 0 {
			t.Fatalf("the harness's server has %d %s although none were asked for", n, k.resource)
		}
		if got := x.read(k, x.engine, query{}); len(got) > 0 {
			t.Errorf("an empty list of %s yields %d records", k.resource, len(got))
		}
	}
}

func leavingEarly(t testing.TB, s *suite) {
	x := s.open(t, sized(40, 40, 40))
	for _, k := range x.listed() {
		left := labelled(t, func(ctx context.Context) {
			n := 0
			for v, err := range k.list(ctx, x.engine, query{ListOptions: catalog.ListOptions{PageSize: 3}}) {
				if err != nil {
					t.Fatalf("%s: %v", k.resource, err)
				}
				if n++; v.id == "" || n == 4 {
					break
				}
			}
		})
		for _, stack := range left {
			t.Errorf("%s: a goroutine is left behind after leaving the loop:\n%s", k.resource, stack)
		}
		ctx, cancel := context.WithTimeout(t.Context(), prompt)
		if !x.wire.until(ctx, func() bool { return x.wire.inFlight == 0 }) {
			t.Errorf("%s: a request is still under way after leaving the loop", k.resource)
		}
		cancel()
	}
}

func lazy(t testing.TB, s *suite) {
	x := s.open(t)
	for _, k := range x.listed() {
		before := x.wire.sent()
		seq := k.list(t.Context(), x.engine, query{})
		if x.wire.sent() > before {
			t.Errorf("%s: making the list sent a request", k.resource)
		}
		for range seq {
			break
		}
	}
}

// readTwice ranges over one list twice and looks at a query with slices.
func readTwice(t testing.TB, s *suite) {
	x := s.open(t, sized(9, 9, 9))
	for _, k := range x.listed() {
		seq := k.list(t.Context(), x.engine, query{ListOptions: catalog.ListOptions{PageSize: 2}})
		first, err1 := catalog.Collect(seq)
		second, err2 := catalog.Collect(seq)
		if err1 != nil || err2 != nil || !slices.Equal(ids(first), ids(second)) {
			t.Errorf("%s: the second reading of one list gives %d records, %v; the first %d, %v", k.resource, len(second), err2, len(first), err1)
		}
	}
	spare := func() []catalog.ProductStatus {
		return append(make([]catalog.ProductStatus, 0, 4), catalog.ProductActive)
	}
	q := catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 1 << 20, Limit: 3}, Status: spare()}
	twin := catalog.ProductQuery{ListOptions: q.ListOptions, Status: spare()}
	seq := x.engine.Products(t.Context(), q)
	for range seq {
		break
	}
	if !reflect.DeepEqual(q, twin) || q.Status[:4][1] != "" {
		t.Errorf("the query was written to: %+v", q)
	}
}
