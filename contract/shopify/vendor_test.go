package shopify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/shopify"
)

func fraction(n, of int) string { return fmt.Sprintf("%d/%d", n, of) }

const shop = "acme.myshopify.com"

// vendor stands in for Shopify: it holds each request against the vendor's
// schema and answers what the schema promises, made up of the answerer's
// values. It implements http.RoundTripper.
type vendor struct {
	t       testing.TB
	version string
	schema  *ast.Schema
	answers answerer

	mu     sync.Mutex
	valid  int
	total  int
	texts  map[string]bool   // documents seen
	bodies map[string][]byte // the first answer to each operation's name
}

func newVendor(t testing.TB, version string, a answerer) *vendor {
	t.Helper()
	a.schema = schema(t, version)
	return &vendor{t: t, version: version, schema: a.schema, answers: a, texts: map[string]bool{}, bodies: map[string][]byte{}}
}

// engine opens a store whose requests go to the round tripper.
func engine(t testing.TB, version string, to http.RoundTripper) *shopify.Engine {
	t.Helper()
	app, err := shopify.New(shopify.Config{APIVersion: version, Transport: to, PollInterval: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := app.Open(catalog.Account{Store: shop}, catalog.StaticToken("a token"))
	if err != nil {
		t.Fatal(err)
	}
	e, ok := catalog.As[*shopify.Engine](opened)
	if !ok {
		t.Fatal("the engine is no *shopify.Engine")
	}
	return e
}

// request is the body of a call.
type request struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

func (v *vendor) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet && r.URL.Host == "example.com" { // an export's result, which no schema describes
		return reply(http.StatusNotFound, nil, nil), nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var req request
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err = d.Decode(&req); err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.total++
	v.texts[req.Query] = true
	op, doc, err := v.check(r, req)
	if err != nil {
		v.t.Errorf("%s: %v\nvariables %v", v.version, err, req.Variables)
		return reply(http.StatusBadRequest, nil, []byte(`{"errors":{"query":"Required parameter missing or invalid"}}`)), nil
	}
	v.valid++
	data, err := v.answers.answer(doc, op, req.Variables)
	if err != nil {
		return nil, err
	}
	var spaced bytes.Buffer // blanks anywhere are allowed, and Raw must keep them
	if err := json.Indent(&spaced, data, " ", "\t"); err != nil {
		return nil, err
	}
	if v.bodies[op.Name] == nil {
		v.bodies[op.Name] = spaced.Bytes()
	}
	return reply(http.StatusOK, map[string]string{"X-Shopify-Api-Version": v.version}, spaced.Bytes()), nil
}

func reply(status int, header map[string]string, body []byte) *http.Response {
	h := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	for name, value := range header {
		h.Set(name, value)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body))}
}

// check holds one request against the schema: the address, the document, and
// each variable's name and value.
func (v *vendor) check(r *http.Request, req request) (*ast.OperationDefinition, *ast.QueryDocument, error) {
	if want := "https://" + shop + "/admin/api/" + v.version + "/graphql.json"; r.Method != http.MethodPost || r.URL.String() != want {
		return nil, nil, fmt.Errorf("%s %s, want POST %s", r.Method, r.URL, want)
	}
	if r.Header.Get("X-Shopify-Access-Token") == "" || r.Header.Get("Content-Type") != "application/json" {
		return nil, nil, fmt.Errorf("headers %v", r.Header)
	}
	doc, err := query(v.schema, req.Query)
	if err != nil {
		return nil, nil, err
	}
	op := doc.Operations.ForName(req.OperationName)
	if op == nil {
		return nil, nil, fmt.Errorf("%d operations and none named", len(doc.Operations))
	}
	for name := range req.Variables {
		if op.VariableDefinitions.ForName(name) == nil {
			return nil, nil, fmt.Errorf("%s: variable %s is sent and not declared", op.Name, name)
		}
	}
	if _, err := validator.VariableValues(v.schema, op, req.Variables); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", op.Name, err)
	}
	return op, doc, checkSearch(v.schema, doc, op, req.Variables)
}

var (
	searchTerm  = regexp.MustCompile(`([a-z_]+):(?:[<>]=?)?('(?:[^'\\]|\\.)*'|[^ ()]+)`)
	searchWords = regexp.MustCompile("`([a-z_]+)`")
)

// checkSearch holds the terms of a search against the table in the description
// of the argument: an unknown field is ignored by Shopify without an error.
func checkSearch(s *ast.Schema, doc *ast.QueryDocument, op *ast.OperationDefinition, variables map[string]any) error {
	text, ok := variables["query"].(string)
	if !ok {
		return nil
	}
	if op.Name == "BulkRun" {
		return checkBulk(s, text)
	}
	description := searchDescription(op.SelectionSet)
	terms := searchTerm.FindAllStringSubmatch(text, -1)
	if description == "" || len(terms) == 0 {
		return fmt.Errorf("%s: search %q is handed to nothing, or has no terms", op.Name, text)
	}
	for _, term := range terms {
		row := searchRow(description, term[1])
		if row == "" {
			return fmt.Errorf("%s: the search field %s is not in the vendor's table", op.Name, term[1])
		}
		// | name | type | description | acceptable_values | ...
		if cells := strings.Split(row, "|"); len(cells) > 4 && !strings.HasPrefix(term[2], "'") {
			words := searchWords.FindAllStringSubmatch(cells[4], -1)
			known := len(words) == 0
			for _, w := range words {
				known = known || w[1] == term[2]
			}
			if !known {
				return fmt.Errorf("%s: %s is no acceptable value of the search field %s", op.Name, term[2], term[1])
			}
		}
	}
	return nil
}

// checkBulk holds the query of a bulk operation against the schema and the rules
// for such queries: one operation without variables, at most five connections,
// by edges, at most two deep.
func checkBulk(s *ast.Schema, text string) error {
	doc, err := query(s, text)
	if err != nil {
		return err
	}
	if len(doc.Operations) != 1 || len(doc.Operations[0].VariableDefinitions) > 0 || len(text) > 65535 {
		return fmt.Errorf("a bulk query is one operation without variables: %s", text)
	}
	connections := 0
	var walk func(set ast.SelectionSet, depth int) error
	walk = func(set ast.SelectionSet, depth int) error {
		for _, selection := range set {
			f, ok := selection.(*ast.Field)
			if !ok {
				continue
			}
			below := depth
			if strings.HasSuffix(f.Definition.Type.Name(), "Connection") {
				if connections++; len(f.SelectionSet) != 1 || f.SelectionSet[0].(*ast.Field).Name != "edges" {
					return fmt.Errorf("the connection %s is not read by edges", f.Name)
				}
				below++
			}
			if below > 2 || connections > 5 {
				return fmt.Errorf("%d connections, %d deep", connections, below)
			}
			if err := walk(f.SelectionSet, below); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(doc.Operations[0].SelectionSet, 0)
}

// searchRow finds a field's row in the table, which is wrapped over several
// lines.
func searchRow(description, field string) string {
	var row strings.Builder
	for line := range strings.Lines(description) {
		begins := strings.HasPrefix(line, "| ")
		if row.Len() > 0 && begins {
			break
		}
		if row.Len() > 0 || begins && strings.HasPrefix(line, "| "+field+" |") {
			row.WriteString(line)
		}
	}
	return row.String()
}

// searchDescription finds the description of the argument $query is given to.
func searchDescription(set ast.SelectionSet) string {
	for _, selection := range set {
		f, ok := selection.(*ast.Field)
		if !ok {
			continue
		}
		if a := f.Arguments.ForName("query"); a != nil && a.Value.Kind == ast.Variable {
			return f.Definition.Arguments.ForName("query").Description
		}
		if found := searchDescription(f.SelectionSet); found != "" {
			return found
		}
	}
	return ""
}

func (v *vendor) report(t testing.TB, what string) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	specs.Report(t, "shopify %s %s on %s", what, fraction(v.valid, v.total), v.version)
}

// unhurried adds to each answer that the bucket is full, so that no test waits
// for the rate limit.
type unhurried struct{ http.RoundTripper }

const fullBucket = `,"extensions":{"cost":{"requestedQueryCost":1,"actualQueryCost":1,"throttleStatus":{"maximumAvailable":2000000,"currentlyAvailable":2000000,"restoreRate":100000}}}}`

func (u unhurried) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := u.RoundTripper.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	body = append(bytes.TrimSuffix(bytes.TrimSpace(body), []byte("}")), fullBucket...)
	return reply(resp.StatusCode, map[string]string{"X-Shopify-Api-Version": resp.Header.Get("X-Shopify-Api-Version")}, body), nil
}
