package magento

import (
	"context"
	"errors"
	"iter"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// listByText reads a list whose records have no number but a text of their
// own, in the order the database has for it: every request asks for what
// comes behind the last text.
func listByText[N, T any](ctx context.Context, e *Engine, l listing[N, T], field string) iter.Seq2[T, error] {
	if l.options.Sort != catalog.SortStable {
		return transport.Failed[T](catalog.Unsupported(Platform, l.op+" sorted by "+string(l.options.Sort), "read in the stable order"))
	}
	after, err := l.options.After.Position(Platform, l.resource, l.filter)
	if err != nil {
		return transport.Failed[T](err)
	}
	size := int64(transport.Size(l.options, resources[l.resource]))
	fetch := func(ctx context.Context, after string) (undecoded[N], string, bool, error) {
		q := criteria{groups: l.groups, sort: []string{field}, size: size}
		if after != "" {
			q = q.where(group{{field, "gt", after}})
		}
		rows, total, asked, err := e.page(ctx, call{op: l.op, path: l.path}, q)
		if err != nil {
			return nil, "", false, err
		}
		page := make([]*candidate[N], 0, len(rows))
		last := after
		for _, raw := range rows {
			c := &candidate[N]{raw: raw}
			c.problems, c.err = decode(raw, &c.node)
			if c.id = l.reader.id(&c.node); c.id != "" {
				last = c.id
			} else if c.err == nil {
				c.err = errors.New("it has no " + field)
			}
			if c.position = last; c.err != nil || l.skip == nil || !l.skip(&c.node) {
				page = append(page, c)
			}
		}
		n := int64(len(rows))
		if n > 0 && last == after {
			return nil, "", false, &catalog.Error{Platform: Platform, Op: l.op, Kind: catalog.ErrBadAnswer,
				Message: "the list does not go on: its records cannot be told apart"}
		}
		return decoded(page), last, n > 0 && (total > n || total < n && n >= asked), nil
	}
	return func(yield func(T, error) bool) {
		l.deliver(transport.CompletedUpTo(ctx, l.options.Limit, after, fetch, l.whole), yield)
	}
}
