package salla

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// place is where in a list a page was read: enough to continue there in
// another process. The zero place is the beginning.
type place struct {
	page  int64 // from 1
	size  int64 // rows to a page, as the answer said
	asked int64 // rows to a page, as asked for
	total int64 // rows of the whole list, as the answer said; negative when it did not
}

// position writes the place and the last record for a cursor.
func (p place) position(id string) string {
	return fmt.Sprintf("%d.%d.%d.%d.%s", p.page, p.size, p.asked, p.total, id)
}

// parsePosition reads what position wrote.
func parsePosition(op, text string) (p place, id string, err error) {
	if text == "" {
		return place{}, "", nil
	}
	const numbers = 4
	parts := strings.SplitN(text, ".", numbers+1)
	for i, into := range []*int64{&p.page, &p.size, &p.asked, &p.total} {
		if len(parts) > numbers && err == nil {
			*into, err = strconv.ParseInt(parts[i], 10, 64)
		}
	}
	if len(parts) <= numbers || err != nil || p.page < 1 || p.size < 1 || p.page > 1<<40 || p.size > 1<<20 {
		return place{}, "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the cursor is damaged"}
	}
	return p, parts[numbers], nil
}

// row is one record of a page.
type row struct {
	raw json.RawMessage
	at  place
}

// walk reads a list by page numbers such that nothing that is in it
// throughout is missed while it changes.
//
// Rows that are put in before a page push its rows back: they come again.
// Rows that are removed pull the rest forward, over the edge into pages read
// already: those would be missed. New records come first on Salla, and lists
// that could be in another order are asked for newest first; so a list that is
// n rows shorter than at the last page has lost at most n rows over the edge,
// and one that is not shorter has lost none. When the total has dropped, the
// page is put aside and the walk goes back far enough to meet the rows.
//
// Where records also enter in the middle of a list, as with a filter by
// status, entering ones can hide leaving ones from the total. There each page
// is read once more after the next one, and what is new on it comes too.
type walk struct {
	call      call
	size      int64 // rows to ask for
	unsettled bool  // records enter in the middle
	retreats  int   // since the walk last got further
	far       int64 // the last page it got to
}

// step is where a walk goes next, and what it saw last.
type step struct{ next, last place }

// mostRetreats ends a walk through a list that shrinks faster than it can be
// read.
const mostRetreats = 100

// from is the first step of a walk that continues at a place.
func (w *walk) from(p place) step {
	if p.page == 0 {
		return step{next: place{page: 1}, last: place{total: -1}}
	}
	if p.size < p.asked { // Salla gives no more, so page numbers keep their meaning
		w.size = min(w.size, p.size)
	}
	first := (p.page-1)*p.size/w.size + 1
	return step{next: place{page: first}, last: place{page: first, size: w.size, total: p.total}}
}

// fetch reads the step's page. The rows it returns are good to deliver.
func (w *walk) fetch(ctx context.Context, e *Engine, s step) (rows []row, next step, more bool, err error) {
	a, p, err := w.read(ctx, e, s.next.page)
	if err != nil {
		return nil, s, false, err
	}
	if p == nil {
		return rowsOf(a, place{page: 1, size: max(1, int64(len(a.page.Items))), total: -1}), s, false, nil
	}
	at := place{page: s.next.page, size: p.PerPage, asked: w.size, total: p.Total}
	if at.size < 1 {
		at.size = max(w.size, 1)
	}
	if back, again := w.retreat(s, at); again {
		if w.retreats++; w.retreats > mostRetreats {
			return nil, s, false, &catalog.Error{Platform: Platform, Op: w.call.op, Kind: catalog.ErrConflict,
				Message: "the list shrinks faster than it can be read", Hint: "read it again when the store is quieter"}
		}
		return nil, step{next: place{page: back}, last: at}, true, nil
	}
	if at.page > w.far {
		w.far, w.retreats = at.page, 0
	}
	rows = rowsOf(a, at)
	if w.unsettled && at.page > 1 {
		before, q, err := w.read(ctx, e, at.page-1)
		if err != nil {
			return nil, s, false, err
		}
		if q != nil {
			rows = append(rowsOf(before, place{page: at.page - 1, size: at.size, asked: at.asked, total: at.total}), rows...)
		}
	}
	// Salla's own words end the list, never a short page. A page past the end
	// is answered by some lists with the last one.
	more = p.TotalPages > at.page && (p.CurrentPage == 0 || p.CurrentPage >= at.page)
	return rows, step{next: place{page: at.page + 1}, last: at}, more, nil
}

// retreat says whether rows may have slipped over the edge before the page
// just read, and from which page on to read again.
func (w *walk) retreat(s step, at place) (page int64, again bool) {
	if at.page == 1 {
		return 0, false
	}
	if s.last.size > 0 && at.size > s.last.size { // larger pages than asked for begin later
		return max(1, (at.page-1)*s.last.size/at.size), true
	}
	if s.last.total < 0 || at.total >= s.last.total {
		return 0, false
	}
	// Pages may be short, so half a page is all one page back is worth.
	lost := s.last.total - at.total
	return max(1, at.page-1-lost/max(1, at.size/2)), true
}

func (w *walk) read(ctx context.Context, e *Engine, page int64) (answer, *pagination, error) {
	c := w.call
	c.list = true
	c.query = url.Values{"page": {strconv.FormatInt(page, 10)}, "per_page": {strconv.FormatInt(w.size, 10)}}
	for name, values := range w.call.query {
		c.query[name] = values
	}
	a, err := e.get(ctx, c)
	if err != nil {
		return a, nil, err
	}
	if !a.page.Found {
		return a, nil, a.bad(c.op, "the answer holds no list")
	}
	p, err := a.pages(c.op)
	return a, p, err
}

func rowsOf(a answer, at place) []row {
	rows := make([]row, len(a.page.Items))
	for i, raw := range a.page.Items {
		rows[i] = row{raw, at}
	}
	return rows
}

// recent remembers the latest ids of a run, at least half of most, so that
// what comes again within reach is not delivered again. What comes again from
// further away is.
type recent struct{ now, before map[string]struct{} }

const mostRecent = 20_000

// add reports whether the id is new.
func (r *recent) add(id string) bool {
	for _, known := range []map[string]struct{}{r.now, r.before} {
		if _, ok := known[id]; ok {
			return false
		}
	}
	if len(r.now) >= mostRecent/2 || r.now == nil {
		r.before, r.now = r.now, make(map[string]struct{})
	}
	r.now[id] = struct{}{}
	return true
}
