package stall

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// listing is one list to be read.
type listing[N, T any] struct {
	op           string
	resource     catalog.Resource
	options      catalog.ListOptions
	since, until time.Time
	sku          string
	keep         func(*T) bool // nil = all
	reader       reader[N, T]
}

// filter names what is asked for, so that a cursor of another query is refused.
func (l *listing[N, T]) filter() string {
	q := url.Values{}
	for name, t := range map[string]time.Time{"since": l.since, "until": l.until} {
		if !t.IsZero() {
			q.Set(name, t.UTC().Format(time.RFC3339Nano))
		}
	}
	if l.sku != "" {
		q.Set("sku", l.sku)
	}
	return q.Encode()
}

// query is what Stall is asked for. Its filter leaves out the second it is
// given, souk's takes it in: ask for one more; list is exact.
func (l *listing[N, T]) query() url.Values {
	q := url.Values{"per_page": {strconv.Itoa(transport.Size(l.options, lists))}}
	if !l.since.IsZero() {
		q.Set("modified_since", strconv.FormatInt(l.since.Unix()-1, 10))
	}
	if l.sku != "" {
		q.Set("sku", l.sku)
	}
	return q
}

// A cursor is the last record's id and the token of the page it came on: Stall
// can begin at a page, and ids that rise tell where in it to go on.
var positionForm = regexp.MustCompile(`^([0-9a-z]{10})\.([0-9A-Za-z_-]{0,400})$`)

func (l *listing[N, T]) start() (after, token string, err error) {
	position, err := l.options.After.Position(Platform, l.resource, l.filter())
	if err != nil || position == "" {
		return "", "", err
	}
	parts := positionForm.FindStringSubmatch(position)
	if parts == nil {
		return "", "", invalid(l.op, "the cursor is damaged")
	}
	return parts[1], parts[2], nil
}

// page is one page and the token that led to it.
type page struct {
	token string
	items []json.RawMessage
}

// list yields the records of all pages, reading one page ahead.
func list[N, T any](ctx context.Context, e *Engine, l listing[N, T]) iter.Seq2[T, error] {
	if l.options.Sort != catalog.SortStable {
		return transport.Failed[T](catalog.Unsupported(Platform, l.op+" sorted by "+string(l.options.Sort), "read in the stable order"))
	}
	after, token, err := l.start()
	if err != nil {
		return transport.Failed[T](err)
	}
	fetch := func(ctx context.Context, token string) (page, string, bool, error) { return l.fetch(ctx, e, token) }
	return func(yield func(T, error) bool) {
		count := 0
		for p, err := range transport.Pages(ctx, token, fetch) {
			if err != nil {
				yield(*new(T), err)
				return
			}
			for _, raw := range p.items {
				item, id, err := l.reader.read(l.op, raw, l.options.OmitRaw)
				if skip, err := transport.BadItem(err, l.options.OnBadItem); skip {
					continue
				} else if err != nil {
					yield(*new(T), err)
					return
				}
				if id <= after || !transport.Within(l.reader.updated(&item), l.since, l.until) || l.keep != nil && !l.keep(&item) {
					continue
				}
				l.reader.record(&item).Cursor = catalog.NewCursor(Platform, l.resource, l.filter(), id+"."+p.token)
				if !yield(item, nil) {
					return
				}
				if count++; count == l.options.Limit {
					return
				}
			}
		}
	}
}

// fetch reads the page a token leads to; "" is the first.
func (l *listing[N, T]) fetch(ctx context.Context, e *Engine, token string) (p page, next string, more bool, err error) {
	q := l.query()
	if token != "" {
		q.Set("page_token", token)
	}
	body, err := e.call(ctx, l.op, paths[l.resource], q)
	if err != nil {
		return page{}, "", false, err
	}
	opened, err := transport.OpenPage(body, "items")
	if err != nil || !opened.Found {
		return page{}, "", false, badAnswer(l.op, "the answer holds no list")
	}
	if raw := opened.Field("next"); len(raw) > 0 && json.Unmarshal(raw, &next) != nil {
		return page{}, "", false, badAnswer(l.op, "the token of the next page is not text")
	}
	return page{token, opened.Items}, next, next != "", nil
}
