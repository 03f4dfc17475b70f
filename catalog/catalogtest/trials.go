package catalogtest

import (
	"fmt"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
)

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
