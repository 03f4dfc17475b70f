package bigcommerce

import (
	"cmp"
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/soukhq/souk/catalog/transport"
)

// byID reads a list in the order of its ids, each page behind the last id of
// the one before: a record that is there throughout comes exactly once. after
// puts the last id into the call. A state is that id, and so is a position.
//
// V2 tells no totals, and an order deleted while its page is put together may
// leave the page short: there only an empty answer ends a list.
func byID[N, T any](e *Engine, c call, by *reader[N, T], after func(c call, id int64) call) pages[N] {
	fetch := func(ctx context.Context, size int, state string) (page[N], error) {
		next := c.with("limit", strconv.Itoa(size))
		if state != "" {
			id, _ := strconv.ParseInt(state, 10, 64) // was checked, or comes from an id
			next = after(next, id)
		}
		asked := next
		asked.ending = len(c.list) > 0 // V3 tells at the end whether there is more
		a, err := e.get(ctx, asked)
		if err != nil {
			return page[N]{}, err
		}
		if a.end != nil {
			return by.ended(e, next, a), nil
		}
		rows, err := a.items(c.op)
		if err != nil {
			return page[N]{}, err
		}
		p, last := by.behind(rows)
		p.more = len(rows) > 0
		if told := a.pagination(); told != nil {
			p.more = moreAfter(told, len(rows), size)
		}
		if p.more && last == 0 {
			return page[N]{}, a.bad(c.op, "no record of the page has an id, so that the next page cannot be asked for")
		}
		p.next = strconv.FormatInt(last, 10)
		return p, nil
	}
	return pages[N]{
		fetch:    fetch,
		position: func(_, id string) string { return id },
		begin: func(position string) (string, func(string) bool, bool) {
			return position, func(id string) bool { return numeric(id) <= numeric(position) }, checkID("", "", position) == nil
		},
	}
}

// behind makes a page of rows and finds the greatest of their ids, of whole
// rows only where an id is odd.
func (r *reader[N, T]) behind(rows []json.RawMessage) (p page[N], last int64) {
	decoded := sync.OnceValue(func() []*candidate[N] { return r.decode(rows) })
	p.rows = func(context.Context) ([]*candidate[N], error) { return decoded(), nil }
	for _, raw := range rows {
		id, err := strconv.ParseInt(string(transport.Peek(raw, "id")[0]), 10, 64)
		if err != nil {
			last = 0
			for _, c := range decoded() {
				last = max(last, numeric(c.id))
			}
			return p, last
		}
		last = max(last, id)
	}
	return p, last
}

// ready are rows that had to be decoded already.
func ready[N any](rows []*candidate[N]) func(context.Context) ([]*candidate[N], error) {
	return func(context.Context) ([]*candidate[N], error) { return rows, nil }
}

// greater and least are how the two versions ask for what follows an id.
func greater(c call, id int64) call { return c.with("id:greater", strconv.FormatInt(id, 10)) }
func least(c call, id int64) call   { return c.with("min_id", strconv.FormatInt(id+1, 10)) }

// cursorForm is a position in a list by cursors: a record's id, and the
// platform's cursor of its page.
var cursorForm = regexp.MustCompile(`^([1-9][0-9]{0,17})\.([A-Za-z0-9+/=_-]{0,1000})$`)

// byCursor reads a list of V3 that has cursors. They stand for an id, not for
// a place, so nothing is missed or comes twice, and they do not expire.
// https://developer.bigcommerce.com/docs/rest-management/customers
func byCursor[N, T any](e *Engine, c call, by *reader[N, T]) pages[N] {
	fetch := func(ctx context.Context, size int, state string) (page[N], error) {
		next := c.with("limit", strconv.Itoa(size))
		if state != "" {
			next = next.with("after", state)
		}
		a, rows, err := e.rows(ctx, next)
		if err != nil {
			return page[N]{}, err
		}
		var cursors struct {
			End   string `json:"end_cursor"`
			Links struct {
				Next string `json:"next"`
			} `json:"links"`
		}
		p := page[N]{
			rows: func(context.Context) ([]*candidate[N], error) { return by.decode(rows), nil },
			more: moreAfter(a.pagination(), len(rows), size),
		}
		if raw := a.page.Field("meta", "cursor_pagination"); len(raw) > 0 && raw[0] != 'n' {
			if json.Unmarshal(raw, &cursors) != nil {
				return page[N]{}, a.bad(c.op, "the answer's cursors cannot be read")
			}
			numbered := a.pagination() // the first page has both
			p.next, p.more = cursors.End, len(rows) > 0 && (cursors.Links.Next != "" || numbered != nil && p.more)
		}
		if p.more && !cursorForm.MatchString("1."+p.next) || p.more && p.next == "" {
			return page[N]{}, a.bad(c.op, "the answer has no cursor that leads to the next page")
		}
		return p, nil
	}
	return pages[N]{
		fetch:    fetch,
		position: func(state, id string) string { return id + "." + state },
		begin: func(position string) (string, func(string) bool, bool) {
			parts := cursorForm.FindStringSubmatch(position)
			if parts == nil {
				return "", nil, false
			}
			return parts[2], func(id string) bool { return numeric(id) <= numeric(parts[1]) }, true
		},
	}
}

// whole reads a short list whole, in the order of its ids.
func whole[N, T any](e *Engine, c call, by *reader[N, T]) pages[N] {
	fetch := func(ctx context.Context, _ int, _ string) (page[N], error) {
		rows, err := e.everything(ctx, c, mostRows)
		if err != nil {
			return page[N]{}, err
		}
		all := by.decode(rows)
		slices.SortStableFunc(all, func(a, b *candidate[N]) int { return cmp.Compare(numeric(a.id), numeric(b.id)) })
		return page[N]{rows: ready(all)}, nil
	}
	return pages[N]{
		fetch:    fetch,
		position: func(_, id string) string { return id },
		begin: func(position string) (string, func(string) bool, bool) {
			return "", func(id string) bool { return numeric(id) <= numeric(position) }, checkID("", "", position) == nil
		},
	}
}

// rows reads one page.
func (e *Engine) rows(ctx context.Context, c call) (answer, []json.RawMessage, error) {
	a, err := e.get(ctx, c)
	if err != nil {
		return a, nil, err
	}
	items, err := a.items(c.op)
	return a, items, err
}

// numeric is an id as a number, 0 when it is none.
func numeric(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}
