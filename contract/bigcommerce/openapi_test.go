package bigcommerce_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/soukhq/souk/contract/internal/specs"
)

func TestMain(m *testing.M) { specs.Main(m) }

// folder is the vendor's name below the folder of the specifications.
const folder = "bigcommerce"

// file is one area of the API, of one version.
type file struct {
	name   string
	doc    *openapi3.T
	router routers.Router
}

// api is the vendor's OpenAPI description: a file for each area and version.
type api struct{ files []*file }

// loaded is the description, read once: that takes a second.
var loaded = sync.OnceValues(func() (*api, error) {
	dir, err := specs.Find()
	if err != nil {
		return nil, err
	}
	names, err := filepath.Glob(filepath.Join(dir, folder, "*.yml"))
	if err != nil {
		return nil, err
	}
	if len(names) < 15 {
		return nil, fmt.Errorf("%d files are there", len(names))
	}
	a := &api{}
	for _, name := range names {
		doc, err := openapi3.NewLoader().LoadFromFile(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		router, err := gorillamux.NewRouter(doc)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		a.files = append(a.files, &file{filepath.Base(name), doc, router})
	}
	return a, nil
})

func loadAPI(t testing.TB) *api {
	t.Helper()
	specs.Path(t, folder) // skips without it
	a, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// errNotCovered is the answer for operations that no file has.
var errNotCovered = errors.New("not in the vendor's description")

func (a *api) find(r *http.Request) (*routers.Route, map[string]string, error) {
	for _, f := range a.files {
		route, arguments, err := f.router.FindRoute(r)
		if errors.Is(err, routers.ErrPathNotFound) || errors.Is(err, routers.ErrMethodNotAllowed) {
			continue
		}
		return route, arguments, err
	}
	return nil, nil, fmt.Errorf("%s %s is %w", r.Method, r.URL.Path, errNotCovered)
}

// request holds a request against the description: path, query, headers and
// body. It returns the operation, and which exceptions were needed.
func (a *api) request(ctx context.Context, one recorded) (kind string, needed []string, err error) {
	r, err := http.NewRequestWithContext(ctx, one.Method, one.URL.String(), bytes.NewReader(one.Body))
	if err != nil {
		return "", nil, err
	}
	r.Header = one.Header.Clone()
	route, arguments, err := a.find(r)
	if err != nil {
		return "", nil, err
	}
	kind = one.Method + " " + route.Path
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return kind, nil, err
	}
	for name, values := range query {
		key := kind + " " + name
		if e, ok := exceptions[key]; ok {
			if len(values) != 1 || !e.form.MatchString(values[0]) {
				return kind, needed, fmt.Errorf("%s=%v is neither as described nor as the exception says", name, values)
			}
			needed = append(needed, key)
			query.Del(name)
			continue
		}
		if !declares(route, name) || len(values) != 1 {
			return kind, needed, fmt.Errorf("%s has no query parameter %s, or it comes twice", kind, name)
		}
	}
	r.URL.RawQuery = query.Encode()
	if !one.Token || r.Header.Get("Accept") != "application/json" || len(one.Body) > 0 != (r.Header.Get("Content-Type") == "application/json") {
		return kind, needed, fmt.Errorf("%s lacks the token, does not accept JSON, or names another type than its body's", kind)
	}
	if key := kind + " Content-Type"; exceptions[key].form != nil && len(one.Body) == 0 {
		needed = append(needed, key)
		r.Header.Set("Content-Type", "application/json")
	}
	body, took, err := excused(kind, one.Body)
	if err != nil {
		return kind, needed, err
	}
	needed = append(needed, took...)
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r.Body, _ = r.GetBody()
	return kind, needed, openapi3filter.ValidateRequest(ctx, &openapi3filter.RequestValidationInput{
		Request: r, PathParams: arguments, Route: route,
		Options: options(),
	})
}

func options() *openapi3filter.Options {
	o := &openapi3filter.Options{MultiError: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, RejectWhenRequestBodyNotSpecified: true}
	o.WithCustomSchemaErrorFunc(func(err *openapi3.SchemaError) string { // without the whole schema
		return strings.Join(err.JSONPointer(), "/") + " " + err.Reason
	})
	return o
}

// declares says whether an operation takes a query parameter.
func declares(route *routers.Route, name string) bool {
	return slices.ContainsFunc(slices.Concat(route.PathItem.Parameters, route.Operation.Parameters), func(p *openapi3.ParameterRef) bool {
		return p.Value.In == openapi3.ParameterInQuery && p.Value.Name == name
	})
}

func TestRequestsAreHeldAgainstTheDescription(t *testing.T) {
	t.Parallel()
	a := loadAPI(t)
	for name, c := range map[string]struct {
		method, target, body string
		want                 string // in the error; "" for none
	}{
		"a list of V3":                  {"GET", "/v3/catalog/products?include=variants,images&id:greater=7&sort=id&direction=asc&limit=250", "", ""},
		"a list of V2":                  {"GET", "/v2/orders?include=consignments.line_items,fees&consignment_structure=object&min_id=7&limit=250", "", ""},
		"an order by V3":                {"GET", "/v3/orders/7", "", errNotCovered.Error()},
		"a message to be sent":          {"POST", "/v2/orders/7/messages", `{"message":"x"}`, errNotCovered.Error()},
		"a word for an id":              {"GET", "/v2/orders/seven", "", "order_id"},
		"a word for a number":           {"GET", "/v2/orders?min_id=many", "", "min_id"},
		"a word outside of a list":      {"GET", "/v3/catalog/products?include=variants,orders", "", "include"},
		"a page that is too large":      {"GET", "/v3/catalog/products?limit=251", "", "limit"},
		"a parameter of the other":      {"GET", "/v2/orders?id:greater=7", "", "no query parameter"},
		"an unknown parameter":          {"GET", "/v3/customers?updated_since=1", "", "no query parameter"},
		"a parameter twice":             {"GET", "/v2/orders?min_id=1&min_id=2", "", "twice"},
		"a hook":                        {"POST", "/v3/hooks", `{"scope":"store/order/*","destination":"https://h.example.com/","is_active":true}`, ""},
		"a hook of the wrong type":      {"POST", "/v3/hooks", `{"scope":"store/order/*","destination":1}`, "destination"},
		"a body where there is to none": {"GET", "/v2/store", "{}", "body"},
		"an exception that is not met":  {"GET", "/v3/inventory/items?variant_id:in=1|2", "", "exception"},
		"a variant of a new product":    {"POST", "/v3/catalog/products", `{"name":"n","type":"physical","weight":1,"price":1,"variants":[{"sku":"a","option_values":[{"option_display_name":"o","label":"l"}]}]}`, ""},
		"a new variant without an SKU":  {"POST", "/v3/catalog/products", `{"name":"n","type":"physical","weight":1,"price":1,"variants":[{"option_values":[]}]}`, "sku"},
		"an amount as text":             {"POST", "/v3/catalog/products", `{"name":"n","type":"physical","weight":1,"price":"1"}`, "price"},
		"stock without a location":      {"PUT", "/v3/inventory/adjustments/absolute", `{"items":[{"variant_id":1,"quantity":1}]}`, "items"},
		"a refund of lines":             {"POST", "/v3/orders/7/payment_actions/refunds", `{"items":[{"item_type":"PRODUCT","item_id":1,"quantity":1}],"payments":[{"provider_id":"x","amount":1,"offline":false}]}`, ""},
		"a refund off the order":        {"POST", "/v3/orders/7/payment_actions/refund_quotes", `{"items":[{"item_type":"ORDER","item_id":7,"amount":1}]}`, ""},
		"a refund of nothing":           {"POST", "/v3/orders/7/payment_actions/refund_quotes", `{"items":[{"item_type":"ORDER","item_id":"7"}]}`, "schema"},
		"customers that are no list":    {"POST", "/v3/customers", `{"email":"a@b.c","first_name":"a","last_name":"b"}`, "array"},
		"outside of the API":            {"GET", "/v4/orders", "", errNotCovered.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse("https://api.bigcommerce.com/stores/z4zn3wo" + c.target)
			if err != nil {
				t.Fatal(err)
			}
			one := recorded{Method: c.method, URL: u, Header: http.Header{"Accept": {"application/json"}}, Body: []byte(c.body), Token: true}
			if c.body != "" {
				one.Header.Set("Content-Type", "application/json")
			}
			_, _, err = a.request(t.Context(), one)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			one.Token = false
			if _, _, err := a.request(t.Context(), one); err == nil {
				t.Error("it passes without a token")
			}
		})
	}
}
