package shopifytest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

const maxBody = 10 << 20

// request is the body of a GraphQL call.
type request struct {
	Query         string          `json:"query"`
	Variables     json.RawMessage `json:"variables"`
	OperationName string          `json:"operationName"`
}

// result is an answer before it goes out.
type result struct {
	status int
	body   []byte
}

func (s *Server) serveGraphQL(w http.ResponseWriter, r *http.Request, asked string) {
	call := Call{Time: s.now(), Host: r.Host, Path: r.URL.Path, Header: redact(r.Header)}
	version, ok := s.serving(asked)
	if !ok || r.Method != http.MethodPost {
		s.violation("%s %s is not answered", r.Method, r.URL.Path)
		s.finish(w, r, &call, nil, result{http.StatusNotFound, []byte(`{"errors":"Not Found"}`)})
		return
	}
	call.Version = version
	w.Header().Set("X-Shopify-API-Version", version)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return // the client went away, or sends without end
	}
	req, bad := s.readRequest(r, body)
	call.Query, call.Variables = req.Query, req.Variables
	var doc *document
	if bad == 0 {
		doc = s.docs.get(req.Query)
		call.Operation = doc.name(req.OperationName)
	}
	fault := s.faults.match(call.Operation)
	if fault != nil {
		call.Fault = fault.kind()
		if s.faultBefore(w, r, fault, &call) {
			return
		}
	}
	if !wait(r, s.cfg.Latency) {
		return
	}
	grant := s.tokens.authorize(r.Header.Get("X-Shopify-Access-Token"))
	switch {
	case grant == nil:
		s.finish(w, r, &call, fault, result{http.StatusUnauthorized,
			[]byte(`{"errors":"[API] Invalid API key or access token (unrecognized login or wrong password)"}`)})
	case bad != 0:
		s.finish(w, r, &call, fault, result{bad, []byte(`{"errors":{"query":"Required parameter missing or invalid"}}`)})
	default:
		s.finish(w, r, &call, fault, result{http.StatusOK, s.run(r, req, doc, grant, version, fault, &call)})
	}
}

// readRequest decodes the body; status is 0 when it can be run.
func (s *Server) readRequest(r *http.Request, body []byte) (req request, status int) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		if err := json.Unmarshal(body, &req); err != nil || req.Query == "" {
			s.violation("the body is not a GraphQL request in JSON")
			return req, http.StatusBadRequest
		}
	case "application/graphql":
		req.Query = string(body)
	default:
		s.violation("content type %q is not JSON", kind)
		return req, http.StatusUnsupportedMediaType
	}
	return req, 0
}

// run executes one operation and returns the body of the answer.
func (s *Server) run(r *http.Request, req request, doc *document, g *grant, version string, fault *Fault, call *Call) []byte {
	refuse := func(errs ...gqlError) []byte {
		for _, e := range errs {
			call.Codes = append(call.Codes, e.code)
			s.violation("operation %q: %s", call.Operation, e.message)
		}
		return append(appendErrors([]byte("{"), errs), '}')
	}
	if len(doc.errs) > 0 {
		return refuse(doc.errs...)
	}
	op := doc.operation(req.OperationName)
	if op == nil {
		return refuse(gqlError{message: "An operation name is required", code: "BAD_REQUEST"})
	}
	if errs := doc.newerThan(version); len(errs) > 0 {
		return refuse(errs...)
	}
	vars, bad := coerce(op, req.Variables)
	if bad != nil {
		return refuse(*bad)
	}
	p := newPlan(schema(), doc.ast, op, vars)
	if err := p.check(); err != nil {
		return refuse(*err)
	}
	call.Requested = p.requestedCost()
	if call.Requested > maxQueryCost {
		return refuse(gqlError{code: "MAX_COST_EXCEEDED",
			message: fmt.Sprintf("Query cost is %d, which exceeds the single query max cost limit (%d).", call.Requested, maxQueryCost),
			more:    map[string]any{"cost": call.Requested, "maxCost": maxQueryCost, "documentation": "https://shopify.dev/api/usage/rate-limits"}})
	}
	ok, available := s.bucket.admit(call.Requested)
	if ok && fault != nil && fault.Throttle {
		s.bucket.cancel(call.Requested)
		ok = false
	}
	if !ok {
		call.Codes = append(call.Codes, "THROTTLED")
		b := append([]byte("{"), `"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED","documentation":"https://shopify.dev/api/usage/rate-limits"}}],"extensions":{`...)
		return append(s.appendCost(b, call.Requested, -1, available), "}}"...)
	}
	x := &exec{srv: s, plan: p, grant: g, ver: version, buf: make([]byte, 0, s.docs.size(doc))}
	x.buf = append(x.buf, `{"data":`...)
	s.mu.RLock()
	x.fields(p.root.of("QueryRoot"), nil)
	s.mu.RUnlock()
	if x.null {
		x.buf = append(x.buf[:len(`{"data":`)], "null"...)
	}
	call.Actual = min(x.acc, call.Requested)
	available = s.bucket.charge(call.Requested, call.Actual)
	if len(x.errs) > 0 {
		x.buf = append(x.buf, ',')
		x.buf = appendErrors(x.buf, x.errs)
		for _, e := range x.errs {
			call.Codes = append(call.Codes, e.code)
		}
	}
	x.buf = append(x.buf, `,"extensions":{`...)
	x.buf = s.appendCost(x.buf, call.Requested, call.Actual, available)
	x.appendSearch()
	x.buf = append(x.buf, "}}"...)
	s.docs.grew(doc, len(x.buf))
	return x.buf
}

func (x *exec) appendSearch() {
	if len(x.warns) == 0 {
		return
	}
	x.buf = append(x.buf, `,"search":[`...)
	for i, n := range x.warns {
		if i > 0 {
			x.buf = append(x.buf, ',')
		}
		x.buf = n.append(x.buf)
	}
	x.buf = append(x.buf, ']')
}

func appendErrors(dst []byte, errs []gqlError) []byte {
	dst = append(dst, `"errors":[`...)
	for i, e := range errs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = e.append(dst)
	}
	return append(dst, ']')
}

// appendCost writes extensions.cost; actual < 0 is null.
func (s *Server) appendCost(dst []byte, requested, actual int, available float64) []byte {
	s.bucket.mu.Lock()
	capacity, restore := s.bucket.capacity, s.bucket.restore
	s.bucket.mu.Unlock()
	dst = append(dst, `"cost":{"requestedQueryCost":`...)
	dst = strconv.AppendInt(dst, int64(requested), 10)
	dst = append(dst, `,"actualQueryCost":`...)
	if actual < 0 {
		dst = append(dst, "null"...)
	} else {
		dst = strconv.AppendInt(dst, int64(actual), 10)
	}
	dst = append(dst, `,"throttleStatus":{"maximumAvailable":`...)
	dst = appendFloat(dst, capacity)
	dst = append(dst, `,"currentlyAvailable":`...)
	dst = strconv.AppendInt(dst, int64(available), 10)
	dst = append(dst, `,"restoreRate":`...)
	dst = appendFloat(dst, restore)
	return append(dst, "}}"...)
}

// coerce reads the variables of an operation.
func coerce(op *ast.OperationDefinition, raw json.RawMessage) (map[string]any, *gqlError) {
	given := map[string]any{}
	if len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&given); err != nil {
			return nil, &gqlError{message: "Variables are invalid JSON", code: "BAD_REQUEST"}
		}
	}
	for _, v := range op.VariableDefinitions {
		_, text := given[v.Variable].(string)
		if n := v.Type.NamedType; text && (n == "Int" || n == "Float") {
			e := variableError(op, given, &gqlerror.Error{Path: ast.Path{ast.PathName("variable"), ast.PathName(v.Variable)},
				Message: "Could not coerce value to " + n})
			return nil, &e
		}
	}
	out, err := validator.VariableValues(schema(), op, maps.Clone(given))
	if err != nil {
		var ge *gqlerror.Error
		if !errors.As(err, &ge) {
			ge = gqlerror.Wrap(err)
		}
		e := variableError(op, given, ge)
		return nil, &e
	}
	return out, nil
}

// check walks what is selected and refuses page sizes the platform refuses.
func (p *plan) check() *gqlError { return p.root.check("QueryRoot") }

func (s *selection) check(typ string) *gqlError {
	for _, f := range s.of(typ) {
		if f.sub == nil {
			continue
		}
		if f.connection() {
			if err := f.checkWindow(); err != nil {
				return err
			}
		}
		if ids, ok := f.args["ids"].([]any); ok && len(ids) > maxPage {
			return &gqlError{message: "The input array size of " + strconv.Itoa(len(ids)) + " is greater than the maximum allowed of 250.", code: "MAX_INPUT_SIZE_EXCEEDED"}
		}
		for _, t := range s.plan.concrete(f.typ) {
			if err := f.sub.check(t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *field) checkWindow() *gqlError {
	first, hasFirst := f.int("first")
	last, hasLast := f.int("last")
	switch {
	case !hasFirst && !hasLast:
		return &gqlError{message: "you must provide one of first or last", code: "BAD_REQUEST"}
	case hasFirst && hasLast:
		return &gqlError{message: "providing both first and last is not supported", code: "BAD_REQUEST"}
	case first > maxPage:
		return &gqlError{code: "BAD_REQUEST", message: "first cannot exceed 250. To query larger amounts of data with fewer limits, bulk operations should be used instead."}
	case last > maxPage:
		return &gqlError{code: "BAD_REQUEST", message: "last cannot exceed 250. To query larger amounts of data with fewer limits, bulk operations should be used instead."}
	case first < 0 || last < 0:
		return &gqlError{message: "first and last must not be negative", code: "BAD_REQUEST"}
	}
	return nil
}

// document is a parsed and validated query text.
type document struct {
	ast  *ast.QueryDocument
	errs []gqlError
	grow int // size of the largest answer, to allocate the next one at once
}

// documents keeps what was parsed, by text.
type documents struct {
	mu  sync.Mutex
	all map[string]*document
}

func (d *documents) get(text string) *document {
	d.mu.Lock()
	defer d.mu.Unlock()
	if doc := d.all[text]; doc != nil {
		return doc
	}
	if d.all == nil || len(d.all) >= 512 {
		d.all = map[string]*document{}
	}
	doc := parseDocument(text)
	d.all[text] = doc
	return doc
}

func (d *documents) size(doc *document) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return doc.grow + 1024
}

func (d *documents) grew(doc *document, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	doc.grow = max(doc.grow, n)
}

func parseDocument(text string) *document {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		var ge *gqlerror.Error
		if !errors.As(err, &ge) {
			ge = gqlerror.Wrap(err)
		}
		ge.Rule = ""
		return &document{errs: []gqlError{validationError(ge)}}
	}
	out := &document{ast: doc}
	for _, e := range validator.ValidateWithRules(schema(), doc, nil) {
		out.errs = append(out.errs, validationError(e))
	}
	return out
}

// name is the name of the operation that will run, "" when it has none.
func (d *document) name(asked string) string {
	if op := d.operation(asked); op != nil {
		return op.Name
	}
	return asked
}

func (d *document) operation(asked string) *ast.OperationDefinition {
	switch {
	case d.ast == nil:
		return nil
	case asked != "":
		return d.ast.Operations.ForName(asked)
	case len(d.ast.Operations) == 1:
		return d.ast.Operations[0]
	}
	return nil
}

// since lists fields that older versions do not have.
var since = map[string]string{
	"InventoryLevel.isActive": "2026-04",
	"Order.cartToken":         "2026-07",
	"Order.checkoutToken":     "2026-07",
}

// newerThan reports the fields that the version does not know yet.
func (d *document) newerThan(version string) []gqlError {
	var errs []gqlError
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch v := sel.(type) {
			case *ast.Field:
				if v.ObjectDefinition != nil && since[v.ObjectDefinition.Name+"."+v.Name] > version {
					typ := v.ObjectDefinition.Name
					errs = append(errs, gqlError{message: "Field '" + v.Name + "' doesn't exist on type '" + typ + "'",
						code: "undefinedField", more: map[string]any{"typeName": typ, "fieldName": v.Name}})
				}
				walk(v.SelectionSet)
			case *ast.InlineFragment:
				walk(v.SelectionSet)
			}
		}
	}
	for _, op := range d.ast.Operations {
		walk(op.SelectionSet)
	}
	for _, f := range d.ast.Fragments {
		walk(f.SelectionSet)
	}
	return errs
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
