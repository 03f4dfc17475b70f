package salla

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// answer is a successful answer, cut open once; its parts are slices of the
// body.
type answer struct {
	page      *transport.Page
	requestID string
	status    int
}

// nowhere is a name no answer has, for answers without a list to cut.
const nowhere = "\x00"

// call describes one call below the API's root.
type call struct {
	op     string
	method string // "" = GET
	path   string // escaped, from the slash behind /admin/v2
	query  url.Values
	body   []byte
	list   bool // data is a list
	empty  bool // an empty answer may be all there is, as after a write
	// secrets are those in the body, which no error is to repeat.
	secrets []catalog.Secret
}

// send makes a call and opens its answer.
func (e *Engine) send(ctx context.Context, c call) (answer, *transport.Response, error) {
	address, err := url.Parse("https://" + apiHost + apiRoot + c.path)
	if err != nil {
		return answer{}, nil, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrInvalid, Message: "the path is not part of an address"}
	}
	address.RawQuery = c.query.Encode()
	var a answer
	resp, err := e.adapter.http.Do(ctx, &transport.Request{
		Op: c.op, Method: c.method, URL: address, Header: e.header(c.body != nil), Body: c.body, Secrets: c.secrets,
		Cost: 1, Budget: e.budgetFor(c.path), Credential: e.credentials,
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

// get reads one object or list.
func (e *Engine) get(ctx context.Context, c call) (answer, error) {
	a, _, err := e.send(ctx, c)
	return a, err
}

func (e *Engine) header(body bool) http.Header {
	h := http.Header{"Accept": {"application/json"}}
	if body {
		h.Set("Content-Type", "application/json")
	}
	if e.language != "" {
		h.Set("Accept-Language", e.language)
	}
	return h
}

// open cuts an answer open and judges it: both need its envelope.
func open(resp *transport.Response, c call) (answer, transport.Verdict) {
	if v := classify(resp); v.Outcome != transport.Accept {
		return answer{}, v
	}
	if c.empty && len(bytes.TrimSpace(resp.Body)) == 0 {
		page, _ := transport.OpenPage([]byte("{}"))
		return answer{page: page}, settled(transport.Verdict{Outcome: transport.Accept}, resp)
	}
	path := nowhere
	if c.list {
		path = "data"
	}
	page, err := transport.OpenPage(resp.Body, path)
	if err != nil {
		return answer{}, settled(transport.Verdict{Outcome: transport.Transient, Kind: catalog.ErrBadAnswer,
			Message: "the answer is not complete JSON of the expected form"}, resp)
	}
	if success := page.Field("success"); string(success) == "false" {
		return answer{}, settled(unsuccessful(resp), resp)
	}
	return answer{page: page}, settled(transport.Verdict{Outcome: transport.Accept}, resp)
}

// bad is the error for an answer that lacks a part it must have.
func (a answer) bad(op, message string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Status: a.status, Message: message, RequestID: a.requestID}
}

// object returns the answer's data, which must be an object.
func (a answer) object(op string) (json.RawMessage, error) {
	raw := a.page.Field("data")
	if len(raw) == 0 || raw[0] != '{' {
		return nil, a.bad(op, "the answer holds no record")
	}
	return raw, nil
}

// pages returns what the answer says of its place in the list; nil when it is
// the whole list.
func (a answer) pages(op string) (*pagination, error) {
	raw := a.page.Field("pagination")
	if len(raw) == 0 {
		raw = a.page.Field("pagenation") // of the products' tags
	}
	if len(raw) == 0 || absent(raw) {
		return nil, nil
	}
	var p pagination
	if problems, err := decode(raw, &p); err != nil || len(problems) > 0 {
		return nil, a.bad(op, "the answer's pagination cannot be read")
	}
	return &p, nil
}

// checkID checks an id that goes into a path or a query.
func checkID(op, kind, id string) error {
	if len(id) > 0 && len(id) <= 19 && digits(id) {
		return nil
	}
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid,
		Message: "that is not the id of " + kind, Hint: "use ids as this package returns them"}
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
