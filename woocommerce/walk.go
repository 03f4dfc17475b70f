package woocommerce

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// walk reads a list in the order of ids, each record that is in it throughout
// exactly once, while others enter and leave.
//
// The store numbers rows, and rows move when earlier ones leave. So a page
// begins one row before where it should: if its first row is one that was
// seen, nothing can lie between what was seen and what follows it. If it is
// not, earlier rows have left; then the walk steps back until it meets a row
// that was seen, or the list's beginning. What it has seen is told by its id,
// so nothing comes twice.
type walk[N any] struct {
	e    *Engine
	call call
	size int
	read func(raw json.RawMessage) *row[N]
	// pages, if any, reads the page from a row on in place of page.
	pages func(ctx context.Context, from int) (page[N], error)
}

// spot is how far a walk has come: up to the id, which was row number rows,
// and bad rows that have none behind it.
type spot struct {
	id   int64
	rows int
	bad  int
	// gaps says that the rows up to here end in some that the store counts and
	// does not show, of total in the whole list.
	gaps  bool
	total int
	// first is the id the list began with, 0 when this run did not see it.
	first int64
}

// position writes a spot for a cursor.
func (s spot) position() string { return itoa(s.id) + "." + itoa(s.rows) }

func parseSpot(op, text string) (spot, error) {
	id, rows, ok := strings.Cut(text, ".")
	var s spot
	var err, also error
	s.id, err = strconv.ParseInt(id, 10, 64)
	s.rows, also = strconv.Atoi(rows)
	if !ok || err != nil || also != nil || s.id < 0 || s.rows < 0 || s.rows > math.MaxInt32 {
		return spot{}, damaged(op)
	}
	return s, nil
}

func damaged(op string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the cursor is damaged"}
}

// fetch reads the page behind a spot. No rows do not mean the end.
//
// A store may count rows that it does not show to the key's user. A run of
// them can be as long as a page, which then meets nothing: only there the
// store's count has to do for proof that no row has left.
func (w *walk[N]) fetch(ctx context.Context, s spot) (fresh []*row[N], next spot, more bool, err error) {
	for back := 1; ; back = back*4 + w.size/2 {
		from := max(0, s.rows-back)
		if s.id == 0 { // nothing to meet yet
			from = s.rows
		}
		p, err := w.window(ctx, from, s.id == 0)
		if err != nil {
			return nil, s, false, err
		}
		if s.first > 0 && from >= stuckAt && len(p.rows) > 0 && p.rows[0].id == s.first {
			return nil, s, false, w.bad("the store answers every page with the first", "a cache in front of the store, or a plugin, ignores the parameter offset")
		}
		behind, met, err := w.behind(p.rows, s)
		if err != nil {
			return nil, s, false, err
		}
		passed := s.gaps && back == 1 && p.total >= s.total
		if !met && !passed && from > 0 && s.id > 0 {
			continue
		}
		next = spot{id: s.id, rows: from + len(p.rows), bad: s.bad, first: s.first}
		if from == 0 && len(p.rows) > 0 {
			next.first = p.rows[0].id
		}
		if p.more && next.rows-1 <= from {
			next.rows = from + w.size + 1
			next.gaps, next.total = true, p.total
		}
		for i, r := range behind {
			if r.id == 0 {
				next.bad++
				continue
			}
			next.id, next.bad = r.id, 0
			r.place = spot{id: r.id, rows: from + len(p.rows) - len(behind) + i + 1}.position()
		}
		if next.id == 0 { // still nothing to meet
			next.rows = from + w.size
		}
		return behind, next, p.more, nil
	}
}

// stuckAt is from which row on the list's first record is out of place, unless
// so many older ones came out of the trash meanwhile.
const stuckAt = 10

func (w *walk[N]) bad(message, hint string) error {
	return &catalog.Error{Platform: Platform, Op: w.call.op, Kind: catalog.ErrBadAnswer, Message: message, Hint: hint}
}

// behind returns the rows of a window that follow what was seen, and whether
// the window holds something that was.
func (w *walk[N]) behind(rows []*row[N], s spot) (fresh []*row[N], met bool, err error) {
	start, last := 0, int64(0)
	for i, r := range rows {
		if r.id == 0 {
			continue
		}
		if r.id <= last {
			return nil, false, w.bad("the store does not keep to the order of ids it was asked for",
				"a plugin changes the order of lists; without it no list can be read whole")
		}
		last = r.id
		if r.id <= s.id {
			start, met = i+1, true
		}
	}
	fresh = rows[start:]
	for range s.bad { // reported before
		if met && len(fresh) > 0 && fresh[0].id == 0 {
			fresh = fresh[1:]
		}
	}
	return fresh, met, nil
}

// window reads the rows from a number on. One row to a page leaves no room for
// the one before: then that is read for itself, afterwards, since a row that
// leaves in between must not go unnoticed.
func (w *walk[N]) window(ctx context.Context, from int, first bool) (page[N], error) {
	if w.size > 1 || first {
		if w.pages != nil {
			return w.pages(ctx, from)
		}
		return w.page(ctx, "id", from)
	}
	p, err := w.page(ctx, "id", from+1)
	if err != nil {
		return p, err
	}
	before, err := w.page(ctx, "id", from)
	if len(before.rows) > 0 && len(p.rows) > 0 && before.rows[0].id >= p.rows[0].id {
		p.rows, p.more = nil, true // rows have moved in between
	}
	p.rows = append(before.rows, p.rows...)
	return p, err
}

// page is one answer's rows.
type page[N any] struct {
	rows []*row[N]
	more bool
	// total is how many rows the whole list has, 0 when it is not told.
	total int
	// cold is a time, in Unix seconds of the store's clock, before the store
	// began to put the page together.
	cold int64
}

// page asks for rows in an order, from a number on. More is by the store's own
// count: rows the key may not see are missing from pages, so that a short one
// does not end a list.
func (w *walk[N]) page(ctx context.Context, order string, from int) (page[N], error) {
	c := w.call
	c.shape = wantList
	c.query = maps.Clone(w.call.query)
	if c.query == nil {
		c.query = url.Values{}
	}
	c.query.Set("orderby", order)
	c.query.Set("order", "asc")
	c.query.Set("per_page", itoa(w.size))
	if from > 0 {
		c.query.Set("offset", itoa(from))
	}
	began := time.Now()
	a, err := w.e.send(ctx, c)
	if err != nil {
		return page[N]{}, err
	}
	p := page[N]{rows: make([]*row[N], len(a.items)), more: len(a.items) >= w.size}
	for i, raw := range a.items {
		p.rows[i] = w.read(raw)
	}
	if total := a.total(); total >= 0 {
		p.total, p.more = total, from+w.size < total
	}
	sent, err := http.ParseTime(a.resp.Header.Get("Date"))
	if err != nil {
		sent = a.resp.Received.Add(-5 * time.Minute) // the clocks may differ
	}
	p.cold = sent.Add(-a.resp.Received.Sub(began) - 5*time.Second).Unix()
	return p, nil
}
