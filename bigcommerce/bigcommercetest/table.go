package bigcommercetest

import (
	"slices"
	"sync"
)

// maxViews bounds the filtered lists kept for one version of a table.
const maxViews = 64

// row is what lists need to know of a record without making it.
type row struct {
	index             int32
	created, modified int64 // Unix seconds
}

// table holds records that are made from their index on demand; only changed
// ones are kept. Ids grow with the index. Its methods are safe for concurrent use.
type table[T any] struct {
	base  int64 // id of the record with index 0
	build func(index int) *T
	clone func(*T) *T
	times func(*T) (created, modified int64)

	mu      sync.RWMutex
	rows    []row // the living, by index
	size    int   // indexes ever used
	changed map[int32]*T

	viewMu  sync.Mutex
	views   map[string][]row
	version int
}

// newTable makes a table of n seeded records whose times are known by index.
func newTable[T any](n int, base int64, build func(int) *T, clone func(*T) *T,
	seeded func(int) (created, modified int64), times func(*T) (created, modified int64)) *table[T] {
	t := &table[T]{base: base, build: build, clone: clone, times: times, size: n,
		rows: make([]row, n), changed: map[int32]*T{}, views: map[string][]row{}}
	for i := range t.rows {
		created, modified := seeded(i)
		t.rows[i] = row{int32(i), created, modified}
	}
	return t
}

func (t *table[T]) at(index int32) *T {
	if r, ok := t.changed[index]; ok {
		return t.clone(r)
	}
	return t.build(int(index))
}

func (t *table[T]) find(id int64) (int, bool) {
	return slices.BinarySearchFunc(t.rows, id-t.base, func(r row, index int64) int { return int(int64(r.index) - index) })
}

// get returns a copy of the record, or nil.
func (t *table[T]) get(id int64) *T {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if i, ok := t.find(id); ok {
		return t.at(t.rows[i].index)
	}
	return nil
}

// has says whether there is such a record, without making it.
func (t *table[T]) has(id int64) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	_, ok := t.find(id)
	return ok
}

// all returns a copy of every record by id.
func (t *table[T]) all() []*T {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.load(t.rows)
}

// load returns copies of the records of these rows. The caller holds the lock
// it found them under, or the rows may be of records deleted since.
func (t *table[T]) load(rows []row) []*T {
	out := make([]*T, len(rows))
	for i, r := range rows {
		out[i] = t.at(r.index)
	}
	return out
}

// add stores a new record at the end. It is handed to seen, which may be nil,
// while the table is locked.
func (t *table[T]) add(fill func(index int, id int64) *T, seen func(old, now *T)) *T {
	t.mu.Lock()
	defer t.mu.Unlock()
	index := int32(t.size)
	t.size++
	r := fill(int(index), t.base+int64(index))
	t.changed[index] = r
	created, modified := t.times(r)
	t.rows = append(t.rows, row{index, created, modified})
	t.forget()
	if seen != nil {
		seen(nil, r)
	}
	return t.clone(r)
}

// update applies change to a copy and stores it; false if there is no record.
// The record as it was and as it is are handed to seen, which may be nil, while
// the table is locked.
func (t *table[T]) update(id int64, change func(*T), seen func(old, now *T)) bool {
	return t.edit(id, func(r *T) bool { change(r); return true }, seen)
}

// edit is update by a change that may say no: then nothing is stored.
func (t *table[T]) edit(id int64, change func(*T) bool, seen func(old, now *T)) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, ok := t.find(id)
	if !ok {
		return false
	}
	old := t.at(t.rows[i].index)
	r := t.clone(old)
	if !change(r) {
		return true
	}
	r = t.clone(r) // change may have kept slices
	t.changed[t.rows[i].index] = r
	t.rows[i].created, t.rows[i].modified = t.times(r)
	t.forget()
	if seen != nil {
		seen(old, r)
	}
	return true
}

func (t *table[T]) remove(id int64, seen func(old, now *T)) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, ok := t.find(id)
	if !ok {
		return false
	}
	old := t.at(t.rows[i].index)
	delete(t.changed, t.rows[i].index)
	t.rows = slices.Delete(t.rows, i, i+1)
	t.forget()
	if seen != nil {
		seen(old, nil)
	}
	return true
}

func (t *table[T]) forget() {
	t.viewMu.Lock()
	clear(t.views)
	t.version++
	t.viewMu.Unlock()
}

// revision counts how often the table was changed.
func (t *table[T]) revision() int {
	t.viewMu.Lock()
	defer t.viewMu.Unlock()
	return t.version
}

// view returns the rows made by fill, remembered under key until a change. The
// caller holds the read lock; the rows are not to be written to.
func (t *table[T]) view(key string, fill func() []row) []row {
	t.viewMu.Lock()
	v, ok := t.views[key]
	t.viewMu.Unlock()
	if ok {
		return v
	}
	v = fill() // may ask for another view
	t.viewMu.Lock()
	defer t.viewMu.Unlock()
	if len(t.views) >= maxViews {
		clear(t.views)
	}
	t.views[key] = v
	return v
}
