package salla_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/soukhq/souk/contract/internal/specs"
)

func TestMain(m *testing.M) { specs.Main(m) }

// api is the vendor's OpenAPI description. It covers a part of the API only:
// lists and details of products and orders are not in it. It is not valid
// itself (it mixes constructs of 3.1 into 3.0 and has blanks in names), so it
// is read and never checked.
type api struct {
	doc    *openapi3.T
	router routers.Router
}

func loadAPI(t testing.TB) *api {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile(specs.Path(t, "salla", "openapi", "salla-merchant-api.partial.openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &api{doc, router}
}

// errNotCovered is the answer for operations the description does not have.
var errNotCovered = errors.New("not in the vendor's description")

func (a *api) find(r *http.Request) (*routers.Route, map[string]string, error) {
	route, arguments, err := a.router.FindRoute(r)
	if errors.Is(err, routers.ErrPathNotFound) || errors.Is(err, routers.ErrMethodNotAllowed) {
		return nil, nil, fmt.Errorf("%s %s is %w", r.Method, r.URL.Path, errNotCovered)
	}
	return route, arguments, err
}

// request holds a request against the description: path, query and body. The
// error is errNotCovered where there is nothing to hold it against.
func (a *api) request(ctx context.Context, one recorded) error {
	r, err := http.NewRequestWithContext(ctx, one.Method, one.URL, bytes.NewReader(one.Body))
	if err != nil {
		return err
	}
	r.Header = one.Header
	route, arguments, err := a.find(r)
	if err != nil {
		return err
	}
	for name := range r.URL.Query() {
		base, _ := strings.CutSuffix(name, "[]")
		if !declares(route, base) {
			return fmt.Errorf("%s %s has no query parameter %s", one.Method, route.Path, name)
		}
	}
	if !one.Bearer || r.Header.Get("Accept") != "application/json" {
		return fmt.Errorf("%s %s lacks a bearer token or the Accept header", one.Method, route.Path)
	}
	return openapi3filter.ValidateRequest(ctx, &openapi3filter.RequestValidationInput{
		Request: r, PathParams: arguments, Route: route,
		Options: &openapi3filter.Options{MultiError: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, RejectWhenRequestBodyNotSpecified: true},
	})
}

// declares says whether an operation takes a query parameter. Those of paging
// are taken by every list, whatever its own description says.
func declares(route *routers.Route, name string) bool {
	if route.Method == http.MethodGet && (name == "page" || name == "per_page") {
		return true
	}
	return slices.ContainsFunc(route.Operation.Parameters, func(p *openapi3.ParameterRef) bool {
		return p.Value.In == "query" && p.Value.Name == name
	})
}

// mismatch is a place where an answer is not what the description says.
type mismatch struct {
	path    string // of the operation
	pointer string // in the answer, * for the elements of an array
	rule    string // of the schema: type, nullable, required, enum, format
	value   string // what is there, clipped
}

// key identifies equal mismatches, whatever the value: those of one field of a
// resource, in lists and alone, and those of the pagination of any list.
func (m mismatch) key() string {
	if strings.HasPrefix(m.pointer, "/pagination") {
		return m.pointer + " " + m.rule
	}
	return family(m.path) + place(m.pointer) + " " + m.rule
}

func (m mismatch) String() string {
	return fmt.Sprintf("%s %s %s: %s", m.path, m.pointer, m.rule, m.value)
}

// answer holds the body of a 200 against an operation's schema.
func (a *api) answer(path string, operation *openapi3.Operation, body []byte) ([]mismatch, error) {
	media := mediaType(operation)
	if media == nil {
		return nil, fmt.Errorf("GET %s has no schema for its answer: %w", path, errNotCovered)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	err := media.Schema.Value.VisitJSON(value, openapi3.MultiErrors(), openapi3.VisitAsResponse())
	return mismatches(path, err)
}

func mediaType(operation *openapi3.Operation) *openapi3.MediaType {
	ok := operation.Responses.Value("200")
	if ok == nil || ok.Value == nil {
		return nil
	}
	if media := ok.Value.Content.Get("application/json"); media != nil && media.Schema != nil {
		return media
	}
	return nil
}

var index = regexp.MustCompile(`/\d+(/|$)`)

func mismatches(path string, err error) ([]mismatch, error) {
	if err == nil {
		return nil, nil
	}
	if several, ok := errors.AsType[openapi3.MultiError](err); ok {
		var all []mismatch
		for _, one := range several {
			found, err := mismatches(path, one)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
		return all, nil
	}
	one, ok := errors.AsType[*openapi3.SchemaError](err)
	if !ok {
		return nil, err
	}
	value, err := json.Marshal(one.Value)
	if err != nil {
		return nil, err
	}
	pointer := "/" + strings.Join(one.JSONPointer(), "/")
	return []mismatch{{path, index.ReplaceAllString(pointer, "/*$1"), one.SchemaField, strings.ToValidUTF8(string(value[:min(len(value), 60)]), "")}}, nil
}
