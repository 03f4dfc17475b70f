package shopify

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// rawNode is one record of an answer, with what its page says.
type rawNode struct {
	raw    json.RawMessage
	page   pageContext
	errors []graphQLError // of the whole answer
	prefix []string       // where the record's list is in the answer
	index  int            // within the list; only for a single record
}

// problems are the answer's errors that point into this record, beside its
// list, or nowhere.
func (n rawNode) problems() []catalog.Problem {
	if len(n.errors) == 0 {
		return nil
	}
	list := strings.Join(n.prefix, ".")
	at := list
	if n.index != only {
		at += "." + strconv.Itoa(n.index)
	}
	var found []catalog.Problem
	for _, e := range n.errors {
		path := joinPath(e.Path)
		if under(path, at) {
			path = strings.TrimPrefix(strings.TrimPrefix(path, at), ".")
		} else if under(path, list) {
			continue // another record's
		}
		found = append(found, catalog.NewProblem(path, e.Message, e.Extensions.Code))
	}
	return found
}

// under reports whether a path is, or lies below, another.
func under(path, top string) bool { return strings.HasPrefix(path+".", top+".") }

// listErrors are the errors that leave the list at the path short: those that
// point at it, above it or at its page information, and those that point
// nowhere when there is no record to carry them.
func (a answer) listErrors(list []string) []graphQLError {
	if len(a.errors) == 0 {
		return nil
	}
	path := strings.Join(list, ".")
	info := strings.Join(list[:len(list)-1], ".") + ".pageInfo"
	none := !slices.ContainsFunc(a.page.Items, func(raw json.RawMessage) bool { return !null(raw) })
	var found []graphQLError
	for _, e := range a.errors {
		if p := joinPath(e.Path); p == "" && none || p != "" && (under(path, p) || under(p, info)) {
			found = append(found, e)
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
	if bad := a.listErrors(list); len(bad) > 0 {
		return nodePage{}, pageInfo{}, failure(r.op, bad, a.requestID)
	}
	var info pageInfo
	raw := a.page.Field(append(connection, "pageInfo")...)
	if null(raw) || json.Unmarshal(raw, &info) != nil {
		return nodePage{}, pageInfo{}, &catalog.Error{Platform: Platform, Op: r.op, Kind: catalog.ErrBadAnswer, Message: "a page has no page information", RequestID: a.requestID}
	}
	if info.HasNextPage && (info.EndCursor == "" || info.EndCursor == after) {
		return nodePage{}, pageInfo{}, &catalog.Error{Platform: Platform, Op: r.op, Kind: catalog.ErrBadAnswer, Message: "a page says that there are more but its cursor leads nowhere", RequestID: a.requestID}
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
		if bad := a.listErrors([]string{root}); err == nil && len(bad) > 0 {
			err = failure(op, bad, a.requestID)
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
