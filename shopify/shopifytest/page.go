package shopifytest

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"sort"
	"strconv"
	"strings"
	"time"
)

// seq is an ordered sequence that a connection pages through. item returns
// nil where the filter says no.
type seq struct {
	n     int
	id    func(i int) int64
	value func(i int) string // the sort value as cursors carry it; nil = the id
	less  func(i int, c cursor) int
	item  func(i int) any
}

// cursor is what the platform puts, base64 coded, behind an edge. Context
// ties it to the sort and the filter it was made under.
type cursor struct {
	ID      int64  `json:"last_id"`
	Value   string `json:"last_value"`
	Context string `json:"context,omitempty"`
	num     int64
}

// page is one page of a connection.
type page struct {
	items      []any
	pos        []int // where in the sequence each item stands
	seq        seq
	next, prev bool
	context    string
}

// window is what the arguments of a connection ask for.
type window struct {
	first, last   int // -1 = absent
	after, before *cursor
	reverse       bool
	context       string
}

// cursorContext condenses the sort and the filter of a list; epoch makes
// every cursor handed out before it stale.
func cursorContext(epoch int, parts ...string) string {
	h := fnv.New32a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return strconv.FormatUint(uint64(h.Sum32()), 36) + "-" + strconv.Itoa(epoch)
}

func (c cursor) append(dst []byte) []byte {
	raw := make([]byte, 0, 96)
	raw = append(raw, `{"last_id":`...)
	raw = strconv.AppendInt(raw, c.ID, 10)
	raw = append(raw, `,"last_value":`...)
	raw = appendString(raw, c.Value)
	raw = append(raw, `,"context":`...)
	raw = appendString(raw, c.Context)
	raw = append(raw, '}')
	return base64.StdEncoding.AppendEncode(dst, raw)
}

// parseCursor reads a cursor and reports whether it fits the context.
func parseCursor(text, context string) (*cursor, bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, false
	}
	var c cursor
	if json.Unmarshal(raw, &c) != nil || c.Context != context {
		return nil, false
	}
	if n, err := strconv.ParseInt(c.Value, 10, 64); err == nil {
		c.num = n
	} else if t, err := time.Parse(cursorTime, c.Value); err == nil {
		c.num = t.Unix()
	}
	return &c, true
}

// staleCursor reports whether a cursor would fit but for InvalidateCursors.
func staleCursor(text, context string) bool {
	raw, err := base64.StdEncoding.DecodeString(text)
	var c cursor
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return false
	}
	had, _, _ := strings.Cut(c.Context, "-")
	want, _, _ := strings.Cut(context, "-")
	return had == want && c.Context != context
}

const cursorTime = "2006-01-02 15:04:05.000000"

// take cuts the page that w asks for out of s.
func (s seq) take(w window) page {
	at := func(i int) int {
		if w.reverse {
			return s.n - 1 - i
		}
		return i
	}
	order := func(i int, c cursor) int {
		r := s.less(at(i), c)
		if w.reverse {
			return -r
		}
		return r
	}
	lo, hi := 0, s.n
	if w.after != nil {
		lo = sort.Search(s.n, func(i int) bool { return order(i, *w.after) > 0 })
	}
	if w.before != nil {
		hi = sort.Search(s.n, func(i int) bool { return order(i, *w.before) >= 0 })
	}
	p := page{seq: s, context: w.context}
	if w.last >= 0 && w.first < 0 {
		for i := hi - 1; i >= lo; i-- {
			it := s.item(at(i))
			if it == nil {
				continue
			}
			if len(p.items) == w.last {
				p.prev = true
				break
			}
			p.items = append(p.items, it)
			p.pos = append(p.pos, at(i))
		}
		reverse(p.items)
		reverse(p.pos)
		p.next = w.before != nil && hi < s.n
		return p
	}
	size := min(w.first, hi-lo)
	if size > 0 {
		p.items, p.pos = make([]any, 0, size), make([]int, 0, size)
	}
	for i := lo; i < hi; i++ {
		it := s.item(at(i))
		if it == nil {
			continue
		}
		if len(p.items) == w.first {
			p.next = true
			break
		}
		p.items = append(p.items, it)
		p.pos = append(p.pos, at(i))
	}
	p.prev = w.after != nil && lo > 0
	return p
}

// appendCursor writes the cursor behind the k-th item.
func (p *page) appendCursor(dst []byte, k int) []byte {
	i := p.pos[k]
	c := cursor{ID: p.seq.id(i), Context: p.context}
	if p.seq.value != nil {
		c.Value = p.seq.value(i)
	} else {
		c.Value = strconv.FormatInt(c.ID, 10)
	}
	dst = append(dst, '"')
	dst = c.append(dst)
	return append(dst, '"')
}

func reverse[T any](s []T) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

// idSeq orders by a number that is the id itself.
func idSeq(n int, id func(int) int64, item func(int) any) seq {
	return seq{n: n, id: id, item: item,
		less: func(i int, c cursor) int { return cmp.Compare(id(i), c.ID) }}
}

// placeSeq orders by place in a list, as nested connections do.
func placeSeq(n int, id func(int) int64, item func(int) any) seq {
	return seq{n: n, id: id, item: item,
		value: func(i int) string { return strconv.Itoa(i + 1) },
		less:  func(i int, c cursor) int { return cmp.Compare(int64(i+1), c.num) }}
}

// rowSeq orders a table by one of its kept orders.
func rowSeq[T any](t *table[T], sortKey string, text func(*T) string, item func(*row[T]) any) seq {
	switch sortKey {
	case "ID":
		return idSeq(len(t.ids), func(i int) int64 { return t.ids[i].id },
			func(i int) any { return item(t.ids[i]) })
	case "CREATED_AT", "UPDATED_AT":
		rows, at := t.created, func(r *row[T]) int64 { return r.created }
		if sortKey == "UPDATED_AT" {
			rows, at = t.updated, func(r *row[T]) int64 { return r.updated }
		}
		return seq{n: len(rows),
			id:    func(i int) int64 { return rows[i].id },
			value: func(i int) string { return time.Unix(at(rows[i]), 0).UTC().Format(cursorTime) },
			less: func(i int, c cursor) int {
				return cmp.Or(cmp.Compare(at(rows[i]), c.num), cmp.Compare(rows[i].id, c.ID))
			},
			item: func(i int) any { return item(rows[i]) }}
	}
	v := t.byText(sortKey, text)
	return seq{n: len(v.rows),
		id:    func(i int) int64 { return v.rows[i].id },
		value: func(i int) string { return v.values[i] },
		less: func(i int, c cursor) int {
			return cmp.Or(cmp.Compare(v.values[i], c.Value), cmp.Compare(v.rows[i].id, c.ID))
		},
		item: func(i int) any { return item(v.rows[i]) }}
}
