package magento

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// answer is a successful answer, cut open once; its parts are slices of the
// body.
type answer struct {
	page      *transport.Page
	requestID string
	status    int
}

// call describes one call below the root of a view.
type call struct {
	op     string
	method string // "" = GET
	path   string // escaped, from the slash behind V1
	query  []oauth1.Param
	body   []byte
	// secrets are those in the body, which no error is to repeat.
	secrets []catalog.Secret
	list    []string // where the answer's list is; nil = there is none to cut
	empty   bool     // an empty answer may be all there is, as after a write
	// proven: the credential has just been accepted, so that what looks like a
	// dead token is a missing permission.
	proven bool
}

// nowhere is a name no answer has, for answers without a list to cut.
var nowhere = []string{"\x00"}

// The places of lists: most are in items, some are the whole answer.
var (
	inItems = []string{"items"}
	atRoot  = []string{}
)

// send makes a call and opens its answer. A call that versions sign
// differently is tried in each way until one is accepted; what a shop accepts
// is remembered.
func (e *Engine) send(ctx context.Context, c call) (answer, *transport.Response, error) {
	u, err := url.Parse(e.at.root(e.view) + c.path)
	if err != nil {
		return answer{}, nil, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrInvalid, Message: "the path is not part of an address"}
	}
	u.RawQuery = encodeQuery(c.query)
	if c.method == "" {
		c.method = http.MethodGet
	}
	ways, err := e.ways(c.method, u)
	if err != nil {
		return answer{}, nil, err
	}
	for i, way := range ways {
		last := i == len(ways)-1
		a, resp, err := e.try(ctx, c, u, way, last)
		if failed, ok := err.(*catalog.Error); ok && !last && failed.Code == badSignature {
			continue
		}
		if err == nil && i > 0 {
			e.known.profile.Store(&way)
		}
		return a, resp, err
	}
	panic("unreachable: there is always a last way")
}

// ways are the profiles to try for a request, the likeliest first.
func (e *Engine) ways(method string, u *url.URL) ([]Profile, error) {
	if e.signature != "" {
		return []Profile{e.signature}, nil
	}
	ways, err := candidates(method, u)
	if err != nil || len(ways) < 2 {
		return ways, err
	}
	if accepted := e.known.profile.Load(); accepted != nil {
		first := []Profile{*accepted}
		for _, p := range ways {
			if p != *accepted {
				first = append(first, p)
			}
		}
		return first, nil
	}
	return ways, nil
}

func (e *Engine) try(ctx context.Context, c call, u *url.URL, way Profile, last bool) (answer, *transport.Response, error) {
	var a answer
	j := &judge{call: c, saas: e.at.saas, last: last}
	resp, err := e.adapter.http.Do(ctx, &transport.Request{
		Op: c.op, Method: c.method, URL: u, Header: e.header(c.body != nil), Body: c.body, Secrets: c.secrets,
		Cost: 1, Budget: e.budget, Credential: e.credentials, Authorize: e.authorize(way, j),
		Classify: func(resp *transport.Response) (v transport.Verdict) {
			a, v = j.open(resp)
			return v
		},
	})
	if err != nil {
		if j.limit > 0 && c.method == http.MethodGet {
			e.known.size.Store(j.limit)
		} else if j.limit > 0 {
			e.known.list.Store(j.limit)
		}
		return answer{}, resp, reported(err)
	}
	a.requestID, a.status = resp.Header.Get("X-Request-Id"), resp.Status
	return a, resp, nil
}

// reportForm is the number under which a shop's log has what it does not tell.
var reportForm = regexp.MustCompile(`webapi-[0-9a-f]{8,20}`)

// reported takes the number of an error report from a masked error's text.
func reported(err error) error {
	if e, ok := err.(*catalog.Error); ok && e.RequestID == "" {
		e.RequestID = reportForm.FindString(e.Message)
	}
	return err
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
	if !e.at.saas {
		return h
	}
	h.Set("Store", e.view)
	if id := e.adapter.config.ClientID; id != "" {
		h.Set("X-Api-Key", id)
	}
	if org := e.adapter.config.OrgID; org != "" {
		h.Set("X-Gw-Ims-Org-Id", org)
	}
	return h
}

// open cuts an answer open and judges it.
func (j *judge) open(resp *transport.Response) (answer, transport.Verdict) {
	if v := j.classify(resp); v.Outcome != transport.Accept {
		return answer{}, v
	}
	accept := transport.Verdict{Outcome: transport.Accept}
	if j.call.empty && len(bytes.TrimSpace(resp.Body)) == 0 {
		page, _ := transport.OpenPage([]byte("{}"))
		return answer{page: page}, accept
	}
	place := j.call.list
	if place == nil {
		place = nowhere
	}
	page, err := transport.OpenPage(resp.Body, place...)
	if err != nil {
		return answer{}, transport.Verdict{Outcome: transport.Transient, Kind: catalog.ErrBadAnswer,
			Message: "the answer is not complete JSON of the expected form"}
	}
	return answer{page: page}, accept
}

// bad is the error for an answer that lacks a part it must have.
func (a answer) bad(op, message string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Status: a.status, Message: message, RequestID: a.requestID}
}

// object returns the answer, which must be an object.
func (a answer) object(op string) (json.RawMessage, error) {
	raw := bytes.TrimSpace(a.page.Field())
	if len(raw) == 0 || raw[0] != '{' {
		return nil, a.bad(op, "the answer holds no record")
	}
	return raw, nil
}

// rows returns the list of an answer and how many records it says there are,
// negative when it does not say. A projection writes an empty list as null.
func (a answer) rows(op string) ([]json.RawMessage, int64, error) {
	total := int64(-1)
	if n, err := strconv.ParseInt(string(a.page.Field("total_count")), 10, 64); err == nil && n >= 0 {
		total = n
	}
	if !a.page.Found && total != 0 {
		return nil, total, a.bad(op, "the answer holds no list")
	}
	return a.page.Items, total, nil
}

// checkID checks an id that goes into a path or a filter.
func checkID(op, kind, id string) error {
	if len(id) > 0 && len(id) <= 18 && id == digitsOf(id) && id[0] != '0' {
		return nil
	}
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid,
		Message: "that is not the id of " + kind, Hint: "use ids as this package returns them, not the numbers that shoppers see"}
}
