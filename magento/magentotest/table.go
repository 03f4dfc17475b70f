package magentotest

import (
	"slices"
	"sort"
	"sync"
	"time"
)

// row is what a table knows of a record without making it.
type row struct {
	id               int64
	created, updated int64 // Unix seconds
	index            int32 // of a seeded record; -1 for any other
}

// table holds records ordered by id. Seeded ones are made from their index when
// they are looked at; only changed ones are kept. The store's lock guards it,
// but for views, which has its own.
type table[T any] struct {
	build  func(index int) *T
	rowOf  func(*T) row
	rows   []row
	stored map[int64]*T
	dead   map[int64]bool // ids that were deleted
	// version counts changes.
	version int

	mu        sync.Mutex
	views     map[string][]row
	viewsOf   int
	derived   map[string]any // computed from the whole table
	derivedOf int
}

// maxViews bounds the filtered lists kept for one version of a table.
const maxViews = 32

func newTable[T any](n int, seedRow func(int) row, build func(int) *T, rowOf func(*T) row) *table[T] {
	t := &table[T]{build: build, rowOf: rowOf, rows: make([]row, n), stored: map[int64]*T{}, dead: map[int64]bool{}}
	for i := range t.rows {
		t.rows[i] = seedRow(i)
		t.rows[i].index = int32(i)
	}
	return t
}

func (t *table[T]) find(id int64) (int, bool) {
	i := sort.Search(len(t.rows), func(i int) bool { return t.rows[i].id >= id })
	return i, i < len(t.rows) && t.rows[i].id == id
}

// load returns the record of a row. It is shared: copy before changing it.
func (t *table[T]) load(r row) *T {
	if r.index >= 0 {
		return t.build(int(r.index))
	}
	return t.stored[r.id]
}

// get returns the record with that id, or nil. It is shared.
func (t *table[T]) get(id int64) *T {
	i, ok := t.find(id)
	if !ok {
		return nil
	}
	return t.load(t.rows[i])
}

func (t *table[T]) all() []*T {
	out := make([]*T, len(t.rows))
	for i, r := range t.rows {
		out[i] = t.load(r)
	}
	return out
}

// put stores a record, which must not be changed afterwards.
func (t *table[T]) put(rec *T) {
	r := t.rowOf(rec)
	r.index = -1
	i, ok := t.find(r.id)
	if !ok {
		t.rows = slices.Insert(t.rows, i, r)
	}
	t.rows[i] = r
	t.stored[r.id] = rec
	t.version++
}

// drop removes the record with that id; false when there is none.
func (t *table[T]) drop(id int64) bool {
	i, ok := t.find(id)
	if !ok {
		return false
	}
	t.rows = slices.Delete(t.rows, i, i+1)
	delete(t.stored, id)
	t.dead[id] = true
	t.version++
	return true
}

// nextID returns an id above every one that was ever used.
func (t *table[T]) nextID() int64 {
	next := int64(1)
	if n := len(t.rows); n > 0 {
		next = t.rows[n-1].id + 1
	}
	for id := range t.dead {
		next = max(next, id+1)
	}
	return next
}

// view returns rows kept from make, remembered under key until a change.
func (t *table[T]) view(key string, build func() []row) []row {
	t.mu.Lock()
	if t.viewsOf != t.version || len(t.views) >= maxViews || t.views == nil {
		t.views, t.viewsOf = map[string][]row{}, t.version
	}
	v, ok := t.views[key]
	t.mu.Unlock()
	if ok {
		return v
	}
	v = build()
	t.mu.Lock()
	t.views[key] = v
	t.mu.Unlock()
	return v
}

// derive returns what compute makes of the table, remembered until a change.
func derive[T, V any](t *table[T], key string, compute func() V) V {
	t.mu.Lock()
	if t.derivedOf != t.version || t.derived == nil {
		t.derived, t.derivedOf = map[string]any{}, t.version
	}
	v, ok := t.derived[key]
	t.mu.Unlock()
	if ok {
		return v.(V)
	}
	made := compute()
	t.mu.Lock()
	t.derived[key] = made
	t.mu.Unlock()
	return made
}

func unix(t time.Time) int64 { return t.Unix() }
