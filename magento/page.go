package magento

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// step is where a list goes next.
type step struct {
	after place
	page  int64             // of what lies behind after, from 1; only past rows without a place
	tail  []json.RawMessage // rows without a place that were delivered and come again
}

// fetch reads the step's page.
func (l *listing[N, T]) fetch(ctx context.Context, e *Engine, s step, size int64) (undecoded[N], step, bool, error) {
	s.page = max(s.page, 1)
	sort := []string{"entity_id"}
	if l.options.Sort == catalog.SortUpdated {
		sort = []string{"updated_at", "entity_id"}
	}
	q := criteria{groups: l.groups, sort: sort, size: size, page: s.page}.where(s.after.behind(l.options.Sort)...)
	var extra []oauth1.Param
	if l.project != "" {
		extra = append(extra, fields(l.project))
	}
	rows, total, size, err := e.page(ctx, call{op: l.op, path: l.path}, q, extra...)
	if err != nil {
		return nil, s, false, err
	}
	n := int64(len(rows))
	read := (s.page-1)*size + n
	more := n > 0 && (total > read || total < read && n >= size)
	if next, ok := l.beyond(rows, s); ok {
		return func() ([]*candidate[N], error) {
			page, _, err := l.decode(rows, s)
			return page, err
		}, next, more, nil
	}
	page, next, err := l.decode(rows, s)
	if err != nil {
		return nil, s, false, err
	}
	return decoded(page), next, more, nil
}

// undecoded is a page that is decoded when it is called, which is while the
// shop makes the next one.
type undecoded[N any] func() ([]*candidate[N], error)

// decoded is a page that had to be decoded to know where the next begins.
func decoded[N any](page []*candidate[N]) undecoded[N] {
	return func() ([]*candidate[N], error) { return page, nil }
}

// beyond says where the list goes on behind the rows, if the last of them alone
// tells. decode then says the same.
func (l *listing[N, T]) beyond(rows []json.RawMessage, s step) (step, bool) {
	if len(rows) == 0 {
		return step{}, false
	}
	var last N
	_, _ = decode(rows[len(rows)-1], &last)
	at, readable := placeOf(l.options.Sort, l.reader.id(&last), l.reader.updated(&last))
	return step{after: at, page: 1}, readable && at.after(s.after)
}

// decode reads the rows of a page and says where the next one begins.
func (l *listing[N, T]) decode(rows []json.RawMessage, s step) (page []*candidate[N], next step, err error) {
	nodes := make([]candidate[N], len(rows))
	next = step{after: s.after, page: s.page + 1}
	old := 0
	for i, raw := range rows {
		c := &nodes[i]
		c.raw = raw
		c.problems, c.err = decode(raw, &c.node)
		c.id = l.reader.id(&c.node)
		at, readable := placeOf(l.options.Sort, c.id, l.reader.updated(&c.node))
		if c.err == nil && c.id == "" {
			c.err = errors.New("it has no id")
		}
		switch {
		case !readable:
			if i < len(s.tail) && bytes.Equal(raw, s.tail[i]) {
				continue
			}
			at = next.after
			next.tail = append(next.tail, raw)
		case !at.after(s.after):
			old++
			continue
		default:
			next = step{after: at, page: 1}
		}
		c.position = at.text(l.options.Sort)
		if c.err == nil && l.skip != nil && l.skip(&c.node) {
			continue
		}
		page = append(page, c)
	}
	if old > 0 && old == len(rows) {
		return nil, s, &catalog.Error{Platform: Platform, Op: l.op, Kind: catalog.ErrBadAnswer,
			Message: "the shop passes over the filter by id, so that the list cannot go on", Hint: "look for a module that changes its search criteria"}
	}
	if next.page > 1 {
		next.tail = nil // it is left behind with its page
	}
	return page, next, nil
}

// mostPages bounds a list that is read by page numbers.
const mostPages = 200

// numbered reads a whole list by page numbers, for lists without an id to go on
// behind. They must be sorted without ties, which change places between pages.
func (e *Engine) numbered(ctx context.Context, c call, q criteria) ([]json.RawMessage, error) {
	var all []json.RawMessage
	for q.page = 1; q.page <= mostPages; q.page++ {
		rows, total, size, err := e.page(ctx, c, q)
		if err != nil {
			return nil, err
		}
		if q.size != size { // the shop's limit was found out: its pages are others
			all, q.size, q.page = nil, size, 0
			continue
		}
		all = append(all, rows...)
		n := int64(len(rows))
		if n == 0 || total >= 0 && int64(len(all)) >= total || total < 0 && n < size {
			return all, nil
		}
	}
	return nil, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrBadAnswer,
		Message: "the list does not end after " + strconv.Itoa(mostPages) + " pages", Hint: "look for a module that changes its search criteria"}
}

// page reads one page of a list, with smaller pages where the shop limits
// them, and says how large a page was asked for.
func (e *Engine) page(ctx context.Context, c call, q criteria, extra ...oauth1.Param) (rows []json.RawMessage, total, size int64, err error) {
	c.list = inItems
	for {
		if most := e.known.size.Load(); most > 0 {
			q.size = min(q.size, most)
		}
		c.query = append(q.params(), extra...)
		a, err := e.get(ctx, c)
		if failed, ok := err.(*catalog.Error); ok && failed.Code == pageTooLarge {
			if most := e.known.size.Load(); most > 0 && most < q.size {
				continue
			}
		}
		if err != nil {
			return nil, 0, 0, err
		}
		if rows, total, err = a.rows(c.op); err != nil && q.page > 1 && string(a.page.Field("items")) == "null" {
			return nil, total, q.size, nil // a projection of what is past the end
		}
		return rows, total, q.size, err
	}
}
