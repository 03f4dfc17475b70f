package shopify_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
)

// scripted answers each request with what a function makes of its variables.
type scripted func(query string, variables map[string]any) string

func (s scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent struct {
		Query     string
		Variables map[string]any
	}
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
		return nil, err
	}
	body := s(sent.Query, sent.Variables)
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func scriptedEngine(t *testing.T, answer scripted) *shopify.Engine {
	t.Helper()
	app, err := shopify.New(shopify.Config{Transport: answer, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := app.Open(catalog.Account{Store: "acme.myshopify.com"}, catalog.StaticToken("token"))
	if err != nil {
		t.Fatal(err)
	}
	return engine.(*shopify.Engine)
}

func always(body string) scripted { return func(string, map[string]any) string { return body } }

const (
	lastPage = `"pageInfo":{"hasNextPage":false,"endCursor":null}`
	denied   = `"message":"Access denied","extensions":{"code":"ACCESS_DENIED"}`
)

// An answer may hold errors beside data. A list that is short or empty because
// of one must not look complete.
func TestErrorsBesideAListEndIt(t *testing.T) {
	t.Parallel()
	products := func(nodes, errs string) string {
		return `{"data":{"shop":{"currencyCode":"SAR"},"products":{` + lastPage + `,"nodes":[` + nodes + `]}},"errors":[` + errs + `]}`
	}
	const one = `{"id":"gid://shopify/Product/1"}`
	for name, body := range map[string]string{
		"an empty list, no path":       products("", `{`+denied+`}`),
		"an empty list, its own path":  products("", `{`+denied+`,"path":["products"]}`),
		"a short list, its own path":   products(one, `{`+denied+`,"path":["products"]}`),
		"a short list, path of nodes":  products(one, `{`+denied+`,"path":["products","nodes"]}`),
		"a short list, path of paging": products(one, `{`+denied+`,"path":["products","pageInfo","hasNextPage"]}`),
		"null nodes":                   `{"data":{"products":{` + lastPage + `,"nodes":null}},"errors":[{` + denied + `,"path":["products","nodes"]}]}`,
		"a null connection":            `{"data":{"products":null},"errors":[{` + denied + `}]}`,
	} {
		_, err := catalog.Collect(scriptedEngine(t, always(body)).Products(t.Context(), catalog.ProductQuery{}))
		if !errors.Is(err, catalog.ErrForbidden) {
			t.Errorf("%s: %v, want ErrForbidden", name, err)
		}
	}
}

func TestErrorsBesideAListLandOnTheirRecord(t *testing.T) {
	t.Parallel()
	body := `{"data":{"shop":null,"products":{` + lastPage + `,"nodes":[{"id":"gid://shopify/Product/1","variants":{"nodes":[{"id":"gid://shopify/ProductVariant/1","price":"1.00"}]}},
		{"id":"gid://shopify/Product/2"},null]}},"errors":[{"message":"first","path":["products","nodes",1,"title"]},{"message":"second","path":["shop"]},
		{` + denied + `,"path":["products","nodes",2]}]}`
	var bad []string
	query := catalog.ProductQuery{}
	query.OnBadItem = func(e *catalog.ItemError) error { bad = append(bad, e.Err.Error()); return nil }
	all, err := catalog.Collect(scriptedEngine(t, always(body)).Products(t.Context(), query))
	if err != nil || len(all) != 2 {
		t.Fatalf("%d products, %v", len(all), err)
	}
	if got := problems(all[0].Problems); got != "shop.currencyCode: the answer names no currency, so the prices have none|shop: second" {
		t.Errorf("first product: %s", got)
	}
	if got := problems(all[1].Problems); got != "title: first|shop: second" {
		t.Errorf("second product: %s", got)
	}
	if len(bad) != 1 || !strings.Contains(bad[0], "Access denied") {
		t.Errorf("the null record was reported as %q", bad)
	}
}

func problems(list []catalog.Problem) string {
	var texts []string
	for _, p := range list {
		texts = append(texts, p.Path+": "+p.Reason)
	}
	return strings.Join(texts, "|")
}

// The rest of a nested list comes in answers of their own, with errors of
// their own.
func TestErrorsInTheRestOfANestedList(t *testing.T) {
	t.Parallel()
	engine := func(rest string) *shopify.Engine {
		return scriptedEngine(t, func(query string, _ map[string]any) string {
			if strings.Contains(query, "MoreProduct_variants") {
				return rest
			}
			return `{"data":{"shop":{"currencyCode":"SAR"},"product":{"id":"gid://shopify/Product/1","variants":{"pageInfo":{"hasNextPage":true,"endCursor":"c"},"nodes":[{"id":"gid://shopify/ProductVariant/1"}]}}}}`
		})
	}
	more := func(nodes, errs string) string {
		return `{"data":{"node":{"variants":{` + lastPage + `,"nodes":[` + nodes + `]}}},"errors":[` + errs + `]}`
	}
	p, err := engine(more(`{"id":"gid://shopify/ProductVariant/2"}`, `{"message":"withheld","path":["node","variants","nodes",0,"inventoryItem"]}`)).Product(t.Context(), "1")
	if err != nil || len(p.Variants) != 2 || problems(p.Problems) != "variants.nodes.1.inventoryItem: withheld" {
		t.Errorf("%d variants, %v, %v", len(p.Variants), p.Problems, err)
	}
	if p, err := engine(more("", `{`+denied+`,"path":["node","variants"]}`)).Product(t.Context(), "1"); !errors.Is(err, catalog.ErrForbidden) {
		t.Errorf("a rest that was refused: %d variants, %v", len(p.Variants), err)
	}
	if p, err := engine(`{"data":{"node":null}}`).Product(t.Context(), "1"); err != nil || len(p.Problems) != 1 {
		t.Errorf("a record that vanished: %v, %v", p.Problems, err)
	}
}

// Pages that lead nowhere end the list instead of repeating it for ever.
func TestCursorsThatLeadNowhere(t *testing.T) {
	t.Parallel()
	same := always(`{"data":{"products":{"pageInfo":{"hasNextPage":true,"endCursor":"same"},"nodes":[]}}}`)
	if _, err := catalog.Collect(scriptedEngine(t, same).Products(t.Context(), catalog.ProductQuery{})); !errors.Is(err, catalog.ErrBadAnswer) {
		t.Errorf("a cursor that stays: %v", err)
	}
	nested := scriptedEngine(t, func(query string, v map[string]any) string {
		if strings.Contains(query, "MoreProduct_variants") {
			return `{"data":{"node":{"variants":{` + lastPage + `,"nodes":[{"id":"gid://shopify/ProductVariant/1"}]}}}}`
		}
		return `{"data":{"product":{"id":"gid://shopify/Product/1","variants":{"pageInfo":{"hasNextPage":true,"endCursor":null},"nodes":[{"id":"gid://shopify/ProductVariant/1"}]}}}}`
	})
	p, err := nested.Product(t.Context(), "1")
	if !errors.Is(err, catalog.ErrBadAnswer) {
		t.Errorf("more variants without a cursor: %d variants, %v", len(p.Variants), err)
	}
}

// Stock that may not be read is not the absence of stock.
func TestErrorsBesideStock(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		query catalog.InventoryQuery
		body  string
	}{
		"levels refused": {catalog.InventoryQuery{}, `{"data":{"inventoryItems":{` + lastPage + `,"nodes":[{"id":"gid://shopify/InventoryItem/1","inventoryLevels":null}]}},
			"errors":[{` + denied + `,"path":["inventoryItems","nodes",0,"inventoryLevels"]}]}`},
		"a named item refused":      {catalog.InventoryQuery{ItemIDs: []string{"1"}}, `{"data":{"nodes":[null]},"errors":[{` + denied + `,"path":["nodes",0]}]}`},
		"all named items refused":   {catalog.InventoryQuery{ItemIDs: []string{"1"}}, `{"data":{"nodes":[]},"errors":[{` + denied + `,"path":["nodes"]}]}`},
		"no item, error at no path": {catalog.InventoryQuery{ItemIDs: []string{"1"}}, `{"data":{"nodes":[null]},"errors":[{` + denied + `}]}`},
	} {
		levels, err := catalog.Collect(scriptedEngine(t, always(c.body)).InventoryLevels(t.Context(), c.query))
		if err == nil || !strings.Contains(err.Error(), "Access denied") {
			t.Errorf("%s: %d levels, %v", name, len(levels), err)
		}
	}
	body := `{"data":{"inventoryItems":{` + lastPage + `,"nodes":[{"id":"gid://shopify/InventoryItem/1","inventoryLevels":{` + lastPage + `,"nodes":[
		{"id":"gid://shopify/InventoryLevel/1","location":{"id":"gid://shopify/Location/1"}},{"id":"gid://shopify/InventoryLevel/2","location":{"id":"gid://shopify/Location/2"},"updatedAt":"then"}]}}]}}}`
	levels, err := catalog.Collect(scriptedEngine(t, always(body)).InventoryLevels(t.Context(), catalog.InventoryQuery{LocationID: "2"}))
	if err != nil || len(levels) != 1 || problems(levels[0].Problems) != "updatedAt: not a time" {
		t.Errorf("%+v, %v", levels, err)
	}
}

func TestErrorsBesideASearchBySKU(t *testing.T) {
	t.Parallel()
	body := `{"data":{"productVariants":{` + lastPage + `,"nodes":[null,{"id":"gid://shopify/ProductVariant/1","sku":"S","product":null}]}},"errors":[{` + denied + `,"path":["productVariants","nodes",0]}]}`
	found, err := catalog.Collect(scriptedEngine(t, always(body)).ProductsBySKU(t.Context(), "S"))
	if err == nil || !strings.Contains(err.Error(), "Access denied") {
		t.Errorf("%d products, %v", len(found), err)
	}
}

// The kind of an answer's failure is that of the error that has one.
func TestKindOfSeveralErrors(t *testing.T) {
	t.Parallel()
	for body, kind := range map[string]error{
		`{"errors":[{"message":"odd"},{"message":"Throttled","extensions":{"code":"THROTTLED"}}]}`:                          catalog.ErrRateLimited,
		`{"data":{"products":null},"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]}`:                   catalog.ErrRateLimited,
		`{"errors":[{"message":"odd","extensions":{"code":{"a":7},"problems":"none"}},{` + denied + `,"path":"products"}]}`: catalog.ErrForbidden,
		`{"errors":[]}`: catalog.ErrBadAnswer,
		`{}`:            catalog.ErrBadAnswer,
	} {
		_, err := catalog.Collect(scriptedEngine(t, always(body)).Products(t.Context(), catalog.ProductQuery{}))
		if !errors.Is(err, kind) {
			t.Errorf("%s: %v, want %v", body, err, kind)
		}
	}
}

// Odd figures of a throttled answer ask for a wait that ends.
func TestThrottledWithOddFigures(t *testing.T) {
	t.Parallel()
	for _, status := range []string{`{"maximumAvailable":2000,"currentlyAvailable":-1e300,"restoreRate":1e-9}`, `{"maximumAvailable":0,"currentlyAvailable":0,"restoreRate":0}`,
		`{"maximumAvailable":2000.0,"currentlyAvailable":1e300,"restoreRate":100.0}`, `null`, `"none"`} {
		body := `{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":{"requestedQueryCost":500,"actualQueryCost":null,"throttleStatus":` + status + `}}}`
		_, err := scriptedEngine(t, always(body)).Shop(t.Context())
		e, ok := errors.AsType[*catalog.Error](err)
		if !ok || e.Kind != catalog.ErrRateLimited || e.RetryAfter < 0 || e.RetryAfter.Minutes() > 1 {
			t.Errorf("%s: %v", status, err)
		}
	}
}
