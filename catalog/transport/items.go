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

// ErrGone is a record that was deleted while it was read. A list goes on without
// it, see Deliver.
var ErrGone = errors.New("the record is gone")

// Deliver yields what the caller of a list asked for of all its records: those
// that keep takes, nil for all, up to the limit of options, 0 for none. It goes
// on behind ErrGone, and behind a bad record where OnBadItem says so, see
// BadItem; any other error is yielded once, with a zero record, and ends the
// list. It ranges over records no further than to the last record it yields.
func Deliver[T any](records iter.Seq2[T, error], options catalog.ListOptions, keep func(*T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		count := 0
		for v, err := range records {
			if err != nil {
				skip, err := BadItem(err, options.OnBadItem)
				if skip || err == ErrGone {
					continue
				}
				var none T
				yield(none, err)
				return
			}
			if keep != nil && !keep(&v) {
				continue
			}
			if !yield(v, nil) {
				return
			}
			if count++; count == options.Limit {
				return
			}
		}
	}
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
