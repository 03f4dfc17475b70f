package catalogtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

var filterRules = []rule{
	{name: "every listed filter yields exactly the matching records", check: filtersFilter, core: true},
	{name: "a filter that is not listed is refused before anything is sent", check: filtersRefused, core: true},
	{name: "times bound from since on, up to and without before", check: filterTimes},
	{name: "the order by change time is kept or refused", check: sortUpdated, core: true},
	{name: "an unknown order is refused", check: sortUnknown},
}

func filtersFilter(t testing.TB, s *suite) {
	x := s.open(t, sized(80, 90, 60))
	for _, k := range x.listed() {
		all := x.read(k, x.engine, query{})
		features, _ := x.features(k.resource)
		for _, f := range features.Filters {
			if !slices.Contains(k.filters, f) {
				t.Errorf("%s: Features lists the filter %q, which its query has no field for", k.resource, f)
				continue
			}
			if f == catalog.FilterLocation && len(all) > 0 && !slices.ContainsFunc(all, func(v item) bool { return locationOf(v) != "" }) {
				x.totalsFiltered(all)
				continue
			}
			tries, worked := trials(f, all), 0
			if len(tries) == 0 {
				t.Errorf("%s: no record tells the filter %q apart; the harness's server must hold a variety", k.resource, f)
				continue
			}
			for _, tr := range tries {
				what := fmt.Sprintf("%s filtered by %s %s", k.resource, f, tr.name)
				got, err := catalog.Collect(k.list(t.Context(), x.engine, tr.query))
				if err != nil && tr.refusable && catalog.KindOf(err) == catalog.ErrUnsupported {
					x.unsupported(err, what)
					continue
				}
				if err != nil {
					t.Errorf("%s: %v", what, err)
					continue
				}
				worked++
				var want []string
				for _, v := range all {
					if tr.keep(v) {
						want = append(want, v.id)
					}
				}
				once(t, what, ids(got), want)
			}
			if worked == 0 {
				t.Errorf("%s: Features lists the filter %q, but every value is refused", k.resource, f)
			}
		}
	}
}

// totalsFiltered filters by location where unfiltered levels are totals over
// all locations: each location has levels of its own, and together they are of
// every item that has a total.
func (x *session) totalsFiltered(totals []item) {
	x.t.Helper()
	placesOf := map[string]int{}
	for _, place := range x.Locations.IDs() {
		what := "inventory filtered by location " + place
		var want []string
		for _, v := range totals {
			want = append(want, itemOf(v)+"@"+place)
		}
		got := x.read(inventory, x.engine, query{location: place})
		for _, v := range got {
			placesOf[itemOf(v)]++
		}
		compare(x.t, what, ids(got), ids(got), true, true)
		for _, id := range ids(got) {
			if !slices.Contains(want, id) {
				x.t.Errorf("%s: %s is at another location or of an item without a total", what, id)
			}
		}
	}
	for _, v := range totals {
		if placesOf[itemOf(v)] == 0 {
			x.t.Errorf("inventory filtered by location: no location has %s, which has a total", itemOf(v))
		}
	}
}

// unlisted is any value for each filter.
var unlisted = map[catalog.Filter]query{
	catalog.FilterUpdated:     {updatedSince: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)},
	catalog.FilterCreated:     {createdSince: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)},
	catalog.FilterStatus:      {status: []string{"cancelled"}},
	catalog.FilterPayment:     {payment: []catalog.PaymentStatus{catalog.PaymentPaid}},
	catalog.FilterFulfillment: {fulfillment: []catalog.FulfillmentStatus{catalog.FulfillmentDone}},
	catalog.FilterCustomer:    {customer: "1"},
	catalog.FilterEmail:       {email: "somebody@example.com"},
	catalog.FilterLocation:    {location: "1"},
	catalog.FilterItem:        {items: []string{"1"}},
	catalog.FilterSKU:         {sku: "A"},
}

func filtersRefused(t testing.TB, s *suite) {
	x := s.open(t)
	for _, k := range x.listed() {
		features, _ := x.features(k.resource)
		for _, f := range k.filters {
			if slices.Contains(features.Filters, f) {
				continue
			}
			tries := []query{unlisted[f]}
			if f == catalog.FilterUpdated {
				tries = append(tries, query{updatedBefore: time.Now()})
			}
			if f == catalog.FilterCreated {
				tries = append(tries, query{createdBefore: time.Now()})
			}
			for _, q := range tries {
				before := x.wire.sent()
				got, err := catalog.Collect(k.list(t.Context(), x.engine, q))
				x.unsupported(err, fmt.Sprintf("%s filtered by %s, which Features does not list", k.resource, f))
				if len(got) > 0 || x.wire.sent() > before {
					t.Errorf("%s: the refused filter %s sent %d requests and yielded %d records", k.resource, f, x.wire.sent()-before, len(got))
				}
			}
		}
	}
}

// filterTimes tries both ends of a range at a record's very time.
func filterTimes(t testing.TB, s *suite) {
	x := s.open(t, sized(20, 20, 20))
	for _, k := range coreKinds {
		features, _ := x.features(k.resource)
		if !slices.Contains(features.Filters, catalog.FilterUpdated) {
			continue
		}
		v := x.read(k, x.engine, query{})[7]
		has := func(q query) bool { return slices.Contains(ids(x.read(k, x.engine, q)), v.id) }
		grain := max(features.Grain, time.Second)
		switch {
		case !has(query{updatedSince: v.updated}):
			t.Errorf("%s: UpdatedSince the record's own time leaves it out", k.resource)
		case has(query{updatedBefore: v.updated}):
			t.Errorf("%s: UpdatedBefore the record's own time keeps it", k.resource)
		case has(query{updatedSince: v.updated.Add(grain)}):
			t.Errorf("%s: UpdatedSince %v after the record's time keeps it", k.resource, grain)
		case !has(query{updatedBefore: v.updated.Add(grain)}):
			t.Errorf("%s: UpdatedBefore %v after the record's time leaves it out", k.resource, grain)
		}
	}
}

func sortUpdated(t testing.TB, s *suite) {
	x := s.open(t, sized(30, 30, 30))
	for _, k := range x.listed() {
		q := query{ListOptions: catalog.ListOptions{Sort: catalog.SortUpdated, PageSize: 7}}
		features, _ := x.features(k.resource)
		if !features.SortsUpdated {
			before := x.wire.sent()
			_, err := catalog.Collect(k.list(t.Context(), x.engine, q))
			x.unsupported(err, fmt.Sprintf("%s sorted by change, which Features does not claim", k.resource))
			if x.wire.sent() > before {
				t.Errorf("%s: the refused order sent requests", k.resource)
			}
			continue
		}
		got := x.read(k, x.engine, q)
		once(t, string(k.resource)+" sorted by change", ids(got), k.truth(x.Store).IDs())
		if !slices.IsSortedFunc(got, func(a, b item) int { return a.updated.Compare(b.updated) }) {
			t.Errorf("%s: SortUpdated does not yield the oldest change first", k.resource)
		}
	}
}

func sortUnknown(t testing.TB, s *suite) {
	x := s.open(t)
	for _, k := range x.listed() {
		_, err := catalog.Collect(k.list(t.Context(), x.engine, query{ListOptions: catalog.ListOptions{Sort: "price"}}))
		x.unsupported(err, string(k.resource)+` sorted by "price"`)
	}
}
