package woocommerce

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// change is one write. WooCommerce knows no idempotency keys, so that each is
// sent once and what became of a lost one is looked for.
type change struct {
	call
	look func(ctx context.Context) (catalog.Outcome, error)
}

// write sends a change. Updates go out as POST, which WooCommerce takes for
// PUT and which no host blocks. A lost answer is a *catalog.OutcomeError.
func (e *Engine) write(ctx context.Context, c change) (answer, error) {
	a, err := e.send(ctx, c.call)
	return a, e.lost(c, err)
}

// lost gives an error whose outcome is unknown the means to find out.
func (e *Engine) lost(c change, err error) error {
	return transport.Write{Platform: Platform, Op: c.op, Pause: e.adapter.config.PollInterval, Look: c.look}.Lost(err)
}

// changes reports a call that is no read.
func (c call) changes() bool {
	return c.method != "" && c.method != http.MethodGet && c.method != http.MethodHead
}

// post is a call that creates or updates, and answers with the record.
func post(op, path string, fields map[string]any) call {
	body, err := json.Marshal(fields)
	if err != nil {
		panic(err) // texts, numbers and lists of them always encode
	}
	return call{op: op, method: http.MethodPost, path: path, body: body, shape: wantObject}
}

// written reads the record a change left from its answer. One that cannot be
// completed was written all the same, so that is a Problem on it.
func written[N, T any](ctx context.Context, e *Engine, c change, a answer, k recordKind[N, T], complete func(context.Context, []*row[N]) error) (T, error) {
	r := k.readRow(a.body)
	if r.err != nil {
		var none T
		return none, e.lost(c, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrOutcomeUnknown, Status: a.resp.Status,
			Message: "it succeeded, but its answer cannot be read", Err: r.err})
	}
	if complete != nil {
		if err := complete(ctx, []*row[N]{r}); err != nil {
			r.problems = append(r.problems, catalog.NewProblem("", "written, but not read whole: "+err.Error(), ""))
		}
	}
	return k.finish(c.op, r, false)
}

// invalid refuses an argument before anything is sent.
func invalid(op, field, message string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message, Fields: []catalog.FieldError{{Field: field, Message: message}}}
}

// markKey names the entry of meta_data by which a record is known as this
// call's; the store shows it to nobody but programs.
const markKey = "_souk_write"

// newMark is the value of a mark: the caller's key, or a new one.
func newMark(options catalog.WriteOptions) string {
	if options.IdempotencyKey != "" {
		return options.IdempotencyKey
	}
	return rand.Text()
}

func marked(mark string) []any { return []any{map[string]any{"key": markKey, "value": mark}} }

// markedNode is as much of a new record as tells whose it is.
type markedNode struct {
	ID       int64      `json:"id"`
	Name     string     `json:"name"`
	Created  moment     `json:"date_created_gmt"`
	Modified moment     `json:"date_modified_gmt"` // null for a customer who was never changed
	Meta     []metaNode `json:"meta_data"`
}

// markedFields are the fields of a markedNode.
const markedFields = "id,name,date_created_gmt,date_modified_gmt,meta_data"

// old reports a record that was there before a time. A product's date of
// creation can be set to any; that of its change cannot.
func (n *markedNode) old(since time.Time) bool {
	return n.Created.Before(since) && n.Modified.Before(since)
}

// mark is the record's mark, "" for one that was made by other means, or whose
// mark is not stored yet: the store adds it last.
func (n *markedNode) mark() string {
	for _, m := range n.Meta {
		if m.Key == markKey {
			var text string
			if json.Unmarshal(m.Value, &text) == nil {
				return text
			}
		}
	}
	return ""
}

// newest reads a list from the newest record back, until the function says
// that it has seen enough. The last argument of it is a time, by the store's
// own clock, from before the change that began then.
func (e *Engine) newest(ctx context.Context, op, path string, query url.Values, began time.Time, see func(n *markedNode, since time.Time) (enough bool)) error {
	var pages turning
	for from := 0; ; from += mostIncluded {
		c := call{op: op, path: path, shape: wantList, query: url.Values{"orderby": {"id"}, "order": {"desc"}, "per_page": {itoa(mostIncluded)}, "_fields": {markedFields}}}
		for name, values := range query {
			c.query[name] = values
		}
		if from > 0 {
			c.query.Set("offset", itoa(from))
		}
		a, err := e.send(ctx, c)
		if err != nil {
			return err
		}
		if err := pages.turn(op, a.items); err != nil {
			return err
		}
		since := began.Add(-skew)
		if now, err := http.ParseTime(a.resp.Header.Get("Date")); err == nil {
			since = now.Add(began.Sub(a.resp.Received) - time.Minute)
		}
		for _, raw := range a.items {
			var n markedNode
			if _, err := transport.Decode(raw, &n); err != nil {
				return badAnswer(op, "a new record cannot be read")
			}
			if see(&n, since) {
				return nil
			}
		}
		if len(a.items) < mostIncluded {
			return nil
		}
	}
}

// turning watches that the pages of a list go on: a host whose cache leaves the
// query out answers each with the first, and such a list has no end.
type turning struct{ first json.RawMessage }

func (t *turning) turn(op string, items []json.RawMessage) error {
	if len(items) == 0 {
		return nil
	}
	if bytes.Equal(t.first, items[0]) {
		return badAnswer(op, "the list answers with the same page again")
	}
	t.first = items[0]
	return nil
}

// skew is how far a store's clock may be from this machine's where the store
// does not tell it.
const skew = 15 * time.Minute

// settled turns what a look found into an outcome; a record that is not there
// was not changed.
func settled(done bool, err error) (catalog.Outcome, error) {
	switch {
	case catalog.KindOf(err) == catalog.ErrNotFound:
		return catalog.OutcomeNotDone, nil
	case err != nil:
		return catalog.OutcomeUnknown, err
	case done:
		return catalog.OutcomeDone, nil
	}
	return catalog.OutcomeNotDone, nil
}
