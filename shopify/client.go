package shopify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

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

// answer is a GraphQL answer cut into its parts, all slices of its body.
type answer struct {
	data       json.RawMessage
	errors     []graphQLError
	extensions json.RawMessage
	cost       *cost
	requestID  string
}

func (a answer) hasData() bool { return len(a.data) > 0 && string(a.data) != "null" }

// parseAnswer cuts the body; it fails when the body is not one whole object.
func parseAnswer(body []byte) (answer, error) {
	var a answer
	for member, err := range transport.Members(body) {
		if err != nil {
			return a, err
		}
		switch string(member.Name) {
		case "data":
			a.data = member.Value
		case "errors":
			a.errors = parseErrors(member.Value)
		case "extensions":
			a.extensions = member.Value
			var e struct {
				Cost *cost `json:"cost"`
			}
			if json.Unmarshal(member.Value, &e) == nil {
				a.cost = e.Cost
			}
		}
	}
	return a, nil
}

// costs remembers what Shopify asked for each document and page size.
type costs struct{ known sync.Map }

func costKey(d document, variables map[string]any) string {
	return d.name + "/" + fmt.Sprint(variables["first"])
}

func (c *costs) predict(d document, variables map[string]any) float64 {
	if v, ok := c.known.Load(costKey(d, variables)); ok {
		return v.(float64)
	}
	return min(estimateCost(d.text, variables), maxQueryCost)
}

func (c *costs) learn(d document, variables map[string]any, got *cost) {
	if got != nil && got.Requested > 0 {
		c.known.Store(costKey(d, variables), got.Requested)
	}
}

// call sends one of the adapter's own queries.
func (e *Engine) call(ctx context.Context, op string, d document, variables map[string]any) (answer, error) {
	a, err := e.send(ctx, op, d, variables, e.adapter.costs.predict(d, variables), true)
	if err == nil {
		e.adapter.costs.learn(d, variables, a.cost)
	}
	return a, err
}

// send posts one operation and returns its answer, which has data.
func (e *Engine) send(ctx context.Context, op string, d document, variables map[string]any, predicted float64, idempotent bool) (answer, error) {
	body, err := json.Marshal(struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables,omitempty"`
	}{d.text, variables})
	if err != nil {
		return answer{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the variables cannot be encoded as JSON", Err: err}
	}
	resp, err := e.adapter.http.Do(ctx, &transport.Request{
		Op: op, Method: http.MethodPost, URL: e.endpoint(), Header: jsonHeader, Body: body, Idempotent: idempotent,
		Cost: predicted, Budget: e.adapter.budgets.Get(e.shop), Credential: e.credentials, Authorize: authorize,
	})
	if err != nil {
		return answer{}, err
	}
	a, err := parseAnswer(resp.Body)
	if err != nil {
		return answer{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Err: err}
	}
	a.requestID = resp.Header.Get("X-Request-Id")
	e.warn(ctx, op, a, resp)
	if idempotent {
		if err := e.checkVersion(op, resp); err != nil {
			return answer{}, err
		}
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

// warn logs what Shopify silently ignored or will remove.
func (e *Engine) warn(ctx context.Context, op string, a answer, resp *transport.Response) {
	if bytes.Contains(a.extensions, []byte(`"warnings"`)) {
		e.adapter.logger.WarnContext(ctx, "shopify ignored a part of the search", "op", op, "shop", e.shop, "extensions", string(a.extensions))
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
	raw, err := at(op, a, root)
	return rawNode{raw: raw, page: contextOf(a), errors: a.errors, prefix: []string{root}, index: only}, err
}

// at finds a part of the answer's data. A part that is null is an error: the
// one Shopify gives for it, else ErrNotFound.
func at(op string, a answer, path ...string) (json.RawMessage, error) {
	raw := a.data
	for _, name := range path {
		var err error
		if raw, err = transport.Field(raw, name); err != nil {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "the answer has no " + strings.Join(path, "."), RequestID: a.requestID, Err: err}
		}
		if string(raw) == "null" {
			if len(a.errors) > 0 {
				return nil, failure(op, a.errors, a.requestID)
			}
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Status: http.StatusOK, Message: "there is no such record, or the app may not see it", RequestID: a.requestID}
		}
	}
	return raw, nil
}

// contextOf reads what the page says once; data without it gives nothing.
func contextOf(a answer) pageContext {
	var c pageContext
	if raw, err := transport.Field(a.data, "shop"); err == nil {
		var shop struct {
			Currency string `json:"currencyCode"`
		}
		if json.Unmarshal(raw, &shop) == nil {
			c.currency = shop.Currency
		}
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
}

// nodePage is one page of a connection.
type nodePage struct {
	nodes  json.RawMessage
	page   pageContext
	errors []graphQLError
}

// nodes yields the records of a connection, asking for the next page while
// the caller works on this one.
func (e *Engine) nodes(ctx context.Context, r nodesRequest) iter.Seq2[rawNode, error] {
	size := r.size
	fetch := func(ctx context.Context, after string) (nodePage, string, bool, error) {
		variables := map[string]any{"first": size}
		for name, value := range r.variables {
			if strings.Contains(r.document.text, "$"+name) {
				variables[name] = value
			}
		}
		if after != "" {
			variables["after"] = after
		}
		a, err := e.call(ctx, r.op, r.document, variables)
		for size > 1 && err != nil && codeOf(err) == "MAX_COST_EXCEEDED" {
			size /= 2
			variables["first"] = size
			a, err = e.call(ctx, r.op, r.document, variables)
		}
		if err != nil {
			return nodePage{}, "", false, err
		}
		connection, err := at(r.op, a, r.root...)
		if err != nil {
			return nodePage{}, "", false, err
		}
		var info pageInfo
		rawInfo, err := transport.Field(connection, "pageInfo")
		if err == nil {
			err = json.Unmarshal(rawInfo, &info)
		}
		nodes, err2 := transport.Field(connection, "nodes")
		if err != nil || err2 != nil || info.HasNextPage && info.EndCursor == "" {
			return nodePage{}, "", false, &catalog.Error{Platform: Platform, Op: r.op, Kind: catalog.ErrBadAnswer, Message: "a page has no nodes or no page information", RequestID: a.requestID}
		}
		return nodePage{nodes, contextOf(a), a.errors}, info.EndCursor, info.HasNextPage, nil
	}
	prefix := append(append([]string(nil), r.root...), "nodes")
	return func(yield func(rawNode, error) bool) {
		for page, err := range transport.Pages(ctx, r.after, fetch) {
			if err != nil {
				yield(rawNode{}, err)
				return
			}
			index := 0
			for raw, err := range transport.Elements(page.nodes) {
				if err != nil {
					err = &catalog.Error{Platform: Platform, Op: r.op, Kind: catalog.ErrBadAnswer, Err: err}
				}
				if !yield(rawNode{raw, page.page, page.errors, prefix, index}, err) || err != nil {
					return
				}
				index++
			}
		}
	}
}

// elements yields the records of a plain list at the root of an answer.
func (e *Engine) elements(ctx context.Context, op string, d document, root string, variables map[string]any) iter.Seq2[rawNode, error] {
	return func(yield func(rawNode, error) bool) {
		a, err := e.call(ctx, op, d, variables)
		var nodes json.RawMessage
		if err == nil {
			nodes, err = at(op, a, root)
		}
		if err != nil {
			yield(rawNode{}, err)
			return
		}
		index := 0
		for raw, err := range transport.Elements(nodes) {
			if !yield(rawNode{raw, contextOf(a), a.errors, []string{root}, index}, err) || err != nil {
				return
			}
			index++
		}
	}
}
