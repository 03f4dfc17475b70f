package bigcommerce

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// answer is a successful answer, cut open once; its parts are slices of the
// body. none says that there was no content, which is how V2 writes an empty
// list.
type answer struct {
	page      *transport.Page // nil where the end is all that is read so far
	end       *ending
	body      []byte // with end
	requestID string
	status    int
	none      bool
}

// call describes one call below the store's root.
type call struct {
	op     string
	method string // "" = GET
	path   string // escaped, from the slash before v2 or v3
	query  url.Values
	body   []byte
	list   []string // where the list is: inData or atTop; nil when it is not one
	empty  bool     // an empty answer may be all there is, as after a write
	ending bool     // if the answer's end tells enough to go on, no more of it is read
	reads  bool     // it changes nothing, whatever its method
	// secrets are those in the body, which no error is to repeat.
	secrets []catalog.Secret
}

var (
	inData  = []string{"data"}     // V3
	atTop   = []string{}           // V2 has no envelope
	nowhere = []string{"\x00none"} // for answers without a list to cut
)

// with returns the call with further parameters.
func (c call) with(pairs ...string) call {
	q := maps.Clone(c.query)
	if q == nil {
		q = url.Values{}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	c.query = q
	return c
}

// send makes a call and opens its answer.
func (e *Engine) send(ctx context.Context, c call) (answer, *transport.Response, error) {
	address, err := url.Parse("https://" + apiHost + "/stores/" + e.account.Store + c.path)
	if err != nil {
		return answer{}, nil, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrInvalid, Message: "the path is not part of an address"}
	}
	address.RawQuery = c.query.Encode()
	header := http.Header{"Accept": {"application/json"}} // without it V2 answers XML
	if c.body != nil {
		header.Set("Content-Type", "application/json")
	}
	var a answer
	resp, err := e.adapter.http.Do(ctx, &transport.Request{
		Op: c.op, Method: c.method, URL: address, Header: header, Body: c.body, Secrets: c.secrets, Idempotent: c.reads,
		Cost: 1, Budget: e.budget, Credential: e.credentials, Authorize: authorize,
		Classify: func(resp *transport.Response) (v transport.Verdict) {
			a, v = open(resp, c)
			return v
		},
	})
	if err != nil {
		return answer{}, resp, err
	}
	a.requestID, a.status = resp.Header.Get("X-Request-Id"), resp.Status
	return a, resp, nil
}

// get reads one object or one page.
func (e *Engine) get(ctx context.Context, c call) (answer, error) {
	a, _, err := e.send(ctx, c)
	return a, err
}

// open cuts an answer open and judges it: both need its JSON.
func open(resp *transport.Response, c call) (answer, transport.Verdict) {
	if v := classify(resp); v.Outcome != transport.Accept {
		return answer{}, v
	}
	good := settled(transport.Verdict{Outcome: transport.Accept}, resp)
	body := bytes.TrimSpace(resp.Body)
	if resp.Status == http.StatusNoContent || c.empty && len(body) == 0 {
		page, _ := transport.OpenPage([]byte("[]"))
		return answer{page: page, none: true}, good
	}
	if c.ending {
		if end := readEnding(resp.Body); end != nil {
			return answer{end: end, body: resp.Body}, good
		}
	}
	at := c.list
	if at == nil {
		at = nowhere
	}
	page, err := transport.OpenPage(resp.Body, at...)
	if err != nil {
		v := transport.Verdict{Outcome: transport.Transient, Kind: catalog.ErrBadAnswer, Message: "the answer is not complete JSON of the expected form"}
		if len(body) > 0 && body[0] == '<' {
			v.Message, v.Hint = "the answer is XML, not JSON", "the header Accept was lost on the way: look for a proxy that changes it"
		}
		return answer{}, settled(v, resp)
	}
	return answer{page: page}, good
}

// bad is the error for an answer that lacks a part it must have.
func (a answer) bad(op, message string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Status: a.status, Message: message, RequestID: a.requestID}
}

// object returns the record at the path, which must be an object: in data in
// V3, the whole body in V2.
func (a answer) object(op string, path ...string) (json.RawMessage, error) {
	if a.none {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Status: a.status,
			Message: "the answer has no content", RequestID: a.requestID}
	}
	raw := bytes.TrimSpace(a.page.Field(path...))
	if len(raw) == 0 || raw[0] != '{' {
		return nil, a.bad(op, "the answer holds no record")
	}
	return raw, nil
}

// items returns the rows of a page.
func (a answer) items(op string) ([]json.RawMessage, error) {
	if !a.none && !a.page.Found {
		return nil, a.bad(op, "the answer holds no list")
	}
	return a.page.Items, nil
}

// everything reads the rows of a list that mostly has one page. V3 says how
// many pages there are; V2 answers one past the end with nothing.
func (e *Engine) everything(ctx context.Context, c call, size int) ([]json.RawMessage, error) {
	var rows []json.RawMessage
	before := 0 // how many rows the page before had
	for page := 1; page <= mostPages; page++ {
		a, err := e.get(ctx, c.with("page", strconv.Itoa(page), "limit", strconv.Itoa(size)))
		if err != nil {
			return nil, err
		}
		items, err := a.items(c.op)
		if err != nil {
			return nil, err
		}
		p := a.pagination()
		again := len(items) > 0 && len(rows) > 0 && bytes.Equal(items[0], rows[len(rows)-before])
		if again || p != nil && p.CurrentPage != int64(page) {
			return nil, a.bad(c.op, "the answer is another page than the one asked for")
		}
		rows, before = append(rows, items...), len(items)
		if !moreAfter(p, len(items), size) {
			if page > 1 {
				rows = distinct(rows)
			}
			return rows, nil
		}
	}
	return nil, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrBadAnswer, Message: "the list never ends"}
}

// distinct drops rows that a list pushed onto a second page while it grew.
func distinct(rows []json.RawMessage) []json.RawMessage {
	seen := make(map[string]struct{}, len(rows))
	return slices.DeleteFunc(rows, func(raw json.RawMessage) bool {
		_, again := seen[string(raw)]
		seen[string(raw)] = struct{}{}
		return again
	})
}

// mostPages bounds lists that are read whole.
const mostPages = 1000

// moreAfter says whether a page is followed by another: by the answer's own
// words, not by what was asked for. Without words, as in V2, a page that is
// not full is the last, unless it may merely be cut to a limit of the
// platform's.
func moreAfter(p *pagination, got, asked int) bool {
	switch {
	case got == 0:
		return false
	case p != nil && p.TotalPages > 0:
		return p.CurrentPage < p.TotalPages
	}
	return got >= min(asked, leastPage)
}

// leastPage is the page V2 sends to those who ask for no size. No limit of its
// own will be below.
const leastPage = 50

// pagination returns what a V3 answer says of its place in the list; nil when
// it says nothing.
func (a answer) pagination() *pagination {
	return readPagination(a.page.Field("meta", "pagination"))
}

func readPagination(raw json.RawMessage) *pagination {
	if len(raw) == 0 {
		return nil
	}
	var p pagination
	if problems, err := transport.Decode(raw, &p); err != nil || len(problems) > 0 || p.CurrentPage < 1 {
		return nil
	}
	return &p
}

// checkID checks an id that goes into a path or a query.
func checkID(op, kind, id string) error {
	if len(id) > 0 && len(id) <= 18 && allDigits(id) && id[0] != '0' {
		return nil
	}
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid,
		Message: "that is not the id of " + kind, Hint: "use ids as this package returns them"}
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
