package bigcommercetest

import (
	"sort"
	"sync"
)

// flat pages through the parts of a table's records, such as the variants of
// all products, without making the records before the page. It remembers how
// many parts each record has for one version of the table.
type flat[T any] struct {
	table  *table[T]
	seeded func(index int) int // parts of a seeded record that was not changed
	parts  func(*T) int

	mu      sync.Mutex
	version int
	ends    []int // running sum over the table's rows; nil before the first use
	rows    []row
}

// part is one of the parts of a record, by its position.
type part[T any] struct {
	of  *T
	pos int
}

// page returns the parts of a window, with copies of their records, and where it
// lies, all of one moment.
func (f *flat[T]) page(number, size int) (page, []part[T]) {
	f.table.mu.RLock()
	defer f.table.mu.RUnlock()
	ends, rows := f.sums()
	total := 0
	if len(ends) > 0 {
		total = ends[len(ends)-1]
	}
	p := newPage(number, size, total)
	parts := make([]part[T], 0, p.to-p.from)
	i := sort.SearchInts(ends, p.from+1)
	for at := p.from; at < p.to; i++ {
		first := 0
		if i > 0 {
			first = ends[i-1]
		}
		for v := f.table.at(rows[i].index); at < min(ends[i], p.to); at++ {
			parts = append(parts, part[T]{v, at - first})
		}
	}
	return p, parts
}

// sums is for a caller who holds the table's lock.
func (f *flat[T]) sums() ([]int, []row) {
	version := f.table.revision()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ends != nil && f.version == version {
		return f.ends, f.rows
	}
	f.version, f.rows = version, append([]row(nil), f.table.rows...)
	f.ends = make([]int, len(f.rows))
	total := 0
	for i, r := range f.rows {
		if v, ok := f.table.changed[r.index]; ok {
			total += f.parts(v)
		} else {
			total += f.seeded(int(r.index))
		}
		f.ends[i] = total
	}
	return f.ends, f.rows
}
