package shopify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// A store is taken to have the standard plan's bucket until its first answer
// says more.
// https://shopify.dev/docs/api/usage/limits#rate-limits
const (
	standardCapacity = 2000
	standardRestore  = 100
)

func newBucket() *transport.Bucket {
	b, err := transport.NewBucket(transport.BucketConfig{Capacity: standardCapacity, RestoreRate: standardRestore})
	if err != nil {
		panic(err) // the constants above are good
	}
	return b
}

// answer is a GraphQL answer, cut open once; all parts are slices of its body.
type answer struct {
	page      *transport.Page
	errors    []graphQLError
	cost      *cost
	requestID string
}

// none is a name no answer has, for answers without a list to cut.
const none = "\x00"

// parseAnswer opens the body and cuts the list at the path below data.
func parseAnswer(body []byte, list ...string) (answer, error) {
	if len(list) == 0 {
		list = []string{none}
	}
	page, err := transport.OpenPage(body, append([]string{"data"}, list...)...)
	if err != nil {
		return answer{}, err
	}
	a := answer{page: page, errors: parseErrors(page.Field("errors"))}
	if raw := page.Field("extensions", "cost"); raw != nil {
		a.cost = &cost{}
		if json.Unmarshal(raw, a.cost) != nil {
			a.cost = nil
		}
	}
	return a, nil
}

func (a answer) data() json.RawMessage { return a.page.Field("data") }

func null(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// call sends one of the adapter's own queries and cuts the list at the path
// below the answer's data.
func (e *Engine) call(ctx context.Context, op string, d document, variables map[string]any, list ...string) (answer, error) {
	return e.send(ctx, op, d, variables, true, list...)
}

// send posts one operation. The answer it returns has data, or no errors.
func (e *Engine) send(ctx context.Context, op string, d document, variables map[string]any, idempotent bool, list ...string) (answer, error) {
	body, err := json.Marshal(struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables,omitempty"`
	}{d.text, variables})
	if err != nil {
		return answer{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the variables cannot be encoded as JSON", Err: err}
	}
	var a answer
	resp, err := e.adapter.http.Do(ctx, &transport.Request{
		Op: op, Method: http.MethodPost, URL: e.endpoint(), Header: jsonHeader, Body: body, Idempotent: idempotent,
		Cost: e.adapter.costs.predict(d, variables), Budget: e.adapter.budgets.Get(e.shop), Credential: e.credentials, Authorize: authorize,
		Classify: func(resp *transport.Response) (v transport.Verdict) {
			a, v = classify(resp, list...)
			return v
		},
	})
	e.adapter.costs.learn(d, variables, a.cost) // from a throttled answer too
	if err != nil {
		return answer{}, err
	}
	a.requestID = resp.Header.Get("X-Request-Id")
	e.warn(ctx, op, a, resp)
	if idempotent {
		return a, e.checkVersion(op, resp)
	}
	return a, nil
}

var jsonHeader = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}

func (e *Engine) endpoint() *url.URL {
	return &url.URL{Scheme: "https", Host: e.shop, Path: "/admin/api/" + e.adapter.config.APIVersion + "/graphql.json"}
}

func authorize(r *http.Request, c catalog.Credential) error {
	if c.AccessToken.IsZero() {
		return &catalog.Error{Platform: Platform, Op: "authorize", Kind: catalog.ErrUnauthorized, Message: "the credential has no access token"}
	}
	r.Header.Set("X-Shopify-Access-Token", c.AccessToken.Reveal())
	return nil
}

// checkVersion refuses answers of another version: Shopify serves a version
// that is gone with the oldest one that lives.
// https://shopify.dev/docs/api/usage/versioning
func (e *Engine) checkVersion(op string, resp *transport.Response) error {
	got, want := resp.Header.Get("X-Shopify-Api-Version"), e.adapter.config.APIVersion
	if got == "" || got == want {
		return nil
	}
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Status: resp.Status, Code: "version_mismatch",
		Message: fmt.Sprintf("asked for API version %s, Shopify answered with %s", want, strconv.Quote(got)),
		Hint:    "the version is no longer supported; set Config.APIVersion to a supported one, such as " + DefaultVersion}
}

// warn logs what Shopify silently ignored or will remove. The search itself is
// left out, since it may name a customer.
func (e *Engine) warn(ctx context.Context, op string, a answer, resp *transport.Response) {
	if found := a.page.Field("extensions", "search"); bytes.Contains(found, []byte(`"warnings"`)) {
		var searches []struct {
			Warnings []struct{ Field, Code string } `json:"warnings"`
		}
		_ = json.Unmarshal(found, &searches) // a warning of unknown form is one all the same
		e.adapter.logger.WarnContext(ctx, "shopify ignored a part of the search", "op", op, "shop", e.shop, "warnings", fmt.Sprintf("%+v", searches))
	}
	if reason := resp.Header.Get("X-Shopify-Api-Deprecated-Reason"); reason != "" {
		e.adapter.logger.WarnContext(ctx, "shopify deprecates this call", "op", op, "reason", reason)
	}
}

// rawNode is one record of an answer, with what its page says.
type rawNode struct {
	raw    json.RawMessage
	page   pageContext
	errors []graphQLError // of the whole answer
	prefix []string       // where the record's list is in the answer
	index  int            // within the list; only for a single record
}

// problems are the answer's errors that point into this record, and those
// that point nowhere.
func (n rawNode) problems() []catalog.Problem {
	if len(n.errors) == 0 {
		return nil
	}
	at := strings.Join(n.prefix, ".")
	if n.index != only {
		at += "." + strconv.Itoa(n.index)
	}
	var found []catalog.Problem
	for _, e := range n.errors {
		path := joinPath(e.Path)
		rest, here := strings.CutPrefix(path+".", at+".")
		if here || path == "" {
			found = append(found, catalog.NewProblem(strings.Trim(rest, "."), e.Message, e.Extensions.Code))
		}
	}
	return found
}

// one reads a single record at the root of the answer.
func (e *Engine) one(ctx context.Context, op string, d document, root string, variables map[string]any) (rawNode, error) {
	a, err := e.call(ctx, op, d, variables)
	if err != nil {
		return rawNode{}, err
	}
	raw := a.page.Field("data", root)
	if null(raw) {
		return rawNode{}, absent(op, a)
	}
	return rawNode{raw: raw, page: contextOf(a), errors: a.errors, prefix: []string{root}, index: only}, nil
}

// absent is the error for a record or list that is null: the one Shopify gives
// for it, else ErrNotFound.
func absent(op string, a answer) error {
	if len(a.errors) > 0 {
		return failure(op, a.errors, a.requestID)
	}
	if null(a.data()) {
		return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Status: http.StatusOK, Message: "the answer has neither data nor errors", RequestID: a.requestID}
	}
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Status: http.StatusOK, Message: "there is no such record, or the app may not see it", RequestID: a.requestID}
}

// contextOf reads what the page says once.
func contextOf(a answer) pageContext {
	var c pageContext
	if raw := a.page.Field("data", "shop", "currencyCode"); !null(raw) {
		_ = json.Unmarshal(raw, &c.currency) // prices without a currency are still prices
	}
	return c
}

// nodesRequest asks for the nodes of a connection, page by page.
type nodesRequest struct {
	op        string
	root      []string // where the connection is in the data
	document  document
	variables map[string]any
	size      int
	after     string
	limit     int // ends the list after so many records; 0 = no limit
}

// nodePage is one page of a connection.
type nodePage struct {
	nodes  []json.RawMessage
	page   pageContext
	errors []graphQLError
}

// fetch reads the page behind the cursor. A page that costs too much is asked
// for again at half the size.
func (e *Engine) fetch(ctx context.Context, r *nodesRequest, after string) (nodePage, pageInfo, error) {
	variables := map[string]any{"first": r.size}
	for name, value := range r.variables {
		if strings.Contains(r.document.text, "$"+name) {
			variables[name] = value
		}
	}
	if after != "" {
		variables["after"] = after
	}
	list := append(slices.Clone(r.root), "nodes")
	a, err := e.call(ctx, r.op, r.document, variables, list...)
	for r.size > 1 && codeOf(err) == "MAX_COST_EXCEEDED" {
		r.size /= 2
		variables["first"] = r.size
		a, err = e.call(ctx, r.op, r.document, variables, list...)
	}
	if err != nil {
		return nodePage{}, pageInfo{}, err
	}
	connection := append([]string{"data"}, r.root...)
	if !a.page.Found {
		return nodePage{}, pageInfo{}, absent(r.op, a)
	}
	var info pageInfo
	raw := a.page.Field(append(connection, "pageInfo")...)
	if null(raw) || json.Unmarshal(raw, &info) != nil || info.HasNextPage && info.EndCursor == "" {
		return nodePage{}, pageInfo{}, &catalog.Error{Platform: Platform, Op: r.op, Kind: catalog.ErrBadAnswer, Message: "a page has no page information", RequestID: a.requestID}
	}
	return nodePage{a.page.Items, contextOf(a), a.errors}, info, nil
}

// nodes yields the records of a connection, asking for the next page while
// the caller works on this one.
func (e *Engine) nodes(ctx context.Context, r nodesRequest) iter.Seq2[rawNode, error] {
	prefix := append(slices.Clone(r.root), "nodes")
	return func(yield func(rawNode, error) bool) {
		request, read := r, 0
		fetch := func(ctx context.Context, after string) (nodePage, string, bool, error) {
			page, info, err := e.fetch(ctx, &request, after)
			read += len(page.nodes)
			return page, info.EndCursor, info.HasNextPage && (r.limit == 0 || read < r.limit), err
		}
		for page, err := range transport.Pages(ctx, r.after, fetch) {
			if err != nil {
				yield(rawNode{}, err)
				return
			}
			for i, raw := range page.nodes {
				if !yield(rawNode{raw, page.page, page.errors, prefix, i}, nil) {
					return
				}
			}
		}
	}
}

// elements yields the records of a plain list at the root of an answer.
func (e *Engine) elements(ctx context.Context, op string, d document, root string, variables map[string]any) iter.Seq2[rawNode, error] {
	return func(yield func(rawNode, error) bool) {
		a, err := e.call(ctx, op, d, variables, root)
		if err == nil && !a.page.Found {
			err = absent(op, a)
		}
		if err != nil {
			yield(rawNode{}, err)
			return
		}
		for i, raw := range a.page.Items {
			if !yield(rawNode{raw, contextOf(a), a.errors, []string{root}, i}, nil) {
				return
			}
		}
	}
}
