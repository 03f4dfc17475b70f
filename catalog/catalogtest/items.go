package catalogtest

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/soukhq/souk/catalog"
)

// erase turns a list of one kind into one of items.
func erase[T any](seq iter.Seq2[T, error], as func(T) item) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		for v, err := range seq {
			if !yield(as(v), err) {
				return
			}
		}
	}
}

// reader erases the type of a reader of changes.
type reader[T any] struct {
	changes *catalog.Changes[T]
	as      func(T) item
}

func (r reader[T]) all(ctx context.Context) iter.Seq2[item, error] {
	return erase(r.changes.All(ctx), r.as)
}

func (r reader[T]) checkpoint() string { return r.changes.Checkpoint() }

func itemsOf[T any](values []T, as func(T) item) []item {
	all := make([]item, len(values))
	for i, v := range values {
		all[i] = as(v)
	}
	return all
}

func words[T ~string](texts []string) []T {
	var all []T
	for _, t := range texts {
		all = append(all, T(t))
	}
	return all
}

func refusal(op string) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		yield(item{}, catalog.Unsupported("catalogtest", op, "implement the capability or take the resource out of Features"))
	}
}

// read reads a list that must succeed.
func (x *session) read(k kind, e catalog.Engine, q query) []item {
	x.t.Helper()
	all, err := catalog.Collect(k.list(x.t.Context(), e, q))
	if err != nil {
		x.t.Fatalf("listing %s after %d records: %v", k.resource, len(all), err)
	}
	return all
}

func ids(items []item) []string {
	all := make([]string, len(items))
	for i, v := range items {
		all[i] = v.id
	}
	return all
}

// once fails unless got holds every id of want exactly once and nothing else.
// Order does not matter.
func once(t reporter, what string, got, want []string) {
	t.Helper()
	compare(t, what, got, want, true, true)
}

// reporter is what comparing needs of a test.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// compare reports ids that are missing, repeated (unless repeats are allowed)
// or strange (unless strangers are).
func compare(t reporter, what string, got, want []string, exactlyOnce, nothingElse bool) {
	t.Helper()
	seen := make(map[string]int, len(got))
	for _, id := range got {
		seen[id]++
	}
	var missing, repeated, strange []string
	for _, id := range want {
		if seen[id] == 0 {
			missing = append(missing, id)
		}
	}
	for id, n := range seen {
		if n > 1 {
			repeated = append(repeated, fmt.Sprintf("%s (%d times)", id, n))
		}
		if !slices.Contains(want, id) {
			strange = append(strange, id)
		}
	}
	if len(missing) > 0 {
		t.Errorf("%s: %d of %d records are missing, such as %s", what, len(missing), len(want), missing[0])
	}
	if exactlyOnce && len(repeated) > 0 {
		slices.Sort(repeated)
		t.Errorf("%s: %d records come more than once, such as %s", what, len(repeated), repeated[0])
	}
	if nothingElse && len(strange) > 0 {
		slices.Sort(strange)
		t.Errorf("%s: %d records should not be there, such as %s", what, len(strange), strange[0])
	}
}

// listed are the kinds the engine's Features lists.
func (x *session) listed() []kind {
	var all []kind
	for _, k := range kinds {
		if _, ok := x.features(k.resource); ok {
			all = append(all, k)
		}
	}
	return all
}
