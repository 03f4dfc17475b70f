package shopifytest

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
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
		s.book.Violationf("%s %s is not answered", r.Method, r.URL.Path)
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
	fault := s.fault(call.Operation)
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
			s.book.Violationf("the body is not a GraphQL request in JSON")
			return req, http.StatusBadRequest
		}
	case "application/graphql":
		req.Query = string(body)
	default:
		s.book.Violationf("content type %q is not JSON", kind)
		return req, http.StatusUnsupportedMediaType
	}
	return req, 0
}

// run executes one operation and returns the body of the answer.
func (s *Server) run(r *http.Request, req request, doc *document, g *grant, version string, fault *Fault, call *Call) []byte {
	refuse := func(errs ...gqlError) []byte {
		for _, e := range errs {
			call.Codes = append(call.Codes, e.code)
			s.book.Violationf("operation %q: %s", call.Operation, e.message)
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
		available = s.bucket.cancel(call.Requested)
		ok = false
	}
	if !ok {
		call.Codes = append(call.Codes, "THROTTLED")
		b := append([]byte("{"), `"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED","documentation":"https://shopify.dev/api/usage/rate-limits"}}],"extensions":{`...)
		return append(s.appendCost(b, call.Requested, -1, available), "}}"...)
	}
	x := &exec{srv: s, plan: p, grant: g, ver: version, buf: make([]byte, 0, s.docs.size(doc))}
	x.buf = append(x.buf, `{"data":`...)
	s.execute(x)
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

// execute runs an operation: reads side by side, mutations one at a time.
func (s *Server) execute(x *exec) {
	s.progress()
	if x.plan.op.Operation == ast.Mutation {
		s.mu.Lock()
		defer s.mu.Unlock()
	} else {
		s.mu.RLock()
		defer s.mu.RUnlock()
	}
	x.fields(x.plan.root.of(x.plan.root.typ), nil)
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
