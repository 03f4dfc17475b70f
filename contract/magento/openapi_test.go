package magento_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/oasdiff/yaml"

	"github.com/soukhq/souk/contract/internal/specs"
)

func TestMain(m *testing.M) { specs.Main(m) }

// The vendor's descriptions: of 2.4.9 for a shop on the merchant's machines,
// and of Adobe Commerce as a Cloud Service.
const (
	onPremises = "admin-schema-2.4.9.yaml"
	asService  = "accs-schema.yaml"
)

// api is a description, in Swagger 2.0.
type api struct {
	doc   openapi2.T
	paths []*path
}

// path is a template of a path, cut at its slashes.
type path struct {
	text  string
	parts []string
	item  *openapi2.PathItem
}

func loadAPI(t testing.TB, name string) *api {
	t.Helper()
	text, err := yaml.YAMLToJSON(specs.Read(t, "magento", name))
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	delete(members, "info") // its text is a reference to another file
	if text, err = json.Marshal(members); err != nil {
		t.Fatal(err)
	}
	a := &api{}
	if err := json.Unmarshal(text, &a.doc); err != nil {
		t.Fatal(err)
	}
	for text, item := range a.doc.Paths {
		a.paths = append(a.paths, &path{text, strings.Split(text, "/"), item})
	}
	if len(a.paths) < 300 || len(a.doc.Definitions) < 300 {
		t.Fatalf("%s has %d paths and %d definitions", name, len(a.paths), len(a.doc.Definitions))
	}
	return a
}

// find finds the operation of a request whose path begins at /V1: a template
// without variables goes before one with them.
func (a *api) find(method, escaped string) (*path, *openapi2.Operation) {
	parts := strings.Split(escaped, "/")
	var best *path
	variables := 0
	for _, p := range a.paths {
		if n, ok := p.matches(parts); ok && (best == nil || n < variables) && p.item.Operations()[method] != nil {
			best, variables = p, n
		}
	}
	if best == nil {
		return nil, nil
	}
	return best, best.item.Operations()[method]
}

func (p *path) matches(parts []string) (variables int, ok bool) {
	if len(parts) != len(p.parts) {
		return 0, false
	}
	for i, part := range p.parts {
		switch {
		case strings.HasPrefix(part, "{"):
			variables++
		case part != parts[i]:
			return 0, false
		}
	}
	return variables, true
}

var place = regexp.MustCompile(`\[(\d+)\]`)

// request holds a request against the description: path, and each name and
// value of its query.
func (a *api) request(_ context.Context, one recorded) (string, error) {
	escaped, ok := one.below()
	if !ok {
		return "", fmt.Errorf("%s is not below the API", one.URL.EscapedPath())
	}
	p, operation := a.find(one.Method, escaped)
	if p == nil {
		return "", fmt.Errorf("%s %s is not in the description", one.Method, escaped)
	}
	kind := one.Method + " " + p.text
	for i, part := range p.parts {
		name, variable := strings.CutPrefix(part, "{")
		value, err := url.PathUnescape(strings.Split(escaped, "/")[i])
		if !variable || err != nil {
			continue
		}
		if err := fits(operation, "path", strings.TrimSuffix(name, "}"), value); err != nil {
			return kind, err
		}
	}
	for name, values := range one.URL.Query() {
		for _, index := range place.FindAllStringSubmatch(name, -1) {
			if n, err := strconv.Atoi(index[1]); err != nil || n > 9 {
				return kind, fmt.Errorf("%s has an index above 9", name)
			}
		}
		if name == "fields" { // of every operation, described in words alone
			continue
		}
		for _, value := range values {
			if err := fits(operation, "query", place.ReplaceAllString(name, "[0]"), value); err != nil {
				return kind, err
			}
		}
	}
	if one.Header.Get("Accept") != "application/json" {
		return kind, fmt.Errorf("%s does not accept JSON", kind)
	}
	return kind, a.body(operation, kind, one)
}

// fits holds a value against the parameter of its name.
func fits(o *openapi2.Operation, in, name, value string) error {
	for _, p := range o.Parameters {
		if p.In != in || p.Name != name {
			continue
		}
		if p.Type.Is("integer") {
			if _, err := strconv.ParseInt(value, 10, 64); err != nil {
				return fmt.Errorf("%s is %q, which is no integer", name, value)
			}
		}
		if len(p.Enum) > 0 {
			return fmt.Errorf("%s has an enumeration, which is not looked at", name)
		}
		return nil
	}
	return fmt.Errorf("there is no %s parameter %s", in, name)
}

func TestRequestsAreHeldAgainstTheDescription(t *testing.T) {
	t.Parallel()
	a := loadAPI(t, onPremises)
	for name, c := range map[string]struct{ method, target, want string }{
		"a list":                  {"GET", "/rest/all/V1/orders?searchCriteria[pageSize]=5&searchCriteria[filterGroups][3][filters][9][conditionType]=in", ""},
		"a constant path":         {"GET", "/rest/all/V1/customers/search?searchCriteria[currentPage]=1", ""},
		"a SKU":                   {"GET", "/rest/all/V1/stockItems/A%2FB", ""},
		"an id":                   {"GET", "/rest/all/V1/orders/7", ""},
		"a word for an id":        {"GET", "/rest/all/V1/orders/x", "no integer"},
		"a word for a number":     {"GET", "/rest/all/V1/orders?searchCriteria[pageSize]=many", "no integer"},
		"an index of 10":          {"GET", "/rest/all/V1/orders?searchCriteria[filterGroups][10][filters][0][field]=x", "above 9"},
		"an unknown parameter":    {"GET", "/rest/all/V1/orders?updatedSince=1", "no query parameter"},
		"an unknown path":         {"GET", "/rest/all/V1/refunds", "not in the description"},
		"a method it does not do": {"DELETE", "/rest/all/V1/orders", "not in the description"},
		"outside of the API":      {"GET", "/admin/orders", "not below the API"},
	} {
		u, err := url.Parse("https://shop.example.com" + c.target)
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.request(t.Context(), recorded{Method: c.method, URL: u, Header: http.Header{"Accept": {"application/json"}}})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
