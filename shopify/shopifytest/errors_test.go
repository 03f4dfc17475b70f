package shopifytest

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const path07 = "/admin/api/2026-07/graphql.json"

func TestHTTPErrors(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	shopQuery := `{"query":"{ shop { name } }"}`
	for _, tc := range []struct {
		name, path, token, kind, body string
		status                        int
		want                          string
	}{
		{"no token", path07, "", "application/json", shopQuery, 401, `{"errors":"[API] Invalid API key or access token`},
		{"wrong token", path07, "shpat_nope", "application/json", shopQuery, 401, `[API] Invalid API key`},
		{"not JSON", path07, s.Token(), "application/json", `{"query`, 400, `{"errors":{"query":"Required parameter missing or invalid"}}`},
		{"no query", path07, s.Token(), "application/json", `{}`, 400, `Required parameter missing`},
		{"form body", path07, s.Token(), "application/x-www-form-urlencoded", `query=1`, 415, `errors`},
		{"no such path", "/admin/api/2026-07/products.json", s.Token(), "application/json", shopQuery, 404, `{"errors":"Not Found"}`},
		{"no such version", "/admin/api/next/graphql.json", s.Token(), "application/json", shopQuery, 404, `{"errors":"Not Found"}`},
	} {
		a := post(t, s, tc.path, tc.token, tc.kind, tc.body)
		if a.Status != tc.status || !strings.Contains(string(a.Raw), tc.want) {
			t.Errorf("%s: %d %s", tc.name, a.Status, a.Raw)
		}
		if a.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s: no X-Request-Id", tc.name)
		}
	}
}

func TestUnknownShopIs404AndRecorded(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	res, err := s.Client().Post("https://other.myshopify.com"+path07, "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 404 || len(s.Violations()) != 1 || s.Calls()[0].Host != "other.myshopify.com" {
		t.Errorf("status %d, violations %q", res.StatusCode, s.Violations())
	}
	if _, err := s.Client().Get("https://evil.example.com/"); err == nil {
		t.Error("a foreign host was answered")
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for asked, want := range map[string]string{"2026-10": "2026-10", "2024-01": "2026-01", "2029-01": "2026-01", "unstable": "unstable"} {
		a := post(t, s, "/admin/api/"+asked+"/graphql.json", s.Token(), "application/json", `{"query":"{shop{name}}"}`)
		if got := a.Header.Get("X-Shopify-API-Version"); got != want || a.Status != 200 {
			t.Errorf("%s: answered by %q, want %q (status %d)", asked, got, want, a.Status)
		}
	}
	a := post(t, s, "/admin/api/2026-01/graphql.json", s.Token(), "application/json", `{"query":"{orders(first:1){nodes{cartToken}}}"}`)
	if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "undefinedField" {
		t.Errorf("a field of 2026-07 on 2026-01: %v", a.Errors)
	}
}

func TestGraphQLErrors(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, tc := range []struct {
		name, query string
		vars        map[string]any
		code, text  string
	}{
		{"undefined field", `{ shop { nope } }`, nil, "undefinedField", "Field 'nope' doesn't exist on type 'Shop'"},
		{"missing argument", `{ product { id } }`, nil, "missingRequiredArguments", "Field 'product' is missing required arguments: id"},
		{"unknown argument", `{ shop(x: 1) { id } }`, nil, "argumentNotAccepted", "doesn't accept argument 'x'"},
		{"literal of the wrong type", `{ products(first: "x") { nodes { id } } }`, nil, "argumentLiteralsIncompatible", ""},
		{"unused variable", `query($a: Int) { shop { id } }`, nil, "variableNotUsed", ""},
		{"object without selection", `{ shop }`, nil, "selectionMismatch", ""},
		{"unknown directive", `{ shop @x { id } }`, nil, "undefinedDirective", "Directive @x is not defined"},
		{"syntax", `{ shop {`, nil, "PARSE_ERROR", "syntax error"},
		{"variable of the wrong type", `query($n: Int!) { products(first: $n) { nodes { id } } }`, map[string]any{"n": "x"}, "INVALID_VARIABLE", "Variable $n of type Int! was provided invalid value"},
		{"variable missing", `query($n: Int!) { products(first: $n) { nodes { id } } }`, nil, "INVALID_VARIABLE", "$n"},
		{"unknown input field", `query($i: CustomerIdentifierInput!) { customerByIdentifier(identifier: $i) { id } }`,
			map[string]any{"i": map[string]any{"mail": "x"}}, "INVALID_VARIABLE", "for mail (Field is not defined on CustomerIdentifierInput)"},
		{"wrong kind of id", `{ product(id: "gid://shopify/Order/1") { id } }`, nil, "RESOURCE_NOT_FOUND", "invalid id"},
		{"page too large", `{ products(first: 251) { nodes { id } } }`, nil, "BAD_REQUEST", "first cannot exceed 250. To query larger"},
		{"nested page too large", `{ products(first: 1) { nodes { variants(first: 251) { nodes { id } } } } }`, nil, "BAD_REQUEST", "first cannot exceed 250"},
		{"no page size", `{ products { nodes { id } } }`, nil, "BAD_REQUEST", "first or last"},
		{"bad cursor", `{ products(first: 1, after: "xx") { nodes { id } } }`, nil, "BAD_REQUEST", "cursor"},
		{"bad quantity", `{ inventoryItems(first: 1) { nodes { inventoryLevels(first: 1) { nodes { quantities(names: ["x"]) { name } } } } } }`, nil, "INVALID_FIELD_ARGUMENTS", ""},
	} {
		a := ask(t, s, tc.query, tc.vars)
		if a.Status != 200 || len(a.Errors) == 0 {
			t.Errorf("%s: status %d, no errors: %s", tc.name, a.Status, a.Raw)
			continue
		}
		e := a.Errors[0]
		if e.Extensions["code"] != tc.code || !strings.Contains(e.Message, tc.text) {
			t.Errorf("%s: %v %q", tc.name, e.Extensions, e.Message)
		}
		if tc.code == "INVALID_VARIABLE" && e.Extensions["problems"] == nil {
			t.Errorf("%s: no problems: %v", tc.name, e.Extensions)
		}
	}
	if len(s.Violations()) < 15 {
		t.Errorf("only %d violations recorded", len(s.Violations()))
	}
}

func TestTooExpensive(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	a := ask(t, s, `{ products(first: 250) { nodes { variants(first: 250) { nodes { media(first: 250) { nodes { id } } inventoryItem { inventoryLevels(first: 250) { nodes { id } } } } } } } }`, nil)
	e := a.Errors[0]
	if e.Extensions["code"] != "MAX_COST_EXCEEDED" || e.Extensions["maxCost"] != 1000.0 || strings.Contains(string(a.Raw), `},"extensions"`) ||
		a.Status != 200 || !strings.Contains(e.Message, "exceeds the single query max cost limit (1000)") {
		t.Errorf("%s", a.Raw)
	}
	if l := s.Ledger(); l.Requests != 0 {
		t.Errorf("a refused query reached the bucket: %+v", l)
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Scopes: []string{"write_orders"}})
	a := ask(t, s, `{ a: customer(id: "gid://shopify/Customer/1") { id } orders(first: 250) { nodes { id customer { id } } } }`, nil)
	if a.Errors[0].Extensions["code"] != "ACCESS_DENIED" || a.Errors[0].Path[0] != "a" {
		t.Errorf("%+v", a.Errors[0])
	}
	var nested bool
	for _, e := range a.Errors {
		nested = nested || (len(e.Path) == 4 && e.Path[3] == "customer" && strings.Contains(e.Message, "`read_customers` access scope."))
	}
	if !nested || !strings.Contains(string(a.Data), `"nodes":[{`) {
		t.Errorf("a denied field takes the rest with it: %v", a.Errors)
	}
	if a := ask(t, s, `{ products(first: 1) { nodes { id } } }`, nil); string(a.Data) != "null" || len(a.Errors) != 1 {
		t.Errorf("a denied non-null root: %s", a.Raw)
	}
	type handles struct {
		CurrentAppInstallation struct{ AccessScopes []struct{ Handle string } }
	}
	if got := into[handles](t, ask(t, s, `{ currentAppInstallation { accessScopes { handle } } }`, nil)); got.CurrentAppInstallation.AccessScopes[0].Handle != "write_orders" {
		t.Errorf("%+v", got)
	}
}

func TestOldOrdersNeedReadAllOrders(t *testing.T) {
	t.Parallel()
	scopes := slices.DeleteFunc(slices.Clone(allScopes), func(s string) bool { return s == "read_all_orders" })
	s := start(t, &Config{Scopes: scopes})
	old := s.Orders()[0]
	type list struct {
		Orders struct {
			Nodes []struct{ CreatedAt time.Time }
		}
		OrdersCount struct{ Count int }
		Order       *struct{ ID string }
	}
	got := into[list](t, ask(t, s, `query($id: ID!) { orders(first: 250) { nodes { createdAt } } ordersCount { count } order(id: $id) { id } }`,
		map[string]any{"id": apiID("Order", old.ID)}))
	limit := time.Now().Add(-60 * day)
	for _, n := range got.Orders.Nodes {
		if n.CreatedAt.Before(limit.Add(-time.Minute)) {
			t.Fatalf("an order of %s is visible", n.CreatedAt)
		}
	}
	if n := len(got.Orders.Nodes); n < 100 || n > 150 || got.OrdersCount.Count != n || got.Order != nil {
		t.Errorf("%d of 200 orders visible, count %d, old one %v", n, got.OrdersCount.Count, got.Order)
	}
}

func TestProtectedData(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{ProtectedData: true})
	a := ask(t, s, `{ customers(first: 1) { nodes { id displayName firstName defaultEmailAddress { emailAddress } } } orders(first: 1) { nodes { id email shippingAddress { city } } } }`, nil)
	if a.Status != 200 || len(a.Errors) != 4 || !strings.Contains(string(a.Data), `"firstName":null,"defaultEmailAddress":null`) {
		t.Fatalf("%s", a.Raw)
	}
	for _, e := range a.Errors {
		if e.Extensions != nil || !strings.Contains(e.Message, "not approved to access the Customer object") {
			t.Errorf("%+v", e)
		}
	}
}

func TestStrictServerFailsTheTest(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	s := start(t, &Config{TB: rec})
	ask(t, s, `{ shop { nope } }`, nil)
	if len(rec.lines) != 1 || !strings.Contains(rec.lines[0], "nope") {
		t.Errorf("%q", rec.lines)
	}
}

type recorder struct{ lines []string }

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.lines = append(r.lines, sprint(format, args...))
}
