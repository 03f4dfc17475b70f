package salla_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// readEverything makes the adapter send every request its reads know, with
// each filter by itself.
func readEverything(ctx context.Context, t testing.TB, e *salla.Engine, s *sallatest.Server) {
	t.Helper()
	try := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	since, before := time.Date(2020, 1, 2, 22, 4, 5, 6, time.UTC), time.Date(2036, 12, 2, 22, 4, 5, 6, time.UTC)
	product, order, customer := s.Products()[0], s.Orders()[0], s.Customers()[0]

	_, err := e.Shop(ctx)
	try("shop", err)
	branches := drain(t, "branches", e.Locations(ctx, catalog.ListOptions{}))

	products := drain(t, "products", e.Products(ctx, catalog.ProductQuery{}))
	drain(t, "products continued", e.Products(ctx, catalog.ProductQuery{ListOptions: catalog.ListOptions{After: products[len(products)/2].Cursor, PageSize: 7}}))
	drain(t, "products changed", e.Products(ctx, catalog.ProductQuery{UpdatedSince: since, UpdatedBefore: before}))
	for _, status := range []catalog.ProductStatus{catalog.ProductActive, catalog.ProductSoldOut, catalog.ProductHidden, catalog.ProductArchived} {
		drain(t, "products by status", e.Products(ctx, catalog.ProductQuery{Status: []catalog.ProductStatus{status}}))
	}
	_, err = e.Product(ctx, itoa(product.ID))
	try("product", err)
	for _, sku := range []string{product.SKU, "no such/sku?&"} {
		if sku != "" {
			drain(t, "products by SKU", e.ProductsBySKU(ctx, sku))
		}
	}

	drain(t, "orders", e.Orders(ctx, catalog.OrderQuery{}))
	for what, query := range map[string]catalog.OrderQuery{
		"changed":       {UpdatedSince: since, UpdatedBefore: before},
		"by creation":   {CreatedSince: since, CreatedBefore: before},
		"by status":     {Status: []catalog.OrderStatus{catalog.OrderPending, catalog.OrderOpen, catalog.OrderRefunded}},
		"by payment":    {Payment: []catalog.PaymentStatus{catalog.PaymentPaid}},
		"by fulfilment": {Fulfillment: []catalog.FulfillmentStatus{catalog.FulfillmentDone}},
		"by customer":   {CustomerID: itoa(customer.ID)},
	} {
		query.Limit, query.PageSize = 3, 10
		drain(t, "orders "+what, e.Orders(ctx, query))
	}
	_, err = e.Order(ctx, itoa(order.ID))
	try("order", err)
	drain(t, "history", e.OrderHistory(ctx, itoa(order.ID)))

	drain(t, "customers", e.Customers(ctx, catalog.CustomerQuery{}))
	drain(t, "customers filtered", e.Customers(ctx, catalog.CustomerQuery{UpdatedSince: since, CreatedSince: since, CreatedBefore: before}))
	_, err = e.Customer(ctx, itoa(customer.ID))
	try("customer", err)
	_, err = e.CustomerByEmail(ctx, "nobody@example.com")
	if !errors.Is(err, catalog.ErrNotFound) {
		try("customer by e-mail", err)
	}

	levels := drain(t, "stock", e.InventoryLevels(ctx, catalog.InventoryQuery{}))
	drain(t, "stock of a branch", e.InventoryLevels(ctx, catalog.InventoryQuery{LocationID: branches[0].ID}))
	drain(t, "stock of items", e.InventoryLevels(ctx, catalog.InventoryQuery{ItemIDs: []string{levels[0].ItemID}, SKU: levels[0].SKU}))

	for _, what := range []catalog.Resource{catalog.Products, catalog.Orders, catalog.Customers} {
		_, err = e.Count(ctx, what)
		try("count "+string(what), err)
	}
}

var number = regexp.MustCompile(`/\d+`)

// kind is a request without what varies: its path without ids and the names
// of its query.
func (one recorded) kind(t testing.TB) string {
	t.Helper()
	u, err := url.Parse(one.URL)
	if err != nil {
		t.Fatal(err)
	}
	path := number.ReplaceAllString(strings.TrimPrefix(u.EscapedPath(), "/admin/v2"), "/{id}")
	if strings.HasPrefix(path, "/products/sku/") {
		path = "/products/sku/{sku}"
	}
	kind := one.Method + " " + path
	if names := slices.Sorted(maps.Keys(u.Query())); len(names) > 0 {
		kind += "?" + strings.Join(names, "&")
	}
	return kind
}

// coverage holds requests against the description and reports how many it
// covers, and by name those it does not.
func (r *recorder) coverage(t testing.TB, a *api, what string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	covered, excused := 0, map[string]int{}
	kinds, missing, paths := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, one := range r.requests {
		kind := one.kind(t)
		kinds[kind] = true
		err := a.request(t.Context(), one)
		if errors.Is(err, errNotCovered) {
			missing[kind] = true
			path, _, _ := strings.Cut(kind, "?")
			paths[path] = true
			continue
		}
		covered++
		if err != nil && lacksOnly(err, unneeded[kind].fields) {
			excused[kind]++
		} else if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	specs.Report(t, "salla %s %d/%d covered by the file, %d not in it; without repetitions %d/%d, %d not in it",
		what, covered, len(r.requests), len(r.requests)-covered, len(kinds)-len(missing), len(kinds), len(missing))
	for _, kind := range slices.Sorted(maps.Keys(excused)) {
		specs.Report(t, "salla %s, %d times without fields the file requires: %s, since %s", what, excused[kind], kind, unneeded[kind].reason)
	}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		specs.Report(t, "salla %s, not in the file: %s", what, path)
	}
	if len(missing) > 0 {
		named := namedParameters(t, missing)
		specs.Report(t, "salla %s, not in the file: %d kinds have no parameters but those samples of the path name, %d have none or no sample", what, named, len(missing)-named)
	}
}

// unneeded are fields the file requires of a request and that are left out.
var unneeded = map[string]struct {
	fields []string
	reason string
}{
	"PUT /products/variants/{id}": {[]string{"sku", "barcode", "price", "sale_price", "cost_price", "stock_quantity", "weight", "mpn", "gtin"},
		"to send all would overwrite stock and whatever else changed meanwhile, and published clients change single ones"},
	"POST /shipments": {[]string{"short_address", "building_number", "additional_number"}, "a branch has its own address"},
}

// lacksOnly says that a request's only fault is that it lacks these.
func lacksOnly(err error, fields []string) bool {
	if several, ok := errors.AsType[openapi3.MultiError](err); ok {
		return len(several) > 0 && !slices.ContainsFunc(several, func(one error) bool { return !lacksOnly(one, fields) })
	}
	one, ok := errors.AsType[*openapi3.SchemaError](err)
	if !ok || one.SchemaField != "required" {
		return false
	}
	at := one.JSONPointer()
	return len(at) > 0 && slices.Contains(fields, at[len(at)-1])
}

// namedParameters counts the kinds of request whose samples name all their
// parameters. One that is not named is an error, unless it is of paging.
func namedParameters(t testing.TB, kinds map[string]bool) int {
	t.Helper()
	known := map[string][]string{}
	for _, one := range samples(t) {
		path, query, _ := strings.Cut(one.Path, "?")
		name, _, _ := strings.Cut(query, "=")
		known[one.Method+" "+argument.ReplaceAllString(path, "{id}")] = append(one.parameters(), name, "page", "per_page")
	}
	count := 0
	for kind := range kinds {
		path, query, found := strings.Cut(kind, "?")
		if known[path] == nil || !found {
			continue
		}
		count++
		for _, name := range strings.Split(query, "&") {
			if !slices.Contains(known[path], name) {
				t.Errorf("%s: no sample of the path names the parameter %s", kind, name)
			}
		}
	}
	return count
}

var argument = regexp.MustCompile(`\{[^}]*\}`)

func TestRequestsOfTheAdapter(t *testing.T) {
	t.Parallel()
	a := loadAPI(t)
	s := sallatest.NewServer(&sallatest.Config{TB: t, Unthrottled: true, PerMinute: 1_000_000, Products: 150, Orders: 70, Customers: 130})
	t.Cleanup(s.Close)
	wire := &recorder{to: s.Transport()}
	readEverything(t.Context(), t, open(t, wire, s.Token()), s)
	wire.coverage(t, a, "requests of the adapter")
}

// TestNativeRequests makes the host's own calls to everything the test server
// answers for.
func TestNativeRequests(t *testing.T) {
	t.Parallel()
	a := loadAPI(t)
	s := sallatest.NewServer(&sallatest.Config{TB: t, Unthrottled: true, PerMinute: 1_000_000})
	t.Cleanup(s.Close)
	wire := &recorder{to: s.Transport()}
	e := open(t, wire, s.Token())
	read := func(path string) []byte {
		path, query, _ := strings.Cut(path, "?")
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Do(t.Context(), catalog.RESTRequest{Path: path, Query: values})
		if err != nil || got.Status != http.StatusOK || len(got.Body) == 0 {
			t.Errorf("%s: %d, %v", path, got.Status, err)
		}
		return got.Body
	}
	for _, paths := range readings(t, s, read) {
		for _, path := range paths[:min(len(paths), 3)] {
			read(path)
		}
	}
	wire.coverage(t, a, "native requests")
}
