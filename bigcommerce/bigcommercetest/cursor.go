package bigcommercetest

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
)

// cursor is a place in a list: the id of a record, and what the list is sorted
// by when that is a time.
type cursor struct {
	ID   int64 `json:"id"`
	Time int64 `json:"time,omitempty"`
}

func (r cursor) String() string {
	b, _ := json.Marshal(r) // numbers always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

// cut is a page of a list that has cursors.
type cut struct {
	page      page
	customers []*Customer
	cursors   bool // asked for by after or before
	first     bool // the first page, which shows cursors too
	start     string
	end       string
	before    bool // customers are left before the page
	after     bool // customers are left after it
}

// cursorPage picks a page by after, before or number; false when it has
// answered that a cursor is wrong.
func (c *call) cursorPage(t *table[Customer], s *selection[Customer], number, size int) (*cut, bool) {
	after, before := c.query.Get("after"), c.query.Get("before")
	at, ok := cursor{}, true
	if after != "" || before != "" {
		at, ok = parseCursor(after + before)
	}
	if !ok || after != "" && before != "" {
		c.violation("after=%q and before=%q", after, before)
		c.invalid("The cursor is invalid.", "after", "after and before must be one cursor from an earlier answer")
		return nil, false
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	rows := t.choose(s)
	out := &cut{page: newPage(number, size, len(rows)), first: number == 1}
	from, to := out.page.from, out.page.to
	switch {
	case after != "":
		from = c.seek(t, rows, s, at, 1)
		to = min(from+size, len(rows))
	case before != "":
		to = c.seek(t, rows, s, at, 0)
		from = max(0, to-size)
	}
	out.cursors = after != "" || before != ""
	out.before, out.after = from > 0, to < len(rows)
	out.customers = t.load(rows[from:to])
	out.page.size = size
	if from < to {
		out.start, out.end = cursorOf(t, s, rows[from]).String(), cursorOf(t, s, rows[to-1]).String()
	}
	return out, true
}

func parseCursor(v string) (at cursor, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(v)
	if err != nil || json.Unmarshal(b, &at) != nil || at.ID == 0 {
		return cursor{}, false
	}
	return at, true
}

func cursorOf(t *table[Customer], s *selection[Customer], r row) cursor {
	at := cursor{ID: t.base + int64(r.index)}
	switch s.sort {
	case "date_created":
		at.Time = r.created
	case "date_modified":
		at.Time = r.modified
	}
	return at
}

// seek returns the position of the first row after the cursor, or with past 0
// of the first that is not before it. The cursor's record may be gone, except
// in lists by last name.
func (c *call) seek(t *table[Customer], rows []row, s *selection[Customer], at cursor, past int) int {
	if s.sort == "last_name" {
		i := slices.IndexFunc(rows, func(r row) bool { return t.base+int64(r.index) == at.ID })
		return max(0, i+past)
	}
	i, _ := slices.BinarySearchFunc(rows, at, func(r row, want cursor) int {
		have := cursorOf(t, s, r)
		byTime := cmp.Compare(have.Time, want.Time)
		if s.desc {
			byTime = -byTime
		}
		if order := cmp.Or(byTime, cmp.Compare(have.ID, want.ID)); order != 0 {
			return order
		}
		return -past // past 1 goes behind the equal row
	})
	return i
}

// meta writes pagination on pages by number, and cursors on the first of those
// and on pages by cursor.
func (p *cut) meta(c *call, w *writer) {
	if !p.cursors {
		c.pagination(w, p.page)
	}
	if !p.cursors && !p.first {
		return
	}
	w.obj("cursor_pagination")
	w.num("count", len(p.customers))
	w.num("per_page", p.page.size)
	w.str("start_cursor", p.start)
	w.str("end_cursor", p.end)
	link := func(name, at string) {
		q := url.Values{}
		for k, v := range c.query {
			if k != "page" && k != "limit" && k != "after" && k != "before" {
				q[k] = v
			}
		}
		text := "?" + name + "=" + at + "&limit=" + strconv.Itoa(p.page.size)
		if len(q) > 0 {
			text += "&" + q.Encode()
		}
		w.str([2]string{"next", "previous"}[btoi(name == "before")], text)
	}
	w.obj("links")
	if p.before {
		link("before", p.start)
	}
	if p.after {
		link("after", p.end)
	}
	w.end()
	w.end()
}
