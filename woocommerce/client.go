package woocommerce

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// call describes one call below the API's root.
type call struct {
	op     string
	method string // "" = GET
	path   string // escaped, from the slash behind wc/v3
	query  url.Values
	body   []byte
	shape  shape
	// native calls are the host's own: what they answer is not known.
	native bool
	// secrets are those in the body, which no error is to repeat.
	secrets []catalog.Secret
}

// shape is what a successful answer must be.
type shape byte

const (
	wantObject shape = '{'
	wantList   shape = '['
	wantAny    shape = 0
)

// answer is a successful answer.
type answer struct {
	resp  *transport.Response
	body  json.RawMessage   // cleared of what some hosts print before it
	items []json.RawMessage // of a list
}

// total is how many records the whole list has; -1 when the answer does not
// say.
func (a answer) total() int {
	n, err := strconv.Atoi(a.resp.Header.Get("X-WP-Total"))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// send makes a call to the store's API with its credential.
func (e *Engine) send(ctx context.Context, c call) (answer, error) {
	home, err := e.home(ctx, c.op)
	if err != nil {
		return answer{}, err
	}
	h := http.Header{"Accept": {"application/json"}}
	if c.body != nil {
		h.Set("Content-Type", "application/json")
	}
	address := *e.base
	address.Path += "/" + e.rest + "/wc/v3"
	var ok bool
	if address.Path, address.RawPath, ok = withPath(address.Path, c.path); !ok {
		return answer{}, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrInvalid, Message: "the path is not part of an address"}
	}
	address.RawQuery = encodeQuery(c.query)
	return e.do(ctx, c, &transport.Request{Op: c.op, Method: c.method, URL: &address, Header: h, Body: c.body, Secrets: c.secrets,
		Cost: 1, Budget: e.budget, Credential: e.credentials, Authorize: e.authorize(home)})
}

// withPath appends an escaped path to a plain one.
func withPath(root, escaped string) (path, raw string, ok bool) {
	plain, err := url.PathUnescape(escaped)
	return root + plain, root + escaped, err == nil
}

// do sends a request and opens its answer. When nothing of the store's API is
// found where it should be, the error says where it is instead.
func (e *Engine) do(ctx context.Context, c call, request *transport.Request) (answer, error) {
	var a answer
	var lost bool
	request.Classify = func(resp *transport.Response) (v transport.Verdict) {
		a, v, lost = e.open(resp, c)
		if request.Credential == nil && v.Outcome == transport.Unauthorized {
			v.Message, v.Hint = "the site tells strangers nothing", ""
		}
		return v
	}
	resp, err := e.adapter.http.Do(ctx, request)
	a.resp = resp
	if err == nil {
		return a, nil
	}
	if lost {
		err = e.diagnose(ctx, err)
	}
	return answer{resp: resp}, err
}

// open reads an answer and judges it: both need its JSON. lost says that the
// API is not where it was looked for.
func (e *Engine) open(resp *transport.Response, c call) (a answer, v transport.Verdict, lost bool) {
	v = transport.ByStatus(resp)
	if v.Outcome != transport.Accept || transport.IsHTML(resp) {
		return a, e.refused(v, resp, c), resp.Status == http.StatusNotFound && misplaced(resp)
	}
	unreadable := func(outcome transport.Outcome, message string) (answer, transport.Verdict, bool) {
		kind := catalog.ErrBadAnswer
		if c.changes() {
			kind = catalog.ErrOutcomeUnknown // it may have been done
		}
		return a, transport.Verdict{Outcome: outcome, Kind: kind, Message: message + told(resp)}, false
	}
	if c.shape == wantAny && len(bytes.TrimSpace(resp.Body)) == 0 {
		return a, v, false
	}
	body, items, ok := jsonIn(resp.Body)
	if !ok {
		return unreadable(transport.Transient, "the answer is not complete JSON")
	}
	a.body = body
	switch {
	case c.shape == wantList && body[0] == '[':
		a.items = items
	case c.shape != wantAny && body[0] != byte(c.shape):
		return unreadable(transport.Fail, "the answer is JSON of another form than the API's")
	}
	return a, v, false
}

// jsonIn returns the JSON of a body. Badly set hosts print a byte order mark
// or notices of PHP before it: then it is what begins after a tag or on a line
// of its own and is whole to the body's end. JSON itself has neither before
// its inner parts, so that half an answer never passes for one. A list is cut
// into its items on the way.
func jsonIn(body []byte) (whole json.RawMessage, items []json.RawMessage, ok bool) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\uFEFF")))
	if len(body) == 0 {
		return nil, nil, false
	}
	if page, err := transport.OpenPage(body); err == nil {
		return body, page.Items, true
	}
	if bytes.IndexByte([]byte(`{["-0123456789`), body[0]) >= 0 {
		return nil, nil, false
	}
	const mostTries = 50
	for at, tries := 0, 0; tries < mostTries; {
		next := bytes.IndexAny(body[at+1:], "{[")
		if next < 0 {
			break
		}
		at += 1 + next
		if before := body[at-1]; before != '\n' && before != '>' {
			continue
		}
		tries++
		if page, err := transport.OpenPage(body[at:]); err == nil {
			return body[at:], page.Items, true
		}
	}
	return nil, nil, false
}

// checkID checks an id that goes into a path or a query.
func checkID(op, kind, id string) error {
	if n, err := strconv.ParseInt(id, 10, 64); err == nil && n > 0 && id[0] != '+' && id[0] != '0' {
		return nil
	}
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid,
		Message: "that is not the id of " + kind, Hint: "use ids as this package returns them"}
}

func itoa[T ~int | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// idText writes an id, "" for none.
func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return itoa(id)
}
