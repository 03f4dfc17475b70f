package catalogtest_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

type paperEngine struct {
	adapter     *paperAdapter
	account     catalog.Account
	credentials catalog.CredentialSource
}

func (e *paperEngine) Platform() string           { return "paper" }
func (e *paperEngine) Account() catalog.Account   { return e.account.Clone() }
func (e *paperEngine) Features() catalog.Features { return e.adapter.Features() }

func classifyPaper(r *transport.Response) transport.Verdict {
	v := transport.ByStatus(r)
	if v.Outcome == transport.Accept && (!json.Valid(r.Body) || r.Body[0] != '{') {
		v = transport.Verdict{Outcome: transport.Transient, Kind: catalog.ErrBadAnswer, Message: "the answer is not an object"}
	}
	var refusal struct {
		Message string            `json:"message"`
		Fields  map[string]string `json:"fields"`
	}
	if v.Outcome != transport.Accept && json.Unmarshal(r.Body, &refusal) == nil {
		v.Message = refusal.Message
		for field, message := range refusal.Fields {
			v.Fields = append(v.Fields, catalog.FieldError{Field: field, Message: message})
		}
	}
	return v
}

func (e *paperEngine) get(ctx context.Context, op, path string, q url.Values) ([]byte, error) {
	resp, err := e.adapter.client.Do(ctx, &transport.Request{Op: op, URL: &url.URL{Scheme: "https", Host: e.account.Store, Path: path, RawQuery: q.Encode()},
		Budget: e.adapter.budgets.Get(e.account.Store), Cost: 1, Credential: e.credentials})
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

func (e *paperEngine) Shop(ctx context.Context) (catalog.Shop, error) {
	body, err := e.get(ctx, "get shop", "/shop", nil)
	if err != nil {
		return catalog.Shop{}, err
	}
	var s struct {
		ID             json.Number `json:"id"`
		Name, Currency string
	}
	if err := json.Unmarshal(body, &s); err != nil {
		return catalog.Shop{}, &catalog.Error{Platform: "paper", Op: "get shop", Kind: catalog.ErrBadAnswer, Err: err}
	}
	return catalog.Shop{Record: catalog.Record{Platform: "paper", Raw: body, RawKind: "paper.shop"}, ID: s.ID.String(), Name: s.Name, Currency: s.Currency}, nil
}

// row is a record in the adapter's own words.
type row struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	State   string   `json:"state"`
	Amount  string   `json:"amount"`
	Labels  []string `json:"labels"`
	Created string   `json:"created"`
	Changed string   `json:"changed"`

	record           catalog.Record
	price            catalog.Money
	created, updated time.Time
}

func readRow(raw json.RawMessage, op string, omit bool) (row, error) {
	var r row
	problems, err := transport.Decode(raw, &r)
	if err == nil && r.ID == "" {
		err = errors.New("it has no id")
	}
	if err != nil {
		return row{}, &catalog.ItemError{Platform: "paper", Op: op, Raw: raw, Err: err}
	}
	note := func(path, reason, value string) { problems = append(problems, catalog.NewProblem(path, reason, value)) }
	read := func(path, text string) time.Time {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil && text != "" {
			note(path, "not a time", text)
		}
		return t.UTC()
	}
	r.created, r.updated = read("created", r.Created), read("changed", r.Changed)
	if r.Amount != "" {
		if r.price, err = catalog.NewMoney(r.Amount, "SAR"); err != nil {
			note("amount", "not an amount", r.Amount)
		}
	}
	if r.State != "live" && r.State != "hidden" && r.State != "" {
		note("state", "unknown word", r.State)
	}
	r.record = catalog.Record{Platform: "paper", Problems: problems}
	if !omit {
		r.record.Raw, r.record.RawKind = raw, "paper.sheet"
	}
	return r, nil
}

func (e *paperEngine) one(ctx context.Context, resource, id string) (row, error) {
	op := "get " + resource
	if n, err := strconv.ParseInt(id, 10, 64); err != nil || n <= 0 {
		return row{}, &catalog.Error{Platform: "paper", Op: op, Kind: catalog.ErrInvalid, Message: "the id is not a number"}
	}
	body, err := e.get(ctx, op, "/"+resource+"/"+id, nil)
	if err != nil {
		return row{}, err
	}
	r, err := readRow(body, op, false)
	if bad, ok := errors.AsType[*catalog.ItemError](err); ok {
		return row{}, &catalog.Error{Platform: "paper", Op: op, Kind: catalog.ErrBadAnswer, Err: bad.Err}
	}
	return r, err
}

// rows reads a list. By number it looks again at the page it came from, since
// what was deleted meanwhile has moved records forward.
func (e *paperEngine) rows(ctx context.Context, resource string, o catalog.ListOptions, since, before time.Time) iter.Seq2[row, error] {
	op := "list " + resource
	fail := func(err error) iter.Seq2[row, error] {
		return func(yield func(row, error) bool) { yield(row{}, err) }
	}
	f := e.adapter.features.Resources[catalog.Resource(resource)]
	numbers := f.Paging == catalog.PagingNumbers
	if o.Sort != "" || numbers && !(since.IsZero() && before.IsZero()) {
		return fail(catalog.Unsupported("paper", op, "read the whole list"))
	}
	q := url.Values{"limit": {strconv.Itoa(min(cmp.Or(max(o.PageSize, 0), f.PageSize), f.MaxPageSize))}}
	if !since.IsZero() {
		q.Set("since", since.UTC().Format(time.RFC3339))
	}
	if !before.IsZero() {
		q.Set("before", before.UTC().Format(time.RFC3339))
	}
	filter := q.Get("since") + q.Get("before")
	position, err := o.After.Position("paper", catalog.Resource(resource), filter)
	if err != nil {
		return fail(err)
	}
	start, number := int64(0), 1
	if position != "" {
		if n, err := fmt.Sscanf(position, "%d/%d", &start, &number); n != 2 || err != nil {
			return fail(&catalog.Error{Platform: "paper", Op: op, Kind: catalog.ErrInvalid, Message: "the cursor is damaged"})
		}
	}
	return func(yield func(row, error) bool) {
		// By number, a page is trusted to follow the one before only if
		// nothing was yielded, and so nothing can have changed, in between.
		after, number, count, trusted := start, number, 0, false
		for {
			q.Set("after", strconv.FormatInt(after, 10))
			q.Set("page", strconv.Itoa(number))
			page, err := e.page(ctx, op, resource, q)
			if err != nil {
				yield(row{}, err)
				return
			}
			if numbers && number > 1 && !trusted && (len(page.Items) == 0 || idOf(page.Items[0]) > after) {
				number--
				continue
			}
			trusted = true
			for _, raw := range page.Items {
				r, err := readRow(raw, op, o.OmitRaw)
				if bad, ok := errors.AsType[*catalog.ItemError](err); ok && o.OnBadItem != nil {
					if err = o.OnBadItem(bad); err == nil {
						continue
					}
				}
				if err != nil {
					yield(row{}, err)
					return
				}
				id := idOf(raw)
				if id <= after {
					continue
				}
				after, trusted = id, false
				r.record.Cursor = catalog.NewCursor("paper", catalog.Resource(resource), filter, fmt.Sprintf("%d/%d", after, number))
				if !yield(r, nil) {
					return
				}
				if count++; count == o.Limit {
					return
				}
			}
			if string(page.Field("more")) != "true" && (trusted || !numbers) {
				return
			}
			if string(page.Field("more")) == "true" {
				number++
			}
		}
	}
}

func (e *paperEngine) page(ctx context.Context, op, resource string, q url.Values) (*transport.Page, error) {
	body, err := e.get(ctx, op, "/"+resource, q)
	if err != nil {
		return nil, err
	}
	page, err := transport.OpenPage(body, "rows")
	if err != nil {
		return nil, &catalog.Error{Platform: "paper", Op: op, Kind: catalog.ErrBadAnswer, Err: err}
	}
	if !page.Found {
		return nil, &catalog.Error{Platform: "paper", Op: op, Kind: catalog.ErrBadAnswer, Message: "there are no rows"}
	}
	return page, nil
}

func idOf(raw json.RawMessage) int64 {
	var r struct {
		ID int64 `json:"id"`
	}
	_ = json.Unmarshal(raw, &r) // what cannot be read has no id
	return r.ID
}
