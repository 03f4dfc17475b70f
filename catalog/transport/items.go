package transport

import (
	"cmp"
	"errors"
	"iter"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Failed is a list that ends at once with err, for a query that is refused
// before anything is sent.
func Failed[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

// BadItem asks a list's caller about a record that could not be read. It
// reports skip when the list goes on without the record; otherwise the list
// ends with the error returned. An error that is no *catalog.ItemError, or a
// nil ask, ends the list with err itself; a nil err gives nothing to do.
func BadItem(err error, ask func(*catalog.ItemError) error) (skip bool, _ error) {
	bad, ok := errors.AsType[*catalog.ItemError](err)
	if !ok || ask == nil {
		return false, err
	}
	err = ask(bad)
	return err == nil, err
}

// Within is the exact filter by time, for platforms whose own is rougher:
// since is inclusive, to the second, and before exclusive; a zero bound does
// not limit. A record without the time is kept.
func Within(t, since, before time.Time) bool {
	return t.IsZero() || (since.IsZero() || !t.Before(since.Truncate(time.Second))) && (before.IsZero() || t.Before(before))
}

// Size is how many records to ask for at once: the query's PageSize, or the
// default, within what the platform allows.
func Size(options catalog.ListOptions, f catalog.ResourceFeatures) int {
	return min(cmp.Or(max(options.PageSize, 0), f.PageSize), f.MaxPageSize)
}
