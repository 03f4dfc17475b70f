package sallatest

import (
	"reflect"
	"slices"
	"sync"
)

// maxViews bounds the filtered lists kept for one version of a collection.
const maxViews = 64

// collection holds records that are made from their index on demand; only
// changed ones are kept. Its methods are safe for concurrent use.
type collection[T any] struct {
	make  func(index int) *T
	clone func(*T) *T
	ids   idCodec

	mu      sync.RWMutex
	size    int // indexes ever used
	live    []int32
	dead    map[int]bool
	changed map[int]*T

	viewMu  sync.Mutex
	views   map[string][]int32
	version int // of the records, counted by forget
}

func newCollection[T any](n int, ids idCodec, build func(int) *T, clone func(*T) *T) *collection[T] {
	c := &collection[T]{
		make: build, clone: clone, ids: ids, size: n,
		live: make([]int32, n), dead: map[int]bool{}, changed: map[int]*T{}, views: map[string][]int32{},
	}
	for i := range c.live {
		c.live[i] = int32(i)
	}
	return c
}

func (c *collection[T]) at(index int) *T {
	if r, ok := c.changed[index]; ok {
		return c.clone(r)
	}
	return c.make(index)
}

// get returns a copy of the record, or nil.
func (c *collection[T]) get(id int64) *T {
	index := c.ids.decode(id)
	c.mu.RLock()
	defer c.mu.RUnlock()
	if index < 0 || index >= c.size || c.dead[index] {
		return nil
	}
	return c.at(index)
}

// all returns a copy of every record in listing order.
func (c *collection[T]) all() []*T {
	c.mu.RLock()
	defer c.mu.RUnlock()
	out := make([]*T, len(c.live))
	for i, index := range c.live {
		out[i] = c.at(int(index))
	}
	return out
}

// order returns the indexes in listing order; not to be written to.
func (c *collection[T]) order() []int32 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.live
}

// records returns copies of the records with these indexes, without those
// deleted since the list was made.
func (c *collection[T]) records(indexes []int32) []*T {
	c.mu.RLock()
	defer c.mu.RUnlock()
	out := make([]*T, 0, len(indexes))
	for _, index := range indexes {
		if !c.dead[int(index)] {
			out = append(out, c.at(int(index)))
		}
	}
	return out
}

// view returns the indexes of the kept records, in the order less gives or, if
// it is nil, in listing order. It is remembered under key until a change.
func (c *collection[T]) view(key string, keep func(*T) bool, compare func(a, b *T) int) []int32 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.viewMu.Lock()
	defer c.viewMu.Unlock()
	if v, ok := c.views[key]; ok {
		return v
	}
	var indexes []int32
	var kept []*T
	for _, index := range c.live {
		r := c.at(int(index))
		if keep != nil && !keep(r) {
			continue
		}
		indexes = append(indexes, index)
		if compare != nil {
			kept = append(kept, r)
		}
	}
	if compare != nil {
		at := make([]int, len(indexes))
		for i := range at {
			at[i] = i
		}
		slices.SortStableFunc(at, func(a, b int) int { return compare(kept[a], kept[b]) })
		sorted := make([]int32, len(indexes))
		for i, j := range at {
			sorted[i] = indexes[j]
		}
		indexes = sorted
	}
	if len(c.views) >= maxViews {
		clear(c.views)
	}
	c.views[key] = indexes
	return indexes
}

func (c *collection[T]) forget() {
	c.viewMu.Lock()
	clear(c.views)
	c.version++
	c.viewMu.Unlock()
}

// add puts a record in front of the list, which shifts every page as adding to
// a live store does.
func (c *collection[T]) add(build func(index int, id int64) *T) *T {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.forget()
	index := c.size
	c.size++
	r := build(index, c.ids.encode(index))
	c.changed[index] = r
	c.live = append([]int32{int32(index)}, c.live...)
	return c.clone(r)
}

// update applies change to a copy and stores it; false if there is no record.
func (c *collection[T]) update(id int64, change func(*T)) bool {
	index := c.ids.decode(id)
	c.mu.Lock()
	defer c.mu.Unlock()
	if index < 0 || index >= c.size || c.dead[index] {
		return false
	}
	defer c.forget()
	r := c.at(index)
	change(r)
	c.changed[index] = c.clone(r)
	return true
}

// edit is update, but a change that leaves all as it was is none. The stamp is
// put on a record that did change.
func (c *collection[T]) edit(id int64, change, stamp func(*T)) (found, changed bool) {
	index := c.ids.decode(id)
	c.mu.Lock()
	defer c.mu.Unlock()
	if index < 0 || index >= c.size || c.dead[index] {
		return false, false
	}
	r := c.at(index)
	old := c.clone(r)
	change(r)
	if reflect.DeepEqual(old, r) {
		return true, false
	}
	stamp(r)
	c.changed[index] = c.clone(r)
	c.forget()
	return true, true
}

func (c *collection[T]) remove(id int64) bool {
	index := c.ids.decode(id)
	c.mu.Lock()
	defer c.mu.Unlock()
	if index < 0 || index >= c.size || c.dead[index] {
		return false
	}
	defer c.forget()
	c.dead[index] = true
	delete(c.changed, index)
	c.live = slices.DeleteFunc(slices.Clone(c.live), func(i int32) bool { return int(i) == index })
	return true
}

// restore puts a removed record in front of the list again.
func (c *collection[T]) restore(index int, r *T) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.dead[index] {
		return false
	}
	defer c.forget()
	delete(c.dead, index)
	c.changed[index] = c.clone(r)
	c.live = append([]int32{int32(index)}, c.live...)
	return true
}

// override returns a changed record as it is stored, or nil; not to be written to.
func (c *collection[T]) override(index int) *T {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.changed[index]
}

// changes counts how often the collection was changed.
func (c *collection[T]) changes() int {
	c.viewMu.Lock()
	defer c.viewMu.Unlock()
	return c.version
}
