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

// trial is one value for a filter, and the records it selects.
type trial struct {
	name  string
	query query
	keep  func(item) bool
	// refusable values may be ErrUnsupported: the platform has no word for
	// this one.
	refusable bool
}

// trials makes the values to try a filter with from what the store holds.
func trials(f catalog.Filter, all []item) []trial {
	switch f {
	case catalog.FilterUpdated:
		return between(all, func(v item) time.Time { return v.updated }, func(q *query, since, before time.Time) { q.updatedSince, q.updatedBefore = since, before })
	case catalog.FilterCreated:
		return between(all, func(v item) time.Time { return v.created }, func(q *query, since, before time.Time) { q.createdSince, q.createdBefore = since, before })
	case catalog.FilterStatus:
		return eachWord(all, statusOf, func(q *query, w []string) { q.status = w })
	case catalog.FilterPayment:
		return eachWord(all, paymentOf, func(q *query, w []string) { q.payment = words[catalog.PaymentStatus](w) })
	case catalog.FilterFulfillment:
		return eachWord(all, fulfillmentOf, func(q *query, w []string) { q.fulfillment = words[catalog.FulfillmentStatus](w) })
	case catalog.FilterCustomer:
		return each(all, customerOf, func(q *query, v string) { q.customer = v })
	case catalog.FilterEmail:
		return each(all, emailOf, func(q *query, v string) { q.email = v })
	case catalog.FilterLocation:
		return each(all, locationOf, func(q *query, v string) { q.location = v })
	case catalog.FilterItem:
		return each(all, itemOf, func(q *query, v string) { q.items = []string{v} })
	case catalog.FilterSKU:
		return each(all, skuOf, func(q *query, v string) { q.sku = v })
	}
	return nil
}

// between cuts the records' times into thirds, at times of records.
func between(all []item, of func(item) time.Time, set func(q *query, since, before time.Time)) []trial {
	var times []time.Time
	for _, v := range all {
		if !of(v).IsZero() {
			times = append(times, of(v))
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	if len(times) < 3 || times[0].Equal(times[len(times)-1]) {
		return nil
	}
	low, high := times[len(times)/3], times[2*len(times)/3]
	make := func(name string, since, before time.Time) trial {
		tr := trial{name: name, keep: func(v item) bool {
			return !of(v).IsZero() && !of(v).Before(since) && (before.IsZero() || of(v).Before(before))
		}}
		set(&tr.query, since, before)
		return tr
	}
	return []trial{make("since "+low.String(), low, time.Time{}), make("before "+high.String(), time.Time{}, high),
		make("between", low, high), make("in the zone of Riyadh", low.In(time.FixedZone("+03", 3*3600)), high.In(time.FixedZone("+03", 3*3600)))}
}

// each tries up to four of the values the records have, and one none has.
func each(all []item, of func(item) string, set func(*query, string)) []trial {
	var values []string
	for _, v := range all {
		if w := of(v); w != "" && !slices.Contains(values, w) {
			values = append(values, w)
		}
	}
	var trials []trial
	for _, w := range values[:min(4, len(values))] {
		tr := trial{name: w, keep: func(v item) bool { return of(v) == w }}
		set(&tr.query, w)
		trials = append(trials, tr)
	}
	return trials
}

// eachWord tries every word the records have, alone and with another.
func eachWord(all []item, of func(item) string, set func(*query, []string)) []trial {
	var found []string
	for _, v := range all {
		if w := of(v); w != "" && w != "unknown" && !slices.Contains(found, w) {
			found = append(found, w)
		}
	}
	var trials []trial
	for i, w := range found {
		two := []string{w, found[(i+1)%len(found)]}
		for _, choice := range [][]string{{w}, two} {
			tr := trial{name: fmt.Sprint(choice), keep: func(v item) bool { return slices.Contains(choice, of(v)) }, refusable: true}
			set(&tr.query, choice)
			trials = append(trials, tr)
		}
	}
	return trials
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

func statusOf(v item) string {
	switch v := v.value.(type) {
	case catalog.Product:
		return string(v.Status)
	case catalog.Order:
		return string(v.Status)
	}
	return ""
}

func paymentOf(v item) string     { return string(v.value.(catalog.Order).Payment) }
func fulfillmentOf(v item) string { return string(v.value.(catalog.Order).Fulfillment) }
func emailOf(v item) string       { return v.value.(catalog.Customer).Email }
func locationOf(v item) string    { return v.value.(catalog.InventoryLevel).LocationID }
func itemOf(v item) string        { return v.value.(catalog.InventoryLevel).ItemID }
func skuOf(v item) string         { return v.value.(catalog.InventoryLevel).SKU }

func customerOf(v item) string {
	if c := v.value.(catalog.Order).Customer; c != nil {
		return c.ID
	}
	return ""
}
