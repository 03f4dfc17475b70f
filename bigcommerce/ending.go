package bigcommerce

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/soukhq/souk/catalog/transport"
)

// ending is what the end of an answer tells before the rest is read: that
// another page follows this one, and behind which id.
type ending struct{ last int64 }

// readEnding reads an answer's end; nil when that is not enough to go on, as on
// a list's last page.
func readEnding(body []byte) *ending {
	row, meta, ok := transport.Ending(body, "meta")
	if !ok {
		return nil
	}
	told := readPagination(transport.Peek(meta, "pagination")[0])
	if told == nil || told.TotalPages <= told.CurrentPage {
		return nil
	}
	last, err := strconv.ParseInt(string(transport.Peek(row, "id")[0]), 10, 64)
	if err != nil || last <= 0 {
		return nil
	}
	return &ending{last}
}

// ended makes a page of an answer of which the end alone is read. A large page
// takes some time to read, in which the next can be under way; its rows must
// then bear the end out. An answer that is damaged further in front is asked
// for once more.
func (r *reader[N, T]) ended(e *Engine, c call, a answer) page[N] {
	rows := func(ctx context.Context) ([]*candidate[N], error) {
		items, err := a.rest(ctx, e, c)
		if err != nil {
			return nil, err
		}
		p, last := r.behind(items)
		if last != a.end.last {
			return nil, a.bad(c.op, "the rows of a page are not in the order of their ids, or changed while it was read")
		}
		return p.rows(ctx)
	}
	return page[N]{rows: rows, next: strconv.FormatInt(a.end.last, 10), more: true}
}

// rest reads the whole of an answer.
func (a answer) rest(ctx context.Context, e *Engine, c call) ([]json.RawMessage, error) {
	whole, err := transport.OpenPage(a.body, c.list...)
	if err != nil {
		_, items, err := e.rows(ctx, c)
		return items, err
	}
	a.page = whole
	return a.items(c.op)
}
