package woocommercetest

import (
	"cmp"
	"slices"
	"sync"
)

// maxViews bounds the lists kept for one version of a table.
const maxViews = 64

// key is what ordering and date filters need to know of a record, so that it
// need not exist to be sorted or skipped. Times are Unix seconds.
type key struct{ id, created, modified int64 }

// row is one record: made from its place in the seed until somebody changes it.
type row[T any] struct {
	key
	index int32 // place in the seed; -1 when it never was seeded
	rec   *T    // nil: make it. Never written to once here
}

// table holds the records of one kind in the order of their ids. It is guarded
// by the server's lock; views has its own, because readers fill it.
type table[T any] struct {
	make    func(index int) *T
	keyOf   func(*T) key
	rows    []*row[T]
	version int

	viewMu sync.Mutex
	views  map[string]any
	viewAt int // the version the views are of
}

func newTable[T any](n int, keyAt func(int) key, build func(int) *T, keyOf func(*T) key) *table[T] {
	t := &table[T]{make: build, keyOf: keyOf}
	slab := make([]row[T], n)
	t.rows = make([]*row[T], n)
	for i := range slab {
		slab[i] = row[T]{key: keyAt(i), index: int32(i)}
		t.rows[i] = &slab[i]
	}
	return t
}

// load returns the record of a row; not to be written to.
func (t *table[T]) load(r *row[T]) *T {
	if r.rec != nil {
		return r.rec
	}
	return t.make(int(r.index))
}

func (t *table[T]) at(id int64) (int, bool) {
	return slices.BinarySearchFunc(t.rows, id, func(r *row[T], id int64) int { return cmp.Compare(r.id, id) })
}

func (t *table[T]) find(id int64) *row[T] {
	if i, ok := t.at(id); ok {
		return t.rows[i]
	}
	return nil
}

// get returns the record with that id, not to be written to, or nil.
func (t *table[T]) get(id int64) *T {
	if r := t.find(id); r != nil {
		return t.load(r)
	}
	return nil
}

// put stores rec, which must not be changed afterwards.
func (t *table[T]) put(rec *T) {
	k := t.keyOf(rec)
	if i, ok := t.at(k.id); ok {
		t.rows[i] = &row[T]{key: k, index: -1, rec: rec}
	} else {
		t.rows = slices.Insert(t.rows, i, &row[T]{key: k, index: -1, rec: rec})
	}
	t.version++
}

func (t *table[T]) drop(id int64) bool {
	i, ok := t.at(id)
	if ok {
		t.rows = slices.Delete(t.rows, i, i+1)
		t.version++
	}
	return ok
}

// kept returns what build made under that name, remembered until a change. The
// caller holds the server's lock.
func kept[T, V any](t *table[T], name string, build func() V) V {
	t.viewMu.Lock()
	defer t.viewMu.Unlock()
	if t.viewAt != t.version || t.views == nil || len(t.views) >= maxViews {
		t.views, t.viewAt = map[string]any{}, t.version
	}
	if v, ok := t.views[name]; ok {
		return v.(V)
	}
	v := build()
	t.views[name] = v
	return v
}
