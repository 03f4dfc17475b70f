package shopifytest

import (
	"cmp"
	"slices"
	"sort"
	"sync"
)

// key is what ordering and the cheap filters need to know of a record, so
// that a record need not exist to be sorted or skipped. Times are Unix
// seconds, the platform's own grain.
type key struct{ id, created, updated int64 }

// row is one record of a table: generated from its place in the seed until
// somebody changes it.
type row[T any] struct {
	key
	index int // place in the seed; -1 when the record never was seeded
	rec   *T  // nil = generate
}

// table holds one kind of record in three orders. It is guarded by the
// server's lock.
type table[T any] struct {
	gen     func(index int) *T
	keyOf   func(*T) key
	ids     []*row[T]
	created []*row[T]
	updated []*row[T]
	version int        // counts changes, so that sorted views can be kept
	derived sync.Mutex // guards sorted, which readers fill
	sorted  map[string]*textView[T]
}

type textView[T any] struct {
	version int
	rows    []*row[T]
	values  []string
}

func byID[T any](a, b *row[T]) int { return cmp.Compare(a.id, b.id) }

func byCreated[T any](a, b *row[T]) int {
	return cmp.Or(cmp.Compare(a.created, b.created), cmp.Compare(a.id, b.id))
}

func byUpdated[T any](a, b *row[T]) int {
	return cmp.Or(cmp.Compare(a.updated, b.updated), cmp.Compare(a.id, b.id))
}

// newTable lays out n seeded records, whose keys are known without making them.
func newTable[T any](n int, keyAt func(int) key, gen func(int) *T, keyOf func(*T) key) *table[T] {
	t := &table[T]{gen: gen, keyOf: keyOf, sorted: map[string]*textView[T]{}}
	slab := make([]row[T], n)
	t.ids = make([]*row[T], n)
	for i := range slab {
		slab[i] = row[T]{key: keyAt(i), index: i}
		t.ids[i] = &slab[i]
	}
	slices.SortFunc(t.ids, byID[T])
	t.created = slices.Clone(t.ids)
	slices.SortFunc(t.created, byCreated[T])
	t.updated = slices.Clone(t.ids)
	slices.SortFunc(t.updated, byUpdated[T])
	return t
}

// load returns the record of a row, making it if nobody changed it.
func (t *table[T]) load(r *row[T]) *T {
	if r.rec != nil {
		return r.rec
	}
	return t.gen(r.index)
}

func (t *table[T]) find(id int64) *row[T] {
	i, ok := slices.BinarySearchFunc(t.ids, id, func(r *row[T], id int64) int { return cmp.Compare(r.id, id) })
	if !ok {
		return nil
	}
	return t.ids[i]
}

// get returns the record with that id, or nil.
func (t *table[T]) get(id int64) *T {
	r := t.find(id)
	if r == nil {
		return nil
	}
	return t.load(r)
}

// put stores rec, which must not be changed afterwards.
func (t *table[T]) put(rec *T) {
	k := t.keyOf(rec)
	old := t.find(k.id)
	if old == nil {
		old = &row[T]{key: k, index: -1}
		t.ids = insert(t.ids, old, byID[T])
	} else {
		t.created = remove(t.created, old, byCreated[T])
		t.updated = remove(t.updated, old, byUpdated[T])
	}
	old.key, old.rec = k, rec
	t.created = insert(t.created, old, byCreated[T])
	t.updated = insert(t.updated, old, byUpdated[T])
	t.version++
}

// drop removes the record with that id and reports whether there was one.
func (t *table[T]) drop(id int64) bool {
	r := t.find(id)
	if r == nil {
		return false
	}
	t.ids = remove(t.ids, r, byID[T])
	t.created = remove(t.created, r, byCreated[T])
	t.updated = remove(t.updated, r, byUpdated[T])
	t.version++
	return true
}

// nextID returns an id above every id in use.
func (t *table[T]) nextID() int64 {
	if len(t.ids) == 0 {
		return 1
	}
	return t.ids[len(t.ids)-1].id + 1
}

// all returns every record in id order.
func (t *table[T]) all() []*T {
	out := make([]*T, len(t.ids))
	for i, r := range t.ids {
		out[i] = t.load(r)
	}
	return out
}

// byText returns the rows ordered by a text of the record.
func (t *table[T]) byText(name string, value func(*T) string) *textView[T] {
	t.derived.Lock()
	defer t.derived.Unlock()
	if v := t.sorted[name]; v != nil && v.version == t.version {
		return v
	}
	type pair struct {
		v string
		r *row[T]
	}
	pairs := make([]pair, len(t.ids))
	for i, r := range t.ids {
		pairs[i] = pair{value(t.load(r)), r}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.v, b.v), cmp.Compare(a.r.id, b.r.id))
	})
	v := &textView[T]{version: t.version}
	for _, p := range pairs {
		v.rows, v.values = append(v.rows, p.r), append(v.values, p.v)
	}
	t.sorted[name] = v
	return v
}

func insert[T any](s []*row[T], r *row[T], order func(a, b *row[T]) int) []*row[T] {
	i := sort.Search(len(s), func(i int) bool { return order(s[i], r) >= 0 })
	return slices.Insert(s, i, r)
}

func remove[T any](s []*row[T], r *row[T], order func(a, b *row[T]) int) []*row[T] {
	i := sort.Search(len(s), func(i int) bool { return order(s[i], r) >= 0 })
	if i < len(s) && s[i] == r {
		return slices.Delete(s, i, i+1)
	}
	return s
}
